"""A schedule of pay days: how many payments bring every segment back inside its band without a sale, and what waiting costs.

Prices stay as they are today: nothing is forecast. Each payment is a proven plan of its own on what the ones before it left.
Whether payments placed in another way could be faster is asked of all of them at once: what one payment of n times the amount
cannot reach, n payments cannot.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from lots.units import ZERO, Money
from lots.wash.window import blocked_until
from optimizer.documents import Claim, Document, Dollars, PositiveDollars
from optimizer.errors import ContradictoryOrders, Fault, InputFaults
from optimizer.plan import Plan, refuse_disowned
from optimizer.problem import AccountFacts, ContributionOrder, LotFacts, Problem
from optimizer.questions.invest import (
    Placement,
    dollars_outside,
    is_in_whole_shares,
    open_accounts,
    placed,
    priced_cost,
)
from optimizer.questions.only import resting
from optimizer.rebalance import checked, rebalance

Count = Annotated[int, Field(ge=0, json_schema_extra={"unit": "payments"})]

MOST_PAYMENTS = 600
"""After so many payments the search for the fewest ends."""


class Every(StrEnum):
    """How often money comes."""

    WEEK = "week"
    TWO_WEEKS = "two-weeks"
    MONTH = "month"
    QUARTER = "quarter"


class PayDay(Document):
    """One payment: what it buys, and what is outside after it."""

    number: Count
    day: date
    placements: tuple[Placement, ...]
    outside: PositiveDollars
    """Dollars outside the bands after it."""


class Waiting(Document):
    """What it costs to wait for the payments, and what selling now would cost in its place."""

    average_outside: PositiveDollars
    """Dollars outside the bands on average until the segments are back, or to the end of the schedule."""
    payments: Count
    """Over so many payments."""
    tax_now: Dollars
    """What the plan that sells now, with the first payment in it, adds to this year's tax by the ledger."""
    cost_now: Dollars
    """What it costs more than the first payment without a sale, later years at today's value; below zero where it saves."""
    outside_now: PositiveDollars
    """Dollars outside the bands after selling now."""


class Schedule(Document):
    """The walk along the pay days at today's prices."""

    amount: PositiveDollars
    every: Every
    outside_today: PositiveDollars
    pay_days: tuple[PayDay, ...]
    back_after: Count | None
    """The payment after which every segment is inside its band, 0 when all are today; null when the schedule ends before."""
    fewest: Count | None
    """The fewest payments that can do it, however they are placed; null when more than the search tries do not."""
    is_about: Claim = False
    """Whether that count is about right only, because an account the money may enter trades whole shares."""
    waiting: Waiting


class ComingPayments(Document):
    """The walk along the pay days that the household states, at today's prices."""

    outside_today: PositiveDollars
    """Dollars outside the bands before the first of them."""
    pay_days: tuple[PayDay, ...]
    amounts: tuple[PositiveDollars, ...]
    """Dollars of each payment."""
    back_after: Count | None
    """The payment after which every segment is inside its band, 0 when all are today; null when none is the last needed."""


def along_pay_days(problem: Problem) -> tuple[ComingPayments, Plan]:
    """Walk the household's own pay days in their order, with the plan of the first; raises as :func:`schedule` does.

    Raises
    ------
    InputFaults
        If the household states none, too.
    """
    coming = sorted(checked(problem).pay_days, key=lambda each: each.on)
    if not coming:
        step = "Give a table [[contributions]] a day to come: on = YYYY-MM-DD."
        raise InputFaults([Fault(("pay_days",), "no contribution on a day to come", "one at least", step)])
    payments = [(each.on, each.amount, each.into) for each in coming]
    rows, first = _walked(problem, payments)
    today = _outside_today(first)
    back = 0 if today == 0 else next((row.number for row in rows if row.outside == 0), None)
    amounts = tuple(each.amount for each in coming)
    return ComingPayments(outside_today=today, pay_days=tuple(rows), amounts=amounts, back_after=back), first


def schedule(problem: Problem, amount: Money, into: tuple[str, ...], every: Every, payments: int) -> Schedule:
    """Walk `payments` pay days, the first of them today; raises as :func:`~optimizer.rebalance.rebalance` does."""
    names = into or open_accounts(problem)
    rows, first = _walked(problem, [(pay_day(problem.as_of, every, number), amount, names) for number in range(payments)])
    today = _outside_today(first)
    back = 0 if today == 0 else next((row.number for row in rows if row.outside == 0), None)
    return Schedule(
        amount=amount,
        every=every,
        outside_today=today,
        pay_days=tuple(rows),
        back_after=back,
        fewest=_fewest(problem, amount, names, every, back),
        is_about=is_in_whole_shares(problem, names),
        waiting=_waiting(problem, amount, names, rows[: back or len(rows)], first),
    )


