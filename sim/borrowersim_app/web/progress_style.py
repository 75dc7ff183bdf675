"""The style of the progress tab, on top of the report's: its colours are the report's variables."""

CSS = """
.bsr.progress { padding: 0; overflow-wrap: anywhere; }
.bsr.progress h2 { font-size: 1.3rem; margin: .4rem 0 .9rem; border: 0; padding: 0; }
.bsr.progress h3 { font-size: 1.05rem; margin: 1.6rem 0 .6rem; }
.bsr.progress h4 { font-size: 1rem; font-weight: 650; margin: 0; display: flex; flex-wrap: wrap; }
.bsr.progress h4 { gap: .2rem .6rem; align-items: baseline; }
.bsr.progress .tiles { margin-top: 1.2rem; }
.bsr.progress .empty { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; }
.bsr.progress .empty { padding: 1.1rem 1.2rem; }
.bsr.progress .trends { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem; }
.bsr.progress figure.trend { margin: 0; background: var(--card); border: 1px solid var(--rule); }
.bsr.progress figure.trend { border-radius: .5rem; padding: .7rem .9rem .5rem; }
.bsr.progress figcaption { display: flex; flex-wrap: wrap; gap: .1rem .8rem; }
.bsr.progress figcaption { justify-content: space-between; align-items: baseline; color: inherit; }
.bsr.progress .way { font-size: .88rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
.bsr.progress .way.is-better { color: var(--good); }
.bsr.progress .way.is-worse, .bsr.progress .bad { color: var(--critical); }
.bsr.progress .way.is-unknown { font-weight: 400; white-space: normal; }
.bsr.progress svg { width: 100%; height: auto; display: block; font-family: inherit; }
.bsr.progress svg .grid { stroke: var(--rule); stroke-width: 1; }
.bsr.progress svg .pass { stroke: var(--good); stroke-width: 1; stroke-dasharray: 5 4; }
.bsr.progress svg .tick { fill: var(--soft); font-size: 11px; text-anchor: end; stroke: none; }
.bsr.progress svg .tick.pass { fill: var(--good); text-anchor: start; }
.bsr.progress svg .value { fill: var(--ink); font-size: 13px; font-weight: 650; }
.bsr.progress svg polyline { fill: none; stroke: var(--link); stroke-width: 2; stroke-linejoin: round; }
.bsr.progress svg circle { fill: var(--link); }
.bsr.progress svg rect { fill: var(--critical); }
.bsr.progress svg circle.clean { fill: var(--card); stroke: var(--good); stroke-width: 2; }
.bsr.progress details { margin-top: .6rem; }
.bsr.progress summary { cursor: pointer; padding: .5rem 0; color: var(--link); }
.bsr.progress details > .scroll, .bsr.progress details > ol { margin-top: .3rem; }
.bsr.progress .better { margin: .5rem 0; }
.bsr.progress cite { font-style: normal; }
.bsr.progress tbody th .small, .bsr.progress td .small { display: block; font-weight: 400; }
.bsr.progress tbody th .badge { font-weight: 500; }
.bsr.progress .badge.good { color: var(--good); }
.bsr.progress .scroll { contain: inline-size; }
.bsr.progress table.team th[scope=row] { min-width: 11rem; }
.bsr.progress table.team td { min-width: 6rem; }
.bsr.progress table.team td.num { min-width: 0; }
.bsr.progress table.team td:last-child { min-width: 14rem; }
.bsr.progress .assignment { background: var(--card); border: 1px solid var(--rule); }
.bsr.progress .assignment { border-left: 4px solid var(--minor); border-radius: .5rem; padding: .7rem 1rem; }
.bsr.progress .assignment { margin: .6rem 0; }
.bsr.progress .assignment.overdue { border-left-color: var(--major); }
.bsr.progress .assignment.done, .bsr.progress .assignment.late { border-left-color: var(--good); }
.bsr.progress .assignment ul { list-style: none; margin: .4rem 0 0; padding: 0; }
.bsr.progress .assignment li { margin: 0; padding: .2rem 0; display: flex; flex-wrap: wrap; }
.bsr.progress .assignment li { gap: .1rem .5rem; align-items: baseline; }
.bsr.progress .assignment li.passed > span:first-child { color: var(--good); font-weight: 700; }
.bsr.progress.listed { padding: .2rem 0; }
.bsr.progress.listed ol { list-style: decimal; margin: .3rem 0 0; padding-left: 1.4rem; }
.errand { align-items: flex-end; }
@media (max-width: 34rem) {
  .bsr.progress th, .bsr.progress td { padding: .45rem .4rem; }
  .bsr.progress table.calls thead th { font-size: .72rem; }
  .bsr.progress .tile .value { font-size: 1.35rem; }
  .bsr.progress table.team, .bsr.progress table.team tbody, .bsr.progress table.team th { display: block; }
  .bsr.progress table.team thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; }
  .bsr.progress table.team tr { display: flex; flex-wrap: wrap; padding: .5rem .3rem; }
  .bsr.progress table.team tr { border-bottom: 1px solid var(--rule); }
  .bsr.progress table.team tr:last-child { border-bottom: 0; }
  .bsr.progress table.team th[scope=row] { flex: 1 0 100%; }
  .bsr.progress table.team th, .bsr.progress table.team td { border: 0; padding: .2rem .4rem; text-align: left; }
  .bsr.progress table.team td, .bsr.progress table.team td.num { display: block; flex: 1 1 4.5rem; min-width: 4.5rem; }
  .bsr.progress table.team td:last-child { flex: 1 0 100%; min-width: 0; white-space: normal; }
  .bsr.progress table.team td::before { content: attr(data-label); display: block; color: var(--soft); }
  .bsr.progress table.team td::before { font-size: .75rem; }
}
"""
