"""The page of an explanation: every trade with its reason and the next best lot, what wishes cost, simpler rules."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import GiftRow, Plan, SaleRow
from optimizer.report.figures import change, dollars, ended, plain
from optimizer.report.layout import figure_table
from optimizer.report.page import heading, proof_and_notes, section
from optimizer.report.verdict import verdict

NOTHING = "nothing else leaves"


def explanation_page(plan: Plan) -> Iterator[RenderableType]:
    """From the verdict down to the proof."""
    yield from heading(plan, "Why this plan")
    for sentence in verdict(plan)[0 if plan.tax.agrees else 1 :]:
        yield Text(sentence)
    yield from section("Why each lot leaves, and what the next best lot would cost more")
    yield _lots(plan) if any(row.term for row in plan.sales) or plan.gifts else Text("No lot leaves a taxed account.")
    yield Text(
        "Solved again without the lot, before rounding. Where nothing else leaves in its place, the figure is what keeping the"
        " lot costs. Lots of sheltered accounts are left out: any of them does as well as another.",
        style="dim",
    )
    yield from section("Why the rest")
    for buy in plan.buys:
        yield Text(f"- Buy {plain(buy.symbol)}, {dollars(buy.cost)} in {plain(buy.account)}: {ended(plain(buy.reason))}")
    for flow in plan.flows:
        yield Text(f"- {flow.kind.capitalize()}, {dollars(flow.amount)} in {plain(flow.account)}: {ended(plain(flow.reason))}")
    yield from section("What each wish costs")
    yield from wish_lines(plan)
    yield from section("The same shares sold by a simpler rule")
    yield rules_table(plan)
    yield from proof_and_notes(plan)


def _lots(plan: Plan) -> Table:
    table = figure_table("Lot", "Dollars")
    table.add_column("Next best", overflow="fold")
    table.add_column("Costs more", justify="right", no_wrap=True)
    table.add_column("Why")
    before = ""
    rows: list[SaleRow | GiftRow] = [*plan.sales, *plan.gifts]
    for row in rows:
        if row.term is None:
            continue
        why = "as above" if row.reason == before else plain(row.reason)
        before = row.reason
        table.add_row(*_cells(row), why)
    return table


def _cells(row: SaleRow | GiftRow) -> tuple[str, str, str, str]:
    amount = row.proceeds if isinstance(row, SaleRow) else row.value
    verb = "Sell" if isinstance(row, SaleRow) else "Give"
    name = f"{verb} {plain(row.symbol)} {row.acquired}"
    if row.runner_up_costs is None:
        return name, dollars(amount), "no plan without it", "–"
    return name, dollars(amount), plain(row.runner_up) or NOTHING, _exact(row.runner_up_costs)


def _exact(amount: Decimal) -> str:
    return dollars(amount) if abs(amount) >= 10 else dollars(amount, Decimal("0.01"))


def wish_lines(plan: Plan) -> Iterator[RenderableType]:
    """What a step in each binding wish saves."""
    for row in plan.prices_of_wishes:
        sentence = plain(row.sentence)
        yield Text(f"- {ended(sentence[:1].upper() + sentence[1:])}")
    if not plan.prices_of_wishes:
        yield Text("No wish binds: a small step in any of them saves nothing.")
    yield Text("Each measured by solving again with the wish loosened by the step, later years at today's value.", style="dim")


def rules_table(plan: Plan) -> Table:
    """What simpler rules of choosing lots would have cost."""
    table = figure_table("Lots chosen by", "Tax this year", "More tax", "More in all")
    for row in plan.lot_orders:
        table.add_row(row.rule, dollars(row.tax), change(row.more_tax), change(row.more_cost))
    return table
