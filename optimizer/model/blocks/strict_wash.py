"""The wash-sale rule kept without counting a washed share: what was bought lately is sold whole beside a sale at a loss.

A plan over two years keeps it so, because which share of which date washes which would be branched on twice; a plan of one
year counts the shares (:mod:`optimizer.model.blocks.wash`).
"""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Vector
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.wash import spending_power, with_group
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem


@dataclass(frozen=True)
class StrictAxis:
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


def strict_axis_of(problem: Problem, facts: Facts, axes: Axes) -> tuple[StrictAxis, ...]:
    """The groups of the facts as positions in the axes."""
    number = {lot.id: n for n, lot in enumerate(problem.lots)}
    symbol_no = {s.symbol: n for n, s in enumerate(problem.securities)}
    found = []
    for group in facts.wash_groups:
        loss = np.array([number[lot] for lot in group.loss_lots], dtype=np.intp)
        recent = np.array([number[lot] for lot in group.recent_lots], dtype=np.intp)
        buys = np.flatnonzero(np.isin(axes.buy_security, [symbol_no[s] for s in group.symbols]))
        losing = np.concatenate([loss, recent[axes.lots.is_loss[recent]]])
        found.append(StrictAxis("/".join(group.symbols), loss, recent, losing, buys, to_float(group.stuck_shares)))
    return tuple(found)


def strict_wash(
    problem: Problem, groups: tuple[StrictAxis, ...], axes: Axes, trades: Trades, before: Trades | None = None
) -> tuple[Part, cp.Expression]:
    """Forbid a purchase anywhere in the household beside a sale at a loss; one flag of 0 or 1 per group with a loss lot.

    Sets: groups of substantially identical securities with a loss lot that may be sold.
    Constraints: with the flag 0 no lot of the group is sold at a loss; with 1 nothing of the group is bought in any account
    and every lot bought within the window is sold whole, so no share remains that could replace the ones sold. Where such
    shares cannot be sold, the earliest lots at a loss are sold for as many shares, and their loss does not count. What left by
    trades made `before` these cannot replace anything either.

    Convex once the flags are fixed; until then they lie between. Returns the part and the washed proceeds of
    every lot, dollars of shape (n_lots,).
    """
    value, sold, flag = axes.lots.value, trades.sold, trades.harvested
    losing, losing_of = with_group([group.losing for group in groups])
    recent, recent_of = with_group([group.recent for group in groups])
    buys, buys_of = with_group([group.buys for group in groups])
    early, early_of, washed = _washed(problem, groups, axes)
    spend = spending_power(axes)[axes.buy_account[buys]]
    constraints = []
    if len(losing):
        rule = sold[losing] <= cp.multiply(value[losing], flag[losing_of])
        constraints.append(Labelled("what is sold at a loss is sold as a harvest", rule))
    if len(recent):
        left = sold if before is None else sold + before.sold + before.given_by_lot
        rule = left[recent] >= cp.multiply(value[recent], flag[recent_of])
        constraints.append(Labelled("what was bought lately is sold whole beside a harvest", rule))
    if len(buys):
        rule = trades.bought[buys] <= cp.multiply(spend, 1 - flag[buys_of])
        constraints.append(Labelled("nothing is bought beside a harvest of it", rule))
    if len(early):
        rule = sold[early] >= cp.multiply(washed, flag[early_of])
        constraints.append(Labelled("the earliest lots are washed beside a harvest", rule))
    by_lot = sparse.csr_matrix((washed, (early, early_of)), shape=(axes.n_lots, len(groups)))
    return Part({}, constraints), by_lot @ flag


def _washed(problem: Problem, groups: tuple[StrictAxis, ...], axes: Axes) -> tuple[Index, Index, Vector]:
    """Lots that shares stuck elsewhere replace, the earliest acquired of each group first, with their group and dollars."""
    lots, of, dollars = [], [], []
    for g, group in enumerate(groups):
        stuck = group.stuck_shares
        for lot in group.losing if stuck > 0 else ():
            shares = to_float(problem.lots[lot].shares)
            matched = min(shares, stuck)
            if matched > 0:
                lots.append(int(lot))
                of.append(g)
                dollars.append(axes.lots.value[lot] * matched / shares)
            stuck -= matched
    return np.array(lots, dtype=np.intp), np.array(of, dtype=np.intp), np.array(dollars)
