"""`bandwise import`: brokers' files in, a ledger that knows them; all of them or none."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.progress import Progress

    from lots.events import Event
    from lots.importers import Known, Statement
    from optimizer.household import Declared
    from optimizer.household.history_document import Document


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="What the brokers let you download, and events of your own, in any order."),
    ],
    into: Annotated[
        str, typer.Option("--into", metavar="DIR", help="The household's folder, or the postgresql:// URL of its ledger.")
    ],
    account: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME or NUMBER=NAME",
            help="The account of files that name none; or your name for what a file calls NUMBER. May be given several times.",
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=KIND", help="An account household.toml does not list, such as joint=taxable or ira=roth_ira."),
    ] = None,
    symbol: Annotated[str | None, typer.Option(metavar="TICKER", help="The security of files that name none.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of lots and positions in files that say none.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was understood and kept as JSON.")] = False,
) -> None:
    """Put brokers' files into the household's ledger.

    Every file is recognised by what it says. Importing a file again changes nothing, overlapping files merge, and if
    anything is wrong in any of them, nothing of any of them is kept. Which file to download where, broker by broker, is told
    in lots/importers/guides and under "From your broker to Form 8949" in the README. What no file says, and corrections, are
    events in a document of your own, as `bandwise schema events` describes.
    """
    from optimizer.cli.files import read_text
    from optimizer.household.history_document import is_document, read_document
    from optimizer.household.intake import declared_for, known_from, refuse_unknown_accounts, with_documents

    declared = declared_for(into, kind or [])
    documents = [read_document(each, read_text(each)) for each in dict.fromkeys(files) if is_document(each)]
    declared = with_documents(declared, documents)
    others = [each for each in files if not is_document(each)]
    statements = _read(others, known_from(account or [], symbol, as_of, declared))
    refuse_unknown_accounts(statements, declared, into)
    _keep(into, statements, documents, declared, json)


def _read(files: "Sequence[Path]", known: "Known") -> "list[Statement]":
    """Read every file, with progress on a terminal, or report the faults of all of them."""
    from rich.console import Console
    from rich.progress import Progress

    from lots.importers import StatementError, read_statement, reconcile
    from optimizer.errors import Fault, InputFaults
    from optimizer.household.intake import faults_of

    statements: list[Statement] = []
    faults: list[Fault] = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        for file in files:
            try:
                statements.append(read_statement(file, known=known, progress=_told(bar, file.name)))
            except StatementError as error:
                faults.extend(faults_of(error))
    if not faults:
        try:
            reconcile(statements)
        except StatementError as error:
            faults.extend(faults_of(error))
    if faults:
        raise InputFaults(faults)
    return statements


def _told(bar: "Progress", name: str) -> "Callable[[int, int], None]":
    """Show how far one file is read."""
    task = bar.add_task(name, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)


def _keep(into: str, statements: "list[Statement]", documents: "list[Document]", declared: "Declared", json: bool) -> None:
    """Write to the ledger, then say what was understood, what is new and what does not add up."""
    from lots.importers.posting import Posting, postings
    from lots.ledger.check import audit
    from lots.ledger.store import open_store
    from lots.ledger.store.place import place_of
    from optimizer.cli.import_words import Outcome, as_json, as_text
    from optimizer.household.intake import hints_for

    posting = Posting()
    entered = [event for document in documents for event in document.events]

    def choose(kept: "Sequence[Event]") -> "Sequence[Event]":
        nonlocal posting
        posting = postings(statements, kept)
        return (*posting.events, *entered)

    def tell(step: str) -> None:
        if sys.stderr.isatty():
            typer.echo(f"\r\033[K{step} ...", err=True, nl=False)

    if not place_of(into).exists:
        _rehearse(choose(()), declared)
    store = open_store(into, command="bandwise import", create=True)
    receipt = store.append(choose, declared.accounts, declared.securities, tell)
    tell("checking the ledger")
    history = receipt.history
    findings = audit(history.events, history.accounts, history.securities).findings
    if sys.stderr.isatty():
        typer.echo("\r\033[K", err=True, nl=False)
    outcome = Outcome(
        tuple(statements),
        tuple(posting.notes),
        receipt,
        findings,
        str(store.place),
        len(history.events),
        tuple(documents),
        hints_for(into, history.events),
    )
    typer.echo(as_json(outcome) if json else as_text(outcome))


def _rehearse(events: "Sequence[Event]", declared: "Declared") -> None:
    """Fold what a ledger would begin with, so that a refusal leaves no empty ledger behind."""
    from lots.ledger import fold
    from lots.ledger.store.merge import merge

    fold([each.event for each in merge((), events).new], declared.accounts, declared.securities)
