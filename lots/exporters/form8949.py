"""Form 8949: every taxable sale on a row, under the box it belongs to, with its wash-sale adjustment on the same row.

The box depends on the term and on what the broker reported. A broker reports the basis of shares bought for cash since
they became covered securities (Reg. 1.6045-1(a)(15)); what a person was given or inherited is read as not covered, as it
is unless the transfer came with a statement. Digital assets have boxes of their own from 2025 on.

A preparer still compares the rows with the Forms 1099-B: a broker that withheld another wash sale, or reported a basis the
ledger takes for unreported, moves a row to another box or changes its adjustment.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lots.lot import Disposal, Manner, Term
from lots.securities import Security, SecurityKind
from lots.units import ZERO, Money, cents

COVERED_FROM = {SecurityKind.MUTUAL_FUND: date(2012, 1, 1), SecurityKind.BOND: date(2014, 1, 1)}
"""When each kind became covered, Reg. 1.6045-1(a)(15)(i)(B)-(C); a fund's shares a year after other stock."""
STOCK_COVERED_FROM = date(2011, 1, 1)
"""Reg. 1.6045-1(a)(15)(i)(A). An exchange-traded fund is a fund; treating it as stock differs for purchases of 2011 only."""
DIGITAL_BOXES_FROM = 2025
"""The first Form 8949 with boxes G to L."""

WASH_SALE = "W"
COLUMNS = (
    "Box",
    "Description",
    "Date Acquired",
    "Date Sold",
    "Sales Proceeds",
    "Cost or Other Basis",
    "Adjustment Code",
    "Adjustment Amount",
    "Gain",
)


class Box(StrEnum):
    """The boxes at the top of Part I (short-term) and Part II (long-term)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    G = "G"
    H = "H"
    I = "I"  # noqa: E741
    J = "J"
    K = "K"
    L = "L"


LONG_TERM = {Box.A: Box.D, Box.B: Box.E, Box.C: Box.F, Box.I: Box.L}
DIGITAL = frozenset({Box.G, Box.H, Box.I, Box.J, Box.K, Box.L})
"""The boxes of digital assets. No row is put into G, H, J or K: they need a Form 1099-DA, which the ledger has not seen."""


def is_on_form(box: Box, year: int) -> bool:
    """Whether the form of a tax year has the box."""
    return box not in DIGITAL or year >= DIGITAL_BOXES_FROM


@dataclass(frozen=True, slots=True)
class Row:
    """One row, the letters of its columns in the form's order: (a) to (h)."""

    box: Box
    description: str
    acquired: str
    sold: date
    proceeds: Money
    cost_basis: Money
    code: str
    adjustment: Money
    gain: Money


def rows(disposals: Iterable[Disposal], year: int, securities: Mapping[str, Security]) -> tuple[Row, ...]:
    """Return the rows of a tax year, by box, then day of sale.

    Parameters
    ----------
    disposals : of the whole household; those in sheltered accounts and of other years are left out.
    year : the tax year.
    securities : by symbol; one that is missing is a stock.
    """
    found = [
        _row(each, securities.get(each.symbol) or Security(each.symbol))
        for each in disposals
        if each.is_taxable and each.disposed.year == year
    ]
    return tuple(sorted(found, key=lambda row: (row.box, row.sold)))


def to_csv(table: Iterable[Row]) -> str:
    """The rows as CSV, dates as the form writes them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table:
        sold = _us(row.sold)
        adjustment = row.adjustment if row.code else ""
        writer.writerow(
            [row.box, row.description, row.acquired, sold, row.proceeds, row.cost_basis, row.code, adjustment, row.gain]
        )
    return out.getvalue()


def _row(disposal: Disposal, security: Security) -> Row:
    proceeds, basis = cents(disposal.proceeds), cents(disposal.cost_basis)
    adjustment = cents(disposal.disallowed_loss)
    return Row(
        box=_box(disposal, security),
        description=_description(disposal),
        acquired="INHERITED" if disposal.is_inherited else _us(disposal.acquired),
        sold=disposal.disposed,
        proceeds=proceeds,
        cost_basis=basis,
        code=WASH_SALE if adjustment > ZERO else "",
        adjustment=adjustment,
        gain=proceeds - basis + adjustment,
    )


def _box(disposal: Disposal, security: Security) -> Box:
    short = _short_box(disposal, security)
    return LONG_TERM[short] if disposal.term is Term.LONG else short


def _short_box(disposal: Disposal, security: Security) -> Box:
    if security.kind is SecurityKind.COIN:
        return Box.I if disposal.disposed.year >= DIGITAL_BOXES_FROM else Box.C
    if disposal.manner is Manner.RETURN_OF_CAPITAL:
        return Box.C
    is_covered = disposal.acquired >= COVERED_FROM.get(security.kind, STOCK_COVERED_FROM) and not disposal.is_inherited
    return Box.A if is_covered else Box.B


def _description(disposal: Disposal) -> str:
    if disposal.manner is Manner.RETURN_OF_CAPITAL:
        return f"{disposal.symbol} nondividend distribution beyond basis"
    if disposal.manner is Manner.MERGER_BOOT:
        return f"{disposal.symbol} cash received in merger"
    fraction = " (cash for a fraction)" if disposal.manner is Manner.CASH_IN_LIEU else ""
    return f"{disposal.shares:f} sh. {disposal.symbol}{fraction}"


def _us(day: date) -> str:
    return f"{day:%m/%d/%Y}"
