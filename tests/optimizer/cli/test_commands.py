"""The command line's own part: exit codes, faults on standard error, and files that are whole or absent."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer.cli import Exit, main
from optimizer.cli.outcome import tell
from optimizer.errors import ContradictoryOrders, Fault, InputFaults
from optimizer.problem import Lever

SOLVER_LIBRARIES = ("cvxpy", "scipy", "highspy", "clarabel")


def run(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own."""
    code = "import sys; from optimizer.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=environment, check=False)


def numbers(schema: object, place: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every part of a JSON Schema that describes a number, with its place."""
    if isinstance(schema, dict):
        if schema.get("type") in ("number", "integer"):
            yield place, schema
        for name, part in schema.items():
            yield from numbers(part, f"{place}/{name}")
    elif isinstance(schema, list):
        for position, part in enumerate(schema):
            yield from numbers(part, f"{place}/{position}")


@pytest.mark.parametrize("document", ["problem", "plan", "tax", "events", "simulation"])
def test_every_number_of_a_schema_has_a_unit(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An outsider who writes a question must not have to guess whether 25 means dollars, shares or per cent."""
    assert main(["schema", document]) == Exit.DONE
    described = list(numbers(json.loads(capsys.readouterr().out)))
    assert len(described) > 20
    assert [place for place, number in described if "unit" not in number] == []


def test_help_and_schema_start_without_a_solver() -> None:
    """Somebody who asks what the program can do should not wait for a solver to load."""
    code = (
        "import sys; from optimizer.cli import main\n"
        "[main(a) for a in (['--help'], ['plan', '--help'], ['schema', 'plan'])]\n"
        f"print(*[name for name in {SOLVER_LIBRARIES!r} if name in sys.modules], sep='', end='', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_names_every_lever(capsys: pytest.CaptureFixture[str]) -> None:
    """The help text is where a user learns what `--without` takes."""
    main(["plan", "--help"])
    shown = capsys.readouterr().out
    assert [lever for lever in Lever if lever not in shown] == []


def test_an_unknown_lever_is_a_fault_that_lists_the_levers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lever spelled wrong must not silently stay on."""
    assert main(["plan", str(tmp_path), "--without", "harvest", "--without", "luck"]) == Exit.INPUT
    said = capsys.readouterr().err
    assert "2 faults" in said
    assert all(word in said for word in ("'harvest'", "'luck'", *Lever))


def test_every_fault_is_told_with_place_found_expected_and_step(capsys: pytest.CaptureFixture[str]) -> None:
    """All faults at once: nobody should mend a file one run at a time."""
    faults = [
        Fault((), "'-5'", "more than 0 shares", "Correct the count.", "lots.csv, line 14"),
        Fault(("securities", 3, "price"), "nothing", "a price"),
    ]
    assert tell(InputFaults(faults)) == Exit.INPUT
    said = capsys.readouterr().err
    words = (
        "2 faults",
        "lots.csv, line 14",
        "'-5'",
        "more than 0 shares",
        "Correct the count.",
        "securities/3/price",
        "a price",
    )
    assert [word for word in words if word not in said] == []


def test_contradictory_orders_are_an_answer_that_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    """The user can only choose differently when the orders that collide are named."""
    assert tell(ContradictoryOrders(("withdraw $50,000 from Joint", "keep every lot of Joint"))) == Exit.CONTRADICTION
    said = capsys.readouterr().err
    assert "withdraw $50,000 from Joint" in said
    assert "keep every lot of Joint" in said
    assert "cannot be met together" in said


def test_a_single_order_that_cannot_be_met_collides_with_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """`Together` would send the reader looking for a second order."""
    assert tell(ContradictoryOrders(("withdraw $5,000,000 from Joint",))) == Exit.CONTRADICTION
    said = capsys.readouterr().err
    assert "This order cannot be met:" in said
    assert "together" not in said
    assert "any one of them" not in said


def test_a_fault_of_the_program_asks_to_be_reported_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """A user cannot mend a bug, but can report it; a traceback would only frighten."""
    assert tell(ZeroDivisionError("division by zero")) == Exit.BUG
    said = capsys.readouterr().err
    assert "report" in said
    assert "Traceback" not in said


def test_what_the_machine_refuses_is_not_called_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    """A full disk or a name too long is for the user to mend; a report about it would help nobody."""
    assert tell(OSError(28, "No space left on device", "plan.json")) == Exit.INPUT
    said = capsys.readouterr().err
    assert "plan.json" in said
    assert "no space left on device" in said
    assert "report" not in said


def test_a_fault_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What stood in a file is quoted back to the user, and must not clear their screen."""
    tell(InputFaults([Fault((), "\x1b[2J\x07", "a name", where="\x1b]0;x\x07")]))
    tell(ContradictoryOrders(("\x1b[2J",)))
    tell(ValueError("\x1b[2J"))
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "line 1"),
        ("[]", "an empty list"),
        ('{"as_of": 1, "as_of": 2}', "'as_of' more than once"),
        ("[1e999999999999999999999]", "an object"),
        ("{}", "as_of"),
        ('{"as_of": "2026-02-30"}', "as_of"),
        ("[" * 100_000, "brackets"),
        ("\x00", "line 1"),
    ],
)
def test_a_bad_document_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, expected: str
) -> None:
    """Whatever comes in, the program says what is wrong with it and leaves no plan that looks like one."""
    question, answer = tmp_path / "problem.json", tmp_path / "plan.json"
    question.write_text(text, encoding="utf-8")
    assert main(["solve", str(question), "-o", str(answer)]) == Exit.INPUT
    places, said = [], capsys.readouterr().err
    assert expected in said
    for line, below in pairwise(said.splitlines()):
        places += [line] if below.startswith("    found:") else []
    assert [place for place in places if not place.startswith(f"  {question}")] == [] != places
    assert [path.name for path in tmp_path.iterdir()] == ["problem.json"]


