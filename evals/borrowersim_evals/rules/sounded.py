"""States that a line begins by its sound, where no cue knows its words.

The classifier of lines was fitted to tell what a borrower does, not what is the case: "Joan next
door does my letters" is near to "my solicitor answers my letters". So a sound alone begins no
state; a word of the state's own subject has to be in the line, or what it would be about is missing.
"""

import re
from collections.abc import Mapping

from borrowersim.acts import BorrowerAct
from borrowersim.cues import cues_in
from borrowersim.spoken import sounds
from borrowersim.talk import Language
from borrowersim.text import fold
from borrowersim_evals.rules.aside import to_the_borrower

SOUNDED_FROM = 0.7
"""Likelihood from which a statement counts as made: a state binds the agent for the rest of the talk."""
BESIDE_MOST = 0.5
"""Likelihood of the next best act from which it is not: "they don't send lawyers for a few grand" is a doubt, too."""

CRISIS_FROM = 0.75
"""The same for despair, whatever else the line says and however it is put: to miss it costs more than care that was
not needed."""

_SOUNDS: dict[BorrowerAct, str] = {
    BorrowerAct.STATES_CEASE: "said.ceased",
    BorrowerAct.STATES_LAWYER: "said.represented",
    BorrowerAct.STATES_BANKRUPTCY: "said.bankrupt",
    BorrowerAct.STATES_IDENTITY_THEFT: "said.identity_theft",
    BorrowerAct.THIRD_PARTY: "said.third_party",
    BorrowerAct.PLEADS_HARDSHIP: "said.hardship",
}
"""What a statement is in the language of states, when no cue names its words."""

_SUBJECTS: dict[str, re.Pattern[str]] = {
    "said.ceased": re.compile(
        r"\b(?:no|not|never|stop\w*|quit|cease|don't|won't|can't|leave|remove|off|enough|end)\b"
        r"|别|不要|不用|不必|不许|不准|不得|不想|不愿|不再|不接受|不同意|停|勿|莫|甭|拒|删|移除|到此为止|封锁|拉黑|唔好|够了"
    ),
    "said.represented": re.compile(
        r"\b(?:lawyers?|attorneys?|solicitors?|barristers?|counsel|law|legal\w*|represent\w*|advis\w+|advice|behalf"
        r"|act(?:s|ing)? for|handed (?:this|it|that)|go through|firm)\b"
        r"|律师|法扶|法律|法务|代理|事务所|委任|委托|受托|代表|顾问"
    ),
    "said.bankrupt": re.compile(
        r"\b(?:bankrupt\w*|insolven\w*|chapter|bust|trustee|discharg\w*|went under|gone under|iva|dro"
        r"|moratorium|receiver|administrator"
        r"|court|case|proce\w+|fil(?:ed|ing)|listed|list|in there|protect\w*|formal\w*|arrangement|creditors?)\b"
        r"|破产|更生|清算|清理|管理人|监督人|法院|裁定|程序|案号|申报|保护|债权|重组|重整|协商|统一|文书"
    ),
    "said.identity_theft": re.compile(
        r"\b(?:name|identity|id|stole\w*|theft|details|information|data|social|some(?:one|body)|stranger|thief|crook"
        r"|fraud\w*|scam\w*|forg\w+|signature|signed|police|report\w*|opened|applied|impersonat\w+|used|not me)\b"
        r"|冒|盗|偷|骗|身份|身分|证件|签名|签字|笔迹|信息|资料|个资"
        r"|别人|他人|有人|人家|不是我|非本人|报案|报过案|派出所|报警|[受被]害人|泄露|外泄"
    ),
    "said.third_party": re.compile(
        r"\b(?:he|she|they|him|her|his|their|them|wrong|nobody|no one|name|number|husband|wife|son|daughter|mum|mom"
        r"|mother|father|dad|brother|sister|flatmate|roommate|message|not me)\b"
        r"|他|她|佢|本人|错|这个人|此人|这人|号码|老公|老婆|先生|太太|儿子?|女儿|俺|爸|妈|哥|弟|姐|妹|同事|室友|转告|留言"
    ),
    "said.hardship": re.compile(
        r"\b(?:money|cash|pay\w*|paid|bills?|afford\w*|work\w*|job|wages?|rent|tight|spare|cents?|pennies|penny|pounds?"
        r"|dollars?|enough|broke|manage|getting by|get by|scrap\w+|blood|obligations|have it|over|left|stretch\w*|cover"
        r"|come up with|budget|income|hours|food|ill|sick|debts?|owe)\b"
        r"|钱|薪|工资|收入|难|没办法|没能力|没招|拿|付|还|缴|交|借|凑|紧|够|苦|穷|通融|体谅|理解|宽限|生活|日子|病"
        r"|开刀|手术|工作|失业|弄"
    ),
}
"""A word of its own subject for each state; a crisis, heard apart, would have none: despair speaks of anything."""

_SUPPOSED = re.compile(
    r"\b(?:might|may|could|if|thinking (?:of|about)|considering)\b|如果|要是|可能|考虑|打算|万一|再说下去"
)
"""What is only thought of begins no state."""


def sounded(text: str, language: Language, *, known_borrower: bool = False) -> set[str]:
    """Return the states (as `said.NAME`, at most one) that a line begins by its sound.

    Where a cue knows the line's words the cue is right. Who the file says is the borrower does
    not become somebody else by a sound.
    """
    folded, heard = fold(text).text, sounds(to_the_borrower(text), language)
    if heard[BorrowerAct.SIGNALS_CRISIS] >= CRISIS_FROM:
        return {"said.crisis"}
    if any(m.cue.startswith("said.") for m in cues_in(text, language)) or _SUPPOSED.search(folded):
        return set()
    state = _likeliest(heard)
    if not state or (state == "said.third_party" and known_borrower):
        return set()
    return {state} if _SUBJECTS[state].search(folded) else set()


def _likeliest(heard: Mapping[str, float]) -> str:
    """Return the state that a line sounds like for certain; empty when there is none."""
    next_best, likeliest = sorted(BorrowerAct, key=lambda act: heard[act])[-2:]
    sure = heard[likeliest] >= SOUNDED_FROM and heard[next_best] < BESIDE_MOST
    return _SOUNDS.get(likeliest, "") if sure else ""
