"""Every example runs and prints what its docstring promises.

An example is a folder of `examples/` or a script in it. A script's docstring ends with a section `Prints`: a heading, a
rule of dashes, then lines of output in their order. Three dots stand for any text, so a promise can name what matters
and leave out what a solver's last digit may change.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCRIPTS = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py"))


def promised_lines(source: str) -> list[str]:
    """The lines under the heading `Prints` of a script's docstring."""
    docstring = ast.get_docstring(ast.parse(source)) or ""
    section = re.search(r"^Prints\n-{3,}\n(.*)", docstring, re.MULTILINE | re.DOTALL)
    return [line.strip() for line in section[1].splitlines() if line.strip()] if section else []


def broken_promises(promised: list[str], printed: str) -> list[str]:
    """Promised lines that do not appear in the output, in their order."""
    remaining = iter(printed.splitlines())
    patterns = {line: ".*".join(re.escape(part) for part in line.split("...")) for line in promised}
    return [line for line in promised if not any(re.fullmatch(rf"\s*{patterns[line]}\s*", text) for text in remaining)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_example_prints_what_it_promises(script: str, root: Path, tmp_path: Path) -> None:
    """A reader tries the examples first; one that fails or says something else costs more trust than none."""
    promised = promised_lines((EXAMPLES / script).read_text(encoding="utf-8"))
    assert promised, f"examples/{script}: end its docstring with a section 'Prints' that lists lines of its output"
    copy = shutil.copytree(EXAMPLES, tmp_path / "examples") / script
    environment = {**os.environ, "PYTHONPATH": str(root)}
    run = subprocess.run(
        [sys.executable, copy.name],
        cwd=copy.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert broken_promises(promised, run.stdout) == [], run.stdout


def test_a_promise_is_read_from_the_docstring() -> None:
    """A script without the section promises nothing, and that is a fault of its own."""
    assert promised_lines('"""Plan.\n\nPrints\n------\ntax $...\n\n  gap 0\n"""\n') == ["tax $...", "gap 0"]
    assert promised_lines('"""Plan. Prints a plan."""\n') == []


@pytest.mark.parametrize("printed", ["", "tax 12", "gap 0\ntax $12", "tax $12\ngap 0.1"])
def test_a_broken_promise_is_noticed(printed: str) -> None:
    """The rule above can fail: nothing printed, another line, the wrong order, a longer line."""
    assert broken_promises(["tax $...", "gap 0"], printed) != []


def test_a_kept_promise_passes() -> None:
    """Lines between the promised ones do not matter, nor does their indentation."""
    assert broken_promises(["tax $...", "gap 0"], "plan\n  tax $12.00\nmore\ngap 0 \n") == []
