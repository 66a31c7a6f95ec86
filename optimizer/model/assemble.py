"""Assembly: the blocks of one problem as one compiled program, solved again and again with other levers and tax cases."""

from dataclasses import dataclass

import cvxpy as cp

from lots.units import to_float
from optimizer.market.costs import Prices, prices_of
from optimizer.model.axes import Axes, Vector, axes_of
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.balance import balance
from optimizer.model.blocks.bands import bands
from optimizer.model.blocks.costs import later_years, location, sheltered_stay, trading
from optimizer.model.blocks.flows import flows, later_prices
from optimizer.model.blocks.gains import YearGains, budgets, gains
from optimizer.model.blocks.wash import WashAxis, wash, wash_axis_of
from optimizer.model.cases import FlatTax, TaxCase, flat_cases
from optimizer.model.facts import Facts, facts_of
from optimizer.model.levers import BlindFlows, LeverBounds, blind_flows, bounds_of
from optimizer.model.trades import Trades, trades_of
from optimizer.problem import Lever, Problem
from optimizer.targets.drift import drifts_of


@dataclass(frozen=True)
class LeverParameters:
    """The lever bounds as parameters of the program."""

    sold_floor: cp.Parameter
    sold_cap: cp.Parameter
    bought_floor: cp.Parameter
    contributed_floor: cp.Parameter
    withdrawn_floor: cp.Parameter
    given_cap: cp.Parameter
    sheltered_slack: cp.Parameter

    def assign(self, bounds: LeverBounds) -> None:
        """Put the bounds of a set of levers into the program."""
        for name in self.__dataclass_fields__:
            getattr(self, name).value = getattr(bounds, name)


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
    parameters: LeverParameters
    blind: BlindFlows
    wash_axis: tuple[WashAxis, ...]
    entering: Vector
    """Later tax on a dollar that enters by each contribution pair, dollars."""
    leaving: Vector
    """Later tax on a dollar that leaves by each withdrawal pair, dollars."""
    relaxed: cp.Problem
    """The convex program, in which the flags of wash groups may lie between 0 and 1."""
    exact: cp.Problem
    """The same with every flag 0 or 1."""

    def choose(self, case: TaxCase, levers: frozenset[Lever]) -> None:
        """Set the tax case and the levers of the next solve."""
        self.year.choose(case)
        self.parameters.assign(bounds_of(self.axes, self.blind, self.problem, levers))


def assemble(problem: Problem) -> Model:
    """Build and label every block of the problem."""
    facts = facts_of(problem)
    axes = axes_of(problem, facts)
    prices = prices_of(problem)
    trades = trades_of(axes, len(facts.wash_groups))
    drifts = drifts_of(problem)
    parameters = _parameters(axes)
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
        sheltered_stay(axes, trades, parameters.sheltered_slack),
        _lever_bounds(problem, trades, parameters),
    ]
    costs = {name: cost for part in parts for name, cost in part.costs.items()}
    constraints = [each for part in parts for each in part.constraints]
    entering, leaving = later_prices(problem, axes, prices)
    over = frozenset(n for n, drift in enumerate(drifts) if drift.standing == "above")
    objective = cp.Minimize(cp.sum(list(costs.values())))
    rules = [each.constraint for each in constraints]
    flags = cp.Variable(len(facts.wash_groups), boolean=True, name="flags")
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
        parameters=parameters,
        blind=blind_flows(problem, facts, axes, over),
        wash_axis=groups,
        entering=entering,
        leaving=leaving,
        relaxed=cp.Problem(objective, rules),
        exact=cp.Problem(objective, [*rules, trades.harvested == flags]),
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


def _parameters(axes: Axes) -> LeverParameters:
    return LeverParameters(
        sold_floor=cp.Parameter(axes.n_lots, nonneg=True),
        sold_cap=cp.Parameter(axes.n_lots, nonneg=True),
        bought_floor=cp.Parameter(axes.n_buys, nonneg=True),
        contributed_floor=cp.Parameter(len(axes.contributions), nonneg=True),
        withdrawn_floor=cp.Parameter(len(axes.withdrawals), nonneg=True),
        given_cap=cp.Parameter(len(axes.gifts), nonneg=True),
        sheltered_slack=cp.Parameter(axes.n_accounts, nonneg=True),
    )


def _lever_bounds(problem: Problem, trades: Trades, parameters: LeverParameters) -> Part:
    """What a plan does blindly while levers are off, as bounds; linear."""
    off = [lever.value for lever in Lever if lever not in problem.levers]
    order = f"leave {', '.join(off)} undirected" if off else None
    pairs: list[tuple[str, cp.Constraint]] = [
        ("blind sales", trades.sold >= parameters.sold_floor),
        ("sales allowed", trades.sold <= parameters.sold_cap),
        ("blind purchases", trades.bought >= parameters.bought_floor),
        ("blind contributions", trades.contributed >= parameters.contributed_floor),
        ("blind withdrawals", trades.withdrawn >= parameters.withdrawn_floor),
        ("gifts in kind allowed", trades.given <= parameters.given_cap),
    ]
    return Part({}, [Labelled(label, constraint, order) for label, constraint in pairs])
