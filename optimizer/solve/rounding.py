"""Rounding: dollars of the model become shares that the account can trade, and nothing is overdrawn.

Where a step is worth more than a dollar the amounts already are whole steps (:mod:`optimizer.model.whole`).

Sales and gifts round up to the account's share step, never past the lot, so that money needed is there; purchases round down,
so that money spent is there, and take one step more where their segment would otherwise fall under its band and the cash
allows it. Where a wish limits gains or income, lots sold in part at a gain round down instead. Sales at a loss and what has to
leave beside them stay whole. What rounding costs is stated by the plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from lots.units import CENT, ZERO, Money, Price, Rate, Shares, cents, from_float, to_float
from optimizer.model.assemble import Model
from optimizer.model.whole import COARSE
from optimizer.problem import AccountFacts, LotFacts, Problem, SecurityFacts
from optimizer.solve.solvers import Amounts
from optimizer.targets.drift import drifts_of, segment_values

DUST = 0.005
"""Dollars; a trade of less than half a cent is the solver's rounding noise."""
HAIR = Decimal("1e-5")
"""Part of a step by which the solver may pass a whole one."""
WHOLE = 1e-7
"""Part of a lot by which the solver may miss the whole lot."""


@dataclass(frozen=True, slots=True)
class LotTrade:
    """Shares of one lot that leave; `order` is the donation they serve, None for a sale."""

    lot: int
    shares: Shares
    order: int | None = None


@dataclass(frozen=True, slots=True)
class BuyTrade:
    """Shares of one security bought in one account."""

    account: int
    security: int
    shares: Shares


@dataclass(frozen=True, slots=True)
class Flow:
    """Cash that enters or leaves one account for one order."""

    order: int
    account: int
    amount: Money


@dataclass(frozen=True)
class Orders:
    """A plan in exact numbers: what is sold, given, bought, contributed, withdrawn, and given in cash."""

    sales: tuple[LotTrade, ...]
    gifts: tuple[LotTrade, ...]
    buys: tuple[BuyTrade, ...]
    contributions: tuple[Flow, ...]
    withdrawals: tuple[Flow, ...]
    cash_gifts: tuple[Flow, ...]


def orders_of(model: Model, amounts: Amounts) -> Orders:
    """Round the model's dollars to orders an account can carry out."""
    problem, axes = model.problem, model.axes
    price = {s.symbol: s.price for s in problem.securities}
    step = {a.id: a.share_step for a in problem.accounts}

    def shares_up(n: int, dollars: float, taken: Shares) -> Shares:
        lot = problem.lots[n]
        return _shares_up(lot, price[lot.symbol], step[lot.account], dollars, taken)

    gifts = _gifts(model, amounts, shares_up)
    given: dict[int, Shares] = {}
    for gift in gifts:
        given[gift.lot] = given.get(gift.lot, ZERO) + gift.shares
    sales = tuple(
        LotTrade(n, shares_up(n, amounts.sold[n], given.get(n, ZERO))) for n in np.flatnonzero(amounts.sold > DUST).tolist()
    )
    sales = tuple(sale for sale in sales if sale.shares > 0)
    entering, leaving = [each.amount for each in problem.contributions], [each.leaving for each in problem.withdrawals]
    contributions = _flows(axes.contributions.order, axes.contributions.account, amounts.contributed, entering)
    withdrawals = _flows(axes.withdrawals.order, axes.withdrawals.account, amounts.withdrawn, leaving)
    cash_gifts = _cash_gifts(problem, model, amounts, gifts)
    before_buys = Orders(sales, gifts, (), contributions, withdrawals, cash_gifts)
    if _caps_income(problem):
        before_buys = _under_the_caps(model, before_buys)
        sales = before_buys.sales
    return Orders(sales, gifts, _buys(model, amounts, before_buys), contributions, withdrawals, cash_gifts)


def _caps_income(problem: Problem) -> bool:
    """Whether a wish limits gains, the tax on them or income, so that not even a cent may be added by rounding."""
    wishes = problem.wishes
    caps = (wishes.max_short_gain, wishes.max_long_gain, wishes.max_net_gain, wishes.max_gains_tax, wishes.max_agi)
    return any(cap is not None for cap in caps)


