"""borrowersim learners: who may practise, how they get on, what they are to do."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer
from rich.table import Table

from borrowersim.documents import check
from borrowersim.errors import UsageError
from borrowersim.persona import persona_named
from borrowersim_app.cli.common import paper, screen
from borrowersim_app.cli.stored import StoreUrl, store_url
from borrowersim_app.learners import DEFAULT, VARIABLE, Learner, Role, RollFile, clean_name, hash_of, same
from borrowersim_evals.assignment import Assignment, AssignmentState, Task, parse_task, state_of
from borrowersim_evals.measures import PASS_MARK
from borrowersim_evals.practice_export import practices_csv
from borrowersim_evals.progress import Member, team_of
from borrowersim_evals.store.practices import PracticeStore

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Learners, their calls, their assignments."
)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Roll = Annotated[
    Path | None,
    typer.Option("--file", help=f"YAML file of names and password hashes. Default: ${VARIABLE}, else {DEFAULT}."),
]
Name = Annotated[str, typer.Argument(help="The learner's name.")]


class TableKind(StrEnum):
    """What practices can be exported as."""

    CSV = "csv"
    JSONL = "jsonl"


def roll_file(given: Path | None) -> RollFile:
    """Return the roll: as given, from the environment, or the file in this folder."""
    return RollFile(given or Path(os.environ.get(VARIABLE) or DEFAULT))


@app.command("list", epilog="Example: borrowersim learners list")
def list_(file: Roll = None, store: StoreUrl = None, as_json: Json = False) -> None:
    """List everybody on the roll or with calls: how many, how good, how it moves."""
    roll, book = roll_file(file).read(), PracticeStore(store_url(store))
    members = team_of([learner.name for learner in roll.learners], book.lines(), book.slips())
    roles = {learner.name: learner.role for learner in roll.learners}
    if as_json:
        rows = [_facts(member, roles.get(member.name)) for member in members]
        paper.print_json(data=rows, ensure_ascii=False)
        return
    table = Table("name", "role", "calls", "last active", "good calls", "latest total", "trend", "most frequent breach")
    for member in members:
        table.add_row(*_cells(_facts(member, roles.get(member.name))))
    paper.print(table)


def _facts(member: Member, role: Role | None) -> dict[str, object]:
    """Return one learner's figures; `role` is None for a name that is not on the roll."""
    active = member.active
    return {
        "name": member.name,
        "role": role.value if role else None,
        "calls": member.calls,
        "last_active": None if active is None else datetime.fromtimestamp(active, UTC).isoformat(timespec="seconds"),
        "good_share": member.pass_share,
        "latest_total": member.trend.latest,
        "trend": member.trend.direction,
        "most_frequent_breach": member.worst.rule if member.worst else None,
        "breach_times": member.worst.times if member.worst else 0,
    }


def _cells(facts: dict[str, object]) -> tuple[str, ...]:
    share, latest, active = facts["good_share"], facts["latest_total"], facts["last_active"]
    breach = facts["most_frequent_breach"]
    return (
        str(facts["name"]),
        str(facts["role"] or "not on the roll"),
        str(facts["calls"]),
        str(active)[:16] if active else "never",
        f"{share:.0%}" if isinstance(share, float) else "",
        f"{latest:.0f}" if isinstance(latest, float) else "",
        str(facts["trend"]),
        f"{breach} ({facts['breach_times']})" if breach else "",
    )


@app.command(epilog="Example: borrowersim learners add 'Ana Ruiz' --role learner")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="A coach sees everybody's calls and sets assignments.")] = Role.LEARNER,
    password_env: Annotated[
        str | None, typer.Option(help="Environment variable that holds the password; without it you are asked.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Give a known name a new password and role.")] = False,
    file: Roll = None,
) -> None:
    """Let somebody use the page; the file keeps only a hash of the password."""
    roll, cleaned = roll_file(file), clean_name(name)
    if roll.read().find(cleaned) and not replace:
        raise UsageError(f"{cleaned!r} is in {roll.path} already; --replace gives a new password and role")
    hashed = hash_of(_password(password_env, cleaned))
    roll.put(Learner(name=cleaned, role=role, password=hashed), replace=replace)
    screen.print(f"{cleaned} ({role}) is in {roll.path}", markup=False, soft_wrap=True)


