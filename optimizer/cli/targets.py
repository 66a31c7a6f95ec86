"""`bandwise targets`: a policy's weights through time, and how much of the drift it follows."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def _policies(is_asked: bool) -> None:
    """Print the policies with their options and stop."""
    if is_asked:
        from optimizer.targets.registry import options_words

        typer.echo(options_words())
        raise typer.Exit


def targets(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The household's folder.")],
    prices: Annotated[
        Path | None,
        typer.Option("--prices", metavar="FILE.csv", help="Prices through time; those of [targets] when left out."),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Another policy than the household's, or a class of your own as FILE.py:Class."),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", metavar="NAME=VALUE", help="An option of the policy, such as months=12 or cap_pct=25."),
    ] = None,
    market: Annotated[
        Path | None, typer.Option("--market", metavar="FILE.csv", help="Dated market weights, a column a segment.")
    ] = None,
    every: Annotated[str, typer.Option(help="How often: month, quarter, half-year or year.")] = "month",
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Show weights from this day on.")] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a row a date and a column a segment; - prints it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
    policies: Annotated[
        bool,
        typer.Option("--policies", is_eager=True, callback=_policies, help="List every policy with its options and stop."),
    ] = False,
) -> None:
    """Show a policy's targets through time, as it would have set them on each date with what was known then.

    Weights are per cent of the household; how much each class has is the household's own target of today throughout. Under
    each class stands how much of the drift the policy follows, which is what it never trades against.
    """
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.history import inputs_of
    from optimizer.cli.segments_page import print_json
    from optimizer.cli.target_paths import paths_of
    from optimizer.cli.targets_page import csv_text, show_paths, targets_parts

    refuse_targets({"--csv": csv}, inputs_of(folder, prices, market))
    paths = paths_of(folder, prices, policy, option or [], market, every, since)
    if csv is not None:
        write_together({csv: csv_text(paths)})
    if json:
        print_json(targets_parts(paths))
    elif csv != STANDARD:
        show_paths(sys.stdout, paths)
