"""The lines of a return, in the order in which a preparer fills them in.

Line numbers are those of the 2025 forms; a later form may renumber a line, and the name beside the number says which
one is meant.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from lots.units import Money, Rate


class Line(NamedTuple):
    """One line: the form, the number printed on it, what it says, dollars, and how they came about."""

    form: str
    number: str
    name: str
    amount: Money
    how: str


@dataclass(slots=True)
class Sheet:
    """Lines written so far; `form` is the form that the next lines belong to."""

    form: str = ""
    lines: list[Line] = field(default_factory=list)

    def put(self, number: str, name: str, amount: Money, how: str = "") -> Money:
        """Write a line and hand back its amount, so the code reads like the worksheet."""
        self.lines.append(Line(self.form, number, name, amount, how))
        return amount


def percent(rate: Rate) -> str:
    """A rate as people write it: 0.038 is "3.8 %"."""
    digits = f"{100 * rate:f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + " %"
