"""What is wrong with a household is told with file, line, what was found and what was expected, all of it at once."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from optimizer.errors import Fault, InputFaults
from optimizer.household import read_household

CASES = Path(__file__).parents[2] / "cases" / "household_errors"
Case = dict[str, list[dict[str, str]]]


def cases() -> list[object]:
    """Every case of every file, named by its story."""
    files = {path.stem: tomllib.loads(path.read_text("utf-8"))["case"] for path in sorted(CASES.glob("*.toml"))}
    return [pytest.param(case, id=f"{name}: {case['story']}") for name, part in files.items() for case in part]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A copy of the household that has no fault."""
    return Path(shutil.copytree(CASES / "sound", tmp_path / "sound"))


def faults_in(folder: Path) -> tuple[Fault, ...]:
    """What reading the folder reports."""
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    return refusal.value.faults


def test_the_sound_household_has_no_fault(sound: Path) -> None:
    """Every case below is about its edit alone."""
    assert len(read_household(sound).lots) == 5


@pytest.mark.parametrize("case", cases())
def test_a_fault_is_told_at_its_line_with_what_was_found_and_expected(sound: Path, case: Case) -> None:
    """A person mends what a message points at; one that points elsewhere, or is missing, costs an evening."""
    for edit in case["edits"]:
        text = (sound / edit["file"]).read_text("utf-8")
        assert text.count(edit["old"]) == 1, edit["old"]
        (sound / edit["file"]).write_text(text.replace(edit["old"], edit["new"]), "utf-8")
    told = [{"place": fault.place, "found": fault.found, "expected": fault.expected} for fault in faults_in(sound)]
    assert told == case["faults"]


def test_every_file_that_is_missing_is_named(sound: Path) -> None:
    """Three missing files are one message, not three runs."""
    for name in ("household.toml", "lots.csv", "prices.csv"):
        (sound / name).unlink()
    assert [fault.place for fault in faults_in(sound)] == ["household.toml", "lots.csv", "prices.csv"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    """A mistyped path is told as one."""
    (fault,) = faults_in(tmp_path / "nowhere")
    assert (fault.place, fault.found) == (str(tmp_path / "nowhere"), "no such folder")


def test_a_file_in_place_of_the_folder_is_told(sound: Path) -> None:
    """People point at household.toml itself."""
    (fault,) = faults_in(sound / "household.toml")
    assert (fault.found, fault.expected) == ("a file", "the folder of a household")


@pytest.mark.parametrize("name", ["household.toml", "lots.csv", "prices.csv"])
@pytest.mark.parametrize(
    ("spoil", "line", "found"),
    [
        (lambda data: b"", None, "an empty file"),
        (lambda data: b" \r\n\t\n", None, "an empty file"),
        (lambda data: data[:30] + b"\x00" + data[30:], "1 or 2 or 3", "a zero byte"),
        (lambda data: b"\x00" * 1000, 1, "a zero byte"),
        (lambda data: data.decode().encode("utf-16"), 1, "a file in UTF-16 or UTF-32"),
        (lambda data: data + "# Müller\n".encode("latin-1"), "last", "the byte 0xfc, which is not UTF-8"),
        (lambda data: b"\x80\x04\x95" + data, 1, "the byte 0x80, which is not UTF-8"),
        (lambda data: data + b"x" * 20_000_000, None, "more than"),
    ],
    ids=["empty", "blank", "zero byte", "zeros", "UTF-16", "Latin-1", "binary", "twenty megabytes"],
)
def test_a_file_that_is_no_text_is_told_as_such(
    sound: Path, name: str, spoil: Callable[[bytes], bytes], line: int | str | None, found: str
) -> None:
    """Spreadsheets and sync tools leave such files behind; guessing at their letters would invent numbers."""
    data = (sound / name).read_bytes()
    (sound / name).write_bytes(spoil(data))
    (fault,) = faults_in(sound)
    assert fault.found.startswith(found)
    if line == "last":
        line = data.count(b"\n") + 1
    elif line == "1 or 2 or 3":
        line = data[:30].count(b"\n") + 1
    assert fault.place == (name if line is None else f"{name}, line {line}")


def test_a_folder_in_place_of_a_file_is_told(sound: Path) -> None:
    """A sync tool may make one."""
    (sound / "lots.csv").unlink()
    (sound / "lots.csv").mkdir()
    (fault,) = faults_in(sound)
    assert (fault.place, fault.expected) == ("lots.csv", "a text file")


@pytest.mark.parametrize(
    "text",
    ["x = " + "[" * 1500, "a." * 900 + "a = 1", "x = " + "9" * 1900, "x" * 3000, "[[x]]\n[x]\n", "x = 0000-00-00"],
    ids=["brackets", "dotted keys", "digits", "a long line", "a table that is a list", "no date"],
)
def test_hostile_toml_is_a_fault_like_any_other(sound: Path, text: str) -> None:
    """A file that comes from elsewhere may be made to hang or crash its reader."""
    (sound / "household.toml").write_text(text, "utf-8")
    assert all(fault.place.startswith("household.toml") for fault in faults_in(sound))
