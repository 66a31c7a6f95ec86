"""Which law this is: one word that changes when any figure on file does."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def law_fingerprint() -> str:
    """The first twelve hex digits of a SHA-256 over every law file, federal and of the states, by name and text."""
    digest = hashlib.sha256()
    for name, text in sorted(_files(resources.files("lots.law"), "")):
        digest.update(f"{name}\0".encode() + text + b"\0")
    return digest.hexdigest()[:12]


def _files(folder: Traversable, place: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{place}{entry.name}/")
        elif entry.name.endswith(".toml"):
            yield f"{place}{entry.name}", entry.read_bytes()
