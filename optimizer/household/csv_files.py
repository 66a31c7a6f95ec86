"""lots.csv and prices.csv: rows by column name, with the line each row starts on."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from optimizer.household.files import read_text, refuse
from optimizer.household.findings import Findings
from optimizer.household.values import day, plain_number

T = TypeVar("T")
MOST_ROWS, LONGEST_NAME = 100_000, 80


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a file must have and those it may have."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    rest: str = ""
    """What every other column is; none is allowed when empty."""


LOTS = Columns(
    ("account", "symbol", "acquired", "quantity", "cost_basis"),
    ("holding_period_start", "note", "lot", "loss_basis", "inherited"),
)
PRICES = Columns(("symbol", "price"), ("date",))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, stripped; `ragged` when it has more or fewer cells than the header."""

    line: int
    cells: dict[str, str]
    ragged: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path, columns: Columns) -> Sheet:
    """Read a file whose first row names its columns, in any order.

    Raises
    ------
    InputFaults
        If the file cannot be read as text, its quotes never close, or its header lacks a column.
    """
    records = _records(path, read_text(path))
    header = tuple(cell.strip().lower() for cell in records[0][1])
    _check_header(path, header, columns, records[0][0])
    rows = []
    for line, record in records[1:]:
        cells = [cell.strip() for cell in record]
        ragged = len(cells) if len(cells) != len(header) else None
        rows.append(Row(line, dict(zip(header, cells, strict=False)), ragged))
    return Sheet(path.name, header, tuple(rows))


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The records that hold anything, each with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((start, record))
            start = reader.line_num + 1
            if len(records) > MOST_ROWS:
                raise refuse(path, f"more than {MOST_ROWS:,} rows", "the rows of one household", line=start - 1)
    except csv.Error as error:
        step = "Quotes open and close a whole cell; the file could not be read past this line."
        raise refuse(path, f"a row that cannot be split into cells ({error})", "comma-separated cells", step, start) from None
    if not records:
        raise refuse(path, "rows without any content", "a header and rows", line=1)
    return records


def _check_header(path: Path, header: tuple[str, ...], columns: Columns, line: int) -> None:
    known = (*columns.needed, *columns.optional)
    missing = [name for name in columns.needed if name not in header]
    unknown = [name for name in header if name not in known and not (columns.rest and name)]
    twice = [name for name in dict.fromkeys((*known, *header)) if header.count(name) > 1]
    if missing or unknown or twice:
        found = "a header "
        found += " and ".join(
            [f"without {name}" for name in missing]
            + [f"with the unknown column {name[:40]!r}" for name in unknown]
            + [f"with {name} twice" for name in twice]
        )
        listed = ",".join(known) + (f" and a column for {columns.rest}" if columns.rest else "")
        raise refuse(path, found, listed, "The columns may stand in any order.", line)


@dataclass(frozen=True, slots=True)
class Cells:
    """Typed access to the cells of one row; what cannot be read is reported at the row's line."""

    sheet: Sheet
    position: int
    findings: Findings

    def text(self, column: str, needed: str = "") -> str:
        """The cell's text; an empty one is a fault when `needed` says what belongs there."""
        text = self.sheet.rows[self.position].cells.get(column, "")
        if needed and not text:
            self.fault(column, f"an empty {column}", needed)
        if len(text) > LONGEST_NAME:
            self.fault(column, f"a {column} of {len(text)} characters", f"at most {LONGEST_NAME}")
            return ""
        return text

    def number(self, column: str, read: Callable[[object], Decimal], needed: str = "") -> Decimal | None:
        """The cell as an exact number, or None with the fault reported; None without one when empty and not needed."""
        return self._read(column, needed, lambda text: read(plain_number(text)))

    def day(self, column: str) -> date | None:
        """The cell as a date, or None as in :meth:`number`."""
        return self._read(column, "", day)

    def fault(self, column: str, found: str, expected: str, step: str = "") -> None:
        """Report a fault in this row."""
        self.findings.add((self.sheet.name, self.position, column), found, expected, step)

    def _read(self, column: str, needed: str, read: Callable[[str], T]) -> T | None:
        text = self.text(column, needed)
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.fault(column, f"{column} {text[:60]!r}", str(error))
            return None
