"""The one program of two tax years, compiled once and solved for every pair of cases and every restriction of the dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import cvxpy as cp
import numpy as np

from lots.units import to_float
from lots.wash.window import window
from optimizer.market.costs import Prices, prices_of
from optimizer.model.axes import Axes, axes_of, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.balance import IDLE_DOLLAR, balance
from optimizer.model.blocks.bands import bands
from optimizer.model.blocks.costs import later_years, location, sheltered_stay, trading
from optimizer.model.blocks.flows import flows
from optimizer.model.blocks.gains import budgets
from optimizer.model.blocks.wash import WashAxis, spending_power, wash, wash_axis_of
from optimizer.model.blocks.year_return import YearReturn, income_ceiling, year_return
from optimizer.model.facts import Facts, facts_of
from optimizer.model.levers import BlindFlows, blind_flows, bounds_of
from optimizer.model.polyhedral import LinearCase
from optimizer.model.trades import Bounds, Trades, bounds_for, trades_of
from optimizer.model.two_years.carryover import CarryCase, Carryover, carry_cases, carryover
from optimizer.model.two_years.january import january_of
from optimizer.model.two_years.year_tax import cases_of
from optimizer.model.year_cases import YearCases
from optimizer.problem import Problem
from optimizer.targets.drift import drifts_of

WAITING = 2e-6
"""Dollars per dollar traded in January, a fiftieth of a basis point: what costs the same on both dates is traded now."""


class Dates(StrEnum):
    """On which of the two dates the household trades beyond what its orders need."""

    BOTH = "both"
    DECEMBER = "everything now"
    JANUARY = "everything in January"


@dataclass(frozen=True)
class Half:
    """One year: its question, its sets and variables, its tax."""

    problem: Problem
    facts: Facts
    axes: Axes
    bounds: Bounds
    trades: Trades
    groups: tuple[WashAxis, ...]
    blind: BlindFlows
    taxed: YearCases
    year: YearReturn


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
    matters: cp.Parameter
    """1 where bands and idle cash count after the first trades, else 0."""
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
                getattr(half.bounds, name).value = getattr(chosen, name)
        everything = 2.0 * (self.december.axes.value_before + float(self.december.axes.contribution_amount.sum()))
        waits = dates is Dates.JANUARY
        self.december_slack.value = np.full(self.december.axes.n_accounts, 0.0 if waits else everything)
        self.bought_cap[0].value = 0.0 if waits else everything
        self.bought_cap[1].value = 0.0 if dates is Dates.DECEMBER else everything
        if dates is Dates.DECEMBER:
            self.january.bounds.sold_cap.value = np.zeros(self.january.axes.n_lots)
            self.january.bounds.given_cap.value = np.zeros(len(self.january.axes.gifts))
        at_december = self.december.problem.next_year.bands_by == "december" and not waits
        self.matters.value = float(at_december)
        self.decide({})

    def choose(self, this_year: LinearCase, carried: CarryCase, next_year: LinearCase) -> None:
        """Set the cases of the next solves."""
        self.december.year.choose(this_year)
        self.january.year.choose(next_year)
        self.carry.choose(carried)

    def decide(self, flags: Mapping[int, bool]) -> None:
        """Settle some wash groups: those of December by position, then those of January."""
        first = len(self.december.groups)
        for half, start in ((self.december, 0), (self.january, first)):
            floor, cap = np.zeros(len(half.groups)), np.ones(len(half.groups))
            for group, harvested in flags.items():
                if 0 <= group - start < len(half.groups):
                    floor[group - start] = cap[group - start] = float(harvested)
            half.bounds.harvested_floor.value, half.bounds.harvested_cap.value = floor, cap


def two_years(problem: Problem) -> TwoYears:
    """Build and label both years of a problem."""
    following = january_of(problem)
    prices = prices_of(problem)
    crosses = following.as_of in window(problem.as_of)
    first, second = _sets(problem), _sets(following)
    nothing = np.zeros(2)
    taxed = cases_of(problem, first.facts, first.axes, 0.0, nothing)
    carried = carry_cases(to_float(first.facts.loss_limit), taxed.lower, taxed.upper)
    most_carried = np.maximum(-taxed.lower[:2], 0.0) if len(carried) > 1 else nothing
    taxed_next = cases_of(following, second.facts, second.axes, prices.carried_loss, most_carried)
    parts, halves, link = _parts((problem, following), (first, second), (taxed, taxed_next), prices)
    before, after = halves
    discount = 1 / (1 + to_float(problem.outlook.discount_rate))
    matters = cp.Parameter(nonneg=True, name="december_matters")
    costs = _costs(parts, discount, matters)
    slack = cp.Parameter(first.axes.n_accounts, nonneg=True, name="december_slack")
    caps = (cp.Parameter(nonneg=True, name="bought_cap"), cp.Parameter(nonneg=True, name="bought_cap_january"))
    constraints = [each for named in parts for part in named.values() for each in part.constraints]
    constraints += [*link.constraints, *_dates(before, after, slack, caps), *(_over_new_year(before, after) if crosses else ())]
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
        matters=matters,
        december_slack=slack,
        bought_cap=caps,
        program=cp.Problem(cp.Minimize(cp.sum(list(costs.values()))), [each.constraint for each in constraints]),
    )


@dataclass(frozen=True)
class _Sets:
    """What one year is made of before its tax is known."""

    facts: Facts
    axes: Axes
    bounds: Bounds
    trades: Trades
    groups: tuple[WashAxis, ...]
    blind: BlindFlows


def _sets(problem: Problem) -> _Sets:
    facts = facts_of(problem)
    axes = axes_of(problem, facts)
    bounds = bounds_for(axes, len(facts.wash_groups))
    over = frozenset(n for n, drift in enumerate(drifts_of(problem)) if drift.standing == "above")
    groups = wash_axis_of(problem, facts, axes)
    return _Sets(facts, axes, bounds, trades_of(axes, bounds), groups, blind_flows(problem, facts, axes, over))


_Named = dict[str, Part]


def _parts(
    problems: tuple[Problem, Problem], sets: tuple[_Sets, _Sets], taxed: tuple[YearCases, YearCases], prices: Prices
) -> tuple[tuple[_Named, _Named], tuple[Half, Half], Carryover]:
    """The blocks of both years by name, the years themselves and the carryover between them."""
    (problem, following), (first, second) = problems, sets
    allowed = [drift.allowed for drift in drifts_of(problem)]
    may_wait = bool(following.donations)
    orders = problem.model_copy(update={"donations": ()}) if may_wait else problem
    waiting = cp.sum(second.trades.given) + cp.sum(second.trades.cash_given) if may_wait else 0.0
    flow_part, income = flows(orders, first.facts, first.axes, first.trades, prices)
    wash_part, washed = wash(problem, first.groups, first.axes, first.trades)
    tax_part, year = year_return(problem, first.axes, first.trades, washed, income, taxed[0])
    link = carryover(year.z)
    wash_next, washed_next = wash(following, second.groups, second.axes, second.trades, first.trades)
    tax_next, year_next = year_return(
        following, second.axes, second.trades, washed_next, cp.Constant(0.0), taxed[1], link.amounts
    )
    named = {
        "balance": balance(problem, first.axes, first.trades),
        "bands": bands(problem, first.axes, first.trades, allowed, waiting=waiting),
        "flows": flow_part,
        "wash": wash_part,
        "tax": tax_part,
        "limits": _limits(problem, first, year),
        **_prices(first, prices),
    }
    named_next = {
        "balance": balance(following, second.axes, second.trades, first.trades),
        "bands": bands(problem, first.axes, second.trades, allowed, first.trades),
        "gifts": _waiting_gifts(problem, first, second) if may_wait else Part(),
        "waiting": Part({"waiting": WAITING * (cp.sum(second.trades.sold) + cp.sum(second.trades.bought))}),
        "wash": wash_next,
        "tax": tax_next,
        "limits": _limits(following, second, year_next),
        **_prices(second, prices),
    }
    halves = (_half(problem, first, taxed[0], year), _half(following, second, taxed[1], year_next))
    return (named, named_next), halves, link


def _half(problem: Problem, sets: _Sets, taxed: YearCases, year: YearReturn) -> Half:
    return Half(problem, sets.facts, sets.axes, sets.bounds, sets.trades, sets.groups, sets.blind, taxed, year)


def _prices(sets: _Sets, prices: Prices) -> _Named:
    axes, trades = sets.axes, sets.trades
    return {
        "trading": trading(trades),
        "location": location(axes, trades, prices),
        "later": later_years(axes, trades, prices),
        "stay": sheltered_stay(axes, trades, sets.bounds.sheltered_slack),
    }


def _limits(problem: Problem, sets: _Sets, year: YearReturn) -> Part:
    """The household's limits on gains, tax, turnover and income, in each year by itself."""
    due, rates = None, problem.taxpayer.rates
    if problem.wishes.max_gains_tax is not None:
        due = year.due_on_gains
        if rates is not None:
            due = due - to_float(rates.ordinary) * year.z[2] + to_float(rates.deduction_rate) * cp.sum(year.z[3:])
    held = budgets(problem, sets.trades, year.z[0], year.z[1], due)
    return Part({}, held.constraints + income_ceiling(problem, year).constraints)


