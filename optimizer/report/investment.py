"""The pages of new money: where one payment goes, and the walk along a schedule of them."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.invest import Investment, Outside
from optimizer.questions.schedule import ComingPayments, Every, Schedule
from optimizer.report.figures import day, dollars, listed, plain, plural
from optimizer.report.layout import figure_table
from optimizer.report.page import heading, proof_and_notes, section
from optimizer.report.verdict import proof

PERIODS = {Every.WEEK: "week", Every.TWO_WEEKS: "two weeks", Every.MONTH: "month", Every.QUARTER: "quarter"}


def investment_page(answer: Investment, problem: Problem | None) -> Iterator[RenderableType]:
    """Where the money goes, what stays outside, what the accounts would each do alone, and the proof."""
    plan = answer.plan
    yield from heading(plan, f"{dollars(answer.amount)} of new money")
    bought = [f"{dollars(each.dollars)} of {plain(each.symbol)} in {plain(each.account)}" for each in answer.placements]
    yield Text(f"Buy {listed(bought)}." if bought else "There is nothing to buy.")
    yield Text(f"After it {_outside(answer.outside)}" if answer.outside else "After it every segment is inside its band.")
    if plan.tax.agrees:
        yield Text(proof(plan))
    yield from section("Where it goes")
    yield _placements(answer)
    if answer.outside:
        yield from section("What stays outside its band, because nothing is sold")
        yield _stays(answer)
    if len(answer.others) > 1:
        yield from section("The same money in one account alone")
        yield _others(answer)
    yield from proof_and_notes(plan)


def _outside(rows: tuple[Outside, ...]) -> str:
    names = listed(f"{plain(row.name)} ({dollars(row.dollars)} {row.side})" for row in rows)
    return f"{names} {'is' if len(rows) == 1 else 'are'} still outside, because nothing is sold."


def _placements(answer: Investment) -> Table:
    table = figure_table("Account", "Shares", "Dollars")
    table.add_column("Why")
    for each in answer.placements:
        name = f"{plain(each.symbol)} in {plain(each.account)}"
        table.add_row(name, f"{each.shares:f}", dollars(each.dollars), plain(each.why))
    return table


def _stays(answer: Investment) -> Table:
    table = figure_table("Segment", "Outside")
    table.add_column("Side")
    for row in answer.outside:
        table.add_row(plain(row.name), dollars(row.dollars), row.side)
    return table


def _others(answer: Investment) -> Table:
    table = figure_table("Account", "Off band", "Costs more")
    for other in answer.others:
        table.add_row(plain(other.account), dollars(other.outside), dollars(other.costs_more))
    return table


def schedule_page(answer: Schedule, household: Investment) -> Iterator[RenderableType]:
    """How many payments it takes, what waiting costs, and the walk itself."""
    title = f"{dollars(answer.amount)} every {PERIODS[answer.every]}, at today's prices"
    yield from heading(household.plan, title)
    for sentence in (_back(answer), _held(answer), _now(answer)):
        yield Text(sentence)
    yield from section("The payments")
    yield _walk(answer)
    yield Text(
        "Nothing is forecast: prices stay as they are today, and each payment is a proven plan of its own on what the ones"
        " before it left. Room for contributions is this year's and is not renewed.",
        style="dim",
    )


def coming_page(answer: ComingPayments, first: Plan) -> Iterator[RenderableType]:
    """The household's own pay days: when every segment is back, and what each payment buys."""
    yield from heading(first, f"{plural(len(answer.pay_days), 'payment')} to come, at today's prices")
    if answer.back_after == 0:
        yield Text("Every segment is inside its band today.")
    elif answer.back_after is None:
        yield Text("After these payments the segments are not all back inside their bands without a sale.")
    else:
        last = answer.pay_days[answer.back_after - 1]
        after = f"after {plural(answer.back_after, 'payment')}, on {day(last.day)}"
        yield Text(f"Without a sale every segment is back inside its band {after}.")
    yield from section("The payments")
    table = figure_table("Pay day", "Payment", "Off band")
    table.add_column("Buy")
    for row, amount in zip(answer.pay_days, answer.amounts, strict=True):
        bought = listed(f"{dollars(each.dollars)} {plain(each.symbol)} in {plain(each.account)}" for each in row.placements)
        table.add_row(f"{row.number:>3}  {row.day}", dollars(amount), dollars(row.outside), bought)
    yield table
    yield Text(
        "Nothing is forecast: prices stay as they are today, and each payment is a proven plan of its own on what the ones"
        " before it left. Room for contributions is this year's and is not renewed.",
        style="dim",
    )


def _back(answer: Schedule) -> str:
    if answer.back_after == 0:
        return "Every segment is inside its band today."
    walked = plural(len(answer.pay_days), "payment")
    if answer.back_after is None:
        more = (
            _at_least(answer) if answer.fewest is not None else "New money alone does not bring them back, however long it comes."
        )
        return f"After {walked} the segments are not all back inside their bands without a sale. {more}"
    last = answer.pay_days[answer.back_after - 1]
    opening = (
        f"Without a sale every segment is back inside its band after {plural(answer.back_after, 'payment')}, on {day(last.day)}"
    )
    if answer.fewest == answer.back_after:
        return f"{opening}." if answer.is_about else f"{opening}. Fewer cannot do it, however they are placed."
    about = "about " if answer.is_about else ""
    return f"{opening}; placed with that in mind {about}{answer.fewest} could do it."


def _at_least(answer: Schedule) -> str:
    if answer.is_about:
        return f"It would take about {answer.fewest}: an account that trades whole shares leaves some money idle."
    return f"It would take {answer.fewest} at least, however they are placed."


def _held(answer: Schedule) -> str:
    waiting = answer.waiting
    return (
        f"Meanwhile {dollars(waiting.average_outside)} stays outside the bands on average, over"
        f" {plural(waiting.payments, 'payment')}; {dollars(answer.outside_today)} is outside today."
    )


def _now(answer: Schedule) -> str:
    waiting = answer.waiting
    tax = waiting.tax_now
    way = f"would add {dollars(tax)} to this year's tax" if tax >= 0 else f"would take {dollars(-tax)} off this year's tax"
    cost = waiting.cost_now
    whole = f"cost {dollars(cost)} more than waiting" if cost >= 0 else f"save {dollars(-cost)} against waiting"
    left = "" if waiting.outside_now == 0 else f", and leave {dollars(waiting.outside_now)} outside"
    return f"Selling now {way}, and {whole} when later years are counted at today's value{left}."


def _walk(answer: Schedule) -> Table:
    table = figure_table("Pay day", "Off band")
    table.add_column("Buy")
    for row in answer.pay_days:
        bought = listed(f"{dollars(each.dollars)} {plain(each.symbol)} in {plain(each.account)}" for each in row.placements)
        table.add_row(f"{row.number:>3}  {row.day}", dollars(row.outside), bought)
    return table
