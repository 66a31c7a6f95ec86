"""Files of other kinds are refused with a word on what they seem to be."""

from pathlib import Path

import pytest

from lots.errors import InputError
from lots.importers import Known, StatementError, read_statement

LOT = b"account,symbol,acquired,quantity,cost_basis\njoint,VTI,2020-03-16,10,1300.25\n"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \r\n", "an empty file"),
        (b"PK\x03\x04....", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0....", "old Excel file"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>Log in</html>", "a web page"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "average cost"),
        (b'<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX></OFX>', "average cost"),
        (b"a;b;c;d\n1;2;3;4\n5;6;7;8\n", "semicolons"),
        (b"a\tb\tc\td\n1\t2\t3\t4\n", "tabs"),
        (b"Date,Payee,Amount\n2026-01-02,Baker,-3.20\n", "our own CSV"),
        (b"account,symbol\0", "UTF-16"),
    ],
)
def test_another_kind_of_file_is_named(raw: bytes, word: str) -> None:
    """The commonest mistake is the wrong download; the message must tell which one is needed."""
    with pytest.raises(StatementError, match=word):
        read_statement(raw, "download.csv")


def test_an_error_is_one_of_the_ledgers_input_errors_and_names_the_file() -> None:
    """A caller catches one family, and a person knows which of ten files it was."""
    with pytest.raises(InputError, match=r"^lots\.csv, row 2: "):
        read_statement(LOT.replace(b"10,", b"ten,"), "lots.csv")


def test_a_path_gives_its_own_name(tmp_path: Path) -> None:
    """Events point at the file by the name the user knows."""
    path = tmp_path / "mine.csv"
    path.write_bytes(LOT)
    source = read_statement(path).lots[0].source
    assert source is not None
    assert source.file == "mine.csv"


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_a_path_that_cannot_be_read_is_an_input_error(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are the user's to mend, like any other input."""
    with pytest.raises(InputError, match=r"Check the path"):
        read_statement(tmp_path / name)


def test_every_fault_of_a_file_is_reported_at_once() -> None:
    """Mending a file one message at a time is how people give up."""
    raw = LOT + b"joint,,16.03.2020,1.000.000,1E5\n,BND,2020-01-01,1,(Long Term)\njoint,VTI,2020-01-01,-4,10\n"
    with pytest.raises(StatementError) as caught:
        read_statement(raw, "lots.csv")
    assert [problem.row for problem in caught.value.problems] == [3, 3, 3, 3, 4, 4, 5]
    assert "'1E5' under 'cost_basis'" in str(caught.value)


def test_a_file_with_one_bad_row_leaves_no_trace() -> None:
    """Half a file is worse than none: the missing lots would look sold."""
    with pytest.raises(StatementError):
        read_statement(LOT + b"joint,VTI,2020-03-17,10\n", "lots.csv")


def test_a_cell_that_is_never_closed_does_not_swallow_the_file() -> None:
    """Everything behind the quote would vanish into one cell without a word."""
    raw = LOT + b'joint,BND,2020-01-02,1,"80\njoint,BND,2020-01-03,1,81\n'
    with pytest.raises(StatementError, match=r"row 3: found a quoted cell that is never closed"):
        read_statement(raw, "lots.csv")


def test_the_caller_names_an_account_the_file_calls_otherwise() -> None:
    """A broker's number becomes the household's name before anything is booked."""
    known = Known(accounts={"joint": "ours"})
    assert read_statement(LOT, "lots.csv", known=known).accounts == ("ours",)


def test_a_file_of_a_hundred_thousand_rows_tells_how_far_it_is() -> None:
    """A long import without a sign of life gets killed."""
    rows = b"".join(b"joint,VTI,2020-03-16,%d,%d.25\n" % (number, number) for number in range(1, 100_001))
    seen: list[tuple[int, int]] = []
    statement = read_statement(
        b"account,symbol,acquired,quantity,cost_basis\n" + rows, "big.csv", progress=lambda *step: seen.append(step)
    )
    assert len(statement.lots) == 100_000
    assert len(seen) > 50
    assert seen == sorted(seen)
    assert seen[-1] == (100_001, 100_001)
