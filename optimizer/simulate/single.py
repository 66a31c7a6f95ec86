"""The single account, all paths at once: true lots, terms, wash-sale windows, carryovers and April's tax.

It stands in for the product's engine where one account is simulated a thousand times. A policy says what each segment should be
worth; the lots sold for it are those of least cost; nothing is bought within the wash-sale window of a loss and nothing bought
within it is kept beside one, so no loss is washed; where the product would let one wash on purpose because that is cheaper, the
fast path sells something else. Tests hold its trades against :func:`optimizer.rebalance.rebalance`, that corner included, and its
lots against :mod:`lots.ledger`.

What it leaves out: brackets (rates are flat), interest on cash, and funds that distribute gains. Flows that fall on a day of
rebalancing take part in it.
"""

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Lever
from optimizer.simulate.account import SimulatedAccount
from optimizer.simulate.account_levers import give, harvest
from optimizer.simulate.outcome import Outcome
from optimizer.simulate.paths import Paths
from optimizer.simulate.policies import Policy, calls_of, settle
from optimizer.simulate.recorder import Recorder
from optimizer.simulate.setup import Setup

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

QUARTERS = (3, 6, 9, 12)
DECEMBER = 12
CENT = 0.01


def run_single(
    paths: Paths, policy: Policy, setup: Setup, horizons: tuple[int, ...] = (), recorder: Recorder | None = None
) -> Outcome:
    """Run one policy along every path.

    Parameters
    ----------
    paths : returns of the segments, with the market fund last where there is one.
    horizons : steps after which the account is also valued as if it ended there; the last step always is.
    recorder : takes down every event of one path, to replay it through the ledger.
    """
    seen = paths.market() if policy.is_market else paths.segments()
    run = _Run(seen, policy, setup, recorder)
    run.open()
    for step in range(1, seen.n_steps + 1):
        run.step(step)
        if step in horizons or step == seen.n_steps:
            run.outcome.ends[step] = run.account.ending()
    return run.outcome


