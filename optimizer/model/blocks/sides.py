"""Sides: a name of a benchmark is either sold or bought, and its distance from target is told apart by which of the two it is.

A flag between 0 and 1 lets half of a loss be sold and as much be bought back, as if the name stood at its target; what is told
apart by side does not, because a half-sold name is half a name sold as far as it goes and half a name bought. With distances
told apart the relaxation is that of each name's own two cases at once (their convex hull), and few flags stay in between.
"""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
from scipy import sparse

from optimizer.model.axes import Axes, Index, Mask, Vector
from optimizer.model.block import Labelled
from optimizer.model.blocks.wash import WashAxis
from optimizer.model.trades import Trades


@dataclass(frozen=True)
class Sides:
    """Names that are sold or bought, by position.

    Parameters
    ----------
    security, group : the security of each name and the wash group whose flags say which it is, shape (n_sides,).
    if_sold : its active dollars where it is sold, times its flag; what is left of its active dollars is where it is bought.
    """

    security: Index
    group: Index
    if_sold: cp.Variable

    def flag(self, trades: Trades) -> cp.Expression:
        """1 where a name is sold and 0 where it is bought, shape (n_sides,)."""
        return (trades.harvested + trades.soaked)[self.group]


def sides(groups: tuple[WashAxis, ...], axes: Axes, trades: Trades, start: Vector) -> tuple[Sides, list[Labelled]]:
    """Tell each name's active dollars apart; linear.

    Sets: names i of wash groups that can be bought, each with the lots s_i whose sale the group's flag h allows, and others o_i
    that may be sold or given away on either side.
    Variables: p_i = start_i · h - s_i - (the part of o_i on the side of h), dollars.
    Constraints: that part lies between 0 and o_i, and neither it nor what is left exceeds its side's share of what is held.
    """
    number, group = _names(groups, axes)
    found = Sides(number, group, cp.Variable(len(number), name="active_if_sold"))
    if not len(number):
        return found, []
    flagged = np.zeros(axes.n_lots, dtype=bool)
    for each in groups:
        flagged[each.losing] = True
    may_go = axes.lots.may_sell | np.isin(np.arange(axes.n_lots), axes.gifts.lot)
    sold = _by_name(axes, number, flagged)
    others = _by_name(axes, number, may_go & ~flagged)
    given = _by_name(axes, number, flagged & np.isin(np.arange(axes.n_lots), axes.gifts.lot))
    most = (others + given) @ axes.lots.value
    flag = found.flag(trades)
    on_side = cp.multiply(start[number], flag) - sold @ trades.sold - found.if_sold
    alone, mixed = np.flatnonzero(most == 0), np.flatnonzero(most > 0)
    rules = []
    if len(alone):
        rules.append(Labelled("names on the side that is sold", on_side[alone] == 0))
    if len(mixed):
        leaving = (others @ (trades.sold + trades.given_by_lot) + given @ trades.given_by_lot)[mixed]
        rules += [
            Labelled("no less leaves on either side than nothing", on_side[mixed] >= 0),
            Labelled("no more leaves on the side that is sold than leaves", on_side[mixed] <= leaving),
            Labelled("no more leaves on the side that is sold than is held", on_side[mixed] <= cp.multiply(most, flag)[mixed]),
            Labelled(
                "no more leaves on the side that is bought than is held",
                leaving - on_side[mixed] <= cp.multiply(most, 1 - flag)[mixed],
            ),
        ]
    return found, rules


def _names(groups: tuple[WashAxis, ...], axes: Axes) -> tuple[Index, Index]:
    """Securities of groups with something that may be sold under the flag and something that can be bought."""
    security, of = list[np.ndarray](), list[np.ndarray]()
    for n, group in enumerate(groups):
        if len(group.losing) and len(group.buys):
            found = np.unique(np.concatenate([axes.lots.security[group.losing], axes.buy_security[group.buys]]))
            security.append(found)
            of.append(np.full(len(found), n))
    none = [np.empty(0, dtype=np.intp)]
    return np.concatenate([*none, *security]).astype(np.intp), np.concatenate([*none, *of]).astype(np.intp)


def _by_name(axes: Axes, number: Index, kept: Mask) -> sparse.csr_matrix:
    """The 0/1 matrix that sums lots that are kept by the name they belong to."""
    row_of = np.full(axes.n_securities, -1)
    row_of[number] = np.arange(len(number))
    lots = np.flatnonzero(kept & (row_of[axes.lots.security] >= 0))
    shape = (len(number), axes.n_lots)
    return sparse.csr_matrix((np.ones(len(lots)), (row_of[axes.lots.security[lots]], lots)), shape=shape)
