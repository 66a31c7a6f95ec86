"""Flows: contributions enter, withdrawals and gifts leave, each by the household's order and the law's room."""

import cvxpy as cp
import numpy as np

from lots.tax.retirement import BasisOrder
from lots.units import to_float
from optimizer.market.costs import Prices
from optimizer.model.axes import Axes, PairAxis, Vector, incidence
from optimizer.model.block import Labelled, Part
from optimizer.model.facts import Facts
from optimizer.model.trades import Trades
from optimizer.problem import Problem

NO_MORE = ", no more"
"""How the label of the upper half of an order in full ends."""


def flows(problem: Problem, facts: Facts, axes: Axes, trades: Trades, prices: Prices) -> tuple[Part, cp.Expression]:
    """Carry out every flow order; linear, with withdrawals beyond a Roth account's basis a convex kink.

    Costs: `penalties`, additional tax on early withdrawals; `retirement`, later tax on pre-tax money that enters or leaves;
    `giving`, what each dollar given up to an amount has to save at least, in dollars.
    Constraints: every order in full, a gift up to an amount no more than that; contributions within the room of an account;
    gifts straight from an IRA within the law's limit for its owner; no withdrawal where none is allowed.

    Returns the part and the ordinary income that the flows add to the year, in dollars.
    """
    constraints = [
        *_in_full(trades.contributed, axes.contributions, axes.contribution_amount, _contribution_words(problem)),
        *_in_full(trades.withdrawn, axes.withdrawals, axes.withdrawal_amount, _withdrawal_words(problem, axes)),
        *_donations_in_full(problem, axes, trades),
        *_room(problem, axes, trades),
        *_charitable(problem, facts, axes, trades),
        *_no_withdrawal(problem, axes, trades),
    ]
    income, penalties, more = _withdrawal_tax(problem, facts, axes, trades)
    deductible = np.array([problem.accounts[a].contribution_deductible for a in axes.contributions.account], dtype=float)
    entering, leaving = later_prices(problem, axes, prices)
    later = leaving @ trades.withdrawn + entering @ trades.contributed
    later = later - prices.retirement_rate * ((1.0 - axes.cash_gift_counts) @ trades.cash_given)
    costs = {"penalties": penalties, "retirement": later}
    if axes.is_up_to.any():
        least = [to_float(order.least_saving) for order in problem.donations]
        costs["giving"] = cp.sum([least[n] * given_of(axes, trades, n) for n in np.flatnonzero(axes.is_up_to).tolist()])
    return Part(costs, constraints + more), income - deductible @ trades.contributed


def later_prices(problem: Problem, axes: Axes, prices: Prices) -> tuple[Vector, Vector]:
    """Later tax on a dollar of each contribution pair and of each withdrawal pair, dollars.

    A pre-tax dollar owes the retirement rate one day: withdrawing it now settles that, a deductible contribution takes it on.
    That sheltered dollars are not taxed yearly is the location price's to count.
    """
    accounts, rate = problem.accounts, prices.retirement_rate
    entering = [rate * (accounts[a].kind.is_pre_tax and accounts[a].contribution_deductible) for a in axes.contributions.account]
    leaving = [-rate * accounts[a].kind.is_pre_tax for a in axes.withdrawals.account]
    return np.array(entering, dtype=float), np.array(leaving, dtype=float)


def _in_full(flow: cp.Variable, pairs: PairAxis, amount: np.ndarray, words: list[str]) -> list[Labelled]:
    found = []
    for n in range(len(amount)):
        total = cp.sum(flow[np.flatnonzero(pairs.order == n)])
        found += _exactly(words[n], total, amount[n])
    return found


def _exactly(words: str, total: cp.Expression, amount: float) -> list[Labelled]:
    """An order in full. Dropping the order frees the flow to be less, never more, so what collides with it stays the same."""
    return [
        Labelled(f"{words}{NO_MORE}", total <= amount),
        Labelled(words, total >= amount, order=words),
    ]


def _contribution_words(problem: Problem) -> list[str]:
    return [f"contribute {c.amount:,.2f} into {' or '.join(c.into)}" for c in problem.contributions]


def _withdrawal_words(problem: Problem, axes: Axes) -> list[str]:
    return [f"withdraw {w.words} from {_places(problem, axes, w.sources)}" for w in problem.withdrawals]


def _places(problem: Problem, axes: Axes, names: tuple[str, ...]) -> str:
    """Accounts by name, with what they hold together."""
    balance = axes.cash + incidence(axes.lots.account, axes.n_accounts) @ axes.lots.value
    held = sum(balance[n] for n, account in enumerate(problem.accounts) if account.id in names)
    return f"{' or '.join(names)} (value {held:,.2f})"


def _donations_in_full(problem: Problem, axes: Axes, trades: Trades) -> list[Labelled]:
    found = []
    for n, order in enumerate(problem.donations):
        rules = _exactly(donation_words(problem, axes, n), given_of(axes, trades, n), axes.donation_amount[n])
        found += rules[:1] if order.up_to else rules
    return found


