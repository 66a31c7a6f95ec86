"""Wash sales: nothing of a group is bought, or kept that was bought lately, while the group is sold at a loss."""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem


@dataclass(frozen=True)
class WashAxis:
    """One wash group as positions: lots at a loss, lots bought within the window, pairs that would buy it."""

    name: str
    loss: Index
    recent: Index
    losing: Index
    """Lots whose sale is a sale at a loss: `loss` and those of `recent` under their basis."""
    buys: Index
    stuck_shares: float

    @property
    def has_stuck_shares(self) -> bool:
        """Whether shares bought within the window cannot be sold."""
        return self.stuck_shares > 0


def wash_axis_of(problem: Problem, facts: Facts, axes: Axes) -> tuple[WashAxis, ...]:
    """The groups of the facts as positions in the axes."""
    number = {lot.id: n for n, lot in enumerate(problem.lots)}
    symbol_no = {s.symbol: n for n, s in enumerate(problem.securities)}
    found = []
    for group in facts.wash_groups:
        loss = np.array([number[lot] for lot in group.loss_lots], dtype=np.intp)
        recent = np.array([number[lot] for lot in group.recent_lots], dtype=np.intp)
        buys = np.flatnonzero(np.isin(axes.buy_security, [symbol_no[s] for s in group.symbols]))
        losing = np.concatenate([loss, recent[axes.lots.is_loss[recent]]])
        found.append(WashAxis("/".join(group.symbols), loss, recent, losing, buys, to_float(group.stuck_shares)))
    return tuple(found)


def wash(problem: Problem, groups: tuple[WashAxis, ...], axes: Axes, trades: Trades) -> tuple[Part, cp.Expression]:
    """Forbid a purchase anywhere in the household beside a sale at a loss; one flag of 0 or 1 per group with a loss lot.

    Sets: groups of substantially identical securities with a loss lot that may be sold.
    Constraints: with the flag 0 no lot of the group is sold at a loss; with 1 nothing of the group is bought in any account
    and every lot bought within the window is sold whole, so no share remains that could replace the ones sold. Where such
    shares cannot be sold, the earliest lots at a loss are sold for as many shares, and their loss does not count.

    Convex once the flags are fixed; until then they lie between. Returns the part and the washed proceeds of
    every lot, dollars of shape (n_lots,).
    """
    spend = _spending_power(axes)
    constraints: list[Labelled] = []
    washed = np.zeros((axes.n_lots, len(groups)))
    for g, group in enumerate(groups):
        washed[:, g] = _washed(problem, group, axes)
        constraints += _rules(group, np.flatnonzero(washed[:, g]), washed[:, g], spend, axes, trades, trades.harvested[g])
    return Part({}, constraints), washed @ trades.harvested


def _rules(
    group: WashAxis, early: Index, washed: Vector, spend: Vector, axes: Axes, trades: Trades, flag: cp.Expression
) -> list[Labelled]:
    """The constraints of one group; `early` are its lots whose loss is washed, `spend` what each account can buy."""
    value, sold, found = axes.lots.value, trades.sold, []
    if len(group.losing):
        words = f"{group.name} is sold at a loss only as a harvest"
        found.append(Labelled(words, sold[group.losing] <= value[group.losing] * flag))
    if len(group.recent):
        words = f"{group.name} bought lately is sold whole beside a harvest"
        found.append(Labelled(words, sold[group.recent] >= value[group.recent] * flag))
    if len(group.buys):
        words = f"{group.name} is not bought beside a harvest"
        found.append(Labelled(words, trades.bought[group.buys] <= spend[axes.buy_account[group.buys]] * (1 - flag)))
    if len(early):
        words = f"{group.name} is washed in its earliest lots"
        found.append(Labelled(words, sold[early] >= washed[early] * flag))
    return found


def _spending_power(axes: Axes) -> Vector:
    """The most that can be bought in each account: its value and all contributions it may take."""
    value = axes.cash + incidence(axes.lots.account, axes.n_accounts) @ axes.lots.value
    coming = np.zeros(axes.n_accounts)
    for order, account in zip(axes.contributions.order, axes.contributions.account, strict=True):
        coming[account] += axes.contribution_amount[order]
    return np.asarray(value + np.minimum(coming, axes.room))


def _washed(problem: Problem, group: WashAxis, axes: Axes) -> Vector:
    """Dollars of each loss lot that the shares stuck elsewhere replace, the earliest acquired first."""
    washed, stuck = np.zeros(axes.n_lots), group.stuck_shares
    for lot in group.losing:
        shares = to_float(problem.lots[lot].shares)
        matched = min(shares, stuck)
        washed[lot] = axes.lots.value[lot] * matched / shares
        stuck -= matched
    return washed
