"""Recognises a file by what it says and reads it with the one format that knows it.

A format is a module of this package with a `FORMAT`; the registry finds it by itself, so a new broker is one file and
its tests. Names of files decide nothing: people rename downloads.
"""

import hashlib
import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import lots.importers as room
from lots.errors import InputError
from lots.importers.draft import Draft
from lots.importers.fileformat import File, Format
from lots.importers.filename import account_in, day_in
from lots.importers.reconcile import disagreements
from lots.importers.statement import Known, Severity, Statement, StatementError
from lots.importers.textfile import Progress, Row, decode, refusal

GROUP = "bandwise.importers"
"""The entry points under which installed packages offer formats."""


@cache
def formats() -> tuple[Format, ...]:
    """Every format of this package and of installed ones, by name.

    A package offers one under the entry-point group ``bandwise.importers``; the object is a :class:`Format`.
    """
    found = []
    for module in pkgutil.iter_modules(room.__path__):
        candidate = getattr(importlib.import_module(f"{room.__name__}.{module.name}"), "FORMAT", None)
        if isinstance(candidate, Format):
            found.append(candidate)
    for point in entry_points(group=GROUP):
        candidate = point.load()
        if not isinstance(candidate, Format):
            message = (
                f"the importer {point.name!r} of {point.value} is {candidate!r}; expected a Format of lots.importers.fileformat."
            )
            raise InputError(message)
        found.append(candidate)
    return tuple(sorted(found, key=lambda each: each.name))


def guide(name: str) -> str:
    """The page that tells how to export a broker's files, as Markdown; the names are those of `Format.guide`."""
    return (Path(__file__).parent / "guides" / f"{name}.md").read_text(encoding="utf-8")


def read_statement(
    source: Path | str | bytes, name: str = "", *, known: Known | None = None, progress: Progress | None = None
) -> Statement:
    """Read one file of a broker, whole or not at all.

    Parameters
    ----------
    source : a path, or the bytes of a file.
    name : what to call the file in messages; the path's own name if not given.
    known : what the caller knows and the file may not say, such as its account.
    progress : called now and then with the lines read and the lines there are.

    Raises
    ------
    StatementError
        With every problem found in the file; nothing of it may be taken.

    Examples
    --------
    >>> raw = b"account,symbol,acquired,quantity,cost_basis\\njoint,VTI,2020-03-16,10,1300.25\\n"
    >>> read_statement(raw, "lots.csv").lots[0].cost_basis
    Decimal('1300.25')
    """
    raw, file_name = _load(source, name)
    file = File(file_name, decode(raw, file_name), progress)
    head = file.head() if not file.text.lstrip().startswith("<") else []
    chosen = recognise(file, head)
    draft = Draft(file_name, hashlib.sha256(raw).hexdigest(), known or Known())
    draft.hint = account_in(file_name)
    try:
        chosen.read(file, draft)
    except StatementError as error:
        for problem in error.problems:
            draft.problem(problem.severity, problem.row, problem.found, problem.expected, problem.step)
    draft.as_of = draft.as_of or draft.known.as_of or day_in(file_name)
    _note_what_is_missing(draft, chosen)
    draft.refuse_lots_of_the_future()
    statement = draft.finish(chosen.name, chosen.kind)
    quarrels = disagreements([statement])
    if quarrels:
        raise StatementError(quarrels)
    return statement


def recognise(file: File, head: list[Row]) -> Format:
    """The one format that knows a file.

    Raises
    ------
    StatementError
        If none does, or more than one.
    """
    matching = [each for each in formats() if each.recognises(file, head)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = " and ".join(each.title for each in matching)
        raise refusal(file.name, None, f"titles that fit {names}", "one format", "Report this file's titles.")
    known = "; ".join(each.title for each in formats())
    first = head[0].first[:60] if head else file.text.lstrip()[:60]
    raise refusal(
        file.name,
        None,
        f"a file that begins with {first!r}" + _other_delimiter(head),
        f"one of: {known}",
        "Download one of these, or enter the lots in our own CSV, or events in our own document (`bandwise schema events`).",
    )


def _other_delimiter(head: list[Row]) -> str:
    """A hint when the cells seem to be parted by something else than commas."""
    texts = [row.first for row in head if not row.is_blank]
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if texts and sum(text.count(mark) >= 3 for text in texts) * 2 > len(texts):
            return f" and seems to be parted by {name}, not commas"
    return ""


def _load(source: Path | str | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or "the file"
    path = Path(source)
    try:
        return path.read_bytes(), name or path.name
    except OSError as error:
        found = "a folder" if path.is_dir() else f"no file that can be read ({error.strerror})"
        raise refusal(name or str(path), None, found, "a file", "Check the path.") from None
    except ValueError:
        raise refusal(name or repr(str(path)), None, "a path no file can have", "a file", "Check the path.") from None


def _note_what_is_missing(draft: Draft, chosen: Format) -> None:
    """Note a file that gave nothing, perhaps cut off, and totals of an unknown day, which nothing can be held against."""
    if draft.as_of is None and draft.has_totals:
        step = "Name the day when importing, so that the ledger can be held against these totals."
        draft.problem(Severity.NOTE, None, "no day", "the day the positions and the cash stand for", step)
    if draft.is_empty:
        draft.problem(
            Severity.NOTE, None, "no row that holds anything", f"rows of {chosen.title}", "Fine if the account was empty."
        )
