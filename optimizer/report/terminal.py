"""The plan as one page for the terminal, calm enough to show a client."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import TextIO

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from optimizer.plan import BuyBan, Plan
from optimizer.problem import Problem
from optimizer.report.bands import bands_section
from optimizer.report.benchmark import benchmark_section
from optimizer.report.costs import costs_section
from optimizer.report.explanation import rules_table, wish_lines
from optimizer.report.figures import day, dollars, plain
from optimizer.report.layout import whole_width
from optimizer.report.levers import levers_section
from optimizer.report.reinvesting import reinvestment_lines
from optimizer.report.trades import trades_section, width_needed
from optimizer.report.verdict import verdict

NO_ADVICE = "This is arithmetic on what you entered, not tax advice; check it with your preparer before trading."

NARROWEST, USUAL, WIDEST = 50, 100, 120


def page_console(stream: TextIO) -> Console:
    """A console as wide as the page reads well: the terminal's width within limits, and the usual one into a pipe."""
    measured = Console(file=stream, highlight=False)
    piped = not measured.is_terminal and "COLUMNS" not in os.environ
    wanted = USUAL if piped else min(max(measured.width, NARROWEST), WIDEST)
    return Console(file=stream, width=wanted, highlight=False, soft_wrap=False, emoji=False, markup=False)


def show_plan(plan: Plan, console: Console, problem: Problem | None = None, elapsed_seconds: float | None = None) -> None:
    """Print the plan from the sentence everybody reads down to the numbers few people check.

    Parameters
    ----------
    plan : the answer.
    console : where it goes; its width decides what stands side by side.
    problem : the question, which knows the accounts' names; their ids are shown without it.
    elapsed_seconds : how long the answer took; left out of the page when None.
    """
    with console.capture() as page:
        _headline(plan, console)
        _section(console, "Bands, in % of the household")
        _put(console, bands_section(plan, console.width, console.options.ascii_only))
        if plan.tracking is not None:
            _section(console, "Benchmark")
            _put(console, benchmark_section(plan.tracking))
        _section(console, "Trades, in whole dollars")
        with _at_least(console, width_needed(plan)):
            _put(console, trades_section(plan, problem, console.width))
        _section(console, "What it costs")
        _put(console, costs_section(plan))
        if plan.comparison is not None:
            _section(console, "What each lever saved")
            _put(console, levers_section(plan.comparison, console.width))
        if plan.lot_orders:
            _section(console, "What each wish costs")
            _put(console, wish_lines(plan))
            _section(console, "The same shares sold by a simpler rule")
            _put(console, [rules_table(plan)])
        _closing(plan, console, elapsed_seconds)
    # Tables are filled up with blanks on the right, which do no good in a pipe or in a page that quotes them.
    console.file.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))
    console.file.flush()


def _headline(plan: Plan, console: Console) -> None:
    line = Table.grid(expand=True)
    line.add_column()
    line.add_column(justify="right", no_wrap=True)
    facts = f"{day(plan.as_of)}, tax year {plan.tax_year}, {dollars(plan.value_before)}"
    name = Text(plain(plan.household), style="bold")
    console.print()
    if len(facts) + 20 > console.width:
        console.print(name, Text(facts), sep="\n")
    else:
        line.add_row(name, Text(facts))
        console.print(line)
    console.print(Rule(characters="-" if console.options.ascii_only else "─", style="dim"))
    for sentence in verdict(plan):
        console.print(Text(sentence))


def _put(console: Console, parts: Iterable[RenderableType]) -> None:
    for part in parts:
        with _at_least(console, whole_width(part, console) if isinstance(part, Table) else 0):
            console.print(part)


@contextmanager
def _at_least(console: Console, width: int) -> Iterator[None]:
    """Print wider than the window for a moment: a figure cut short is worse than a line that the terminal breaks."""
    before = console.width
    console.width = max(before, width)
    try:
        yield
    finally:
        console.width = before


def _section(console: Console, title: str) -> None:
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", style="dim"))


def _closing(plan: Plan, console: Console, elapsed_seconds: float | None) -> None:
    if plan.buy_bans:
        _section(console, "Do not buy, reinvested dividends included")
        for (until, reason), bans in groupby(sorted(plan.buy_bans, key=_ending), key=_ending):
            groups = ", ".join(plain("/".join(ban.symbols)) for ban in bans)
            text = Text.assemble((f"Until {day(until)}: ", ""), (groups, "bold"), (f" ({plain(reason)})", "dim"))
            console.print(text)
    if plan.reinvestments:
        _section(console, "Reinvested dividends")
        for line in reinvestment_lines(plan):
            console.print(Text(plain(line)))
    _section(console, "Notes")
    bullets = Table.grid(padding=(0, 1, 0, 0))
    for note in (*plan.notes, NO_ADVICE):
        bullets.add_row("-", Text(plain(note)))
    console.print(bullets)
    made = f" in {elapsed_seconds:.1f} s" if elapsed_seconds is not None else ""
    console.print()
    console.print(Text(f"Made{made} by bandwise {plan.version} for problem {plan.problem[:12]}.", style="dim"))


def _ending(ban: BuyBan) -> tuple[date, str]:
    return ban.until, ban.reason