def _password(variable: str | None, name: str) -> str:
    """Return the password from the environment, or ask for it twice."""
    if variable is None:
        asked: str = typer.prompt(f"password for {name}", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    password = os.environ.get(variable)
    if not password:
        raise UsageError(f"the environment variable {variable} is empty; set it to the password of {name}")
    return password


@app.command(epilog="Example: borrowersim learners forget 'Ana Ruiz'")
def forget(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    file: Roll = None,
    store: StoreUrl = None,
) -> None:
    """Delete all that a learner said and how it was judged, their name in assignments, and their way in."""
    roll, book = roll_file(file), PracticeStore(store_url(store))
    known = _known(name, roll, book)
    calls = len(book.lines(known))
    if not yes:
        typer.confirm(f"delete {known} and {calls} calls for good?", abort=True, err=True)
    book.forget(known)
    roll.remove(known)
    screen.print(f"{known} is forgotten: {calls} calls deleted", markup=False, soft_wrap=True)


def _known(name: str, roll: RollFile, book: PracticeStore) -> str:
    """Return a name as it is kept; raise UsageError when nobody has it."""
    cleaned = clean_name(name)
    names = [learner.name for learner in roll.read().learners] + book.learners()
    found = next((known for known in names if same(known, cleaned)), None)
    if found is None:
        raise UsageError(f"there is no learner {cleaned!r}; `borrowersim learners list` shows who there is")
    return found


@app.command(epilog="Example: borrowersim learners export calls.csv --learner 'Ana Ruiz'")
def export(
    out: Annotated[Path, typer.Argument(help="File to write.")],
    learner: Annotated[str | None, typer.Option(help="Only this learner's calls. Default: everybody's.")] = None,
    kind: Annotated[
        TableKind, typer.Option("--as", help="csv: a row a call, for a spreadsheet; jsonl: everything, word for word.")
    ] = TableKind.CSV,
    file: Roll = None,
    store: StoreUrl = None,
) -> None:
    """Write calls to a file."""
    book = PracticeStore(store_url(store))
    name = None if learner is None else _known(learner, roll_file(file), book)
    if kind is TableKind.CSV:
        lines = book.lines(name)
        out.write_text(practices_csv(lines, book.slips(name)), "utf-8", newline="")
        number = len(lines)
    else:
        number = _write_whole(out, book, book.learners() if name is None else [name])
    screen.print(f"{number} calls in {out}", markup=False, soft_wrap=True)


def _write_whole(out: Path, book: PracticeStore, names: Sequence[str]) -> int:
    number = 0
    with out.open("w", encoding="utf-8") as sink:
        for name in names:
            for record in book.practices(name):
                sink.write(record.model_dump_json() + "\n")
                number += 1
    return number


@app.command(
    epilog="Example: borrowersim learners assign 'First week' --borrower us-maria-delgado@7/5 "
    "--borrower us-darren-cole --due 2026-12-04 --to 'Ana Ruiz'"
)
def assign(
    title: Annotated[str, typer.Argument(help="What the learners read.")],
    borrower: Annotated[
        list[str], typer.Option(help="A call to make: ID, or ID@RESISTANCE/STRESS for other dials; repeatable.")
    ],
    pass_mark: Annotated[float, typer.Option(min=0, max=100, help="Least total of each call.")] = PASS_MARK,
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.")] = None,
    to: Annotated[list[str] | None, typer.Option(help="For this learner; repeatable. Default: everybody.")] = None,
    by: Annotated[str, typer.Option(help="Who sets it, as the learners read it.")] = "coach",
    file: Roll = None,
    store: StoreUrl = None,
    as_json: Json = False,
) -> None:
    """Set an assignment: calls to make, how well, by when."""
    roll, book = roll_file(file), PracticeStore(store_url(store))
    facts = {
        "id": f"a{SystemRandom().randrange(16**8):08x}",
        "title": " ".join(title.split()),
        "by": by,
        "made": datetime.now(UTC),
        "tasks": tuple(_task(text) for text in borrower),
        "pass_mark": pass_mark,
        "due": due.date() if due else None,
        "learners": tuple(_known(name, roll, book) for name in to or ()),
    }
    assignment = check(Assignment, facts, "the assignment")
    book.assign(assignment)
    if as_json:
        paper.print_json(assignment.model_dump_json(), ensure_ascii=False)
    else:
        screen.print(f"assignment {assignment.id}: {_whom(assignment)}", markup=False, soft_wrap=True)


def _task(text: str) -> Task:
    task = parse_task(text)
    return task.model_copy(update={"borrower": persona_named(task.borrower).id})


def _whom(assignment: Assignment) -> str:
    return f"{len(assignment.tasks)} calls for {', '.join(assignment.learners) or 'everybody'}"


@app.command(epilog="Example: borrowersim learners assignments")
def assignments(file: Roll = None, store: StoreUrl = None, as_json: Json = False) -> None:
    """List the assignments with how far each learner is, the newest first."""
    roll, book = roll_file(file).read(), PracticeStore(store_url(store))
    names = [learner.name for learner in roll.learners if learner.role is Role.LEARNER]
    everybody = sorted({*names, *book.learners()})
    lines, today = book.lines(), datetime.now(UTC).astimezone().date()
    states = {
        one.id: [state_of(one, name, lines, today) for name in one.learners or everybody] for one in book.assignments()
    }
    if as_json:
        rows = [_assignment_facts(one, states[one.id]) for one in book.assignments()]
        paper.print_json(data=rows, ensure_ascii=False)
        return
    table = Table("id", "title", "due", "pass mark", "learner", "calls", "standing")
    for one in book.assignments():
        for state in states[one.id]:
            table.add_row(*_state_cells(one, state))
    paper.print(table)


def _assignment_facts(assignment: Assignment, states: Sequence[AssignmentState]) -> dict[str, object]:
    progress = [{"learner": s.learner, "passed": s.passed, "of": len(s.tasks), "standing": s.standing} for s in states]
    return {**assignment.model_dump(mode="json"), "progress": progress}


def _state_cells(assignment: Assignment, state: AssignmentState) -> tuple[str, ...]:
    due: date | None = assignment.due
    return (
        assignment.id,
        assignment.title,
        due.isoformat() if due else "",
        f"{assignment.pass_mark:g}",
        state.learner,
        f"{state.passed}/{len(state.tasks)}",
        state.standing,
    )


@app.command(epilog="Example: borrowersim learners withdraw a1b2c3d4")
def withdraw(
    id: Annotated[str, typer.Argument(help="Id of the assignment; `learners assignments` lists them.")],
    store: StoreUrl = None,
) -> None:
    """Take an assignment back; the calls made for it stay."""
    PracticeStore(store_url(store)).withdraw(id)
    screen.print(f"assignment {id} is taken back", markup=False, soft_wrap=True)
