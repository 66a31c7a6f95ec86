"""The page on Python runs as it stands: its blocks in their order, its package found by its entry points."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGE = (EXAMPLES / "python" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)

AFTER = """
from datetime import date

from importlib.metadata import entry_points
groups = ("bandwise.blocks", "bandwise.policies", "bandwise.importers")
found = {each.name for group in groups for each in entry_points(group=group)}
assert found >= {"no_large_purchase", "loudest", "house-lots"}, found

assert plan.trades.amount.sum() > 0
assert plan.trades.equals(plan.frames.trades) and plan.lots.equals(plan.frames.lots)
asked = (plan.plot.lots, plan.plot.placement, plan.plot.calendar)
figures = [plan.plot.bands(), plan.plot.levers(), *(chart(problem) for chart in asked)]
assert all(len(each.data) for each in figures)
assert set(plan.frames.bands.columns) >= {"weight_before", "weight_after", "trigger_lower"}
assert abs(plan.frames.tax.loc["total", "with_plan"] - float(plan.tax.with_plan.total)) < 0.005
assert plan.frames.levers.shape[0] == 7
assert len(plan.frames.lots) == len(plan.sales) + len(plan.gifts)
assert book.disposals[0].gain == 400, book.disposals
assert book.disposals[0].term == "long", book.disposals
assert book.open_lots["first"].cost_basis == 1500
whole = plan.frames.trades.query("action == 'buy'").groupby("symbol").amount.sum().max()
assert whole > 20_001 >= most

from optimizer.targets.registry import policy_of
assert policy_of("loudest", {"months": 6}).months == 6

from lots.importers.registry import read_statement
text = b"Depot,Paper,Bought,Pieces,Paid\\njoint,VTI,2020-03-16,10,1300.25\\n"
assert str(read_statement(text, "house.csv").lots[0].cost_basis) == "1300.25"

import optimizer.rebalance
from optimizer import rebalance as again
assert again(problem, compare=False).problem == plan.problem
"""


def test_every_block_of_the_page_runs(tmp_path: Path) -> None:
    """In a folder with the examples and the page's package built and installed, as a reader would have it."""
    shutil.copytree(EXAMPLES / "year_end", tmp_path / "year_end")
    package, installed = tmp_path / "package", tmp_path / "installed"
    package.mkdir()
    script = []
    for language, file, text in BLOCK.findall(PAGE):
        assert len(text.splitlines()) <= 30, text
        if file:
            (package / file).write_text(text)
        elif language == "python":
            script.append(text)
    _install(package, installed)
    (tmp_path / "page.py").write_text("\n".join([*script, AFTER]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES.parent), str(installed)])}
    run = subprocess.run([sys.executable, "page.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "bands.html").stat().st_size > 10_000


def _install(package: Path, place: Path) -> None:
    """Build a package and install it into a place, without a network."""
    words = ("install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps", "--target", str(place), str(package))
    run = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_wheel_says_that_both_packages_are_typed(tmp_path: Path) -> None:
    """A type checker reads the annotations of a package only if the marker is in what is installed."""
    script = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=EXAMPLES.parent, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert {"lots/py.typed", "optimizer/py.typed"} <= set(zipfile.ZipFile(wheel).namelist())
