"""Policies side by side: the work cut into chunks of paths, every policy on the same paths, in as many processes as wanted.

A chunk holds a fixed number of paths and draws them itself, so results do not depend on how many processes there are; and it
runs every policy, so that what is done when a run is stopped early is complete for the paths it covers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.history import History, windows_of
from optimizer.simulate.markets import Market
from optimizer.simulate.measures import Figures, average_segment, figures_of, theory
from optimizer.simulate.outcome import Outcome
from optimizer.simulate.paths import Paths
from optimizer.simulate.policies import Policy
from optimizer.simulate.setup import Setup
from optimizer.simulate.single import run_single

Floats = NDArray[np.float64]

CHUNK = 50
"""Paths that run together."""
YEAR = 12


@dataclass(frozen=True)
class Contender:
    """A policy in the hands of an investor."""

    policy: Policy
    setup: Setup
    name: str = ""

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.name or self.policy.name


@dataclass(frozen=True)
class Chunk:
    """Some paths; each figure is taken over the horizons that fit."""

    paths: Paths
    horizons: tuple[int, ...]


@dataclass
class Measured:
    """Figures of every contender at every horizon, over all paths done; lists of one entry a chunk."""

    figures: dict[str, dict[int, Figures]] = field(default_factory=dict)
    segment: dict[int, Floats] = field(default_factory=dict)
    theory: dict[int, Floats] = field(default_factory=dict)
    done: int = 0
    was_stopped: bool = False

    def add(self, other: "Measured") -> None:
        """Take in the figures of another chunk."""
        for name, by_horizon in other.figures.items():
            ours = self.figures.setdefault(name, {})
            for horizon, figures in by_horizon.items():
                ours[horizon] = ours[horizon].joined(figures) if horizon in ours else figures
        for mine, theirs in ((self.segment, other.segment), (self.theory, other.theory)):
            for horizon, array in theirs.items():
                mine[horizon] = np.concatenate([mine[horizon], array]) if horizon in mine else array
        self.done += other.done


def measure(chunk: Chunk, contenders: tuple[Contender, ...]) -> Measured:
    """Run every contender on a chunk."""
    found = Measured(done=chunk.paths.n_paths)
    for contender in contenders:
        outcome = run_single(chunk.paths, contender.policy, contender.setup, chunk.horizons)
        found.figures[contender.label] = {h: figures_of(outcome, chunk.paths, h) for h in chunk.horizons}
    target = next((each.policy for each in contenders if not each.policy.is_market), None)
    if target is not None:
        weights = target.targets.weights(chunk.paths.segments())[:, 0]
        found.segment = {h: average_segment(chunk.paths, weights, h) for h in chunk.horizons}
        found.theory = {h: theory(chunk.paths, weights, h) for h in chunk.horizons}
    return found


def drawn_chunks(market: Market, n_paths: int, horizons: tuple[int, ...]) -> list["Drawing"]:
    """The chunks of a simulated market, to be drawn where they run."""
    firsts = range(0, n_paths, CHUNK)
    return [Drawing(market, first, min(CHUNK, n_paths - first), horizons) for first in firsts]


@dataclass(frozen=True)
class Drawing:
    """Paths still to be drawn."""

    market: Market
    first: int
    count: int
    horizons: tuple[int, ...]

    def chunk(self) -> Chunk:
        """Draw them."""
        return Chunk(self.market.paths(self.first, self.count, self.horizons[-1]), self.horizons)


@dataclass(frozen=True)
class Windows:
    """All windows of a history of one length that start in one calendar month."""

    history: History
    length: int
    start_month: int

    def chunk(self) -> Chunk:
        """Cut them out."""
        paths = windows_of(self.history.paths, self.length, self.start_month)
        assert paths is not None
        return Chunk(paths, (self.length,))


def window_chunks(history: History, lengths: tuple[int, ...], start_months: tuple[int, ...]) -> list[Windows]:
    """One chunk for every length and month of start that the history is long enough for."""
    return [
        Windows(history, length, month)
        for length in lengths
        for month in start_months
        if windows_of(history.paths, length, month) is not None
    ]


def run_chunks(
    chunks: list[Drawing] | list[Windows],
    contenders: tuple[Contender, ...],
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Measured:
    """Run all chunks; stopped by the keyboard, return what is done.

    Parameters
    ----------
    progress : called with chunks done and chunks in all.
    """
    total = Measured()
    try:
        for done, found in enumerate(_results(chunks, contenders, processes), start=1):
            total.add(found)
            if progress:
                progress(done, len(chunks))
    except KeyboardInterrupt:
        if not total.done:
            raise
        total.was_stopped = True
    return total


def _results(chunks: list[Drawing] | list[Windows], contenders: tuple[Contender, ...], processes: int) -> Iterator[Measured]:
    if processes == 1 or len(chunks) == 1:
        yield from (_one(chunk, contenders) for chunk in chunks)
        return
    from joblib import Parallel, delayed

    work = Parallel(n_jobs=processes, return_as="generator")
    yield from work(delayed(_one)(chunk, contenders) for chunk in chunks)


def _one(work: Drawing | Windows, contenders: tuple[Contender, ...]) -> Measured:
    return measure(work.chunk(), contenders)


def whole_history(history: History, contenders: tuple[Contender, ...]) -> dict[str, Outcome]:
    """Every contender through the whole of a history."""
    return {each.label: run_single(history.paths, each.policy, each.setup) for each in contenders}
