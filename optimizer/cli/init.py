"""`bandwise init`: a commented household to begin with."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; made when it does not exist.")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day the household is planned for; today."),
    ] = None,
) -> None:
    """Write a small commented household to begin with."""
    from optimizer.household import first_day, write_template

    today = on.date() if on else date.today()
    as_of = first_day(today)
    write_template(folder, as_of)
    known = "" if as_of == today else f", the last day before {today} whose tax law is on file"
    typer.echo(
        f"Wrote household.toml, lots.csv and prices.csv to {folder}, as of {as_of}{known}.\n"
        f"Put your own household there, then run:  bandwise plan {folder}"
    )
