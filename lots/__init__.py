"""Facts and law of a household's tax lots, in exact decimals.

This package knows what happened to every share and what the tax law makes of it. It holds no forecast, no preference
and no floating-point number; those belong to :mod:`optimizer`, which imports this package and is never imported back.

``from lots import Ledger`` opens a kept ledger: ``Ledger.open("my-household").history().book().open_lots``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lots.ledger.store import LedgerStore as Ledger

__all__ = ["Ledger"]


def __getattr__(name: str) -> Any:
    if name == "Ledger":  # the database library takes a while to load
        return import_module("lots.ledger.store").LedgerStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
