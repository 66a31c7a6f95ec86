"""`bandwise year-end` at the keyboard."""

import json
from pathlib import Path

import pytest

from optimizer.cli import Exit, main

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"


def test_the_page_says_what_to_do_on_both_dates_and_on_whose_law(capsys: pytest.CaptureFixture[str]) -> None:
    """The first screen has to answer the question; the stamp must not be missed."""
    assert main(["year-end", str(FOLDER)]) == Exit.DONE
    page = " ".join(capsys.readouterr().out.split())
    for words in (
        "The end of 2026 and January 2027, planned together",
        "Now: trade on 20 November 2026",
        "In January: trade on 4 January 2027",
        "Tax year 2027 is computed on the figures of 2026",
        "over everything now",
        "XLK-joint-20251210-1 2026-12-11 21",
        "The two agree",
    ):
        assert words in page, words


def test_every_result_is_written_and_a_document_is_asked_like_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question that was asked gives the same answer again, on this machine or another."""
    names = ("answer.json", "now.csv", "january.csv", "question.json")
    files = [tmp_path / name for name in names]
    words = [str(word) for pair in zip(("--json", "--december", "--january", "--problem"), files, strict=True) for word in pair]
    assert main(["year-end", str(FOLDER), "--bands-by", "january", *words]) == Exit.DONE
    capsys.readouterr()
    answer = json.loads(files[0].read_text("utf-8"))
    assert (answer["format"], answer["bands_by"]) == ("bandwise.year-end/1", "january")
    assert files[1].read_text("utf-8") != files[2].read_text("utf-8")
    assert main(["year-end", str(files[3]), "--json", "-"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out) == answer


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--bands-by", "spring"], "december or january"),
        (["--within", "-1"], "days from 0 to"),
        (["--json", "/no/such/folder/x.json"], "does not exist"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the keyboard is named with what was expected."""
    assert main(["year-end", str(FOLDER), *words]) == Exit.INPUT
    assert told in capsys.readouterr().err
