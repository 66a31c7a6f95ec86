"""Statements that were dropped on the page: what is understood, and keeping all of it or nothing.

Both happen in a working process, within limits of time and memory, because a file from elsewhere may be anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lots.events import Event
from lots.importers import Statement
from optimizer.batch.answer import limits
from optimizer.errors import Fault, InputFaults
from optimizer.household import Declared
from optimizer.web.worker import Progress

SECONDS, MEGABYTES = 60.0, 1536
LARGEST_FILE = 20_000_000


@dataclass(frozen=True)
class Asked:
    """What a person adds to the files.

    Parameters
    ----------
    accounts : NAME for files that name no account, or NUMBER=NAME.
    kinds : NAME=KIND of accounts that household.toml does not list.
    symbol, as_of : for files that say neither.
    """

    accounts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    symbol: str | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class FileSeen:
    """One file: what it is, what was understood, and what was not, row by row."""

    name: str
    kind: str
    understood: str
    accounts: tuple[str, ...]
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Seen:
    """All files together, and what the ledger would gain or has gained."""

    files: tuple[FileSeen, ...]
    new: int
    known: int
    notes: tuple[str, ...]
    findings: tuple[str, ...] = ()
    is_kept: bool = False
    clashes: tuple[str, ...] = ()
    """Why the household could not be planned once these are kept."""


def look(progress: Progress, folder: Path, files: tuple[Path, ...], asked: Asked) -> Seen:
    """Read the files and work out what they would add to the folder's ledger; nothing is written.

    Raises
    ------
    InputFaults, LotsError
        With everything wrong in any of the files, or in what they add up to.
    """
    with limits(SECONDS, MEGABYTES):
        return _look(progress, folder, files, asked)


def keep(progress: Progress, folder: Path, files: tuple[Path, ...], asked: Asked) -> Seen:
    """Read the files and write all of them to the folder's ledger, or none; raises as :func:`look` does."""
    with limits(SECONDS, MEGABYTES):
        return _keep(progress, folder, files, asked)


def _look(progress: Progress, folder: Path, files: tuple[Path, ...], asked: Asked) -> Seen:
    from lots.ledger import fold
    from lots.ledger.store import open_store
    from lots.ledger.store.merge import Kept, merge
    from lots.ledger.store.place import place_of
    from optimizer.household.intake import hints_for

    there: tuple[Event, ...] = ()
    before: list[Kept] = []
    if place_of(str(folder)).exists:
        there = open_store(str(folder), command="bandwise serve").history().events
        before = merge((), there).new
    read = _Read(progress, folder, files, asked)
    merged = merge(before, read.choose(there))
    then = [*there, *(each.event for each in merged.new)]
    fold(then, read.declared.accounts, read.declared.securities)
    added, known = sum(merged.added.values()), sum(merged.known.values())
    return Seen(read.seen, added, known, tuple(read.notes), clashes=hints_for(str(folder), then))


def _keep(progress: Progress, folder: Path, files: tuple[Path, ...], asked: Asked) -> Seen:
    from lots.ledger.check import audit
    from lots.ledger.store import open_store
    from optimizer.household.intake import hints_for

    _look(progress, folder, files, asked)  # a refusal leaves no empty ledger behind
    read = _Read(progress, folder, files, asked)
    store = open_store(str(folder), command="bandwise serve", create=True)
    receipt = store.append(read.choose, read.declared.accounts, read.declared.securities)
    history = receipt.history
    findings = audit(history.events, history.accounts, history.securities).findings
    added, known = sum(receipt.added.values()), sum(receipt.known.values())
    notes = (*read.notes, *hints_for(str(folder), history.events))
    return Seen(read.seen, added, known, notes, tuple(f"{each.invariant}: {each.message}" for each in findings), is_kept=True)


class _Read:
    """The files, read; and the events among them that a ledger takes."""

    def __init__(self, progress: Progress, folder: Path, files: tuple[Path, ...], asked: Asked) -> None:
        from optimizer.household.history_document import is_document, read_document
        from optimizer.household.intake import declared_for, known_from, refuse_unknown_accounts, with_documents

        into = str(folder)
        self.documents = [read_document(each, _text(each)) for each in files if is_document(each)]
        self.declared: Declared = with_documents(declared_for(into, asked.kinds), self.documents)
        known = known_from(asked.accounts, asked.symbol, asked.as_of, self.declared)
        self.statements = _statements(progress, [each for each in files if not is_document(each)], known)
        refuse_unknown_accounts(self.statements, self.declared, into)
        self.notes: list[str] = []

    def choose(self, kept: Sequence[Event]) -> Sequence[Event]:
        """The events that a ledger with these takes."""
        from lots.importers.posting import postings

        posting = postings(self.statements, kept)
        self.notes = list(posting.notes)
        return (*posting.events, *(event for document in self.documents for event in document.events))

    @property
    def seen(self) -> tuple[FileSeen, ...]:
        """What the page shows of the files."""
        own = [FileSeen(each.file, "events of your own", f"{len(each.events)} events", ()) for each in self.documents]
        return (*(_seen(each) for each in self.statements), *own)


def _statements(progress: Progress, files: Sequence[Path], known: object) -> list[Statement]:
    from lots.importers import StatementError, read_statement, reconcile
    from optimizer.household.intake import faults_of

    found: list[Statement] = []
    faults: list[Fault] = []
    for place, file in enumerate(files):
        progress(f"reading {file.name}", place, len(files))
        try:
            found.append(read_statement(file, known=known))  # type: ignore[arg-type]
        except StatementError as error:
            faults.extend(faults_of(error))
    if not faults:
        try:
            reconcile(found)
        except StatementError as error:
            faults.extend(faults_of(error))
    if faults:
        raise InputFaults(faults)
    return found


def _seen(statement: Statement) -> FileSeen:
    counts = {
        "lots": statement.lots,
        "closed lots": statement.closed_lots,
        "positions": statement.positions,
        "cash balances": statement.cash,
        "transactions": statement.transactions,
        "rows left out": statement.left_out,
    }
    words = ", ".join(f"{len(each):,} {name}" for name, each in counts.items() if each) or "nothing"
    day = f" as of {statement.as_of}" if statement.as_of else ""
    remarks = tuple((each.severity.value, str(each)) for each in statement.problems[:500])
    return FileSeen(statement.file, statement.format, f"{words}{day}, of {statement.rows:,} rows", statement.accounts, remarks)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputFaults([Fault((), "a document that is not UTF-8", "UTF-8 text", "Save it as UTF-8.", path.name)]) from None
