"""What a year's law looks like from inside: named figures, and schedules of rates.

A figure is found by the path of its group, and where it differs by filing status by the status as well. A figure that
is not in the file is refused with the path, so a provision that a year does not know is never taken for zero; ask
:meth:`Law.has` first where a provision comes and goes.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from lots.errors import LawError
from lots.units import ZERO, Money, Rate

Figure = Decimal | tuple[tuple[Decimal, ...], ...]


class FilingStatus(StrEnum):
    """The filing statuses of IRC 1(a)-(d) and 2."""

    SINGLE = "single"
    MFJ = "mfj"
    MFS = "mfs"
    HOH = "hoh"
    QSS = "qss"

    @property
    def is_joint(self) -> bool:
        """Whether two people file on one return."""
        return self is FilingStatus.MFJ

    @property
    def column(self) -> str:
        """The column of the law's tables; a surviving spouse uses the joint one unless there is one of their own."""
        return "mfj" if self is FilingStatus.QSS else self.value


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of marginal rates: `rates[k]` applies above `edges[k]` dollars, and `edges[0]` is zero."""

    edges: tuple[Money, ...]
    rates: tuple[Rate, ...]
    below: tuple[Money, ...]

    @classmethod
    def of(cls, rows: tuple[tuple[Decimal, ...], ...]) -> "Schedule":
        """Make a schedule of (lower edge, rate) rows."""
        edges, rates = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
        below = [ZERO]
        for (low, high), rate in zip(pairwise(edges), rates, strict=False):
            below.append(below[-1] + rate * (high - low))
        return cls(edges, rates, tuple(below))

    def tax(self, income: Money) -> Money:
        """Tax on `income` dollars, unrounded; nothing on zero or less."""
        if income <= 0:
            return ZERO
        k = self._bracket(income)
        return self.below[k] + self.rates[k] * (income - self.edges[k])

    def rate_above(self, income: Money) -> Rate:
        """The rate on the next dollar above `income`."""
        return self.rates[max(0, sum(edge <= income for edge in self.edges) - 1)]

    def next_edge(self, income: Money) -> Money | None:
        """The first edge above `income`, or None in the top bracket."""
        return next((edge for edge in self.edges if edge > income), None)

    def _bracket(self, income: Money) -> int:
        k = len(self.edges) - 1
        while self.edges[k] >= income:
            k -= 1
        return k


@dataclass(frozen=True, slots=True)
class Law:
    """One jurisdiction's figures for one tax year.

    Parameters
    ----------
    year : the tax year the figures are used for.
    jurisdiction : "federal" or the postal code of a state.
    figures : path of group and key -> figure.
    sources, units : the same paths -> where the figure stands, and what it counts.
    stamp : what every page must say when the figures are not those of `year`; empty for enacted law.
    """

    year: int
    jurisdiction: str
    figures: dict[str, Figure]
    sources: dict[str, str]
    units: dict[str, str]
    stamp: str = ""
    _schedules: dict[str, Schedule] = field(default_factory=dict, compare=False, repr=False)
    _groups: set[str] = field(default_factory=set, compare=False, repr=False)

    def has(self, path: str) -> bool:
        """Whether the year knows the figure, or any figure below the path."""
        if not self._groups:
            parts = (known.split(".") for known in self.figures)
            self._groups.update(".".join(part[:end]) for part in parts for end in range(1, len(part) + 1))
        return path in self._groups

    def figure(self, path: str) -> Decimal:
        """The figure at `path`, such as "niit.rate.rate".

        Raises
        ------
        LawError
            If the year's files do not hold it.
        """
        value = self._look_up(path)
        if not isinstance(value, Decimal):
            raise LawError(f"{path} of {self.jurisdiction} {self.year} is a table, not a single figure.")
        return value

    def by_status(self, path: str, status: FilingStatus) -> Decimal:
        """The figure of a filing status, such as "niit.threshold"."""
        return self.figure(self._key(path, status))

    def table(self, path: str) -> tuple[tuple[Decimal, ...], ...]:
        """The rows at `path`, in the order of the file."""
        value = self._look_up(path)
        if isinstance(value, Decimal):
            raise LawError(f"{path} of {self.jurisdiction} {self.year} is a single figure, not a table.")
        return value

    def schedule(self, path: str, status: FilingStatus) -> Schedule:
        """The schedule of rates of a filing status."""
        key = self._key(path, status)
        if key not in self._schedules:
            self._schedules[key] = Schedule.of(self.table(key))
        return self._schedules[key]

    def interval(self, path: str, status: FilingStatus) -> tuple[Money, Money]:
        """The start and the end of a phase-out."""
        start, end = self.table(self._key(path, status))[0]
        return start, end

    def source(self, path: str) -> str:
        """Where the figure stands."""
        self._look_up(path)
        return self.sources[path]

    def capital_loss_limit(self, status: FilingStatus) -> Money:
        """The most net capital loss that one year deducts (IRC 1211(b)(1)), in dollars."""
        return self.by_status("capital_loss_limit", status)

    def _key(self, path: str, status: FilingStatus) -> str:
        own = f"{path}.{status.value}"
        return own if own in self.figures else f"{path}.{status.column}"

    def _look_up(self, path: str) -> Figure:
        try:
            return self.figures[path]
        except KeyError:
            raise LawError(
                f"The {self.jurisdiction} law of {self.year} has no figure {path!r}; "
                f"add it to lots/law/{self.jurisdiction} with its unit and source."
            ) from None
