"""What household.toml says about looking: the calendar, and where prices through time lie."""

from pathlib import Path

from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Findings
from optimizer.household.tables import HouseholdTables
from optimizer.household.toml_file import read_tables, read_tree
from optimizer.targets.watch import Watch


def read_watch(folder: Path) -> tuple[Watch, Path | None]:
    """The calendar of `[watch]`, and the file of prices that `[targets]` names, if it does.

    Raises
    ------
    InputFaults
        With every fault of household.toml at its line.
    """
    tables = read_strategy_tables(folder)
    named = tables.targets.prices if tables.targets else None
    return Watch(tables.watch.look, tables.watch.act), folder / named if named else None


def read_strategy_tables(folder: Path) -> HouseholdTables:
    """The tables of a household; raises as :func:`read_watch` does."""
    tree, index = read_tree(folder / TOML_NAME)
    findings = Findings(lambda address: index.line_of(address[1:]))
    tables = read_tables(tree, findings)
    findings.refuse_any()
    assert tables is not None  # without faults there are tables
    return tables
