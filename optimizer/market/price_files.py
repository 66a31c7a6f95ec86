"""Price files in, a price history and every doubt about it out.

Two shapes are read, told apart by their header. A *wide* table has a row a day and a column a symbol, and is taken for adjusted
closes unless a table of dividends comes with it::

    date,XLK,XLE
    2026-10-30,210.12,91.40

A *long* table has a row a day and symbol. It needs `close` or `adjusted_close`, and may have `dividend` (dollars a share on the
ex-dividend day) and `split` (new shares for one old share on the day they are first traded; closes and dividends
before it are then taken as they were printed on their day)::

    date,symbol,close,dividend,split
    2026-10-30,XLK,210.12,0,1

What cannot be a price, a day or a table is a fault, and nothing is read. What can be and is suspicious (a gap, a jump that
looks like a split, a price that stands still) is remarked on and left as it is.
"""

import csv
import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import Fault, InputFaults
from optimizer.market.price_doubts import Doubt, Lines, doubts_of
from optimizer.market.prices import Matrix, PriceHistory

LONG_PRICES = ("close", "adjusted_close")
LONG_MORE = ("dividend", "split")
ALIASES = {
    "ticker": "symbol",
    "adj_close": "adjusted_close",
    "adjclose": "adjusted_close",
    "dividends": "dividend",
    "split_factor": "split",
}
"""Other names for the columns of a long table; a blank counts as an underscore."""
MOST_FAULTS = 50
"""Faults listed of one file; what follows is usually the same one again."""


@dataclass(frozen=True)
class PriceFile:
    """What a file says and what is doubtful about it."""

    history: PriceHistory
    doubts: tuple[Doubt, ...] = ()


def read_prices(path: Path, dividends: Path | None = None) -> PriceFile:
    """Read a table of prices, wide or long.

    Parameters
    ----------
    path : the table.
    dividends : a table of dividends in dollars a share by ex-dividend day, wide or long, for a wide table of closes.

    Raises
    ------
    InputFaults
        With every row that cannot be read, two rows for the same day, a header that is neither shape, or a file that is none.
    """
    table = _read(path)
    faults = table.faults
    payments = None
    if dividends is not None:
        payments = _read(dividends, is_dividends=True)
        faults = faults + payments.faults
    if faults:
        raise InputFaults(faults[:MOST_FAULTS])
    history = table.history(payments)
    return PriceFile(history, doubts_of(history, Lines(path.name, table.line_of)))


def read_weights(path: Path) -> PriceHistory:
    """Read a wide table of dated weights: date and a column a segment, numbers of 0 or more in any unit.

    Raises
    ------
    InputFaults
        As :func:`read_prices` does.
    """
    return read_weight_lines(path)[0]


def read_weight_lines(path: Path) -> tuple[PriceHistory, dict[date, int]]:
    """Read dated weights as :func:`read_weights` does, with the line of every day."""
    table = _read(path, is_dividends=True)
    if table.faults:
        raise InputFaults(table.faults[:MOST_FAULTS])
    days, names = sorted(table.days), list(table.symbols)
    return PriceHistory.of_adjusted(days, names, table.matrix("dividend", days, names, np.nan)), table.days


