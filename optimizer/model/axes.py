"""Index sets, data arrays and incidence matrices: a problem as numbers.

Decimals become floats here and nowhere else. Everything is in dollars: a lot is its market value, a trade its proceeds.

Sets
----
i  lots, in the order of the problem
s  securities    a  accounts    g  segments, parents included
b  purchases, the pairs (a, s) that may be bought
k, w, c  flows, the pairs (order, account) of contributions, withdrawals and gifts in cash
d  gifts in kind, the pairs (order, lot)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lots.accounts import AccountKind
from lots.lot import Term
from lots.units import ZERO, to_float
from optimizer.model.facts import Facts
from optimizer.problem import Problem

Vector = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

MANY_GIFTS = 400
"""Lots an order may give from which on those that are never worth giving are left out."""


@dataclass(frozen=True)
class LotAxis:
    """Arrays of shape (n_lots,)."""

    value: Vector
    """Market value, dollars."""
    price: Vector
    """Dollars a share."""
    gain_ratio: Vector
    """Gain per dollar of proceeds that the tax sees; 0 in accounts whose sales are not taxed."""
    deduction_ratio: Vector
    """Charitable deduction per dollar given."""
    account: Index
    security: Index
    is_taxable: Mask
    is_short: Mask
    """Taxable and held short-term on the day of the plan."""
    is_loss: Mask
    """Taxable and under its basis."""
    is_small_loss: Mask
    """At a loss too small to be taken for its own sake, by the household's wish."""
    may_sell: Mask
    may_give: Mask


@dataclass(frozen=True)
class PairAxis:
    """Pairs of an order and an account (or a lot): arrays of shape (n_pairs,)."""

    order: Index
    account: Index
    lot: Index
    """The lot of a gift in kind; empty for cash."""

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True)
class Axes:
    """Everything the blocks read."""

    lots: LotAxis
    buy_account: Index
    buy_security: Index
    cash: Vector
    """Opening cash of each account with its pooled income, shape (n_accounts,)."""
    cash_kept: Vector
    """Cash that stays in each account: its floor and what is set aside there."""
    set_aside: float
    """Dollars set aside in all accounts together, which are no part of the bands."""
    account_is_taxable: Mask
    account_is_traded: Mask
    room: Vector
    """Contribution room of each account, infinite where there is none to respect."""
    lot_cost: Vector
    """What selling a dollar of each lot costs: half the spread and the account's fee, shape (n_lots,)."""
    buy_cost: Vector
    """The same for each purchase pair, shape (n_buys,)."""
    exposure: sparse.csr_matrix
    """Shape (n_segments, n_securities): weight of the segment, its parts included, in the security."""
    contributions: PairAxis
    withdrawals: PairAxis
    cash_gifts: PairAxis
    cash_gift_counts: Vector
    """1 for gifts in cash that are deducted, 0 for those straight from an IRA."""
    gifts: PairAxis
    contribution_amount: Vector
    withdrawal_amount: Vector
    donation_amount: Vector
    is_up_to: Mask
    """Gifts of at most their amount, shape (n_donations,)."""
    value_before: float
    value_after_flows: float
    """Household value after flows, before trading costs and before what is given up to an amount."""

    @property
    def n_lots(self) -> int:
        """Number of lots."""
        return len(self.lots.value)

    @property
    def n_accounts(self) -> int:
        """Number of accounts."""
        return len(self.cash)

    @property
    def n_securities(self) -> int:
        """Number of securities."""
        return int(self.exposure.shape[1])

    @property
    def account_can_buy(self) -> Mask:
        """Whether an account may buy anything at all, shape (n_accounts,); cash in another is not idle by choice."""
        return np.isin(np.arange(self.n_accounts), self.buy_account)

    @property
    def n_buys(self) -> int:
        """Number of pairs (account, security) that may be bought."""
        return len(self.buy_account)


def incidence(rows: Index, n_rows: int) -> sparse.csr_matrix:
    """The 0/1 matrix of shape (n_rows, len(rows)) that sums entries by the row each belongs to."""
    return sparse.csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(n_rows, len(rows)))


def axes_of(problem: Problem, facts: Facts) -> Axes:
    """Turn a problem and what the ledger says of it into arrays."""
    account_no = {a.id: n for n, a in enumerate(problem.accounts)}
    security_no = {s.symbol: n for n, s in enumerate(problem.securities)}
    cash = np.array([to_float(a.cash) for a in problem.accounts])
    for payment in problem.income:
        cash[account_no[payment.account]] += to_float(payment.amount)
    lots = _lot_axis(problem, facts, account_no, security_no)
    buys = [(account_no[a.id], security_no[symbol]) for a in problem.accounts for symbol in facts.may_buy.get(a.id, ())]
    gift_orders, gift_lots = _gift_pairs(problem, lots, account_no)
    contributed = np.array([to_float(c.amount) for c in problem.contributions])
    withdrawn = np.array([to_float(w.leaving) for w in problem.withdrawals])
    donated = np.array([to_float(d.amount) for d in problem.donations])
    is_up_to = np.array([d.up_to for d in problem.donations], dtype=bool)
    given_in_cash = [
        (n, account_no[a]) for n, d in enumerate(problem.donations) for a in d.sources if _way(problem, account_no[a]) in d.ways
    ]
    value = float(lots.value.sum() + cash.sum())
    buy_account, buy_security = (np.array([pair[end] for pair in buys], dtype=np.intp) for end in (0, 1))
    half_spread = np.array([to_float(s.half_spread) / 1e4 for s in problem.securities])
    fee = np.array([to_float(a.fee) / 1e4 for a in problem.accounts])
    return Axes(
        lots=lots,
        buy_account=buy_account,
        buy_security=buy_security,
        cash=cash,
        cash_kept=np.array([to_float(kept) for kept in problem.cash_kept()]),
        set_aside=to_float(sum(problem.set_aside().values(), ZERO)),
        account_is_taxable=np.array([a.kind.is_taxable for a in problem.accounts]),
        account_is_traded=np.array([a.traded for a in problem.accounts]),
        room=np.array([_room(a.kind, a.contribution_room) for a in problem.accounts]),
        lot_cost=half_spread[lots.security] + fee[lots.account],
        buy_cost=half_spread[buy_security] + fee[buy_account],
        exposure=_exposure(problem),
        contributions=_pairs([(n, account_no[a]) for n, c in enumerate(problem.contributions) for a in c.into]),
        withdrawals=_pairs([(n, account_no[a]) for n, w in enumerate(problem.withdrawals) for a in w.sources]),
        cash_gift_counts=np.array([float(problem.accounts[a].kind.is_taxable) for _, a in given_in_cash], dtype=float),
        cash_gifts=_pairs(given_in_cash),
        gifts=PairAxis(gift_orders, lots.account[gift_lots], gift_lots),
        contribution_amount=contributed,
        withdrawal_amount=withdrawn,
        donation_amount=donated,
        is_up_to=is_up_to,
        value_before=value,
        value_after_flows=value + float(contributed.sum() - withdrawn.sum() - donated[~is_up_to].sum()),
    )


def _way(problem: Problem, account: int) -> str:
    """How cash of an account is given."""
    return "cash" if problem.accounts[account].kind.is_taxable else "qcd"


def _gift_pairs(problem: Problem, lots: LotAxis, account_no: dict[str, int]) -> tuple[Index, Index]:
    """Order and lot of every gift in kind that a plan may make."""
    orders, chosen = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for order, donation in enumerate(problem.donations):
        sources = [account_no[source] for source in donation.sources]
        in_kind = lots.may_give & np.isin(lots.account, sources)
        found = np.flatnonzero(in_kind if "in_kind" in donation.ways else np.zeros_like(in_kind))
        if len(found) > MANY_GIFTS and problem.taxpayer.rates is not None:
            found = _worth_giving(lots, found, sum(to_float(each.amount) for each in problem.donations))
        orders.append(np.full(len(found), order, dtype=np.intp))
        chosen.append(found)
    return np.concatenate(orders), np.concatenate(chosen)


