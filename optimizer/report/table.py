"""A table before it is anything to look at: columns with units, rows, sums. The page and the workbook both write it.

A column may carry a formula in the keys of its neighbours, such as ``{shares}*{price}``. The page shows the value; the
workbook writes the formula beside it, so that a reader can check the sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lots.units import ZERO
from optimizer.report.figures import cents, change, dollars, percent, plain

Cell = str | Decimal | date | None
Row = tuple[Cell, ...]

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Spreadsheets take the wide signs for the others."""
_BREAKS = ("\t", "\r", "\n")


class Kind(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    DATE = "date"
    DOLLARS = "dollars"
    CENTS = "cents"
    CHANGE = "change"
    """Dollars and cents with their sign."""
    PRICE = "price"
    SHARES = "shares"
    PERCENT = "percent"
    """A fraction, shown as per cent."""
    FINE_PERCENT = "fine-percent"
    """The same to a thousandth of a per cent, for names of a benchmark."""
    COUNT = "count"

    @property
    def is_number(self) -> bool:
        """Whether the column holds figures, which stand to the right."""
        return self not in (Kind.TEXT, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    key : the word by which formulas name the column.
    heading : what stands above it.
    kind : what it holds.
    formula : how it follows from the other columns of its row, their keys in braces; empty when it is given.
    is_summed : whether the last row states its sum.
    """

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    formula: str = ""
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table with a name, a caption, and a row of sums where a column asks for one.

    Parameters
    ----------
    name : one word, unique on the page, from which anchors and sheets are named.
    caption : what the table shows, in a sentence.
    columns, rows : as many cells in every row as there are columns.
    strong : positions of the rows that stand out, such as totals that are given and not added up here.
    indent : for every row how deep its first cell stands below the whole it is part of; empty for a flat table.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    strong: frozenset[int] = frozenset()
    indent: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def sums(self) -> Row | None:
        """The last row: the word Total and the sums; None when no column is summed or one row needs no sum."""
        if len(self.rows) < 2 or not any(column.is_summed for column in self.columns):
            return None
        cells = [_sum(self.rows, place) if column.is_summed else None for place, column in enumerate(self.columns)]
        return ("Total", *cells[1:])

    def depth(self, row: int) -> int:
        """How deep a row stands below the whole it is part of."""
        return self.indent[row] if self.indent else 0


def table(name: str, caption: str, columns: Sequence[Column], rows: Iterable[Row]) -> DataTable:
    """A flat table of rows that may still have to be worked out."""
    return DataTable(name, caption, tuple(columns), tuple(rows))


def without(whole: DataTable, key: str) -> DataTable:
    """The table less one of its columns; the same where it has none of that key."""
    places = [place for place, column in enumerate(whole.columns) if column.key != key]
    rows = tuple(tuple(row[place] for place in places) for row in whole.rows)
    return replace(whole, columns=tuple(whole.columns[place] for place in places), rows=rows)


def written(cell: Cell, kind: Kind) -> str:
    """A cell as a page shows it; text from a file loses the control characters that it may hold."""
    match cell:
        case None:
            return ""
        case Decimal():
            return _figure(cell, kind)
        case date():
            return cell.isoformat()
        case _:
            return plain(cell)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula and no terminal for a command.

    A text that begins like a formula, blanks left aside, gets an apostrophe before it; control characters become blanks.
    """
    clean = plain(text)
    return f"'{clean}" if text.startswith(_BREAKS) or clean.lstrip().startswith(_FORMULA_STARTS) else clean


def _figure(amount: Decimal, kind: Kind) -> str:
    match kind:
        case Kind.DOLLARS:
            return dollars(amount)
        case Kind.CHANGE:
            return change(amount, Decimal("0.01"))
        case Kind.CENTS:
            return cents(amount)
        case Kind.PRICE:
            return f"${amount:,.2f}" if amount == amount.quantize(Decimal("0.01")) else f"${amount.normalize():,f}"
        case Kind.PERCENT:
            return f"{percent(amount)} %"
        case Kind.FINE_PERCENT:
            return f"{amount * 100:.3f} %"
        case Kind.COUNT:
            return f"{amount:,.0f}"
        case _:
            return _shares(amount)


def _shares(amount: Decimal) -> str:
    """Whole shares without decimals, others with three or as many more as they have, so that they line up under each other."""
    if amount == amount.to_integral_value():
        return f"{amount:,.0f}"
    return f"{amount:,.3f}" if amount == round(amount, 3) else f"{amount.normalize():,f}"


def _sum(rows: tuple[Row, ...], place: int) -> Decimal:
    return sum((cell for row in rows if isinstance(cell := row[place], Decimal)), ZERO)
