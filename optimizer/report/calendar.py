"""Days to watch: lots that turn long-term, groups that must not be bought, purchases that would wash a loss."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.lot import Term
from lots.securities import Security
from lots.wash.calendar import group_of, recent_purchases
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.report.lot_standing import LotStanding, tax_lot


class Watch(StrEnum):
    """What ends or begins on a day."""

    LONG_TERM = "turns long-term"
    BUY_BAN = "do not buy"
    REINVESTMENT = "switch reinvestment off"
    REPLACEMENT = "do not sell at a loss"


@dataclass(frozen=True, slots=True)
class WatchedDay:
    """One entry of the calendar.

    Parameters
    ----------
    watch : what it is about.
    day : the first day on which a lot is long-term, or the last day of a window.
    symbols : the securities it is about.
    detail : the rest in words.
    shares, gain : of a lot that turns long-term: what the plan leaves of it, and its unrealised gain in dollars.
    """

    watch: Watch
    day: date
    symbols: tuple[str, ...]
    detail: str
    account: str | None = None
    shares: Decimal | None = None
    gain: Decimal | None = None


def watched_days(plan: Plan, problem: Problem | None, lots: list[LotStanding]) -> list[WatchedDay]:
    """The calendar in the order of its days; without the question only what the plan itself states."""
    found = [WatchedDay(Watch.BUY_BAN, ban.until, ban.symbols, ban.reason) for ban in plan.buy_bans]
    found += [
        WatchedDay(Watch.REINVESTMENT, row.until, (row.symbol,), row.reason, row.account)
        for row in plan.reinvestments
        if row.until is not None and row.shares is None
    ]
    found += [_turning(each) for each in lots if each.term is Term.SHORT and each.left > 0]
    if problem is not None:
        found += _replacements(problem, lots)
    return sorted(found, key=lambda each: (each.day, each.watch, each.symbols))


def _turning(each: LotStanding) -> WatchedDay:
    gain = None if each.gain is None else each.gain * each.left / each.lot.shares
    day = each.long_from or each.lot.acquired or date.max
    acquired = f"the lot of {each.lot.acquired}"
    return WatchedDay(Watch.LONG_TERM, day, (each.lot.symbol,), acquired, each.lot.account, each.left, gain)


def _replacements(problem: Problem, lots: list[LotStanding]) -> list[WatchedDay]:
    """Purchases of the last days that stay, as far as the household has a loss in their group left to take."""
    securities = {each.symbol: Security(each.symbol, identical_group=each.identical_group) for each in problem.securities}
    at_loss = {
        group_of(each.lot.symbol, securities)
        for each in lots
        if each.term is not None and each.gain is not None and each.gain < 0 and each.left > 0
    }
    kept = [lot for each in lots if each.left > 0 and (lot := tax_lot(each.lot)) is not None]
    found = []
    for group, purchases in recent_purchases(kept, problem.as_of, securities).items():
        if group in at_loss:
            last = purchases[-1]
            symbols = tuple(symbol for symbol in securities if group_of(symbol, securities) == group)
            detail = f"bought on {last.lot.acquired}, which would replace what is sold at a loss"
            found.append(WatchedDay(Watch.REPLACEMENT, last.replaces_until, symbols, detail))
    return found
