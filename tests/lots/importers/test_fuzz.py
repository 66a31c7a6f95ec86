"""No input crashes an importer, and none is half taken."""

import csv
import io
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.importers import Known, Statement, StatementError, read_statement

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.glob("*/*.*") if path.suffix in (".csv", ".xml", ".beancount"))
SAMPLES = [path.read_bytes() for path in FILES]
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
KNOWN = Known(account="X99999999", symbol="ACME")
NASTY = [
    b'"', b",", b"\n", b"\r", b"\r\n", b"-", b"(", b")", b"$", b"--", b"N/A", b"\xff", b"\x00", b"\xc3\xa9", b"1E400", b"NaN",
    b"Infinity", b"9" * 40, b"0", b"-0.00", b"99/99/9999", b"12/31/9999", b" as of ", b"<", b"&", b"{", b"}", b"\xe2\x80\xae",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&lol;", b"~", b"\xd9\xa3", b"(Long Term)",
]  # fmt: skip


def read(raw: bytes) -> Statement | None:
    """Read bytes; None when they are refused. Anything but a refusal is a crash."""
    with suppress(StatementError):
        return read_statement(raw, "file", known=KNOWN)
    return None


def taken(statement: Statement) -> Counter[str]:
    """Everything taken from a file, however often, without ids and places."""
    facts = [*statement.lots, *statement.closed_lots, *statement.transactions]
    found = Counter(f"{type(each).__name__} {each.date} {each.event_id[:-16]}" for each in facts)
    found.update(f"position {each.account_id} {each.symbol}" for each in statement.positions)
    found.update(f"cash {each.account_id}" for each in statement.cash)
    return found


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused(raw: bytes) -> None:
    """A picture, a key, a broken disk: whatever it is, the answer is a message."""
    assert read(raw) is None


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=600, deadline=None)
def test_a_damaged_file_is_read_or_refused(sample: bytes, data: st.DataObject) -> None:
    """Every crash here is a traceback in front of a user who only has a slightly odd download."""
    raw = sample
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 10, 200]))
        put = data.draw(st.one_of(st.sampled_from(NASTY), st.binary(max_size=4)))
        raw = raw[:start] + put + raw[start + length :]
    statement = read(raw)
    assert statement is None or not any(problem.is_error for problem in statement.problems)


@given(st.sampled_from(SAMPLES), st.sampled_from(SAMPLES), st.data())
@settings(max_examples=200, deadline=None)
def test_one_file_in_another_is_read_or_refused(one: bytes, other: bytes, data: st.DataObject) -> None:
    """Two downloads pasted into one file happen."""
    cut, start = data.draw(st.integers(0, len(one))), data.draw(st.integers(0, len(other)))
    read(one[:cut] + other[start:])


@given(st.sampled_from([path for path in FILES if path.suffix == ".csv"]), st.data())
@settings(max_examples=400, deadline=None)
def test_a_cell_that_changed_makes_no_row_vanish(path: Path, data: st.DataObject) -> None:
    """A row is taken, listed, or refuses the file; that it is merely passed over must not happen to any."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    whole = read(path.read_bytes())
    row = data.draw(st.sampled_from([row for row in rows if row]))
    row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from(["???", "", "-5", "0", "VTI", "--"]))
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    part = read(text.getvalue().encode())
    assert whole is not None
    assert part is None or sum(taken(part).values()) + len(part.left_out) >= sum(taken(whole).values()) + len(whole.left_out)


@EACH
def test_a_file_cut_off_anywhere_gives_nothing_that_was_not_in_it(path: Path) -> None:
    """Of a download that broke, at most the last row may be cut short; the rows before it stay what they are."""
    whole = read(path.read_bytes())
    assert whole is not None
    everything = taken(whole)
    raw = path.read_bytes()
    for end in range(0, len(raw), max(1, len(raw) // 60)):
        part = read(raw[:end])
        if part is not None:
            assert sum((taken(part) - everything).values()) <= 1


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix != ".beancount"], ids=lambda path: path.name)
def test_a_file_without_one_of_its_lines_is_never_more_than_it_was(path: Path) -> None:
    """A line deleted in an editor takes away what it said and nothing else appears in its place.

    Not so in a ledger, where a sale deleted leaves its lot open.
    """
    lines = path.read_bytes().splitlines(keepends=True)
    whole = read(b"".join(lines))
    assert whole is not None
    for gone in range(len(lines)):
        part = read(b"".join(lines[:gone] + lines[gone + 1 :]))
        if part is not None and len(part.accounts) >= len(whole.accounts):
            assert sum(taken(part).values()) <= sum(taken(whole).values())
