"""The command line: every command translates words and files into a document, asks, and translates the answer back.

A new command is one file and one line below. At its top a command's module loads nothing heavier than the command
line's own library, and the rest inside its function, so that `bandwise --help` does not wait for a solver to load.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from optimizer.cli import (
    apply,
    audit,
    batch,
    check,
    donate,
    explain,
    form8949,
    frontier,
    import_,
    init,
    invest,
    lots,
    plan,
    replay,
    report,
    schema,
    segments,
    serve,
    simulate,
    solve,
    study,
    targets,
    tax,
    wash,
    withdraw,
    year_end,
)
from optimizer.cli.asked import AmountCommand
from optimizer.cli.outcome import Exit, tell

__all__ = ["Exit", "app", "main"]

app = typer.Typer(
    name="bandwise",
    help="Keep a portfolio inside its bands at the least tax, lot by lot, with a proof.",
    epilog="Exit codes: 0 done, 2 a fault in the input, 3 orders that contradict each other, "
    "4 no plan in the time allowed, 1 a fault of the program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("plan")(plan.plan)
app.command("frontier")(frontier.frontier)
app.command("explain")(explain.explain)
app.command("check")(check.check)
app.command("invest", cls=AmountCommand)(invest.invest)
app.command("withdraw", cls=AmountCommand)(withdraw.withdraw)
app.command("donate", cls=AmountCommand)(donate.donate)
app.command("year-end")(year_end.year_end)
app.command("init")(init.init)
app.add_typer(segments.app, name="segments")
app.command("targets")(targets.targets)
app.command("import")(import_.import_)
app.command("apply")(apply.apply)
app.command("report")(report.report)
app.command("solve")(solve.solve)
app.add_typer(batch.app, name="batch")
app.command("tax")(tax.tax)
app.command("lots")(lots.lots)
app.command("wash")(wash.wash)
app.command("form8949")(form8949.form8949)
app.command("audit")(audit.audit)
app.command("simulate")(simulate.simulate)
app.command("study")(study.study)
app.command("replay")(replay.replay)
app.command("schema")(schema.schema)
app.command("serve")(serve.serve)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and tell how it ended.

    Parameters
    ----------
    arguments : the words after `bandwise`; those of the process when left out.

    Returns
    -------
    int
        The exit code, one of :class:`~optimizer.cli.outcome.Exit` or what the shell expects after an interruption.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - closed by whoever started this
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without the sign for an arrow still gets its plan
    try:
        app(arguments, prog_name="bandwise")
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            return Exit.DONE  # the reader, such as `head`, has seen enough
        return stop.code if isinstance(stop.code, int) else Exit.DONE
    except Exception as error:
        return tell(error)
    return Exit.DONE


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"bandwise {version('bandwise')}")
        except PackageNotFoundError:
            typer.echo("bandwise, run from its source without being installed")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass
