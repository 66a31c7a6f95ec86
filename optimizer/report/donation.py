"""The page of a gift: what to give, what it saves, and every lot's choices."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.problem import Problem
from optimizer.questions.donate import Donation, LotChoices
from optimizer.report.figures import CENT, change, dollars, listed, plain
from optimizer.report.layout import figure_table
from optimizer.report.page import heading, proof_and_notes, section, trades
from optimizer.report.verdict import proof


def donation_page(answer: Donation, problem: Problem | None, width: int) -> Iterator[RenderableType]:
    """From the sentence that answers the question down to the proof."""
    plan = answer.plan
    yield from heading(plan, f"A gift of {dollars(answer.amount)}")
    yield Text(_give(answer))
    yield Text(_saved(answer))
    if plan.tax.agrees:
        yield Text(proof(plan))
    yield from section("The gift, in whole dollars")
    yield from trades(plan, problem, width)
    yield from section("What each lot is worth, in dollars above or below its market value")
    yield _table(answer)
    yield Text(
        "Each lot by itself, for the shares the gift could use, everything else of the year untouched: this year's tax by the"
        " ledger, half-spreads, and later tax at the outlook's price. Donate is counted against giving cash. Harvest sells at a"
        " loss and buys something else in its place. Step-up is holding until death, which settles gain and loss at nothing; it"
        " is not ranked, because nobody decides it today. A lot at a loss is never given: sell it and give the cash."
        " An asterisk marks a lot held short-term.",
        style="dim",
    )
    yield from proof_and_notes(plan)


def _give(answer: Donation) -> str:
    gifts = [f"{plain(g.symbol)} bought {g.acquired} ({dollars(g.value)})" for g in answer.plan.gifts]
    cash = sum((flow.amount for flow in answer.plan.flows if flow.kind == "cash gift"), Decimal(0))
    if cash >= CENT:
        gifts.append(f"{dollars(cash)} in cash")
    return f"Give {listed(gifts)}." if gifts else "There is nothing to give."


def _saved(answer: Donation) -> str:
    told = []
    if answer.saved_against_cash is not None:
        told.append(
            f"Against a gift in cash that saves {dollars(answer.saved_against_cash)}, later years counted at today's value."
        )
    if answer.next_best and answer.next_best_costs is not None:
        told.append(
            f"The next best, giving {plain(answer.next_best)} in its place, would cost {dollars(answer.next_best_costs)} more."
        )
    return " ".join(told)


def _table(answer: Donation) -> Table:
    table = figure_table("Lot", "Value", "Gain", "Sell", "Donate", "Harvest", "Hold", "Step-up")
    table.add_column("Best, and by how much", no_wrap=True)
    for row in answer.lots:
        table.add_row(*_cells(row), style="bold" if row.given else "")
    return table


def _cells(row: LotChoices) -> tuple[str, ...]:
    name = f"{plain(row.symbol)} {row.acquired}{'' if row.term == 'long' else ' *'}"
    options = (row.sell, row.donate, row.harvest, row.hold, row.hold_for_step_up)
    figures = ("–" if option is None else change(option) for option in options)
    return name, dollars(row.value), change(row.gain), *figures, f"{row.best}, {_by(row.between)} over {row.runner_up}"


def _by(amount: Decimal) -> str:
    return dollars(amount) if amount >= 1 else dollars(amount, CENT)
