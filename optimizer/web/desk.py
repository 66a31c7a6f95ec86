"""The desk: one household's folder, the draft of its wishes, the answers worked out so far, and what is being worked on.

There is one desk for each start of the server and one person at it. What is drafted here lives in memory alone; the
household's files stay as they are until the draft is kept in them.
"""

import contextlib
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.web import work
from optimizer.web.staging import Staging, sweep
from optimizer.web.worker import CANCELLED, Refusal, Task, Worker, refusal_of

if TYPE_CHECKING:
    from optimizer.household.saving import Saved

SECONDS = 900.0
"""A task that reports nothing for so long is ended."""
REFUSED_SECONDS = 5.0
"""How long a refusal answers the same question again; a page that polls learns of it once more."""
KEPT_JOBS, MOST_VARIANTS, MOST_WAITING = 60, 12, 20
INPUTS = (".toml", ".csv", ".db", ".db-wal", ".url")
State = Literal["waiting", "running", "done", "refused"]


@dataclass(eq=False)
class Job:
    """One task on its way; its answer or its refusal when it is over."""

    name: str
    worker: Worker
    key: tuple[object, ...]
    task: Task
    arguments: tuple[object, ...]
    job_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: State = "waiting"
    step: str = ""
    done: int = 0
    total: int = 0
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    answer: Any = None
    refusal: Refusal | None = None
    seconds_of_work: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> bool:
        """Whether it is over within so many seconds."""
        return self.finished.wait(seconds)

    def result(self) -> Any:
        """The answer, waiting for it; raises the refusal."""
        self.finished.wait()
        if self.refusal is not None:
            raise self.refusal
        return self.answer

    @property
    def is_fresh(self) -> bool:
        """Whether it may stand for the same question asked again; a refusal only for those who waited for it."""
        return self.refusal is None or (self.ended is not None and time.monotonic() - self.ended < REFUSED_SECONDS)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return (time.monotonic() if self.ended is None else self.ended) - self.started

    def cancel(self) -> None:
        """Give it up; answers at once."""
        self.end(refusal=CANCELLED)
        self.worker.cancel(self)

    def end(self, answer: Any = None, refusal: Refusal | None = None) -> None:
        """Note how it ended, unless it had ended before."""
        if self.finished.is_set():
            return
        self.answer, self.refusal, self.ended = answer, refusal, time.monotonic()
        self.state = "done" if refusal is None else "refused"
        self.finished.set()

    def begin(self) -> bool:
        """Note that its turn has come; False when it was given up before."""
        if self.finished.is_set():
            return False
        self.state = "running"
        return True

    def report(self, step: str, done: int, total: int) -> None:
        """Note how far it is."""
        self.step, self.done, self.total = step, done, total


