"""Families of wash groups that can stand in for each other: what has to be bought of one is not sold at a loss."""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from optimizer.model.axes import Axes, Index, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.blocks.wash import WashAxis
from optimizer.model.trades import Trades

LIMIT = "what is bought of a family is not sold at a loss"
"""The label of the rows that limit how many groups of each family are sold at a loss."""


@dataclass(frozen=True)
class Family:
    """Wash groups whose securities mostly hold one segment, by position, and the pairs that would buy any of them."""

    groups: Index
    buys: Index


def families_of(axes: Axes, groups: tuple[WashAxis, ...]) -> tuple[Family, ...]:
    """Sort the groups by the segment that weighs most in what they would buy; a group that cannot be bought is in none."""
    main = np.asarray(axes.exposure.argmax(axis=0)).ravel()
    members: dict[int, list[int]] = {}
    for position, group in enumerate(groups):
        if len(group.buys):
            members.setdefault(int(main[axes.buy_security[group.buys[0]]]), []).append(position)
    return tuple(
        Family(np.array(positions, dtype=np.intp), np.unique(np.concatenate([groups[g].buys for g in positions])))
        for positions in members.values()
    )


def families(found: tuple[Family, ...], trades: Trades, limit: cp.Parameter) -> Part:
    """Hold the number of groups of each family that are sold at a loss under a limit; linear.

    The limit is the size of the family and so no limit, until the search for the best plan has settled that something of the
    family is bought: then one group less, because what is bought is not sold at a loss. Added up over flags that lie between
    0 and 1 this says more than that nothing is bought beside a harvest of it.
    """
    if not found:
        return Part()
    family_of = np.concatenate([np.full(len(each.groups), n) for n, each in enumerate(found)])
    members = np.concatenate([each.groups for each in found])
    sold_at_loss = trades.harvested[members] + trades.soaked[members]
    rule = incidence(family_of, len(found)) @ sold_at_loss <= limit
    return Part({}, [Labelled(LIMIT, rule)])
