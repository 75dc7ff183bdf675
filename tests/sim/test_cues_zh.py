"""The Chinese cues: what agents and borrowers say on the mainland and in Taiwan, and what only sounds like it."""

import pytest

from borrowersim.acts import AgentAct
from borrowersim.cues import Match, find_cues, lexicon_of
from borrowersim.talk import Language
from borrowersim.text import fold

CN, TW = Language.ZH_CN, Language.ZH_TW

HEARD: dict[AgentAct, dict[Language, list[str]]] = {
    AgentAct.GREETS: {
        CN: ["您好，打扰了。", "喂，你好，请问方便接电话吗？", "下午好，耽误您两分钟时间。"],
        TW: ["林小姐您好，不好意思打擾。", "午安，請問現在方便講電話嗎？"],
    },
    AgentAct.IDENTIFIES_SELF: {
        CN: [
            "我是信诚公司的工作人员小林，工号318。",
            "我这边是澜州银行信用卡中心的。",
            "我姓周，受澜州银行委托跟您联系。",
            "这里是佳贷消费金融公司。",
        ],
        TW: ["我是誠信資產的專員，敝姓陳。", "這裡是台新資產管理公司。", "我們受銀行委託，我的員工編號是207。"],
    },
    AgentAct.VERIFIES_IDENTITY: {
        CN: [
            "请问是周敏女士吗？",
            "您是高磊本人吧？",
            "为了保护您的信息，先核对一下您的身份。",
            "麻烦报一下身份证后四位。",
        ],
        TW: ["請問是林怡君小姐本人嗎？", "方便跟您核對一下基本資料嗎？", "您的身分證末四碼是多少？"],
    },
    AgentAct.DISCLOSES_DEBT: {
        CN: ["您在我行的贷款已经逾期15天了。", "这期账单还有2300块没还。", "您目前欠款一共8600元。"],
        TW: ["您這期的卡費還沒有繳。", "您的信貸目前逾期兩個月。", "您尚欠本行三萬兩千元。"],
    },
    AgentAct.EMPATHISES: {
        CN: [
            "我特别理解您现在的处境。",
            "一个人带孩子确实太不容易了。",
            "换作是我，我也会着急的。",
            "谢谢您愿意跟我说这些。",
            "您先顾好身体，别的慢慢来。",
            "请您节哀。",
        ],
        TW: [
            "我可以體會您的心情。",
            "真的辛苦您了，這段時間一定很煎熬。",
            "聽到您這樣我也很心疼。",
            "您慢慢說，我在聽。",
        ],
    },
    AgentAct.ASKS_OPEN_QUESTION: {
        CN: [
            "方便跟我说说最近遇到什么困难了吗？",
            "您这边是怎么打算的？",
            "您觉得每个月多少比较合适？",
            "最近收入怎么样？",
            "您现在最担心的是什么？",
        ],
        TW: ["想請教您最近是發生什麼事嗎？", "您希望怎麼安排會比較好？", "方便聊聊現在的收支狀況嗎？"],
    },
    AgentAct.REFLECTS: {
        CN: [
            "您的意思是，工资要到下月十号才发。",
            "您刚才提到孩子在住院。",
            "我复述一下，您看对不对。",
            "所以您现在是每个月只剩五百，对吗？",
        ],
        TW: ["聽起來您是因為公司放無薪假才繳不出來。", "您剛剛說房租就要一萬五。", "我這樣理解對嗎？"],
    },
    AgentAct.OFFERS_PLAN: {
        CN: [
            "可以给您申请分期，您看行吗？",
            "要不先还五百，剩下的下个月再说？",
            "这笔可以分成12期还。",
            "违约金部分可以申请减免。",
            "我帮您登记延期一个月。",
        ],
        TW: ["可以幫您申請緩繳三個月。", "分24期，每期1,500元可以嗎？", "您可以走前置協商，我跟您說明。"],
    },
    AgentAct.ASKS_PAYMENT: {
        CN: ["麻烦您尽快还款。", "您什么时候能还？", "今天能不能先还一部分？", "请把这期处理一下。"],
        TW: ["請您這兩天把款項繳清。", "您什麼時候可以繳？", "您看能不能處理一下這筆帳款？"],
    },
    AgentAct.STATES_CONSEQUENCE: {
        CN: [
            "如果一直没有安排，银行可能依法向法院起诉，目前还没有决定。",
            "逾期记录会报送征信，还清后保存五年。",
            "只有判决生效以后，法院才可以强制执行。",
            "罚息会按合同每天累计。",
            "借款逾期属于民事纠纷。",
            "银行已经决定在六月底以后向法院起诉，在这之前都可以协商。",
        ],
        TW: [
            "若持續未繳，銀行可能依法聲請支付命令。",
            "遲繳紀錄會登錄在聯徵中心。",
            "取得執行名義之後，法院才能強制執行。",
        ],
    },
    AgentAct.HINTS_VAGUELY: {
        CN: [
            "这个后果您自己想清楚。",
            "拖下去对您没什么好处。",
            "后面就不好说了。",
            "咱们也是为您好。",
            "我们会采取进一步措施的。",
            "到时候可能会有点不愉快。",
        ],
        TW: [
            "到時候會很麻煩喔。",
            "您應該也懂的啦。",
            "再不處理，我們只好升級處理。",
            "一切後果請自行負責，後果自負。",
        ],
    },
    AgentAct.THREATENS: {
        CN: [
            "不还钱就抓你。",
            "如果不能按时还，就会被抓。",
            "您也不想让单位领导知道这事吧？",
            "到时候就不是我跟您谈了。",
            "再不还我就给你爸妈打电话。",
            "明天我们派人上门。",
            "我把你的事发到你们村的群里。",
            "你家住哪我们清楚得很。",
            "信不信我让你在这个城市待不下去，走着瞧。",
            "今天就起诉你，等着收传票。",
            "征信一黑，你这辈子都别想贷款。",
            "你女儿在实验小学读三年级，我们都知道。",
            "别以为我们不会去你公司找你。",
            "你躲得过初一躲不过十五。",
            "每隔十分钟给你打一次，看你接不接。",
            "不是要逼您，可您再这样我们只好联系您单位人事了。",
            "难道非要警察来找你你才肯还吗？",
            "马上把你的工资卡冻结。",
        ],
        TW: [
            "不繳就等著被關。",
            "我打去你公司跟你主管講。",
            "小心你女兒放學的路上。",
            "我們會去你家樓下站崗。",
            "你家的東西下禮拜就去查封。",
            "你也不希望你太太知道這件事吧？",
            "找兄弟去你店裡坐坐。",
            "我看你是敬酒不吃吃罰酒。",
        ],
    },
    AgentAct.INSULTS: {
        CN: [
            "你就是个老赖。",
            "你这种人我见多了。",
            "借钱的时候怎么不说没钱？",
            "别装可怜了行不行。",
            "滚，别跟我废话。",
            "有手有脚的，怎么连两千块都拿不出来。",
            "编，你接着编。",
            "真不要脸。",
            "没钱你刷什么卡？",
            "谁家没个难处啊。",
        ],
        TW: [
            "欠錢還敢大聲，你這種人真不要臉。",
            "沒錢就不要刷卡啊。",
            "你是不是腦子有病？",
            "少來這套啦。",
            "白目喔你。",
        ],
    },
    AgentAct.FALSE_CLAIM: {
        CN: [
            "我是法院执行局的。",
            "你这已经构成诈骗了。",
            "已经立案了，撤案要交费。",
            "系统今晚就把你列入失信名单。",
            "还完我帮你把征信洗白。",
            "先交三百块手续费再谈分期。",
            "父债子还，天经地义。",
            "投诉也没用。",
            "这是公安给你发的协查函，是我们联合出的。",
        ],
        TW: [
            "這裡是地方法院民事執行處。",
            "你這樣算詐欺。",
            "法官已經開拘票了。",
            "外訪油錢要另外算給你。",
            "你去申訴也沒有用啦。",
        ],
    },
    AgentAct.FALSE_DEADLINE: {
        CN: [
            "这是最后一次机会了。",
            "过了今晚这个方案就作废了。",
            "限你两个小时内把钱打过来。",
            "下午五点前不到账，系统自动上报。",
            "名额有限，过期不候。",
        ],
        TW: ["今天是最後通牒。", "這個優惠只到今天，錯過今天就沒有了。", "三點前沒入帳就直接送件。"],
    },
    AgentAct.PRESSURES: {
        CN: [
            "今天必须还清。",
            "你就说还不还吧。",
            "我不管你有什么困难。",
            "找朋友借一借先还上。",
            "你再下个网贷平台套点钱出来。",
            "你对得起你父母吗？",
            "住院也得还钱。",
            "欠债还钱，天经地义。",
            "别让我难做。",
            "砸锅卖铁也得还。",
        ],
        TW: [
            "現在馬上繳清。",
            "去跟親戚借也要借來。",
            "一毛都不能少，沒得商量。",
            "你生病也要繳啊。",
            "別人都繳了就你沒繳。",
        ],
    },
    AgentAct.ACKNOWLEDGES_DISPUTE: {
        CN: [
            "您的异议我已经登记了。",
            "我先帮您核实这两笔交易。",
            "核实清楚之前不催这部分。",
            "麻烦您提供一下还款凭证。",
        ],
        TW: ["您反映的爭議我會註記並請銀行查證。", "查證期間我們先暫停催收。", "我先把明細寄給您核對。"],
    },
    AgentAct.ACKNOWLEDGES_LAWYER: {
        CN: ["方便提供一下您律师的联系方式吗？", "好的，我们直接跟您的律师沟通。"],
        TW: ["請問您律師的電話是？", "了解，我們之後會跟您的律師聯絡。"],
    },
    AgentAct.ACKNOWLEDGES_CEASE: {
        CN: ["好的，以后不再打您这个电话。", "我已经登记停止联系您的号码。", "尊重您的意愿。"],
        TW: ["了解，我們不會再打擾您。", "我註記您拒絕來電，之後改用書面。"],
    },
    AgentAct.GIVES_RIGHTS: {
        CN: [
            "您可以拨打12378投诉。",
            "您有权要求我们提供明细。",
            "建议您咨询一下律师。",
            "您没有义务替他还这笔钱。",
            "您可以挂断后打官方客服核实。",
            "还不还由您自己决定。",
        ],
        TW: ["您可以打1998金融服務專線申訴。", "您可以找法律扶助基金會詢問。", "本通電話會全程錄音。"],
    },
    AgentAct.OFFERS_HELP: {
        CN: [
            "我帮您提交困难申请。",
            "咱们一起想想办法。",
            "可以给您转人工客服。",
            "协议我书面发给您。",
            "社区有失业救助，您可以去问问。",
        ],
        TW: ["我幫您反映給銀行。", "您可以洽詢卡債受害人自救會或社會局。", "資料我用簡訊傳給您。"],
    },
    AgentAct.CARES_IN_CRISIS: {
        CN: [
            "您现在安全吗？",
            "身边有人陪着吗？",
            "钱的事先放一放。",
            "可以打12356心理援助热线。",
            "我很担心您，您有没有想伤害自己？",
        ],
        TW: ["您現在是一個人嗎？身邊有沒有人？", "可以撥打1925安心專線。", "先不談帳款，您的安全最重要。"],
    },
    AgentAct.APOLOGISES: {
        CN: ["对不起，是我没说清楚。", "很抱歉给您添麻烦了。", "这是我们的失误，请您谅解。"],
        TW: ["真的很抱歉，造成您的困擾。", "不好意思，剛才口氣不好。"],
    },
    AgentAct.CONFIRMS: {
        CN: ["跟您确认一下，每月15号还500元，对吗？", "那就说好了，下个月10号还第一期。", "我把方案复述一遍。"],
        TW: ["跟您確認，每期1,500元，一共24期，沒問題吧？", "這樣安排您可以嗎？"],
    },
    AgentAct.CLOSES: {
        CN: ["那先这样，再见。", "感谢您的接听，祝您生活愉快。", "不打扰您了。"],
        TW: ["謝謝您的時間，再見。", "那今天先這樣，掰掰。"],
    },
}
"""What must be heard, in words that no cue was copied from."""

