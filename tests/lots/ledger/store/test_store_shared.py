"""Many households in one PostgreSQL database: each is locked while it is written, the others never."""

import threading

import pytest

from lots.accounts import Account
from lots.errors import BusyError, StoreError
from lots.ledger.store import LedgerStore, open_store


def test_households_of_one_database_do_not_see_or_wait_for_each_other(postgres: str, joint: Account, buy) -> None:
    """While one household is being written another is written and read; a second writer of the first one waits in vain."""
    smith, jones = (f"{postgres}&schema={name}" for name in ("smith", "jones"))
    first, second = (open_store(where, create=True) for where in (smith, jones))
    inside, leave = threading.Event(), threading.Event()

    def slow(step: str) -> None:
        if step == "writing":
            inside.set()
            assert leave.wait(30)

    writer = threading.Thread(target=lambda: first.append([buy(1)], [joint], on_step=slow))
    writer.start()
    assert inside.wait(30)
    try:
        second.append([buy(2), buy(3)], [joint])
        assert len(second.events()) == 2
        assert first.events() == ()
        with pytest.raises(BusyError, match="is writing to the ledger"):
            open_store(smith, wait_seconds=1).append([buy(4)], [joint])
    finally:
        leave.set()
        writer.join()
    assert len(first.events()) == 1
    assert len(open_store(jones).history().book().open_lots) == 2


def test_a_hundred_writers_of_ten_households_lose_nothing(postgres: str, joint: Account, buy) -> None:
    """Ten threads, each writing to every household in its own order."""
    stores = [open_store(f"{postgres}&schema=h{n}", create=True) for n in range(10)]
    failures: list[BaseException] = []

    def write(thread: int) -> None:
        try:
            for n in range(10):
                each = stores[(thread + n) % 10]
                LedgerStore(each.place, "a program", 60).append(
                    [buy(thread, cost=str(1000 + thread), file=f"{thread}.csv")], [joint]
                )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [len(store.events()) for store in stores] == [10] * 10


@pytest.mark.parametrize("name", ["Smith", "a-b", 'x"; drop', "1st"])
def test_a_schema_that_is_none_is_refused(name: str) -> None:
    """A name is checked before it comes near a statement."""
    with pytest.raises(StoreError, match="not a schema's name"):
        open_store(f"postgresql://u@h/d?schema={name}")
