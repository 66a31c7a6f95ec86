"""What a wash sale does to the loss and to the shares that replace the ones sold.

The loss of the matched shares is not allowed (IRC 1091(a)). The replacement's basis is its own cost plus that loss,
which is the same as the sold shares' basis corrected by the difference in price (IRC 1091(d); Reg. 1.1091-2), and its
holding period takes in the time the sold shares were held (IRC 1223(3)).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.units import ZERO, Money, Shares, cents


class Tacking(StrEnum):
    """How the holding period of the sold shares is added to the replacement's; sources differ.

    NO_DAY_TWICE : the later of `DAYS_HELD` and the sold shares' own start, never after the replacement was bought.
    DAYS_HELD : the replacement's date less the days the sold shares were held, the letter of IRC 1223(3). For shares
        bought before the sale it counts the days both were held twice.
    SOLD_START : simply the start of the sold shares.
    """

    NO_DAY_TWICE = "no_day_twice"
    DAYS_HELD = "days_held"
    SOLD_START = "sold_start"


def tacked_start(replacement_start: date, sold_start: date, sold_on: date, tacking: Tacking = Tacking.NO_DAY_TWICE) -> date:
    """Return the date the replacement's holding period counts from.

    Parameters
    ----------
    replacement_start, sold_start : where the two holding periods count from.
    sold_on : trade date of the sale at a loss.

    Examples
    --------
    Held 100 days, replaced ten days after the sale: the new shares count as already held for 100 days.

    >>> tacked_start(date(2026, 5, 1), date(2026, 1, 11), date(2026, 4, 21))
    datetime.date(2026, 1, 21)
    """
    literal = replacement_start - (sold_on - sold_start)
    if tacking is Tacking.DAYS_HELD:
        return literal
    if tacking is Tacking.SOLD_START:
        return min(sold_start, replacement_start)
    return min(max(literal, sold_start), replacement_start)


def disallowed(loss_left: Money, shares_left: Shares, matched: Shares) -> Money:
    """Return the loss that belongs to `matched` of the `shares_left`, to the cent and never more than is left."""
    return loss_left if matched == shares_left else cents(loss_left * matched / shares_left)


_SHARE_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(9))
"""Whole shares down to the smallest fraction a broker states."""


def withheld_shares(shares: Shares, loss: Money, withheld: Money) -> Shares:
    """Return how many of the `shares` sold a withheld part of their `loss` belongs to.

    Brokers state the dollars, to the cent, and not the shares. Of the counts that come to those dollars the roundest is
    taken, because 33.33 dollars of a loss of 100 on three shares are one share and not 0.9999.

    Examples
    --------
    >>> withheld_shares(Decimal(3), Decimal(100), Decimal("33.33"))
    Decimal('1')
    """
    if withheld <= ZERO or loss <= ZERO:
        return ZERO
    if withheld >= loss:
        return shares
    exact = shares * withheld / loss
    for step in _SHARE_STEPS:
        rounded = min(exact.quantize(step), shares)
        if cents(loss * rounded / shares) == withheld:
            return rounded
    return min(exact, shares)
