"""How figures and foreign words are written on a page."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
DOLLAR = Decimal(1)
TENTH = Decimal("0.1")


def dollars(amount: Decimal, step: Decimal = DOLLAR) -> str:
    """Write dollars, rounded to whole ones or to `step`: ``$1,234``, ``-$1,234``."""
    rounded = amount.quantize(step, ROUND_HALF_UP)
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,}"


def cents(amount: Decimal) -> str:
    """Write dollars and cents: ``$1,234.50``."""
    return dollars(amount, CENT)


def change(amount: Decimal, step: Decimal = DOLLAR) -> str:
    """Write dollars with the sign that says which way they went: ``+$1,234``, ``-$1,234``, ``$0``."""
    text = dollars(amount, step)
    return text if amount.quantize(step, ROUND_HALF_UP) <= 0 else f"+{text}"


def percent(fraction: Decimal, places: int = 1) -> str:
    """Write a fraction as per cent without the sign: 0.125 as ``12.5``."""
    return str((fraction * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def points(fraction: Decimal) -> str:
    """Write a distance between weights in percentage points, with as many places as it needs not to read 0."""
    size = abs(fraction * 100)
    places = next((places for places in (1, 2, 3) if size >= Decimal(5).scaleb(-places - 1)), 4)
    return str(size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def share_places(counts: Iterable[Decimal]) -> int:
    """Decimals that write every one of `counts` exactly."""
    exponents = [count.normalize().as_tuple().exponent for count in counts]
    return max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)


def shares(count: Decimal, places: int) -> str:
    """Write a number of shares with a fixed number of decimals, so that columns line up."""
    return f"{count:,.{max(places, 0)}f}"


def day(when: date) -> str:
    """Write a date as people say it: ``22 November 2026``."""
    return f"{when.day} {when:%B %Y}"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: ``1 lot``, ``12 lots``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does: ``A, B and C``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def ended(sentence: str) -> str:
    """The sentence with the full stop it may lack."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def plain(text: str) -> str:
    """Take out the characters with which a name in somebody's file could steer a terminal, or that no file of XML may hold."""
    return "".join(" " if unicodedata.category(sign) in _STEERING or _is_no_character(sign) else sign for sign in text)


_STEERING = frozenset({"Cc", "Cf", "Cs"})


def _is_no_character(sign: str) -> bool:
    """The last two places of every plane of Unicode stand for nothing, and XML refuses those of the first."""
    return ord(sign) & 0xFFFE == 0xFFFE
