"""From events to open lots and disposals."""

from lots.ledger.book import Assertion, Book, Income, WashMatch, fold

__all__ = ["Assertion", "Book", "Income", "WashMatch", "fold"]
