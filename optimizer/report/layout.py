"""The one kind of table the page uses: a thin line under the headings, figures to the right, air between columns."""

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table


def figure_table(title: str, *headings: str) -> Table:
    """An empty table with words in its first column and figures, never cut short, in the others."""
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="dim",
        border_style="dim",
    )
    table.add_column(title, min_width=16)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def whole_width(table: Table, console: Console) -> int:
    """Columns of text that a table needs so that words may break over lines but no figure is cut short."""
    roomy = console.options.update(max_width=10_000)
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(Measurement.get(console, roomy, cell).maximum for cell in (column.header, *column.cells))
    return Measurement.get(console, roomy, table).minimum
