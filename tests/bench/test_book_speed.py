"""How fast a book of households is planned: one worker and two, memory over the book's size, and what a cluster adds.

Run with ``python -m pytest tests/bench/test_book_speed.py -s`` on a quiet machine; 2,000 households take about six minutes on two
cores. `BANDWISE_BOOK` says how many others. One table is printed at the end. Ratios are what to quote: two workers against one,
memory of a large book against a small one. Starting workers and Ray is stated apart from the time a household takes.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from optimizer.batch import Engine, Options, open_book, open_book_store, plan_book
from tests.random_books import write_book

SIZE = int(os.environ.get("BANDWISE_BOOK", "2000"))
ALL = Options(plan_all=True)
ROOT = Path(__file__).resolve().parents[2]
LENT = 64
"""Cores of the cluster that the estimate speaks of."""


@dataclass(frozen=True)
class Pace:
    """What a run took: seconds of the whole book, milliseconds a household by the clock on the wall and of processors at work,
    and seconds before the first."""

    seconds: float
    milliseconds: float
    work: float
    start: float

    @property
    def rate(self) -> float:
        """Households a second once everything runs."""
        return 1000 / self.milliseconds


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Books of `SIZE` households, of half, a quarter and an eighth of it."""
    folder = tmp_path_factory.mktemp("book")
    write_book(folder / "1", SIZE)
    for part in (2, 4, 8):
        (folder / str(part)).mkdir()
        for file in sorted((folder / "1").iterdir())[: SIZE // part]:
            (folder / str(part) / file.name).symlink_to(file)
    yield folder
    shutil.rmtree(folder)


def pace_of(book: Path, place: Path, workers: int, engine: Engine = Engine.LOCAL) -> Pace:
    """A run over an eighth of the book, then one over the whole of it, each into a new store.

    Workers of this machine stay for the second run, which is warm. Ray's are started anew by each, so that a household's time is
    the slope between the two.
    """
    seconds, work = {}, {}
    for part in (8, 1):
        before = _work_seconds()
        store = open_book_store(place / f"{workers}-{engine}-{part}.db", create=True)
        report = plan_book(open_book(book / str(part)), store, ALL, workers=workers, engine=engine)
        assert report.status.counts == {"planned": SIZE // part}
        seconds[part], work[part] = report.seconds, _work_seconds() - before
    eighth = SIZE // 8
    each = seconds[1] / SIZE if engine is Engine.LOCAL else (seconds[1] - seconds[8]) / (SIZE - eighth)
    return Pace(seconds[1], 1000 * each, 1000 * work[1] / SIZE, max(0.0, seconds[8] - each * eighth))


def _work_seconds() -> float:
    """Processor seconds of this process and those it has started that live; Ray's are gone when its run is over."""
    own = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (own, *own.children(recursive=True)))


def test_a_book_is_planned_fast_and_in_flat_memory(book: Path, tmp_path: Path) -> None:
    """All levers, every household planned: the table, and what 100,000 households would take by it."""
    one, two = (pace_of(book, tmp_path, workers) for workers in (1, 2))
    lent = pace_of(book, tmp_path, 2, Engine.RAY) if find_spec("ray") else None
    peaks = {SIZE // part: _peak_megabytes(book / str(part), tmp_path / f"{part}.db") for part in (4, 2, 1)}
    rows = [("one worker", one), ("two workers", two), *([("two by Ray", lent)] if lent else [])]
    print(f"\n\n{SIZE:,} households, all planned with every lever, none answered before")
    print(f"{'':<12} {'seconds':>8} {'ms each':>8} {'a second':>9} {'start s':>8} {'processor ms':>13}")
    for name, pace in rows:
        work = "" if pace is lent else f"{pace.work:13.1f}"
        print(f"{name:<12} {pace.seconds:8.1f} {pace.milliseconds:8.2f} {pace.rate:9.1f} {pace.start:8.1f} {work}")
    print(f"two workers against one: {one.milliseconds / two.milliseconds:.2f} times as fast")
    sizes = ", ".join(f"{size:,}: {peak:,.0f} MB" for size, peak in peaks.items())
    first, *_, last = peaks.values()
    print(f"peak memory, parent and two workers: {sizes}; last against first {last / first:.2f}")
    kilobytes = (tmp_path / f"2-{Engine.LOCAL}-1.db").stat().st_size / SIZE / 1024
    print(f"store: {kilobytes:.1f} kB a household; 100,000: {kilobytes * 100_000 / 2**20:.1f} GB")
    hours = 100_000 * two.milliseconds / 1000 / 3600
    print(f"100,000 on this machine: 100,000 x {two.milliseconds:.2f} ms + {two.start:.0f} s = {hours:.2f} h")
    if lent:
        more, core = 2 * (lent.milliseconds - two.milliseconds), 2 * lent.milliseconds
        print(f"Ray: {more:+.2f} ms of a core a household against two workers here, {lent.start:.0f} s to start")
        minutes = (100_000 * core / 1000 / LENT + lent.start) / 60
        print(f"100,000 on {LENT} cores by Ray: 100,000 x {core:.2f} ms / {LENT} + {lent.start:.0f} s = {minutes:.1f} min")


def _peak_megabytes(folder: Path, store: Path) -> float:
    """Peak of the resident memory of a run of the command and its workers."""
    program = "from optimizer.cli import main; main()"
    words = ["batch", str(folder), "--all", "--workers", "2", "--store", str(store)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", program, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            try:
                whole = psutil.Process(process.pid)
                rss = sum(each.memory_info().rss for each in (whole, *whole.children(recursive=True)))
            except psutil.Error:
                continue
            peak[0] = max(peak[0], rss / 2**20)

    thread = threading.Thread(target=watch)
    thread.start()
    assert process.wait() == 0
    stop.set()
    thread.join()
    return peak[0]
