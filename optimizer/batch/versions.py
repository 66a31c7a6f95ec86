"""What decides an answer besides the question: the program and the law."""

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from lots.law.fingerprint import law_fingerprint
from optimizer.release import software_version


@cache
def program_version() -> str:
    """Version of the program and of the law on file, such as ``0.1.0+3f2a… law 9b1c…``.

    Beside the released version stands a digest of the source, so that a tree under change never takes over answers that
    other code has given.
    """
    digest = hashlib.sha256()
    for package in ("lots", "optimizer"):
        _add(resources.files(package), digest)
    return f"{software_version()}+{digest.hexdigest()[:12]} law {law_fingerprint()}"


def _add(folder: Traversable, digest: "hashlib._Hash") -> None:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            _add(entry, digest)
        elif entry.name.endswith(".py"):
            digest.update(entry.name.encode() + entry.read_bytes())


def key_of(question: str, options: str) -> str:
    """SHA-256 of what decides an answer: the question's digest, program and law, and the options."""
    return hashlib.sha256("\0".join((question, program_version(), options)).encode()).hexdigest()
