"""The page of a withdrawal: from where, what it costs, and the next best source."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.problem import Problem
from optimizer.questions.withdraw import Withdrawal
from optimizer.report.figures import cents, dollars, listed, plain
from optimizer.report.layout import figure_table
from optimizer.report.page import heading, proof_and_notes, section, trades
from optimizer.report.verdict import proof


def withdrawal_page(answer: Withdrawal, problem: Problem | None, width: int) -> Iterator[RenderableType]:
    """From the sentence that answers the question down to the proof."""
    plan = answer.plan
    yield from heading(plan, f"{dollars(answer.asked)} {'after' if answer.is_net else 'before'} tax")
    used = [f"{dollars(row.amount)} from {plain(row.account)}" for row in answer.sources if row.amount >= 1]
    yield Text(f"Take {listed(used)}.")
    yield Text(_tax(answer))
    yield Text(_runner_up(answer))
    if plan.tax.agrees:
        yield Text(proof(plan))
    yield from section("The withdrawal, in whole dollars")
    yield from trades(plan, problem, width)
    yield from section("Other sources for the same money")
    yield _table(answer)
    yield Text(
        "Dollars that the same money, after tax where it was asked for after tax, would cost more: tax now and later, trading,"
        " and the outlook's price of where things are held. A dash: the money does not reach.",
        style="dim",
    )
    yield from proof_and_notes(plan)


def _tax(answer: Withdrawal) -> str:
    tax = answer.added_tax
    way = "adds" if tax >= 0 else "takes"
    to = "to" if tax >= 0 else "off"
    opening = f"It {way} {cents(abs(tax))} {to} this year's tax"
    left = f"{cents(answer.before_tax)} before tax is {cents(answer.after_tax)} after it"
    cost = answer.cost
    whole = f"costs {dollars(cost)}" if cost >= 0 else f"saves {dollars(-cost)}"
    return f"{opening}: {left}. With later years at today's value it {whole}."


def _runner_up(answer: Withdrawal) -> str:
    told = []
    if answer.runner_up and answer.runner_up_costs is not None:
        used = max((row for row in answer.sources if row.amount > 0), key=lambda row: row.amount)
        without = f"Without {plain(used.account)}, from {plain(answer.runner_up)}"
        told.append(f"{without}, it would cost {dollars(answer.runner_up_costs)} more.")
    if answer.next_lot and answer.next_lot_costs is not None:
        instead = f"{plain(answer.next_lot)} in place of {plain(answer.next_lot_instead_of)}"
        told.append(f"The next best lot, {instead}, would cost {cents(answer.next_lot_costs)} more.")
    return " ".join(told) or "There is no other source."


def _table(answer: Withdrawal) -> Table:
    table = figure_table("Account", "Taken", "Sold", "Without it", "From it alone")
    for row in answer.sources:
        more = [_more(row.without_it_costs), _more(row.alone_costs)]
        table.add_row(plain(row.account), dollars(row.amount), dollars(row.sold), *more)
    return table


def _more(amount: Decimal | None) -> str:
    return "–" if amount is None else f"+{dollars(amount)}" if amount >= Decimal("0.5") else "$0"
