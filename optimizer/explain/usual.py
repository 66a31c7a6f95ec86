"""The usual rule, to compare with: sell the overweight pro rata, first in first out, straight to target.

It looks through funds and counts the household's whole value, so it reaches the same targets; what it lacks is any thought
of lots, accounts and flows. Contributions go to the first account named, withdrawals and cash gifts leave the first.
"""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

import numpy as np

from lots.units import CENT, ZERO, Money, Shares, cents, from_float
from optimizer.model.assemble import Model
from optimizer.problem import Problem
from optimizer.solve.rounding import BuyTrade, Flow, LotTrade, Orders, closing_cash, cost_of_trading, held_after
from optimizer.targets.drift import household_value, segment_values


def usual_orders(model: Model) -> Orders:
    """What the usual rule trades on the same day with the same flows."""
    problem, axes, blind = model.problem, model.axes, model.blind
    contributions = _flows(axes.contributions.order, axes.contributions.account, blind.contributed)
    withdrawals = _flows(axes.withdrawals.order, axes.withdrawals.account, blind.withdrawn)
    account_no = {a.id: n for n, a in enumerate(problem.accounts)}
    gifts = tuple(Flow(n, account_no[d.sources[0]], d.amount) for n, d in enumerate(problem.donations) if not d.up_to)
    flows = Orders((), (), (), contributions, withdrawals, gifts)
    left = {n: lot.shares for n, lot in enumerate(problem.lots)}
    sales = _sell_overweight(problem, left)
    sales += _raise_cash(problem, flows, sales, left)
    sold = Orders(tuple(sales), (), (), contributions, withdrawals, gifts)
    return Orders(sold.sales, (), _buy_underweight(model, sold), contributions, withdrawals, gifts)


def _flows(order: np.ndarray, account: np.ndarray, dollars: np.ndarray) -> tuple[Flow, ...]:
    rounded = [(int(o), int(a), from_float(d, CENT)) for o, a, d in zip(order, account, dollars, strict=True)]
    return tuple(Flow(o, a, amount) for o, a, amount in rounded if amount > 0)


def _value_after(problem: Problem) -> Money:
    flows = sum((c.amount for c in problem.contributions), ZERO)
    flows -= sum((w.leaving for w in problem.withdrawals), ZERO) + sum((d.promised for d in problem.donations), ZERO)
    return household_value(problem) - sum(problem.set_aside().values(), ZERO) + flows


def _excess(problem: Problem) -> dict[str, Decimal]:
    """The part of each security to sell, so that every segment above its target shrinks to it."""
    empty = Orders((), (), (), (), (), ())
    values = segment_values(problem, held_after(problem, empty))
    total = _value_after(problem)
    keep = {s.id: min(Decimal(1), s.target * total / values[s.id]) if values[s.id] > 0 else Decimal(1) for s in problem.segments}
    return {s.symbol: sum((w * (1 - keep[g]) for g, w in s.exposures.items()), ZERO) for s in problem.securities}


def _sell_overweight(problem: Problem, left: dict[int, Shares]) -> list[LotTrade]:
    """Sell the same part of a security in every traded account, its earliest lots first."""
    excess, sales = _excess(problem), []
    for account in problem.accounts:
        for symbol, part in excess.items():
            if account.traded and part > 0:
                sales += _first_in_first_out(problem, account.id, symbol, part, left)
    return sales


def _raise_cash(problem: Problem, flows: Orders, sales: list[LotTrade], left: dict[int, Shares]) -> list[LotTrade]:
    """Sell more of everything in an account whose withdrawals its overweight does not pay for."""
    more: list[LotTrade] = []
    price = {s.symbol: s.price for s in problem.securities}
    sold = Orders(tuple(sales), (), (), flows.contributions, flows.withdrawals, flows.cash_gifts)
    for account, kept, cash in zip(problem.accounts, problem.cash_kept(), closing_cash(problem, sold), strict=True):
        short = kept - cash
        held = {n for n, lot in enumerate(problem.lots) if lot.account == account.id and left[n] > 0}
        value = sum((left[n] * price[problem.lots[n].symbol] for n in held), ZERO)
        if short <= 0 or value <= 0 or not account.traded:
            continue
        part = min(Decimal(1), short * Decimal("1.001") / value)
        for symbol in sorted({problem.lots[n].symbol for n in held}):
            more += _first_in_first_out(problem, account.id, symbol, part, left)
    return more


def _first_in_first_out(problem: Problem, account: str, symbol: str, part: Decimal, left: dict[int, Shares]) -> list[LotTrade]:
    """Sell `part` of what is left of a security in an account; takes the shares from `left`."""
    lots = [n for n, lot in enumerate(problem.lots) if lot.account == account and lot.symbol == symbol and left[n] > 0]
    lots.sort(key=lambda n: (problem.lots[n].acquired or date.min, problem.lots[n].id))
    wanted = (part * sum((left[n] for n in lots), ZERO)).quantize(Decimal("0.0001"), rounding=ROUND_FLOOR)
    sales = []
    for n in lots:
        shares = min(wanted, left[n])
        if shares > 0:
            sales.append(LotTrade(n, shares))
            left[n] -= shares
            wanted -= shares
    return sales


def _buy_underweight(model: Model, orders: Orders) -> tuple[BuyTrade, ...]:
    """Spend each account's cash on what is under target, through the purest security it can buy of each segment."""
    problem, axes = model.problem, model.axes
    values = segment_values(problem, held_after(problem, orders))
    parents = {s.parent for s in problem.segments}
    total = _value_after(problem)
    short = {s.id: max(ZERO, s.target * total - values[s.id]) for s in problem.segments if s.id not in parents}
    lost = {problem.lots[sale.lot].symbol for sale in orders.sales if axes.lots.is_loss[sale.lot]}
    buys = []
    kept = problem.cash_kept()
    for n, (account, cash) in enumerate(zip(problem.accounts, closing_cash(problem, orders), strict=True)):
        spare = cash - kept[n] - CENT
        menu = [int(s) for s in axes.buy_security[axes.buy_account == n] if problem.securities[int(s)].symbol not in lost]
        purest = {g: _purest(problem, menu, g) for g in short}
        wanted = {g: amount for g, amount in short.items() if purest[g] is not None and amount > 0}
        whole = sum(wanted.values(), ZERO)
        if spare <= 0 or whole <= 0:
            continue
        for segment, amount in wanted.items():
            security = purest[segment]
            assert security is not None
            unit = problem.securities[security].price * (1 + cost_of_trading(account, problem.securities[security]))
            dollars = min(amount, spare * amount / whole)
            shares = (dollars / unit / account.share_step).to_integral_value(rounding=ROUND_FLOOR) * account.share_step
            if shares > 0:
                buys.append(BuyTrade(n, security, shares))
                short[segment] -= cents(shares * problem.securities[security].price)
    return tuple(buys)


def _purest(problem: Problem, menu: list[int], segment: str) -> int | None:
    """The security of the menu with the largest weight in a segment; None when none has any."""
    weights = [(problem.securities[s].exposures.get(segment, ZERO), -s) for s in menu]
    best = max(weights, default=(ZERO, 0))
    return -best[1] if best[0] > 0 else None
