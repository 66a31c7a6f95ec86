"""The contract of a target policy: from the prices known at a date and the weights before to weights inside an asset class.

A policy is mechanical. It sees month ends up to the date and nothing after it, it decides how one class is shared out among its
segments and never how large the class is, and what it returns is checked before anyone uses it. A policy of one's own is
a class like this, offered under the entry-point group ``bandwise.policies`` of an installed package::

    @dataclass(frozen=True)
    class Loudest(Policy):
        '''All of the class in the segment that rose most over some months.'''

        months: int = 12

        @property
        def months_needed(self) -> int:
            return self.months

        def weights(self, known: Known, previous: Vector | None) -> Vector:
            rise = known.prices[-1] / known.prices[-1 - self.months]
            return (rise == np.nanmax(rise)).astype(float)

Its fields are its options, and may stand in household.toml under `[targets]` beside `policy`.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from optimizer.errors import Fault, InputFaults
from optimizer.market.prices import Day, Days, Matrix, PriceHistory, Vector, as_day64, month_ends

MonthCount = Annotated[int, Field(ge=2, le=1200)]
ClassFraction = Annotated[float, Field(ge=0, le=1)]
"""Bounds of options, kept where an option is read from a file or a command line."""

Flags = NDArray[np.bool_]
TOLERANCE = 1e-9
"""How far weights may be from adding up to one, and below zero, for rounding's sake."""


class PolicyFailure(InputFaults):
    """A policy returned what no weights can be, or stopped; its author has to mend it."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is known at the close of a day.

    Parameters
    ----------
    day : the last day anything is known of.
    segments : n_segments names.
    dates : ndarray of shape (n_months,); month ends, the last of them `day` itself or the last day with prices before it.
    prices : ndarray of shape (n_months, n_segments), total-return prices; NaN where there is none.
    market : ndarray of shape (n_months, n_segments), each segment's share of the class by market value, rows summing to 1; None
        when nobody stated it.
    """

    day: date
    segments: tuple[str, ...]
    dates: Days
    prices: Matrix
    market: Matrix | None = None

    @property
    def alive(self) -> Flags:
        """Which segments have a price on the last date, as booleans of shape (n_segments,)."""
        has_price: Flags = np.isfinite(self.prices[-1])
        return has_price

    def returns(self, months: int) -> Matrix:
        """The last `months` monthly returns as fractions, of shape (at most `months`, n_segments)."""
        window = self.prices[-months - 1 :]
        return window[1:] / window[:-1] - 1


class Policy(ABC):
    """How a class is shared out among its segments; subclasses are frozen dataclasses whose fields are their options."""

    @property
    def months_needed(self) -> int:
        """Months of prices before the date without which the policy cannot judge a segment; 0 for one that needs none."""
        return 0

    @property
    def first_day(self) -> date | None:
        """The day from which the policy has anything to say; None where prices alone decide."""
        return None

    @property
    def needs_market(self) -> bool:
        """Whether the policy works on market weights."""
        return False

    def refuse_impossible(self, counts: Sequence[int]) -> None:
        """Refuse options that classes of so many segments cannot keep, with InputFaults; most policies have none."""
        return

    @abstractmethod
    def weights(self, known: Known, previous: Vector | None) -> Vector:
        """Return weights of shape (n_segments,), at least 0, adding up to 1.

        Parameters
        ----------
        known : what may be known at the date.
        previous : the policy's own weights at the date before; None at the first.
        """


@dataclass(frozen=True, eq=False)
class Months:
    """A history sampled at month ends, from which what is known at any day is a view.

    Sampling sees only calendar dates ahead, never a price: on a day inside a month the last sample is that day's own price,
    as it would be if the history ended there.
    """

    segments: tuple[str, ...]
    history: PriceHistory
    ends: Matrix
    rows: NDArray[np.intp]
    market: Matrix | None = None

    @classmethod
    def of(cls, history: PriceHistory, market: Matrix | None = None) -> "Months":
        """Sample a history of one column a segment.

        Parameters
        ----------
        history : prices, a column a segment.
        market : ndarray of shape (n_days, n_segments), market weights on the history's days.
        """
        rows = month_ends(history.dates)
        ends = history.adjusted[rows]
        ends.flags.writeable = False
        return cls(history.symbols, history, ends, rows, market)

    def known_at(self, day: Day) -> Known:
        """What is known at the close of `day`; ValueError when nothing is."""
        last = self.history.rows_upto(day) - 1
        if last < 0:
            raise ValueError(f"no prices up to {day}")
        count = int(np.searchsorted(self.rows, last, side="right"))
        on = self.history.dates[last].astype(object)
        if count and self.rows[count - 1] == last:
            market = None if self.market is None else self.market[self.rows[:count]]
            return Known(on, self.segments, self.history.dates[self.rows[:count]], self.ends[:count], market)
        rows = np.append(self.rows[:count], last)
        market = None if self.market is None else self.market[rows]
        return Known(on, self.segments, self.history.dates[rows], self.history.adjusted[rows], market)


