"""The patterns behind money.py: how sums, periods, counts and days are said, on folded text."""

import re

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
)
_WORDS = rf"(?:a\s+(?:hundred|thousand)|{_WORD})(?:[\s-]+(?:and\s+)?{_WORD})*"
_NUMBER = rf"(?:{_DIGITS})\s?k?\b|\b{_WORDS}\b"
EN_PERIOD = (
    r"(?:(?:a|per|each|every|/)\s*(week|fortnight|two weeks|other week|month|pay\s?day|paycheck)"
    r"|(weekly|monthly|fortnightly|biweekly))"
)
EN_LEADING_PERIOD = r"(weekly|monthly|fortnightly|biweekly|each month|every month|instal?lments?)[^.?!]{0,10}$"
EN_SUM = re.compile(
    rf"(?:(?P<sign>[$£€]|\busd\s|\bgbp\s|\bus\$)\s?(?P<signed>{_DIGITS}(?:\s?k\b)?))"
    rf"|(?P<named>{_NUMBER})\s*(?:dollars?|bucks|pounds?|quid|usd|gbp)\b"
    rf"|(?P<rate>{_NUMBER})\s*(?=(?:dollars?\s*)?{EN_PERIOD}(?!\s+(?:payment|instal)))"
    r"|\b(?:pay(?:ing|ment of|ments of)?|owe|owed|balance (?:of|is)|down|instal?lments? of"
    rf"|least|afford|manage|for|do|of)\s+(?P<bare>{_NUMBER})"
    r"(?=\s*(?:today|now|tonight|tomorrow|by|on|this|right|first|instead|to start|[.,?!;](?!\d)|$))"
)
EN_COUNT = re.compile(
    rf"(?:(?:over|in|across|for)\s+)?(?P<n>\d{{1,3}}|{_WORDS})\s+"
    r"(?:(?:equal|monthly|weekly|small|smaller)\s+){0,2}(?P<what>instal?lments?|payments?|months?|weeks?)\b"
)
EN_SPREAD = r"(?:over|across|spread\w*|instal?lments? for|plan (?:of|for)) (?:the next )?[\w\s]{1,12}$"
EN_FULL = re.compile(
    r"\b(?:in full|(?:the|your) (?:full|whole|entire|total) (?:amount|balance|sum|debt)|all of it"
    r"|pay it (?:all )?off|everything you owe|(?:the )?whole (?:thing|lot)|clear (?:it|the balance|the account))\b"
)
_MONTH_NAMES = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
EN_DAY = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:this|next|by|on)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|next (?:week|month)|end of (?:the |this )?(?:week|month)|(?:the )?\d{1,2}(?:st|nd|rd|th)(?: of \w+)?|pay ?day"
    rf"|{_MONTH_NAMES} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}} {_MONTH_NAMES})\b"
)

_HAN_DIGIT = "零〇一二两三四五六七八九十百千万"
_HAN_SMALL = "一二两三四五六七八九十百千"
_ZH_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?|\d+(?:\.\d+)?)(?:[十百千万][{_HAN_DIGIT}\d]*)?"
    rf"|[{_HAN_DIGIT}]+"
)
_ZH_UNIT = r"(?:块钱|块|元钱|元|圆|人民币|台币|港币|港元|大洋|蚊)"
_ZH_SIGN = r"(?:¥|rmb|nt\$|ntd|hk\$|新台币|台币|人民币|\$)"
ZH_PERIOD = (
    r"(?:每个?月|一个?月|按月|每期|一期|每个?(?:星期|礼拜)|一个(?:星期|礼拜)|每周|一周|每两周|两周一次|月付|月缴|月还)"
)
_ZH_PAYING = r"(?:先|就|只|能|要|可以|固定|大概|大约|最少|至少|还|缴|付|交|给|出|个|的|您|你|分){0,5}"
_ZH_OWING = (
    r"(?:欠款|余额|金额|本金|总额|总共|一共|共计|合计|应还|应缴|欠|还|缴|付|交)"
    r"(?:款|清|了|的|是|为|我们|银行|共|总计|先|个|您|你){0,4}"
)
ZH_SUM = re.compile(
    rf"(?P<named>{_ZH_NUMBER})\s?(?:多|来|几)?{_ZH_UNIT}"
    rf"|{_ZH_SIGN}\s?(?P<signed>{_ZH_NUMBER})"
    rf"|(?P<myriad>(?:\d+(?:\.\d+)?|[{_HAN_SMALL}]+)万[{_HAN_DIGIT}\d]*)(?![期个年天位多]*(?:期|个|年|天|位))"
    rf"|{ZH_PERIOD}{_ZH_PAYING}(?P<rate>{_ZH_NUMBER})(?![期号日个天年点%月])"
    rf"|{_ZH_OWING}(?P<bare>\d{{3,}}(?:,\d{{3}})*(?:\.\d{{1,2}})?|[{_HAN_DIGIT}]{{2,}})(?![期号日个天年点%月:])"
)
ZH_COUNT = re.compile(
    r"(?:分|做|办|拆成|摊)?(?:成|个)?(?P<n>\d{1,3}|[一二两三四五六七八九十百]+)(?:个)?"
    r"(?P<what>期|次|个月|月(?=还清|付清|缴清|结清|还完|缴完|付完)|个月(?=还完|缴完|付完|缴清))"
)
ZH_SPREAD = r"分.{0,3}$|分成.{0,3}$"
ZH_FULL = re.compile(r"一次性?(?:还清|结清|付清|缴清|还掉|全还)|全额|全部(?:还|结|缴|付)|全数|结清|还清|缴清|付清")
_ZH_DATE = r"(?:\d{1,2}|[一二三四五六七八九十]+)"
ZH_DAY = re.compile(
    r"今天|今日|今晚|明天|后天|(?:这|本|下)个?(?:周|星期|礼拜)[一二三四五六日天]|(?:下|这|本)?个?月?底"
    rf"|下周|下星期|下礼拜|月初|下个?月(?:{_ZH_DATE}[号日])?"
    rf"|(?:{_ZH_DATE}月)?(?:\d{{1,2}}|[一二三四五六七八九十廿]+)[号日]|发薪日|发工资|领薪"
)
NOT_MONEY = re.compile(
    r"(?:ending(?: in)?|ends in|reference|ref|account number|尾号|末四码|末四位|工号|编号|电话|专线)"
    r"\W{0,3}(?:is |no\.? )?$"
)
