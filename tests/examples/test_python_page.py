"""The page on Python runs as it stands: its blocks in their order, its package found by its entry points."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGE = (EXAMPLES / "python" / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)

AFTER = """
from datetime import date

assert plan.frames.trades.amount.sum() > 0
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
    """In a folder with the examples and an installed package, as a reader would have it."""
    shutil.copytree(EXAMPLES / "year_end", tmp_path / "year_end")
    script = []
    for language, file, text in BLOCK.findall(PAGE):
        assert len(text.splitlines()) <= 30, text
        if file:
            (tmp_path / file).write_text(text)
        elif language == "toml":
            _install(tmp_path, text)
        else:
            script.append(text)
    (tmp_path / "page.py").write_text("\n".join([*script, AFTER]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES.parent), str(tmp_path)])}
    run = subprocess.run([sys.executable, "page.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "bands.html").stat().st_size > 10_000


def _install(folder: Path, toml: str) -> None:
    """What an installer leaves of a package's entry points."""
    info = folder / "house-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house\nVersion: 1.0\n")
    lines = toml.replace('"', "").replace("[project.entry-points.", "[").splitlines()
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
