"""A slow second opinion: every combination of a grid of trades, priced by a rule written from the definition.

It shares nothing with the model but the problem: tax by the piecewise netting rule, bands, cash and wash sales worked out on
plain arrays. It can only say "here is a plan, and this is its cost"; that no such plan beats the optimizer is the test.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

import numpy as np

from optimizer.problem import Problem

BREACH, IDLE, TRACE = 4.0, 1.0, 1e-6
"""Dollars per dollar outside the band where every fund holds one segment, per dollar left idle, and per dollar traded."""

AT_ONCE = 4_000
"""Plans priced in one go, so that they stay in the processor's cache."""


def turns_long_term(acquired: date) -> date:
    """First day on which a sale is long-term."""
    start = acquired + timedelta(1)
    return date(start.year + 1, 3, 1) if (start.month, start.day) == (2, 29) else start.replace(year=start.year + 1)


@dataclass(frozen=True)
class Tiny:
    """A tiny problem as arrays: lots, securities, two accounts of which the first is taxable."""

    problem: Problem

    def __post_init__(self) -> None:
        p = self.problem
        symbols = [s.symbol for s in p.securities]
        names = [a.id for a in p.accounts]
        price = np.array([float(s.price) for s in p.securities])
        put = object.__setattr__
        put(self, "security", np.array([symbols.index(lot.symbol) for lot in p.lots]))
        put(self, "account", np.array([names.index(lot.account) for lot in p.lots]))
        put(self, "value", np.array([float(lot.shares) for lot in p.lots]) * price[self.security])
        put(self, "gain", self.value - np.array([float(lot.cost_basis or 0) for lot in p.lots]))
        put(self, "taxed", np.array([p.accounts[a].kind.is_taxable for a in self.account]))
        put(self, "short", np.array([p.as_of < turns_long_term(lot.acquired) for lot in p.lots]))
        put(self, "recent", np.array([p.as_of - timedelta(30) <= lot.acquired <= p.as_of for lot in p.lots]))
        put(self, "spread", np.array([float(s.half_spread) / 1e4 for s in p.securities]))
        put(self, "segment", np.array([[float(s.exposures.get(g.id, 0)) for s in p.securities] for g in p.segments]))
        put(self, "cash", np.array([float(a.cash) for a in p.accounts]))


