"""Where things may lie and what they may be called."""

import re

import pytest

TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "lots", "optimizer", "tests", "examples", "seeds"}
DRAWERS = re.compile(r"(utils?|helpers?|common|misc|core|base|managers?|shared|stuff)", re.IGNORECASE)


def strangers(files: list[str]) -> list[str]:
    """Top-level entries that are neither agreed nor dot-files."""
    heads = {path.split("/")[0] for path in files}
    return sorted(head for head in heads if head not in TOP_LEVEL and not head.startswith("."))


def drawers(files: list[str]) -> list[str]:
    """Python files that bear, or lie in a folder that bears, a name which says nothing."""
    python = (path for path in files if path.endswith(".py"))
    return [path for path in python if any(DRAWERS.fullmatch(part) for part in path.removesuffix(".py").split("/"))]


def test_the_top_level_holds_the_agreed_entries_and_nothing_else(files: list[str]) -> None:
    """A reader finds the same eight names at every visit; whatever is new belongs inside one of them."""
    assert strangers(files) == []


def test_no_module_is_a_junk_drawer(files: list[str]) -> None:
    """A drawer named after nothing fills with everything; what is in it lives in the lowest room that uses it."""
    assert drawers(files) == []


@pytest.mark.parametrize("path", ["docs/index.md", "setup.py", "Makefile"])
def test_a_new_top_level_entry_is_noticed(path: str) -> None:
    """The rule above can fail."""
    assert strangers(["README.md", ".ci/run", path]) == [path.split("/")[0]]


@pytest.mark.parametrize("path", ["lots/utils.py", "optimizer/helpers/rows.py", "tests/lots/common.py", "lots/Base.py"])
def test_a_junk_drawer_is_noticed(path: str) -> None:
    """The rule above can fail, and names that only contain such a word pass."""
    assert drawers(["lots/database.py", path]) == [path]
