"""Our own history document among the files of `bandwise import`: what no broker's file says, and corrections.

A document as `bandwise schema events` describes is taken word for word: its events keep their ids, and `replaces` and
`void` point at events of the ledger. Brokers' files go through the choice of what is new to an account; a person who
writes an event down has chosen.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lots.accounts import Account
from lots.errors import InputError
from lots.events import Event
from lots.ledger.document import read
from lots.securities import Security
from optimizer.errors import Fault, InputFaults

EXAMPLE = (
    '{"accounts": [], "events": [{"event": "split", "date": "2026-06-10", "account_id": "joint", "symbol": "VTI", '
    '"new_shares": 2, "old_shares": 1}]}'
)
"""One event on one line, for messages; a test keeps it true."""


@dataclass(frozen=True)
class Document:
    """A history document, read: `events` say where they stand in it."""

    file: str
    sha256: str
    accounts: tuple[Account, ...]
    securities: tuple[Security, ...]
    events: tuple[Event, ...]


def is_document(path: Path) -> bool:
    """Whether a file is JSON, which of all that can be imported our own document alone is."""
    try:
        with path.open("rb") as file:
            return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except OSError:
        return False


def read_document(path: Path, text: str) -> Document:
    """Read a history document.

    Parameters
    ----------
    path : the file it stands in, by whose name its events are known.
    text : what stands there.

    Raises
    ------
    InputFaults
        With every fault of the document, each at its place.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        told = read(text, path.name)
    except InputError as error:
        raise InputFaults([_fault(line, path) for line in str(error).splitlines()]) from None
    return Document(path.name, sha256, told.accounts, told.securities, tuple(_sourced(told.events, path.name, sha256)))


def of_one_kind(accounts: Iterable[tuple[str, Account]]) -> list[Fault]:
    """A fault for every account that is said to be of two kinds.

    Parameters
    ----------
    accounts : where it is said, and the account.
    """
    first: dict[str, tuple[str, Account]] = {}
    faults = []
    for where, account in accounts:
        there, before = first.setdefault(account.account_id, (where, account))
        if before.kind != account.kind:
            found = f"the account {account.account_id!r} as {account.kind.value}"
            step = "The kind decides how every sale in it is taxed. Take it back, or give the account another name."
            faults.append(Fault((), found, f"{before.kind.value}, as in {there}", step, where))
    return faults


def _sourced(events: Sequence[Event], file: str, sha256: str) -> Iterable[Event]:
    """The events with the hash of the document they stand in, unless they name another file."""
    for event in events:
        source = event.source
        is_ours = source is not None and source.file == file and source.sha256 is None
        yield replace(event, source=replace(source, sha256=sha256)) if source and is_ours else event


def _fault(line: str, path: Path) -> Fault:
    """A sentence about the document as a fault: the place, what was found, what was expected."""
    place, _, rest = line.partition(": found ")
    found, _, expected = rest.rpartition("; expected ")
    if not found:
        return Fault(
            (), line.removeprefix(f"{path.name}").lstrip(":, "), "a history document", f"For example {EXAMPLE}", str(path)
        )
    return Fault((), found, expected.rstrip("."), "`bandwise schema events` describes the document.", place)
