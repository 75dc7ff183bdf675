"""Serve the page: from this machine only, with nothing asked from outside and nothing recorded."""

import secrets

import gradio as gr

from borrowersim_evals.report import style

PEOPLE_AT_ONCE = 40
"""Calls answered side by side; more wait in the queue."""
SYSTEM_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
CSS = """
.gradio-container { max-width: 72rem !important; margin: 0 auto !important; }
.gradio-container h1 { font-size: 1.5rem; font-weight: 700; line-height: 1.3; margin: 0; }
.gradio-container .html-container { padding: 0 !important; }
.quiet { font-size: .85rem; color: var(--body-text-color-subdued); margin: .3rem 0 0; }
.say { align-items: flex-end; }
.chat .icon-button-wrapper { display: none; }
.notice { margin: 0; padding: .6rem .9rem; border-left: 4px solid #8a4b00; border-radius: .3rem; }
.notice { background: #fdeed6; color: #1f2328; }
.bsr.bsr { background: transparent; }
.bsr.bsr.card { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; }
.bsr.card { padding: 1rem 1.1rem; font-size: .95rem; }
.bsr.card h2 { font-size: 1.05rem; margin: 0 0 .6rem; border: 0; padding: 0; }
.bsr.card h3 { margin: .9rem 0 .2rem; }
.bsr.card dl { margin: 0; display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; gap: .3rem .9rem; }
.bsr.card dt { color: var(--soft); }
.bsr.card dd { margin: 0; }
.bsr.card ul { margin: 0; padding-left: 1.1rem; list-style: disc; }
"""


def launch(page: gr.Blocks, host: str, port: int, password: str | None = None, *, block: bool = True) -> str:
    """Serve the page and return its address. Nothing is asked from outside, nothing is recorded."""
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE, api_open=False)
    _, url, _ = page.launch(
        # Gradio wants an IPv6 address in brackets.
        server_name=f"[{host}]" if ":" in host else host,
        server_port=port,
        auth=(lambda _name, given: secrets.compare_digest(given.encode(), password.encode())) if password else None,
        prevent_thread_lock=not block,
        quiet=True,
        share=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=1,
        theme=_theme(),
        css=f"{CSS}\n{style()}",
    )
    return url


def _theme() -> gr.themes.Base:
    """Return quiet colours with enough contrast, in the reader's own fonts."""
    fonts = [gr.themes.Font(name) for name in SYSTEM_FONTS]
    theme = gr.themes.Default(
        primary_hue="blue", neutral_hue="gray", font=fonts, font_mono=[gr.themes.Font("monospace")]
    )
    return theme.set(
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
