"""A hint to install something works wherever the program was installed from: it names the package, as pyproject.toml does."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HINT = re.compile(r"pip install '([^']+)'")


def test_hints_name_the_packages_of_the_extras() -> None:
    """Bandwise under its own name is found by pip only where somebody has published it."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    known = {requirement for name in ("frames", "cluster", "postgres", "study") for requirement in extras[name]}
    sources = [path.read_text() for room in ("lots", "optimizer") for path in (ROOT / room).rglob("*.py")]
    hints = [hint for text in sources for hint in HINT.findall(text)]
    assert set(hints) == known


def test_the_page_names_every_extra_that_a_user_may_want() -> None:
    """An extra that is named nowhere is found by nobody."""
    page = (ROOT / "README.md").read_text()
    assert all(f"`{name}` (" in page for name in ("frames", "cluster", "postgres", "study"))
