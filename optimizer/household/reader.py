"""The household's three files in, a problem out, or every fault in them with its file and line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from optimizer.errors import Fault, InputFaults
from optimizer.household.benchmark_files import add_benchmark
from optimizer.household.convert import add_tables
from optimizer.household.csv_files import LOTS, PRICES, Columns, Sheet, read_sheet
from optimizer.household.draft import Draft
from optimizer.household.files import LOTS_NAME, PRICES_NAME, TOML_NAME
from optimizer.household.findings import Address, Findings
from optimizer.household.holdings import add_lots, add_prices, require_prices
from optimizer.household.kept import add_kept, read_kept
from optimizer.household.lines import LineIndex
from optimizer.household.policy_targets import with_policy_targets
from optimizer.household.tables import HouseholdTables
from optimizer.household.toml_file import read_tables, read_tree
from optimizer.problem import Problem

T = TypeVar("T")
NAMED = ("accounts", "segments", "securities", "owners")
"""The tables whose keys are the names that everything else refers to."""


def read_household(folder: Path | str) -> Problem:
    """Read `household.toml`, `lots.csv` and `prices.csv` of a folder, and its ledger if it keeps one.

    Raises
    ------
    InputFaults
        With everything found wrong in the three files, each fault at its file and line, in that order.
    """
    folder = Path(folder)
    if not folder.is_dir():
        found = "a file" if folder.exists() else "no such folder"
        step = f"`bandwise init {folder}` writes one to start with."
        raise InputFaults([Fault((str(folder),), found, "the folder of a household", step, str(folder))])
    source = _Source(folder)
    tables = source.tables()
    kept = read_kept(folder, tables.as_of) if tables else None
    lots, prices = source.lots(is_needed=kept is None), source.sheet(PRICES_NAME, PRICES)
    draft, has_names = Draft(source.findings), True
    if tables is not None:
        tables = with_policy_targets(tables, folder, source.findings)
        add_tables(tables, draft)
        if source.findings.remarks:
            draft.parts["remarks"] = tuple(source.findings.remarks)
        has_names = add_names(tables, source.sheet, draft)
    if prices is not None:
        add_prices(prices, tables, draft)
    if lots is not None:
        add_lots(lots, draft)
    if kept is not None:
        add_kept(kept, tables, lots, draft)
    if lots is not None and prices is not None:
        require_prices(prices, draft)
    if tables is None or lots is None or prices is None or not has_names or source.lacks_names():
        source.findings.refuse_any()  # too little could be read for names and sums to be checked
    return draft.finish()


def add_names(tables: HouseholdTables, read: Callable[[str, Columns], Sheet | None], draft: Draft) -> bool:
    """Put the names of a benchmark into the draft; False where too little of it can be read to go on."""
    if tables.benchmark is not None:
        return add_benchmark(tables.benchmark, read, draft)
    if not tables.securities and not draft.findings.follows((TOML_NAME, "securities")):
        draft.findings.add((TOML_NAME, "securities"), "no [securities]", "at least one")
    return True


@dataclass(slots=True)
class _Source:
    """A folder whose files are read one by one; what is wrong with them gathers in `findings`."""

    folder: Path
    index: LineIndex | None = None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    findings: Findings = field(init=False)

    def __post_init__(self) -> None:
        self.findings = Findings(self._line)

    def tables(self) -> HouseholdTables | None:
        """household.toml, or None when it cannot be read."""
        result = self._try(lambda: read_tree(self.folder / TOML_NAME))
        if result is None:
            return None
        tree, self.index = result
        return read_tables(tree, self.findings)

    def sheet(self, name: str, columns: Columns) -> Sheet | None:
        """A table of rows, or None when it cannot be read."""
        sheet = self._try(lambda: read_sheet(self.folder / name, columns))
        if sheet is not None:
            self.sheets[name] = sheet
        return sheet

    def lots(self, *, is_needed: bool) -> Sheet | None:
        """The lots a person wrote down; without any where a ledger may have them all and there is no file."""
        if is_needed or (self.folder / LOTS_NAME).exists():
            return self.sheet(LOTS_NAME, LOTS)
        return Sheet(LOTS_NAME, LOTS.needed, ())

    def lacks_names(self) -> bool:
        """Whether a whole table of names is in doubt, so that every mention of one would look unknown."""
        return any((TOML_NAME, table) in self.findings.doubtful for table in NAMED)

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputFaults as refusal:
            self.findings.take(refusal)
            return None

    def _line(self, address: Address) -> int | None:
        name = str(address[0])
        if name == TOML_NAME and self.index is not None:
            return self.index.line_of(address[1:])
        if name in self.sheets and len(address) > 1 and isinstance(address[1], int):
            return self.sheets[name].rows[address[1]].line
        return None