def cost_of_plans(tiny: Tiny, sold: np.ndarray, bought: np.ndarray, moved: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Dollars for each of n plans, infinite where a plan breaks a rule.

    Parameters
    ----------
    sold : ndarray (n, lots), dollars. bought : ndarray (n, accounts, securities), dollars.
    moved : ndarray (n, accounts), contributions less withdrawals and cash gifts. given : ndarray (n, lots), dollars.
    """
    p = tiny.problem
    n_accounts, n_securities = len(p.accounts), len(p.securities)
    in_account = np.eye(n_accounts)[tiny.account]
    in_security = np.eye(n_securities)[tiny.security]
    spent = bought.sum(axis=2) + bought @ tiny.spread
    proceeds = (sold * (1 - tiny.spread[tiny.security])) @ in_account
    closing = tiny.cash + moved + proceeds - spent
    held = (tiny.value - sold - given) @ in_security + bought.sum(axis=1)
    whole = held.sum(axis=1) + closing.sum(axis=1)
    segments = held @ tiny.segment.T
    cost = np.zeros(len(sold))
    for g, segment in enumerate(p.segments):
        now = (tiny.value @ in_security) @ tiny.segment[g] / (tiny.value.sum() + tiny.cash.sum())
        inside = float(segment.trigger.lower) <= now <= float(segment.trigger.upper)
        band = segment.trigger if inside else segment.destination
        cost += BREACH * np.maximum(float(band.lower) * whole - segments[:, g], 0)
        cost += BREACH * np.maximum(segments[:, g] - float(band.upper) * whole, 0)
        cost += float(p.outlook.drift_cost) * np.abs(segments[:, g] - float(segment.target) * whole)
    cost += IDLE * closing.sum(axis=1) + (sold @ tiny.spread[tiny.security]) + bought.sum(axis=1) @ tiny.spread
    cost += TRACE * (sold.sum(axis=1) + bought.sum(axis=(1, 2)))
    gain = tiny.gain / tiny.value
    washed, lost = _washed(tiny, sold, given)
    counted = sold - washed
    cost += _tax(p, counted @ (gain * tiny.taxed * tiny.short), counted @ (gain * tiny.taxed * ~tiny.short))
    cost -= _later(p) * ((sold + given - washed + lost) @ (gain * tiny.taxed))
    deducted = np.where(tiny.short, np.minimum(1, 1 - gain), 1.0)
    cost -= float(p.taxpayer.rates.deduction_rate) * (given @ deducted + _cash_gift(tiny, given))
    cost[(closing < -1e-6).any(axis=1) | (sold + given > tiny.value + 1e-6).any(axis=1)] = np.inf
    cost[_washes(tiny, sold, bought, given)] = np.inf
    return cost


def _cash_gift(tiny: Tiny, given: np.ndarray) -> np.ndarray:
    promised = sum(float(d.amount) for d in tiny.problem.donations)
    return promised - given.sum(axis=1)


def _tax(p: Problem, short: np.ndarray, long: np.ndarray) -> np.ndarray:
    """Schedule D netting by its cases; a loss beyond the limit at its value carried."""
    rates, gains = p.taxpayer.rates, p.taxpayer.gains
    ordinary, preferred = float(rates.ordinary), float(rates.long_term)
    limit = 1500.0 if p.taxpayer.filing_status == "mfs" else 3000.0
    carried = float(p.outlook.carryforward_value or 0)
    s = short + float(gains.short + gains.expected_short - gains.short_carryover)
    l = long + float(gains.long + gains.expected_long - gains.long_carryover)  # noqa: E741
    net = s + l
    both = ordinary * s + preferred * l
    one = np.where(s > 0, ordinary, preferred) * net
    loss = -ordinary * np.minimum(-net, limit) - carried * np.maximum(-net - limit, 0)
    return np.where((s >= 0) & (l >= 0), both, np.where(net >= 0, one, loss))


def _later(p: Problem) -> float:
    """What a dollar of gain realised or given now saves later."""
    outlook = p.outlook
    rate = float(p.taxpayer.rates.long_term if outlook.future_long_term_rate is None else outlook.future_long_term_rate)
    wait = (1 + float(outlook.discount_rate)) ** -float(outlook.horizon_years)
    return rate * wait * (1 - float(outlook.untaxed_probability))


def _groups(tiny: Tiny) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each group of identical securities which securities belong to it, and which lots."""
    groups = [s.identical_group or s.symbol for s in tiny.problem.securities]
    members = [np.array([g == group for g in groups]) for group in sorted(set(groups))]
    return [(each, each[tiny.security]) for each in members]


def _washed(tiny: Tiny, sold: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Dollars of each older lot at a loss whose loss is washed, and those of them lost to a sheltered account, (n, lots).

    Share for share: losses in the order the shares were acquired, answered by shares of the last 30 days still held, in theirs.
    """
    price = np.array([float(s.price) for s in tiny.problem.securities])[tiny.security]
    day = [lot.acquired for lot in tiny.problem.lots]
    washed, lost = np.zeros_like(sold), np.zeros_like(sold)
    for _, mine in _groups(tiny):
        pieces = sorted(np.flatnonzero(mine & tiny.recent), key=lambda n: (day[n], not tiny.taxed[n], n))
        left = {n: (tiny.value[n] - sold[:, n] - given[:, n]) / price[n] for n in pieces}
        losses = np.flatnonzero(mine & tiny.taxed & (tiny.gain < 0) & ~tiny.recent)
        for loss in sorted(losses, key=lambda n: day[n]):
            open_shares = sold[:, loss] / price[loss]
            for piece in pieces:
                taken = np.minimum(open_shares, left[piece])
                open_shares, left[piece] = open_shares - taken, left[piece] - taken
                washed[:, loss] += taken * price[loss]
                lost[:, loss] += taken * price[loss] * (not tiny.taxed[piece])
    return washed, lost


def _washes(tiny: Tiny, sold: np.ndarray, bought: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Whether a plan sells a group at a loss and buys it, or sells recent shares at a loss where others stay to wash them."""
    breaks = np.zeros(len(sold), dtype=bool)
    price = np.array([float(s.price) for s in tiny.problem.securities])[tiny.security]
    for members, mine in _groups(tiny):
        losing = mine & tiny.taxed & (tiny.gain < 0)
        at_loss = (sold[:, losing] > 1e-9).any(axis=1)
        breaks |= at_loss & (bought[:, :, members] > 1e-9).any(axis=(1, 2))
        kept = ((tiny.value - sold - given) / price)[:, mine & tiny.recent].sum(axis=1)
        older = (sold / price)[:, losing & ~tiny.recent].sum(axis=1)
        breaks |= (sold[:, losing & tiny.recent] > 1e-9).any(axis=1) & (kept > older + 1e-6)
    return breaks


def best_on_grid(tiny: Tiny, fractions: tuple[float, ...] = (0.0, 0.5, 1.0)) -> float:
    """The least cost over a grid: every lot sold in part, every account's cash spent on one security or halved over two."""
    sold_all = np.array(list(product(fractions, repeat=len(tiny.value)))) * tiny.value
    mixes = _mixes(len(tiny.problem.securities))
    best, n_accounts = np.inf, len(tiny.cash)
    spends = np.stack([mix / (1 + tiny.spread @ mix) if mix.any() else mix for mix in mixes])
    choices = np.array(list(product(range(len(mixes)), repeat=n_accounts)))
    for moved, given in _flow_options(tiny):
        sold = np.minimum(sold_all, tiny.value - given)
        proceeds = (sold * (1 - tiny.spread[tiny.security])) @ np.eye(len(tiny.cash))[tiny.account]
        free = np.maximum(tiny.cash + moved + proceeds, 0)
        for part in np.array_split(choices, -(-len(choices) * len(sold) // AT_ONCE)):
            bought = (free[None, :, :, None] * spends[part][:, None]).reshape(-1, n_accounts, spends.shape[1])
            n = len(bought)
            costs = cost_of_plans(tiny, np.tile(sold, (len(part), 1)), bought, np.tile(moved, (n, 1)), np.tile(given, (n, 1)))
            best = min(best, float(costs.min()))
    return best


def _mixes(n: int) -> list[np.ndarray]:
    """Nothing, all in one security, or half in each of two."""
    unit = np.eye(n)
    return [np.zeros(n), *unit, *((unit[i] + unit[j]) / 2 for i, j in combinations(range(n), 2))]


def _flow_options(tiny: Tiny) -> list[tuple[np.ndarray, np.ndarray]]:
    """Ways to carry out the one flow a tiny household has: from or into either account, a gift in cash or from one lot."""
    p, nothing = tiny.problem, np.zeros(len(tiny.value))
    names = [a.id for a in p.accounts]
    options = []
    for order, sign in [*((c, 1.0) for c in p.contributions), *((w, -1.0) for w in p.withdrawals)]:
        places = order.into if sign > 0 else order.sources
        for place in places:
            moved = np.zeros(len(names))
            moved[names.index(place)] = sign * float(order.amount)
            options.append((moved, nothing))
    for order in p.donations:
        cash = np.zeros(len(names))
        cash[names.index(order.sources[0])] = -float(order.amount)
        options.append((cash, nothing))
        for lot in np.flatnonzero(tiny.taxed & (tiny.gain >= 0) & (tiny.value >= float(order.amount))):
            given = nothing.copy()
            given[lot] = float(order.amount)
            options.append((np.zeros(len(names)), given))
    return options or [(np.zeros(len(names)), nothing)]