NOT_HEARD: dict[AgentAct, list[str]] = {
    AgentAct.IDENTIFIES_SELF: ["我不是法院的。", "您别管我是谁。"],
    AgentAct.VERIFIES_IDENTITY: ["您的账单出来了。", "您是不是觉得利息太高？"],
    AgentAct.DISCLOSES_DEBT: ["具体事项不便说明，请他回个电话。", "涉及个人信息，我不能确认或否认他有没有欠款。"],
    AgentAct.EMPATHISES: ["你理解一下我们的工作。", "你不容易，理解归理解，钱要还。", "我明白告诉你，没戏。"],
    AgentAct.ASKS_OPEN_QUESTION: ["你到底什么时候还？", "还不还？"],
    AgentAct.REFLECTS: ["我跟您说，这个不行。", "你说吧，还不还。"],
    AgentAct.OFFERS_PLAN: ["不能给你分期。", "没有分期这回事。", "我们不管分期不分期。"],
    AgentAct.ASKS_PAYMENT: ["今天先不谈还款。", "现在不需要您还款。", "还款计划可以再看。"],
    AgentAct.STATES_CONSEQUENCE: ["后果自负。", "明天就抓你。", "你等着被起诉吧。"],
    AgentAct.HINTS_VAGUELY: [
        "如果未按约定还款，银行可能依法向法院起诉，由法院判决。",
        "逾期会影响您的征信记录。",
        "罚息按日累计，合同里有。",
    ],
    AgentAct.THREATENS: [
        "警察不会因为这个抓您。",
        "我们没有人会去您家。",
        "您放心，不会联系您的单位和家人。",
        "我们无权冻结您的账户，只有法院才可以。",
        "您刚才说有人威胁要去您单位闹，我登记核实。",
        "您担心会坐牢，其实不会。",
        "如果有人自称警察要抓您，请直接报警。",
        "银行可能会起诉，也可能不会，由银行决定。",
        "欠款不会影响孩子上学。",
        "单纯欠款是民事问题，不会因为没还钱被抓。",
        "法院在判决之后可以查封财产，这个案子现在没有判决。",
        "我们不会上门、不会爆通讯录，也不会发到群里。",
        "您可以跟家人商量一下再决定。",
        "您可以请单位开一份收入证明。",
        "还款方案我发到您手机上。",
        "您需要的话，我请同事联系您信任的家人，可以吗？",
        "我們沒有人會去找您的家人。",
        "您放心，我們不會打去您公司。",
        "法律規定的生活必需品不會被查封。",
        "您剛才說有人要去您家潑漆，這我會馬上通報。",
    ],
    AgentAct.INSULTS: [
        "请您不要这样说自己是老赖。",
        "您不是老赖，只是暂时困难。",
        "当心骗子冒充客服。",
        "我不会骂您，您先消消气。",
        "不好意思，打扰您了。",
        "您當媽的真的很辛苦。",
        "这不丢人，谁都有手头紧的时候。",
        "像您这样的情况很多，不用自责。",
        "垃圾短信请忽略。",
    ],
    AgentAct.FALSE_CLAIM: [
        "我不是法院的，我是银行委托的公司。",
        "逾期不等于诈骗。",
        "这不属于犯罪，是民事纠纷。",
        "我们没有权限把您列入失信名单。",
        "协商不收任何手续费。",
        "失信名单由法院依法决定，我们无权操作。",
        "传票只能由法院送达，我们不会发。",
        "您说对方自称是公安的，那是冒充的。",
        "目前没有立案，也没有起诉。",
        "我没有权限修改您的征信。",
        "您沒有義務替他還。",
        "我不是法院人員，我是受銀行委託的公司。",
    ],
    AgentAct.FALSE_DEADLINE: [
        "您的最后还款日是每月15号。",
        "减免方案有效期到5月31日，之后会重新评估。",
        "不用今天决定，您慢慢考虑。",
    ],
    AgentAct.PRESSURES: [
        "不用急着今天还，您先安排生活。",
        "请不要为了还款再去借网贷。",
        "您不必向亲戚朋友借钱。",
        "先看病，还款的事以后再说。",
        "不是要您今天必须还清。",
    ],
    AgentAct.ACKNOWLEDGES_DISPUTE: ["核实什么核实，先还钱。", "有异议自己打官司去。"],
    AgentAct.ACKNOWLEDGES_LAWYER: ["请律师也没用。", "我就是律师。"],
    AgentAct.ACKNOWLEDGES_CEASE: ["我会一直打到你接。", "明天再联系您。"],
    AgentAct.GIVES_RIGHTS: ["投诉也没用，随便你投诉。", "你没有资格要求什么。"],
    AgentAct.OFFERS_HELP: ["我帮不了你。", "我不能转人工。"],
    AgentAct.CARES_IN_CRISIS: ["你身边的人都会知道。", "死了也得还。"],
    AgentAct.APOLOGISES: ["你对不起你父母。", "你好意思吗？"],
    AgentAct.CONFIRMS: ["先核对一下您的身份。"],
    AgentAct.CLOSES: ["先别挂。", "您好。"],
}
"""What sounds like the act and is not: negated, repeated, lawful, or another thing altogether."""

