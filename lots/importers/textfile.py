"""Bytes to text to rows, with the line each row starts on.

What is not a UTF-8 text file is refused here with a word on what it seems to be, so no importer meets half-decoded text.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lots.importers.statement import Problem, Severity, StatementError

Progress = Callable[[int, int], None]
"""Called now and then with the lines read and the lines there are."""

_STRIDE = 1000
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a spreadsheet or zip archive", "Open it and save the sheet as CSV (UTF-8), or download the CSV."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Open it and save the sheet as CSV (UTF-8), or download the CSV."),
    (b"%PDF", "a PDF", "Download the CSV from the broker's website instead."),
    (b"\xff\xfe", "UTF-16 text", "Save the file as UTF-8."),
    (b"\xfe\xff", "UTF-16 text", "Save the file as UTF-8."),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on, counted from one, and its cells as they stand."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything; a row of bare commas is blank too."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def first(self) -> str:
        """The first cell that holds something, or an empty text."""
        return next((cell.strip() for cell in self.cells if cell.strip()), "")


def decode(raw: bytes, file: str) -> str:
    """Return the text of a file.

    Raises
    ------
    StatementError
        If it is empty, not text, or not UTF-8.
    """
    for mark, what, step in _FOREIGN:
        if raw.startswith(mark):
            raise refusal(file, None, what, "a UTF-8 text file", step)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{raw[error.start]:02x}, which is not UTF-8"
        raise refusal(file, line, found, "UTF-8 text", "Save the file as UTF-8.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal(file, line, "a zero byte, as in UTF-16 or binary data", "UTF-8 text", "Save the file as UTF-8.")
    if not text.strip():
        raise refusal(file, None, "an empty file", "a broker's statement", "Download it again.")
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        raise refusal(file, None, "a web page", "a broker's statement", "Log in again and download the file, not the page.")
    if start.startswith(("ofxheader", "<ofx")) or "<ofx>" in start:
        step = "OFX and QFX hold an average cost at most; download the CSV of lots or transactions."
        raise refusal(file, None, "an OFX or QFX file", "a file with lots", step)
    return text


def rows_of(text: str, file: str, progress: Progress | None = None) -> Iterator[Row]:
    """Yield the rows of comma-separated text one at a time.

    Raises
    ------
    StatementError
        If a quoted cell is never closed, so that the rest of the file would vanish into it, or a cell is too long.
    """
    total = text.count("\n") or text.count("\r")
    lines = _Lines(text)
    reader = csv.reader(lines)
    start, last = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise refusal(file, start, f"a row that cannot be split into cells ({error})", "CSV", "Download it again.") from None
        lines.refuse_open_quote(file, start, reader.line_num)
        yield Row(start, tuple(cells))
        if progress and start - last >= _STRIDE:
            progress(start, total)
            last = start
        start = reader.line_num + 1
    if progress:
        progress(total, total)


class _Lines:
    """The lines of a text, remembering those of the row that is being read."""

    def __init__(self, text: str) -> None:
        self._stream = io.StringIO(text, newline="")
        self._quotes = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            raise StopIteration
        self._quotes += line.count('"')
        return line

    def refuse_open_quote(self, file: str, start: int, end: int) -> None:
        """Refuse a row of several lines, or a last row, in which a quote stands open."""
        quotes, self._quotes = self._quotes, 0
        if quotes % 2 and (end > start or self._is_at_end()):
            raise refusal(
                file, start, "a quoted cell that is never closed", 'a closing "', "Download the file again; it may be cut off."
            )

    def _is_at_end(self) -> bool:
        here = self._stream.tell()
        is_end = not self._stream.read(1)
        self._stream.seek(here)
        return is_end


def refusal(file: str, row: int | None, found: str, expected: str, step: str) -> StatementError:
    """The error of a file that cannot be read on."""
    return StatementError((Problem(file, row, found, expected, step, Severity.ERROR),))
