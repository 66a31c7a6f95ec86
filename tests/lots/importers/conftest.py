"""Where the synthetic statements lie, and how to read one with something changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lots.importers import Known, Statement, read_statement

HERE = Path(__file__).parent


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    """The bytes of a synthetic statement, such as ``schwab/schwab-lots.csv``."""
    return lambda name: (HERE / name).read_bytes()


@pytest.fixture
def read() -> Callable[..., Statement]:
    """Read a synthetic statement after replacing some text in it."""

    def reader(name: str, *changes: tuple[str, str], known: Known | None = None) -> Statement:
        text = (HERE / name).read_bytes().decode("utf-8-sig")
        for old, new in changes:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new, 1)
        return read_statement(text.encode(), Path(name).name, known=known)

    return reader
