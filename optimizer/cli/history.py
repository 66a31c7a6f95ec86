"""Where a command that asks the ledger finds the history: a document of events, or a folder that keeps one."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optimizer.cli.files import STANDARD, read_text
from optimizer.errors import Fault, InputFaults

if TYPE_CHECKING:
    from lots.ledger.document import History

Place = Annotated[
    Path,
    typer.Argument(metavar="DIR|EVENTS.json", help="A folder with a ledger, or a document of events; - reads standard input."),
]
Day = Annotated[
    datetime | None, typer.Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day the question is asked; today.")
]

HOUSEHOLD_FILES = ("household.toml", "lots.csv", "prices.csv", "ledger.url")
"""What a household's folder may hold besides its ledger."""


def read_history(place: Path, day: date | None = None) -> "History":
    """Read a history, of a document (a file that ends in .json, or standard input) or of the ledger a folder keeps.

    Parameters
    ----------
    place : the document, the folder, or the ledger's file.
    day : the day states are judged on; what the document says, or the day of the last event, when left out.
    """
    from lots.ledger.document import history_of, read
    from lots.wash import WashRules

    if place == STANDARD or place.suffix.lower() == ".json":
        name = "standard input" if place == STANDARD else str(place)
        told = read(read_text(place), name)
        if day is None:
            return told
        return history_of(told.events, told.accounts, told.securities, told.rules, day, _stated(told))
    if not place.exists():
        raise InputFaults([Fault((), "nothing", "a folder with a ledger, or a document of events", where=str(place))])

    from lots.ledger.store import open_store

    kept = open_store(place).history()
    return history_of(kept.events, kept.accounts, kept.securities, WashRules(), day)


def inputs_of(place: Path, *more: Path | None) -> tuple[Path, ...]:
    """Every file a question of a place reads, so that no answer is written over one of them.

    Parameters
    ----------
    place : as :func:`read_history` takes it; of a folder every file that a household keeps there counts, read or not.
    more : further files the command reads.
    """
    named = [each for each in more if each is not None]
    if not place.is_dir():
        return (*_with_companions(place), *named)
    return (*(place / name for name in HOUSEHOLD_FILES), *_with_companions(place / "ledger.db"), *named)


def _with_companions(ledger: Path) -> tuple[Path, ...]:
    """A file and those that SQLite keeps beside it, which hold what was written last."""
    return (ledger, *(ledger.with_name(ledger.name + ending) for ending in ("-wal", "-shm", "-journal")))


def on(day: datetime | None) -> date:
    """The day asked about, or today."""
    return day.date() if day else date.today()


def _stated(told: "History") -> dict[str, date]:
    """What the document itself says of coverage, not what was taken for granted for its own day."""
    return {name: until for name, until in told.loaded_until.items() if until != told.as_of}
