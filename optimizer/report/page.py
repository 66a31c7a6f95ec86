"""What the pages of all answers share: how they are printed, their heading, and a plan's trades and proof in short."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from optimizer.plan import BuyBan, Plan
from optimizer.problem import Problem
from optimizer.report.costs import certificate_text, ledger_text
from optimizer.report.figures import day, dollars, plain
from optimizer.report.layout import whole_width
from optimizer.report.lines import blocks_of
from optimizer.report.reinvesting import reinvestment_lines
from optimizer.report.trades import trades_section, width_needed
from optimizer.report.verdict import disowned

NO_ADVICE = "This is arithmetic on what you entered, not tax advice; check it with your preparer before trading."


def print_page(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print parts under each other, wider than the window where a figure would be cut short, without blanks at the right."""
    before = console.width
    with console.capture() as page:
        for part in parts:
            console.width = max(before, whole_width(part, console) if isinstance(part, Table) else 0)
            console.print(part)
    console.width = before
    console.file.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))
    console.file.flush()


def heading(plan: Plan, title: str) -> Iterator[RenderableType]:
    """The household, the day and the question."""
    yield Text()
    yield Text.assemble((plain(plan.household), "bold"), f", {day(plan.as_of)}, {dollars(plan.value_before)}")
    yield Text(title, style="bold")
    yield Rule(style="dim")
    if not plan.tax.agrees:
        yield Text(disowned(plan), style="bold red")


def section(title: str) -> Iterator[RenderableType]:
    """A heading inside the page."""
    yield Text()
    yield Rule(Text(title, style="bold"), align="left", style="dim")


def trades(plan: Plan, problem: Problem | None, width: int) -> Iterator[RenderableType]:
    """The plan's trades in the accounts that trade."""
    busy = tuple(row for row in plan.cash if blocks_of(plan, row.account))
    if not busy:
        yield Text("There is nothing to trade.")
        return
    yield from trades_section(plan.model_copy(update={"cash": busy}), problem, max(width, width_needed(plan)))


def proof_and_notes(plan: Plan) -> Iterator[RenderableType]:
    """The certificate, the ledger's word, bans and notes."""
    yield from section("Proof and notes")
    yield certificate_text(plan)
    yield ledger_text(plan)
    for (until, reason), bans in groupby(sorted(plan.buy_bans, key=_ending), key=_ending):
        symbols = ", ".join(plain("/".join(ban.symbols)) for ban in bans)
        yield Text(f"- Do not buy until {day(until)}, reinvested dividends included: {symbols} ({plain(reason)}).")
    for note in (*reinvestment_lines(plan), *plan.notes, NO_ADVICE):
        yield Text(f"- {plain(note)}")


def _ending(ban: BuyBan) -> tuple[date, str]:
    return ban.until, ban.reason