def _under_the_caps(model: Model, orders: Orders) -> Orders:
    """Sell a step less of each lot at a gain that is sold in part, in every account whose cash allows it."""
    problem, lots = model.problem, model.axes.lots
    steps = [account.share_step for account in problem.accounts]
    lowered = []
    for sale in orders.sales:
        step = steps[lots.account[sale.lot]]
        is_small = to_float(step) * float(lots.value[sale.lot]) < COARSE * to_float(problem.lots[sale.lot].shares)
        is_part = step < sale.shares < problem.lots[sale.lot].shares
        lower = lots.gain_ratio[sale.lot] > 0 and is_part and is_small
        lowered.append(replace(sale, shares=sale.shares - step) if lower else sale)
    after = closing_cash(problem, replace(orders, sales=tuple(lowered)))
    short = {n for n, kept in enumerate(problem.cash_kept()) if after[n] < kept}
    kept = [old if lots.account[old.lot] in short else new for old, new in zip(orders.sales, lowered, strict=True)]
    return replace(orders, sales=tuple(kept))


def closing_cash(problem: Problem, orders: Orders) -> list[Money]:
    """Cash of every account after the orders and their trading cost, in exact dollars."""
    price = [s.price for s in problem.securities]
    fees = [a.ticket_fee for a in problem.accounts]
    account = {a.id: n for n, a in enumerate(problem.accounts)}
    security = {s.symbol: n for n, s in enumerate(problem.securities)}
    cash = [a.cash for a in problem.accounts]
    for payment in problem.income:
        cash[account[payment.account]] += payment.amount
    for sale in orders.sales:
        lot = problem.lots[sale.lot]
        at = security[lot.symbol]
        place = account[lot.account]
        rate = cost_of_trading(problem.accounts[place], problem.securities[at])
        cash[place] += cents(sale.shares * price[at]) - sale.shares * price[at] * rate
    for buy in orders.buys:
        dollars = buy.shares * price[buy.security]
        rate = cost_of_trading(problem.accounts[buy.account], problem.securities[buy.security])
        cash[buy.account] -= cents(dollars) + dollars * rate
    for place, _, _ in sizes_of(problem, orders):
        cash[place] -= fees[place]
    for flow in orders.contributions:
        cash[flow.account] += flow.amount
    for flow in (*orders.withdrawals, *orders.cash_gifts):
        cash[flow.account] -= flow.amount
    return cash


def cost_of_trading(account: AccountFacts, security: SecurityFacts) -> Rate:
    """What trading a dollar of a security costs in an account: half its spread and the account's fee, as a fraction."""
    return (security.half_spread + account.fee) / 10000


def deducted_cash(problem: Problem, orders: Orders) -> Money:
    """Gifts in cash that are deducted, in dollars: those of taxable accounts, none straight from an IRA (IRC 408(d)(8)(E))."""
    counts = [account.kind.is_taxable for account in problem.accounts]
    return sum((gift.amount for gift in orders.cash_gifts if counts[gift.account]), ZERO)


def sizes_of(problem: Problem, orders: Orders) -> dict[tuple[int, str, str], tuple[Money, bool]]:
    """Dollars of every order by account, symbol and side, and whether it sells out a holding."""
    account = {a.id: n for n, a in enumerate(problem.accounts)}
    price = {s.symbol: s.price for s in problem.securities}
    shares: dict[tuple[int, str, str], Shares] = {}
    for sale in orders.sales:
        lot = problem.lots[sale.lot]
        key = (account[lot.account], lot.symbol, "sell")
        shares[key] = shares.get(key, ZERO) + sale.shares
    for buy in orders.buys:
        shares[buy.account, problem.securities[buy.security].symbol, "buy"] = buy.shares
    held: dict[tuple[int, str, str], Shares] = {}
    for lot in problem.lots:
        key = (account[lot.account], lot.symbol, "sell")
        held[key] = held.get(key, ZERO) + lot.shares
    return {key: (number * price[key[1]], number == held.get(key)) for key, number in shares.items()}


def traded(problem: Problem, orders: Orders) -> Money:
    """Dollars sold and bought together, gifts left out."""
    price = {s.symbol: s.price for s in problem.securities}
    sold = sum((sale.shares * price[problem.lots[sale.lot].symbol] for sale in orders.sales), ZERO)
    return sold + sum((buy.shares * problem.securities[buy.security].price for buy in orders.buys), ZERO)


def trading_cost(problem: Problem, orders: Orders) -> Money:
    """Half-spreads and fees of all sales and purchases, dollars."""
    account, security = {a.id: a for a in problem.accounts}, {s.symbol: s for s in problem.securities}
    total = ZERO
    for sale in orders.sales:
        lot = problem.lots[sale.lot]
        one = security[lot.symbol]
        total += sale.shares * one.price * cost_of_trading(account[lot.account], one)
    for buy in orders.buys:
        one = problem.securities[buy.security]
        total += buy.shares * one.price * cost_of_trading(problem.accounts[buy.account], one)
    return total + sum((problem.accounts[place].ticket_fee for place, _, _ in sizes_of(problem, orders)), ZERO)


