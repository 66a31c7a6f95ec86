"""Fidelity NetBenefits' open lots: shares from an employer's stock plan.

The file names neither the company nor the account, so the caller must. Its last line names the currency; without that
line the file was cut off, and in another currency than dollars its basis is not one the return can use.
"""

import re

from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, long_or_short, take_lot
from lots.importers.statement import Kind
from lots.importers.table import known_by, read_table
from lots.importers.textfile import Row

COLUMNS = layout(
    acquired="Date acquired",
    shares="Quantity",
    basis="Cost basis",
    per_share="Cost basis/share",
    source="Share source",
    term="Holding period",
)
_CURRENCY = re.compile(r"The values are displayed in (?P<currency>\w+)\.?", re.IGNORECASE)
_PURCHASE_PLAN = "SP"


def read(file: File, draft: Draft) -> None:
    """Read the lots."""
    currencies: list[str] = []

    def passes(draft: Draft, row: Row, header: Header | None) -> bool:
        closing = _CURRENCY.fullmatch(row.first)
        if closing:
            currencies.append(closing["currency"].upper())
            if currencies[-1] != "USD":
                step = "Choose US dollars on the page and download the file again."
                draft.error(row.number, f"values in {currencies[-1]}", "values in USD", step)
        return bool(closing) or row.first.lower() == "total"

    read_table(file.rows(), draft, COLUMNS, _lot, passes)
    if not currencies:
        expected = "the line 'The values are displayed in USD'"
        draft.error(None, "no closing line", expected, "Download the file again; it may be cut off.")
    if draft.known.symbol is None:
        draft.error(None, "no ticker", "the ticker of the company, from you", "Name it when importing the file.")


def _lot(draft: Draft, record: Record) -> None:
    found = FoundLot(
        symbol=draft.known.symbol or "?",
        acquired=record.day("acquired"),
        shares=record.amount("shares"),
        basis=record.optional_amount("basis"),
        is_long=long_or_short(record.text("term")),
    )
    if draft.known.symbol is None:
        record.is_sound = False
    if take_lot(draft, record, found) and record.text("source").upper() == _PURCHASE_PLAN:
        text = f"{found.shares} shares of a purchase plan with a basis of {found.basis}"
        step = "Income taxed as wages when they are sold raises the basis; see Form 3922 and the wage statement."
        record.note(text, "a basis that contains what was taxed as wages", step)


FORMAT = Format("netbenefits-lots", "Fidelity NetBenefits open lots", Kind.LOTS, "fidelity", known_by(COLUMNS), read)
