"""Price files: both shapes, what is refused with its line, and what is only doubted."""

from pathlib import Path

import numpy as np
import pytest

from optimizer.errors import InputFaults
from optimizer.market.price_files import read_prices


def write(folder: Path, text: str, name: str = "history.csv") -> Path:
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def daily(prices: list[object], start: str = "2026-01-01") -> str:
    """Rows of a wide table: a price of A that is given and one of B that moves every day."""
    first = np.datetime64(start)
    rows = [f"{first + k},{price},{50 + k % 7 + 0.1 * k}" for k, price in enumerate(prices)]
    return "\n".join(["date,A,B", *rows])


def refusals(path: Path, dividends: Path | None = None) -> list[str]:
    """Everything a file is refused for."""
    with pytest.raises(InputFaults) as caught:
        read_prices(path, dividends)
    return [str(fault) for fault in caught.value.faults]


def test_a_wide_table_is_a_column_a_symbol(tmp_path: Path) -> None:
    """The usual download: adjusted closes side by side, an empty cell before a listing."""
    history = read_prices(write(tmp_path, "date,XLK,XLC\n2018-06-18,70,\n2018-06-19,71.5,50\n")).history
    assert history.symbols == ("XLK", "XLC")
    assert not history.has_dividends
    np.testing.assert_array_equal(history.adjusted, [[70, np.nan], [71.5, 50]])
    np.testing.assert_array_equal(history.dividends, 0)


def test_a_long_table_keeps_close_and_dividend_apart(tmp_path: Path) -> None:
    """A share at 100 that pays 2 and opens at 98 has returned nothing, and its income was 2."""
    text = "symbol,date,close,dividend\nA,2026-01-02,100,0\nA,2026-01-05,98,2\nA,2026-01-06,99.96,\n"
    history = read_prices(write(tmp_path, text)).history
    np.testing.assert_array_equal(history.close[:, 0], [100, 98, 99.96])
    np.testing.assert_array_equal(history.dividends[:, 0], [0, 2, 0])
    np.testing.assert_allclose(history.adjusted[:, 0], [98, 98, 99.96], rtol=1e-12)


def test_stated_splits_put_prices_and_dividends_on_one_scale(tmp_path: Path) -> None:
    """Closes as printed: 300 before a 3-for-1 split is 100 of today's shares, and so are dividends before it."""
    text = "date,symbol,close,dividend,split\n2026-01-02,A,300,0,1\n2026-01-05,A,303,3,1\n2026-01-06,A,102,0,3\n"
    file = read_prices(write(tmp_path, text))
    np.testing.assert_allclose(file.history.close[:, 0], [100, 101, 102])
    np.testing.assert_allclose(file.history.dividends[:, 0], [0, 1, 0])
    assert file.doubts == ()


def test_dividends_may_come_in_a_file_of_their_own(tmp_path: Path) -> None:
    """Closes in one download and payments in another is how many sites offer them."""
    prices = write(tmp_path, "date,A,B\n2026-01-02,100,10\n2026-01-05,98,10\n")
    paid = write(tmp_path, "date,symbol,dividend\n2026-01-05,A,2\n2019-01-05,A,1\n2026-01-05,C,1\n", "paid.csv")
    history = read_prices(prices, paid).history
    np.testing.assert_allclose(history.adjusted, [[98, 10], [98, 10]])
    paid = write(tmp_path, "date,symbol,dividend\n2026-01-03,A,2\n", "paid.csv")
    assert refusals(prices, paid) == [
        "paid.csv, line 2: found a dividend of A on 2026-01-03, a day without prices; "
        "expected an ex-dividend day among the prices."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "date,A\n2026-01-02,1\n2026-01-05,2\n2026-01-02,3\n",
            "line 4: found a second row for 2026-01-02; expected every day once; the first is on line 2. Delete one of the two.",
        ),
        (
            "date,symbol,close\n2026-01-02,A,1\n2026-01-02,B,1\n2026-01-02,A,3\n",
            "line 4: found a second row for A on 2026-01-02; expected one; another is on line 2. Delete one of the two.",
        ),
        ("date,A\n02/01/2026,1\n", "line 2: found the date '02/01/2026'; expected a day such as 2026-03-04."),
        ("date,A\n2026-01-02,-1\n", "line 2: found A '-1'; expected a number above 0, or an empty cell where there is none."),
        ('date,A\n2026-01-02,"1,5"\n', "line 2: found A '1,5'; expected a number above 0, or an empty cell where there is none."),
        ("date,A\n2026-01-02,1,2\n", "line 2: found a row of 3 cells; expected 2, one for each column of the header."),
        (
            "date,A,A\n2026-01-02,1,2\n",
            "line 1: found the column A twice; expected date and then one column a symbol, each once.",
        ),
        ("date,A\n", "line 1: found a header without rows; expected a row for every day."),
        ("A,B\n1,2\n", "line 1: found 'A,B'; expected a header with the column date first, or with the columns date and symbol."),
        ("", "line 1: found an empty file; expected a header with the column date first, or with the columns date and symbol."),
        (
            "date,symbol,open\n2026-01-02,A,1\n",
            "line 1: found the column 'open'; expected date, symbol and, each once, close or adjusted_close; "
            "further close, adjusted_close, dividend, split.",
        ),
    ],
)
def test_what_cannot_be_a_table_of_prices_is_refused_at_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """A price that was guessed would be planned with."""
    assert refusals(write(tmp_path, text)) == [f"history.csv, {expected}"]


