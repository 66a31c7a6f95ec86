"""Files that are one table: some lines of preamble, a row of titles, rows, some lines of farewell.

What most formats share is here: finding the titles, joining each row with them, and telling a row of the table from the
lines around it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from lots.errors import InputError
from lots.importers.cells import CellError, day, number
from lots.importers.columns import Header, Layout
from lots.importers.draft import Draft, Record, try_row
from lots.importers.fileformat import File
from lots.importers.textfile import Row

_FEW_CELLS = 4
ReadRow = Callable[[Draft, Record], None]
Passes = Callable[[Draft, Row, Header | None], bool]


def known_by(*layouts: Layout) -> Callable[[File, list[Row]], bool]:
    """The test of a format that is recognised by the titles of one of its tables."""
    return lambda file, head: any(layout.match(row.cells) is not None for row in head for layout in layouts)


def read_table(
    rows: Iterator[Row], draft: Draft, layout: Layout, read_row: ReadRow, passes: Passes = lambda draft, row, header: False
) -> None:
    """Read every row under the titles; a later row of titles takes over from there.

    Parameters
    ----------
    rows : the rows of the file.
    draft : where what they say goes.
    layout : the columns.
    read_row : reads one row of the table.
    passes : whether a row is none of the table, such as a title of a section, a total or a farewell; it may take what
        the row says. Blank rows, rows of titles, and lines of a few cells before the titles pass by themselves.
    """
    read_tables(rows, draft, ((layout, read_row),), passes)


def read_tables(rows: Iterator[Row], draft: Draft, tables: Sequence[tuple[Layout, ReadRow]], passes: Passes) -> None:
    """Read a file of several tables, one under the other, each known by its titles."""
    header: Header | None = None
    read_row = tables[0][1]
    for row in rows:
        draft.rows += 1
        if row.is_blank:
            continue
        titles = next(((found, read) for layout, read in tables if (found := layout.match(row.cells))), None)
        if titles is not None:
            header, read_row = titles
        elif passes(draft, row, header):
            continue
        elif header is None:
            _refuse_unknown_titles(draft, row, [layout for layout, _ in tables])
        else:
            _read(draft, Record(draft, header, row), read_row)


def is_small_print(row: Row) -> bool:
    """Whether a row is prose rather than a row of the table: a lone sentence, or one that its own commas divided."""
    filled = [cell for cell in row.cells if cell.strip()]
    words = len(filled[0].split()) if filled else 0
    if len(filled) == 1:
        return words >= 4
    return words >= 8 and not any(_is_figure(cell) for cell in filled)


def _is_figure(cell: str) -> bool:
    """Whether a cell holds nothing but a number or a day."""
    for read in (number, day):
        with suppress(CellError):
            read(cell)
            return True
    return False


def cell_of(row: Row, header: Header, name: str) -> str:
    """The text of a cell of a row that may not be of the table, or an empty text."""
    place = header.places.get(name)
    return row.cells[place].strip() if place is not None and place < len(row.cells) else ""


def _refuse_unknown_titles(draft: Draft, row: Row, layouts: Sequence[Layout]) -> None:
    """Refuse a row of many cells above any titles that are known: a table whose titles changed would vanish."""
    if sum(bool(cell.strip()) for cell in row.cells) >= _FEW_CELLS:
        titles = " or ".join(", ".join(each.aliases[0] for each in layout.columns if each.is_required) for layout in layouts)
        step = "If the broker has new titles, report them; else download the file again."
        draft.error(row.number, f"a row that begins with {row.first[:40]!r}", f"titles with {titles}", step)


def _read(draft: Draft, record: Record, read_row: ReadRow) -> None:
    if record.is_short:
        expected = "a cell under every title"
        record.fault("a row that ends early", expected, "Download the file again; it may be cut off.")
        return
    if record.is_long:
        expected = "no more cells than titles"
        record.fault("a row that goes on behind the last title", expected, "A cell with a comma inside must be quoted.")
        return
    try:
        read_row(draft, record)
    except InputError as error:
        try_row(record, error)