def banded_value(problem: Problem, orders: Orders) -> Money:
    """What the weights of segments are parts of after the orders: holdings and cash, what is set aside left out, in dollars."""
    apart = sum(problem.set_aside().values(), ZERO)
    return sum(held_after(problem, orders).values(), ZERO) + sum(closing_cash(problem, orders), ZERO) - apart


def held_after(problem: Problem, orders: Orders) -> dict[str, Money]:
    """Dollars of each symbol over all accounts after the orders."""
    price = {s.symbol: s.price for s in problem.securities}
    held = dict.fromkeys(price, ZERO)
    for lot in problem.lots:
        held[lot.symbol] += lot.shares * price[lot.symbol]
    for trade in (*orders.sales, *orders.gifts):
        symbol = problem.lots[trade.lot].symbol
        held[symbol] -= trade.shares * price[symbol]
    for buy in orders.buys:
        symbol = problem.securities[buy.security].symbol
        held[symbol] += buy.shares * price[symbol]
    return held


def _shares_up(facts: LotFacts, price: Price, step: Shares, dollars: float, taken: Shares) -> Shares:
    """Shares worth at least `dollars`, in the account's step, at most what is left of the lot."""
    left = facts.shares - taken
    wanted = from_float(dollars, Decimal("1e-9")) / price
    if wanted >= left * (1 - Decimal(repr(WHOLE))):
        return left
    return min(left, (wanted / step - HAIR).to_integral_value(rounding=ROUND_CEILING) * step)


def _gifts(model: Model, amounts: Amounts, shares_up: Callable[[int, float, Shares], Shares]) -> tuple[LotTrade, ...]:
    found: list[LotTrade] = []
    for pair in np.flatnonzero(amounts.given > DUST).tolist():
        lot = int(model.axes.gifts.lot[pair])
        taken = sum((gift.shares for gift in found if gift.lot == lot), ZERO)
        order = int(model.axes.gifts.order[pair])
        shares = shares_up(lot, amounts.given[pair], taken)
        if model.problem.donations[order].up_to:
            shares = _no_more(model, lot, shares, amounts.given[pair])
        found.append(LotTrade(lot, shares, order))
    return tuple(gift for gift in found if gift.shares > 0)


def _no_more(model: Model, lot: int, shares: Shares, dollars: float) -> Shares:
    """A step less where rounding up passed the dollars, as a gift of at most an amount may not."""
    facts = model.problem.lots[lot]
    account = next(each for each in model.problem.accounts if each.id == facts.account)
    price = from_float(float(model.axes.lots.price[lot]), Decimal("1e-9"))
    return shares - account.share_step if shares * price > from_float(dollars + DUST, CENT) else shares


def _flows(order: np.ndarray, account: np.ndarray, dollars: np.ndarray, wanted: list[Money]) -> tuple[Flow, ...]:
    """Split each order's exact amount over its accounts as the model does; the largest part takes the odd cent."""
    found = []
    for n, rest in enumerate(wanted):
        parts = [(int(pair), from_float(dollars[pair], CENT)) for pair in np.flatnonzero(order == n) if dollars[pair] > DUST]
        parts.sort(key=lambda part: part[1])
        for place, (pair, amount) in enumerate(parts):
            exact = rest if place == len(parts) - 1 else min(amount, rest)
            rest -= exact
            if exact > 0:
                found.append(Flow(n, int(account[pair]), exact))
    return tuple(found)


def _cash_gifts(problem: Problem, model: Model, amounts: Amounts, gifts: tuple[LotTrade, ...]) -> tuple[Flow, ...]:
    """What the gifts in kind leave of each promise, in cash; nothing once the shares reach the amount."""
    price = {s.symbol: s.price for s in problem.securities}
    found = []
    for n, donation in enumerate(problem.donations):
        in_kind = sum((g.shares * price[problem.lots[g.lot].symbol] for g in gifts if g.order == n), ZERO)
        pairs = np.flatnonzero(model.axes.cash_gifts.order == n)
        if donation.up_to or not len(pairs):
            found += _each_in_cash(model, amounts, n, max(ZERO, donation.amount - in_kind))
            continue
        wanted = from_float(float(amounts.cash_given[pairs].sum()), CENT)
        rest = max(ZERO, donation.amount - cents(in_kind)) if wanted > 0 or not in_kind else ZERO
        straight = [p for p in pairs.tolist() if not model.axes.cash_gift_counts[p] and amounts.cash_given[p] > DUST]
        for pair in straight:
            part = min(rest, from_float(float(amounts.cash_given[pair]), CENT))
            rest -= part
            found += [Flow(n, int(model.axes.cash_gifts.account[pair]), part)] if part > 0 else []
        others = [p for p in pairs.tolist() if p not in straight]
        if rest > 0:
            places = others if any(amounts.cash_given[p] > DUST for p in others) or not straight else straight
            last = int(model.axes.cash_gifts.account[max(places, key=lambda p: amounts.cash_given[p])])
            there = next((k for k, flow in enumerate(found) if (flow.order, flow.account) == (n, last)), None)
            if there is None:
                found.append(Flow(n, last, rest))
            else:
                found[there] = replace(found[there], amount=found[there].amount + rest)
    return tuple(found)


