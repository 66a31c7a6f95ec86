"""Whether a sale that a broker's list reports is told by the transactions already.

A list of realised gains has a line for each lot, the transactions one for each order, so what is compared is the shares of
a security sold on a day. A line is passed over only for a sale it can be found in: counted twice it would be taxed twice,
passed over without one it would be gone.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lots.errors import InputError
from lots.events import ClosedLot, Sell
from lots.units import ZERO, Shares

NEAR = timedelta(days=7)
"""A sale of the same shares that is this close and on no list is the same sale under the day of its settlement."""
_Day = tuple[str, date]


def told(reported: Sequence[ClosedLot], sells: Sequence[Sell]) -> list[ClosedLot]:
    """The reported sales of one account that are in its transactions' sales.

    Raises
    ------
    InputError
        If the transactions tell fewer shares of that security and day than are reported, or the same sale on another
        day; both are named.
    """
    sold, listed = _by_day(sells), _by_day(reported)
    found: list[ClosedLot] = []
    for key, lots in listed.items():
        if key in sold:
            _refuse_fewer(lots, sold[key])
            found.extend(each for each in lots if isinstance(each, ClosedLot))
        else:
            _refuse_other_day(lots, [there for other, there in sold.items() if other not in listed])
    return found


def _by_day(events: Iterable[Sell | ClosedLot]) -> dict[_Day, list[Sell | ClosedLot]]:
    days: dict[_Day, list[Sell | ClosedLot]] = {}
    for event in events:
        days.setdefault((event.symbol, event.date), []).append(event)
    return days


def _refuse_fewer(reported: list[Sell | ClosedLot], sold: list[Sell | ClosedLot]) -> None:
    if _shares(reported) > _shares(sold):
        raise InputError(_both(reported, sold, "fewer than that"))


def _refuse_other_day(reported: list[Sell | ClosedLot], others: list[list[Sell | ClosedLot]]) -> None:
    first = reported[0]
    for sold in others:
        is_near = sold[0].symbol == first.symbol and abs(sold[0].date - first.date) <= NEAR
        if is_near and _shares(sold) == _shares(reported):
            raise InputError(_both(reported, sold, "the same shares on another day"))


def _both(reported: list[Sell | ClosedLot], sold: list[Sell | ClosedLot], what: str) -> str:
    first, other = reported[0], sold[0]
    return (
        f"{first.where}: the realised gains report {_shares(reported)} {first.symbol} sold in {first.account_id!r} on "
        f"{first.date}, and the transactions tell {what}: {_shares(sold)} sold on {other.date} ({other.where}). If it is one "
        "sale, import without this file of realised gains; if a sale is missing among the transactions, add them."
    )


def _shares(events: list[Sell | ClosedLot]) -> Shares:
    return sum((each.shares for each in events), ZERO)
