"""Rounding with a benchmark: cash left over is spent, and steps are taken until the tracking error is within its limit.

Rounding each trade by itself can leave the household a hair outside the limit, or, in whole shares, more than a hair. Steps of
what is bought and of lots sold in part are then taken one by one, each time the one that lowers the variance most.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

import numpy as np
from scipy import sparse

from lots.units import CENT, ZERO, Money, Shares, cents, to_float
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector, incidence
from optimizer.model.blocks.tracking import targets_of
from optimizer.model.whole import COARSE
from optimizer.solve.off_benchmark import change_of
from optimizer.solve.rounding import Orders, closing_cash, cost_of_trading

CLOSE = 0.5
"""Dollars beyond the limit on drift that are rounding."""
TRIED = 40
"""Names tried for the next step of spare cash."""
MOST_STEPS = 2000
"""After so many steps what is left is stated as it is."""


def nearer(model: Model, orders: Orders) -> Orders:
    """The orders with what rounding left over put right; as they are without a benchmark or a purchase."""
    if model.problem.benchmark is None or not orders.buys:
        return orders
    table = _Table(model, orders)
    if not table.is_within:
        table.step_until_within()
    return table.with_spare_cash_spent()


@dataclass(frozen=True)
class _Step:
    """One share step more or less of a purchase or of a sale: its dollars added to the security and to the cash."""

    is_buy: bool
    position: int
    shares: Shares
    security: int
    account: int
    dollars: float
    cash: Money


class _Table:
    """Orders being changed step by step, with the variance they leave."""

    def __init__(self, model: Model, orders: Orders) -> None:
        axes, cone = model.axes, model.tracking
        self.model, self.orders = model, orders
        held = incidence(axes.lots.security, axes.n_securities) @ axes.lots.value
        self.active: Vector = held - targets_of(model.problem) * axes.value_after_flows + change_of(model, orders)
        value, drift = axes.value_after_flows, model.problem.benchmark.max_drift if model.problem.benchmark else None
        self.root = cone.risk.root / value if cone is not None else sparse.identity(axes.n_securities, format="csr") / value
        self.own = np.asarray(self.root.power(2).sum(axis=0)).ravel()
        self.limit = np.inf if cone is None else (cone.limit / cone.value) ** 2
        self.drift_limit = np.inf if drift is None else 2 * to_float(drift) * value + CLOSE
        self.cash = [cash - kept for cash, kept in zip(closing_cash(model.problem, orders), self._kept(), strict=True)]
        self.bought = [buy.shares for buy in orders.buys]
        self.sold = [sale.shares for sale in orders.sales]

    def _kept(self) -> list[Money]:
        return list(self.model.problem.cash_kept())

    def _rate(self, account: int, security: int) -> Decimal:
        """Trading cost of a dollar, as a fraction."""
        return cost_of_trading(self.model.problem.accounts[account], self.model.problem.securities[security])

    @property
    def is_within(self) -> bool:
        """Whether tracking error and drift are at their limits or under them."""
        within = float(np.square(self.root @ self.active).sum()) <= self.limit
        return within and float(np.abs(self.active).sum()) <= self.drift_limit

    def _gradient(self) -> Vector:
        """What one more dollar of each security adds to the variance, or without a risk model to the squares of all distances."""
        return np.asarray(2 * (self.root.T @ (self.root @ self.active)))

    def step_until_within(self) -> None:
        """Take the step that lowers the variance most, until all is within its limits or no step lowers it."""
        steps = self._steps()
        security = np.array([step.security for step in steps])
        dollars = np.array([step.dollars for step in steps])
        for _ in range(MOST_STEPS):
            if self.is_within:
                return
            change = dollars * (self._gradient()[security] + dollars * self.own[security])
            for n in np.argsort(change).tolist():
                if change[n] >= 0:
                    return
                if self._take(steps[n]):
                    break
            else:
                return

    def with_spare_cash_spent(self) -> Orders:
        """Buy more, in each account, of what lowers the variance most per dollar, as far as its spare cash reaches."""
        for account in sorted({buy.account for buy in self.orders.buys}):
            places = [n for n, buy in enumerate(self.orders.buys) if buy.account == account]
            for _ in range(MOST_STEPS):
                if not self._spend(account, places):
                    break
        return self._result()

    def _spend(self, account: int, places: list[int]) -> bool:
        """Buy one step more, or where steps are small all that the cash allows, of what lowers the variance most."""
        problem, gradient = self.model.problem, self._gradient()
        step, was_within = problem.accounts[account].share_step, self.is_within
        for n in sorted(places, key=lambda n: gradient[self.orders.buys[n].security])[:TRIED]:
            security = self.orders.buys[n].security
            price, rate = problem.securities[security].price, self._rate(account, security)
            shares = ((self.cash[account] - CENT) / (price * (1 + rate)) / step).to_integral_value(rounding=ROUND_FLOOR) * step
            if step * price >= COARSE:
                shares = min(shares, step)
            if shares <= 0:
                continue
            dollars = to_float(shares * price)
            self.active[security] += dollars
            if was_within and not self.is_within:
                self.active[security] -= dollars
                continue
            self.cash[account] -= shares * price * (1 + rate) + _to_the_cent(self.bought[n], shares, price)
            self.bought[n] += shares
            return True
        return False

    def _steps(self) -> list[_Step]:
        problem, found = self.model.problem, list[_Step]()
        for n, buy in enumerate(self.orders.buys):
            price, step = problem.securities[buy.security].price, problem.accounts[buy.account].share_step
            cost = step * price * self._rate(buy.account, buy.security)
            for sign in (1, -1):
                dollars = sign * step * price
                cash = -dollars - cost if sign > 0 else -dollars
                found.append(_Step(True, n, sign * step, buy.security, buy.account, to_float(dollars), cash))
        for n, sale in enumerate(self.orders.sales):
            security, account = int(self.model.axes.lots.security[sale.lot]), int(self.model.axes.lots.account[sale.lot])
            price, step = problem.securities[security].price, problem.accounts[account].share_step
            cost = step * price * self._rate(account, security)
            if sale.shares < problem.lots[sale.lot].shares:
                for sign in (1, -1):
                    dollars = -sign * step * price
                    cash = -dollars - cost if sign > 0 else -dollars
                    found.append(_Step(False, n, sign * step, security, account, to_float(dollars), cash))
        return found

    def _take(self, step: _Step) -> bool:
        """Take a step where cash, purchase and lot allow it."""
        most = self.model.problem.lots[self.orders.sales[step.position].lot].shares if not step.is_buy else Decimal("Infinity")
        amounts = self.bought if step.is_buy else self.sold
        after = amounts[step.position] + step.shares
        rounded = _to_the_cent(amounts[step.position], step.shares, self.model.problem.securities[step.security].price)
        cash = step.cash + (-rounded if step.is_buy else rounded)
        if not ZERO < after <= most or self.cash[step.account] + cash < CENT:
            return False
        amounts[step.position] = after
        self.cash[step.account] += cash
        self.active[step.security] += step.dollars
        return True

    def _result(self) -> Orders:
        buys = tuple(replace(buy, shares=shares) for buy, shares in zip(self.orders.buys, self.bought, strict=True))
        sales = tuple(replace(sale, shares=shares) for sale, shares in zip(self.orders.sales, self.sold, strict=True))
        return replace(self.orders, buys=buys, sales=sales)


def _to_the_cent(before: Shares, more: Shares, price: Decimal) -> Money:
    """What rounding an order to the cent adds to its dollars as it grows."""
    return cents((before + more) * price) - cents(before * price) - more * price
