"""The blocks of both years, and what links them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.market.costs import Prices
from optimizer.model.axes import Axes, Index, axes_of, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.balance import IDLE_DOLLAR, balance
from optimizer.model.blocks.bands import bands
from optimizer.model.blocks.costs import later_years, location, sheltered_stay, trading
from optimizer.model.blocks.flows import flows
from optimizer.model.blocks.gains import budgets
from optimizer.model.blocks.limits import account_limits, preferences
from optimizer.model.blocks.wash import WashAxis, Washed, WashState, spending_power, wash, wash_axis_of
from optimizer.model.blocks.year_return import YearReturn, income_ceiling, year_return
from optimizer.model.facts import Facts, facts_of
from optimizer.model.levers import BlindFlows, blind_flows
from optimizer.model.trades import Bounds, Trades, bounds_for, trades_of
from optimizer.model.two_years.carryover import Carryover, carryover
from optimizer.model.year_cases import YearCases
from optimizer.problem import Problem
from optimizer.targets.drift import drifts_of

WAITING = 2e-6
"""Dollars per dollar traded in January, a fiftieth of a basis point: what costs the same on both dates is traded now."""

Named = dict[str, Part]


@dataclass(frozen=True)
class Sets:
    """What one year is made of before its tax is known."""

    problem: Problem
    facts: Facts
    axes: Axes
    bounds: Bounds
    trades: Trades
    groups: tuple[WashAxis, ...]
    blind: BlindFlows

    def purchases_of(self, symbols: tuple[str, ...]) -> Index:
        """Positions of the purchases that buy one of these."""
        numbers = [n for n, s in enumerate(self.problem.securities) if s.symbol in symbols]
        return np.flatnonzero(np.isin(self.axes.buy_security, numbers))


@dataclass(frozen=True)
class Half(Sets):
    """One year: its question, its sets and variables, its tax."""

    taxed: YearCases
    year: YearReturn
    washed: Washed
    across: tuple[Index, ...]
    """For each wash group the purchases of the other date that its window reaches; none where it ends before."""

    def decide(self, states: Mapping[int, WashState], cuts: Mapping[int, tuple[int, int]]) -> None:
        """Settle some wash groups by position, and the first and last place in their order at which washing may end."""
        size, lately = len(self.groups), np.array([float(group.kept > 0) for group in self.groups])
        for state, floor, cap in (
            (WashState.HARVESTED, self.bounds.harvested_floor, self.bounds.harvested_cap),
            (WashState.WASHED, self.bounds.soaked_floor, self.bounds.soaked_cap),
        ):
            low, high = np.zeros(size), np.ones(size) if state is WashState.HARVESTED else lately.copy()
            for group, chosen in states.items():
                low[group] = high[group] = float(chosen is state)
            floor.save_value(low)
            cap.save_value(high)
        self.washed.settle(cuts)


def sets_of(problem: Problem) -> Sets:
    """Ask the ledger about one year, and declare its trades."""
    facts = facts_of(problem)
    axes = axes_of(problem, facts)
    bounds = bounds_for(axes, len(facts.wash_groups))
    over = frozenset(n for n, drift in enumerate(drifts_of(problem)) if drift.standing == "above")
    groups = wash_axis_of(problem, facts, axes)
    return Sets(problem, facts, axes, bounds, trades_of(axes, bounds), groups, blind_flows(problem, facts, axes, over))


def parts_of(
    first: Sets, second: Sets, taxed: tuple[YearCases, YearCases], prices: Prices, crosses: bool
) -> tuple[tuple[Named, Named], tuple[Half, Half], Carryover]:
    """The blocks of both years by name, the years themselves and the carryover between them.

    `crosses` says that the wash-sale window of one date reaches the other.
    """
    named, year, washed = _this_year(first, second, taxed[0], prices)
    link = carryover(year.z)
    named_next, year_next, washed_next = _next_year(first, second, taxed[1], prices, link)
    halves = (
        _half(first, taxed[0], year, washed, _across(first, second, crosses)),
        _half(second, taxed[1], year_next, washed_next, _across(second, first, crosses)),
    )
    return (named, named_next), halves, link


def _half(sets: Sets, taxed: YearCases, year: YearReturn, washed: Washed, across: tuple[Index, ...]) -> Half:
    own = {name: getattr(sets, name) for name in Sets.__dataclass_fields__}
    return Half(**own, taxed=taxed, year=year, washed=washed, across=across)


def _across(sets: Sets, other: Sets, crosses: bool) -> tuple[Index, ...]:
    none = np.empty(0, dtype=np.intp)
    return tuple(other.purchases_of(group.symbols) if crosses else none for group in sets.facts.wash_groups)


def _this_year(first: Sets, second: Sets, taxed: YearCases, prices: Prices) -> tuple[Named, YearReturn, Washed]:
    problem, axes, trades = first.problem, first.axes, first.trades
    allowed = [drift.allowed for drift in drifts_of(problem)]
    may_wait = bool(second.problem.donations)
    orders = problem.model_copy(update={"donations": ()}) if may_wait else problem
    waiting = cp.sum(second.trades.given) + cp.sum(second.trades.cash_given) if may_wait else 0.0
    flow_part, income = flows(orders, first.facts, axes, trades, prices)
    wash_part, amounts, washed = wash(problem, first.groups, axes, trades, prices.future_gain)
    tax_part, year = year_return(problem, axes, trades, washed, income, taxed)
    return (
        {
            "balance": balance(problem, first.facts, axes, trades),
            "bands": bands(problem, axes, trades, allowed, waiting=waiting),
            "flows": flow_part,
            "wash": wash_part,
            "tax": tax_part,
            "limits": _limits(first, first.axes.value_before, year),
            "accounts": account_limits(problem, axes, trades),
            **_prices(first, prices),
        },
        year,
        amounts,
    )


def _next_year(first: Sets, second: Sets, taxed: YearCases, prices: Prices, link: Carryover) -> tuple[Named, YearReturn, Washed]:
    problem, axes, trades = second.problem, second.axes, second.trades
    allowed = [drift.allowed for drift in drifts_of(first.problem)]
    wash_part, amounts, washed = wash(problem, second.groups, axes, trades, prices.future_gain, first.trades)
    tax_part, year = year_return(problem, axes, trades, washed, cp.Constant(0.0), taxed, link.amounts)
    then = replace(first.axes, set_aside=axes.set_aside)
    dollars = cp.sum(trades.sold) + cp.sum(trades.bought)
    return (
        {
            "balance": balance(problem, second.facts, axes, trades, first.trades),
            "bands": bands(first.problem, then, trades, allowed, first.trades),
            "gifts": _waiting_gifts(first, second) if problem.donations else Part(),
            "wash": wash_part,
            "tax": tax_part,
            "limits": _limits(second, first.axes.value_before, year),
            "accounts": account_limits(problem, axes, trades, (first.axes, first.trades)),
            "waiting": Part({"waiting": WAITING * dollars}),
            **_prices(second, prices),
        },
        year,
        amounts,
    )


def _prices(sets: Sets, prices: Prices) -> Named:
    axes, trades = sets.axes, sets.trades
    return {
        "preferences": preferences(sets.problem, axes, trades),
        "trading": trading(trades),
        "location": location(axes, trades, prices),
        "later": later_years(axes, trades, prices),
        "stay": sheltered_stay(axes, trades, sets.bounds.sheltered_slack),
    }


def _limits(sets: Sets, value_before: float, year: YearReturn) -> Part:
    """The household's limits on gains, tax, turnover and income, in each year by itself."""
    problem, due, rates = sets.problem, None, sets.problem.taxpayer.rates
    if problem.wishes.max_gains_tax is not None:
        due = year.due_on_gains
        if rates is not None:
            due = due - to_float(rates.ordinary) * year.z[2] + to_float(rates.deduction_rate) * cp.sum(year.z[3:])
    held = budgets(problem, value_before, sets.trades, year.z[0], year.z[1], due)
    return Part({}, held.constraints + income_ceiling(problem, year).constraints)


