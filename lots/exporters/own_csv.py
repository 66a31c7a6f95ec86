"""Our own CSV of open lots, the shape the importer reads: total basis per lot, so nothing is lost to rounding.

Two things a lot may have do not fit the columns and are said in the note: another basis for a loss, and inheritance.
"""

import csv
import io
from collections.abc import Iterable

from lots.lot import TaxLot

COLUMNS = ("account", "symbol", "acquired", "quantity", "cost_basis", "holding_period_start", "note")


def to_csv(lots: Iterable[TaxLot]) -> str:
    """The lots as CSV, one row each, in the order given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for lot in lots:
        held_from = lot.holding_start.isoformat() if lot.holding_start else ""
        row = [lot.account_id, lot.symbol, lot.acquired.isoformat(), f"{lot.shares:f}", f"{lot.cost_basis:f}", held_from]
        writer.writerow([*row, _note(lot)])
    return out.getvalue()


def _note(lot: TaxLot) -> str:
    parts = [f"lot {lot.lot_id}"]
    if lot.loss_basis is not None:
        parts.append(f"basis for a loss {lot.loss_basis:f}")
    if lot.is_inherited:
        parts.append("inherited")
    return "; ".join(parts)
