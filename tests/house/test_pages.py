"""A page names only what is there."""

import re
from pathlib import Path

import pytest

PLACE = re.compile(r"`((?:lots|optimizer|tests|examples|seeds|\.ci)/[\w./-]*)`")


def missing_places(text: str, root: Path) -> list[str]:
    """Paths in backticks, from the root of the project, at which nothing lies."""
    return [place for place in PLACE.findall(text) if not (root / place).exists()]


def test_every_path_a_page_names_exists(texts: dict[str, str], root: Path) -> None:
    """A page that points to a file which moved sends its reader looking."""
    pages = {path: text for path, text in texts.items() if path.endswith(".md")}
    assert [f"{path}: {place}" for path, text in pages.items() for place in missing_places(text, root)] == []


@pytest.mark.parametrize("place", ["lots/attic.py", "optimizer/attic/", "tests/house/test_attic.py"])
def test_a_path_that_leads_nowhere_is_noticed(place: str, root: Path) -> None:
    """The rule above can fail, and passes over what is not a path of the project."""
    assert missing_places(f"See `lots/units.py`, `bandwise plan examples/year_end` and `{place}`.", root) == [place]