def _waiting_gifts(first: Sets, second: Sets) -> Part:
    """Carry out every gift over both years together; linear."""
    found = []
    for n, order in enumerate(first.problem.donations):
        given = [
            cp.sum(variable[np.flatnonzero(pairs.order == n)])
            for sets in (first, second)
            for variable, pairs in ((sets.trades.given, sets.axes.gifts), (sets.trades.cash_given, sets.axes.cash_gifts))
            if (pairs.order == n).any()
        ]
        words = f"give {order.amount:,.2f} from {' or '.join(order.sources)}, this year or next"
        found.append(Labelled(words, cp.sum(cp.hstack(given)) == first.axes.donation_amount[n], order=words))
    return _set_aside(found, first, second)


def _set_aside(found: list[Labelled], first: Sets, second: Sets) -> Part:
    """Leave cash uncounted that waits to be given in January: it is not idle."""
    axes = first.axes
    aside = cp.Variable(axes.n_accounts, nonneg=True, name="set_aside")
    later = incidence(second.axes.cash_gifts.account, axes.n_accounts) @ second.trades.cash_given
    found.append(Labelled("no more is set aside than is given in January", aside <= later))
    found.append(Labelled("no more is set aside than there is", aside <= first.trades.cash - axes.cash_kept))
    return Part({"set_aside": -IDLE_DOLLAR * (axes.account_can_buy.astype(float) @ aside)}, found)


def over_new_year(before: Half, after: Half) -> list[Labelled]:
    """The wash-sale window does not end with the year (IRC 1091(a)): what one date sells at a loss the other does not buy.

    Linear; the flag of each group of one date closes the purchases of the other.
    """
    found = []
    spend = spending_power(before.axes)
    for half, other in ((before, after), (after, before)):
        for g, (group, buys) in enumerate(zip(half.groups, half.across, strict=True)):
            if len(buys):
                words = f"{group.name} is not bought on the other side of New Year beside a harvest"
                cap = spend[other.axes.buy_account[buys]] * (1 - half.trades.harvested[g] - half.trades.soaked[g])
                found.append(Labelled(words, other.trades.bought[buys] <= cap))
    return found
