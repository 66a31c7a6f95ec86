"""Whether statements of one account contradict each other: the same security on the same day with two numbers of shares.

Both come from the broker, so one of them is no whole file or of another day. Kept side by side they could never both hold.
"""

from collections.abc import Iterable
from datetime import date

from lots.errors import InputError
from lots.events import StatedShares


def refuse_contradictions(kept: Iterable[StatedShares], new: Iterable[StatedShares]) -> None:
    """Hold new statements against those of the same day and each other.

    Raises
    ------
    InputError
        At the first two that differ, naming both numbers and both files.
    """
    said: dict[tuple[str, date], StatedShares] = {(each.symbol, each.date): each for each in kept}
    for each in new:
        other = said.setdefault((each.symbol, each.date), each)
        if other.shares != each.shares:
            raise InputError(
                f"{each.where}: {each.shares} shares of {each.symbol} in {each.account_id!r} on {each.date}, but the ledger has "
                f"{other.shares} of {other.where} for the same day. Download both on the same day, or give the day of this one "
                "with --as-of; if what the ledger has is wrong, take it back with an event void (`bandwise import events.json`) "
                f"that replaces {other.event_id!r}."
            )
