"""Tradeable amounts: the same program where orders have a step, a least size, a fee or a number.

A step worth less than a dollar is left to rounding. Where a step is worth more, amounts bought are whole steps, and amounts
sold or given are whole steps of the lot or the whole lot with its odd part. That makes the program one in integers, which
HiGHS solves to a bound of its own; the bound that the plan is held against stays the one without steps.
Orders themselves, their least size, number and fee, are :mod:`optimizer.model.order_choice`.
"""

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Index, Vector
from optimizer.model.block import Labelled
from optimizer.model.blocks.wash import Washed
from optimizer.model.order_choice import OrderChoice, excused_cash, has_order_wishes, order_choice
from optimizer.model.trades import Trades
from optimizer.problem import Problem

COARSE = 1.0
"""Dollars a step is worth from which rounding it costs more than it is worth ignoring."""
CENT = 0.01


def tradeable(
    problem: Problem, axes: Axes, trades: Trades, washed: Washed, cost: cp.Expression, rules: list[cp.Constraint]
) -> tuple[cp.Problem | None, OrderChoice | None]:
    """The program in tradeable amounts, and its orders where they are chosen; None where rounding does.

    Wash groups are settled by the program itself, their flags being whole and their order of washing binding.
    """
    steps = whole_steps(problem, axes, trades)
    if not has_order_wishes(problem):
        return (cp.Problem(cp.Minimize(cost), [*rules, *(each.constraint for each in steps)]) if steps else None), None
    choice, placed = order_choice(problem, axes, trades)
    excused, within = excused_cash(problem, axes, trades, COARSE)
    paid = trades.cost_by_account == trades.spread_by_account + choice.fees
    others = [rule for rule in rules if rule is not trades.ties[1]]
    flags = []
    for each in (trades.harvested, trades.soaked):
        if each.size:
            flags.append(each == cp.Variable(each.size, boolean=True))
    more = [each.constraint for each in (*steps, *placed, *within, *_washed_in_order(trades, washed))]
    return cp.Problem(cp.Minimize(cost - excused), [*others, paid, *flags, *more]), choice


def _washed_in_order(trades: Trades, washed: Washed) -> list[Labelled]:
    """A later lot of a group is washed only where every earlier one is washed as far as it is sold: a binary for each next."""
    earlier = np.flatnonzero(washed.of[1:] == washed.of[:-1])
    if not len(earlier):
        return []
    later = earlier + 1
    goes_on = cp.Variable(len(earlier), boolean=True, name="washing_goes_on")
    sold = trades.sold[washed.lots[earlier]]
    open_end = cp.multiply(washed.value[earlier], 1 - goes_on)
    found = [
        Labelled("washing goes on where a lot is wholly washed", washed.amount[earlier] >= sold - open_end),
        Labelled(
            "the next lot is washed where washing goes on", washed.amount[later] <= cp.multiply(washed.value[later], goes_on)
        ),
    ]
    follows = np.flatnonzero(later[:-1] == earlier[1:])
    if len(follows):
        found.append(Labelled("washing that ended does not go on", goes_on[follows + 1] <= goes_on[follows]))
    return found


def whole_steps(problem: Problem, axes: Axes, trades: Trades) -> list[Labelled]:
    """The constraints of all coarse accounts; none where every step is small."""
    step = np.array([to_float(account.share_step) for account in problem.accounts])
    price = np.array([to_float(security.price) for security in problem.securities])
    buy_step = step[axes.buy_account] * price[axes.buy_security]
    lot_step = step[axes.lots.account] * price[axes.lots.security]
    found = []
    buys = np.flatnonzero(buy_step >= COARSE)
    if len(buys):
        count = cp.Variable(len(buys), integer=True, name="steps_bought")
        found.append(Labelled("purchases are whole steps", trades.bought[buys] == cp.multiply(buy_step[buys], count)))
    lots = np.flatnonzero((lot_step >= COARSE) & axes.lots.may_sell)
    if len(lots):
        found += _of_lots(trades.sold, lots, lot_step, axes.lots.value, "sold")
    gifts = np.flatnonzero(lot_step[axes.gifts.lot] >= COARSE)
    if len(gifts):
        found += _of_lots(trades.given, gifts, lot_step[axes.gifts.lot], axes.lots.value[axes.gifts.lot], "given")
    if found:
        words = "a cent stays for rounding proceeds"
        kept = axes.cash_kept + CENT * _spends(problem)
        found.append(Labelled(words, trades.cash >= np.where(axes.account_is_traded, kept, 0.0)))
    return found


def _spends(problem: Problem) -> Vector:
    """One for each account whose cash may buy; where sales are limited to what orders need, only money that enters does.

    The others may hand over all they have, to the cent, or keep it.
    """
    if problem.scope.max_sales is None:
        return np.ones(len(problem.accounts))
    places = {account for order in problem.contributions for account in order.into}
    places |= {payment.account for payment in problem.income}
    return np.array([float(account.id in places) for account in problem.accounts])


def _of_lots(leaving: cp.Variable, rows: Index, step: Vector, value: Vector, verb: str) -> list[Labelled]:
    """Whole steps of each lot; its odd part only with all of them."""
    steps = np.floor(value[rows] / step[rows] + 1e-9)
    odd = np.maximum(value[rows] - steps * step[rows], 0.0)
    count = cp.Variable(len(rows), integer=True, name=f"steps_{verb}")
    all_of_it = cp.Variable(len(rows), boolean=True, name=f"odd_{verb}")
    amount = cp.multiply(step[rows], count) + cp.multiply(odd, all_of_it)
    return [
        Labelled(f"shares {verb} are whole steps of their lot", leaving[rows] == amount),
        Labelled(f"an odd part is {verb} with its whole lot", cp.multiply(steps, all_of_it) <= count),
    ]
