"""The cost of exact orders: the objective, part by part, with this year's tax from the ledger.

Any orders can be priced, those of the plan as well as those of a rule that knows nothing of the model.
"""

from decimal import Decimal

import numpy as np

from lots.units import CENT, ZERO, Money, cents, from_float, to_float
from optimizer.model.assemble import Model
from optimizer.model.axes import PairAxis, Vector
from optimizer.model.blocks.balance import IDLE_DOLLAR
from optimizer.model.blocks.bands import breach_price
from optimizer.model.blocks.costs import FEWER_TRADES, location_prices
from optimizer.model.blocks.limits import SECOND_CHOICE, places_of
from optimizer.plan import CostSummary
from optimizer.problem import Problem
from optimizer.solve.off_benchmark import standing
from optimizer.solve.replay import Replay
from optimizer.solve.rounding import (
    Flow,
    Orders,
    banded_value,
    closing_cash,
    deducted_cash,
    given_for,
    held_after,
    traded,
    trading_cost,
)
from optimizer.targets.drift import drifts_of, segment_values


def cost_of(model: Model, orders: Orders, replayed: Replay) -> CostSummary:
    """Price the orders as the model does, with tax and penalties as the ledger states them.

    Of a loss, what exceeds the year's limit is carried; what a year without taxable income leaves of the limit is stated by the
    plan and counts for nothing here.
    """
    tax = replayed.tax
    later, location, retirement = _prices_of_place_and_time(model, orders)
    deferred = sum((d.disallowed_loss - d.lost_loss for d in replayed.book.disposals if d.is_taxable), ZERO)
    later -= model.prices.future_gain * to_float(deferred)
    carried = from_float(model.prices.carried_loss, Decimal("1e-12")) * max(
        ZERO, -(tax.short + tax.long) - model.facts.loss_limit
    )
    parts = {
        "gains_tax": tax.gains_tax - cents(carried),
        "flow_tax": tax.withdrawal_tax + tax.penalty - tax.deduction_saves + from_float(retirement, CENT),
        "future_tax": from_float(later, CENT),
        "location": from_float(location, CENT),
        "trading": cents(
            trading_cost(model.problem, orders) + traded(model.problem, orders) * from_float(FEWER_TRADES, Decimal("1e-9"))
        ),
        "preference": from_float(_preference(model, orders), CENT),
        "giving": cents(_giving(model.problem, orders)),
        "drift": cents(dollars_away(model, orders) * model.problem.outlook.drift_cost),
        "tracking": from_float(_variance(model, orders), CENT),
        "breach": cents(
            (sum(breaches(model, orders), ZERO) + from_float(_missed(model, orders), CENT))
            * from_float(breach_price(model.axes), Decimal("1e-9"))
        ),
        "idle_cash": cents(_idle(model, orders) * from_float(IDLE_DOLLAR, Decimal("1e-9"))),
    }
    return CostSummary(**parts, total=sum(parts.values(), ZERO))


def _variance(model: Model, orders: Orders) -> float:
    """The benchmark's price of the yearly variance of its active return, dollars."""
    names = standing(model, orders)
    if names is None or names.tracking_error is None or model.tracking is None:
        return 0.0
    return model.tracking.variance_price * names.tracking_error**2


def _missed(model: Model, orders: Orders) -> float:
    names = standing(model, orders)
    return names.missed() if names is not None else 0.0


def _preference(model: Model, orders: Orders) -> float:
    """What purchases of a later choice are priced at, dollars."""
    axes, place = model.axes, places_of(model.problem, model.axes)
    rank = {(int(a), int(s)): p for a, s, p in zip(axes.buy_account, axes.buy_security, place, strict=True)}
    price = [to_float(s.price) for s in model.problem.securities]
    bought = ((rank.get((buy.account, buy.security), 0.0), to_float(buy.shares) * price[buy.security]) for buy in orders.buys)
    return SECOND_CHOICE * float(sum(later * dollars for later, dollars in bought))


