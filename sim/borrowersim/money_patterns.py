"""The patterns behind money.py: how sums, periods, counts and days are said, on folded text."""

import re

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)\b"
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
EN_LOOSE = re.compile(
    rf"(?<![\w.,:/#$£€-])(?P<loose>(?>{_DIGITS}|(?:a\s+)?{_WORDS}))\b"
    r"(?!\s?(?:%|per ?cent|:\d|/|-\d|[ap]\.?m\b|o'clock|st\b|nd\b|rd\b|th\b|\.\d))"
    r"(?![\s-]+(?:(?:and a half|or so|odd|more|other|full|whole|calendar|business|working|different|separate|equal"
    r"|long|missed|late|or \w+|to \w+) )?(?:days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|nights?"
    r"|times?|calls?|letters?|texts?|messages?|payments?|instal?lments?|people|kids?|child(?:ren)?|mouths?|men|women"
    r"|past(?! due)|digits?|pages?|bills|cards|accounts|loans|jobs|options|choices|things|ways|steps|lots|miles"
    r"|percent|points?|per ?cent|words|reasons|hundred|thousand|of (?:you|us|them)|cents|pence|members|actors|a day"
    r"|year-?old|(?:\w+ ){1,2}(?:street|st|road|rd|avenue|ave|lane|drive|close|way))\b|\s+lifeline)"
)
"""Numbers that stand alone; on a collection call they are mostly money, unless they count something else."""
EN_GRAND = re.compile(rf"\b(?P<n>a|{_NUMBER})\s+grand\b|\b(?P<note>tenner|fiver)\b")
EN_HUNDREDS = re.compile(
    r"^(?P<hundreds>\w+)[\s-](?P<rest>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-]\w+)?)$"
)
"""As prices are said: "six forty" is 640, "fourteen-fifty" 1450."""
EN_CLOCK = re.compile(r"\b(?:at|by|before|until|till|past|after|around|from|to|than)\s+(?:about )?$")
HOTLINES = frozenset(
    {
        "101",
        "111",
        "112",
        "116",
        "119",
        "123",
        "165",
        "211",
        "911",
        "988",
        "999",
        "110",
        "113",
        "120",
        "400",
        "1925",
        "1950",
        "1980",
        "1995",
        "12345",
        "12355",
        "12356",
        "12378",
    }
)
"""Short telephone numbers that are named on calls, never sums."""
LOOSE_LEAST = 15
"""Smaller numbers that stand alone are ages, counts and hours."""
_COUNTED = rf"(?P<n>\d{{1,3}}|half a dozen|a dozen|{_WORDS})"
_LATE = r"(?! (?:behind|ago|past|overdue|late|delinquent|old|of (?:arrears|silence|no\b)|since|without|in arrears|now))"
EN_COUNTS = (
    rf"(?<![\d.])(?<!miss )(?<!missed ){_COUNTED}\s+(?:(?:equal|monthly|weekly|small|smaller|easy|even)\s+){{0,2}}"
    r"(?:instal?lments?|payments?|lots of)\b"
    r"(?! (?:behind|in a row|late|overdue|ago|were|are|have|short|missed|you(?:'ve| have)? missed))",
    rf"{_COUNTED}[\s-](?:month|week|payment|instal?lment)[\s-](?:\w+ )?"
    r"(?:plan|arrangement|agreement|schedule|program|option|offer|deal|term)",
    rf"\b(?:split|break|spread|divide|cut|do|pay|clear|repay)\b[^.?!]{{0,30}}?\b(?:in|into|over|across)"
    rf" (?:the next )?{_COUNTED}"
    r"(?: (?:equal |smaller |even )?(?:parts?|ways|goes|chunks|bits|pieces|months?|weeks?))?\b"
    r"(?! (?:minutes?|hours?|seconds?|days?|working|business))",
    rf"\b(?:stretch|stretched|stretching|extend|extended) (?:it |that |this )?(?:out )?(?:to|over) {_COUNTED} months\b",
    rf"\bsplit\b[^.?!]{{0,20}}? {_COUNTED} ways\b",
    r"(?<=[\d ])x\s?(?P<n>\d{1,2})\b(?!\s?[$£€])|\b(?P<n2>\d{1,2})\s?x\s?(?=[$£€])",
    rf"{_COUNTED}[\s-](?:part|step|stage|pay)[\s-](?:payment|plan|split|arrangement)",
    rf"\b(?:in|over|across|take|have) (?:the next )?{_COUNTED} (?:goes|pay ?days|pay ?ch(?:ecks|eques)|fortnights)\b",
    rf"{_COUNTED} (?:months|weeks) of (?=[$£€]|(?:{_NUMBER}) (?:dollars?|bucks|pounds?|quid)\b)",
    rf"{_COUNTED} of (?:them|those), (?=[$£€]\d)",
)
"""How many payments, said as such."""
EN_COUNTS_OF_RATE = (
    rf"(?<!last )(?<!past )(?<!these )(?<!every ){_COUNTED} (?:more )?(?:months|weeks|fortnights|pay ?days)\b{_LATE}",
    rf"\btimes {_COUNTED}\b",
)
"""How long an instalment is paid, beside that instalment."""
EN_YEAR = re.compile(
    r"\b(?:over|across|for|in|spread over)\s+(?:(?P<half>half a year)|(?:a|one) (?:full |whole )?year)\b"
    rf"|\b(?P<n>two|three|[23]) years (?:at|of|with) (?=[$£€]?(?:{_NUMBER}))"
)
EN_PARTS = {
    3: re.compile(
        r"\b(?:in|into) (?:three )?thirds\b|\b(?:a|one) third (?:each|every|a|per) (?:month|week|pay ?day)\b"
    ),
    4: re.compile(
        r"\b(?:in|into) (?:four )?quarters\b|\bquarter it\b|\b(?:a|one) quarter (?:each|every|a|per) (?:month|week)\b"
    ),
}
"""How many payments, said as fractions of the whole; two halves are named by their days, not counted."""
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
    rf"(?>(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?|\d+(?:\.\d+)?)(?:[十百千万][{_HAN_DIGIT}\d]*)?"
    rf"|[{_HAN_DIGIT}]+)"
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
    rf"(?P<spread>[{_HAN_DIGIT}]{{2,}}?)(?=一(?:个月|期|周|个星期|个礼拜))"
    rf"|(?P<named>{_ZH_NUMBER})\s?(?:多|来|几)?{_ZH_UNIT}"
    rf"|{_ZH_SIGN}\s?(?P<signed>{_ZH_NUMBER})"
    rf"|(?P<myriad>(?:\d+(?:\.\d+)?|[{_HAN_SMALL}]+)万[{_HAN_DIGIT}\d]*)(?![期个年天位多]*(?:期|个|年|天|位))"
    rf"|{ZH_PERIOD}{_ZH_PAYING}(?P<rate>{_ZH_NUMBER})(?![期号日个天年点%月])"
    rf"|{_ZH_OWING}(?P<bare>\d{{3,}}(?:,\d{{3}})*(?:\.\d{{1,2}})?|[{_HAN_DIGIT}]{{2,}}+)(?![期号日个天年点%月:])"
)
ZH_LOOSE = re.compile(
    rf"(?<![\d第周期拜])(?<!\d[.,:/#-])(?P<loose>(?>[{_HAN_SMALL}\d][{_HAN_DIGIT}\d]*[百千万][{_HAN_DIGIT}\d]*"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{3,6}(?:\.\d{1,2})?))"
    r"(?![\d:/-]|多?(?:个|天|年|人|次|名|期|条|岁|点|号|日|月|小时|秒|层|楼|米|公里|里|斤|页|字|遍|通|家|户|位|倍|句|回"
    r"|平|块|元|%|分(?![期成几\d一二两三四五六七八九十])|多(?:少|了|久|于|亏)))"
)
"""Numbers that stand alone with a hundred or more in them; mostly money, unless they count something else."""
ZH_KILO = re.compile(r"(?<![a-z0-9.])(?P<n>\d{1,3}(?:\.\d)?)(?P<unit>[kw])(?![a-z0-9])")
"""6k and 2w, as people text thousands and ten thousands."""
ZH_CENTS = re.compile(r"块(?P<tenths>[一二三四五六七八九1-9])(?:毛)?(?![\d十百千万一二三四五六七八九次笔期个])")
"""九百七十六块五: half a yuan more."""
_ZH_COUNTED = r"(?!两三|三四|四五|五六|六七|七八|八九|三五)(?P<n>\d{1,3}|[一二两三四五六七八九十百]+)"
_ZH_DONE = r"(?:还清|付清|缴清|结清|还完|缴完|付完|清掉|分摊|摊还|清偿)"
ZH_COUNTS = (
    rf"(?<![续有欠达期收]){_ZH_COUNTED}个?期(?![未没以账帐逾加])",
    rf"(?:分|拆|摊|凑|做)(?:成|个|作|开)?{_ZH_COUNTED}(?:个)?(?:次|回|笔|份|个月|月)",
    rf"{_ZH_COUNTED}个?(?:次|笔|月|个月)(?:内|之内)?{_ZH_DONE}",
)
"""How many payments, said as such."""
ZH_COUNTS_OF_RATE = (
    rf"(?:还|缴|付|连续|总共|一共|连缴|连还|为期)(?:还|缴|付|满|个)?{_ZH_COUNTED}个月(?![前没未了])",
    rf"(?<![期拖欠了近去这前]){_ZH_COUNTED}个月(?=[,。、]?(?:每|一个月|月付|月缴|按月))",
)
"""How long an instalment is paid, beside that instalment."""
ZH_YEAR = re.compile(
    rf"(?:分|摊|拆)(?:成|个)?(?P<half>半年)|(?:分|摊|拆)(?:成|个)?(?P<n>[一两二三])年|(?P<n2>[一两二三])年(?={_ZH_DONE})"
    r"|(?<!近)(?<!去)(?:(?P<half2>半年)|(?P<n3>[一两二三])年)(?:期|内|之内|分期)?[,、]?(?=每|一个月|月付|月缴|月还|按月)"
    r"|(?P<half3>半年)(?:期|分期)"
)
ZH_FULL = re.compile(r"一次性?(?:还清|结清|付清|缴清|还掉|全还)|全额|全部(?:还|结|缴|付)|全数|结清|还清|缴清|付清")
_ZH_DATE = r"(?:\d{1,2}|[一二三四五六七八九十]+)"
ZH_DAY = re.compile(
    r"今天|今日|今晚|明天|后天|(?:这|本|下)个?(?:周|星期|礼拜)[一二三四五六日天]|(?:下|这|本)?个?月?底"
    rf"|下周|下星期|下礼拜|月初|下个?月(?:{_ZH_DATE}[号日])?"
    rf"|(?:{_ZH_DATE}月)?(?:\d{{1,2}}|[一二三四五六七八九十廿]+)[号日]|发薪日|发工资|领薪"
)
NOT_MONEY = re.compile(
    r"(?:ending(?: in)?|ends in|reference|ref|account number|尾号|末四码|末四位|后四位|工号|编号"
    r"|电话|专线|热线|拨打?|致电|拨通|邮递区号|区号|卡号|帐号|账号|报给|四位是"
    r"|\b(?:number|title|section|chapter|article|regulation|rule|page|line|aged?|since|in|call|dial|text|on|extension"
    r"|ext|badge|form|room|route|unit|apartment|apt|case|file|act|code|press|channel|agent|top|order|dispute|box|id"
    r"|option|ring|turned))"
    r"\W{0,3}(?:is |no\.? )?$"
)
