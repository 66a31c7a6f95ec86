"""Dollars, shares, prices and rates as exact decimals, and the only doors between them and floats.

A binary float cannot hold a cent, so every constructor here refuses one. Numbers leave for the numerical model through
:func:`to_float` and come back through :func:`from_float`, which says to what step they are rounded.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TypeAlias

Money: TypeAlias = Decimal
"""US dollars."""
Shares: TypeAlias = Decimal
"""Shares of one security, never negative in a lot."""
Price: TypeAlias = Decimal
"""US dollars per share."""
Rate: TypeAlias = Decimal
"""A fraction: 0.15 is fifteen per cent."""

ZERO = Decimal(0)
CENT = Decimal("0.01")


def decimal(value: int | str | Decimal) -> Decimal:
    """Return `value` as a finite exact decimal.

    Raises
    ------
    TypeError
        If `value` is a float or a bool; pass its text instead.
    ValueError
        If the text is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError(f"expected int, str or Decimal, found {type(value).__name__} {value!r}")
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError(f"not a number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def cents(amount: Money) -> Money:
    """Round dollars to the cent, halves away from zero, as brokers and the forms do."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def round_down(amount: Decimal, step: Decimal) -> Decimal:
    """Round towards zero to a whole multiple of `step`."""
    return (amount / step).to_integral_value(rounding=ROUND_DOWN) * step


def apportion(total: Decimal, weights: Sequence[Decimal], step: Decimal = CENT) -> list[Decimal]:
    """Share out `total` in proportion to `weights`, each part a multiple of `step`, nothing lost and nothing made.

    The running sum is rounded rather than each part, so the parts always add up to `total` exactly; the last part with
    a weight takes what `total` itself has beyond the step.

    Examples
    --------
    >>> apportion(Decimal("10"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('3.33'), Decimal('3.34'), Decimal('3.33')]
    """
    if len(weights) == 1:
        return [total]
    whole = sum(weights, ZERO)
    parts: list[Decimal] = []
    seen = given = ZERO
    for weight in weights:
        seen += weight
        upto = total if seen == whole else (total * seen / whole / step).to_integral_value(ROUND_HALF_UP) * step
        parts.append(upto - given)
        given = upto
    return parts


def to_float(amount: Decimal) -> float:
    """Leave the exact world: the nearest float."""
    return float(amount)


def from_float(value: float, step: Decimal) -> Decimal:
    """Enter the exact world: the multiple of `step` nearest to `value`."""
    return (Decimal(repr(float(value))) / step).to_integral_value(rounding=ROUND_HALF_UP) * step + ZERO