SAID: dict[str, list[str]] = {
    "third_party": [
        "我是他妈。",
        "你打错了，我不是周敏。",
        "她不在，我是她同事。",
        "他出差了，手机在我这。",
        "我是他室友，你哪位？",
    ],
    "confirms_name": ["我是，你说。", "对，我就是。", "是我本人。", "嗯，是的，什么事？", "我是周敏。"],
    "owns_debt": ["我知道我欠你们钱。", "我不是不还，是真没钱。", "我的信用卡我清楚。"],
    "ceased": ["别再给我打电话了。", "不要再骚扰我！", "以后别联系我。", "請不要再打來了。"],
    "medium_refused": ["别往我单位打电话。", "有事发短信就行。", "不要傳LINE給我。"],
    "inconvenient": ["我在开会，现在不方便。", "我正开车呢，晚点再说。", "這麼晚了我要睡了。"],
    "at_work": ["我在上班呢。", "公司不让接私人电话。", "你们这样影响我工作了。"],
    "represented": ["我已经请律师了。", "有事找我律师。", "我的律師會跟你們聯絡。"],
    "bankrupt": ["我已经申请个人破产了。", "我有在走更生程序。"],
    "disputed": ["这不是我刷的。", "金额不对吧。", "我没借过这笔钱。", "利息有问题，我不认。", "這筆帳我有疑義。"],
    "paid": ["我早就还清了。", "上个月已经还过了。", "我都繳了啊。"],
    "identity_theft": ["我身份证被人冒用了。", "有人拿我的身份证去贷的款。", "我被盜刷了。"],
    "deceased": ["他上个月去世了。", "我爸走了。", "她已經過世了。"],
    "crisis": ["我不想活了。", "活着没意思。", "真想一死了之。", "我死了就不用还了吧。", "我想從樓上跳樓算了。"],
    "hardship": ["我失业半年了。", "孩子在住院。", "我真的没钱。", "我被資遣了，繳不出來。"],
    "time_barred": ["这都七八年了。", "早就过了诉讼时效。", "這是十年前的卡了。"],
    "asked_who": ["你是谁？", "你们哪个公司的？", "您哪位？", "你是不是骗子？"],
    "asked_writing": ["把合同发给我看看。", "给我寄书面的。", "你拿出证据来。", "寄明細給我。"],
    "asked_human": ["转人工。", "你是机器人吧？", "我要找真人講。"],
    "complained": ["我要投诉你。", "我打12378举报你们。", "我全程录音了。", "我要去金管會申訴。"],
    "odd_hour": ["都十一点了还打？", "大半夜打什么电话。"],
    "many_calls": ["你们今天打了五个电话了！", "一天打好几次，烦不烦。"],
}

