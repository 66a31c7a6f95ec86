"""What a format is to the registry, and what a file is to a format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from lots.importers.draft import Draft
from lots.importers.statement import Kind
from lots.importers.textfile import Progress, Row, rows_of

_ROWS_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class File:
    """A decoded file: its name, its text, and who wants to know how far it is read."""

    name: str
    text: str
    progress: Progress | None = None

    def rows(self) -> Iterator[Row]:
        """The rows of comma-separated text."""
        return rows_of(self.text, self.name, self.progress)

    def head(self) -> list[Row]:
        """The first rows, enough to see the titles."""
        return list(islice(rows_of(self.text, self.name), _ROWS_LOOKED_AT))


@dataclass(frozen=True, slots=True)
class Format:
    """One shape of file.

    Parameters
    ----------
    name : such as ``schwab-lots``.
    title : what a person calls it.
    kind : what it mainly holds.
    guide : which page tells how to export it, such as ``schwab``.
    recognises : whether a file is of this shape, from its text and first rows.
    read : puts what the file says into a draft.
    """

    name: str
    title: str
    kind: Kind
    guide: str
    recognises: Callable[[File, list[Row]], bool]
    read: Callable[[File, Draft], None]
