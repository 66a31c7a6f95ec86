"""How long a history takes to be kept, as ratios over sizes in one run.

    python -m pytest tests/bench/test_store_speed.py -s -n 0

A write compares, folds and stores; the part of the fold is shown beside it, because it is the price of never keeping a
history that contradicts itself. Times are of the processor, so that a busy machine disturbs them less.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from lots.accounts import Account, AccountKind
from lots.events import Buy, Event, Sell, Source
from lots.ledger import fold
from lots.ledger.store import open_store

ACCOUNT = Account("a", AccountKind.TAXABLE)
SIZES = (12_500, 25_000, 50_000, 100_000)
TITLES = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
HOUSEHOLD = 'as_of = 2026-11-20\n[taxpayer]\nfiling_status = "single"\nordinary_pct = 30\nlong_term_pct = 15\n'
ACCOUNTS = '[accounts.a]\nkind = "taxable"\n[segments.all]\ntarget_pct = 100\n[securities.SEC00X]\nsegment = "all"\n'


def trades(count: int) -> list[tuple[date, str, str, int, Decimal]]:
    """Day, action, symbol, shares and price of purchases and sales in 50 securities, a thousand a year."""
    dice, held = random.Random(count), [0] * 50
    told = []
    for number in range(count):
        day, which, shares = date(1920, 1, 2) + timedelta(days=number * 365 // 1_000), dice.randrange(50), dice.randrange(1, 40)
        is_sale = held[which] >= 40 and dice.random() > 0.55
        held[which] += -shares if is_sale else 2 * shares
        price = Decimal(dice.randrange(8000, 12000)) / 100
        told.append((day, "Sell" if is_sale else "Buy", f"SEC{which:02}X", shares if is_sale else 2 * shares, price))
    return told


def history(count: int) -> list[Event]:
    """The trades as events of one file."""
    told: list[Event] = []
    for row, (day, action, symbol, shares, price) in enumerate(trades(count), start=2):
        named = {
            "date": day,
            "account_id": "a",
            "event_id": f"e{row}",
            "symbol": symbol,
            "source": Source("a.csv", row, "0" * 64),
        }
        if action == "Buy":
            told.append(Buy(**named, shares=Decimal(shares), cost=shares * price, lot_id=f"l{row}"))
        else:
            told.append(Sell(**named, shares=Decimal(shares), proceeds=shares * price))
    return told


def seconds_of(work: Callable[[], object]) -> float:
    """The processor's time for some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def test_keeping_takes_time_in_proportion_to_the_events(tmp_path: Path) -> None:
    """A first import, the same import again, and reading everything back."""
    first: dict[int, float] = {}
    for size in SIZES:
        told = history(size)
        store = open_store(tmp_path / f"{size}.db", create=True)
        first[size] = seconds_of(lambda told=told, store=store: store.append(told, [ACCOUNT]))
        folding = seconds_of(lambda told=told: fold(told, [ACCOUNT]))
        again = seconds_of(lambda told=told, store=store: store.append(told))
        reading = seconds_of(store.history)
        megabytes = (tmp_path / f"{size}.db").stat().st_size / 1e6
        print(
            f"{size:>7} events: kept in {first[size]:5.2f} s (of which the fold {folding:4.2f}), again {again:4.2f}, "
            f"read {reading:4.2f}; {megabytes:.0f} MB"
        )
    for smaller, larger in pairwise(SIZES):
        print(f"twice the events take {first[larger] / first[smaller]:.2f} times as long")


def test_one_more_event_costs_reading_and_folding_what_is_there(tmp_path: Path) -> None:
    """What a single fill costs in a ledger of a lifetime."""
    store = open_store(tmp_path, create=True)
    store.append(history(25_000), [ACCOUNT])
    one = Buy(
        date=date(2026, 1, 2),
        account_id="a",
        event_id="x",
        symbol="SEC00X",
        shares=Decimal(1),
        cost=Decimal(100),
        lot_id="x",
    )
    print(f"one event after 25,000: {seconds_of(lambda: store.append([one])):.2f} s")


def test_a_file_of_a_hundred_thousand_rows_is_imported_in_seconds(tmp_path: Path) -> None:
    """The whole command, from the shell, with its audit at the end."""
    (tmp_path / "household.toml").write_text(HOUSEHOLD + ACCOUNTS)
    for count in (25_000, 100_000):
        rows = (
            f'"{day:%m/%d/%Y}","{action}","{symbol}","Fund","{shares}","{price}","",'
            f'"{"-" if action == "Buy" else ""}${shares * price}"\n'
            for day, action, symbol, shares, price in trades(count)
        )
        (tmp_path / f"{count}.csv").write_text(TITLES + "".join(rows))
        code = "import sys; from optimizer.cli import main; sys.exit(main())"
        folder = tmp_path / str(count)
        folder.mkdir()
        (folder / "household.toml").write_text(HOUSEHOLD + ACCOUNTS)
        words = ["import", str(tmp_path / f"{count}.csv"), "--into", str(folder), "--account", "a"]
        start = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"{count} rows: {time.perf_counter() - start:.1f} s by the clock; {run.stdout.splitlines()[1].rpartition(': ')[2]}")