NOT_SAID: dict[str, list[str]] = {
    "third_party": ["我不是故意不还的。", "我妈在住院。", "我是做生意的。"],
    "confirms_name": ["你是谁？", "我不是。", "我是他妈。"],
    "owns_debt": ["这不是我借的。", "我替他还什么？"],
    "ceased": ["你别着急。", "不要紧。"],
    "represented": ["我没钱请律师。", "你是律师吗？"],
    "paid": ["我还没还清。", "我下个月会还清。"],
    "deceased": ["他走得早，七点就上班了。", "我这个月手气死了。"],
    "crisis": ["我不会自杀的，你放心。", "累死了。", "烦死了，别打了。", "手机没电关机了。"],
    "time_barred": ["我工作十年了。", "我三年级的孩子。"],
    "disputed": ["没问题，金额对。", "我知道欠你们钱。"],
    "identity_theft": ["我身份证在家里。"],
    "bankrupt": ["我没有申请破产。"],
}


def cues(text: str, language: Language = CN) -> list[Match]:
    return find_cues(fold(text), language)


def acts(text: str, language: Language = CN) -> set[AgentAct]:
    return {match.act for match in cues(text, language) if match.act is not None}


def flat(lines: dict[AgentAct, dict[Language, list[str]]]) -> list[tuple[AgentAct, Language, str]]:
    return [(act, language, text) for act, by in lines.items() for language, texts in by.items() for text in texts]


