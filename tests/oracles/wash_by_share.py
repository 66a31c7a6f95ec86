"""A slow second opinion on wash sales: every share is an object, and every loss looks at every purchase there ever is.

It follows the regulation's words and nothing else: losses in the order of the sales, those of a day in the order the
shares were acquired; replacements in the order they were acquired, wherever in the household, those
of one day in taxable accounts first. Unlike the ledger it knows
the whole future, so it needs no queues. Histories are in whole shares and whole dollars, so nothing is rounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from lots.accounts import Account
from lots.events import Buy, Event, Sell
from lots.securities import Security


@dataclass(eq=False)
class OneShare:
    lot_id: str
    account_id: str
    group: str
    bought: date
    start: date
    basis: int
    place: tuple[date, bool, str]
    part: int = 0
    sold: date | None = None
    has_replaced: bool = False


@dataclass
class OneLoss:
    event_id: str
    share: OneShare
    proceeds: int
    is_disallowed: bool = False
    is_lost: bool = False


@dataclass
class Opinion:
    """Every share, and every sold share of a taxable account with what became of its gain."""

    shares: list[OneShare] = field(default_factory=list)
    sales: list[OneLoss] = field(default_factory=list)


def opinion(events: Iterable[Event], accounts: Iterable[Account], securities: Iterable[Security]) -> Opinion:
    history = sorted(events, key=lambda each: (each.date, isinstance(each, Sell), each.event_id))
    taxable = {each.account_id: each.kind.is_taxable for each in accounts}
    groups = {each.symbol: each.group for each in securities}
    result = Opinion()
    for event in history:
        if isinstance(event, Buy):
            result.shares += _bought(event, groups, taxable)
    for day, todays in groupby((each for each in history if isinstance(each, Sell)), key=lambda each: each.date):
        losses = [sale for event in todays for sale in _sold(event, result, taxable)]
        losses.sort(key=lambda each: each.share.bought)
        _wash_in_runs(losses, day, result, taxable)
    return result


def _bought(event: Buy, groups: dict[str, str], taxable: dict[str, bool]) -> list[OneShare]:
    each = int(event.cost / event.shares)
    group, place = groups[event.symbol], (event.date, not taxable[event.account_id], event.event_id)
    return [
        OneShare(event.lot_id, event.account_id, group, event.date, event.date, each, place) for _ in range(int(event.shares))
    ]


def _sold(event: Sell, result: Opinion, taxable: dict[str, bool]) -> list[OneLoss]:
    losses = []
    for pick in event.picks:
        held = [each for each in result.shares if each.lot_id == pick.lot_id and each.sold is None]
        held.sort(key=lambda each: each.part)
        for share in held[: int(pick.shares)]:
            share.sold = event.date
            if taxable[event.account_id]:
                sale = OneLoss(event.event_id, share, int(event.proceeds / event.shares))
                result.sales.append(sale)
                if sale.proceeds < share.basis:
                    losses.append(sale)
    return losses


def _wash_in_runs(losses: list[OneLoss], day: date, result: Opinion, taxable: dict[str, bool]) -> None:
    """Match losses one share at a time; shares of one sale out of one part of a lot are one run."""

    def run(each: OneLoss) -> tuple[str, str, int]:
        return (each.event_id, each.share.lot_id, each.share.part)

    for _, together in groupby(losses, key=run):
        waiting = list(together)
        for lot_shares in _candidates(waiting[0].share, day, result):
            count = min(len(waiting), len(lot_shares))
            if count < len(lot_shares):
                number = max(each.part for each in result.shares if each.lot_id == lot_shares[0].lot_id) + 1
                for share in lot_shares[:count]:
                    share.part = number
            for share, loss in zip(lot_shares[:count], waiting[:count], strict=True):
                _replace(loss, share, day, taxable)
            waiting = waiting[count:]
            if not waiting:
                break


def _candidates(sold: OneShare, day: date, result: Opinion) -> list[list[OneShare]]:
    """Unused shares of the group bought in the 61 days, earlier ones only if still held, lot by lot."""
    window = timedelta(days=30)
    fit = [
        each
        for each in result.shares
        if each.group == sold.group
        and each.lot_id != sold.lot_id
        and abs(each.bought - day) <= window
        and not each.has_replaced
        and (each.bought > day or each.sold is None)
    ]
    fit.sort(key=lambda each: each.place)
    return [list(shares) for _, shares in groupby(fit, key=lambda each: each.lot_id)]


def _replace(loss: OneLoss, share: OneShare, day: date, taxable: dict[str, bool]) -> None:
    share.has_replaced = loss.is_disallowed = True
    if not taxable[share.account_id]:
        loss.is_lost = True
        return
    share.basis += loss.share.basis - loss.proceeds
    tacked = share.start - (day - loss.share.start)
    share.start = min(share.start, max(tacked, loss.share.start))
