"""How a borrower sounds, as a person on the phone would hear it: tones, never numbers."""

import re

from borrowersim.acts import BorrowerAct as Act
from borrowersim.record import Moment
from borrowersim.talk import Language
from borrowersim_evals.report.words import Row

TONES: dict[str, Row] = {
    "short": ("short", "话很短", "話很短"),
    "louder": ("louder", "嗓门变大", "嗓門變大"),
    "sharp": ("sharp", "语气变硬", "語氣變硬"),
    "cold": ("cold", "冷淡", "冷淡"),
    "wary": ("wary", "有戒心", "有戒心"),
    "tired": ("tired", "疲惫", "疲憊"),
    "quiet": ("very quiet", "声音很轻", "聲音很輕"),
    "strained": ("voice strained", "声音发紧", "聲音發緊"),
    "hurried": ("in a hurry", "急着挂电话", "急著掛電話"),
    "unsure": ("unsure", "没听明白", "沒聽明白"),
    "listening": ("listening", "在听", "在聽"),
    "thinking": ("thinking it over", "在琢磨", "在思考"),
    "softer": ("softer", "语气缓和", "語氣緩和"),
    "warm": ("warmer", "语气变暖", "語氣變暖"),
    "firm": ("firm", "态度坚决", "態度堅決"),
    "pause": ("a pause", "停顿了一下", "停頓了一下"),
    "long_pause": ("a long pause", "沉默了一阵", "沉默了一陣"),
    "line_dead": ("the line goes dead", "电话断了", "電話斷了"),
}

_BY_ACT: dict[Act, str] = {
    Act.ASKS_WHO: "wary",
    Act.GUARDED: "wary",
    Act.DENIES: "firm",
    Act.DISPUTES: "firm",
    Act.STALLS: "hurried",
    Act.REFUSES: "firm",
    Act.HOSTILE: "louder",
    Act.CALLS_OUT_THREAT: "sharp",
    Act.COUNTER_THREATENS: "cold",
    Act.DESPAIRS: "tired",
    Act.TELLS_FACT: "softer",
    Act.PLEADS_HARDSHIP: "strained",
    Act.ASKS_OPTIONS: "listening",
    Act.REJECTS_UNAFFORDABLE: "strained",
    Act.DOUBTS: "cold",
    Act.WEIGHS: "thinking",
    Act.ACCEPTS_PLAN: "softer",
    # A promise in earnest and an empty one sound alike: which it was is told after the call.
    Act.PROMISES_TO_PAY: "softer",
    Act.FAKE_PROMISE: "softer",
    Act.THANKS: "warm",
    Act.SILENT: "long_pause",
    Act.NOTICES_REPEAT: "sharp",
    Act.CALLS_OUT_CONTRADICTION: "sharp",
    Act.CALLS_OUT_IGNORED: "sharp",
    Act.STATES_CEASE: "firm",
    Act.STATES_LAWYER: "firm",
    Act.FISHES: "wary",
    Act.QUOTES_RULES: "cold",
    Act.CONFUSED: "unsure",
    Act.SIGNALS_CRISIS: "quiet",
    Act.CALMS: "softer",
    Act.HANGS_UP: "line_dead",
}
_PAUSE = re.compile(r"(?:\.{3}|…)")
_LOUD = re.compile(r"[!！]|\b[A-Z]{4,}\b")
_SHORT = {"en": 3, "zh": 5}
"""A line of so many words (en) or characters (zh) is short."""


def tones(moment: Moment, line: str, language: Language) -> list[str]:
    """Return at most two tones of a line, by their names in TONES, in the order they strike the ear."""
    heard = [_BY_ACT[moment.act]] if moment.act in _BY_ACT else []
    heard += ["louder"] if _LOUD.search(line) else []
    heard += ["pause"] if _PAUSE.search(line) else []
    heard += ["short"] if _size(line, language) <= _SHORT[language.stem] else []
    if "long_pause" in heard:
        heard = [tone for tone in heard if tone not in ("pause", "short")]
    return list(dict.fromkeys(heard))[:2]


def _size(line: str, language: Language) -> int:
    return len(re.findall(r"\w", line)) if language.chinese else len(line.split())
