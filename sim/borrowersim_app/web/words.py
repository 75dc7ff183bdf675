"""The page's own words in the three languages: one line a word, the languages side by side."""

from borrowersim.talk import Language
from borrowersim_app.web.words_after import AFTER
from borrowersim_app.web.words_start import START
from borrowersim_app.web.words_talk import TALK
from borrowersim_evals.report.words import Row, Words

NATIVE = {Language.EN: "English", Language.ZH_CN: "简体中文", Language.ZH_TW: "繁體中文"}
"""Each language, called by its own name."""

PAGE: dict[str, Row] = {
    "title": ("Practise a difficult collection call", "催收通话演练", "催收通話演練"),
    "intro": (
        "You are the collector. Talk to a simulated borrower, then read how your words did.",
        "你是催收员。先和模拟借款人通话，再看自己的话术表现。",
        "你是催收人員。先與模擬借款人通話，再看自己的表現。",
    ),
    "interface": ("Interface language", "界面语言", "介面語言"),
    "practise": ("Practise", "演练", "演練"),
    "not_advice": (
        "Everyone here is invented. This is training, not legal advice.",
        "人物均为虚构。仅供训练，不构成法律意见。",
        "人物均為虛構。僅供訓練，不構成法律意見。",
    ),
    "too_fast": (
        "That was very fast; go on in {} seconds.",
        "说得太快了，请过 {} 秒再继续。",
        "說得太快了，請過 {} 秒再繼續。",
    ),
    "too_many_calls": (
        "You began many calls in a minute; the next one can begin in {} seconds.",
        "一分钟内拨打太多次了，请过 {} 秒再拨。",
        "一分鐘內撥打太多次了，請過 {} 秒再撥。",
    ),
    "no_call": (
        "This call is no longer here: the page was open too long or the server was started anew. Start a new call.",
        "这通电话已经不在了：页面打开太久，或服务器重启过。请重新开始。",
        "這通電話已經不在了：頁面開啟太久，或伺服器重新啟動過。請重新開始。",
    ),
    "went_wrong": (
        "That did not work, and the reason was noted for whoever runs this page. Try again.",
        "刚才没有成功，原因已记录给管理员。请再试一次。",
        "剛才沒有成功，原因已記錄給管理員。請再試一次。",
    ),
    "colon": (": ", "：", "："),
    "comma": (", ", "，", "，"),
}

ROWS: dict[str, Row] = PAGE | START | TALK | AFTER


def page_words(language: Language) -> Words:
    """Return the page's words in a language."""
    return Words(language, ROWS)
