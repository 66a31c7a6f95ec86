"""`bandwise report`: a plan as a page, a workbook, tickets for a broker and a letter for a gift."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

OUTPUT_HELP = "Write the plan as a page (.html) or a workbook (.xlsx); may be given several times; - prints the page."


def report(
    source: Annotated[
        Path,
        typer.Argument(metavar="PLAN.json|DIR", help="A plan; or a household's folder or a problem, which is planned first."),
    ],
    output: Annotated[list[Path] | None, typer.Option("--output", "-o", metavar="FILE", help=OUTPUT_HELP)] = None,
    problem: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DIR",
            help="The question the plan answers, as `--problem` of `bandwise plan` wrote it, or the household's folder. "
            "A plan holds only its trades: lots that stay, where things are held and forecasts come from here.",
        ),
    ] = None,
    charts: Annotated[
        bool, typer.Option("--charts/--no-charts", help="Put figures and their script of 5 MB into the page.")
    ] = True,
) -> None:
    """Write a plan as a page for the browser or a workbook.

    The page is one file that opens offline, prints, and reads on a phone. From a PLAN.json alone it shows what the plan
    itself holds; with --problem, or made from DIR at once, also every lot, where things are held and the forecasts.
    """
    from optimizer.cli.files import refuse_targets, write_together
    from optimizer.cli.history import inputs_of
    from optimizer.cli.report_files import refuse_kinds, report_texts

    files = output or []
    refuse_kinds(files, "--output")
    if not files:
        raise typer.BadParameter("name at least one file to write, such as -o plan.html")
    targets = {f"--output {path}": path for path in files}
    inputs = [place for place in (source, problem) if place is not None]
    refuse_targets(targets, tuple(path for place in inputs for path in inputs_of(place)))

    from optimizer.cli.report_source import plan_and_problem

    answer, question = plan_and_problem(source, problem)
    write_together(report_texts(files, answer, question, charts))
    for path in files:
        if path != Path("-"):
            typer.echo(f"Wrote {path}.")
