"""Wash sales: nothing of a group is bought beside a sale of it at a loss, and shares bought lately and kept wash as many.

What the law does to the shares of one day (:mod:`lots.wash.match`): losses are taken in the order the sold shares were acquired,
and each share bought within the window and still held replaces one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

import cvxpy as cp
import numpy as np
from scipy import sparse

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Mask, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem

MANY_LOSSES = 1_000
"""Lots at a loss from which on those alike share a row."""
KINDS_OF_LOSS = 12
"""Rows for the lots at a loss of one group, where they are many."""
EARLIEST_FIRST = "the earliest lots are washed first"
"""The label of the rows that say where in its order the washing of a group may end."""


class WashState(Enum):
    """What a plan does with one group."""

    BOUGHT = "bought"
    """Nothing of it is sold at a loss; it may be bought."""
    HARVESTED = "harvested"
    """It is sold at a loss and not bought; more shares of older lots are sold at a loss than bought lately and kept."""
    WASHED = "washed"
    """It is sold at a loss, no share of which counts, because more was bought lately and kept; it is not bought."""


@dataclass(frozen=True)
class WashAxis:
    """One wash group as positions: lots at a loss, lots bought within the window, pairs that would buy it."""

    name: str
    loss: Index
    """Lots at a loss bought before the window, in the order in which the law washes them."""
    recent: Index
    losing: Index
    """Lots whose sale is a sale at a loss: `loss` and those of `recent` under their basis."""
    buys: Index
    kept: float
    """Shares bought within the window, as long as none of them leaves."""
    kept_taxable: float
    """Those of them in taxable accounts, in whose basis a washed loss stays."""


@dataclass(frozen=True)
class Washed:
    """Washed proceeds of every lot of a group that may have some, with what settles the order of washing.

    Parameters
    ----------
    amount, lost : dollars washed, and those of them that a sheltered account takes for good, shape (n_rows,); rows run through
        the groups and within one in the order of washing.
    lots, of : the lot and the group of each row.
    place : the place of each row in its group's order, from 0.
    cap, slack : ndarrays in parameters, shape (n_rows,): the most washed, and what may stay unwashed of what is sold.
    """

    amount: cp.Variable
    lost: cp.Variable
    lots: Index
    of: Index
    place: Index
    cap: cp.Parameter
    slack: cp.Parameter
    value: Vector

    def settle(self, cuts: Mapping[int, tuple[int, int]]) -> None:
        """Let washing end, in some groups, no earlier than at the first place and no later than at the second."""
        cap, slack = self.value.copy(), self.value.copy()
        for group, (first, last) in cuts.items():
            rows = self.of == group
            cap[rows & (self.place > last)] = 0.0
            slack[rows & (self.place < first)] = 0.0
        self.cap.save_value(cap)
        self.slack.save_value(slack)


def wash_axis_of(problem: Problem, facts: Facts, axes: Axes) -> tuple[WashAxis, ...]:
    """The groups of the facts as positions in the axes."""
    number = {lot.id: n for n, lot in enumerate(problem.lots)}
    symbol_no = {s.symbol: n for n, s in enumerate(problem.securities)}
    buys_of = _by_security(axes.buy_security, None)
    none, found = np.empty(0, dtype=np.intp), []
    for group in facts.wash_groups:
        loss = np.array([number[lot] for lot in group.loss_lots], dtype=np.intp)
        recent = np.array([number[lot] for lot in group.recent_lots], dtype=np.intp)
        buys = np.sort(np.concatenate([none, *(buys_of.get(symbol_no[symbol], none) for symbol in group.symbols)]))
        losing = np.concatenate([loss, recent[axes.lots.is_loss[recent] & axes.lots.may_sell[recent]]])
        kept = to_float(group.stuck_shares) + sum(to_float(problem.lots[n].shares) for n in recent)
        taxable = kept - to_float(group.stuck_in_shelter)
        taxable -= sum(to_float(problem.lots[n].shares) for n in recent if not axes.lots.is_taxable[n])
        found.append(WashAxis("/".join(group.symbols), loss, recent, losing, buys, kept, taxable))
    if problem.benchmark is not None and problem.benchmark.one_way:
        return _either_way(problem, axes, found)
    return tuple(found)


def _either_way(problem: Problem, axes: Axes, groups: list[WashAxis]) -> tuple[WashAxis, ...]:
    """Groups with every lot that may be sold in the place of those at a loss: a name is sold or bought, never both.

    The names of the benchmark without any lot at a loss become groups, too. A group stays as it is where shares bought lately
    are in play, because a sale at a gain need not take those with it.
    """
    assert problem.benchmark is not None
    lots_of = _by_security(axes.lots.security, axes.lots.may_sell & axes.lots.is_taxable)
    buys_of = _by_security(axes.buy_security, None)
    number = {security.symbol: n for n, security in enumerate(problem.securities)}
    found, known = [], set[str]()
    for group in groups:
        symbols = group.name.split("/")
        known.update(symbols)
        if not group.kept:
            lots = [lots_of[number[symbol]] for symbol in symbols if number[symbol] in lots_of]
            group = replace(group, losing=np.unique(np.concatenate([group.losing, *lots])).astype(np.intp))
        found.append(group)
    nothing = np.empty(0, dtype=np.intp)
    for name in problem.benchmark.constituents:
        at = number[name.symbol]
        if name.symbol not in known and at in lots_of and at in buys_of:
            found.append(WashAxis(name.symbol, nothing, nothing, lots_of[at], buys_of[at], 0.0, 0.0))
    return tuple(found)


def _by_security(security: Index, kept: Mask | None) -> dict[int, Index]:
    """Positions of the kept entries by their security."""
    at = np.arange(len(security)) if kept is None else np.flatnonzero(kept)
    order = at[np.argsort(security[at], kind="stable")]
    securities, starts = np.unique(security[order], return_index=True)
    return dict(zip(securities.tolist(), np.split(order, starts[1:]), strict=True)) if len(order) else {}


def wash(
    problem: Problem,
    groups: tuple[WashAxis, ...],
    axes: Axes,
    trades: Trades,
    future_gain: float,
    before: Trades | None = None,
) -> tuple[Part, Washed, cp.Expression]:
    """Keep the wash-sale rule: one flag h of 0 or 1 per group with a loss lot, and one more, w, where shares were bought lately.

    Sets: groups of substantially identical securities with a loss lot that may be sold; of each the older lots at a loss, x
    dollars sold of a lot worth q, m of them washed; and the lots bought within the window, K shares of which r stay.
    Costs: `washed`, the later tax that a washed loss saves, where it stays in the basis of what replaces it. Which of several
    losses a sheltered account takes is left to the model; the ledger says, and the cost of the plan is the ledger's.
    Constraints: x ≤ q (h + w), nothing bought unless both are 0, h + w ≤ 1; m ≤ x; of shares Σ m ≤ r, and Σ m ≥ r where h is 1,
    so that exactly the shares kept are washed; m ≥ x where w is 1, the whole sale washed. Lots bought lately are sold at a loss
    only where h is 1: everything kept has then washed an older lot.

    Convex once the flags and the place at which washing ends are fixed; until then h, w and m lie between, which is a
    relaxation. Left out: selling fewer older shares at a loss than are kept, and some of the kept ones at a loss with them.

    What left by trades made `before` these replaces nothing.

    Returns the part, the washed amounts, and their dollars by lot, shape (n_lots,).
    """
    value, sold, flag, soaked = axes.lots.value, trades.sold, trades.harvested, trades.soaked
    loss, loss_of = with_group([group.loss for group in groups])
    losing, losing_of = with_group([group.losing for group in groups])
    buys, buys_of = with_group([group.buys for group in groups])
    spend = spending_power(axes)[axes.buy_account[buys]]
    either = flag + soaked
    constraints = [Labelled("a group is harvested or wholly washed", either <= 1)] if groups else []
    if len(loss):
        alike, alike_of = _alike(axes.lots.gain_ratio[loss], loss_of)
        rule = alike @ sold[loss] <= cp.multiply(alike @ value[loss], either[alike_of])
        constraints.append(Labelled("what is sold at a loss is sold as a harvest", rule))
    late = ~np.isin(losing, loss)
    if late.any():
        rule = sold[losing[late]] <= cp.multiply(value[losing[late]], flag[losing_of[late]])
        constraints.append(Labelled("what was bought lately is sold at a loss only beside older lots or alone", rule))
    if len(buys):
        rule = trades.bought[buys] <= cp.multiply(spend, 1 - either[buys_of])
        constraints.append(Labelled("nothing is bought beside a harvest of it", rule))
    washed, rules = _washed(problem, groups, axes, trades, before)
    by_lot = incidence(washed.lots, axes.n_lots)
    costs = (
        {"washed": future_gain * (axes.lots.gain_ratio[washed.lots] @ (washed.amount - washed.lost))} if len(washed.lots) else {}
    )
    return Part(costs, constraints + rules), washed, by_lot @ washed.amount


def _alike(gain_ratio: Vector, group: Index) -> tuple[sparse.csr_matrix, Index]:
    """Lots at a loss by rows: each by itself, or where they are many those of a group with losses alike together.

    A row for all of them says the same as a row for each once their flag is 0 or 1, and a little less between the two; thousands
    of rows cost more than that saves. Returns the 0/1 matrix, shape (n_rows, n_lots), and the group of each row.
    """
    if len(group) <= MANY_LOSSES:
        return sparse.eye(len(group), format="csr"), group
    row, row_group = np.zeros(len(group), dtype=np.intp), list[int]()
    for g in np.unique(group).tolist():
        lots = np.flatnonzero(group == g)
        lots = lots[np.argsort(gain_ratio[lots], kind="stable")]
        for part in np.array_split(lots, min(KINDS_OF_LOSS, len(lots))):
            row[part] = len(row_group)
            row_group.append(g)
    return incidence(row, len(row_group)), np.array(row_group, dtype=np.intp)


def _washed(
    problem: Problem, groups: tuple[WashAxis, ...], axes: Axes, trades: Trades, before: Trades | None
) -> tuple[Washed, list[Labelled]]:
    """Washed amounts of the groups with shares bought lately, and their rules."""
    lots, of = with_group([group.loss if group.kept > 0 else group.loss[:0] for group in groups])
    size, value = len(lots), axes.lots.value[lots]
    place = np.concatenate([np.arange(len(group.loss)) for group in groups if group.kept > 0] or [np.empty(0, dtype=np.intp)])
    cap, slack = cp.Parameter(size, nonneg=True, name="washed_cap"), cp.Parameter(size, nonneg=True, name="unwashed")
    amount = cp.Variable(size, bounds=[np.zeros(size), cap], name="washed") if size else cp.Variable(0, name="washed")
    lost = cp.Variable(size, nonneg=True, name="lost")
    washed = Washed(amount, lost, lots, of, place, cap, slack, value)
    washed.settle({})
    lately = np.array([g for g, group in enumerate(groups) if group.kept > 0], dtype=np.intp)
    if not len(lately):
        return washed, []
    recent, recent_of = with_group([group.recent for group in groups])
    left = trades.sold + trades.given_by_lot
    if before is not None:
        left = left + before.sold + before.given_by_lot
    per_dollar = 1 / axes.lots.price
    shape = (len(groups), size)
    shares = sparse.csr_matrix((per_dollar[lots], (of, np.arange(size))), shape)
    leaving = sparse.csr_matrix((per_dollar[recent], (recent_of, np.arange(len(recent)))), (len(groups), len(recent)))
    kept = np.array([group.kept for group in groups])
    answered = (leaving @ left[recent])[lately] if len(recent) else np.zeros(len(lately))
    if size:
        answered = answered + (shares @ amount)[lately]
    rules = [
        Labelled(
            "as many shares are washed as are kept of those bought lately",
            answered >= cp.multiply(kept, trades.harvested)[lately],
        )
    ]
    if size:
        sold, taxable = trades.sold[lots], np.array([group.kept_taxable for group in groups])
        of_taxable = leaving.multiply(axes.lots.is_taxable[recent].astype(float)).tocsr()
        stay = taxable - of_taxable @ left[recent] if len(recent) else taxable
        rules += [
            Labelled("no more shares are washed than are kept of those bought lately", answered <= kept[lately]),
            Labelled("no more is washed than is sold", amount <= sold),
            Labelled("no more is lost than is washed", lost <= amount),
            Labelled("what taxable shares do not replace is lost", (shares @ (amount - lost))[lately] <= stay[lately]),
            Labelled(EARLIEST_FIRST, amount >= sold - slack),
            Labelled("of a sale wholly washed no share counts", amount >= sold - cp.multiply(value, 1 - trades.soaked[of])),
            Labelled("the earliest lots are washed first, on the whole", _early(groups, axes, trades, washed)),
        ]
    return washed, rules


def _early(groups: tuple[WashAxis, ...], axes: Axes, trades: Trades, washed: Washed) -> cp.Constraint:
    """What every order of washing by date obeys, wherever it ends: two rows a group, linear.

    Through place j of the order the law washes M = min(W, X) shares, X those sold up to there of N and W all that are washed, of
    K at most. The largest convex function below that minimum is min(K, N) · (W / K + X / N - 1), and 0 where nothing is sold.
    The rows stand at the last place with N ≤ K and at the first with N ≥ K: where all is sold and kept, they say what the law
    says.
    """
    shares = axes.lots.value[washed.lots] / axes.lots.price[washed.lots]
    row, place, all_rows = list[Index](), list[Index](), list[Index]()
    share_of_all, share_of_sold, most, of = list[Vector](), list[Vector](), list[float](), list[int]()
    for g in np.unique(washed.of).tolist():
        rows = np.flatnonzero(washed.of == g)
        owned, kept = np.cumsum(shares[rows]), groups[g].kept
        after = int(np.searchsorted(owned, kept))
        for last in {max(after - 1, 0), min(after, len(rows) - 1)}:
            reach = min(kept, float(owned[last]))
            row.append(np.full(last + 1, len(of)))
            place.append(rows[: last + 1])
            share_of_sold.append(np.full(last + 1, reach / float(owned[last])))
            all_rows.append(rows)
            share_of_all.append(np.full(len(rows), reach / kept))
            most.append(reach)
            of.append(g)
    per_dollar = 1 / axes.lots.price[washed.lots]
    at, early = np.concatenate(row), np.concatenate(place)
    shape = (len(of), len(washed.lots))
    first = sparse.csr_matrix((per_dollar[early], (at, early)), shape)
    sold = sparse.csr_matrix((per_dollar[early] * np.concatenate(share_of_sold), (at, early)), shape)
    whole_at, whole = np.repeat(np.arange(len(of)), [len(rows) for rows in all_rows]), np.concatenate(all_rows)
    answered = sparse.csr_matrix((per_dollar[whole] * np.concatenate(share_of_all), (whole_at, whole)), shape)
    either = (trades.harvested + trades.soaked)[np.array(of, dtype=np.intp)]
    reached = (first - answered) @ washed.amount - sold @ trades.sold[washed.lots]
    return reached + cp.multiply(np.array(most), either) >= 0


def with_group(members: list[Index]) -> tuple[Index, Index]:
    """Members of all groups in one list, each with the position of its group."""
    none = [np.empty(0, dtype=np.intp)]
    return np.concatenate(members or none), np.repeat(np.arange(len(members)), [len(each) for each in members])


def spending_power(axes: Axes) -> Vector:
    """The most that can be bought in each account: its value and all contributions it may take."""
    value = axes.cash + incidence(axes.lots.account, axes.n_accounts) @ axes.lots.value
    coming = np.zeros(axes.n_accounts)
    for order, account in zip(axes.contributions.order, axes.contributions.account, strict=True):
        coming[account] += axes.contribution_amount[order]
    return np.asarray(value + np.minimum(coming, axes.room))
