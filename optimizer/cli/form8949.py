"""`bandwise form8949`: the year's sales as Form 8949 and Schedule D want them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.history import Place

if TYPE_CHECKING:
    from lots.exporters.form8949 import Row
    from lots.exporters.schedule_d import Line


def form8949(
    place: Place,
    year: Annotated[int, typer.Option(min=1900, max=2200, help="The tax year.")],
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows as CSV; - prints them.")] = None,
    schedule_d: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write Schedule D's lines as CSV; - prints them.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Fill in Form 8949 and Schedule D from the ledger.

    Every taxable sale of the year is on a row of its box, with its wash-sale adjustment on the same row. Compare the rows
    with the Forms 1099-B: a broker sees one account only.
    """
    import json as jsonlib

    from lots.exporters.form8949 import rows, to_csv
    from lots.exporters.schedule_d import lines
    from lots.exporters.schedule_d import to_csv as lines_to_csv
    from lots.ledger import fold
    from lots.ledger.answer import plain
    from lots.wash import blocked_until
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.history import inputs_of, read_history

    refuse_targets({"--csv": csv, "--schedule-d": schedule_d}, inputs_of(place))
    history = read_history(place)
    book = fold(history.events, history.accounts, history.securities, history.rules)
    table = rows(book.disposals, year, {each.symbol: each for each in history.securities})
    totals = lines(table, year, book.distributions(year))
    written = {csv: to_csv(table), schedule_d: lines_to_csv(totals)}
    texts = {path: text for path, text in written.items() if path is not None}
    write_together(texts)
    if json:
        typer.echo(jsonlib.dumps({"year": year, "rows": plain(table), "schedule_d": plain(totals)}, indent=2))
    elif STANDARD not in texts:
        _show(year, table, totals)
        last = max((row.sold for row in table if row.gain < 0), default=None)
        if last and history.as_of < blocked_until(last):
            typer.echo(
                f"The history ends on {history.as_of}; a purchase up to {blocked_until(last)} can still wash the loss of {last}.",
                err=True,
            )


def _show(year: int, table: "tuple[Row, ...]", totals: "tuple[Line, ...]") -> None:
    from optimizer.cli.ledger_page import dollars, show_table

    show_table(
        sys.stdout,
        f"Form 8949, {year}",
        (
            "box",
            "(a) description",
            "(b) acquired",
            "(c) sold",
            ">(d) proceeds",
            ">(e) basis",
            "(f)",
            ">(g) adjustment",
            ">(h) gain",
        ),
        (
            (
                row.box,
                row.description,
                row.acquired,
                f"{row.sold:%m/%d/%Y}",
                dollars(row.proceeds),
                dollars(row.cost_basis),
                row.code,
                dollars(row.adjustment) if row.code else "",
                dollars(row.gain),
            )
            for row in table
        ),
    )
    show_table(
        sys.stdout,
        "Schedule D, as far as the ledger knows (carryovers of last year are yours to add)",
        ("line", "", ">gain or loss"),
        ((line.line, line.description, dollars(line.gain)) for line in totals),
    )
