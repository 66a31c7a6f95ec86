"""A run over a book: chunks of households handed to workers by joblib, on this machine or over Ray, answers written by them.

Workers write their own answers, so nothing waits in the parent and nothing done is lost with it. A worker that dies takes the
pool with it; the run then goes on with what has no answer yet, in smaller and smaller pieces, until the household that kills
workers stands alone and is written down as a fault. Every run goes through the book in an order of its own, so that two that are
started at once share the work instead of doing the same households side by side.
"""

import gc
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import joblib

from lots.errors import LotsError, StoreError
from optimizer.batch.answer import FAULT, Answer, answer_of, clock_milliseconds, fault_of, limits
from optimizer.batch.book import Book, Entry
from optimizer.batch.store import BookStore, Run, Status, open_book_store
from optimizer.batch.versions import key_of, program_version
from optimizer.errors import InputFaults

CHUNK = 8
"""Households handed to a worker at a time."""
WAVE = 64
"""Chunks handed out per worker before the pool is asked again; it bounds what waits, whatever the size of the book."""
WRITE_SECONDS = 2.0
"""Seconds after which a worker writes what it has, in the middle of a chunk."""
OBJECTS = 50_000
"""New objects until Python looks for unreachable ones."""
CHANCES = 3
"""Deaths of a worker at work on nothing but one household until they are that household's fault."""
STRAYS = 100
"""Deaths of workers before they began until the run gives up."""


class Engine(StrEnum):
    """Where the workers are."""

    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True, slots=True)
class Options:
    """How a book is asked.

    Parameters
    ----------
    plan_all : also plan households inside their bands without cash to place.
    compare : also work out what each lever saved.
    seconds, megabytes : limits for one household.
    """

    plan_all: bool = False
    compare: bool = False
    seconds: float | None = 60.0
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """A finished run: its status, its wall-clock seconds, and how many answers were there before."""

    status: Status
    seconds: float


Progress = Callable[[int, int], None]


def plan_book(
    book: Book,
    store: BookStore,
    options: Options = Options(),
    *,
    workers: int = -1,
    engine: Engine = Engine.LOCAL,
    address: str | None = None,
    on_progress: Progress = lambda done, total: None,
) -> RunReport:
    """Answer every household of a book once.

    Parameters
    ----------
    workers : processes on this machine, all its cores for -1; with Ray, how many the cluster lends.
    address : the cluster to join, "auto" for the one this machine belongs to; a cluster of this machine alone when left out.
    on_progress : told households done and households in all, now and then.

    Raises
    ------
    StoreError
        If the store cannot be written for longer than it waits.
    """
    started = time.perf_counter()
    run = store.begin(book.where, program_version(), asdict(options), len(book.entries))
    with _Watch(store, run, on_progress), _pool(engine, workers, address) as n_workers:
        _until_done(book, store, run, options, n_workers)
    return RunReport(store.status(run.run_id), time.perf_counter() - started)


