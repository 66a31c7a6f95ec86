"""Assembly: the blocks of one problem as one compiled program, solved again and again with other levers and tax cases."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import cvxpy as cp
import numpy as np

from optimizer.market.costs import Prices, prices_of
from optimizer.model.axes import Axes, Vector, axes_of
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.balance import balance
from optimizer.model.blocks.bands import bands
from optimizer.model.blocks.costs import later_years, location, sheltered_stay, trading
from optimizer.model.blocks.families import Family, families, families_of
from optimizer.model.blocks.flows import flows, given_up_to, later_prices
from optimizer.model.blocks.gains import YearGains, budgets, gains
from optimizer.model.blocks.limits import account_limits, preferences
from optimizer.model.blocks.scope import scope
from optimizer.model.blocks.tracking import Tracking, tracking
from optimizer.model.blocks.wash import WashAxis, Washed, WashState, wash, wash_axis_of
from optimizer.model.blocks.year_return import YearReturn, income_ceiling, year_return
from optimizer.model.cases import TaxCase
from optimizer.model.custom import custom_parts
from optimizer.model.facts import Facts, facts_of
from optimizer.model.levers import BlindFlows, blind_flows, bounds_of
from optimizer.model.order_choice import OrderChoice
from optimizer.model.polyhedral import LinearCase
from optimizer.model.trades import Bounds, Trades, bounds_for, trades_of
from optimizer.model.whole import tradeable
from optimizer.model.whole_scope import narrowed_in_steps
from optimizer.model.year_cases import YearCases, tax_of
from optimizer.problem import Lever, Problem
from optimizer.targets.drift import drifts_of

FINE = Decimal("0.001")
"""Part of a share that counts as any part."""
PIN = 1e-6
"""Dollars a pinned flow may fall short, so that rounding noise does not leave it without a plan."""


@dataclass(frozen=True)
class Model:
    """One household's program, compiled once."""

    problem: Problem
    facts: Facts
    axes: Axes
    prices: Prices
    trades: Trades
    year: YearGains | YearReturn
    year_cases: YearCases
    costs: dict[str, cp.Expression]
    constraints: list[Labelled]
    bounds: Bounds
    blind: BlindFlows
    wash_axis: tuple[WashAxis, ...]
    washed: Washed
    families: tuple[Family, ...]
    tracking: Tracking | None
    """The cone of a benchmark's tracking error; None where everything is linear."""
    entering: Vector
    """Later tax on a dollar that enters by each contribution pair, dollars."""
    leaving: Vector
    """Later tax on a dollar that leaves by each withdrawal pair, dollars."""
    program: cp.Problem
    whole: cp.Problem | None
    """The same in tradeable amounts, where an account's steps are too large to round away or orders have wishes of their own."""
    choice: OrderChoice | None = None
    """Which orders that program places, where it chooses them."""
    barred: frozenset[int] = frozenset()
    """Positions of lots that no plan of this model touches, whatever the levers."""

    @property
    def cases(self) -> tuple[TaxCase, ...] | tuple[LinearCase, ...]:
        """The convex cases of the tax."""
        return self.year_cases.cases

    def choose(self, case: TaxCase | LinearCase, levers: frozenset[Lever]) -> None:
        """Set the tax case and the levers of the next solves."""
        self.year.choose(case)
        self.pull(levers)

    def pull(self, levers: frozenset[Lever]) -> None:
        """Set the levers of the next solves, every wash group undecided."""
        chosen = bounds_of(self.axes, self.blind, self.problem, levers)
        for name in chosen.__dataclass_fields__:
            getattr(self.bounds, name).save_value(getattr(chosen, name))
        if self.barred:
            lots = np.array(sorted(self.barred), dtype=np.intp)
            stays = np.isin(np.arange(self.axes.n_lots), lots)
            self.bounds.sold_cap.value = np.where(stays, self.bounds.sold_floor.value, self.bounds.sold_cap.value)
            self.bounds.given_cap.value = np.where(np.isin(self.axes.gifts.lot, lots), 0.0, self.bounds.given_cap.value)
        self.decide({})

    def given_by_lot(self, given: Vector) -> Vector:
        """Dollars given of every lot, from those of every pair of a gift and a lot."""
        return np.bincount(self.axes.gifts.lot, weights=given, minlength=self.axes.n_lots).astype(float)

    def move(self, limit: str, to: float) -> None:
        """Move a limit of the question's scope, by the name of its parameter; the next solves hold it."""
        self.program.param_dict[limit].value = to

    def in_fractions(self) -> "Model":
        """The same compiled program for accounts that trade any part of a share."""
        if self.whole is None:
            return self
        accounts = tuple(a.model_copy(update={"share_step": min(a.share_step, FINE)}) for a in self.problem.accounts)
        return replace(self, problem=self.problem.model_copy(update={"accounts": accounts}), whole=None, choice=None)

    def pin(self, sold: Vector, contributed: Vector, withdrawn: Vector) -> None:
        """Sell of no other lots than these amounts do, and keep each flow at least at its dollars.

        Since an order is never exceeded, that leaves the flow where it is.
        """
        self.bounds.sold_cap.value = np.where(sold > PIN, self.bounds.sold_cap.value, self.bounds.sold_floor.value)
        for floor, amount in ((self.bounds.contributed_floor, contributed), (self.bounds.withdrawn_floor, withdrawn)):
            floor.value = np.maximum(floor.value, np.maximum(amount - PIN, 0.0))

    def decide(
        self,
        states: Mapping[int, WashState],
        cuts: Mapping[int, tuple[int, int]] | None = None,
        buying: Mapping[int, bool] | None = None,
    ) -> None:
        """Settle some wash groups by position, the first and last place in their order at which washing may end, and families.

        A family is settled True when one of its groups at least is not sold at a loss, False when none of them is bought.
        """
        size, lately = len(self.wash_axis), np.array([float(group.kept > 0) for group in self.wash_axis])
        for state, floor, cap in (
            (WashState.HARVESTED, self.bounds.harvested_floor, self.bounds.harvested_cap),
            (WashState.WASHED, self.bounds.soaked_floor, self.bounds.soaked_cap),
        ):
            low, high = np.zeros(size), np.ones(size) if state is WashState.HARVESTED else lately.copy()
            for group, chosen in states.items():
                low[group] = high[group] = float(chosen is state)
            floor.save_value(low)
            cap.save_value(high)
        self.washed.settle(cuts or {})
        limit = np.array([len(family.groups) for family in self.families], dtype=float)
        most = np.full(self.axes.n_buys, np.inf)
        for position, buys in (buying or {}).items():
            if buys:
                limit[position] -= 1.0
            else:
                most[self.families[position].buys] = 0.0
        self.bounds.family_limit.save_value(limit)
        self.bounds.bought_cap.save_value(most)