def _waiting_gifts(problem: Problem, first: _Sets, second: _Sets) -> Part:
    """Carry out every gift over both years together; linear."""
    found = []
    for n, order in enumerate(problem.donations):
        given = [
            cp.sum(variable[np.flatnonzero(pairs.order == n)])
            for sets in (first, second)
            for variable, pairs in ((sets.trades.given, sets.axes.gifts), (sets.trades.cash_given, sets.axes.cash_gifts))
            if (pairs.order == n).any()
        ]
        words = f"give {order.amount:,.2f} from {' or '.join(order.sources)}, this year or next"
        found.append(Labelled(words, cp.sum(cp.hstack(given)) == first.axes.donation_amount[n], order=words))
    return _set_aside(found, first, second)


def _set_aside(found: list[Labelled], first: _Sets, second: _Sets) -> Part:
    """Leave cash uncounted that waits to be given in January: it is not idle."""
    axes = first.axes
    aside = cp.Variable(axes.n_accounts, nonneg=True, name="set_aside")
    later = incidence(second.axes.cash_gifts.account, axes.n_accounts) @ second.trades.cash_given
    found.append(Labelled("no more is set aside than is given in January", aside <= later))
    found.append(Labelled("no more is set aside than there is", aside <= first.trades.cash - axes.cash_floor))
    return Part({"set_aside": -IDLE_DOLLAR * (axes.account_can_buy.astype(float) @ aside)}, found)


