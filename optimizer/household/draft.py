"""The document being put together, and where each part of it was read."""

from dataclasses import dataclass, field

from optimizer.check import faults_of
from optimizer.errors import Fault, InputFaults
from optimizer.household.findings import Address, Findings
from optimizer.problem import Problem

Parts = dict[str, object]
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Draft:
    """Parts of a problem, each with its address in the household's files."""

    findings: Findings
    parts: Parts = field(default_factory=dict)
    origins: dict[Path, Address] = field(default_factory=dict)
    collections: dict[str, list[Parts]] = field(default_factory=dict)

    def append(self, collection: str, part: Parts, address: Address) -> int:
        """Add a part to a collection and return its position."""
        rows = self.collections.setdefault(collection, [])
        rows.append(part)
        self.origins[(collection, len(rows) - 1)] = address
        return len(rows) - 1

    def finish(self) -> Problem:
        """Return the problem.

        Raises
        ------
        InputFaults
            With everything found before and everything the document's own checks find, but for what only follows from
            it.
        """
        try:
            problem = Problem.from_parts({**self.parts, **self.collections})
            faults = faults_of(problem)
        except InputFaults as error:
            problem, faults = None, list(error.faults)
        for fault in faults:
            self._place(fault)
        self.findings.refuse_any()
        if problem is None:  # pragma: no cover - a refused document has faults, and they were raised
            raise AssertionError("a document was refused without a fault")
        return problem

    def _place(self, fault: Fault) -> None:
        address = self._address(fault.path)
        if not self.findings.follows(address):
            self.findings.note(address, fault.found, fault.expected, fault.step)

    def _address(self, path: Path) -> Address:
        """Where a path of the document was read: the address of its longest known part, and the rest of the path."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:])
        return ("household.toml", *path)
