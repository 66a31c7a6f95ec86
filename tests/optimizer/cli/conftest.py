"""The README's smallest household, which the command line's tests plan as a reader of the page would."""

import re
from pathlib import Path

import pytest

HOUSEHOLD_FILES = ("household.toml", "lots.csv", "prices.csv")


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parents[3]


@pytest.fixture
def smallest(project: Path, tmp_path: Path) -> Path:
    """The household of the README, copied out of the page into a folder."""
    page = (project / "README.md").read_text(encoding="utf-8")
    folder = tmp_path / "household"
    folder.mkdir()
    for name in HOUSEHOLD_FILES:
        blocks = re.findall(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```", page, re.DOTALL)
        assert len(blocks) == 1, f"the README shows {name} {len(blocks)} times"
        (folder / name).write_text(blocks[0], encoding="utf-8")
    return folder
