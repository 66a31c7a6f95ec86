"""A process killed at any instant: what was acknowledged is there, and nothing is there by half.

The writers are real processes and the signal is SIGKILL, which no handler sees. A writer prints the number of a batch
only after `append` has returned; that line is the acknowledgement the tests hold the ledger to.
"""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lots.ledger.store import open_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")

Python = Callable[..., "subprocess.Popen[str]"]

BATCH = 40
WRITER = """
import sys
from datetime import date
from decimal import Decimal
from lots.accounts import Account, AccountKind
from lots.events import Buy, Source
from lots.ledger.store import open_store

where, first, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
store = open_store(where, create=True)
batch = first
while True:
    file = f"file {batch}.csv"
    events = [
        Buy(date=date(2026, 1, 5), account_id="joint", event_id=f"{batch}:{row}", symbol="VTI", shares=Decimal(10),
            cost=Decimal(batch * size + row), lot_id=f"lot {batch}-{row}", source=Source(file, row, "0" * 64))
        for row in range(size)
    ]
    store.append(events, [Account("joint", AccountKind.TAXABLE)])
    print(batch, flush=True)
    batch += 1
"""


def kill_after(process: "subprocess.Popen[str]", seconds: float, first_batch: bool = False) -> list[int]:
    """Let a writer that has loaded its libraries run for a while, kill it, and return the batches it acknowledged.

    With `first_batch` the while begins at its first acknowledgement, so that a slow machine tests the middle too.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == "ready\n", line + process.communicate()[1]
    begun = process.stdout.readline() if first_batch else ""
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    said, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    return [int(line) for line in (begun + said).splitlines() if line.strip()]


def batches_in(where: str | Path) -> Counter[str]:
    """How many events of each file the ledger holds, once its history was read and folded whole."""
    history = open_store(where).history()
    assert len(history.book().open_lots) == len(history.events)
    return Counter(event.source.file for event in history.events if event.source)


def test_a_writer_killed_again_and_again_loses_nothing_it_acknowledged(where: str, python: Python) -> None:
    """Each next writer goes on where the last one was killed, over whatever it left behind. The server of PostgreSQL
    outlives its clients, so a dozen kills of those are enough; an SQLite file has nobody but the killed process."""
    kills = 12 if "://" in where else 36
    chance = random.Random(20261122)
    longest = 0.3
    acknowledged: set[int] = set()
    following = 0
    for _ in range(kills):
        process = python(WRITER, where, following, BATCH)
        acknowledged.update(kill_after(process, chance.uniform(0, longest)))
        found = batches_in_or_none(where)
        assert set(found.values()) <= {BATCH}, "a part of a batch is there"
        there = {int(name.split()[1].removesuffix(".csv")) for name in found}
        assert acknowledged <= there
        assert there - acknowledged <= {following_batch(acknowledged, following)}, "more than the one batch under way"
        acknowledged = there  # what was written and not yet told is there to stay
        following = max(there, default=-1) + 1
        longest = longest if there else 2 * longest  # a busy machine gets further only later
    assert acknowledged, "no batch was ever written: the kills came too early to test anything"


def following_batch(acknowledged: set[int], first: int) -> int:
    """The batch a writer was at that began with `first`."""
    return max([each for each in acknowledged if each >= first], default=first - 1) + 1


def batches_in_or_none(where: str) -> Counter[str]:
    """What :func:`batches_in` finds, and nothing where not even the empty tables were made yet."""
    open_store(where, create=True)
    return batches_in(where)


def test_a_ledger_killed_while_it_is_made_can_be_made_again(python: Python, tmp_path: Path) -> None:
    """The first moments count too: the file, its log, the tables."""
    chance = random.Random(7)
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        acknowledged = kill_after(python(WRITER, folder, 0, 2), chance.uniform(0, 0.25))
        found = batches_in_or_none(str(folder))
        assert set(found.values()) <= {2}
        assert len(found) >= len(acknowledged)


def test_a_large_import_killed_half_way_leaves_no_trace(python: Python, tmp_path: Path) -> None:
    """3,000 rows take long enough that every one of these kills falls inside the write."""
    open_store(tmp_path, create=True)
    for seconds in (0.05, 0.2, 0.35, 0.5):
        acknowledged = kill_after(python(WRITER, tmp_path, 0, 3_000), seconds)
        found = batches_in(tmp_path)
        assert (len(found) == 0 and not acknowledged) or set(found.values()) == {3_000}