@pytest.mark.parametrize(
    ("prices", "kind", "words"),
    [
        ([100, 101, "", "", 104, 105], "gap", "lines 4 to 5: 2 prices are missing of A from 2026-01-03 to 2026-01-04"),
        ([100, 101, 50.4, 51], "split", "line 4: A moved by -50.1 % on 2026-01-03, as in a 2-for-1 split"),
        ([10, 10.1, 101.5, 102], "split", "line 4: A moved by +905.0 % on 2026-01-03, as in a 1-for-10 reverse split"),
        ([9, 8, *[10] * 12, 11], "stale", "lines 4 to 15: A has the same price from 2026-01-03 to 2026-01-14, 12 rows on end"),
        ([9, 8, 9, *[""] * 8], "ended", "line 4: the prices of A end on 2026-01-03 while others go on"),
    ],
)
def test_what_is_doubtful_is_told_with_its_lines_and_left_alone(
    tmp_path: Path, prices: list[object], kind: str, words: str
) -> None:
    """A gap that is filled in silently is a return that never happened."""
    file = read_prices(write(tmp_path, daily(prices)))
    (doubt,) = file.doubts
    assert doubt.kind == kind
    assert str(doubt).startswith(f"history.csv, {words}")
    np.testing.assert_array_equal(file.history.close[:, 0], [np.nan if price == "" else float(price) for price in prices])


def test_a_month_nobody_downloaded_is_a_hole(tmp_path: Path) -> None:
    """Days of all symbols that are missing leave no empty cell behind."""
    text = daily([100 + k for k in range(9)]) + "\n" + "\n".join(daily([120, 121], "2026-02-20").splitlines()[1:])
    (doubt,) = read_prices(write(tmp_path, text)).doubts
    assert doubt.kind == "hole"
    assert str(doubt).startswith("history.csv, lines 10 to 11: no prices at all between 2026-01-09 and 2026-02-20")


def test_ordinary_prices_are_not_doubted(tmp_path: Path) -> None:
    """A crash of a quarter, a long weekend, a stable value and an hour without trading are all ordinary."""
    assert read_prices(write(tmp_path, daily([100, 75, 75, 75, 76, 80, 95]))).doubts == ()
    assert read_prices(write(tmp_path, daily([1] * 20))).doubts == ()


def test_what_is_known_at_a_day_ends_there(tmp_path: Path) -> None:
    """The view cannot reach a later price, and nobody can write into it."""
    history = read_prices(write(tmp_path, daily([100, 101, 102, 103]))).history
    known = history.upto(history.first)
    assert (len(known), known.last) == (1, history.first)
    assert np.shares_memory(known.adjusted, history.adjusted)
    with pytest.raises(ValueError, match="read-only"):
        known.adjusted[0, 0] = 1.0