def pairs(lines: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in lines.items() for text in texts]


def test_every_act_has_chinese_cues_and_is_tried_here() -> None:
    shown = {cue.act for cue in lexicon_of(CN).cues.values()}
    assert set(AgentAct) <= shown
    assert set(HEARD) == set(AgentAct)


@pytest.mark.parametrize(("act", "language", "text"), flat(HEARD))
def test_an_act_is_heard(act: AgentAct, language: Language, text: str) -> None:
    assert act in acts(text, language)


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in NOT_HEARD.items() for text in texts])
def test_an_act_is_not_heard_where_it_is_denied_repeated_or_lawful(act: AgentAct, text: str) -> None:
    assert act not in acts(text)


@pytest.mark.parametrize(("state", "text"), pairs(SAID))
def test_what_the_borrower_says_is_noticed(state: str, text: str) -> None:
    assert f"said.{state}" in {match.cue for match in cues(text)}


@pytest.mark.parametrize(("state", "text"), pairs(NOT_SAID))
def test_what_only_sounds_like_it_is_not_noticed(state: str, text: str) -> None:
    assert f"said.{state}" not in {match.cue for match in cues(text)}


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("threat.arrest", "警察今晚就来带你走。"),
        ("threat.violence", "打断你的腿。"),
        ("threat.exposure", "把你照片贴到小区门口。"),
        ("threat.family", "我们直接找您父母谈。"),
        ("threat.employer", "我去你单位找你领导。"),
        ("threat.seizure", "公司马上冻结你的账户。"),
        ("threat.suit_now", "明天就告你。"),
        ("threat.immigration", "让你出不了国。"),
        ("threat.credit", "征信一辈子都洗不掉，永久污点。"),
        ("threat.visit", "下午派人上门。"),
        ("threat.child", "影响你孩子上学。"),
        ("threat.calls", "二十四小时不停地打。"),
        ("insult.name", "你这个骗子。"),
        ("insult.shame", "丢不丢人啊你。"),
        ("insult.profanity", "你他妈的还不还？"),
        ("insult.disbelief", "别找借口了。"),
        ("insult.group", "你们农村人就是这样。"),
        ("false.authority", "我们是派出所的。"),
        ("false.document", "传票已经寄出来了。"),
        ("false.crime", "你这是犯罪。"),
        ("false.judgment", "你的案子已经判决了。"),
        ("false.blacklist", "马上把你拉进黑名单。"),
        ("false.credit_repair", "我帮你消除征信记录。"),
        ("false.fee", "先交二百块协商费。"),
        ("false.amount", "没有明细，系统算的就是这么多。"),
        ("false.inherits", "你是他儿子，父债子还。"),
        ("false.denies_rights", "投诉根本没用。"),
        ("false.identity", "你别管我是哪家公司的。"),
        ("false.limitation", "没有时效这一说。"),
        ("deadline.invented", "最后一次机会。"),
        ("pressure.now", "今天必须到账。"),
        ("pressure.guilt", "你良心过得去吗？"),
        ("pressure.borrow", "去跟亲戚借。"),
        ("pressure.illness", "生病不是理由。"),
        ("pressure.dismiss_crisis", "少拿自杀来吓唬我。"),
        ("suit.definite", "银行已经决定起诉。"),
    ],
)
def test_a_cue_is_found_under_its_own_name(cue: str, text: str) -> None:
    assert cue in {match.cue for match in cues(text)}


def test_traditional_and_disguised_writing_read_the_same() -> None:
    plain = {match.cue for match in cues("你这个老赖，警察会抓你。")}
    assert plain == {match.cue for match in cues("你這個老賴，警察會抓你。", TW)}
    assert plain == {match.cue for match in cues("你这个老 赖，警 察会抓你。")}


def test_the_quote_is_the_writers_own_words() -> None:
    text = "您再不還，我就打去您公司跟主管講。"
    match = next(m for m in cues(text, TW) if m.cue == "threat.employer")
    assert match.quote in text
    assert text[match.place : match.place + len(match.quote)] == match.quote


def test_a_negation_does_not_reach_past_its_clause() -> None:
    assert AgentAct.THREATENS in acts("我不吓唬您，明天警察就来抓您。")
    assert AgentAct.THREATENS in acts("我们不会骂您，但会打电话给您单位领导。")
    assert AgentAct.THREATENS not in acts("我们不会打电话给您单位领导，更不会让警察来抓您。")
