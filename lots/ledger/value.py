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
    """An open lot on one day; `market_value` and `unrealised_gain` in dollars, to the cent."""

    lot: TaxLot
    price: Price
    market_value: Money
    unrealised_gain: Money
    term: Term
    days_to_long_term: int


def value(lots: Iterable[TaxLot], prices: Mapping[str, Price], day: date) -> tuple[ValuedLot, ...]:
    """Return every lot with its value and age on `day`, in the order given.

    Parameters
    ----------
    lots : open lots.
    prices : dollars per share by symbol.
    day : the day of the prices.

    Raises
    ------
    InputError
        If prices are missing; the message names every symbol without one.
    """
    held = tuple(lots)
    missing = sorted({lot.symbol for lot in held} - prices.keys())
    if missing:
        raise InputError(f"No price on {day} for {', '.join(missing)}; add one for each symbol held.")
    return tuple(_valued(lot, prices[lot.symbol], day) for lot in held)


def _valued(lot: TaxLot, price: Price, day: date) -> ValuedLot:
    worth = cents(lot.shares * price)
    waiting = 0 if lot.is_inherited else days_to_long_term(lot.held_from, day)
    return ValuedLot(lot, price, worth, _unrealised(lot, worth), lot.term_on(day), waiting)


def _unrealised(lot: TaxLot, worth: Money) -> Money:
    """Gain or loss as if sold for `worth`: between the two bases of a gift there is neither (IRC 1015(a))."""
    if lot.loss_basis is None or worth >= lot.cost_basis:
        return worth - lot.cost_basis
    return min(ZERO, worth - lot.loss_basis)
