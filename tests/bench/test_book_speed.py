"""How fast a book of households is planned: one worker and two, memory over the book's size, and what a cluster adds.

Run with ``python -m pytest tests/bench/test_book_speed.py -s`` on a quiet machine. Ratios are what to quote: two workers against
one, memory of a large book against a small one. `BANDWISE_BOOK` says how many households, 2,000 when left out.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from optimizer.batch import Engine, Options, open_book, open_book_store, plan_book
from tests.random_books import write_book

SIZE = int(os.environ.get("BANDWISE_BOOK", "2000"))
ALL = Options(plan_all=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A book of `SIZE` households, and a folder with its first eighth."""
    folder = tmp_path_factory.mktemp("book")
    write_book(folder / "whole", SIZE)
    write_book(folder / "part", SIZE // 8)
    yield folder
    shutil.rmtree(folder)


def seconds(book: Path, place: Path, workers: int, engine: Engine = Engine.LOCAL) -> float:
    """Wall-clock seconds of one run into a new store, workers warmed by a small one before."""
    warm = open_book_store(place / f"warm-{workers}-{engine}.db", create=True)
    plan_book(open_book(book / "part"), warm, ALL, workers=workers, engine=engine)
    store = open_book_store(place / f"run-{workers}-{engine}.db", create=True)
    report = plan_book(open_book(book / "whole"), store, ALL, workers=workers, engine=engine)
    assert report.status.counts == {"planned": SIZE}
    return report.seconds


def test_households_a_second(book: Path, tmp_path: Path) -> None:
    """All levers, every household planned: one worker, two, and two lent by a cluster of this machine."""
    one, two = (seconds(book, tmp_path, workers) for workers in (1, 2))
    print(f"\n{SIZE} households, all planned")
    print(f"one worker   {one:8.1f} s  {SIZE / one:6.1f} a second")
    print(f"two workers  {two:8.1f} s  {SIZE / two:6.1f} a second  ratio {one / two:.2f}")
    if not pytest.importorskip("ray", reason="Ray is not installed"):
        return
    lent = seconds(book, tmp_path, 2, Engine.RAY)
    print(f"two by Ray   {lent:8.1f} s  {SIZE / lent:6.1f} a second  {1000 * (lent - two) / SIZE:.2f} ms a household more")
    hours = 100_000 * two / SIZE / 3600
    print(f"100,000 households at this machine's {1000 * 2 * two / SIZE:.0f} ms of a core each: {hours:.1f} h on two cores,")
    print(
        f"{100_000 * (2 * lent / SIZE) / 64 / 60:.1f} min on 64 cores by Ray at {1000 * 2 * lent / SIZE:.0f} ms of a core each."
    )


def test_memory_is_flat_in_the_number_of_households(book: Path, tmp_path: Path) -> None:
    """The largest sum over the parent and its workers, of the whole book against its eighth."""
    peaks = {name: _peak_megabytes(book / name, tmp_path / f"{name}.db") for name in ("part", "whole")}
    print(f"\nmemory: {peaks['part']:.0f} MB for {SIZE // 8} households, {peaks['whole']:.0f} MB for {SIZE}")
    print(f"ratio {peaks['whole'] / peaks['part']:.2f}")


def _peak_megabytes(folder: Path, store: Path) -> float:
    """Peak of the resident memory of a run of the command and its workers."""
    command = [
        sys.executable,
        "-c",
        "from optimizer.cli import main; main()",
        "batch",
        str(folder),
        "--all",
        "--store",
        str(store),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
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