def _walked(problem: Problem, payments: list[tuple[date, Money, tuple[str, ...]]]) -> tuple[list[PayDay], Plan]:
    """Plan each payment on what the ones before it left; the rows, and the plan of the first."""
    rows: list[PayDay] = []
    plans: list[Plan] = []
    state = problem
    for number, (day, amount, into) in enumerate(payments):
        plan = placed(_free_again(state, day), amount, into)[1]
        if plans:  # the first is handed out, and refused by whoever does
            refuse_disowned(plan)
        plans.append(plan)
        bought = tuple(
            Placement(account=b.account, symbol=b.symbol, shares=b.shares, dollars=b.cost, why=b.reason) for b in plan.buys
        )
        rows.append(PayDay(number=number + 1, day=day, placements=bought, outside=dollars_outside(plan)))
        state = after(state, plan, number)
    return rows, plans[0]


def pay_day(start: date, every: Every, number: int) -> date:
    """The day of a payment; the last of a month where the month is too short for the day."""
    match every:
        case Every.WEEK | Every.TWO_WEEKS:
            return start + timedelta(weeks=number * (1 if every is Every.WEEK else 2))
        case Every.MONTH | Every.QUARTER:
            months = start.month - 1 + number * (1 if every is Every.MONTH else 3)
            year, month = start.year + months // 12, months % 12 + 1
            return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def after(problem: Problem, plan: Plan, number: int) -> Problem:
    """The household once a plan without sales is carried out: new lots, less cash, less room."""
    bought = tuple(
        LotFacts(
            id=f"{buy.symbol}-{buy.account}-payment-{number + 1}",
            account=buy.account,
            symbol=buy.symbol,
            shares=buy.shares,
            cost_basis=buy.cost,
            acquired=problem.as_of,
        )
        for buy in plan.buys
    )
    cash = {row.account: row.after for row in plan.cash}
    entered = {a.id: ZERO for a in problem.accounts}
    for flow in plan.flows:
        entered[flow.account] += flow.amount if flow.kind == "contribution" else ZERO

    def then(account: AccountFacts) -> AccountFacts:
        room = account.contribution_room
        left = None if room is None else max(ZERO, room - entered[account.id])
        return account.model_copy(update={"cash": cash[account.id], "contribution_room": left})

    accounts = tuple(then(account) for account in problem.accounts)
    return problem.model_copy(update={"lots": problem.lots + bought, "accounts": accounts, "income": ()})


def _free_again(problem: Problem, day: date) -> Problem:
    """The household on a later pay day: what a loss kept from being bought may be bought once its window has passed."""
    banned = tuple(sale for sale in problem.loss_sales if blocked_until(sale.sold) >= day)
    return problem.model_copy(update={"loss_sales": banned})


def _outside_today(first: Plan) -> Money:
    """Dollars outside the bands before the first payment."""
    before = tuple(row.model_copy(update={"value_after": row.value_before}) for row in first.bands)
    return dollars_outside(first.model_copy(update={"bands": before, "value_after": first.value_before}))


def _fewest(problem: Problem, amount: Money, into: tuple[str, ...], every: Every, back: int | None) -> int | None:
    """The fewest payments whose sum reaches every band at once: doubled until it does, then halved in."""

    def reaches(count: int) -> bool:
        day = pay_day(problem.as_of, every, count - 1)
        try:
            return dollars_outside(placed(_free_again(problem, day), amount * count, into)[1]) == 0
        except ContradictoryOrders:  # more than the accounts have room for
            return False

    if back is not None:
        high = back
    else:
        high = 1
        while not reaches(high):
            high *= 2
            if high > MOST_PAYMENTS:
                return None
    if back == 0:
        return 0
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def _waiting(problem: Problem, amount: Money, into: tuple[str, ...], rows: list[PayDay], first: Plan) -> Waiting:
    order = ContributionOrder(amount=amount, into=into)
    now = rebalance(resting(problem).model_copy(update={"contributions": (order,)}), compare=False)
    held = [row.outside for row in rows]
    return Waiting(
        average_outside=(sum(held, ZERO) / len(held)).quantize(ZERO + 1),
        payments=len(rows),
        tax_now=now.tax.with_plan.total - now.tax.without_plan.total,
        cost_now=priced_cost(now) - priced_cost(first),
        outside_now=dollars_outside(now),
    )
