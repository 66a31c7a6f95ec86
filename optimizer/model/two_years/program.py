"""The one program of two tax years, compiled once and solved for every pair of cases and every restriction of the dates."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import cvxpy as cp
import numpy as np

from lots.units import ZERO, to_float
from lots.wash.window import window
from optimizer.market.costs import Prices, prices_of
from optimizer.model.axes import incidence
from optimizer.model.block import Labelled
from optimizer.model.levers import bounds_of
from optimizer.model.polyhedral import LinearCase
from optimizer.model.two_years.carryover import CarryCase, Carryover, carry_cases
from optimizer.model.two_years.january import january_of
from optimizer.model.two_years.parts import Half, Named, over_new_year, parts_of, sets_of
from optimizer.model.two_years.year_tax import cases_of
from optimizer.problem import Problem


class Dates(StrEnum):
    """On which of the two dates the household trades beyond what its orders need."""

    BOTH = "both"
    DECEMBER = "everything now"
    JANUARY = "everything in January"


@dataclass(frozen=True)
class TwoYears:
    """Both years in one program."""

    december: Half
    january: Half
    prices: Prices
    discount: float
    """What a dollar of tax due a year later is worth today."""
    carry: Carryover
    carry_cases: tuple[CarryCase, ...]
    crosses: bool
    """Whether the wash-sale window of the first trades reaches the second."""
    costs: dict[str, cp.Expression]
    constraints: tuple[Labelled, ...]
    bands_matter: cp.Parameter
    """1 where bands count after the first trades, else 0."""
    cash_matters: cp.Parameter
    """1 where cash left idle after the first trades counts, else 0."""
    december_slack: cp.Parameter
    """Dollars an account may sell this year beyond what its orders take out, shape (n_accounts,)."""
    bought_cap: tuple[cp.Parameter, cp.Parameter]
    """The most bought on each date, dollars."""
    program: cp.Problem

    def restrict(self, dates: Dates) -> None:
        """Say on which dates the next solves trade, every wash group undecided."""
        levers = frozenset(self.december.problem.levers)
        for half in (self.december, self.january):
            chosen = bounds_of(half.axes, half.blind, half.problem, levers)
            for name in chosen.__dataclass_fields__:
                getattr(half.bounds, name).save_value(getattr(chosen, name))
        everything = 2.0 * (self.december.axes.value_before + float(self.december.axes.contribution_amount.sum()))
        waits = dates is Dates.JANUARY
        self.december_slack.save_value(np.full(self.december.axes.n_accounts, 0.0 if waits else everything))
        self.bought_cap[0].save_value(np.asarray(0.0 if waits else everything))
        self.bought_cap[1].save_value(np.asarray(0.0 if dates is Dates.DECEMBER else everything))
        if dates is Dates.DECEMBER:
            self.january.bounds.sold_cap.save_value(np.zeros(self.january.axes.n_lots))
            self.january.bounds.given_cap.save_value(np.zeros(len(self.january.axes.gifts)))
        at_december = self.december.problem.next_year.bands_by == "december" and not waits
        self.bands_matter.save_value(np.asarray(float(at_december)))
        self.cash_matters.save_value(np.asarray(float(not waits)))
        for half in (self.december, self.january):
            half.decide({}, {})

    def choose(self, this_year: LinearCase, carried: CarryCase, next_year: LinearCase) -> None:
        """Set the cases of the next solves."""
        self.december.year.choose(this_year)
        self.january.year.choose(next_year)
        self.carry.choose(carried)


def two_years(problem: Problem, rise: Decimal = ZERO) -> TwoYears:
    """Build and label both years of a problem, next year's stand-in thresholds raised by the fraction `rise`."""
    following = january_of(problem, rise)
    prices = prices_of(problem)
    crosses = following.as_of in window(problem.as_of)
    first, second = sets_of(problem), sets_of(following)
    nothing = np.zeros(2)
    taxed = cases_of(problem, first.facts, first.axes, 0.0, nothing)
    carried = carry_cases(to_float(first.facts.loss_limit), taxed.lower, taxed.upper)
    most_carried = np.maximum(-taxed.lower[:2], 0.0) if len(carried) > 1 else nothing
    taxed_next = cases_of(following, second.facts, second.axes, prices.carried_loss, most_carried)
    parts, halves, link = parts_of(first, second, (taxed, taxed_next), prices, crosses)
    before, after = halves
    discount = 1 / (1 + to_float(problem.outlook.discount_rate))
    matters = (cp.Parameter(nonneg=True, name="bands_matter"), cp.Parameter(nonneg=True, name="cash_matters"))
    costs = _costs(parts, discount, *matters)
    slack = cp.Parameter(first.axes.n_accounts, nonneg=True, name="december_slack")
    caps = (cp.Parameter(nonneg=True, name="bought_cap"), cp.Parameter(nonneg=True, name="bought_cap_january"))
    constraints = [each for named in parts for part in named.values() for each in part.constraints]
    constraints += [*link.constraints, *_dates(before, after, slack, caps), *over_new_year(before, after)]
    return TwoYears(
        december=before,
        january=after,
        prices=prices,
        discount=discount,
        carry=link,
        carry_cases=carried,
        crosses=crosses,
        costs=costs,
        constraints=tuple(constraints),
        bands_matter=matters[0],
        cash_matters=matters[1],
        december_slack=slack,
        bought_cap=caps,
        program=cp.Problem(cp.Minimize(cp.sum(list(costs.values()))), [each.constraint for each in constraints]),
    )


def _costs(
    parts: tuple[Named, Named], discount: float, bands_matter: cp.Parameter, cash_matters: cp.Parameter
) -> dict[str, cp.Expression]:
    """Dollars by name: next year's tax at its value today; a distance from target where it is left in the end."""
    costs = {}
    for prefix, named in zip(("", "january "), parts, strict=True):
        for part in named.values():
            for name, cost in part.costs.items():
                if name == "tax" and prefix:
                    cost = discount * cost
                if name == "breach" and not prefix:
                    cost = bands_matter * cost
                if (name == "idle_cash" and not prefix) or name == "set_aside":
                    cost = cash_matters * cost
                if name == "drift" and not prefix:
                    continue
                costs[f"{prefix}{name}"] = cost
    return costs


def _dates(before: Half, after: Half, slack: cp.Parameter, caps: tuple[cp.Parameter, cp.Parameter]) -> list[Labelled]:
    """What may be traded on each date, by parameters that a restriction of the dates sets; linear."""
    axes, trades = before.axes, before.trades
    net = incidence(axes.lots.account, axes.n_accounts).multiply(1 - axes.lot_cost).tocsr()
    leaves = incidence(axes.withdrawals.account, axes.n_accounts) @ trades.withdrawn
    leaves = leaves + incidence(axes.cash_gifts.account, axes.n_accounts) @ trades.cash_given
    return [
        Labelled("this year sells what its orders need, and more as far as it may", net @ trades.sold <= leaves + slack),
        Labelled("bought this year", cp.sum(trades.bought) <= caps[0]),
        Labelled("bought in January", cp.sum(after.trades.bought) <= caps[1]),
    ]
