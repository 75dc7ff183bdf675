"""The report of a run: numbers, quotes in place, nothing from outside, nothing unescaped."""

import re
from base64 import b64encode
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from borrowersim.acts import AgentAct, BorrowerAct, Offer
from borrowersim.hidden import Hidden
from borrowersim.persona import Archetype, Debt, Dials, Finances, Persona, PrivateFact
from borrowersim.record import Fault, Health, Moment, Played
from borrowersim.talk import Ending, Facts, Jurisdiction, Language, Speaker, Talk, Turn
from borrowersim_evals.case import Case
from borrowersim_evals.gates import GateResult
from borrowersim_evals.planning import Planned
from borrowersim_evals.report import RunFacts, render, render_talk, style, summarise, write_report
from borrowersim_evals.report.curve import draw_curve, turning_points
from borrowersim_evals.report.summary import Mean, worst
from borrowersim_evals.report.view import cut, number_findings, view_talk
from borrowersim_evals.report.words import ROWS, Words
from borrowersim_evals.runs import RunFile
from borrowersim_evals.suite import Block, Suite
from borrowersim_evals.verdict import Finding, Score, TurnMarks
from tests.evals import talks
from tests.evals.talks import THREAT


def gate(name: str, outcome: Any, text: str) -> GateResult:
    return GateResult(name=name, outcome=outcome, text=text)


RUN = RunFacts(
    suite="smoke",
    run_id="2026-03-02-smoke",
    started="2 March 2026, 10:00 UTC",
    voice="phrasebook",
    judge="rules",
    seed=7,
    versions={"borrowersim": "0.1.0", "pack us": "1"},
    gates=(
        gate("no_critical", "failed", "1 critical breach, none allowed"),
        gate("respect", "passed", "3.4, at least 3"),
    ),
)
TURNS = (
    ("agent", "Ms Hale, this is Ben from Northgate. You owe $1,240, now 75 days overdue."),
    ("borrower", "I know. I cannot pay that."),
    ("agent", f"Pay today or {THREAT}. I mean it: {THREAT}."),
    ("borrower", "Are you threatening me?"),
)


def finding(**changes: Any) -> Finding:
    return talks.finding(**({"turn": 2} | changes))


def score(*legal: Finding, **changes: Any) -> Score:
    marks = (
        TurnMarks(turn=0, respect=4, clarity=5),
        TurnMarks(turn=2, respect=1, clarity=3, better="May I ask what changed?"),
    )
    fields: dict[str, Any] = {
        "id": "x",
        "legal": legal,
        "turns": marks,
        "respect": 2.5,
        "clarity": 4.0,
        "total": 31.0,
        "decided_by": {"legal": "rules", "respect": "rules"},
    }
    return Score(**(fields | changes))


