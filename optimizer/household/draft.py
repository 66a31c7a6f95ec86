"""The document being put together, and where each part of it was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from optimizer.check import faults_of
from optimizer.errors import Fault, InputFaults
from optimizer.household.files import LOTS_NAME, TOML_NAME
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
        except InputFaults as error:
            self._note(error.faults)
            self.findings.refuse_any()
            raise
        self._note(faults_of(problem))
        self.findings.refuse_any()
        return problem

    def _note(self, faults: Iterable[Fault]) -> None:
        """Report the document's faults at their place in the files, but for those that are about a stand-in."""
        for fault in faults:
            address = self._address(fault.path)
            if not any(self.findings.follows(ground) for ground in (address, *self._grounds(fault.path))):
                self.findings.note(address, fault.found, fault.expected, fault.step)

    def _address(self, path: Path) -> Address:
        """Where a path of the document was read: the address of its longest known part, and the rest of the path."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:])
        return (TOML_NAME, *path)

    def _grounds(self, path: Path) -> Iterator[Address]:
        """What else a fault rests on: the lots a wish names, or the account of a lot or an order, and its owner."""
        if path[:2] == ("wishes", "keep_lots"):
            yield (LOTS_NAME,)
        account = self._account_of(path)
        if account is not None:
            name, owner = str(account["id"]), str(account.get("owner"))
            facts = ("kind", "owner", "withdrawals_allowed", "contribution_room")
            yield from ((TOML_NAME, "accounts", name, fact) for fact in facts)
            yield (TOML_NAME, "owners", owner)

    def _account_of(self, path: Path) -> Parts | None:
        """The account whose kind decides whether there is a fault at `path`."""
        name: object = None
        match path:
            case ("lots", int(row), "acquired" | "cost_basis"):
                name = self.collections["lots"][row]["account"]
            case ("contributions" | "withdrawals" | "donations" as orders, int(row), "into" | "sources" as key, int(k)):
                names = self.collections[orders][row][key]
                name = names[k] if isinstance(names, tuple) else None
        return next((account for account in self.collections["accounts"] if account["id"] == name), None)
