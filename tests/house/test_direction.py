"""The import contracts hold, and each of them breaks when it should."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = "from importlinter.cli import lint_imports_command as check; check(['--no-cache'])"


def broken_contracts(folder: Path) -> str:
    """The report of the contracts on the packages in `folder`; empty when all of them hold."""
    run = subprocess.run([sys.executable, "-c", CHECK], cwd=folder, capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else run.stdout + run.stderr


@pytest.fixture
def house(root: Path, tmp_path: Path) -> Path:
    """A copy of both packages and their contracts that a test may spoil."""
    for package in ("lots", "optimizer"):
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / ".importlinter", tmp_path)
    return tmp_path


def test_every_import_points_down(house: Path) -> None:
    """A room that rests only on the rooms below can be read, tested and replaced without the rooms above."""
    assert broken_contracts(house) == ""


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("lots/units.py", "import lots.lot", "lots: every room rests on the rooms below it"),
        ("lots/units.py", "import lots.dates", "lots: every room rests on the rooms below it"),
        ("lots/attic.py", "", "lots: every room rests on the rooms below it"),
        ("lots/units.py", "import optimizer", "lots: facts and law know nothing of wishes"),
        ("lots/lot.py", "import numpy", "lots: no library of floats or solvers, however far down"),
        ("optimizer/errors.py", "import optimizer.cli", "optimizer: every room rests on the rooms below it"),
        ("optimizer/attic.py", "", "optimizer: every room rests on the rooms below it"),
    ],
)
def test_an_import_the_wrong_way_is_noticed(house: Path, path: str, line: str, contract: str) -> None:
    """A contract nobody has seen broken may be checking nothing."""
    spoiled = house / path
    written = spoiled.read_text(encoding="utf-8") if spoiled.exists() else ""
    (house / "optimizer" / "cli").mkdir(exist_ok=True)
    (house / "optimizer" / "cli" / "__init__.py").touch()
    spoiled.write_text(f"{written}\n{line}\n", encoding="utf-8")
    assert f"{contract} BROKEN" in broken_contracts(house)
