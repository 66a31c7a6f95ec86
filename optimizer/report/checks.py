"""Sums that must agree between sheets of the workbook, each as two formulas and their difference.

Every sheet adds up by itself; what a reader cannot see there is whether the sheets tell the same story. Here the same dollars are
added up in two places: what was sold and bought among the trades and in the cash, gains by their term and on Schedule D, the
tax and the cost line by line and in the proof.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lots.lot import Term
from lots.units import ZERO
from optimizer.report.costs import TAX_LINES
from optimizer.report.table import DataTable, Row

FIRST_ROW = 3
"""Where the rows of every sheet begin, as a spreadsheet counts."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One of the two sides: a formula over a sheet, and what it comes to."""

    formula: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Check:
    """Dollars that two places must agree on."""

    what: str
    here: Sum
    there: Sum


def checks_of(tables: Iterable[DataTable], sheets: Mapping[str, str]) -> list[Check]:
    """The checks for which both sheets are there.

    Parameters
    ----------
    tables : those of the workbook.
    sheets : what the sheet of each table is called.
    """
    found = {each.name: _Sheet(each, sheets[each.name]) for each in tables if each}
    short, long = (dict(TAX_LINES[0])[name] for name in ("short", "long"))
    wanted = (
        ("Sold, among the trades and in the cash", "sales", "proceeds", "cash", "sold"),
        ("Bought, among the trades and in the cash", "buys", "cost", "cash", "bought"),
        ("This year's tax, line by line and by the ledger", "tax", "after", "proof", "ledger"),
        ("Cost of the plan, part by part and in the proof", "costs", "amount", "proof", "total"),
    )
    made = [
        Check(what, found[one].whole(key), found[other].whole(other_key))
        for what, one, key, other, other_key in wanted
        if one in found and other in found
    ]
    if "sales" in found and "tax-facts" in found:
        for term, line in ((Term.SHORT, short), (Term.LONG, long)):
            what = f"Gains and losses held {term}-term, among the sales and what they change on Schedule D"
            made.append(Check(what, found["sales"].where("term", term, "gain"), found["tax-facts"].where("line", line, "change")))
    return made


class _Sheet:
    """A table as its sheet holds it."""

    def __init__(self, table: DataTable, name: str) -> None:
        self.table, self.name = table, name
        self.places = {column.key: place for place, column in enumerate(table.columns)}

    def whole(self, key: str) -> Sum:
        """A column added up."""
        return Sum(f"SUM({self._range(key)})", self._total(key, self.table.rows))

    def where(self, key: str, word: str, summed: str) -> Sum:
        """A column added up over the rows with a word in another one; nothing where the table has no such column."""
        if key not in self.places or summed not in self.places:
            return Sum("0", ZERO)
        rows = [row for row in self.table.rows if row[self.places[key]] == word]
        return Sum(f'SUMIF({self._range(key)},"{word}",{self._range(summed)})', self._total(summed, rows))

    def _range(self, key: str) -> str:
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name(self.places[key])
        return f"'{self.name}'!{letter}{FIRST_ROW}:{letter}{FIRST_ROW + len(self.table.rows) - 1}"

    def _total(self, key: str, rows: Iterable[Row]) -> Decimal:
        cells = [row[self.places[key]] for row in rows]
        return sum((cell for cell in cells if isinstance(cell, Decimal)), ZERO)
