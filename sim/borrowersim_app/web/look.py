"""How the page looks: colours with enough contrast, the reader's own fonts, phone and print."""

import gradio as gr

from borrowersim_evals.report import style

SYSTEM_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
CSS = """
.gradio-container { max-width: 76rem !important; margin: 0 auto !important; }
.gradio-container h1 { font-size: 1.35rem; font-weight: 700; line-height: 1.3; margin: 0; }
.gradio-container .html-container { padding: 0 !important; }
.quiet { font-size: .85rem; color: var(--body-text-color-subdued); margin: .3rem 0 0; }
.quiet p { margin: 0; }
.quiet summary { cursor: pointer; text-decoration: underline; text-underline-offset: .15em; }
.quiet pre { background: var(--background-fill-secondary); padding: .5rem .7rem; border-radius: .3rem; overflow-x: auto; margin: .4rem 0; }
.notice { margin: 0; padding: .6rem .9rem; border-left: 4px solid #8a4b00; border-radius: .3rem; }
.notice { background: #fdeed6; color: #1f2328; }
.line { display: flex; justify-content: space-between; align-items: baseline; margin: 0; font-size: 1.05rem; }
.clock { font-variant-numeric: tabular-nums; min-width: 3.5em; text-align: right; }
.bsr.bsr { background: transparent; }
.bsr.bsr.card { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; }
.bsr.card { padding: .8rem 1.1rem; font-size: .95rem; }
.bsr.card h2 { font-size: 1.05rem; margin: 0 0 .4rem; border: 0; padding: 0; }
.bsr.card h3 { margin: .7rem 0 .2rem; }
.bsr.card .goal { margin: 0 0 .6rem; padding-left: .7rem; border-left: 3px solid var(--good); }
.bsr.card dl { margin: 0; display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; gap: .25rem .9rem; }
.bsr.card dt { color: var(--soft); }
.bsr.card dd { margin: 0; }
.bsr.card ul { margin: 0; padding-left: 1.1rem; list-style: disc; }
.bsr.card summary { cursor: pointer; font-weight: 650; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem; max-height: 70vh; overflow-y: auto; padding: .2rem; }
.who { text-align: left; font: inherit; color: var(--body-text-color); background: var(--block-background-fill); cursor: pointer; }
.who { border: 1px solid var(--border-color-primary); border-radius: .5rem; padding: .65rem .8rem; display: flex; flex-direction: column; gap: .2rem; }
.who:hover { border-color: var(--body-text-color-subdued); }
.who:focus-visible { outline: 3px solid #1d63c4; outline-offset: 1px; }
.dark .who:focus-visible { outline-color: #8cc1f5; }
.who[aria-pressed="true"] { border-color: #1d63c4; box-shadow: inset 0 0 0 1px #1d63c4; background: #eaf2fd; color: #1f2328; }
.dark .who[aria-pressed="true"] { border-color: #8cc1f5; box-shadow: inset 0 0 0 1px #8cc1f5; background: #1b2a3d; color: #e8e6e1; }
.who .name { font-weight: 700; font-size: 1.05rem; }
.who .kind, .who .hard { font-size: .85rem; color: var(--body-text-color-subdued); }
.who[aria-pressed="true"] .kind, .who[aria-pressed="true"] .hard { color: inherit; }
.who .hard > span { letter-spacing: .12em; }
.who .sum { font-size: .92rem; line-height: 1.45; }
.who .trains { font-size: .85rem; line-height: 1.45; color: var(--body-text-color-subdued); display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; }
.who[aria-pressed="true"] .trains { display: block; color: inherit; }
.gone { display: none !important; }
.say { align-items: flex-end; }
.chat .icon-button-wrapper { display: none; }
.chat .tone { display: inline-block; margin-top: .25rem; font-size: .82rem; font-style: italic; opacity: .85; }
.chat .tone:lang(zh) { font-style: normal; }
.chat .coach { display: block; font-size: .9rem; border-left: 3px solid #1b6b3a; padding-left: .7rem; line-height: 1.55; }
.dark .chat .coach { border-left-color: #7fd19b; }
.bsr.result .head { align-items: center; margin: .4rem 0 .2rem; }
.bsr.result h2 { margin: 0; padding: 0; border: 0; font-size: 1.3rem; }
.bsr.result h3 { margin: 1.1rem 0 .4rem; }
.bsr.result .verdict { margin: 0; }
.bsr .advice { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: .45rem .9rem; }
.bsr .advice dt { font-weight: 700; }
.bsr .advice dt.keep { color: var(--good); } .bsr .advice dt.start { color: var(--link); } .bsr .advice dt.stop { color: var(--critical); }
.bsr .advice dd { margin: 0; }
@media (max-width: 45rem) {
  .gradio-container { padding: .5rem !important; }
  .gallery { grid-template-columns: none; grid-auto-flow: column; grid-auto-columns: 80%; overflow-x: auto; max-height: none; scroll-snap-type: x proximity; padding-bottom: .5rem; }
  .who { scroll-snap-align: start; }
  .bsr.bsr .body { padding: .5rem 0; }
}
@media print {
  body, .gradio-container { background: #fff !important; color: #000; }
  .noprint, footer, .tab-wrapper { display: none !important; }
  .gradio-container { max-width: none !important; padding: 0 !important; }
}
"""


def css() -> str:
    """Return the page's style sheet, the report's own part of it included."""
    return f"{CSS}\n{style()}"


def theme() -> gr.themes.Base:
    """Return quiet colours with enough contrast, in the reader's own fonts."""
    fonts = [gr.themes.Font(name) for name in SYSTEM_FONTS]
    made = gr.themes.Default(
        primary_hue="blue", neutral_hue="gray", font=fonts, font_mono=[gr.themes.Font("monospace")]
    )
    return made.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        block_info_text_size="*text_md",
        block_info_text_color="*neutral_700",
        block_info_text_color_dark="*neutral_200",
    )
