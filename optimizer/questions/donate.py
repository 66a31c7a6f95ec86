"""A gift: which shares to give, proven, and what every lot is worth sold, given, harvested or held.

The plan for the gift takes all lots together. The table beside it takes each lot alone, everything else of the year as it
stands without any trade, and works the year's tax out again by the ledger for each choice, so its figures are exact and do not
add up: two lots that each use up the same loss both show its worth.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from lots.lot import Term
from lots.units import ZERO, Money, Shares, cents, from_float
from lots.wash.window import window
from optimizer.documents import Document, Dollars, Identifier, PositiveDollars, ShareCount
from optimizer.errors import ContradictoryOrders
from optimizer.explain.compare import Step
from optimizer.explain.runner_up import runner_up
from optimizer.explain.statement import plan_of
from optimizer.market.costs import prices_of
from optimizer.model.assemble import Model
from optimizer.model.facts import Facts, facts_of
from optimizer.plan import Plan
from optimizer.problem import DonationOrder, Lever, Problem
from optimizer.questions.only import Only, narrowed, selling_least
from optimizer.rebalance import prepare, solved
from optimizer.release import software_version
from optimizer.solve.chain import optimum_of
from optimizer.solve.priced import money_of
from optimizer.solve.replay import replay, tax_without_plan
from optimizer.solve.rounding import Flow, LotTrade, Orders, cost_of_trading

Choice = Literal["sell", "donate", "harvest", "hold"]


class LotChoices(Document):
    """The shares of one lot that the gift could use, and what each choice makes of them.

    Every figure is dollars of today above or below market value: the year's tax by the ledger, half-spreads, and later tax at
    the outlook's price. To give shares is counted against giving the same amount in cash, which every other choice leaves to do.
    """

    lot: Identifier
    account: Identifier
    symbol: Identifier
    acquired: date
    term: Term
    shares: ShareCount
    value: Dollars
    gain: Dollars
    sell: Dollars
    donate: Dollars | None
    """Null for a lot at a loss: its loss would be lost."""
    harvest: Dollars | None
    """Sold at a loss and something else bought in its place; null for a lot at a gain."""
    hold: Dollars
    hold_for_step_up: Dollars
    """Held until death, which settles gain and loss alike at nothing. Nobody decides that today, so it is not ranked;
    `outlook.untaxed_probability` of 1 counts on it, and makes it what `hold` is worth."""
    best: Choice
    runner_up: Choice
    between: PositiveDollars
    """What the best is worth more than the runner-up."""
    given: PositiveDollars
    """Dollars of the lot that the plan gives."""


class Donation(Document):
    """The answer: the plan for the gift, what it saves, and every lot's choices."""

    amount: PositiveDollars
    plan: Plan
    saved_against_cash: Dollars | None
    """What giving cash alone would cost more, with no more sold for it than has to be; null where it cannot be raised."""
    next_best: str
    """What would be given if the lot that gives most could not be; empty where nothing is given in shares."""
    next_best_costs: Dollars | None
    lots: tuple[LotChoices, ...]
    """Every taxable lot that may be sold or given, those worth most to give first."""


def gift_question(problem: Problem, amount: Money, sources: tuple[str, ...] = ()) -> Problem:
    """The household with this gift and nothing else to do; from any taxable account that is traded unless some are named."""
    names = sources or tuple(a.id for a in problem.accounts if a.kind.is_taxable and a.traded)
    order = DonationOrder(amount=amount, sources=names)
    return narrowed(problem.model_copy(update={"donations": (order,)}), Only.DONATE)


def donate(problem: Problem, amount: Money, sources: tuple[str, ...] = ()) -> Donation:
    """Plan a gift of `amount` dollars and weigh every lot.

    Raises
    ------
    InputFaults
        If the problem contradicts itself.
    ContradictoryOrders
        If the gift cannot be made.
    """
    asked = gift_question(problem, amount, sources)
    model = prepare(asked)
    step = solved(model)
    plan = plan_of(model, step, None, software_version())
    words, costs = _next_best(model, step, plan)
    given: dict[str, Money] = {}
    for gift in plan.gifts:
        given[gift.lot] = given.get(gift.lot, ZERO) + gift.value
    choices = [_choices(problem, lot, amount, given) for lot in _candidates(problem)]
    return Donation(
        amount=amount,
        plan=plan,
        saved_against_cash=_against_cash(asked, plan),
        next_best=words,
        next_best_costs=costs,
        lots=tuple(sorted(choices, key=lambda row: (-row.given, row.best != "donate", -row.between, row.lot))),
    )


def _against_cash(asked: Problem, plan: Plan) -> Money | None:
    """What the cheapest gift in cash costs more, with no more sold for it than has to be."""
    scope = asked.scope.model_copy(update={"max_sales": None})
    try:
        in_cash = selling_least(asked.without(Lever.DONATIONS).model_copy(update={"scope": scope}))
    except ContradictoryOrders:
        return None
    optimum = optimum_of(prepare(in_cash), frozenset(in_cash.levers))
    mine = plan.certificate.objective - plan.certificate.undone.priced
    return None if optimum is None else cents(money_of(optimum)) - mine


