"""Which rows are shares held long, and which are something the ledger has no rule for.

Options, bonds, futures and short positions are named as what they are and left out; nothing is booked in their place.
"""

import re
from dataclasses import dataclass

from lots.units import Shares

_OPTION_SYMBOLS = (
    re.compile(r"-?[A-Z.]{1,6} *[0-9]{6}[CP][0-9.]+"),  # AAPL  260117C00250000, -AAPL260117C250
    re.compile(r"[A-Z.]{1,6} [0-9]{2}/[0-9]{2}/[0-9]{4} [0-9.]+ [CP]"),  # SPY 03/31/2027 284.00 P
    re.compile(r"[A-Z.]{1,6} [A-Za-z]{3} [0-9]{1,2} '?[0-9]{2,4} \$?[0-9.,]+ (Call|Put)", re.IGNORECASE),
    re.compile(r"[A-Z.]{1,6} [0-9]{1,2}[A-Za-z]{3}[0-9]{2} [0-9.]+ [CP]", re.IGNORECASE),
)
_OPTION_WORDS = re.compile(r"^(CALL|PUT)\b *\(|\b[0-9]{2,4} \$?[0-9.,]+ (CALL|PUT)\b|\$[0-9.,]+ (CALL|PUT)\b", re.IGNORECASE)
_CUSIP = re.compile(r"(?=[0-9A-Z]*[0-9])[0-9][0-9A-Z]{7}[0-9]")
_TICKER = re.compile(r"[A-Z0-9]{1,12}([./ -][A-Z0-9]{1,5})?")
_CLASS_OF_SHARES = re.compile(r"([A-Z]{1,5})[/ ]([A-Z])")


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a row is not shares held long, in the three parts of a message."""

    found: str
    expected: str
    step: str


def why_not_a_lot(symbol: str, description: str, shares: Shares) -> Unfit | None:
    """The reason a holding has no place among the lots, or None when it has one."""
    if is_option(symbol, description):
        return Unfit(f"the option {symbol!r}", "shares of a stock or fund", "Options are not kept; nothing was booked for it.")
    if _CUSIP.fullmatch(symbol):
        step = "Bonds and securities without a ticker are not kept; nothing was booked for it."
        return Unfit(f"the CUSIP {symbol!r} in place of a ticker", "a ticker", step)
    if not _TICKER.fullmatch(symbol):
        return Unfit(
            f"{symbol!r} as a symbol", "a ticker", "Enter the holding in lots.csv if it is one; nothing was booked for it."
        )
    if shares < 0:
        step = "Short positions are not kept; nothing was booked for it."
        return Unfit(f"{shares} {symbol}, a short position", "shares held long", step)
    if shares == 0:
        return Unfit(f"0 {symbol}", "more than zero shares", "Nothing to do if the position is closed.")
    return None


def is_option(symbol: str, description: str) -> bool:
    """Whether a symbol or a description is that of an option."""
    return any(shape.fullmatch(symbol.strip()) for shape in _OPTION_SYMBOLS) or bool(_OPTION_WORDS.search(description.strip()))


def dotted(symbol: str) -> str:
    """A ticker in capitals, with a class of shares written ``BRK.B`` where a broker writes ``BRK/B`` or ``BRK B``."""
    bare = symbol.strip().upper()
    share_class = _CLASS_OF_SHARES.fullmatch(bare)
    return f"{share_class[1]}.{share_class[2]}" if share_class else bare
