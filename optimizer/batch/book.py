"""Where the households of a book are, and how one of them becomes a problem."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.errors import Fault, InputFaults
from optimizer.problem import Problem

if TYPE_CHECKING:
    from optimizer.batch.store import BookStore

TOML_NAME = "household.toml"
LOTS_NAME = "lots.csv"
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Entry:
    """One household by name; `place` is its folder or its problem document, empty for one kept in the store."""

    name: str
    place: str

    def read(self, store: "BookStore") -> Problem:
        """The household's problem.

        Raises
        ------
        InputFaults, LotsError, OSError
            If it cannot be read or contradicts itself.
        """
        from optimizer.household import read_household

        if not self.place:
            return Problem.from_json(store.kept_problem(self.name))
        path = Path(self.place)
        return read_household(path) if path.is_dir() else Problem.from_json(_text_of(path))

    def fingerprint(self, store: "BookStore") -> str:
        """A SHA-256 over the bytes it is read from, which also a household that cannot be read has."""
        digest = hashlib.sha256()
        if not self.place:
            digest.update(store.kept_problem(self.name).encode())
            return digest.hexdigest()
        path = Path(self.place)
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.is_file() and file.suffix in (".toml", ".csv", ".json", ".url", ".db"):
                digest.update(f"{file.name}\0".encode() + file.read_bytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Book:
    """Households in the order of their names."""

    where: str
    entries: Sequence[Entry]


def open_book(where: str | Path, store: "BookStore | None" = None) -> Book:
    """List the households of a folder, or with a store those it keeps.

    Parameters
    ----------
    where : a folder whose sub-folders have a `household.toml` or which has problem documents, `*.json`; or the store's place.
    store : the store, for a book kept there.

    Raises
    ------
    InputFaults
        If there is no such folder, or not one household in it or in the store.
    """
    if store is not None:
        kept = store.kept_names()
        if not kept:
            step = "`bandwise batch load DIR --store WHERE` keeps a folder's households there."
            raise InputFaults([Fault((), "no household", "a store that keeps households", step, str(store.place))])
        return Book(str(store.place), tuple(Entry(name, "") for name in kept))
    folder = Path(where)
    if not folder.is_dir():
        raise InputFaults([Fault((), "no such folder", "a folder of households", where=str(folder))])
    # A folder with lots and no household file is a household whose file was lost or mistyped, which has to be told.
    folders = {path.parent for name in (TOML_NAME, LOTS_NAME) for path in folder.glob(f"*/{name}") if not path.is_dir()}
    found = [Entry(path.name, str(path)) for path in folders]
    found += [Entry(path.stem, str(path)) for path in folder.glob("*.json") if not path.is_dir()]
    if not found:
        step = f"Each household is a folder with a {TOML_NAME} (`bandwise init DIR` writes one) or a problem document, *.json."
        raise InputFaults([Fault((), "no household", "a folder of households", step, str(folder))])
    found.sort(key=lambda entry: entry.name)
    twice = sorted({a.name for a, b in pairwise(found) if a.name == b.name})
    if twice:
        found_words = f"{', '.join(twice)} both as a folder and as a document"
        raise InputFaults([Fault((), found_words, "one of them for each household", where=str(folder))])
    return Book(str(folder), tuple(found))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"the byte {error.object[error.start]:#04x} at position {error.start}, which is not UTF-8"
        raise InputFaults([Fault((), found, "a problem document, JSON in UTF-8", where=str(path))]) from None
