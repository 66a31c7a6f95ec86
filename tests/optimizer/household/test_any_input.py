"""Whatever the three files hold, they are read or refused with a place; nothing crashes and nothing half-true passes."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.check import faults_of
from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.problem import Problem

SOUND = Path(__file__).parents[2] / "cases" / "household_errors" / "sound"
FILES = ("household.toml", "lots.csv", "prices.csv")
TEXTS = {name: (SOUND / name).read_text("utf-8") for name in FILES}

NUMBERS = "1 -1 0 1e400 -1e-400 1e99999999999999999999 nan inf 0x1F 1_000 100 33.333333 " + "9" * 400
DATES = "2026-12-14 2026-12-14T10:00:00Z 10:00:00 9999-12-31 0001-01-01"
OTHERS = (
    """ true "" "?" "joint" "VTI" "technology" [] {} [[]] [{}] ["joint"] ["joint",1] {a=1} "\\u0000" '''

''' """
    + f'"{"x" * 200}"'
)
VALUES = st.sampled_from([*NUMBERS.split(" "), *DATES.split(" "), *OTHERS.strip().split(" ")])
MARKS = ["-1", "0", "1e3", "nan", "?", "joint", "VTI", "2026-12-15", "0000-00-00", '"', '""', "١", "1" * 30]
CELLS = st.sampled_from(["", ",", "\n", *MARKS])
SNIPPETS = st.one_of(
    st.text(max_size=5), VALUES, CELLS, st.sampled_from(["[accounts.joint]", "[[lots]]", "=", "\r", "\x00", "\ud7ff"])
)


def outcome(files: dict[str, bytes]) -> Problem | None:
    """Read a folder of these files; a refusal must say where, what and what instead."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        try:
            return read_household(Path(folder))
        except InputFaults as error:
            refusal = error
    assert refusal.faults
    assert all(fault.place.startswith(FILES) and fault.found and fault.expected for fault in refusal.faults)
    assert all(len(str(fault)) < 2_000 for fault in refusal.faults)
    return None


def check(files: dict[str, bytes]) -> None:
    """What is read has no fault left and survives the journey through JSON."""
    problem = outcome(files)
    if problem is not None:
        assert faults_of(problem) == []
        assert faults_of(Problem.from_json(problem.to_json())) == []


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=60)))
def test_any_bytes_are_read_or_refused(files: dict[str, bytes]) -> None:
    """A file of another program must not look like a bug of this one."""
    check({name: text.encode() for name, text in TEXTS.items()} | files)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FILES), st.integers(0, 2000), st.integers(0, 40), SNIPPETS), min_size=1, max_size=4))
def test_a_sound_household_with_anything_cut_out_and_put_in_is_read_or_refused(edits: list[tuple[str, int, int, str]]) -> None:
    """Slips of the keyboard happen in files that were right a minute ago."""
    texts = dict(TEXTS)
    for name, start, length, snippet in edits:
        at = start % (len(texts[name]) + 1)
        texts[name] = texts[name][:at] + snippet + texts[name][at + length :]
    check({name: text.encode() for name, text in texts.items()})


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), VALUES), min_size=1, max_size=4))
def test_a_sound_household_with_any_values_is_read_or_refused(edits: list[tuple[int, str]]) -> None:
    """Every key meets every kind of value, also two and three at a time."""
    lines = TEXTS["household.toml"].split("\n")
    keyed = [position for position, line in enumerate(lines) if "=" in line]
    for choice, value in edits:
        position = keyed[choice % len(keyed)]
        lines[position] = f"{lines[position].partition('=')[0]}= {value}"
    check({name: text.encode() for name, text in (TEXTS | {"household.toml": "\n".join(lines)}).items()})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FILES[1:]), st.integers(0, 100), CELLS), min_size=1, max_size=4))
def test_sound_tables_with_any_cells_are_read_or_refused(edits: list[tuple[str, int, str]]) -> None:
    """Every column meets every kind of cell."""
    texts = dict(TEXTS)
    for name, choice, value in edits:
        cells = texts[name].replace("\n", ",\n,").split(",")
        cells[choice % len(cells)] = value
        texts[name] = ",".join(cells).replace(",\n,", "\n")
    check({name: text.encode() for name, text in texts.items()})
