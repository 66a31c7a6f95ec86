"""Doubts about a price history: gaps, jumps that look like splits, prices that stand still, series that end early.

None of them is mended here. A gap could be a holiday or a lost file, a fall by half a split or a crash; who keeps the
file knows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.market.prices import PriceHistory, Vector

DoubtKind = Literal["gap", "split", "stale", "ended", "hole"]

Flags = NDArray[np.bool_]

SPLITS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 50.0, 100.0, 1.5)
"""New shares for an old one, as splits are usually declared; their inverses are reverse splits."""
NEAR_SPLIT = 0.04
"""How far from a split's ratio one day's move may be, as a fraction, and still look like it: a large day's own return."""
STILL_DAYS, FEWEST_STILL = 10, 3
"""Days on end with the same price, while other symbols move, that are more than thin trading; rows at least, where they are far
apart."""
ENDED_ROWS = 5
"""Rows that other symbols go on for before a series counts as ended."""


@dataclass(frozen=True)
class Lines:
    """Where rows came from: the file's name and the line of a day and symbol."""

    file: str
    line_of: Callable[[date, str], int | None]

    def place(self, first: date, last: date, symbol: str) -> str:
        """The file and line, or lines, of some days."""
        lines = [line for line in (self.line_of(first, symbol), self.line_of(last, symbol)) if line is not None]
        if not lines:
            return self.file
        return f"{self.file}, line {lines[0]}" if lines[0] == lines[-1] else f"{self.file}, lines {lines[0]} to {lines[-1]}"


@dataclass(frozen=True)
class Doubt:
    """Something in a history that may not be so.

    Parameters
    ----------
    kind : gap (no price between two), hole (no day at all for long), split, stale (the same price for long), ended.
    symbol : whose; empty for a hole in the days themselves.
    first, last : the days concerned.
    where : file and line.
    words : what was found, in a sentence.
    """

    kind: DoubtKind
    symbol: str
    first: date
    last: date
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


def doubts_of(history: PriceHistory, lines: Lines) -> tuple[Doubt, ...]:
    """Everything doubtful about a history, symbol by symbol."""
    found = list(_holes(history, lines))
    moved = _anything_moved(history)
    usual = _usual_days(history)
    still_rows = max(FEWEST_STILL, round(STILL_DAYS / usual))
    for column, symbol in enumerate(history.symbols):
        close = history.close[:, column]
        for kind, first, last, words in (
            *_gaps(close, symbol),
            *_ended(close, symbol),
            *_splits(close, symbol),
            *_still(close, symbol, moved, still_rows),
        ):
            on, until = history.dates[first].astype(object), history.dates[last].astype(object)
            days = f"on {on}" if first == last else f"from {on} to {until}"
            found.append(Doubt(kind, symbol, on, until, lines.place(on, until, symbol), words.format(days=days)))
    return tuple(found)


def changes_like(doubt: Doubt, history: PriceHistory, split: float) -> bool:
    """Whether the price of a doubt's symbol changed on its first day by about a factor of `split` or more, up or down."""
    close = history.upto(doubt.first).only([doubt.symbol]).close[:, 0]
    known = close[np.isfinite(close)]
    if known.size < 2:
        return False
    ratio = float(known[-2] / known[-1])
    return max(ratio, 1 / ratio) > split * (1 - NEAR_SPLIT)


Part = tuple[DoubtKind, int, int, str]
"""Kind, first row, last row, sentence."""


def _runs(mask: Flags) -> Iterator[tuple[int, int]]:
    """First and last row of every stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    yield from ((int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True))


def _span(close: Vector) -> tuple[int, int]:
    known = np.flatnonzero(np.isfinite(close))
    return (int(known[0]), int(known[-1])) if known.size else (0, -1)


def _gaps(close: Vector, symbol: str) -> Iterator[Part]:
    start, end = _span(close)
    if end < 0:
        yield "gap", 0, len(close) - 1, f"{symbol} has no price at all"
    for first, last in _runs(~np.isfinite(close[start : end + 1])):
        count = last - first + 1
        prices = "1 price is" if count == 1 else f"{count} prices are"
        yield "gap", start + first, start + last, f"{prices} missing of {symbol} {{days}}, and nothing was put in their place"


def _ended(close: Vector, symbol: str) -> Iterator[Part]:
    end = _span(close)[1]
    if 0 <= end < len(close) - ENDED_ROWS:
        yield "ended", end, end, f"the prices of {symbol} end {{days}} while others go on"


def _splits(close: Vector, symbol: str) -> Iterator[Part]:
    known = np.flatnonzero(np.isfinite(close))
    ratio = close[known[:-1]] / close[known[1:]]
    for split in SPLITS:
        for is_reverse in (False, True):
            wanted = 1 / split if is_reverse else split
            for at in np.flatnonzero(np.abs(ratio / wanted - 1) < NEAR_SPLIT):
                row = int(known[at + 1])
                name = f"1-for-{split:g} reverse split" if is_reverse else f"{split:g}-for-1 split"
                change = 100 * (1 / ratio[at] - 1)
                yield "split", row, row, f"{symbol} moved by {change:+.1f} % {{days}}, as in a {name} that was not adjusted for"


def _still(close: Vector, symbol: str, moved: Flags, rows: int) -> Iterator[Part]:
    """Stretches of the same price while others moved; a symbol that never moves at all is a stable value."""
    same = np.append(False, (close[1:] == close[:-1]) & moved)
    runs = [(first - 1, last) for first, last in _runs(same) if last - first + 2 >= rows]
    if not runs or same.sum() >= np.isfinite(close).sum() - 1:
        return
    first, last = max(runs, key=lambda run: run[1] - run[0])
    others = f", and so it does {len(runs) - 1} more times for {rows} rows or longer" if len(runs) > 1 else ""
    yield "stale", first, last, f"{symbol} has the same price {{days}}, {last - first + 1} rows on end{others}"


def _anything_moved(history: PriceHistory) -> Flags:
    """For every row but the first, whether at least half of the symbols with prices changed."""
    before, after = history.close[:-1], history.close[1:]
    known = np.isfinite(before) & np.isfinite(after)
    changed: Flags = ((before != after) & known).sum(axis=1) * 2 >= np.maximum(known.sum(axis=1), 1)
    return changed


def _holes(history: PriceHistory, lines: Lines) -> Iterator[Doubt]:
    """Stretches without any day that are more than twice, and a week more than, what the file's days are usually apart."""
    apart, usual = np.diff(history.dates).astype(int), _usual_days(history)
    for row in np.flatnonzero(apart > max(2 * usual, usual + 7) - 1e-9):
        first, last = (history.dates[at].astype(object) for at in (row, row + 1))
        words = f"no prices at all between {first} and {last}, where days are usually {usual:g} apart"
        yield Doubt("hole", "", first, last, lines.place(first, last, ""), words)


def _usual_days(history: PriceHistory) -> float:
    """Days that two rows are usually apart."""
    return float(np.median(np.diff(history.dates).astype(int))) if len(history) > 1 else 1.0
