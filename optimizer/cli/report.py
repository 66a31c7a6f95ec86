"""`bandwise report`: a plan as a page, a workbook, tickets for a broker and a letter for a gift."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.asked import TimeLimit

OUTPUT_HELP = "Write the plan as a page (.html) or a workbook (.xlsx); may be given several times; - prints the page."
FRONTIER_HELP = "Draw tax against drift, where the question is at hand; this takes a dozen solves."
EXPLAIN_HELP = "Also for every lot the next best one, and what each wish costs; where a plan is made."


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
    trades: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the trades in the shape that --shape names.")] = None,
    shape: Annotated[
        str,
        typer.Option(
            metavar="SHAPE",
            help="own (CSV, one row a lot), json, wealthscape, ibkr, schwab, or a template FILE.csv: a header and one row of "
            "words in braces, such as {account},{action},{symbol},{shares}. Broker shapes hold orders, no gifts or payments.",
        ),
    ] = "own",
    letter: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the letter by which shares are given: .html to print, else plain text."),
    ] = None,
    frontier: Annotated[bool, typer.Option(help=FRONTIER_HELP)] = False,
    charts: Annotated[
        bool, typer.Option("--charts/--no-charts", help="Put figures and their script of 5 MB into the page.")
    ] = True,
    explain: Annotated[bool, typer.Option("--explain", help=EXPLAIN_HELP)] = False,
    time_limit: TimeLimit = None,
) -> None:
    """Write a plan as a page for the browser, a workbook, a ticket of trades or a letter.

    The page is one file that opens offline, prints, and reads on a phone. From a PLAN.json alone it shows what the plan
    itself holds; with --problem, or made from DIR at once, also every lot, where things are held and the forecasts.
    """
    from optimizer.cli.asked import time_limit_of
    from optimizer.cli.files import STANDARD, refuse_targets, write_together
    from optimizer.cli.history import inputs_of
    from optimizer.cli.report_files import refuse_kinds, refuse_nothing, report_texts, shape_of, trade_texts

    pages, seconds = output or [], time_limit_of(time_limit)
    refuse_nothing((*pages, trades, letter))
    refuse_kinds(pages, "--output")
    write_trades = shape_of(shape)
    targets = {**{f"--output {path}": path for path in pages}, "--trades": trades, "--letter": letter}
    inputs = [place for place in (source, problem) if place is not None]
    refuse_targets(targets, tuple(path for place in inputs for path in inputs_of(place)))

    from optimizer.cli.report_source import plan_and_problem
    from optimizer.plan import refuse_disowned

    answer, question = plan_and_problem(source, problem, seconds, explain)
    tickets = trade_texts(answer, question, trades, write_trades, letter) if answer.tax.agrees else {}
    write_together(texts := report_texts(pages, answer, question, charts, frontier) | tickets)
    if STANDARD not in texts:
        for path in texts:
            typer.echo(f"Wrote {path}.")
        if trades in texts and shape not in ("own", "json"):
            typer.echo("It holds orders alone: name the lots by the ticket of --shape own; gifts and payments are not in it.")
    refuse_disowned(answer)
