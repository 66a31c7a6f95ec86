"""`bandwise serve`: the household's folder as pages in the browser, on this machine alone."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The household's folder; a book.db in it is shown, too.")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Where to listen on 127.0.0.1; 0 takes a free port.")
    ] = 8765,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Also open the address.")] = True,
) -> None:
    """Open the planner: load statements, look at lots, move bands and budgets, compare plans, take the files with you.

    The server answers this machine alone, and only to whoever opens the address it prints. Wishes changed on the pages are a
    draft of this start; household.toml stays as it is until you keep the draft there. Ctrl-C ends it.
    """
    from optimizer.web.serve import serve as run

    run(folder, port, browser, lambda address: typer.echo(f"The planner is at {address}\nCtrl-C ends it."))
