"""`bandwise study`: known questions about rebalancing, reproduced by one command each."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def study(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which question; list names them.")] = "list",
    paths: Annotated[int, typer.Option(min=1, max=100_000, help="How many paths to draw, where paths are drawn.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Of the paths.")] = 1,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the answer as JSON; - prints it instead of the page.")
    ] = None,
    processes: Annotated[int, typer.Option(min=0, max=256, help="How many at once; 0 for all processors.")] = 0,
) -> None:
    """Answer a known question: bands or calendar, where to stop, industries, harvesting, a dying segment.

    Three of them are about twelve US industries, 1949 to 2017, which come with the extra `study`.
    """
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.simulate import nothing_finished, progress_bar
    from optimizer.errors import Fault, InputFaults
    from optimizer.simulate.studies import inquiries, run_study

    known = {each.name: each for each in inquiries()}
    if name == "list":
        for each in known.values():
            typer.echo(f"{each.name:<18} {each.question}")
        return
    if name not in known:
        raise InputFaults([Fault((), repr(name), f"one of list, {', '.join(known)}", where="NAME")])
    refuse_targets({"--json": json})
    with progress_bar() as report, nothing_finished():
        found = run_study(known[name], paths, seed, processes or os.cpu_count() or 1, report)
    if json:
        write_together({json: found.to_json()})
    if json == STANDARD:
        return
    from optimizer.report.study import show_study
    from optimizer.report.terminal import page_console

    show_study(found, page_console(sys.stdout))
