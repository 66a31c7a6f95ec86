"""The book as a plain document: what a replay answers."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lots.ledger.book import Book, fold
from lots.ledger.document import History
from lots.wash import check


def replay(history: History) -> dict[str, Any]:
    """Fold a history and return open lots, disposals and the state of every loss as plain JSON values."""
    return answer(history)[1]


def answer(history: History) -> tuple[Book, dict[str, Any]]:
    """Fold a history and return the book, and the same as plain JSON values with the state of every loss."""
    book = fold(history.events, history.accounts, history.securities, history.rules)
    return book, {"as_of": plain(history.as_of), **book_as_plain(book), "wash_states": wash_states(history, book)}


def book_as_plain(book: Book) -> dict[str, Any]:
    """A book as plain JSON values; each disposal states its gain, each lot where its holding period counts from."""
    return {
        "open_lots": [{**plain(lot), "holding_start": plain(lot.held_from)} for lot in book.open_lots.values()],
        "disposals": [{**plain(each), "gain": plain(each.gain)} for each in book.disposals],
        "donations": plain(book.donations),
        "incomes": plain(book.incomes),
        "cash": plain(book.cash),
        "wash_matches": plain(book.wash_matches),
        "assertions": [{**plain(each), "holds": each.holds} for each in book.assertions],
    }


def wash_states(history: History, book: Book) -> list[dict[str, Any]]:
    """Where each taxable loss stands on the day the history speaks of."""
    findings = check(book.disposals, history.accounts, history.loaded_until, history.as_of)
    return [
        {
            "event_id": each.disposal.event_id,
            "lot_id": each.disposal.lot_id,
            "state": str(each),
            "allowed_loss": plain(each.allowed_loss),
            "disallowed_loss": plain(each.disposal.disallowed_loss),
            "lost_loss": plain(each.disposal.lost_loss),
            "at_risk_until": plain(each.at_risk_until),
            "unloaded_accounts": list(each.unloaded_accounts),
        }
        for each in findings
    ]


def plain(value: object) -> Any:
    """Turn a value of the ledger into plain JSON: decimals as text, dates as ISO text, dataclasses as objects."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    return value
