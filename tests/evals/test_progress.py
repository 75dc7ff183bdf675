"""Progress: directions, repeated mistakes, a team in figures, assignments, the table for a spreadsheet."""

import csv
import io
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from borrowersim.errors import UsageError
from borrowersim.persona import Dials
from borrowersim_evals.assignment import Assignment, Task, parse_task, passes, state_of
from borrowersim_evals.practice import PracticeRecord
from borrowersim_evals.practice_export import COLUMNS, harmless, practices_csv
from borrowersim_evals.practice_lines import PracticeLine, line_of, slips_of
from borrowersim_evals.progress import common_mistakes, mistakes_of, pass_share, team_of, trend_of
from tests.evals.practising import ARREST, START, breach, practice


def lines(*records: PracticeRecord) -> list[PracticeLine]:
    return [line_of(record) for record in records]


def series(*totals: float | None) -> list[PracticeLine]:
    return lines(*(practice(f"p{day}", day=day, total=total) for day, total in enumerate(totals)))


def test_a_trend_compares_the_latest_calls_with_those_before() -> None:
    trend = trend_of(series(10, 20, 60, 70), "total")
    assert (trend.earlier, trend.latest, trend.direction) == (15, 65, "better")
    assert [point.value for point in trend.points] == [10, 20, 60, 70]
    assert trend_of(series(70, 60, 20, 10), "total").direction == "worse"
    assert trend_of(series(70, 71, 70, 72), "total").direction == "level"


def test_a_trend_looks_at_five_calls_on_each_side_at_most() -> None:
    trend = trend_of(series(*[0] * 10, *[50] * 5, *[90] * 5), "total")
    assert (trend.earlier, trend.latest) == (50, 90)


def test_few_calls_have_no_direction() -> None:
    assert trend_of([], "total").direction == "unknown"
    trend = trend_of(series(10, 50, 90), "total")
    assert (trend.latest, trend.earlier, trend.direction) == (90, None, "unknown")


def test_rewound_open_and_unscored_calls_are_not_in_a_trend() -> None:
    mixed = lines(
        practice("p1", total=50),
        practice("p2", day=1, total=90, parent="p1", parent_turns=1),
        practice("p3", day=2, judged=False),
        practice("p4", day=3, total=None),
    )
    assert [point.practice for point in trend_of(mixed, "total").points] == ["p1"]


def test_fewer_critical_breaches_are_better() -> None:
    bad, good = (breach(),), ()
    falling = [practice(f"p{day}", day=day, breaches=bad if day < 2 else good) for day in range(4)]
    assert trend_of(lines(*falling), "critical").direction == "better"
    rising = [practice(f"p{day}", day=day, breaches=good if day < 2 else bad) for day in range(4)]
    assert trend_of(lines(*rising), "critical").direction == "worse"


def test_mistakes_that_still_happen_come_before_those_that_were_more() -> None:
    old = (breach(0, "us.old", "minor"), breach(2, "us.old", "minor"))
    records = [practice("p0", breaches=old), *(practice(f"p{day}", day=day) for day in range(1, 6))]
    records.append(practice("p6", day=6, breaches=(breach(quote="jail again"),)))
    slips = [slip for record in records for slip in slips_of(record)]
    first, second = mistakes_of(slips, lines(*records))
    assert (first.rule, first.times, first.lately, first.last.quote) == (ARREST, 1, 1, "jail again")
    assert (second.rule, second.times, second.calls, second.lately) == ("us.old", 2, 1, 0)
    assert second.last.turn == 2


def test_a_critical_breach_fails_a_call_whatever_its_total() -> None:
    good, low, unlawful = lines(practice(total=60), practice(total=59.9), practice(total=99, breaches=(breach(),)))
    assert [passes(line) for line in (good, low, unlawful)] == [True, False, False]
    assert pass_share([good, low, unlawful]) == pytest.approx(1 / 3)
    assert pass_share(lines(practice(total=None))) is None


def test_a_team_holds_those_without_calls_and_those_off_the_roll() -> None:
    records = [practice("p1", breaches=(breach(), breach(2))), practice("q1", learner="Zed", day=2, total=20)]
    slips = [slip for record in records for slip in slips_of(record)]
    ana, ben, zed = team_of(["Ben", "Ana"], lines(*records), slips)
    assert (ana.name, ana.calls, ana.worst and (ana.worst.rule, ana.worst.times)) == ("Ana", 1, (ARREST, 2))
    assert (ben.calls, ben.active, ben.pass_share, ben.worst) == (0, None, None, None)
    assert zed.active == (START + timedelta(days=2, minutes=5)).timestamp()
    assert zed.pass_share == 0