class Desk:
    """What the pages share. Its methods may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._quick, self._long = Worker(), Worker()
        self._lock = threading.RLock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._by_key: dict[tuple[object, ...], Job] = {}
        self._read: tuple[object, Problem] | None = None
        self._digest = ""
        self._draft: tuple[str, Problem] | None = None
        self._variants: dict[str, Problem] = {}
        self.staging = Staging()

    def warm(self) -> None:
        """Start the processes, read the household and plan it, so that the first page does not wait; returns at once."""
        self._quick.open()
        self._long.open()
        self._quick.warm()
        threading.Thread(target=self._prepare, daemon=True).start()

    def _prepare(self) -> None:
        sweep()
        with contextlib.suppress(Refusal):  # whoever opens a page is told
            self.plan(self.household())
        self._long.warm()  # after the household is read: two processes that load at once load slowly

    def close(self) -> None:
        """End everything that runs."""
        for job in list(self._jobs.values()):
            job.end(refusal=CANCELLED)
        self._quick.close()
        self._long.close()
        self.staging.close()

    # The question ------------------------------------------------------------------------------------------------

    def household(self) -> Problem:
        """The household as its files say it, read again when they change.

        Raises
        ------
        Refusal
            With every fault of the files.
        """
        stamp = self.stamp()
        with self._lock:
            if self._read is not None and self._read[0] == stamp:
                return self._read[1]
        problem = self._reading(stamp).result()
        with self._lock:
            self._read, self._digest = (stamp, problem), problem.digest()
        return problem  # type: ignore[no-any-return]

    def reading(self) -> Job | None:
        """The reading of the household's files as they are now; None when they are read already."""
        stamp = self.stamp()
        with self._lock:
            if self._read is not None and self._read[0] == stamp:
                return None
        return self._reading(stamp)

    def _reading(self, stamp: object) -> Job:
        return self.job(work.read, "reading the household", self.folder, quick=True, stamp=stamp)

    def draft(self) -> Problem:
        """The question as it stands on the pages: the files' own, or what was drafted over it."""
        base = self.household()
        with self._lock:
            if self._draft is not None and self._draft[0] == base.digest():
                return self._draft[1]
        return base

    def is_drafted(self) -> bool:
        """Whether the draft is other than the files."""
        return self.draft().digest() != self.household().digest()

    def put(self, problem: Problem) -> Problem:
        """Take a question as the draft, if nothing is wrong with it; raises :class:`Refusal` otherwise."""
        base = self.household()
        good = self.ask(work.checked, "checking", problem)
        with self._lock:
            self._draft = (base.digest(), good)
        return good  # type: ignore[no-any-return]

    @property
    def seen(self) -> str:
        """Digest of the household as it was read last, by which a change of the files is noticed; empty before."""
        with self._lock:
            return self._digest

    def save(self, seen: str) -> "Saved":
        """Write the draft into household.toml, if the files are still those that were seen; what it cannot say stays drafted.

        Raises
        ------
        Refusal
            When the files were changed meanwhile or cannot be written.
        """
        draft = self.draft()
        saved: Saved = self.ask(work.saved, "writing household.toml", self.folder, seen, draft, stamp=uuid.uuid4().hex)
        self.put(draft)
        return saved

    def drop(self) -> None:
        """Go back to what the files say."""
        with self._lock:
            self._draft = None

    # Named variants ------------------------------------------------------------------------------------------------

    def variants(self) -> Mapping[str, Problem]:
        """Questions kept under a name, in the order they were kept."""
        with self._lock:
            return MappingProxyType(dict(self._variants))

    def keep_variant(self, name: str, problem: Problem) -> None:
        """Keep a question under a name; raises :class:`Refusal` when there are too many."""
        with self._lock:
            if name not in self._variants and len(self._variants) >= MOST_VARIANTS:
                raise Refusal(f"{MOST_VARIANTS} variants are kept already; remove one first.")
            self._variants[name] = problem

    def remove_variant(self, name: str) -> None:
        """Forget a variant."""
        with self._lock:
            self._variants.pop(name, None)

    # Work ----------------------------------------------------------------------------------------------------------

    def plan(self, problem: Problem) -> Job:
        """The plan of a question, without comparing."""
        return self.job(work.plan, "planning", problem, quick=True)

    def plan_now(self, problem: Problem) -> Plan:
        """The same, waited for."""
        return self.plan(problem).result()  # type: ignore[no-any-return]

    def ask(self, task: Task, name: str, *arguments: object, stamp: object = None) -> Any:
        """Have something short done and wait for it; raises :class:`Refusal`."""
        return self.job(task, name, *arguments, quick=True, stamp=stamp).result()

    def job(
        self, task: Task, name: str, *arguments: object, quick: bool = False, stamp: object = None, seconds: float = SECONDS
    ) -> Job:
        """Start a task, or return the one that has the same question and did not fail.

        Parameters
        ----------
        task, arguments : a function of :mod:`optimizer.web.work` and what it takes.
        name : what is being done, for those who wait.
        quick : whether it takes its turn among the short ones.
        stamp : what else the answer depends on.
        seconds : after so long without a word it is ended.
        """
        key = (task.__name__, stamp, *(each.digest() if isinstance(each, Problem) else each for each in arguments))
        with self._lock:
            known = self._by_key.get(key)
            if known is not None and known.is_fresh:
                return known
            if sum(not each.finished.is_set() for each in self._jobs.values()) >= MOST_WAITING:
                raise Refusal(f"{MOST_WAITING} tasks are waiting already; wait for one or cancel it.")
            job = Job(name, self._quick if quick else self._long, key, task, arguments)
            self._keep(job)
        threading.Thread(target=_run, args=(job, seconds), daemon=True).start()
        return job

    def find(self, job_id: str) -> Job | None:
        """A job by its id; None when it is forgotten."""
        with self._lock:
            return self._jobs.get(job_id)

    def _keep(self, job: Job) -> None:
        self._jobs[job.job_id] = self._by_key[job.key] = job
        for old in list(self._jobs.values()):
            if len(self._jobs) <= KEPT_JOBS:
                break
            if old.finished.is_set():
                del self._jobs[old.job_id]
                if self._by_key.get(old.key) is old:
                    del self._by_key[old.key]

    def stamp(self) -> tuple[object, ...]:
        """What the folder's input files look like from outside."""
        try:
            files = sorted(each for each in self.folder.iterdir() if each.suffix in INPUTS and each.name != "book.db")
            return tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
        except OSError as error:
            raise Refusal("The household's folder cannot be read.", lines=(str(error.strerror),)) from None


def _run(job: Job, seconds: float) -> None:
    """The thread of one job: wait for the worker's turn, ask, note the answer."""
    try:
        job.end(job.worker.ask(job, seconds))
    except BaseException as error:
        job.end(refusal=refusal_of(error))
