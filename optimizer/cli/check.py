"""`bandwise check`: what is outside its band, since when, what would cure it, and when to look again."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="household.toml, prices.csv, and lots.csv or a ledger.")],
    prices: Annotated[
        Path | None,
        typer.Option("--prices", metavar="FILE.csv", help="Prices through time, to say since when; those of [targets] if any."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Look at the bands: what is out, since when, by how much, which cash flows alone would cure it, when to look again.

    Nothing is planned and no tax is computed, so it is quick. The exit code is 0 when every segment is inside its band and
    10 when one is outside, so that a scheduled job can call `bandwise plan` then. With `act = "always"` under [watch] it is 10
    on every day of the calendar.
    """
    from optimizer.cli.check_page import check_parts, look, show_check
    from optimizer.cli.outcome import Exit
    from optimizer.cli.segments import read_history
    from optimizer.cli.segments_page import print_json
    from optimizer.household import read_household
    from optimizer.household.watching import read_watch

    problem = read_household(folder)
    watch, beside = read_watch(folder)
    path = prices or beside
    file = None if path is None else read_history(path, symbols=tuple(s.symbol for s in problem.securities))
    seen = look(problem, watch, None if file is None else file.history)
    if json:
        print_json(check_parts(seen))
    else:
        show_check(sys.stdout, seen)
    if seen.calls:
        raise typer.Exit(Exit.OUTSIDE)