def test_what_most_learners_break_comes_first() -> None:
    records = [
        practice(learner="Ana", breaches=(breach(0, "us.a"), breach(2, "us.a"))),
        practice(learner="Ben", breaches=(breach(0, "us.b"),)),
        practice(learner="Zed", breaches=(breach(0, "us.b"),)),
    ]
    slips = [slip for record in records for slip in slips_of(record)]
    assert common_mistakes(slips) == [("us.b", 2, 2), ("us.a", 1, 2)]


TASKS = (Task(borrower="us-maria-delgado", resistance=7, financial_stress=4), Task(borrower="us-darren-cole"))
WORK = Assignment(id="a1", title="Week", by="Kim", made=START, tasks=TASKS, due=date(2026, 11, 5))


def maria(id: str = "m", day: float = 1, total: float = 80, **more: object) -> PracticeRecord:
    facts: dict[str, object] = {"dials": (7, 4), "assignment": "a1"}
    return practice(id, "Ana", day, total=total, **(facts | more))  # type: ignore[arg-type]


def darren(day: float = 1) -> PracticeRecord:
    return practice("d", "Ana", day, borrower="us-darren-cole", assignment="a1")


def test_an_assignment_is_done_when_each_call_passed_in_time() -> None:
    state = state_of(WORK, "Ana", lines(maria(), darren(3)), date(2026, 11, 9))
    assert (state.passed, state.standing) == (2, "done")
    assert state_of(WORK, "Ana", lines(maria(), darren(4)), date(2026, 11, 9)).standing == "late"
    assert state_of(WORK, "Ana", lines(maria()), date(2026, 11, 5)).standing == "open"
    assert state_of(WORK, "Ana", lines(maria()), date(2026, 11, 6)).standing == "overdue"
    endless = WORK.model_copy(update={"due": None})
    assert state_of(endless, "Ana", [], date(2030, 1, 1)).standing == "open"


@pytest.mark.parametrize(
    "made_otherwise",
    [
        {"dials": (6.5, 4)},
        {"dials": (7, 3)},
        {"assignment": ""},
        {"parent": "m0", "parent_turns": 1},
        {"judged": False},
        {"borrower": "us-kayla-brooks"},
    ],
)
def test_an_easier_rewound_or_other_call_does_not_count(made_otherwise: dict[str, object]) -> None:
    state = state_of(WORK, "Ana", lines(maria(**made_otherwise)), date(2026, 11, 4))
    assert state.tasks[0].tries == 0
    assert state_of(WORK, "Ana", lines(maria()), date(2026, 11, 4)).tasks[0].tries == 1


def test_a_harder_call_counts_and_the_best_clean_try_is_shown() -> None:
    tries = lines(
        maria("m1", total=30), maria("m2", total=55, dials=(9, 9)), maria("m3", total=95, breaches=(breach(),))
    )
    task = state_of(WORK, "Ana", tries, date(2026, 11, 4)).tasks[0]
    assert (task.tries, task.best, task.passed_on) == (3, 55, None)
    assert state_of(WORK, "Ben", tries, date(2026, 11, 4)).tasks[0].tries == 0


def test_a_task_sets_only_the_dials_it_names() -> None:
    own = Dials(resistance=2, financial_stress=3, hostility=9)
    assert Task(borrower="x", resistance=8).dials(own) == own.model_copy(update={"resistance": 8})
    assert parse_task(" us-x@7/4.5 ") == Task(borrower="us-x", resistance=7, financial_stress=4.5)
    assert parse_task("us-x") == Task(borrower="us-x")


@pytest.mark.parametrize("text", ["us-x@", "us-x@7", "us-x@a/b", "us-x@11/4", "us-x@1/2/3"])
def test_levels_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="BORROWER@RESISTANCE/STRESS"):
        parse_task(text)


def test_an_assignment_lists_each_borrower_once_and_at_least_one() -> None:
    with pytest.raises(ValidationError, match="listed twice"):
        Assignment(id="a", title="t", by="k", made=START, tasks=(TASKS[0], TASKS[0]))
    with pytest.raises(ValidationError, match="at least 1 item"):
        Assignment(id="a", title="t", by="k", made=START, tasks=())


def test_the_table_has_a_row_a_call_and_runs_nothing() -> None:
    evil = "=cmd|' /C calc'!A0"
    records = [practice("p1", learner=evil, breaches=(breach(),), borrower="@SUM(1)"), practice("p2", learner="陈静")]
    slips = [slip for record in records for slip in slips_of(record)]
    text = practices_csv(lines(*records), slips)
    assert text.startswith("\ufefflearner,id,")
    first, second = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert tuple(first) == COLUMNS
    assert (first["learner"], first["borrower"], first["rules_broken"]) == (f"'{evil}", "'@SUM(1)", ARREST)
    assert (second["learner"], second["total"], second["judged"]) == ("陈静", "80.0", "True")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_that_looks_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ana", "", "us-x", 5.5, -3.0, None, True, "a=b"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell
