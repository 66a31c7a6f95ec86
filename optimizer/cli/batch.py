"""`bandwise batch`: a whole book of households, planned on this machine or a cluster, its answers kept and asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from optimizer.batch import BookStore
    from optimizer.batch.answer import Answer
    from optimizer.batch.store import Run, Status


class _RunByDefault(TyperGroup):
    """`bandwise batch DIR` is `bandwise batch run DIR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before words that name no command."""
        known = {*self.commands, "-h", "--help"}
        return super().parse_args(ctx, args if not args or args[0] in known else ["run", *args])


app = typer.Typer(
    cls=_RunByDefault,
    help="Plan a book of households: those outside their bands or with cash to place.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Store = Annotated[
    str | None,
    typer.Option(metavar="WHERE", help="Where answers are kept: an SQLite file or a PostgreSQL URL; DIR/book.db if left out."),
]
Where = Annotated[str, typer.Argument(metavar="WHERE", help="The book's folder, its SQLite file or its PostgreSQL URL.")]
OneRun = Annotated[
    str | None, typer.Option("--run", metavar="ID", help="A run by the beginning of its id; the newest if left out.")
]
Csv = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the table to a file; - prints it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of the page.")]


@app.command("run")
def run(
    book: Annotated[str, typer.Argument(metavar="DIR", help="A folder of households, or the URL of a store that keeps them.")],
    store: Store = None,
    plan_all: Annotated[bool, typer.Option("--all", help="Plan households that are inside their bands, too.")] = False,
    compare: Annotated[bool, typer.Option(help="Also work out what each lever saved, for every household.")] = False,
    workers: Annotated[int, typer.Option(help="Processes at work; all cores of this machine for -1.")] = -1,
    engine: Annotated[str, typer.Option(metavar="local|ray", help="This machine, or a Ray cluster.")] = "local",
    address: Annotated[str | None, typer.Option(help="The cluster's address, or auto; needs --engine ray.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds allowed for one household.")] = 60.0,
    memory_limit: Annotated[int | None, typer.Option(min=16, help="Megabytes one household may add to its process.")] = None,
    json: Json = False,
) -> None:
    """Plan every household of a book that needs it, and keep the answers.

    A run that is stopped, killed or loses a worker goes on where it was when the command is given again: what is
    answered already for the same problem, program and law is taken over.
    """
    from optimizer.batch import Engine, Options, open_book, open_book_store, plan_book

    _refuse_engine(engine, address)
    is_kept = "://" in book or Path(book).is_file()
    households = None if is_kept else open_book(book)
    kept = open_book_store(store or book, create=not is_kept)
    households = households or open_book(book, kept)
    options = Options(plan_all=plan_all, compare=compare, seconds=time_limit, megabytes=memory_limit)
    try:
        with _bar(len(households.entries), quiet=json) as progress:
            report = plan_book(
                households, kept, options, workers=workers, engine=Engine(engine), address=address, on_progress=progress
            )
    except KeyboardInterrupt:
        typer.echo("\nStopped. What is answered is kept; give the command again and the run goes on.", err=True)
        raise
    _tell(kept, report.status, report.seconds, as_json=json)


@app.command("status")
def status(where: Where, run: OneRun = None, json: Json = False) -> None:
    """Say how far a run is and what became of its households."""
    from optimizer.batch import open_book_store

    kept = open_book_store(where)
    _tell(kept, kept.status(_id_of(kept, run)), None, as_json=json)


@app.command("results")
def results(where: Where, run: OneRun = None, csv: Csv = None, json: Json = False, sort: str = "household") -> None:
    """List a run household by household: drift, cash, losses that could be harvested, tax, gap, faults."""
    from optimizer.batch import open_book_store
    from optimizer.cli.book_page import answer_rows, show_answers, sorted_answers

    kept = open_book_store(where)
    answers = sorted_answers(kept.answers(_run_of(kept, run).run_id), sort)
    if json:
        _print_json([dict(row) for row in answer_rows(answers)])
    elif csv is not None:
        _write_csv(csv, answer_rows(answers))
    else:
        show_answers(answers, sys.stdout)


@app.command("blocks")
def blocks(where: Where, run: OneRun = None, csv: Csv = None, json: Json = False) -> None:
    """Sum the trades of all plans to one order per security and side, with whose shares they are."""
    from optimizer.batch import open_book_store
    from optimizer.batch.blocks import blocks_of
    from optimizer.cli.book_page import allocation_rows, show_blocks

    kept = open_book_store(where)
    found = blocks_of(kept.answers(_run_of(kept, run).run_id, with_plans=True))
    if json:
        _print_json([dict(row) for row in allocation_rows(found)])
    elif csv is not None:
        _write_csv(csv, allocation_rows(found))
    else:
        show_blocks(found, sys.stdout)


@app.command("plan")
def plan(
    where: Where,
    household: Annotated[str, typer.Argument(help="Its folder or file in the book, or its own name.")],
    run: OneRun = None,
) -> None:
    """Print one household's plan of a run as JSON, as `bandwise report` reads it."""
    from optimizer.batch import open_book_store
    from optimizer.errors import Fault, InputFaults

    kept = open_book_store(where)
    answer = kept.answer(_run_of(kept, run).run_id, household)
    if answer.plan is None:
        found = answer.fault or "inside its bands, with nothing to do"
        raise InputFaults([Fault((), found, "a household with a plan", where=household)])
    typer.echo(answer.plan)


@app.command("load")
def load(book: Annotated[Path, typer.Argument(metavar="DIR")], store: Annotated[str, typer.Option(metavar="WHERE")]) -> None:
    """Read a folder of households and keep their problems in a store, from where any machine can plan them."""
    from lots.errors import LotsError
    from optimizer.batch import open_book, open_book_store
    from optimizer.batch.answer import fault_of
    from optimizer.cli.outcome import Exit
    from optimizer.errors import InputFaults
    from optimizer.report.figures import plain

    households, failed = open_book(book), dict[str, str]()
    kept = open_book_store(store, create=True)

    def documents() -> Iterator[tuple[str, str]]:
        for entry in households.entries:
            try:
                yield entry.name, entry.read(kept).to_json()
            except (InputFaults, LotsError, OSError) as error:
                failed[entry.name] = fault_of(error)

    count = kept.keep_problems(documents())
    typer.echo(f"Kept {count:,} {'household' if count == 1 else 'households'} in {kept.place}.")
    if failed:
        typer.echo(f"\nNot kept, because they cannot be read: {len(failed):,}.", err=True)
        for name, words in failed.items():
            typer.echo("\n  ".join((f"\n{plain(name)}", *map(plain, words.splitlines()))), err=True)
        raise typer.Exit(Exit.INPUT)


def _refuse_engine(engine: str, address: str | None) -> None:
    from optimizer.errors import Fault, InputFaults

    if engine not in ("local", "ray"):
        raise InputFaults([Fault((), repr(engine), "local or ray", where="--engine")])
    if address is not None and engine != "ray":
        raise InputFaults([Fault((), address, "no address, or --engine ray beside it", where="--address")])


def _id_of(kept: "BookStore", run: str | None) -> str:
    return _run_of(kept, run).run_id


def _run_of(kept: "BookStore", run: str | None) -> "Run":
    return kept.run(run)


def _print_json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, indent=1))


def _write_csv(path: Path, rows: "Iterator[dict[str, Any]]") -> None:
    from optimizer.cli.book_page import csv_text
    from optimizer.cli.files import refuse_targets, write_together

    refuse_targets({"--csv": path})
    write_together({path: csv_text(rows)})


def _tell(kept: "BookStore", status: "Status", seconds: float | None, *, as_json: bool) -> None:
    from optimizer.cli.book_page import show_status, status_row

    faults: list[Answer] = []
    if "fault" in status.counts:
        faults = [answer for answer in kept.answers(status.run.run_id) if answer.status == "fault"]
    if as_json:
        _print_json({**status_row(status, seconds), "faults": {answer.household: answer.fault for answer in faults}})
    else:
        show_status(status, seconds, faults, str(kept.place), sys.stdout)


class _bar:  # noqa: N801 - used as a context, like the functions of contextlib
    """A progress bar with rate and time left on standard error."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        rate = TextColumn("{task.fields[rate]}")
        columns = (TextColumn("Households"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), disable=quiet or not sys.stderr.isatty())
        self._task = self._progress.add_task("book", total=total, rate="")

    def __enter__(self) -> Any:
        self._progress.start()
        return self._move

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _move(self, done: int, total: int) -> None:
        speed = self._progress.tasks[0].speed
        self._progress.update(self._task, completed=done, total=total, rate=f"{speed:.1f} a second" if speed else "")