def donation_words(problem: Problem, axes: Axes, order: int) -> str:
    """What an order to give says, by its position."""
    gift = problem.donations[order]
    up_to = "up to " if gift.up_to else ""
    return f"give {up_to}{gift.amount:,.2f} from {_places(problem, axes, gift.sources)}"


def given_of(axes: Axes, trades: Trades, order: int) -> cp.Expression:
    """Dollars given for one order, in shares and in cash."""
    cash, in_kind = np.flatnonzero(axes.cash_gifts.order == order), np.flatnonzero(axes.gifts.order == order)
    parts = [cp.sum(trades.cash_given[cash])] if len(cash) else []
    parts += [cp.sum(trades.given[in_kind])] if len(in_kind) else []
    return cp.sum(parts) if parts else cp.Constant(0.0)


def given_up_to(axes: Axes, trades: Trades) -> cp.Expression | float:
    """Dollars given under orders up to an amount; nothing where there is none."""
    orders = np.flatnonzero(axes.is_up_to).tolist()
    return cp.sum([given_of(axes, trades, n) for n in orders]) if orders else 0.0


def _room(problem: Problem, axes: Axes, trades: Trades) -> list[Labelled]:
    found = []
    for n, account in enumerate(problem.accounts):
        pairs = np.flatnonzero(axes.contributions.account == n)
        if len(pairs) and np.isfinite(axes.room[n]):
            words = f"contribute at most {axes.room[n]:,.2f} to {account.id}, its room"
            found.append(Labelled(words, cp.sum(trades.contributed[pairs]) <= axes.room[n], order=words))
    return found


def _charitable(problem: Problem, facts: Facts, axes: Axes, trades: Trades) -> list[Labelled]:
    """What goes from the IRAs of one owner straight to charities, within the year's limit."""
    found = []
    for owner, room in facts.charitable_room.items():
        pairs = [
            n
            for n, account in enumerate(axes.cash_gifts.account.tolist())
            if not axes.account_is_taxable[account] and problem.accounts[account].owner == owner
        ]
        words = f"give at most {room:,.2f} straight from the IRAs of {owner}, the law's limit"
        found.append(Labelled(words, cp.sum(trades.cash_given[np.array(pairs, dtype=np.intp)]) <= to_float(room), order=words))
    return found


def _no_withdrawal(problem: Problem, axes: Axes, trades: Trades) -> list[Labelled]:
    found = []
    for n, account in enumerate(problem.accounts):
        pairs = np.flatnonzero(axes.withdrawals.account == n)
        if len(pairs) and not account.withdrawals_allowed:
            words = f"withdraw nothing from {account.id}, which does not allow it"
            found.append(Labelled(words, cp.sum(trades.withdrawn[pairs]) == 0, order=words))
    return found


def _withdrawal_tax(
    problem: Problem, facts: Facts, axes: Axes, trades: Trades
) -> tuple[cp.Expression, cp.Expression, list[Labelled]]:
    """Ordinary income and penalties of all withdrawals; the part of a Roth account beyond its basis is a variable."""
    income: cp.Expression = cp.Constant(0.0)
    penalties: cp.Expression = cp.Constant(0.0)
    constraints = []
    balance = axes.cash + incidence(axes.lots.account, axes.n_accounts) @ axes.lots.value
    for n, account in enumerate(problem.accounts):
        pairs = np.flatnonzero(axes.withdrawals.account == n)
        if not len(pairs):
            continue
        rule = facts.withdrawal_rules[account.id]
        if rule.taxable_fraction == 0:
            continue
        counted: cp.Expression = cp.sum(trades.withdrawn[pairs])
        if rule.basis is BasisOrder.FIRST:
            beyond = cp.Variable(nonneg=True, name=f"beyond_basis_{n}")
            words = f"earnings leave {account.id} after its contributions"
            constraints.append(Labelled(words, beyond >= counted - to_float(account.contributions_made)))
            counted = beyond
        fraction = to_float(rule.taxable_fraction)
        if rule.basis is BasisOrder.PRO_RATA:
            fraction *= 1 - min(1.0, to_float(account.contributions_made) / max(float(balance[n]), 1e-9))
        income = income + fraction * counted
        penalties = penalties + to_float(rule.penalty_rate) * fraction * counted
    return income, penalties, constraints


def blind_share(pairs: PairAxis, amounts: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Where flows go that nobody directs: each order to its first account as far as the limit reaches, then the next.

    `limit` of shape (n_accounts,) in dollars; returns dollars of shape (n_pairs,).
    """
    left, share = limit.copy(), np.zeros(len(pairs))
    for n, amount in enumerate(amounts):
        for pair in np.flatnonzero(pairs.order == n):
            taken = min(amount, left[pairs.account[pair]])
            share[pair] = taken
            left[pairs.account[pair]] -= taken
            amount -= taken
    return share
