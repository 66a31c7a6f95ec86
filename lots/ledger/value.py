"""Values open lots at given prices: unrealised gain, and how long until each turns long-term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lots.dates import days_to_long_term
from lots.errors import InputError
from lots.lot import TaxLot, Term
from lots.units import ZERO, Money, Price, cents


@dataclass(frozen=True, slots=True)
class ValuedLot:
    """An open lot on one day; `market_value` and `unrealised_gain` in dollars, to the cent, None without prices."""

    lot: TaxLot
    price: Price | None
    market_value: Money | None
    unrealised_gain: Money | None
    term: Term
    days_to_long_term: int


def value(lots: Iterable[TaxLot], prices: Mapping[str, Price] | None, day: date) -> tuple[ValuedLot, ...]:
    """Return every lot with its value and age on `day`, in the order given.

    Parameters
    ----------
    lots : open lots.
    prices : dollars per share by symbol; None to ask for the age alone.
    day : the day of the prices.

    Raises
    ------
    InputError
        If prices are missing; the message names every symbol without one.
    """
    held = tuple(lots)
    if prices is None:
        return tuple(_valued(lot, None, day) for lot in held)
    missing = sorted({lot.symbol for lot in held} - prices.keys())
    if missing:
        raise InputError(f"No price on {day} for {', '.join(missing)}; add one for each symbol held.")
    return tuple(_valued(lot, prices[lot.symbol], day) for lot in held)


def _valued(lot: TaxLot, price: Price | None, day: date) -> ValuedLot:
    worth = None if price is None else cents(lot.shares * price)
    gain = None if worth is None else _unrealised(lot, worth)
    waiting = 0 if lot.is_inherited else days_to_long_term(lot.held_from, day)
    return ValuedLot(lot, price, worth, gain, lot.term_on(day), waiting)


def _unrealised(lot: TaxLot, worth: Money) -> Money:
    """Gain or loss as if sold for `worth`: between the two bases of a gift there is neither (IRC 1015(a))."""
    if lot.loss_basis is None or worth >= lot.cost_basis:
        return worth - lot.cost_basis
    return min(ZERO, worth - lot.loss_basis)
