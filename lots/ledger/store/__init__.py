"""The history of a household in a database: an SQLite file in its folder, or PostgreSQL by URL.

The store only grows. A wrong event is corrected by a new one that names it, a file imported twice changes nothing, and
a process killed at any instant leaves either all of a write or none of it. Open lots are never stored: they are folded
from the events each time, so that a late purchase or a correction re-derives everything.

This room is imported by those who need it and by nobody else, because loading a database library takes a while.
"""

from lots.ledger.store.kept_ledger import History, LedgerStore, Receipt, open_lots_on, open_store
from lots.ledger.store.place import FILE_NAME
from lots.ledger.store.rows import Write

__all__ = ["FILE_NAME", "History", "LedgerStore", "Receipt", "Write", "open_lots_on", "open_store"]