class _Run:
    """A policy at work in an account."""

    def __init__(self, paths: Paths, policy: Policy, setup: Setup, recorder: Recorder | None) -> None:
        self.paths, self.policy, self.setup = paths, policy, setup
        self.account = SimulatedAccount(paths.n_paths, paths.n_segments, paths.clock, setup, recorder)
        self.targets = policy.targets.weights(paths)
        self.outcome = Outcome.empty(paths.n_paths, paths.n_steps, paths.n_segments)
        swings = policy.band is not None and policy.band.kind == "volatility"
        self.volatility = paths.total().std(axis=(0, 1)) if swings else None
        every = paths.clock.days
        self.is_quarter = [day.month in QUARTERS and _ends_month(paths, t) for t, day in enumerate(every)]
        self.is_giving = [bool(each) for each in paths.clock.ends_year]

    def steers(self, lever: Lever) -> bool:
        """Whether a flow goes where it helps the bands; who never looks steers nothing."""
        return self.policy.look_every > 0 and lever in self.setup.levers

    def target(self, step: int) -> Floats:
        """Target weights of a step on every path."""
        return np.broadcast_to(self.targets[:, step], self.account.price.shape)

    def open(self) -> None:
        """Invest the start at target weights."""
        account = self.account
        account.receive(np.full(len(account.cash), self.setup.start_value))
        account.want(self.target(0) * self.setup.start_value)
        account.buy_what_is_wanted()
        if account.spread.any():
            account.receive(account.spread.copy())  # everybody starts invested; only later trades are compared
        self.outcome.value[:, 0] = account.total()
        self.outcome.weights[0] = self.target(0)[0]

    def step(self, t: int) -> None:
        """Pay dividends, move prices, let money come and go, trade, and close the tax year."""
        account, paths = self.account, self.paths
        dividends = account.pay_dividends(paths.ordinary[:, t - 1], paths.qualified[:, t - 1])
        account.begin(t, paths.price[:, t - 1])
        before = account.total()
        tax = self._outside_money(t, before)
        self._trade(t, dividends)
        if self.setup.harvests:
            harvest(account)
        account.buy_what_is_wanted()
        if paths.clock.ends_year[t]:
            self.outcome.year_tax.append((t, account.years.close()))
        self._note(t, before, tax)

    def _outside_money(self, t: int, before: Floats) -> Floats:
        """Let money in and out; return the tax paid, dollars."""
        account, setup = self.account, self.setup
        flow = np.zeros_like(before)
        if self.is_quarter[t]:
            flow += (setup.contribution - setup.withdrawal) / len(QUARTERS)
        given = np.zeros_like(before)
        if setup.donation and self.is_giving[t]:
            if setup.rates is not None and Lever.DONATIONS in setup.levers:
                given = give(account, min(setup.donation, float(before.max())), self.target(t))
            in_cash = np.minimum(np.maximum(0.0, setup.donation - given), np.maximum(0.0, before - given))
            account.years.deduction += in_cash
            flow -= in_cash
        tax = np.zeros_like(before)
        if paths_due := bool(self.paths.clock.pays_tax[t]):
            tax = account.years.due
            account.years.due = np.zeros_like(tax)
        if paths_due and setup.pays_from_portfolio:
            flow -= tax
        account.receive(np.maximum(flow, -(before - given)))
        return tax

    def _trade(self, t: int, dividends: Floats) -> None:
        """Bring the segments to the weights of the policy, or place the day's money where nothing calls for trades."""
        account, policy = self.account, self.policy
        target, values = self.target(t), account.values()
        total = values.sum(axis=1) + account.cash
        act = np.zeros(len(total), dtype=bool)
        wanted = self._placed(t, values, target, dividends)
        if policy.looks(t):
            weights = values / np.where(total > 0, total, 1.0)[:, None]
            calls = calls_of(policy, weights, target, self.volatility)
            act = calls.out.any(axis=1) & (total > 0)
            rows = np.flatnonzero(act)
            goal = calls.aim[rows] * total[rows, None]
            wanted[rows] = settle(values[rows], calls.fixed[rows], goal, total[rows], target[rows])
        change = wanted - values
        change[np.abs(change) < CENT] = 0.0
        self._sell(change, act)
        account.want(np.maximum(0.0, change))
        self.outcome.acted[:, t - 1] = act & (np.abs(change).sum(axis=1) > CENT)

    def _sell(self, change: Floats, act: Mask) -> None:
        """Sell what has to shrink; a blind withdrawal takes the oldest lots first."""
        account = self.account
        selling = (change < 0).any(axis=1)
        blind = selling & ~act & (not self.steers(Lever.WITHDRAWALS))
        for chosen, oldest in ((selling & ~blind, False), (blind, True)):
            rows = np.flatnonzero(chosen)
            if len(rows):
                account.sell(rows, np.maximum(0.0, -change[rows]), oldest_first=oldest)

    def _placed(self, t: int, values: Floats, target: Floats, dividends: Floats) -> Floats:
        """Dollars of every segment when only money is placed: blindly, or steered towards the targets."""
        account, setup = self.account, self.setup
        wanted, cash = values.copy(), account.cash.copy()
        if not self.steers(Lever.INCOME):
            wanted += dividends
            cash -= dividends.sum(axis=1)
        if setup.contribution and self.is_quarter[t] and not self.steers(Lever.CONTRIBUTIONS):
            new = np.clip(cash, 0.0, setup.contribution / len(QUARTERS))
            wanted += target * new[:, None]
            cash -= new
        nothing = np.zeros_like(values, dtype=bool)
        short = np.flatnonzero(cash < -CENT)
        if len(short):
            invested = wanted[short].sum(axis=1)
            left = np.maximum(0.0, invested + cash[short])
            if self.steers(Lever.WITHDRAWALS):
                wanted[short] = settle(wanted[short], nothing[short], values[short], left, target[short])
            else:
                wanted[short] *= (left / np.where(invested > 0, invested, 1.0))[:, None]
        spare = np.flatnonzero(cash > setup.idle_cash * (values.sum(axis=1) + account.cash) + CENT)
        if len(spare):
            steered = np.array(self.policy.look_every > 0)
            whole = wanted[spare].sum(axis=1) + cash[spare]
            by_target = wanted[spare] + target[spare] * cash[spare, None]
            filled = settle(wanted[spare], nothing[spare], values[spare], whole, target[spare])
            wanted[spare] = np.where(steered, filled, by_target)
        return wanted

    def _note(self, t: int, before: Floats, tax: Floats) -> None:
        """Write the step down."""
        account, out = self.account, self.outcome
        start = np.where(out.value[:, t - 1] > 0, out.value[:, t - 1], 1.0)
        after = account.total()
        out.value[:, t] = after
        out.gross[:, t - 1] = (before - account.spread) / start
        out.net[:, t - 1] = np.maximum(0.0, before - account.spread - tax) / start
        out.flow[:, t - 1] = after - (before - account.spread)
        out.tax_paid[:, t - 1] = tax
        out.sold[:, t - 1], out.spread[:, t - 1] = account.sold, account.spread
        out.weights[t] = account.values()[0] / after[0] if after[0] > 0 else 0.0


def _ends_month(paths: Paths, t: int) -> bool:
    """Whether a step is the last of its month."""
    days = paths.clock.days
    return t + 1 >= len(days) or days[t + 1].month != days[t].month
