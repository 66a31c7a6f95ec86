"""`bandwise init`: a commented household to begin with."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; made when it does not exist.")],
) -> None:
    """Write a small commented household to begin with."""
    from optimizer.household import write_template

    write_template(folder)
    typer.echo(
        f"Wrote household.toml, lots.csv and prices.csv to {folder}.\n"
        f"Put your own household there, then run:  bandwise plan {folder}"
    )
