"""What the tests of the house look at: the files of the checkout as git sees them, and the source as parsed trees."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Trees = dict[str, ast.Module]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder the project lives in."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[str]:
    """Every file git tracks or would track, as a path from the root with forward slashes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({path for path in listing.splitlines() if (ROOT / path).is_file()})


@pytest.fixture(scope="session")
def texts(files: list[str]) -> dict[str, str]:
    """The content of every file that is text."""
    found = {}
    for path in files:
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            found[path] = content.decode("utf-8")
    return found


@pytest.fixture(scope="session")
def trees(texts: dict[str, str]) -> Trees:
    """Every Python file, parsed."""
    return {path: ast.parse(text, path) for path, text in texts.items() if path.endswith(".py")}


@pytest.fixture(scope="session")
def product(trees: Trees) -> Trees:
    """The files of the two packages."""
    found = {path: tree for path, tree in trees.items() if path.startswith(("lots/", "optimizer/"))}
    assert found, "no source file found: the tests of the house would pass on nothing"
    return found