def _worth_giving(lots: LotAxis, found: Index, promised: float) -> Index:
    """Of long-term lots of one security in one account those that have gained most, until they reach all that is promised.

    A gift of any other could change places with one of these, kept or sold: its full value is deducted all the same, and at flat
    rates less gain to tax never costs more. The largest of them is not counted, so that a plan without it finds its lots too.
    """
    order = found[np.lexsort((-lots.gain_ratio[found], lots.is_short[found], lots.security[found], lots.account[found]))]
    kept, pool, reached, largest = [], (-1, -1), 0.0, 0.0
    for lot in order.tolist():
        if (int(lots.account[lot]), int(lots.security[lot])) != pool:
            pool, reached, largest = (int(lots.account[lot]), int(lots.security[lot])), 0.0, 0.0
        if lots.is_short[lot] or reached - largest < promised:
            kept.append(lot)
        if not lots.is_short[lot]:
            value = float(lots.value[lot])
            reached, largest = reached + value, max(largest, value)
    return np.array(sorted(kept), dtype=np.intp)


def _room(kind: AccountKind, room: object) -> float:
    if room is None:
        return float("inf") if kind.is_taxable else 0.0
    return to_float(room)  # type: ignore[arg-type]


def _pairs(pairs: list[tuple[int, int]]) -> PairAxis:
    orders = np.array([order for order, _ in pairs], dtype=np.intp)
    accounts = np.array([account for _, account in pairs], dtype=np.intp)
    return PairAxis(orders, accounts, np.empty(0, dtype=np.intp))


def _lot_axis(problem: Problem, facts: Facts, account_no: dict[str, int], security_no: dict[str, int]) -> LotAxis:
    price = {s.symbol: s.price for s in problem.securities}
    value = np.array([to_float(lot.shares * price[lot.symbol]) for lot in problem.lots])
    account = np.array([account_no[lot.account] for lot in problem.lots], dtype=np.intp)
    taxable = np.array([problem.accounts[a].kind.is_taxable for a in account], dtype=bool)
    basis = np.array([to_float(lot.cost_basis or lot.shares * 0) for lot in problem.lots])
    ratio = np.where(taxable, 1 - basis / np.maximum(value, 1e-300), 0.0)
    short = np.array([facts.term.get(lot.id) is Term.SHORT for lot in problem.lots], dtype=bool)
    return LotAxis(
        value=value,
        price=np.array([to_float(price[lot.symbol]) for lot in problem.lots]),
        gain_ratio=ratio,
        deduction_ratio=np.where(short, np.minimum(1.0, 1 - ratio), 1.0),
        account=account,
        security=np.array([security_no[lot.symbol] for lot in problem.lots], dtype=np.intp),
        is_taxable=taxable,
        is_short=short,
        is_loss=np.array([lot.id in facts.loss_lots for lot in problem.lots], dtype=bool),
        is_small_loss=_small_losses(problem, basis - value),
        may_sell=np.array([lot.id in facts.may_sell for lot in problem.lots], dtype=bool),
        may_give=np.array([lot.id in facts.may_give for lot in problem.lots], dtype=bool),
    )


def _small_losses(problem: Problem, loss: Vector) -> Mask:
    """Lots under the household's thresholds; `loss` is the loss of each lot in dollars, below zero for a gain."""
    wishes = problem.wishes
    basis = np.array([to_float(lot.cost_basis or ZERO) for lot in problem.lots])
    least = np.full(len(loss), -np.inf)
    if wishes.min_harvest is not None:
        least = np.maximum(least, to_float(wishes.min_harvest))
    if wishes.min_harvest_share is not None:
        least = np.maximum(least, to_float(wishes.min_harvest_share) * basis)
    return np.asarray(loss < least)


def _exposure(problem: Problem) -> sparse.csr_matrix:
    """Weights of leaf segments in securities, summed up the tree so that a parent holds what its parts hold."""
    number = {s.id: n for n, s in enumerate(problem.segments)}
    parent = {s.id: s.parent for s in problem.segments}
    weights = np.zeros((len(problem.segments), len(problem.securities)))
    for column, security in enumerate(problem.securities):
        for segment, weight in security.exposures.items():
            node: str | None = segment
            while node is not None:
                weights[number[node], column] += to_float(weight)
                node = parent[node]
    return sparse.csr_matrix(weights)
