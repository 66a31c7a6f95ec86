"""The error tree of planning, split by what the caller can do about it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    Parameters
    ----------
    path : where in the document, as keys and positions, such as ``("lots", 3, "shares")``.
    found : what stands there.
    expected : what would be right.
    step : what to do next; may be empty.
    where : the place a person can open, such as ``lots.csv, line 14``; the path itself when it came from a
        bare document.
    """

    path: tuple[str | int, ...]
    found: str
    expected: str
    step: str = ""
    where: str = ""

    @property
    def place(self) -> str:
        """Where the fault is, in the words a person can follow."""
        return self.where or "/".join(str(part) for part in self.path) or "the document"

    def __str__(self) -> str:
        step = f" {self.step}" if self.step else ""
        return f"{self.place}: found {self.found}; expected {self.expected}.{step}"


class PlanningError(Exception):
    """Anything this package refuses."""


class InputFaults(PlanningError):  # noqa: N818 - it carries faults, all of them at once
    """The input cannot be planned with; the caller mends every fault listed and tries again."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


WASH_RULE = "the wash-sale rule: a loss does not count beside a purchase of the same"
"""Stands beside the orders that only collide because of it; it is law, and gives way to nothing."""


class ContradictoryOrders(PlanningError):  # noqa: N818 - an answer rather than a failure
    """The orders cannot all be carried out.

    `orders` is the smallest set found that collides, `ways_out` says of each by how much it alone would have to give way, the
    least first.
    """

    def __init__(self, orders: tuple[str, ...], ways_out: tuple[str, ...] = ()) -> None:
        super().__init__("These orders contradict each other: " + "; ".join(orders))
        self.orders = orders
        self.ways_out = ways_out


class OutOfTime(PlanningError):  # noqa: N818 - an answer rather than a failure
    """The time allowed was up before any plan was found; the caller allows more, or asks a smaller question.

    Whether the orders can be carried out at all is then not known.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"No plan was found within the {self.seconds:g} seconds allowed."


class SolverFailure(PlanningError):  # noqa: N818
    """The solver stopped without an answer; nobody but the authors can mend it, so it should be reported."""


class LedgerDisagrees(SolverFailure):
    """Ledger and solver tell different taxes of one plan, which nobody should trade; the authors should hear of it."""

    def __init__(self, difference: Decimal) -> None:
        super().__init__(
            f"The ledger's tax of this plan is {difference:,.2f} dollars off the solver's. Do not trade it; no ticket is written."
        )