def assemble(problem: Problem) -> Model:
    """Build and label every block of the problem."""
    facts, prices = facts_of(problem), prices_of(problem)
    axes = axes_of(problem, facts)
    groups = wash_axis_of(problem, facts, axes)
    related = families_of(axes, groups)
    bounds = bounds_for(axes, len(groups), len(related))
    trades, drifts = trades_of(axes, bounds), drifts_of(problem)
    flow_part, income = flows(problem, facts, axes, trades, prices)
    wash_part, washed_amounts, washed = wash(problem, groups, axes, trades, prices.future_gain)
    taxed = tax_of(problem, facts, axes, prices)
    tax_part, year = _year(problem, axes, trades, washed, income, taxed)
    limited = year.due_on_gains if problem.wishes.max_gains_tax is not None else None
    tracking_part, cone = tracking(problem, groups, axes, trades)
    parts = [
        balance(problem, facts, axes, trades),
        bands(problem, axes, trades, [drift.allowed for drift in drifts], None, -1.0 * given_up_to(axes, trades), groups),
        flow_part,
        wash_part,
        families(related, trades, bounds.family_limit),
        tax_part,
        budgets(problem, axes.value_before, trades, year.z[0], year.z[1], limited),
        income_ceiling(problem, year) if isinstance(year, YearReturn) else Part(),
        account_limits(problem, axes, trades),
        preferences(problem, axes, trades),
        trading(trades),
        location(axes, trades, prices),
        later_years(axes, trades, prices),
        sheltered_stay(axes, trades, bounds.sheltered_slack),
        scope(problem, axes, trades, year.z[0] + year.z[1]),
        tracking_part,
        *custom_parts(problem, axes, trades),
    ]
    costs = {name: cost for part in parts for name, cost in part.costs.items()}
    constraints = [each for part in parts for each in part.constraints]
    entering, leaving = later_prices(problem, axes, prices)
    objective = cp.sum(list(costs.values()))
    whole, choice = _in_steps(problem, axes, trades, washed_amounts, objective, constraints)
    return Model(
        problem=problem,
        facts=facts,
        axes=axes,
        prices=prices,
        trades=trades,
        year=year,
        year_cases=taxed,
        costs=costs,
        constraints=constraints,
        bounds=bounds,
        blind=blind_flows(problem, facts, axes, frozenset(n for n, drift in enumerate(drifts) if drift.standing == "above")),
        wash_axis=groups,
        washed=washed_amounts,
        families=related,
        tracking=cone,
        entering=entering,
        leaving=leaving,
        program=cp.Problem(cp.Minimize(objective), [each.constraint for each in constraints]),
        whole=whole,
        choice=choice,
    )


def _in_steps(
    problem: Problem, axes: Axes, trades: Trades, washed: Washed, objective: cp.Expression, constraints: list[Labelled]
) -> tuple[cp.Problem | None, OrderChoice | None]:
    """The program in tradeable amounts, if there is one, and its orders; none with a benchmark, whose steps rounding takes."""
    if problem.benchmark is not None:
        return None, None
    stepped, excess = narrowed_in_steps(problem, axes, trades, constraints)
    return tradeable(problem, axes, trades, washed, objective + excess, [each.constraint for each in stepped])


def _year(
    problem: Problem, axes: Axes, trades: Trades, washed: cp.Expression, income: cp.Expression, taxed: YearCases
) -> tuple[Part, YearGains | YearReturn]:
    """Flat rates where they are stated, the whole return where its income is."""
    rates = problem.taxpayer.rates
    if rates is not None:
        return gains(problem, axes, trades, washed, income, rates)
    return year_return(problem, axes, trades, washed, income, taxed)