def test_a_pipe_closed_at_the_other_end_is_no_fault(smallest: Path, tmp_path: Path) -> None:
    """`bandwise solve … | head` must end as quietly as any other command does."""
    question = tmp_path / "problem.json"
    assert main(["plan", str(smallest), "--no-compare", "--problem", str(question)]) == Exit.DONE
    reading, writing = os.pipe()
    os.close(reading)
    code = "import sys; from optimizer.cli import main; sys.exit(main())"
    for words in (["solve", str(question), "--no-compare"], ["plan", str(smallest), "--no-compare"]):
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        assert done.stderr == "", words
    os.close(writing)


def test_a_schema_that_there_is_not_is_a_fault_that_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage is told in one manner, whichever command it was."""
    assert main(["schema", "nonsense"]) == Exit.INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "found:    'nonsense'" in shown.err
    assert "expected: one of problem, plan, year-end, tax, events" in shown.err


def test_a_question_that_cannot_be_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file, a folder and bytes that are no text each have their own message."""
    strange = tmp_path / "latin.json"
    strange.write_bytes(b'{"household": "Caf\xe9"}')
    for path, expected in [(tmp_path / "none.json", "no such file"), (tmp_path, "a folder"), (strange, "byte 19")]:
        assert main(["solve", str(path)]) == Exit.INPUT
        assert expected in capsys.readouterr().err


def test_standard_input_is_read_for_a_dash() -> None:
    """A pipe needs no file between two programs."""
    code = "import sys; from optimizer.cli import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, "solve", "-"], input="{}", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (Exit.INPUT, "")
    assert "as_of" in done.stderr


def test_a_wrong_option_is_a_fault_of_the_input() -> None:
    """The shell's word for wrong usage and ours are the same number."""
    done = run("plan", "somewhere", "--colour", "blue")
    assert (done.returncode, done.stdout) == (Exit.INPUT, "")
    assert "--colour" in done.stderr
