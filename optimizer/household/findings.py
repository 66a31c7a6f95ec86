"""Faults collected across three files, and which of them follow from another one.

A value that cannot be read is reported once, at its place, and a stand-in takes its seat so that the rest can still be
checked. Whatever is then found at that seat, or adds it up with others, is not reported: it would be about the stand-
in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from optimizer.errors import Fault, InputFaults

Address = tuple[str | int, ...]
"""A file's name, then keys or the number of a row and a column: where something was read."""


@dataclass(slots=True)
class Findings:
    """Everything found wrong so far."""

    line_of: Callable[[Address], int | None]
    faults: list[tuple[str, int, Fault]] = field(default_factory=list)
    doubtful: set[Address] = field(default_factory=set)
    """Where a stand-in sits."""
    remarks: list[str] = field(default_factory=list)
    """What is doubtful and stops nothing, in sentences; a plan repeats them."""
    above: set[Address] = field(default_factory=set)
    """Every address that holds a stand-in further down; kept so that a large file full of faults is read as fast as others."""

    def doubt(self, address: Address) -> None:
        """Remember that a stand-in sits at an address."""
        self.doubtful.add(address)
        self.above.update(address[:length] for length in range(1, len(address)))

    def add(self, address: Address, found: str, expected: str, step: str = "") -> None:
        """Report a fault at an address and doubt whatever is there."""
        self.doubt(address)
        self.note(address, found, expected, step)

    def note(self, address: Address, found: str, expected: str, step: str = "") -> None:
        """Report a fault at an address."""
        file, line = str(address[0]), self.line_of(address)
        where = file if line is None else f"{file}, line {line}"
        self.faults.append((file, line or 0, Fault(address, found, expected, step, where)))

    def follows(self, address: Address) -> bool:
        """Whether a fault at `address` may be about a stand-in: one above it, at it or below it."""
        return address in self.above or any(address[:length] in self.doubtful for length in range(1, len(address) + 1))

    def take(self, refusal: InputFaults) -> None:
        """Report the faults of a refused file as they are."""
        for fault in refusal.faults:
            file, _, line = fault.where.partition(", line ")
            self.faults.append((file, int(line or 0), fault))

    def refuse_any(self) -> None:
        """Raise every fault, in the order of files and lines, if there is one."""
        if self.faults:
            raise InputFaults([fault for _, _, fault in sorted(self.faults, key=lambda item: item[:2])])