def _until_done(book: Book, store: BookStore, run: Run, options: Options, workers: int) -> None:
    left, chunk = list(book.entries), CHUNK
    random.Random(run.run_id).shuffle(left)
    while left:
        try:
            _hand_out(left, chunk, store, run, options, workers)
            chunk = CHUNK
        except Exception as error:
            if not _is_broken_pool(error):
                raise
            chunk = max(1, chunk // 4) if workers > 1 or chunk > 1 else 0
        done = store.done_in(run.run_id)
        stuck, left = left, [entry for entry in left if entry.name not in done]
        if chunk == 1 and len(left) == len(stuck):
            left = _one_by_one(left, store, run, options)


def _hand_out(entries: Sequence[Entry], chunk: int, store: BookStore, run: Run, options: Options, workers: int) -> None:
    """Give the entries out in waves, each once."""
    size = chunk * WAVE * workers
    for wave in range(0, len(entries), size):
        part = entries[wave : wave + size]
        tasks = (part[n : n + chunk] for n in range(0, len(part), chunk))
        joblib.Parallel(n_jobs=workers, batch_size=1)(
            joblib.delayed(_at_work)(os.getpid(), store.url, run.run_id, tuple(task), options) for task in tasks
        )


def _one_by_one(left: list[Entry], store: BookStore, run: Run, options: Options) -> list[Entry]:
    """Give the first household to a worker of its own; where that dies at work again and again, it is the household's fault.

    A worker that dies before it begins says nothing about the household.
    """
    entry, *others = left
    deaths = strays = 0
    with TemporaryDirectory(prefix="bandwise-") as folder:
        begun = Path(folder) / "begun"
        while deaths < CHANCES:
            try:
                with joblib.parallel_config(backend="loky", n_jobs=2):
                    joblib.Parallel()(
                        joblib.delayed(_alone)(begun, os.getpid(), store.url, run.run_id, entry, options) for _ in "1"
                    )
            except Exception as error:
                if not _is_broken_pool(error):
                    raise
                if begun.exists():
                    begun.unlink()
                    deaths += 1
                elif (strays := strays + 1) == STRAYS:
                    raise StoreError(f"Workers died {STRAYS} times before they began; is this machine out of memory?") from None
            else:
                return others
    words = f"the process that worked on it died {CHANCES} times, as one does that is out of memory"
    key = key_of(_bytes_of(entry, store, RuntimeError(words)), _words(options))
    store.write(run.run_id, [Answer(entry.name, key, FAULT, fault=words)])
    return others


def _alone(begun: Path, parent: int, url: str, run_id: str, entry: Entry, options: Options) -> None:
    """Answer one household and leave a mark as soon as the work on it begins."""
    _ready(url)
    begun.touch()
    _at_work(parent, url, run_id, (entry,), options)


def _at_work(parent: int, url: str, run_id: str, entries: Sequence[Entry], options: Options) -> None:
    """Answer some households in a worker, which ends when the run that started it is no more."""
    if os.getppid() == parent:
        _end_with(parent)
    answer_chunk(url, run_id, entries, options)


@cache
def _end_with(parent: int) -> None:
    """Watch for the death of the process that started this one; a worker left behind would hold memory and the output open."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def answer_chunk(url: str, run_id: str, entries: Sequence[Entry], options: Options) -> None:
    """Answer some households and write the answers; this is what a worker does."""
    store = _ready(url)
    there = store.keys_of([entry.name for entry in entries])
    answers: list[Answer] = []
    known: list[tuple[str, str]] = []
    written = time.monotonic()
    with _few_collections():
        for entry in entries:
            answer = _answer(entry, store, options, there)
            if answer.status:
                answers.append(answer)
            else:
                known.append((answer.household, answer.key))
            if time.monotonic() - written > WRITE_SECONDS:
                store.write(run_id, answers, known)
                answers, known, written = [], [], time.monotonic()
    if answers or known:
        store.write(run_id, answers, known)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for unreachable objects now and then only.

    A plan makes hundreds of thousands of objects and nearly no cycles among them; what a process holds already, the libraries
    and the law, is not looked at again at all. That saves a tenth of a household's time.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _answer(entry: Entry, store: BookStore, options: Options, there: Set[tuple[str, str]]) -> Answer:
    """One household's answer; without a status where it is `there`, in the store, already."""
    started, words = time.perf_counter(), _words(options)
    key, name = "", None
    try:
        with limits(options.seconds, options.megabytes):
            problem = entry.read(store)
            key, name = key_of(problem.digest(), words), problem.household
            if (entry.name, key) in there:
                return Answer(entry.name, key, "")
            half = None if options.seconds is None else options.seconds / 2
            answer = answer_of(problem, entry.name, key, plan_all=options.plan_all, compare=options.compare, seconds=half)
    except StoreError:
        raise
    except (Exception, MemoryError) as error:
        answer = Answer(entry.name, key or key_of(_bytes_of(entry, store, error), words), FAULT, name, fault=fault_of(error))
    return replace(answer, milliseconds=clock_milliseconds(started))


def _bytes_of(entry: Entry, store: BookStore, error: BaseException) -> str:
    """What stands for a household that cannot be read: its bytes, and where not even those can be had, the fault."""
    try:
        return entry.fingerprint(store)
    except (OSError, LotsError, InputFaults):
        return fault_of(error)


def _words(options: Options) -> str:
    """The options that decide an answer, as one word of its key."""
    return f"all={options.plan_all} compare={options.compare} seconds={options.seconds} megabytes={options.megabytes}"


@cache
def _ready(url: str) -> BookStore:
    """Load what a plan needs, before the first household's clock runs, and open the store."""
    import_module("optimizer.household")
    import_module("optimizer.rebalance")
    return open_book_store(url)


def _is_broken_pool(error: Exception) -> bool:
    """Whether a worker went away, told by the name of what each engine raises."""
    broken = {"TerminatedWorkerError", "BrokenProcessPool", "WorkerCrashedError", "RayActorError", "ActorDiedError"}
    return bool(broken & {kind.__name__ for kind in type(error).__mro__})


class _pool:  # noqa: N801 - used as a context, like the functions of contextlib
    """The joblib backend of an engine, and how many workers it has."""

    def __init__(self, engine: Engine, workers: int, address: str | None) -> None:
        self.engine, self.workers, self.address = engine, workers, address

    def __enter__(self) -> int:
        count = self.workers if self.workers > 0 else joblib.cpu_count()
        if self.engine is Engine.RAY:
            count = self._join(count)
            self._config = joblib.parallel_config(backend="ray", n_jobs=count)
        else:
            self._config = joblib.parallel_config(backend="loky", n_jobs=count)
        self._config.__enter__()
        return count

    def __exit__(self, *error: object) -> None:
        self._config.__exit__(*error)
        if self.engine is Engine.RAY:
            import ray

            ray.shutdown()

    def _join(self, count: int) -> int:
        try:
            import ray
            from ray.util.joblib import register_ray
        except ModuleNotFoundError:
            raise StoreError("Ray is not installed; run `python -m pip install 'ray>=2.40'`.") from None
        settings: dict[str, Any] = {"address": self.address} if self.address else {"num_cpus": count, "include_dashboard": False}
        ray.init(log_to_driver=False, logging_level="ERROR", **settings)
        register_ray()
        return count if self.workers > 0 or not self.address else int(ray.cluster_resources().get("CPU", count))


class _Watch:
    """Counts the answers of a run now and then, and tells how far it is."""

    def __init__(self, store: BookStore, run: Run, on_progress: Progress) -> None:
        self.store, self.run, self.on_progress = store, run, on_progress
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self._tell()
        self._tell()

    def _tell(self) -> None:
        try:
            self.on_progress(self.store.count_in(self.run.run_id), self.run.n_households)
        except StoreError:
            return  # the run itself finds out, and says so
