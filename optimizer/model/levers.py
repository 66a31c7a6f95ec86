"""The six levers as bounds: what a plan must do blindly while a lever is off.

With a lever off the flow it directs still happens, but without a thought for bands or tax: a contribution and pooled income
are invested at target weights, a withdrawal sells every holding of one account pro rata, first in first out with lots at a
loss last, sheltered accounts trade only for their flows, nothing is sold merely for its loss, and a gift is cash. Each is a
lower or an upper bound on the variables of the one model, and every plan that obeys it is a plan with the lever on; so a
lever never costs.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Vector, incidence
from optimizer.model.blocks.flows import blind_share
from optimizer.model.facts import Facts
from optimizer.problem import Lever, Problem


@dataclass(frozen=True)
class LeverBounds:
    """Bounds in dollars on each group of variables, and the sales a sheltered account may make beyond its withdrawals."""

    sold_floor: Vector
    sold_cap: Vector
    bought_floor: Vector
    contributed_floor: Vector
    withdrawn_floor: Vector
    given_cap: Vector
    sheltered_slack: Vector


@dataclass(frozen=True)
class BlindFlows:
    """What flows do without levers; worked out once a problem."""

    contributed: Vector
    withdrawn: Vector
    sold: Vector
    bought_with_contributions: Vector
    bought_with_income: Vector
    harvest_anyway: frozenset[str]
    """Lots at a loss that may be sold without the harvesting lever: their segment has to shrink, or a blind sale sells them."""
    small_anyway: frozenset[str]
    """Of losses too small to be harvested those that may be sold all the same: their segment has to shrink, or they would wash
    what a blind sale loses."""
    stays: Vector
    """Sales in sheltered accounts that a blind sale elsewhere makes necessary."""


def bounds_of(axes: Axes, blind: BlindFlows, problem: Problem, levers: frozenset[Lever]) -> LeverBounds:
    """The bounds under which a plan may pull just these levers."""
    value = axes.lots.value
    is_small = axes.lots.is_loss & axes.lots.is_small_loss
    spared = axes.lots.is_loss & ~is_small if Lever.HARVESTING not in levers else np.zeros(axes.n_lots, dtype=bool)
    no_harvest = spared & np.array([lot.id not in blind.harvest_anyway for lot in problem.lots], dtype=bool)
    too_small = is_small & np.array([lot.id not in blind.small_anyway for lot in problem.lots], dtype=bool)
    sold_floor = np.zeros(axes.n_lots) if Lever.WITHDRAWALS in levers else blind.sold
    bought = np.zeros(axes.n_buys)
    if Lever.CONTRIBUTIONS not in levers:
        bought = bought + blind.bought_with_contributions
    if Lever.INCOME not in levers:
        bought = bought + blind.bought_with_income
    everything = incidence(axes.lots.account, axes.n_accounts) @ value
    return LeverBounds(
        sold_floor=sold_floor,
        sold_cap=np.where(too_small, blind.sold, np.where(no_harvest, sold_floor, value)),
        bought_floor=bought,
        contributed_floor=_unless(Lever.CONTRIBUTIONS in levers, blind.contributed),
        withdrawn_floor=_unless(Lever.WITHDRAWALS in levers, blind.withdrawn),
        given_cap=value[axes.gifts.lot] * _may_give(axes, levers),
        sheltered_slack=everything if Lever.LOCATION in levers else blind.stays,
    )


def _may_give(axes: Axes, levers: frozenset[Lever]) -> Vector:
    """1 for each pair of a gift in kind that may be made; without the lever only where there is no other way to give."""
    if Lever.DONATIONS in levers:
        return np.ones(len(axes.gifts))
    return (~np.isin(axes.gifts.order, axes.cash_gifts.order)).astype(float)


def _unless(lever_is_on: bool, floor: Vector) -> Vector:
    return np.zeros_like(floor) if lever_is_on else floor


def blind_flows(problem: Problem, facts: Facts, axes: Axes, over: frozenset[int]) -> BlindFlows:
    """Work out what the flows do when nobody directs them; `over` holds the segments above their trigger band."""
    by_account = incidence(axes.lots.account, axes.n_accounts)
    sellable = np.where(axes.lots.may_sell, axes.lots.value * (1 - axes.lot_cost), 0.0)
    available = by_account @ sellable
    spare_cash = np.maximum(axes.cash - axes.cash_kept, 0.0)
    allowed = np.array([a.withdrawals_allowed for a in problem.accounts])
    withdrawn = blind_share(axes.withdrawals, axes.withdrawal_amount, np.where(allowed, available + spare_cash, 0.0))
    leaving = incidence(axes.withdrawals.account, axes.n_accounts) @ withdrawn
    sold = _sold_blindly(problem, axes, np.minimum(leaving, available), sellable)
    sold_at_loss = {problem.lots[n].symbol for n in np.flatnonzero((sold > 0) & axes.lots.is_loss)}
    touched = [g for g in facts.wash_groups if sold_at_loss & set(g.symbols)]
    avoid = {symbol for g in touched for symbol in g.symbols}
    stays = np.zeros(axes.n_accounts)
    recent = {lot for g in touched for lot in g.recent_lots}
    for n, lot in enumerate(problem.lots):
        if lot.id in recent and not axes.lots.is_taxable[n]:
            stays[axes.lots.account[n]] += axes.lots.value[n]
    contributed = blind_share(axes.contributions, axes.contribution_amount, axes.room)
    entering = incidence(axes.contributions.account, axes.n_accounts) @ contributed
    weight_over = np.asarray(axes.exposure[sorted(over)].max(axis=0).todense()).ravel() if over else np.zeros(axes.n_securities)
    shrinking = {s.symbol for s, weight in zip(problem.securities, weight_over, strict=True) if weight > 1 / 2}
    shrunk = {lot for g in facts.wash_groups if shrinking & set(g.symbols) for lot in (*g.loss_lots, *g.recent_lots)}
    anyway = {
        lot for g in facts.wash_groups if g in touched or shrinking & set(g.symbols) for lot in (*g.loss_lots, *g.recent_lots)
    }
    return BlindFlows(
        contributed=contributed,
        withdrawn=withdrawn,
        sold=sold,
        bought_with_contributions=sum(
            (_at_target(problem, axes, account, entering[account], avoid) for account in range(axes.n_accounts)),
            np.zeros(axes.n_buys),
        ),
        bought_with_income=_reinvested(problem, axes, avoid),
        harvest_anyway=frozenset(anyway),
        small_anyway=frozenset(shrunk | recent),
        stays=stays,
    )


def _main_segment(problem: Problem, axes: Axes) -> Index:
    """The leaf segment of largest weight in each security, shape (n_securities,)."""
    parents = {s.parent for s in problem.segments}
    is_leaf = np.array([s.id not in parents for s in problem.segments])
    return np.asarray((axes.exposure.toarray() * is_leaf[:, None]).argmax(axis=0), dtype=np.intp)


def _sold_blindly(problem: Problem, axes: Axes, leaving: Vector, sellable: Vector) -> Vector:
    """What a blind sale sells; losses too small to be harvested only where nothing else is left in the account."""
    is_small = axes.lots.is_loss & axes.lots.is_small_loss
    if not is_small.any():
        return _pro_rata_first_in_first_out(problem, axes, leaving, sellable)
    by_account = incidence(axes.lots.account, axes.n_accounts)
    first, last = np.where(is_small, 0.0, sellable), np.where(is_small, sellable, 0.0)
    begun = np.minimum(leaving, by_account @ first)
    return _pro_rata_first_in_first_out(problem, axes, begun, first) + _pro_rata_first_in_first_out(
        problem, axes, leaving - begun, last
    )


def _pro_rata_first_in_first_out(problem: Problem, axes: Axes, leaving: Vector, sellable: Vector) -> Vector:
    """Sell the same share of every security of an account, its earliest lots first; dollars of shape (n_lots,).

    Lots at a loss come last: a blind sale at a loss would forbid purchases everywhere, and the household without the lever
    would be blamed for a wash sale nobody wanted.
    """
    sold = np.zeros(axes.n_lots)
    available = incidence(axes.lots.account, axes.n_accounts) @ sellable
    age = [(bool(axes.lots.is_loss[n]), lot.acquired or date.min, lot.id) for n, lot in enumerate(problem.lots)]
    order = sorted(range(axes.n_lots), key=lambda n: age[n])
    for account in np.flatnonzero((leaving > 0) & (available > 0)):
        share = leaving[account] / available[account]
        for security in np.unique(axes.lots.security).tolist():
            lots = [n for n in order if axes.lots.account[n] == account and axes.lots.security[n] == security]
            wanted = share * sum(axes.lots.value[n] for n in lots if sellable[n] > 0)
            for n in lots:
                if sellable[n] > 0:
                    sold[n] = min(wanted, axes.lots.value[n])
                    wanted -= sold[n]
    return sold


def _at_target(problem: Problem, axes: Axes, account: int, amount: float, avoid: set[str]) -> Vector:
    """Spread new money in one account over the segments it can buy, by target, through the first security of each."""
    floor = np.zeros(axes.n_buys)
    if amount <= 0:
        return floor
    main = _main_segment(problem, axes)
    first: dict[int, int] = {}
    for pair in np.flatnonzero(axes.buy_account == account).tolist():
        security = int(axes.buy_security[pair])
        if problem.securities[security].symbol not in avoid:
            first.setdefault(int(main[security]), pair)
    weight = {pair: to_float(problem.segments[segment].target) for segment, pair in first.items()}
    total = sum(weight.values())
    for pair, target in weight.items():
        if total > 0:
            floor[pair] = amount * target / total / (1 + axes.buy_cost[pair])
    return floor


def _reinvested(problem: Problem, axes: Axes, avoid: set[str]) -> Vector:
    """Reinvest each payment in what paid it, or at target where that cannot be bought."""
    floor = np.zeros(axes.n_buys)
    for payment in problem.income:
        account = next(n for n, a in enumerate(problem.accounts) if a.id == payment.account)
        amount = to_float(payment.amount)
        payer = [
            int(pair)
            for pair in np.flatnonzero(axes.buy_account == account)
            if problem.securities[axes.buy_security[pair]].symbol == payment.paid_by and payment.paid_by not in avoid
        ]
        if payer:
            floor[payer[0]] += amount / (1 + axes.buy_cost[payer[0]])
        else:
            floor += _at_target(problem, axes, account, amount, avoid)
    return floor
