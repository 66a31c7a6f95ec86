"""A book of households, planned one by one and kept: a run that is stopped at any instant goes on where it was.

A book is a folder of households (each a folder with its `household.toml`, or a problem document ending in `.json`), or the
problems kept in the store itself. Every answer is one row of the store, keyed by the household and by what decided the
answer: the problem, the version of the program, the law on file and the options. What is there already is not done again.
"""

from optimizer.batch.book import Book, Entry, open_book
from optimizer.batch.run import Engine, Options, RunReport, plan_book
from optimizer.batch.store import BookStore, open_book_store

__all__ = ["Book", "BookStore", "Engine", "Entry", "Options", "RunReport", "open_book", "open_book_store", "plan_book"]