def _costs(parts: tuple[_Named, _Named], discount: float, matters: cp.Parameter) -> dict[str, cp.Expression]:
    """Dollars by name: next year's tax at its value today; a distance from target where it is left in the end."""
    costs = {}
    for prefix, named in zip(("", "january "), parts, strict=True):
        for part in named.values():
            for name, cost in part.costs.items():
                if name == "tax" and prefix:
                    cost = discount * cost
                if (name in ("breach", "idle_cash") and not prefix) or name == "set_aside":
                    cost = matters * cost
                if name == "drift" and not prefix:
                    continue
                costs[f"{prefix}{name}"] = cost
    return costs


def _dates(before: Half, after: Half, slack: cp.Parameter, caps: tuple[cp.Parameter, cp.Parameter]) -> list[Labelled]:
    """What may be traded on each date, by parameters that a restriction of the dates sets; linear."""
    axes, trades = before.axes, before.trades
    net = incidence(axes.lots.account, axes.n_accounts).multiply(1 - axes.half_spread[axes.lots.security]).tocsr()
    leaves = incidence(axes.withdrawals.account, axes.n_accounts) @ trades.withdrawn
    leaves = leaves + incidence(axes.cash_gifts.account, axes.n_accounts) @ trades.cash_given
    return [
        Labelled("this year sells what its orders need, and more as far as it may", net @ trades.sold <= leaves + slack),
        Labelled("bought this year", cp.sum(trades.bought) <= caps[0]),
        Labelled("bought in January", cp.sum(after.trades.bought) <= caps[1]),
    ]


def _over_new_year(before: Half, after: Half) -> list[Labelled]:
    """The wash-sale window does not end with the year (IRC 1091(a)): what one date sells at a loss the other does not buy.

    Linear; the flag of each group of one date closes the purchases of the other.
    """
    found = []
    spend = spending_power(before.axes)
    for half, other in ((before, after), (after, before)):
        for g, group in enumerate(half.groups):
            if len(group.buys):
                words = f"{group.name} is not bought on the other side of New Year beside a harvest"
                cap = spend[other.axes.buy_account[group.buys]] * (1 - half.trades.harvested[g])
                found.append(Labelled(words, other.trades.bought[group.buys] <= cap))
    return found
