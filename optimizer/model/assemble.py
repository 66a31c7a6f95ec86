"""Assembly: the blocks of one problem as one compiled program, solved again and again with other levers and tax cases."""

from collections.abc import Mapping
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.market.costs import Prices, prices_of
from optimizer.model.axes import Axes, Vector, axes_of
from optimizer.model.block import Labelled
from optimizer.model.blocks.balance import balance
from optimizer.model.blocks.bands import bands
from optimizer.model.blocks.costs import later_years, location, sheltered_stay, trading
from optimizer.model.blocks.flows import flows, later_prices
from optimizer.model.blocks.gains import YearGains, budgets, gains
from optimizer.model.blocks.wash import WashAxis, wash, wash_axis_of
from optimizer.model.cases import FlatTax, TaxCase, flat_cases
from optimizer.model.facts import Facts, facts_of
from optimizer.model.levers import BlindFlows, blind_flows, bounds_of
from optimizer.model.trades import Bounds, Trades, bounds_for, trades_of
from optimizer.model.whole import whole_steps
from optimizer.problem import Lever, Problem
from optimizer.targets.drift import drifts_of


@dataclass(frozen=True)
class Model:
    """One household's program, compiled once."""

    problem: Problem
    facts: Facts
    axes: Axes
    prices: Prices
    trades: Trades
    year: YearGains
    cases: tuple[TaxCase, ...]
    costs: dict[str, cp.Expression]
    constraints: list[Labelled]
    bounds: Bounds
    blind: BlindFlows
    wash_axis: tuple[WashAxis, ...]
    entering: Vector
    """Later tax on a dollar that enters by each contribution pair, dollars."""
    leaving: Vector
    """Later tax on a dollar that leaves by each withdrawal pair, dollars."""
    program: cp.Problem
    whole: cp.Problem | None
    """The same in whole shares, where an account's steps are too large to round away."""

    def choose(self, case: TaxCase, levers: frozenset[Lever]) -> None:
        """Set the tax case and the levers of the next solves."""
        self.year.choose(case)
        self.pull(levers)

    def pull(self, levers: frozenset[Lever]) -> None:
        """Set the levers of the next solves, every wash group undecided."""
        chosen = bounds_of(self.axes, self.blind, self.problem, levers)
        for name in chosen.__dataclass_fields__:
            getattr(self.bounds, name).value = getattr(chosen, name)
        self.decide({})

    def decide(self, flags: Mapping[int, bool]) -> None:
        """Settle some wash groups by position: True to allow sales at a loss and no purchase, False for the reverse."""
        floor, cap = np.zeros(len(self.wash_axis)), np.ones(len(self.wash_axis))
        for group, harvested in flags.items():
            floor[group] = cap[group] = float(harvested)
        self.bounds.harvested_floor.value, self.bounds.harvested_cap.value = floor, cap


def assemble(problem: Problem) -> Model:
    """Build and label every block of the problem."""
    facts = facts_of(problem)
    axes = axes_of(problem, facts)
    prices = prices_of(problem)
    bounds = bounds_for(axes, len(facts.wash_groups))
    trades = trades_of(axes, bounds)
    drifts = drifts_of(problem)
    flow_part, income = flows(problem, facts, axes, trades, prices)
    groups = wash_axis_of(problem, facts, axes)
    wash_part, washed = wash(problem, groups, axes, trades)
    tax_part, year = gains(problem, axes, trades, washed, income)
    parts = [
        balance(problem, axes, trades),
        bands(problem, axes, trades, [drift.allowed for drift in drifts]),
        flow_part,
        wash_part,
        tax_part,
        budgets(problem, axes, trades, year),
        trading(trades),
        location(axes, trades, prices),
        later_years(axes, trades, prices),
        sheltered_stay(axes, trades, bounds.sheltered_slack),
    ]
    costs = {name: cost for part in parts for name, cost in part.costs.items()}
    constraints = [each for part in parts for each in part.constraints]
    entering, leaving = later_prices(problem, axes, prices)
    over = frozenset(n for n, drift in enumerate(drifts) if drift.standing == "above")
    objective = cp.Minimize(cp.sum(list(costs.values())))
    rules = [each.constraint for each in constraints]
    steps = whole_steps(problem, axes, trades)
    return Model(
        problem=problem,
        facts=facts,
        axes=axes,
        prices=prices,
        trades=trades,
        year=year,
        cases=flat_cases(_flat_tax(problem, facts, prices)),
        costs=costs,
        constraints=constraints,
        bounds=bounds,
        blind=blind_flows(problem, facts, axes, over),
        wash_axis=groups,
        entering=entering,
        leaving=leaving,
        program=cp.Problem(objective, rules),
        whole=cp.Problem(objective, [*rules, *(each.constraint for each in steps)]) if steps else None,
    )


def _flat_tax(problem: Problem, facts: Facts, prices: Prices) -> FlatTax:
    rates = problem.taxpayer.rates
    return FlatTax(
        ordinary=to_float(rates.ordinary),
        long_term=to_float(rates.long_term),
        deduction=to_float(rates.deduction_rate),
        loss_limit=to_float(facts.loss_limit),
        carried_loss=prices.carried_loss,
    )
