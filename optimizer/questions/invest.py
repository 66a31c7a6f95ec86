"""New money: which account and which fund, and what stays outside its band for want of a sale.

The money stands alone: it is all that is invested, and nothing is sold.
"""

from decimal import Decimal
from typing import Literal

from lots.units import CENT, ZERO, Money
from optimizer.documents import Document, Dollars, Identifier, PositiveDollars, ShareCount
from optimizer.errors import ContradictoryOrders, Fault, InputFaults
from optimizer.plan import BandRow, Plan
from optimizer.problem import ContributionOrder, Problem
from optimizer.questions.only import resting
from optimizer.rebalance import checked, rebalance
from optimizer.scope import Scope

INSIDE = Decimal(1)
"""Dollars outside a band that rounding to shares explains."""


class Placement(Document):
    """What is bought, and why."""

    account: Identifier
    symbol: Identifier
    shares: ShareCount
    dollars: PositiveDollars
    why: str


class Outside(Document):
    """A segment outside its trigger band after the money is invested."""

    segment: Identifier
    name: str
    side: Literal["above", "below"]
    dollars: PositiveDollars
    """To the nearer edge of the band."""


class OtherAccount(Document):
    """The same money in one account alone."""

    account: Identifier
    outside: PositiveDollars
    """Dollars outside the bands then."""
    costs_more: Dollars
    """Later tax and trading that come to more, whatever stays outside."""


class Investment(Document):
    """The answer for one payment."""

    amount: PositiveDollars
    plan: Plan
    placements: tuple[Placement, ...]
    outside: tuple[Outside, ...]
    others: tuple[OtherAccount, ...]
    """Every account the money may enter, with what the same money would do there alone."""


def investment_question(problem: Problem, amount: Money, into: tuple[str, ...] = ()) -> Problem:
    """The household with this payment and nothing else to do; into any account with room unless some are named."""
    names = into or open_accounts(problem)
    order = ContributionOrder(amount=amount, into=names)
    return checked(resting(problem).model_copy(update={"contributions": (order,), "scope": Scope(only="invest", max_sales=ZERO)}))


def open_accounts(problem: Problem) -> tuple[str, ...]:
    """Accounts that may take new money: taxable ones that are traded, and others with room left this year.

    Raises
    ------
    InputFaults
        If there is none.
    """
    found = tuple(a.id for a in problem.accounts if a.traded and (a.kind.is_taxable or (a.contribution_room or ZERO) > 0))
    if not found:
        raise InputFaults([Fault(("accounts",), "no account that may take new money", "one at least")])
    return found


def invest(problem: Problem, amount: Money, into: tuple[str, ...] = ()) -> Investment:
    """Say where `amount` dollars of new money go; raises as :func:`~optimizer.rebalance.rebalance` does."""
    names = into or open_accounts(problem)
    plan = placed(problem, amount, names)[1]
    return Investment(
        amount=amount,
        plan=plan,
        placements=tuple(
            Placement(account=b.account, symbol=b.symbol, shares=b.shares, dollars=b.cost, why=b.reason) for b in plan.buys
        ),
        outside=outside_of(plan),
        others=tuple(other for name in names if (other := _alone(problem, amount, name, plan)) is not None),
    )


def placed(problem: Problem, amount: Money, names: tuple[str, ...]) -> tuple[Problem, Plan]:
    """The question that places the money best in these accounts, and its plan.

    Where two accounts serve alike, one that trades whole shares leaves money idle. So where some of the accounts do, the others
    are asked alone, too, and preferred where they leave fewer dollars outside and cost no more than those dollars.
    """
    asked = investment_question(problem, amount, names)
    plan = rebalance(asked, compare=False)
    finer = tuple(a.id for a in problem.accounts if a.id in names and a.share_step < 1)
    entered = {flow.account for flow in plan.flows if flow.kind == "contribution"}
    if not finer or entered <= set(finer):
        return asked, plan
    try:
        alone = investment_question(problem, amount, finer)
        other = rebalance(alone, compare=False)
    except (ContradictoryOrders, InputFaults):  # the others have no room for so much
        return asked, plan
    saved = exactly_outside(plan) - exactly_outside(other)
    return (alone, other) if saved > 0 and priced_cost(other) - priced_cost(plan) <= saved else (asked, plan)


def is_in_whole_shares(problem: Problem, names: tuple[str, ...]) -> bool:
    """Whether one of these accounts trades nothing less than a share."""
    return any(a.share_step >= 1 for a in problem.accounts if a.id in names)


def exactly_outside(plan: Plan) -> Money:
    """Dollars outside the trigger bands after a plan, with those that rounding explains, the parents' beside their parts'."""
    return sum((max(ZERO, *_beyond(row, plan.value_after)) for row in plan.bands), ZERO)


def outside_of(plan: Plan) -> tuple[Outside, ...]:
    """Segments outside their trigger bands after a plan, the farthest first; a parent is not counted beside its parts."""
    parents = {row.parent for row in plan.bands}
    rows = [_outside(row, plan.value_after) for row in plan.bands]
    found = [each for each in rows if each is not None]
    leaves = [each for each in found if each.segment not in parents]
    counted = leaves or found
    return tuple(sorted(counted, key=lambda each: -each.dollars))


def _outside(row: BandRow, whole: Money) -> Outside | None:
    above, below = _beyond(row, whole)
    dollars = max(above, below)
    if dollars < INSIDE:
        return None
    side: Literal["above", "below"] = "above" if above > below else "below"
    return Outside(segment=row.segment, name=row.name, side=side, dollars=dollars.quantize(CENT))


def _beyond(row: BandRow, whole: Money) -> tuple[Money, Money]:
    return row.value_after - row.trigger.upper * whole, row.trigger.lower * whole - row.value_after


def dollars_outside(plan: Plan) -> Money:
    """Dollars outside the trigger bands after a plan, together."""
    return sum((each.dollars for each in outside_of(plan)), ZERO)


def priced_cost(plan: Plan) -> Money:
    """The plan's cost without the prices that put bands and investing first."""
    return plan.money


def _alone(problem: Problem, amount: Money, name: str, plan: Plan) -> OtherAccount | None:
    try:
        alone = rebalance(investment_question(problem, amount, (name,)), compare=False)
    except ContradictoryOrders:
        return None
    return OtherAccount(account=name, outside=dollars_outside(alone), costs_more=priced_cost(alone) - priced_cost(plan))
