"""Two programs write to one ledger at once: one waits or is told, and nothing is lost."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lots.accounts import Account
from lots.errors import BusyError
from lots.events import Buy
from lots.ledger.store import open_store

Python = Callable[..., "subprocess.Popen[str]"]

WRITER = """
import sys
from datetime import date
from decimal import Decimal
from lots.accounts import Account, AccountKind
from lots.events import Buy, Source
from lots.ledger.store import open_store

where, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(where, create=True, command=f"writer {name}")
print("ready", flush=True)
sys.stdin.readline()
for batch in range(batches):
    shared = Buy(date=date(2026, 1, 5), account_id="joint", event_id=f"{name} shared {batch}", symbol="VTI",
                 shares=Decimal(1), cost=Decimal(batch), lot_id=f"{name} shared {batch}", source=Source(f"{name} {batch}", 1))
    own = Buy(date=date(2026, 1, 6), account_id="joint", event_id=f"{name} {batch}", symbol=name,
              shares=Decimal(1), cost=Decimal(batch), lot_id=f"{name} {batch}", source=Source(f"{name} {batch}", 2))
    store.append([shared, own], [Account("joint", AccountKind.TAXABLE)])
print("done", flush=True)
"""

HOLDER = """
import sys
from lots.accounts import Account, AccountKind
from lots.ledger.store import open_store

store = open_store(sys.argv[1], create=True, command="bandwise import")
def hold(step):
    if step == "writing":
        print("holding", flush=True)
        sys.stdin.readline()
store.append(accounts=[Account("joint", AccountKind.TAXABLE)], on_step=hold)
print("done", flush=True)
"""


def told(process: "subprocess.Popen[str]") -> str:
    """The next line a process prints."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    return line or process.communicate()[1]


def go_on(process: "subprocess.Popen[str]") -> None:
    """Let a process that waits for a line go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_writers_at_once_lose_nothing_and_share_what_is_the_same(where: str, python: Python) -> None:
    """Husband and wife import at the same time, and their files overlap: what both bring is there once."""
    writers = [python(WRITER, where, name, 15) for name in ("ann", "bob")]
    assert [told(writer) for writer in writers] == ["ready", "ready"]
    for writer in writers:
        go_on(writer)
    assert [told(writer) for writer in writers] == ["done", "done"]
    history = open_store(where).history()
    symbols = [event.symbol for event in history.events if isinstance(event, Buy)]
    assert {name: symbols.count(name) for name in ("ann", "bob", "VTI")} == {"ann": 15, "bob": 15, "VTI": 15}
    assert len(history.book().open_lots) == 45


def test_a_ledger_made_by_two_programs_at_once_is_one_ledger(tmp_path: Path, python: Python) -> None:
    """Neither the file nor the tables may be made twice."""
    writers = [python(WRITER, tmp_path, name, 1) for name in ("ann", "bob", "cy")]
    assert [told(writer) for writer in writers] == ["ready"] * 3
    for writer in writers:
        go_on(writer)
    assert [told(writer) for writer in writers] == ["done"] * 3
    assert len(open_store(tmp_path).events()) == 4


def test_who_waits_too_long_is_told_for_whom(where: str, python: Python, joint: Account, buy: Callable[..., Buy]) -> None:
    """An import that hangs in another window should be found, not guessed; afterwards the same call succeeds."""
    open_store(where, create=True).append(accounts=[joint])
    holder = python(HOLDER.replace("AccountKind.TAXABLE", "AccountKind.HSA"), where)
    assert told(holder) == "holding"
    store = open_store(where, wait_seconds=1)
    with pytest.raises(BusyError, match=rf"bandwise import, process {holder.pid} of .*within 1 s; nothing was written"):
        store.append([buy(1)])
    assert store.events() == (), "reading does not wait for the writer and sees nothing of what it has not finished"
    go_on(holder)
    assert told(holder) == "done"
    store.append([buy(1)])
    assert len(store.events()) == 1


def test_who_waits_long_enough_gets_its_turn(where: str, python: Python, joint: Account, buy: Callable[..., Buy]) -> None:
    """The usual case: the other import takes a moment, and nobody notices."""
    open_store(where, create=True)
    holder = python(HOLDER, where)
    assert told(holder) == "holding"
    waiting = python(WRITER, where, "ann", 1)
    assert told(waiting) == "ready"
    go_on(waiting)
    go_on(holder)
    assert (told(holder), told(waiting)) == ("done", "done")
    assert len(open_store(where).events()) == 2


def test_a_killed_writer_keeps_nobody_waiting(where: str, python: Python, joint: Account, buy: Callable[..., Buy]) -> None:
    """The lock dies with its holder; a note left beside the file blocks nothing."""
    open_store(where, create=True)
    holder = python(HOLDER, where)
    assert told(holder) == "holding"
    holder.kill()
    holder.communicate()
    open_store(where, wait_seconds=5).append([buy(1)], [joint])
    assert len(open_store(where).events()) == 1