def played(turns: tuple[tuple[str, str], ...] = TURNS, **changes: Any) -> Played:
    said = tuple(Turn(speaker=Speaker(who), text=text) for who, text in turns)
    language = changes.pop("language", Language.EN)
    facts = changes.pop("facts", Facts(local_time="14:30", channel="phone", contacts_7d=2, disputed=False))
    talk = Talk(id="x", language=language, jurisdiction=Jurisdiction.US, turns=said, facts=facts)
    start = Hidden(trust=3, anger=2, anxiety=5, patience=8)
    moments = (
        Moment(
            turn=1,
            heard=(AgentAct.DISCLOSES_DEBT,),
            act=BorrowerAct.PLEADS_HARDSHIP,
            hidden=start.model_copy(update={"trust": 3.4}),
        ),
        Moment(
            turn=3,
            heard=(AgentAct.THREATENS,),
            act=BorrowerAct.CALLS_OUT_THREAT,
            hidden=start.model_copy(
                update={"trust": 1.4, "anger": 4.5, "told": ("job", "rent"), "volunteered": ("rent",)}
            ),
            from_phrasebook=True,
        ),
    )
    fields: dict[str, Any] = {
        "id": "x",
        "borrower": "hale",
        "agent": "script/threats",
        "voice": "phrasebook",
        "seed": 7,
        "dials": Dials(resistance=5, financial_stress=6),
        "talk": talk,
        "ending": Ending.HUNG_UP,
        "affordable": "90.00",
        "opening": start,
        "moments": moments[: len(turns) // 2],
        "health": Health(lines=2, from_phrasebook=1, faults=(Fault(turn=3, kind="role_flip", line="As your agent"),)),
    }
    return Played(**(fields | changes))


def persona(**changes: Any) -> Persona:
    fields: dict[str, Any] = {
        "id": "hale",
        "language": Language.EN,
        "jurisdiction": Jurisdiction.US,
        "name": "Dana Hale",
        "addressed": "Ms Hale",
        "age": 41,
        "archetype": Archetype.HARDSHIP,
        "summary": "Lost shifts; wants to pay and cannot.",
        "trains": "listening",
        "story": "The plant cut its hours.",
        "manner": "plain",
        "speech": "short",
        "willing": True,
        "able": False,
        "debt": Debt(
            creditor="Northgate",
            product="card",
            currency="USD",
            principal=Decimal(1100),
            balance=Decimal(1240),
            days_overdue=75,
            account_ending="4410",
        ),
        "finances": Finances(income=Decimal(2400), essentials=Decimal(2100), other_debts=Decimal(210)),
        "dials": Dials(resistance=5, financial_stress=6),
        "private": tuple(
            PrivateFact(id=name, about=about, trust=4, tell=("...",))
            for name, about in (
                ("job", "Her hours were cut."),
                ("rent", "She is behind on rent."),
                ("sister", "Her sister could help."),
            )
        ),
        "moved_by": "being heard",
        "closed_by": "threats",
        "payday": "the fifteenth",
    }
    return Persona(**(fields | changes))


class Page(HTMLParser):
    """Collects what a reader would get: tags, ids, links, marks; and checks that tags close."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "line", "circle", "polyline"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and "script" not in self._open:
            self.words += data
        if "mark" in self._open:
            self.marked[-1] += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(attribute))]


def test_numbers_keep_what_was_not_judged_apart() -> None:
    unjudged = score(respect=None, clarity=None, total=None, turns=(), unscored="legal, respect, clarity: no judge")
    doubt = finding(status="cannot_tell", rule="us.hours", severity="minor", quote="")
    cases = [
        Case(played=played(), score=score(finding(), doubt)),
        Case(played=played(agent="script/kind", ending=Ending.AGREED), score=score(total=91.0, respect=4.5)),
        Case(played=played(agent="script/kind", ending=Ending.MODEL_FAILED), score=unjudged),
    ]
    summary = summarise(cases)
    assert summary.all.respect == Mean(value=3.5, n=2, of=3)
    assert (summary.all.talks, summary.all.judged, summary.all.clean) == (3, 2, 1)
    assert summary.all.agreement == 0.5  # a talk that the model broke off counts for nobody
    assert summary.all.breaches == {"critical": 1, "major": 0, "minor": 0}
    assert summary.all.cannot_tell == 1
    assert [(line.name, line.talks, line.breach_count) for line in summary.agents] == [
        ("script/kind", 2, 0),
        ("script/threats", 1, 1),
    ]
    assert [(r.rule, r.breaches, r.cannot_tell, r.talks) for r in summary.rules] == [
        ("us.false_threat_arrest", 1, 0, 1),
        ("us.hours", 0, 1, 1),
    ]
    assert summary.unscored == 1
    assert summary.health.phrasebook_share == 0.5
    assert summary.health.faults == {"role_flip": 3}


def test_an_empty_run_has_no_means_and_says_so() -> None:
    summary = summarise([])
    assert summary.all.total == Mean(value=None, n=0, of=0)
    assert summary.all.agreement is None
    assert summary.health.phrasebook_share is None
    page = Page(render([], RUN.model_copy(update={"gates": ()})))
    assert "holds no finished talk" in page.words
    assert "No gates set" in page.words


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((), None),
        (("passed",), "passed"),
        (("passed", "inconclusive"), "inconclusive"),
        (("inconclusive", "failed"), "failed"),
    ],
)
def test_the_verdict_is_the_worst_gate(statuses: tuple[Any, ...], verdict: str | None) -> None:
    run = RUN.model_copy(update={"gates": tuple(gate("g", status, "") for status in statuses)})
    assert run.verdict == verdict
    assert run.model_copy(update={"outcome": "inconclusive"}).verdict == "inconclusive"


def test_a_breach_outranks_a_graver_doubt() -> None:
    doubt, breach = finding(status="cannot_tell"), finding(severity="minor")
    assert worst([doubt, breach]) == breach
    assert worst([]) is None


def test_each_quote_is_marked_once_and_linked_both_ways() -> None:
    case = Case(
        played=played(), score=score(finding(), finding(rule="us.urgency", quote="Pay today", severity="major"))
    )
    page = Page(render([case], RUN, {"hale": persona()}))
    assert page.marked == ["Pay today", THREAT]
    links = page.values("href")
    assert links.count("#t1-f1") == links.count("#t1-f2") == 1
    assert {link.removeprefix("#") for link in links} <= set(page.values("id"))
    assert len(page.values("id")) == len(set(page.values("id")))


def test_a_rule_broken_twice_with_the_same_words_marks_both_places() -> None:
    case = Case(played=played(), score=score(finding(), finding()))
    assert Page(render_talk(case)).marked == [THREAT, THREAT]


def test_overlapping_quotes_are_cut_where_they_begin_and_end() -> None:
    first, second = finding(quote="today or you will"), finding(quote="you will be", rule="us.other", severity="minor")
    numbered = number_findings(Case(played=played(), score=score(first, second)))
    pieces = [
        (p.text, [n.number for n in p.covered_by], [n.number for n in p.ends]) for p in cut(TURNS[2][1], numbered)
    ][:5]
    assert pieces == [
        ("Pay ", [], []),
        ("today or ", [1], []),
        ("you will", [1, 2], [1]),
        (" be", [2], [2]),
        (f" arrested tomorrow. I mean it: {THREAT}.", [], []),
    ]
    assert "".join(p.text for p in cut(TURNS[2][1], numbered)) == TURNS[2][1]


def test_a_quote_that_is_not_there_and_a_duty_left_unsaid_mark_nothing() -> None:
    case = Case(
        played=played(), score=score(finding(quote="never said"), finding(quote="", rule="us.notice", severity="major"))
    )
    page = Page(render_talk(case))
    assert page.marked == []
    assert "Left unsaid" in page.words
    assert [n.found for n in number_findings(case)] == [False, True]
    assert "not found word for word" in page.words


def test_nothing_that_people_say_becomes_markup() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
    case = Case(
        played=played(((("agent"), f"Hello {evil}"), ("borrower", evil)), agent=evil, borrower=evil, failure=evil),
        score=score(
            finding(turn=0, quote=evil, rule=evil, citation=evil, why=evil),
            unscored=f"legal {evil}",
            decided_by={evil: evil},
        ),
    )
    run = RUN.model_copy(
        update={"suite": evil, "run_id": evil, "versions": {evil: evil}, "gates": (gate(evil, "failed", evil),)}
    )
    html = render([case], run, {evil: persona(name=evil, summary=evil)})
    page = Page(html)
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert html.count("<script") == 1  # our own
    assert page.marked == [evil]
    assert "49" not in page.words


def test_nothing_is_fetched_and_only_our_own_script_runs() -> None:
    html = render([Case(played=played(), score=score(finding()))], RUN)
    page = Page(html)
    assert page.values("src") == page.values("style") == []
    assert all(link.startswith("#") for link in page.values("href"))
    assert not re.search(r"url\(|@import|https?:", html)
    policy = next(content for content in page.values("content") if "default-src 'none'" in content)
    for element in ("style", "script"):
        own = re.findall(rf"<{element}>(.*?)</{element}>", html, re.S)
        assert len(own) == 1
        fingerprint = b64encode(sha256(own[0].encode()).digest()).decode()
        assert f"{element}-src 'sha256-{fingerprint}'" in policy


def test_each_part_speaks_its_language() -> None:
    chinese = played(language=Language.ZH_CN)
    taiwan = played(language=Language.ZH_TW)
    html = render(
        [Case(played=p, score=score(finding())) for p in (played(), chinese, taiwan)], RUN, language=Language.ZH_TW
    )
    page = Page(html)
    assert page.values("lang")[0] == "zh-TW"
    assert {"en", "zh-CN", "zh-TW"} <= set(page.values("lang"))
    for word in ("溝通合規報告", "通话内容", "通話內容", "Transcript", "威胁", "威脅"):
        assert word in page.words
    for row in ROWS.values():
        assert all(row)
        assert len({cell.count("{}") for cell in row}) == 1


def test_doubtful_law_is_marked() -> None:
    findings = (
        finding(verified="memory"),
        finding(verified="secondary", rule="us.b"),
        finding(verified="primary", rule="us.c"),
    )
    page = Page(render_talk(Case(played=played(), score=score(*findings))))
    assert page.words.count("unverified") == 1
    assert page.words.count("summary only") == 1


def test_what_was_not_judged_is_said_in_words() -> None:
    bare = score(
        respect=None, clarity=None, total=None, turns=(), unscored="legal, respect, clarity: the judge did not answer"
    )
    page = Page(render([Case(played=played(), score=bare)], RUN))
    assert "None" not in page.words
    assert page.words.count("not judged") >= 6
    assert "an empty list is no praise" in page.words


def test_facts_plan_and_money_come_from_the_persona() -> None:
    plan = Offer(amount=Decimal(120), count=6, period="month", start="the fifteenth")
    view = view_talk(Case(played=played(plan=plan, ending=Ending.FAKE_PROMISE), score=score()), persona(), "t1")
    assert view.plan == "USD 120 a month, 6 times, from the fifteenth"
    assert view.fits is False
    assert view.facts == [
        ("Her hours were cut.", "told"),
        ("She is behind on rent.", "volunteered"),
        ("Her sister could help.", "never_told"),
    ]
    assert view.known == ["local time 14:30", "channel phone", "contacts in 7 days 2", "no: disputed"]
    assert "does not mean to keep it" in Page(render_talk(view.case, persona())).words
    assert view_talk(view.case, None, "t1").facts == [("job", "told"), ("rent", "volunteered")]


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (Offer(in_full=True), "一次结清"),
        (Offer(count=3, period="month"), "未说定金额，共 3 期"),
        (Offer(amount=Decimal("99.5"), period="week"), "每周 99.50"),
    ],
)
def test_offers_are_said_in_the_language_of_the_talk(offer: Offer, said: str) -> None:
    case = Case(played=played(plan=offer, language=Language.ZH_CN), score=score())
    assert view_talk(case, None, "t1").plan == said


def test_the_curve_tells_the_same_to_eye_and_ear() -> None:
    record = played()
    svg = draw_curve(record.opening, record.moments, Words(Language.EN), "c")
    page = Page(svg)
    assert [attrs["class"] for tag, attrs in page.tags if tag == "polyline"] == [
        f"feeling {name}" for name in ("trust", "anger", "anxiety", "patience")
    ]
    lines = [attrs["points"] or "" for tag, attrs in page.tags if tag == "polyline"]
    assert [len(points.split()) for points in lines] == [3, 3, 3, 3]
    assert "Trust: 3.0 at the start, highest 3.4, lowest 1.4, 1.4 at the end." in page.words
    assert dict(page.tags[0][1])["aria-labelledby"] == "c-title c-desc"
    assert [(p.turn, p.feeling, round(p.change, 1)) for p in turning_points(record.opening, record.moments)] == [
        (2, "anger", 2.5)
    ]
    assert draw_curve(record.opening, (), Words(Language.EN), "c") == ""


def test_labels_of_the_curve_do_not_touch() -> None:
    flat = Hidden(trust=0, anger=0, anxiety=0, patience=0)
    moment = Moment(turn=1, heard=(), act=BorrowerAct.SILENT, hidden=flat)
    page = Page(draw_curve(flat, (moment,), Words(Language.EN), "c"))
    heights = sorted(
        float(attrs["y"] or 0) for tag, attrs in page.tags if (attrs.get("class") or "").startswith("label")
    )
    assert len(heights) == 4
    assert min(b - a for a, b in pairwise(heights)) >= 14


def test_a_talk_can_be_shown_alone() -> None:
    html = render_talk(Case(played=played((), moments=(), affordable=""), score=score(turns=())), anchor="mine")
    page = Page(html)
    assert "Nothing was said." in page.words
    assert all(name.startswith("mine") for name in page.values("id"))


def test_a_run_is_written_to_a_file(tmp_path: Path) -> None:
    record = played(borrower="hale")
    planned = [
        Planned(id=name, block="", borrower=borrower, agent="script/threats", dials=record.dials, seed=7)
        for name, borrower in (("x", str(tmp_path / "hale.yaml")), ("y", str(tmp_path / "gone.yaml")))
    ]
    (tmp_path / "hale.yaml").write_text(persona().model_dump_json(), "utf-8")
    run = RunFile(
        id="r1",
        suite=Suite(id="smoke", blocks=(Block(borrowers=("hale",), agents=("script/threats",)),)),
        started="2026-03-02T10:00:00+00:00",
        voice="phrasebook",
        judge="rules",
        seed=7,
        plan=tuple(planned),
    )
    write_report(tmp_path / "report.html", run, [Case(played=record, score=score())], [])
    words = Page((tmp_path / "report.html").read_text("utf-8")).words
    assert "Dana Hale" in words
    assert "of 2 planned" in words
    assert "Inconclusive" in words  # one of the two talks is missing


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_reaches_aa(scheme: str) -> None:
    blocks = re.findall(r"\{([^{}]*--paper: #[^{}]*)\}", style())
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0 if scheme == "light" else 1]))
    inks = (
        "ink",
        "soft",
        "link",
        "good",
        "critical",
        "major",
        "minor",
        "doubt",
        "trust",
        "anger",
        "anxiety",
        "patience",
    )
    pairs = [(ink, ground) for ink in inks for ground in ("paper", "card", "tint")]
    pairs += [(name, f"{name}-bg") for name in ("critical", "major", "minor", "doubt")]
    pairs += [("ink", "critical-bg"), ("ink", "doubt-bg"), ("link", "critical-bg")]
    for ink, ground in pairs:
        bright, dim = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, ground)
