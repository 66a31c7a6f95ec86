"""Words of faults, and the tolerance with which weights are added."""

from decimal import Decimal

Path = tuple[str | int, ...]
TOLERANCE = Decimal("0.000001")
"""How far weights may be from their sum, as a fraction: a ten-thousandth of a per cent."""
LARGEST, SMALLEST = Decimal("1e15"), Decimal("1e-15")
"""Numbers outside of this range are slips of the keyboard, and too far apart to add without losing cents."""


def shown(number: Decimal) -> str:
    """A number as short text, in digits where digits are short."""
    return f"{number.normalize():f}" if SMALLEST <= abs(number) < LARGEST or number == 0 else str(number)[:30]


def per_cent(fraction: Decimal) -> str:
    """A fraction in per cent."""
    return f"{shown(round(fraction * 100, 6))} %"
