"""A process that does the work, so that the page answers at once, a long solve can be cancelled, and a crash stays outside.

One question at a time goes through a pipe and comes back as a document or as a refusal in words. Cancelling ends the process;
the next question starts another.
"""

import contextlib
import importlib
import multiprocessing
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from lots.errors import LotsError, ReplayError
from optimizer.errors import ContradictoryOrders, Fault, InputFaults, PlanningError

Progress = Callable[[str, int, int], None]
Task = Callable[..., Any]
"""A function of a module, so that it has a name in the other process; its first argument reports progress."""


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it carries words for the reader, not a traceback
    """Why there is no answer, in words that may stand on a page.

    Parameters
    ----------
    title : what happened, in a sentence.
    faults : everything wrong with the input, each at its place.
    lines : further sentences, such as orders that collide.
    is_bug : whether the program is to blame.
    """

    title: str
    faults: tuple[Fault, ...] = ()
    lines: tuple[str, ...] = ()
    is_bug: bool = False


CANCELLED = Refusal("Cancelled.")


def refusal_of(error: BaseException) -> Refusal:
    """The words for whatever was raised; a fault of the program is named and its trace goes to standard error only."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, InputFaults):
        return Refusal("There is something to mend in the input first.", faults=error.faults)
    if isinstance(error, ContradictoryOrders):
        lines = [f"These cannot be met together: {each}" for each in error.orders]
        lines += [f"This would be enough: {each}" for each in error.ways_out]
        return Refusal("No plan can carry out all of the orders.", lines=tuple(lines))
    if isinstance(error, LotsError) and not isinstance(error, ReplayError):
        return Refusal("The ledger cannot be read as it is.", lines=tuple(str(error).splitlines()))
    if isinstance(error, TimeoutError):
        return Refusal("Not done within the time allowed.")
    if isinstance(error, MemoryError):
        return Refusal("This needs more memory than is allowed.")
    traceback.print_exception(error)
    words = str(error)[:300] if isinstance(error, PlanningError) else ""
    return Refusal(
        "This is a fault of the program, not of your input. Its trace is in the terminal that runs it.",
        lines=(f"{type(error).__name__}{f': {words}' if words else ''}",),
        is_bug=True,
    )


class Order(Protocol):
    """A task with who waits for it."""

    seconds_of_work: float
    """How long the task itself took, without waiting for its turn or for a process to start."""

    @property
    def task(self) -> Task: ...

    @property
    def arguments(self) -> tuple[object, ...]: ...

    def begin(self) -> bool:
        """Note that its turn has come; False when nobody waits any more."""
        ...

    def report(self, step: str, done: int, total: int) -> None:
        """Note how far it is."""
        ...


class Worker:
    """One process that answers questions in turn; started when first asked, or by :meth:`warm`."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._change = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._current: Order | None = None
        self._is_closed = False

    def open(self) -> None:
        """Let the process be started ahead of the first question again, after it was closed."""
        self._is_closed = False

    def warm(self) -> None:
        """Start the process and let it load the solver; nothing happens once it was closed."""
        with self._change:
            if not self._is_closed:
                self._started()

    def ask(self, order: "Order", seconds: float) -> Any:
        """Have a task done when its turn comes.

        Parameters
        ----------
        order : the task, and who is told of it.
        seconds : without a word for so long the process is ended.

        Raises
        ------
        Refusal
            With the words for the reader, whatever went wrong.
        """
        with self._turn:
            with self._change:
                if not order.begin():
                    raise CANCELLED
                pipe, self._current = self._started(), order
            try:
                pipe.send((order.task, order.arguments))
                return self._answer(pipe, seconds, order)
            except (EOFError, OSError):
                raise CANCELLED from None
            finally:
                self._current = None

    def cancel(self, order: "Order") -> None:
        """End a task if it is the one being done; a fresh process starts to load at once."""
        with self._change:
            if self._current is order and not self._is_closed:
                self._end()
                self._started()

    def close(self) -> None:
        """End the process for good."""
        with self._change:
            self._is_closed = True
            self._end()

    def _answer(self, pipe: Connection, seconds: float, order: "Order") -> Any:
        while True:
            if not pipe.poll(seconds):
                self.cancel(order)
                raise Refusal(f"Not done within {seconds:g} seconds, and ended.")
            kind, what = pipe.recv()
            if kind == "done":
                return what
            if kind == "refused":
                raise what
            if kind == "took":
                order.seconds_of_work = what
            else:
                order.report(*what)

    def _started(self) -> Connection:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), name="bandwise worker", daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
        self._pipe = None


def _serve(pipe: Connection) -> None:
    """The other process: answer until nobody asks any more; the solver is loaded when nothing waits, or with the first need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, which ends this
    with contextlib.suppress(EOFError, OSError):
        while True:
            if not pipe.poll():
                importlib.import_module("optimizer.rebalance")
            task, arguments = pipe.recv()
            begun = time.perf_counter()
            try:
                answer = task(lambda *told: pipe.send(("progress", told)), *arguments)
                pipe.send(("took", time.perf_counter() - begun))
                pipe.send(("done", answer))
            except Exception as error:
                pipe.send(("refused", refusal_of(error)))