def _giving(problem: Problem, orders: Orders) -> Money:
    """What the dollars given up to an amount had to save at least."""
    return sum((d.least_saving * given_for(problem, orders, n) for n, d in enumerate(problem.donations) if d.up_to), ZERO)


def breaches(model: Model, orders: Orders) -> list[Money]:
    """Dollars by which each segment misses its allowed band after the orders; less than a dollar is rounding and none."""
    problem = model.problem
    held = held_after(problem, orders)
    total = banded_value(problem, orders)
    values = segment_values(problem, held)
    found = []
    for drift in drifts_of(problem):
        value, allowed = values[drift.segment.id], drift.allowed
        missing = max(allowed.lower * total - value, value - allowed.upper * total, ZERO)
        found.append(missing if missing > 1 else ZERO)
    return found


def dollars_away(model: Model, orders: Orders) -> Money:
    """Dollars of leaf segments away from their targets after the orders."""
    problem = model.problem
    held = held_after(problem, orders)
    total = banded_value(problem, orders)
    values = segment_values(problem, held)
    parents = {segment.parent for segment in problem.segments}
    return sum((abs(values[s.id] - s.target * total) for s in problem.segments if s.id not in parents), ZERO)


def _idle(model: Model, orders: Orders) -> Money:
    """Dollars left in cash beyond what is kept in accounts, where they would have bought a step more of something."""
    total, can_buy, kept = ZERO, model.axes.account_can_buy, model.problem.cash_kept()
    for n, cash in enumerate(closing_cash(model.problem, orders)):
        spare = cash - kept[n]
        if can_buy[n] and spare > max(_cheapest_step(model, n), Decimal(1)):
            total += spare
    return total


def _cheapest_step(model: Model, account: int) -> Money:
    """Dollars of the smallest purchase the account can make; nothing where it can buy nothing."""
    axes, problem = model.axes, model.problem
    step = problem.accounts[account].share_step
    prices = [problem.securities[s].price for s in axes.buy_security[axes.buy_account == account].tolist()]
    return step * min(prices, default=ZERO) + (problem.wishes.min_trade or ZERO)


def _prices_of_place_and_time(model: Model, orders: Orders) -> tuple[float, float, float]:
    """Later years' tax on gains, location, and later tax on pre-tax money, dollars."""
    axes = model.axes
    left = np.zeros(axes.n_lots)
    for trade in (*orders.sales, *orders.gifts):
        lot = model.problem.lots[trade.lot]
        left[trade.lot] += axes.lots.value[trade.lot] * to_float(trade.shares / lot.shares)
    lot_price, buy_price = location_prices(axes, model.prices)
    pair = {(int(a), int(s)): n for n, (a, s) in enumerate(zip(axes.buy_account, axes.buy_security, strict=True))}
    location = -float(lot_price @ left)
    for buy in orders.buys:
        dollars = to_float(buy.shares * model.problem.securities[buy.security].price)
        location += float(buy_price[pair[buy.account, buy.security]]) * dollars
    later = -model.prices.future_gain * float(axes.lots.gain_ratio @ left)
    entering = _flow_vector(axes.contributions, orders.contributions) @ model.entering
    leaving = _flow_vector(axes.withdrawals, orders.withdrawals) @ model.leaving
    straight = sum((flow.amount for flow in orders.cash_gifts), ZERO) - deducted_cash(model.problem, orders)
    return later, location, float(entering + leaving) - model.prices.retirement_rate * to_float(straight)


def _flow_vector(pairs: PairAxis, flows: tuple[Flow, ...]) -> Vector:
    place = {(int(o), int(a)): n for n, (o, a) in enumerate(zip(pairs.order, pairs.account, strict=True))}
    amounts = np.zeros(len(pairs))
    for flow in flows:
        amounts[place[flow.order, flow.account]] += to_float(flow.amount)
    return amounts