def checked(policy: Policy, known: Known, previous: Vector | None) -> Vector:
    """The policy's weights, or a refusal of weights that are none.

    Raises
    ------
    PolicyFailure
        When the policy stops with an error of its own, or the answer has another shape, is below zero, does not add up to
        one, or gives a weight to a segment without a price.
    """
    name, count = type(policy).__name__, len(known.segments)
    try:
        weights = np.asarray(policy.weights(known, previous), dtype=float)
    except InputFaults:
        raise
    except Exception as error:  # a policy of one's own may stop with anything
        frame = extract_tb(error.__traceback__)[-1]
        at = f"{Path(frame.filename).name}, line {frame.lineno}"
        raise _failure(policy, f"{name} stopped on {known.day} with {type(error).__name__}: {error} ({at})") from error
    if weights.shape != (count,):
        raise _failure(policy, f"{name} returned an array of shape {weights.shape} on {known.day}, not ({count},)")
    if not np.all(np.isfinite(weights)) or weights.min() < -TOLERANCE or abs(weights.sum() - 1) > TOLERANCE * count:
        told = np.array2string(weights, precision=4, threshold=6)
        found = f"{name} returned weights on {known.day} that are below zero or do not add up to one: {told}"
        raise _failure(policy, found)
    if np.any(weights[~known.alive] > TOLERANCE):
        raise _failure(policy, f"{name} gives a weight on {known.day} to a segment that has no price that day")
    clean: Vector = np.clip(weights, 0, None)
    clean /= clean.sum()
    return clean


def _failure(policy: Policy, found: str) -> PolicyFailure:
    """What is wrong with a policy, at the file it was read from."""
    module = sys.modules.get(type(policy).__module__)
    file = getattr(module, "__file__", None) or type(policy).__module__
    expected = "weights, one for each segment, of 0 or more, adding up to 1, and 0 where there is no price"
    step = f"Mend the class {type(policy).__name__} in {file}."
    return PolicyFailure([Fault(("policy",), found, expected, step, str(file))])


def can_judge(policy: Policy, known: Known) -> bool:
    """Whether at least one segment has as many months of prices before the date as the policy needs."""
    needed = policy.months_needed
    if needed >= len(known.dates) or (policy.first_day is not None and known.day < policy.first_day):
        return False
    if policy.needs_market and known.market is not None and not np.isfinite(known.market[-1]).any():
        return False  # market weights begin later
    return bool(np.isfinite(known.prices[-1 - needed :]).all(axis=0).any())


def targets_through(policy: Policy, months: Months, days: Sequence[date] | Days) -> tuple[Days, Matrix]:
    """The policy's weights on each of `days` from the first on which it can judge a segment.

    Returns
    -------
    days : ndarray of shape (n_answered,), datetime64[D].
    weights : ndarray of shape (n_answered, n_segments), each row adding up to 1.
    """
    answered: list[np.datetime64] = []
    rows: list[Vector] = []
    previous: Vector | None = None
    for day in days:
        if months.history.rows_upto(day) == 0:
            continue
        known = months.known_at(day)
        if not rows and not can_judge(policy, known):
            continue
        previous = checked(policy, known, previous)
        answered.append(as_day64(day))
        rows.append(previous)
    weights = np.array(rows) if rows else np.zeros((0, len(months.segments)))
    return np.array(answered, dtype="datetime64[D]"), weights


def inside_classes(class_shares: Mapping[str, float], inside: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Weights of the whole from weights inside each class: the class keeps exactly the share its owner gave it."""
    return {segment: class_shares[name] * weight for name, parts in inside.items() for segment, weight in parts.items()}
