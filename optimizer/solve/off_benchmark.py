"""Exact orders against a benchmark: tracking error, drift and bands of names, with the dollars that miss each limit."""

from dataclasses import dataclass

import numpy as np

from lots.units import to_float
from optimizer.market.active_risk import Risk, risk_of
from optimizer.model.assemble import Model
from optimizer.model.axes import Vector, incidence
from optimizer.model.blocks.tracking import targets_of
from optimizer.problem import Problem
from optimizer.solve.rounding import Orders

ROUNDING = 1.0
"""Dollars missing that are rounding to shares and no miss."""


@dataclass(frozen=True)
class Standing:
    """Where the names stand: active weights of shape (n_securities,), fractions of the household's value."""

    problem: Problem
    value: float
    active: Vector
    risk: Risk | None

    @property
    def tracking_error(self) -> float | None:
        """Standard deviation of a year's active return; None without a risk model."""
        return None if self.risk is None else self.risk.tracking_error(self.active)

    @property
    def drift(self) -> float:
        """Half the sum of all distances from target weights."""
        return float(np.abs(self.active).sum() / 2)

    def missed(self) -> float:
        """Dollars by which names, drift and tracking error together miss their limits; less than a dollar each is rounding."""
        benchmark = self.problem.benchmark
        assert benchmark is not None
        beyond = []
        if benchmark.name_band is not None:
            target = targets_of(self.problem)
            past = np.abs(self.active) - to_float(benchmark.name_band) * target
            beyond += (past[target > 0] * self.value).tolist()
        if benchmark.max_drift is not None:
            beyond.append(2 * (self.drift - to_float(benchmark.max_drift)) * self.value)
        if benchmark.max_tracking_error is not None and self.tracking_error is not None:
            beyond.append((self.tracking_error - to_float(benchmark.max_tracking_error)) * self.value)
        return float(sum(dollars for dollars in beyond if dollars > ROUNDING))


def standing(model: Model, orders: Orders | None) -> Standing | None:
    """Where the names of the benchmark stand after orders, or today without any; None without a benchmark."""
    problem, axes = model.problem, model.axes
    if problem.benchmark is None:
        return None
    held = incidence(axes.lots.security, axes.n_securities) @ axes.lots.value
    value = axes.value_before if orders is None else axes.value_after_flows
    if orders is not None:
        held = held + change_of(model, orders)
    return Standing(problem, value, held / value - targets_of(problem), _risk(model))


def change_of(model: Model, orders: Orders) -> Vector:
    """Net dollars of every security that orders add, shape (n_securities,)."""
    price = [to_float(security.price) for security in model.problem.securities]
    change = np.zeros(len(price))
    for trade in (*orders.sales, *orders.gifts):
        at = int(model.axes.lots.security[trade.lot])
        change[at] -= to_float(trade.shares) * price[at]
    for buy in orders.buys:
        change[buy.security] += to_float(buy.shares) * price[buy.security]
    return change


def _risk(model: Model) -> Risk | None:
    return model.tracking.risk if model.tracking is not None else risk_of(model.problem)
