"""borrowersim rules list|show|check."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from borrowersim.errors import UsageError
from borrowersim.talk import Jurisdiction
from borrowersim_app.cli.codes import FAILED, PASSED
from borrowersim_app.cli.common import paper
from borrowersim_app.cli.show import DISCLAIMER
from borrowersim_evals.rules.examples import Failed, failed_examples
from borrowersim_evals.rules.own import merged, read_own
from borrowersim_evals.rules.pack import Pack, Rule
from borrowersim_evals.rules.packs import all_packs, pack_for

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The rules of law: list, show, check."
)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
VERIFIED = {"primary": "text read", "secondary": "summary only", "memory": "unverified"}


@app.command("list", epilog="Example: borrowersim rules list --jurisdiction us")
def list_(
    jurisdiction: Annotated[Jurisdiction | None, typer.Option(help="Only this law.")] = None,
    as_json: Json = False,
) -> None:
    """List the rules with severity, citation and how far the law was verified."""
    packs = _packs(jurisdiction)
    if as_json:
        keys = {"id", "citation", "kind", "severity", "statement", "statement_local", "verified"}
        rows = [rule.model_dump(mode="json", include=keys) for pack in packs for rule in pack.rules]
        paper.print_json(data=rows, ensure_ascii=False)
        return
    table = Table("rule", "severity", "verified", "citation", "what")
    for pack in packs:
        for rule in pack.rules:
            said = rule.says(pack.language)
            table.add_row(rule.id, rule.severity, VERIFIED[rule.verified], rule.citation, said)
    paper.print(table)
    paper.print(DISCLAIMER)


def _packs(jurisdiction: Jurisdiction | None) -> list[Pack]:
    if jurisdiction is None:
        return all_packs()
    pack = pack_for(jurisdiction)
    if pack is None:
        known = ", ".join(p.jurisdiction for p in all_packs())
        raise UsageError(f"there is no rule pack for {jurisdiction} yet; there are packs for: {known}")
    return [pack]


@app.command(epilog="Example: borrowersim rules show us.fdcpa.1692e-4")
def show(rule: Annotated[str, typer.Argument(help="Id of a rule.")], as_json: Json = False) -> None:
    """Show one rule whole, with what it catches and what it lets pass."""
    pack, found = _find(rule)
    if as_json:
        paper.print_json(found.model_dump_json())
        return
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("rule", found.id),
        ("law", f"{found.citation} ({VERIFIED[found.verified]}; checked {pack.checked})"),
        ("severity", found.severity),
        ("says", found.statement),
        ("", found.statement_local),
        ("note", found.note),
        *(("caught", example.text) for example in found.hits),
        *(("let pass", example.text) for example in found.near_misses),
    ):
        if value:
            table.add_row(f"[dim]{label}[/dim]", value)
    paper.print(table)
    paper.print(DISCLAIMER)


@app.command(epilog="Example: borrowersim rules check house.yaml")
def check(
    file: Annotated[Path | None, typer.Argument(help="A file of your own rules; without it, every pack.")] = None,
    as_json: Json = False,
) -> None:
    """Check rules: fields, expressions, and that each rule catches its hits and lets its near-misses pass."""
    failed = [f.model_dump() for f in (_own_failures(file) if file else _pack_failures())]
    if as_json:
        paper.print_json(data=failed, ensure_ascii=False)
    else:
        for row in failed:
            said = f"{row['rule']}: expected {row['expected']}, found {row['found']}: {row['example']}"
            paper.print(said, markup=False, soft_wrap=True)
        paper.print(f"{len(failed)} examples come out otherwise than written" if failed else "all examples come out")
    raise typer.Exit(FAILED if failed else PASSED)


def _own_failures(file: Path) -> tuple[Failed, ...]:
    own = read_own(file)
    pack = pack_for(own.jurisdiction)
    if pack is None:
        raise UsageError(f"there is no rule pack for {own.jurisdiction} that rules could be added to")
    return failed_examples(merged(pack, own), frozenset(rule.id for rule in own.rules))


def _pack_failures() -> tuple[Failed, ...]:
    return tuple(failed for pack in all_packs() for failed in failed_examples(pack))


def _find(rule_id: str) -> tuple[Pack, Rule]:
    for pack in all_packs():
        for rule in pack.rules:
            if rule.id == rule_id:
                return pack, rule
    raise UsageError(f"no rule {rule_id!r}; see `borrowersim rules list`")
