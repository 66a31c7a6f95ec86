"""How long a history takes to fold, as ratios over sizes in one run.

    python -m pytest tests/bench/test_ledger_speed.py -s

A longer history here is a longer one, not a denser one: trades of 50 securities come as often a year at every size, as they
do in life. A denser one has more wash sales per event, and each match costs time of its own; the table says how many
there were. Sizes are timed in turn and the best of each is kept, so that a busy machine disturbs all of them alike.
"""

import random
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from lots.accounts import Account, AccountKind
from lots.events import Buy, Event, Sell
from lots.ledger import Book, fold

ACCOUNT = Account("a", AccountKind.TAXABLE)
SECURITIES = 50
EVENTS_A_YEAR = 1_000
SIZES = (12_500, 25_000, 50_000, 100_000)
ROUNDS = 2


def history(events: int, relief: str, a_year: int = EVENTS_A_YEAR) -> list[Event]:
    """Purchases and sales of random sizes and prices, the same for the same numbers."""
    dice, held = random.Random(events), dict.fromkeys(range(SECURITIES), 0)
    told: list[Event] = []
    for number in range(events):
        day, which = date(1950, 1, 2) + timedelta(days=number * 365 // a_year), dice.randrange(SECURITIES)
        shares, price = dice.randrange(1, 40), Decimal(dice.randrange(8000, 12000)) / 100
        named = {"date": day, "account_id": "a", "event_id": f"e{number:07}", "symbol": f"SEC{which:02}X"}
        if held[which] < 40 or dice.random() < 0.55:
            held[which] += 2 * shares
            bought = Decimal(2 * shares)
            told.append(Buy(**named, shares=bought, cost=bought * price, lot_id=f"l{number}"))
        else:
            held[which] -= shares
            told.append(Sell(**named, shares=Decimal(shares), proceeds=shares * price, relief=relief))
    return told


def timed(told: list[Event]) -> tuple[float, Book]:
    start = time.process_time()
    book = fold(told, [ACCOUNT])
    return time.process_time() - start, book


@pytest.mark.parametrize("relief", ["fifo", "hifo"])
def test_folding_takes_time_in_proportion_to_the_events(relief: str) -> None:
    """A ledger that sorted its lots at every sale would double the time per event with every size."""
    told = {size: history(size, relief) for size in SIZES}
    best: dict[int, float] = {}
    matches: dict[int, int] = {}
    for _ in range(ROUNDS):
        for size in SIZES:
            seconds, book = timed(told[size])
            best[size] = min(seconds, best.get(size, seconds))
            matches[size] = len(book.wash_matches)
    for size, seconds in best.items():
        each = seconds / size * 1e6
        print(f"{relief} {size:>7} events {seconds:7.2f} s {each:6.1f} us per event, {matches[size]} wash matches")
    for smaller, larger in pairwise(SIZES):
        print(f"{relief} twice the events take {best[larger] / best[smaller]:.2f} times as long")


def test_a_denser_history_costs_more_by_its_wash_sales() -> None:
    """Selling the dearest lots first and buying back all the time is a chain of wash sales that keeps dividing the lots."""
    for a_year in (1_000, 2_000, 4_000):
        seconds, book = timed(history(12_500, "hifo", a_year))
        matches = len(book.wash_matches)
        print(f"hifo 12500 events, {a_year} a year: {seconds:.2f} s, {matches} matches, {seconds / matches * 1e6:.0f} us a match")


@pytest.mark.parametrize("events", [10_000, 100_000])
def test_a_history_is_folded_faster_than_beancount_books_it(events: int) -> None:
    """The same purchases and sales, first in first out, each program reading what it is given in its own form.

    The longer one takes the other program more than a minute.
    """
    loader = pytest.importorskip("beancount.loader")
    told = history(events, "fifo")
    text = as_beancount(told)
    ratios = []
    for _ in range(ROUNDS if events < 50_000 else 1):
        ours, book = timed(told)
        start = time.process_time()
        _entries, errors, _options = loader.load_string(text)
        theirs = time.process_time() - start
        assert errors == []
        assert len(book.open_lots) > 0
        ratios.append(theirs / ours)
        print(
            f"{len(told)} events: ours {ours:.2f} s with wash sales, beancount {theirs:.2f} s without, ratio {theirs / ours:.1f}"
        )
    print(f"ratio {min(ratios):.1f} to {max(ratios):.1f}")


def test_a_million_events_fit_in_memory() -> None:
    """Measured in a process of its own, so that nothing else counts."""
    code = (
        "import resource; from tests.bench.test_ledger_speed import history, timed;"
        "told = history(1_000_000, 'fifo', 40_000); seconds, book = timed(told);"
        "print(round(seconds), 's', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, 'MB,',"
        "len(book.disposals), 'disposals,', len(book.wash_matches), 'wash matches')"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    print(run.stdout)
    megabytes = int(run.stdout.split()[2])
    assert megabytes < 2048, f"{megabytes} MB"


def as_beancount(told: list[Event]) -> str:
    """The history as beancount directives; an account books its reductions first in first out."""
    symbols = sorted({each.symbol for each in told if isinstance(each, Buy)})
    lines = [f'1950-01-01 open Assets:{symbol} {symbol} "FIFO"' for symbol in symbols]
    lines += ["1950-01-01 open Assets:Cash", "1950-01-01 open Income:Gains"]
    for each in told:
        lines.append(f'{each.date} * "{each.event_id}"')
        if isinstance(each, Buy):
            lines.append(f'  Assets:{each.symbol}  {each.shares} {each.symbol} {{{{{each.cost} USD, "{each.lot_id}"}}}}')
            lines.append(f"  Assets:Cash  -{each.cost} USD")
        elif isinstance(each, Sell):
            lines.append(f"  Assets:{each.symbol}  -{each.shares} {each.symbol} {{}}")
            lines += [f"  Assets:Cash  {each.proceeds} USD", "  Income:Gains"]
    return "\n".join(lines) + "\n"