def _each_in_cash(model: Model, amounts: Amounts, order: int, most: Money) -> list[Flow]:
    """What the program gives in cash for an order, an account each, together no more than `most`."""
    found = []
    for pair in np.flatnonzero(model.axes.cash_gifts.order == order).tolist():
        part = min(most, from_float(float(amounts.cash_given[pair]), CENT))
        if part > 0 and amounts.cash_given[pair] > DUST:
            most -= part
            found.append(Flow(order, int(model.axes.cash_gifts.account[pair]), part))
    return found


def given_for(problem: Problem, orders: Orders, order: int) -> Money:
    """Dollars given for one order, in shares and in cash."""
    price = {s.symbol: s.price for s in problem.securities}
    in_kind = sum((gift.shares * price[problem.lots[gift.lot].symbol] for gift in orders.gifts if gift.order == order), ZERO)
    return in_kind + sum((flow.amount for flow in orders.cash_gifts if flow.order == order), ZERO)


def _buys(model: Model, amounts: Amounts, orders: Orders) -> tuple[BuyTrade, ...]:
    """Round purchases down within each account's cash, then lift those whose segment would end under its band."""
    problem, axes = model.problem, model.axes
    cash = closing_cash(problem, orders)
    floor = problem.cash_kept()
    found: list[BuyTrade] = []
    pairs = sorted(np.flatnonzero(amounts.bought > DUST).tolist(), key=lambda pair: amounts.bought[pair])
    for pair in pairs:
        account, security = int(axes.buy_account[pair]), int(axes.buy_security[pair])
        rate = cost_of_trading(problem.accounts[account], problem.securities[security])
        unit = problem.securities[security].price * (1 + rate)
        step = problem.accounts[account].share_step
        wanted = from_float(amounts.bought[pair], Decimal("1e-9")) / problem.securities[security].price
        fee = problem.accounts[account].ticket_fee
        affordable = max(ZERO, cash[account] - floor[account] - fee - CENT / 2) / unit
        shares = (min(wanted + step / 1000, affordable) / step).to_integral_value(rounding=ROUND_FLOOR) * step
        if shares > 0:
            cash[account] -= fee
            cash[account] -= cents(shares * problem.securities[security].price) + shares * (
                unit - problem.securities[security].price
            )
            found.append(BuyTrade(account, security, shares))
    return _lifted(problem, orders, found, cash)


def _lifted(problem: Problem, orders: Orders, buys: list[BuyTrade], cash: list[Money]) -> tuple[BuyTrade, ...]:
    """Buy one step more of what serves a segment that rounding left under its band, where the cash is there."""
    kept = problem.cash_kept()
    lower = {d.segment.id: d.allowed.lower for d in drifts_of(problem)}
    held = held_after(problem, Orders(orders.sales, orders.gifts, tuple(buys), (), (), ()))
    values = segment_values(problem, held)
    total = sum(held.values(), ZERO) + sum(cash, ZERO) - sum(problem.set_aside().values(), ZERO)
    for place, buy in enumerate(buys):
        security, account = problem.securities[buy.security], problem.accounts[buy.account]
        serves = [segment for segment, weight in security.exposures.items() if weight > 0]
        dollars = account.share_step * security.price
        cost = dollars * (1 + cost_of_trading(account, security))
        if any(values[s] < lower[s] * total for s in serves) and cash[buy.account] - kept[buy.account] >= cost + CENT:
            cash[buy.account] -= cost
            buys[place] = BuyTrade(buy.account, buy.security, buy.shares + account.share_step)
            for segment, more in segment_values(problem, {security.symbol: dollars}).items():
                values[segment] += more
    return tuple(buys)
