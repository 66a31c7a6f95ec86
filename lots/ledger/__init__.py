"""From events to open lots and disposals."""

from lots.ledger.book import Book, Income, WashMatch, fold

__all__ = ["Book", "Income", "WashMatch", "fold"]
