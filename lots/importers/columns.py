"""Columns by what they are called, never by where they stand.

One broker's positions file alone has had three generations of headers, with other names, another order and new columns.
A layout lists what a format needs and under which names; everything else in a header is let pass.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TAG = re.compile(r"<[^<>]*>")
_NOISE = re.compile(r"[^a-z0-9]+")


def plain(title: str) -> str:
    """A column title without case, currency signs, punctuation and markup; ``%`` and ``#`` are kept as words.

    Examples
    --------
    >>> plain("Gain/Loss ($)"), plain("Gain/Loss (%)"), plain(" Account # ")
    ('gain loss', 'gain loss pct', 'account number')
    """
    words = _TAG.sub("", title).lower().replace("%", " pct ").replace("#", " number ").replace("'", "").replace("’", "")
    return _NOISE.sub(" ", words).strip()


@dataclass(frozen=True, slots=True)
class Column:
    """One column a format reads.

    Parameters
    ----------
    name : what the importer calls it.
    aliases : its titles in the broker's files, the most exact first; compared after :func:`plain`.
    is_required : whether a row of titles without it is no header of this format.
    """

    name: str
    aliases: tuple[str, ...]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """A row of titles, matched: where each column stands, and the titles themselves."""

    places: Mapping[str, int]
    titles: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a format."""

    columns: tuple[Column, ...]

    @property
    def _required(self) -> int:
        return sum(column.is_required for column in self.columns)

    def match(self, cells: Sequence[str]) -> Header | None:
        """Match a row of titles, or return None when a required column is missing or stands there twice."""
        if sum(cell.lstrip()[:1].isalpha() for cell in cells) < self._required:
            return None  # titles begin with a letter; this spares most rows of numbers the closer look
        titles = [plain(cell) for cell in cells]
        places: dict[str, int] = {}
        for column in self.columns:
            found = self._place(column, titles)
            if found is not None:
                places[column.name] = found
            elif column.is_required:
                return None
        width = max((index + 1 for index, title in enumerate(titles) if title), default=0)
        return Header(places, tuple(cell.strip() for cell in cells), width)

    @staticmethod
    def _place(column: Column, titles: Sequence[str]) -> int | None:
        for alias in column.aliases:
            wanted = plain(alias)
            if titles.count(wanted) == 1:
                return titles.index(wanted)
            if titles.count(wanted) > 1:
                return None
        return None


def layout(**columns: str | tuple[str, ...]) -> Layout:
    """Write a layout as ``name="Title"`` or ``name=("Title", "other title")``; a name ending in ``_`` may be missing."""
    return Layout(
        tuple(
            Column(name.removesuffix("_"), (titles,) if isinstance(titles, str) else titles, not name.endswith("_"))
            for name, titles in columns.items()
        )
    )