def _next_best(model: Model, step: Step, plan: Plan) -> tuple[str, Money | None]:
    """The gift without the lot that gives most: what takes its place, and what that costs more."""
    if not plan.gifts:
        return "", None
    most = max(plan.gifts, key=lambda gift: gift.value).lot
    assert step.optimum is not None
    found = runner_up(model, step.optimum, next(n for n, lot in enumerate(model.problem.lots) if lot.id == most))
    if found is None:
        return "", None
    if found.lot is None:
        return "cash", found.costs_more
    lot = model.problem.lots[found.lot]
    return f"{lot.symbol} bought {lot.acquired}", found.costs_more


@dataclass(frozen=True)
class _Alone:
    """One lot with what could wash its loss, as a problem of its own, and the shares of it that the gift could use."""

    problem: Problem
    facts: Facts
    shares: Shares

    def tax(self, orders: Orders | None) -> Money:
        """The year's tax by the ledger, a carried loss at its value and a washed one at what it saves later, dollars."""
        prices = prices_of(self.problem)
        washed = ZERO
        if orders is None:
            tax = tax_without_plan(self.problem, self.facts)
        else:
            replayed = replay(self.problem, self.facts, orders)
            tax = replayed.tax
            washed = sum((d.disallowed_loss for d in replayed.book.disposals if d.is_taxable), ZERO)
        carried = max(ZERO, -(tax.short + tax.long) - self.facts.loss_limit)
        worth = from_float(prices.carried_loss, RATE) * carried + from_float(prices.future_gain, RATE) * washed
        return tax.total - worth


RATE = Decimal("1e-12")


def _candidates(problem: Problem) -> list[int]:
    facts = facts_of(problem)
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}
    return [n for n, lot in enumerate(problem.lots) if lot.account in taxable and lot.id in facts.may_sell]


def _choices(problem: Problem, position: int, amount: Money, given: dict[str, Money]) -> LotChoices:
    lot = problem.lots[position]
    security = next(s for s in problem.securities if s.symbol == lot.symbol)
    account = next(a for a in problem.accounts if a.id == lot.account)
    steps = (amount / security.price / account.share_step).to_integral_value(rounding=ROUND_CEILING)
    shares = min(lot.shares, steps * account.share_step)
    alone = _alone(problem, position, shares)
    value = cents(shares * security.price)
    gain = value - cents((lot.cost_basis or ZERO) * shares / lot.shares)
    spread = shares * security.price * cost_of_trading(account, security)
    unsold = alone.tax(None)
    sold = unsold - alone.tax(Orders((LotTrade(0, shares),), (), (), (), (), ()))
    worth: dict[Choice, Money] = {"sell": cents(sold - spread)}
    if gain < 0:
        worth["harvest"] = cents(sold - 2 * spread)
    else:
        worth["donate"] = cents(alone.tax(_cash(problem, alone, value)) - alone.tax(_kind(shares)))
    worth["hold"] = -cents(from_float(prices_of(problem).future_gain, RATE) * gain)
    first, second = sorted(worth, key=lambda choice: -worth[choice])[:2]
    assert lot.acquired is not None
    return LotChoices(
        lot=lot.id,
        account=lot.account,
        symbol=lot.symbol,
        acquired=lot.acquired,
        term=alone.facts.term[lot.id],
        shares=shares,
        value=value,
        gain=gain,
        sell=worth["sell"],
        donate=worth.get("donate"),
        harvest=worth.get("harvest"),
        hold=worth["hold"],
        hold_for_step_up=ZERO,
        best=first,
        runner_up=second,
        between=worth[first] - worth[second],
        given=given.get(lot.id, ZERO),
    )


def _kind(shares: Shares) -> Orders:
    return Orders((), (LotTrade(0, shares, 0),), (), (), (), ())


def _cash(problem: Problem, alone: _Alone, amount: Money) -> Orders:
    account = next(n for n, a in enumerate(problem.accounts) if a.id == alone.problem.lots[0].account)
    return Orders((), (), (), (), (), (Flow(0, account, amount),))


def _alone(problem: Problem, position: int, shares: Shares) -> _Alone:
    """The lot first, then lots of its group bought lately; enough cash for the gift, so that only its tax matters."""
    lot = problem.lots[position]
    group = {s.symbol: s.identical_group or s.symbol for s in problem.securities}
    lately = window(problem.as_of)
    near = [
        other
        for n, other in enumerate(problem.lots)
        if n != position and group[other.symbol] == group[lot.symbol] and other.acquired and other.acquired in lately
    ]
    price = next(s.price for s in problem.securities if s.symbol == lot.symbol)
    accounts = tuple(a.model_copy(update={"cash": a.cash + shares * price}) for a in problem.accounts)
    nothing: tuple[()] = ()
    orders = {"contributions": nothing, "withdrawals": nothing, "donations": nothing}
    own = problem.model_copy(update={"lots": (lot, *near), "accounts": accounts, **orders})
    return _Alone(own, facts_of(own), shares)
