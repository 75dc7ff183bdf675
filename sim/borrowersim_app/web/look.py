"""How the page looks: colours with enough contrast, the reader's own fonts, phone and print."""

from importlib.resources import files

import gradio as gr

from borrowersim_app.web import progress_style, watch_style
from borrowersim_evals.report import style

SYSTEM_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


def css() -> str:
    """Return the style sheet of the page's inside (page.css), the report's own part of it included."""
    return "\n".join([_sheet("page"), progress_style.CSS, watch_style.CSS, style()])


def head() -> str:
    """Return the style sheet of phone and print (around.css) for the page's head.

    In `css` Gradio would narrow the selectors of such rules to its own inside.
    """
    return f"<style>\n{_sheet('around')}</style>"


def _sheet(name: str) -> str:
    return files("borrowersim_app.web").joinpath(f"{name}.css").read_text("utf-8")


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
