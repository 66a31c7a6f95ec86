"""Wash sales: nothing of a group is bought, or kept that was bought lately, while the group is sold at a loss."""

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem


def wash(problem: Problem, facts: Facts, axes: Axes, trades: Trades) -> tuple[Part, cp.Expression]:
    """Forbid a purchase anywhere in the household beside a sale at a loss; one binary per group with a loss lot.

    Sets: groups of substantially identical securities with a loss lot that may be sold.
    Constraints: with the binary 0 no lot of the group is sold at a loss; with 1 nothing of the group is bought in any account
    and every lot bought within the window is sold whole, so no share remains that could replace the ones sold. Where such
    shares cannot be sold, the earliest lots at a loss are sold for as many shares, and their loss does not count.

    Convex once the binaries are fixed. Returns the part and the washed proceeds of every lot, dollars of shape (n_lots,).
    """
    number = {lot.id: n for n, lot in enumerate(problem.lots)}
    symbol_no = {s.symbol: n for n, s in enumerate(problem.securities)}
    spend = _spending_power(axes)
    constraints: list[Labelled] = []
    washed = np.zeros((axes.n_lots, len(facts.wash_groups)))
    for g, group in enumerate(facts.wash_groups):
        name = "/".join(group.symbols)
        flag = trades.harvested[g]
        loss = np.array([number[lot] for lot in group.loss_lots], dtype=np.intp)
        recent = np.array([number[lot] for lot in group.recent_lots], dtype=np.intp)
        if len(loss):
            words = f"{name} is sold at a loss only as a harvest"
            constraints.append(Labelled(words, trades.sold[loss] <= axes.lots.value[loss] * flag))
        if len(recent):
            whole = f"{name} bought lately is sold whole beside a harvest"
            constraints.append(Labelled(whole, trades.sold[recent] >= axes.lots.value[recent] * flag))
            losing = recent[axes.lots.is_loss[recent]]
            if len(losing):
                words = f"{name} bought lately at a loss is a harvest"
                constraints.append(Labelled(words, trades.sold[losing] <= axes.lots.value[losing] * flag))
        buys = np.flatnonzero(np.isin(axes.buy_security, [symbol_no[s] for s in group.symbols]))
        if len(buys):
            words = f"{name} is not bought beside a harvest"
            cap = spend[axes.buy_account[buys]]
            constraints.append(Labelled(words, trades.bought[buys] <= cap * (1 - flag)))
        washed[:, g] = _washed(problem, group.loss_lots, to_float(group.stuck_shares), number, axes)
    forced = [g for g in range(len(facts.wash_groups)) if washed[:, g].any()]
    for g in forced:
        lots = np.flatnonzero(washed[:, g])
        words = f"{'/'.join(facts.wash_groups[g].symbols)}: the earliest lots are the washed ones"
        constraints.append(Labelled(words, trades.sold[lots] >= washed[lots, g] * trades.harvested[g]))
    return Part({}, constraints), washed @ trades.harvested


def _spending_power(axes: Axes) -> Vector:
    """The most that can be bought in each account: its value and all contributions it may take."""
    value = axes.cash + incidence(axes.lots.account, axes.n_accounts) @ axes.lots.value
    coming = np.zeros(axes.n_accounts)
    for order, account in zip(axes.contributions.order, axes.contributions.account, strict=True):
        coming[account] += axes.contribution_amount[order]
    return np.asarray(value + np.minimum(coming, axes.room))


def _washed(problem: Problem, loss_lots: tuple[str, ...], stuck: float, number: dict[str, int], axes: Axes) -> Vector:
    """Dollars of each loss lot that the shares stuck elsewhere replace, the earliest acquired first."""
    washed = np.zeros(axes.n_lots)
    for lot in loss_lots:
        shares = to_float(problem.lots[number[lot]].shares)
        matched = min(shares, stuck)
        washed[number[lot]] = axes.lots.value[number[lot]] * matched / shares
        stuck -= matched
    return washed
