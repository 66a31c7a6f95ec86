"""Tables of the ledger's answers for the terminal: words to the left, figures to the right, nothing cut short."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

from rich.table import Table

from optimizer.report.terminal import page_console


def show_table(stream: TextIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table under its title; a heading that begins with ``>`` is of a column of figures."""
    console = page_console(stream)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        is_figure = heading.startswith(">")
        table.add_column(heading.lstrip(">"), justify="right" if is_figure else "left", no_wrap=is_figure, overflow="fold")
    listed = [[_cell(value) for value in row] for row in rows]
    for row in listed:
        table.add_row(*row)
    with console.capture() as page:
        console.print(title)
        if listed:
            console.print(table)
        else:
            console.print("  none")
        console.print()
    stream.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def shares(count: Decimal) -> str:
    """Shares without trailing zeros."""
    text = f"{count:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(amount: Decimal) -> str:
    """Dollars and cents."""
    return f"{amount:,.2f}"


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in text)
