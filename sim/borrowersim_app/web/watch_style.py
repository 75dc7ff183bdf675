"""The style of the Watch tab; colours are those of the report."""

CSS = """
.bsr.watching h2 { font-size: 1.15rem; margin: 0; padding: 0; border: 0; }
.bsr.watching p { margin: .1rem 0 0; }
#watched-scene { height: 50vh; min-height: 18rem; overflow-y: auto !important; overscroll-behavior: contain;
  border: 1px solid var(--border-color-primary); border-radius: .5rem; padding: .6rem !important; }
.bsr.scene { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: .55rem; }
.bsr.scene > li { margin: 0; max-width: 88%; border: 1px solid var(--rule); border-radius: .6rem;
  padding: .4rem .75rem .5rem; background: var(--card); align-self: flex-start; }
.bsr.scene > li.agent { align-self: flex-end; background: var(--tint); }
.bsr.scene > li.now { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.bsr.scene > li.later { background: none; border-style: dotted; color: var(--soft); }
.bsr.scene > li.thinking { border-style: dashed; background: none; align-self: center; }
.bsr.scene > li.thinking p { margin: .2rem 0; }
.bsr.scene .who { margin: 0; font-size: .82rem; font-weight: 600; color: var(--soft); }
.bsr.scene .jump { min-width: 1.75rem; min-height: 1.75rem; border: 1px solid var(--rule); border-radius: 1rem;
  cursor: pointer; font-size: .8rem; font-variant-numeric: tabular-nums; color: var(--soft); background: transparent; }
.bsr.scene .jump:hover { border-color: var(--link); color: var(--link); }
.bsr.scene .said { margin: .2rem 0 0; }
.bsr.scene .inner { margin: .4rem 0 0; padding-top: .3rem; border-top: 1px dotted var(--rule);
  font-size: .82rem; color: var(--soft); }
.bsr.scene .inner b { color: var(--ink); margin-right: .3rem; }
.bsr.scene .inner span { white-space: nowrap; margin-left: .5rem; }
.bsr .inner .trust { color: var(--trust); } .bsr .inner .anger { color: var(--anger); }
.bsr .inner .anxiety { color: var(--anxiety); } .bsr .inner .patience { color: var(--patience); }
.bsr button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.bsr.inside h2 .soft { font-weight: 400; font-size: .9rem; }
.bsr.inside dl { margin-bottom: .7rem; }
.bsr.inside dl.feelings { grid-template-columns: auto 1fr; }
.bsr.inside dl.feelings dd { display: flex; align-items: center; gap: .6rem; font-variant-numeric: tabular-nums; }
.bsr.inside dl.feelings dd b { min-width: 2rem; text-align: right; }
.bsr.inside dl.feelings dd .soft { min-width: 2.6rem; font-size: .85rem; }
.bsr.inside .bar { flex: 1; height: .5rem; border-radius: .25rem; background: var(--rule); overflow: hidden; }
.bsr.inside .bar span { display: block; height: 100%; transition: width .4s; }
.bsr.inside .bar .trust { background: var(--trust); } .bsr.inside .bar .anger { background: var(--anger); }
.bsr.inside .bar .anxiety { background: var(--anxiety); } .bsr.inside .bar .patience { background: var(--patience); }
.bsr.inside svg.curve { margin-top: .6rem; }
.bsr .jumps, .bsr.shelf ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
.bsr .jumps button, .bsr.shelf button { width: 100%; text-align: left; cursor: pointer; color: var(--ink);
  background: var(--card); border: 1px solid var(--rule); border-radius: .4rem; padding: .5rem .7rem;
  font-size: .92rem; line-height: 1.45; overflow-wrap: anywhere; }
.bsr .jumps button:hover, .bsr.shelf button:hover { border-color: var(--link); background: var(--tint); }
.bsr.card .jumps { padding: 0; list-style: none; }
.bsr.shelf button { display: flex; flex-wrap: wrap; gap: .2rem .9rem; align-items: baseline;
  justify-content: space-between; }
.bsr.shelf .who { flex: 1 1 16rem; }
.bsr.shelf .how { font-variant-numeric: tabular-nums; }
.bsr.shelf .small { flex: 1 1 100%; }
.bsr.card ul.plain { list-style: none; padding: 0; margin: 0; }
.bsr ul.plain li { margin: .15rem 0; }
#watched-speed .wrap { gap: .4rem; flex-wrap: nowrap; }
#watched-speed label { padding: .35rem .55rem; }
.controls { align-items: flex-end; }
@media (prefers-reduced-motion: reduce) { .bsr.inside .bar span { transition: none; } }
@media (max-width: 40rem) { #watched-scene { height: 46vh; } .bsr.scene > li { max-width: 96%; } }
"""