@dataclass
class _Column:
    """Numbers with their day (as an ordinal), symbol (as its seat) and line, kept small: a file may have millions."""

    days: "array[int]" = field(default_factory=lambda: array("l"))
    seats: "array[int]" = field(default_factory=lambda: array("l"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def put(self, day: date, seat: int, value: float) -> None:
        """Keep a number."""
        self.days.append(day.toordinal())
        self.seats.append(seat)
        self.values.append(value)

    def matrix(self, days: list[date], seats: NDArray[np.intp], width: int, empty: float) -> Matrix:
        """The numbers as an array of shape (n_days, width); `seats` says where a symbol goes, -1 for nowhere."""
        found = np.full((len(days), width), empty)
        ordinals = np.array([day.toordinal() for day in days])
        rows = np.minimum(np.searchsorted(ordinals, np.array(self.days, dtype=int)), len(days) - 1)
        columns = seats[np.array(self.seats, dtype=int)]
        has_place = (ordinals[rows] == np.array(self.days, dtype=int)) & (columns >= 0)
        found[rows[has_place], columns[has_place]] = np.array(self.values)[has_place]
        return found


@dataclass
class _Table:
    """A file's numbers by column, and the lines they stand on."""

    name: str
    columns: dict[str, _Column] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)
    rows: _Column = field(default_factory=_Column)
    """Of a long table, every row's day, symbol and line."""
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, found: str, expected: str, step: str = "") -> None:
        """Report something at a line."""
        self.faults.append(Fault((), found, expected, step, f"{self.name}, line {line}"))

    def put(self, column: str, day: date, symbol: str, value: float) -> None:
        """Keep a number."""
        self.columns.setdefault(column, _Column()).put(day, self.symbols[symbol], value)

    def line_of(self, day: date, symbol: str) -> int | None:
        """The line of a day and symbol, or of the day."""
        at = (np.array(self.rows.days, dtype=int) == day.toordinal()) & (
            np.array(self.rows.seats, dtype=int) == self.symbols.get(symbol, -1)
        )
        return int(np.array(self.rows.values)[at][0]) if at.any() else self.days.get(day)

    def refuse_doubles(self) -> None:
        """Report every second row of a long table for the same day and symbol."""
        day, seat, line = (np.array(part) for part in (self.rows.days, self.rows.seats, self.rows.values))
        order = np.lexsort((line, seat, day))
        day, seat, line = day[order], seat[order], line[order].astype(int)
        names = list(self.symbols)
        for at in np.flatnonzero((day[1:] == day[:-1]) & (seat[1:] == seat[:-1])):
            on, symbol = date.fromordinal(int(day[at])), names[int(seat[at])]
            expected = f"one; another is on line {line[at]}"
            self.fault(int(line[at + 1]), f"a second row for {symbol} on {on}", expected, "Delete one of the two.")

    def matrix(self, column: str, days: list[date], symbols: list[str], empty: float) -> Matrix:
        """The numbers of a column, of shape (n_days, n_symbols)."""
        seat = {symbol: place for place, symbol in enumerate(symbols)}
        seats = np.array([seat.get(symbol, -1) for symbol in self.symbols], dtype=np.intp)
        return self.columns.get(column, _Column()).matrix(days, seats, len(symbols), empty)

    def history(self, payments: "_Table | None") -> PriceHistory:
        """Put the columns together; the adjusted close is made of close and dividends where the file has none."""
        days, symbols = sorted(self.days), list(self.symbols)
        dates = np.array(days, dtype="datetime64[D]")
        source = self if payments is None else payments
        if payments is not None:
            _refuse_lost_dividends(payments, days, symbols)
        paid = source.matrix("dividend", days, symbols, 0.0)
        has_dividends = "dividend" in source.columns
        close = self.matrix("price" if "price" in self.columns else "close", days, symbols, np.nan)
        adjusted = self.matrix("adjusted_close", days, symbols, np.nan)
        if "split" in self.columns:
            later = _split_factors(self.matrix("split", days, symbols, 1.0))
            close, paid = close / later, paid / later
        if "adjusted_close" not in self.columns:
            adjusted = total_return(close, paid) if has_dividends else close
        elif not has_dividends or np.isnan(close).all():
            # Closes without their dividends would show a loss on every ex-day that nobody had.
            close, paid, has_dividends = adjusted, np.zeros_like(adjusted), False
        return PriceHistory(dates, tuple(symbols), adjusted, close, paid, has_dividends=has_dividends)


def total_return(close: Matrix, dividends: Matrix) -> Matrix:
    """Adjusted closes: every close times (1 − d / close before the ex-day) for all dividends d after it.

    The last close of every symbol keeps its level. A hole stays a hole; a dividend after a hole counts against the last close
    before it.
    """
    adjusted = close.copy()
    for column in range(close.shape[1]):
        known = np.flatnonzero(np.isfinite(close[:, column]))
        if known.size < 2:
            continue
        paid = np.add.reduceat(dividends[: known[-1] + 1, column], np.append(known[0], known[:-1] + 1))
        factors = 1 - paid[1:] / close[known[:-1], column]
        after = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
        adjusted[known, column] = close[known, column] * after
    return adjusted


def _split_factors(splits: Matrix) -> Matrix:
    """New shares that one share of a row became later, of the same shape."""
    through = np.cumprod(splits[::-1], axis=0)[::-1]
    return np.vstack([through[1:], np.ones((1, splits.shape[1]))])


def _refuse_lost_dividends(payments: _Table, days: list[date], symbols: list[str]) -> None:
    """Refuse dividends that fall on a day without prices: left out they would be lost without a word."""
    column, known = payments.columns.get("dividend", _Column()), set(days)
    names = list(payments.symbols)
    for ordinal, seat, amount in zip(column.days, column.seats, column.values, strict=True):
        day, symbol = date.fromordinal(ordinal), names[seat]
        if amount and symbol in symbols and days[0] <= day <= days[-1] and day not in known:
            line = payments.line_of(day, symbol) or 1
            payments.fault(line, f"a dividend of {symbol} on {day}, a day without prices", "an ex-dividend day among the prices")
    if payments.faults:
        raise InputFaults(payments.faults[:MOST_FAULTS])


