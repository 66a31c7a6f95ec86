"""A narrowed question in whole shares: its limits hold but for what a step adds.

What has to be sold, and what a gift comes to, are dollars that whole shares seldom meet. Where sales are limited to what orders
need, the program in tradeable amounts may pass either by a step, of sales by one for each account. A dollar given beyond is a
dollar lost; a dollar sold beyond counts little, so that no loss is looked for with it, and lots of less tax are not passed over
to come nearer to the limit. Where nothing has to be sold, nothing is.
"""

from dataclasses import replace

import cvxpy as cp
import numpy as np

from lots.units import to_float
from optimizer.model.axes import Axes, Vector
from optimizer.model.block import Labelled
from optimizer.model.blocks.flows import NO_MORE, donation_words, given_of
from optimizer.model.blocks.scope import SALES_LIMIT
from optimizer.model.trades import Trades
from optimizer.problem import Problem

COARSE = 1.0
"""Dollars a step is worth from which rounding does not do; the same as of the whole program."""
SOLD_BEYOND = 0.1
"""Dollars that a dollar sold beyond the limit counts: more than a spread, less than most gains or losses are taxed at."""
GIVEN_BEYOND = 1.0
"""The same of a dollar given beyond the order."""


def narrowed_in_steps(
    problem: Problem, axes: Axes, trades: Trades, constraints: list[Labelled]
) -> tuple[list[Labelled], cp.Expression | float]:
    """The constraints with the limits of a narrowed question loosened by steps, and the price of what passes them, in dollars.

    Linear: a limit gains a variable of at most a step for each account, which the price keeps at what whole shares need.
    """
    limit = problem.scope.max_sales
    if limit is None:
        return constraints, 0.0
    step = np.array([to_float(account.share_step) for account in problem.accounts])
    worth = step[axes.lots.account] * np.array([to_float(each.price) for each in problem.securities])[axes.lots.security]
    worth = np.where(worth >= COARSE, worth, 0.0)
    loosened: dict[str, tuple[cp.Expression, float, float]] = {}
    if limit > 0:
        loosened[SALES_LIMIT] = cp.sum(trades.sold), to_float(limit), _of_accounts(axes, worth * axes.lots.may_sell)
    for n, order in enumerate(problem.donations):
        if order.up_to:
            continue
        lots = axes.gifts.lot[axes.gifts.order == n]
        words = donation_words(problem, axes, n) + NO_MORE
        most = float(worth[lots].max(initial=0.0))
        loosened[words] = given_of(axes, trades, n), float(axes.donation_amount[n]), most
    found, price = list[Labelled](), list[cp.Expression]()
    for each in constraints:
        amount, most_asked, room = loosened.get(each.label, (None, 0.0, 0.0))
        if amount is None or room == 0:
            found.append(each)
            continue
        beyond = cp.Variable(nonneg=True, name=f"beyond_{len(price)}")
        found += [replace(each, constraint=amount <= most_asked + beyond), Labelled("by a step at most", beyond <= room)]
        price.append((SOLD_BEYOND if each.label == SALES_LIMIT else GIVEN_BEYOND) * beyond)
    return found, cp.sum(price) if price else 0.0


def _of_accounts(axes: Axes, worth: Vector) -> float:
    """The dearest step of each account, over all accounts, dollars."""
    dearest = np.zeros(axes.n_accounts)
    np.maximum.at(dearest, axes.lots.account, worth)
    return float(dearest.sum())
