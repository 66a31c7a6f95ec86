"""The decision variables: every trade the plan may make, in dollars and never negative.

sold      of each lot, shape (n_lots,)
given     of each pair (donation, lot)
bought    of each pair (account, security)
contributed, withdrawn, cash_given   of each pair (order, account)
cash      closing cash of each account
harvested 1 for each wash group of which something is sold at a loss, else 0; between the two until a branch settles it

Two sums that many constraints share are variables too, tied by equations, which keeps the program sparse: the net change of
every security and the trading cost of every account.
"""

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from optimizer.model.axes import Axes, incidence


@dataclass(frozen=True)
class Trades:
    """The variables of one model, and the sums that several blocks need."""

    sold: cp.Variable
    given: cp.Variable
    bought: cp.Variable
    contributed: cp.Variable
    withdrawn: cp.Variable
    cash_given: cp.Variable
    cash: cp.Variable
    harvested: cp.Variable
    soaked: cp.Variable
    """1 for each wash group that is sold at a loss of which nothing counts; between until a branch settles it."""
    given_by_lot: cp.Expression
    change: cp.Variable
    """Net dollars of each security bought over all accounts, shape (n_securities,)."""
    cost_by_account: cp.Variable
    """Trading cost in dollars, shape (n_accounts,)."""
    spread_by_account: cp.Expression
    """Half-spreads and fees per dollar, in dollars; the trading cost but for ticket fees, shape (n_accounts,)."""
    ties: tuple[cp.Constraint, ...]
    """The equations of the two sums."""


@dataclass(frozen=True)
class Bounds:
    """Bounds of the variables as parameters, so that one compiled program serves every set of levers and every branch.

    All in dollars but for the flags of wash groups, which lie between 0 and 1.
    """

    sold_floor: cp.Parameter
    sold_cap: cp.Parameter
    bought_floor: cp.Parameter
    bought_cap: cp.Parameter
    contributed_floor: cp.Parameter
    withdrawn_floor: cp.Parameter
    given_cap: cp.Parameter
    sheltered_slack: cp.Parameter
    """Sales a sheltered account may make beyond its withdrawals."""
    harvested_floor: cp.Parameter
    harvested_cap: cp.Parameter
    soaked_floor: cp.Parameter
    soaked_cap: cp.Parameter
    family_limit: cp.Parameter
    """Wash groups of each family that may be sold at a loss, a number."""


def bounds_for(axes: Axes, n_groups: int, n_families: int = 0) -> Bounds:
    """Declare the bounds; purchases and families are not limited until somebody limits them."""
    bounds = Bounds(
        sold_floor=cp.Parameter(axes.n_lots, nonneg=True),
        sold_cap=cp.Parameter(axes.n_lots, nonneg=True),
        bought_floor=cp.Parameter(axes.n_buys, nonneg=True),
        bought_cap=cp.Parameter(axes.n_buys, nonneg=True),
        contributed_floor=cp.Parameter(len(axes.contributions), nonneg=True),
        withdrawn_floor=cp.Parameter(len(axes.withdrawals), nonneg=True),
        given_cap=cp.Parameter(len(axes.gifts), nonneg=True),
        sheltered_slack=cp.Parameter(axes.n_accounts, nonneg=True),
        harvested_floor=cp.Parameter(n_groups, nonneg=True),
        harvested_cap=cp.Parameter(n_groups, nonneg=True),
        soaked_floor=cp.Parameter(n_groups, nonneg=True),
        soaked_cap=cp.Parameter(n_groups, nonneg=True),
        family_limit=cp.Parameter(n_families, nonneg=True),
    )
    bounds.bought_cap.save_value(np.full(axes.n_buys, np.inf))
    bounds.family_limit.save_value(np.full(n_families, float(n_groups)))
    return bounds


def trades_of(axes: Axes, bounds: Bounds) -> Trades:
    """Declare the variables within their bounds."""
    sold = _variable("sold", bounds.sold_floor, bounds.sold_cap)
    given = _variable("given", 0.0, bounds.given_cap)
    bought = _variable("bought", bounds.bought_floor, bounds.bought_cap)
    given_by_lot = incidence(axes.gifts.lot, axes.n_lots) @ given
    lot_security = incidence(axes.lots.security, axes.n_securities)
    buy_security = incidence(axes.buy_security, axes.n_securities)
    spread_sold = incidence(axes.lots.account, axes.n_accounts).multiply(axes.lot_cost).tocsr()
    spread_bought = incidence(axes.buy_account, axes.n_accounts).multiply(axes.buy_cost).tocsr()
    change = cp.Variable(axes.n_securities, name="change")
    cost = cp.Variable(axes.n_accounts, name="cost")
    return Trades(
        sold=sold,
        given=given,
        bought=bought,
        contributed=_variable("contributed", bounds.contributed_floor, np.inf),
        withdrawn=_variable("withdrawn", bounds.withdrawn_floor, np.inf),
        cash_given=cp.Variable(len(axes.cash_gifts), nonneg=True, name="cash_given"),
        cash=cp.Variable(axes.n_accounts, nonneg=True, name="cash"),
        harvested=_variable("harvested", bounds.harvested_floor, bounds.harvested_cap),
        soaked=_variable("soaked", bounds.soaked_floor, bounds.soaked_cap),
        given_by_lot=given_by_lot,
        change=change,
        cost_by_account=cost,
        spread_by_account=spread_sold @ sold + spread_bought @ bought,
        ties=(
            change == buy_security @ bought - lot_security @ (sold + given_by_lot),
            cost == spread_sold @ sold + spread_bought @ bought,
        ),
    )


def _variable(name: str, floor: cp.Parameter | float, cap: cp.Parameter | float) -> cp.Variable:
    size = floor.size if isinstance(floor, cp.Parameter) else cap.size  # type: ignore[union-attr]
    if size == 0:
        return cp.Variable(0, name=name)
    lower = floor if isinstance(floor, cp.Parameter) else np.full(size, floor)
    upper = cap if isinstance(cap, cp.Parameter) else np.full(size, cap)
    return cp.Variable(size, bounds=[lower, upper], name=name)