def _read(path: Path, *, is_dividends: bool = False) -> _Table:
    table = _Table(path.name)
    records = _records(path, table)
    line, header = next(records, (1, []))
    names = [cell.strip() for cell in header]
    lowered = [name.lower().replace(" ", "_") for name in names]
    lowered = [ALIASES.get(name, name) for name in lowered]
    if {"date", "symbol"} <= set(lowered):
        _long(table, lowered, line, records, ("dividend",) if is_dividends else LONG_PRICES)
    elif lowered[:1] == ["date"]:
        _wide(table, names, line, records, "dividend" if is_dividends else "price")
    elif not table.faults:
        found = repr(",".join(names))[:60] if names else "an empty file"
        table.fault(line, found, "a header with the column date first, or with the columns date and symbol")
    if not table.faults and not table.days:
        table.fault(line, "a header without rows", "a row for every day")
    return table


def _records(path: Path, table: _Table) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with its line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        table.fault(1, f"a file that cannot be read ({error.strerror})", "a table of prices")
        return
    except UnicodeDecodeError:
        table.fault(1, "a file that is not UTF-8", "plain text in UTF-8", "Save the file again as UTF-8.")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        table.fault(line, f"a row that cannot be split into cells ({error})", "comma-separated cells")


def _wide(table: _Table, names: list[str], line: int, records: Iterator[tuple[int, list[str]]], column: str) -> None:
    symbols = names[1:]
    doubled = sorted({name for name in symbols if symbols.count(name) > 1})
    if not symbols or "" in symbols or doubled:
        found = f"the column {doubled[0]} twice" if doubled else "a column without a name" if symbols else "no column but date"
        table.fault(line, found, "date and then one column a symbol, each once")
        return
    table.symbols = {symbol: seat for seat, symbol in enumerate(symbols)}
    for at, record in records:
        day = _day(table, at, record, len(names))
        if day is None:
            continue
        if day in table.days:
            step = "Delete one of the two."
            table.fault(at, f"a second row for {day}", f"every day once; the first is on line {table.days[day]}", step)
            continue
        table.days[day] = at
        for symbol, cell in zip(symbols, record[1:], strict=True):
            value = _number(table, at, symbol, cell, least=0 if column == "dividend" else None)
            if value is not None:
                table.put(column, day, symbol, value)


def _long(table: _Table, names: list[str], line: int, records: Iterator[tuple[int, list[str]]], needed: tuple[str, ...]) -> None:
    known = ("date", "symbol", *LONG_PRICES, *LONG_MORE)
    strange = [name for name in names if name not in known]
    if strange or not any(name in names for name in needed) or len(set(names)) != len(names):
        found = f"the column {strange[0]!r}" if strange else f"the columns {', '.join(names)}"
        table.fault(line, found, f"date, symbol and, each once, {' or '.join(needed)}; further {', '.join(known[2:])}")
        return
    dated, named = names.index("date"), names.index("symbol")
    figures = [(place, name) for place, name in enumerate(names) if place not in (dated, named)]
    for at, record in records:
        day = _day(table, at, record, len(names), dated)
        symbol = record[named].strip() if len(record) > named else ""
        if day is None or not symbol:
            if day is not None:
                table.fault(at, "an empty symbol", "the symbol of a security")
            continue
        table.days.setdefault(day, at)
        table.rows.put(day, table.symbols.setdefault(symbol, len(table.symbols)), at)
        for place, name in figures:
            value = _number(table, at, f"{name} of {symbol}", record[place], least=0 if name == "dividend" else None)
            if value is not None:
                table.put(name, day, symbol, value)
    table.refuse_doubles()


def _day(table: _Table, line: int, record: list[str], width: int, place: int = 0) -> date | None:
    if len(record) != width:
        table.fault(line, f"a row of {len(record)} cells", f"{width}, one for each column of the header")
        return None
    text = record[place].strip()
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        table.fault(line, f"the date {text[:40]!r}", "a day such as 2026-03-04")
        return None


def _number(table: _Table, line: int, name: str, cell: str, least: float | None) -> float | None:
    """A number above zero, or of `least` and more; None for an empty cell."""
    text = cell.strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value) or (value <= 0 if least is None else value < least):
        expected = "a number above 0" if least is None else "a number of 0 or more"
        table.fault(line, f"{name} {text[:40]!r}", f"{expected}, or an empty cell where there is none")
        return None
    return value
