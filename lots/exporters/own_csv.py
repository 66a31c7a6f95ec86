"""Our own CSV of open lots, the shape the importer reads: total basis per lot, so nothing is lost to rounding.

A gift's other basis for a loss and an inheritance have columns of their own, written when some lot needs them, so that a
file without either stays as short as one written by hand. The importer reads both.
"""

import csv
import io
from collections.abc import Iterable

from lots.lot import TaxLot

COLUMNS = ("account", "symbol", "acquired", "quantity", "cost_basis", "holding_period_start", "note")
LAWFUL_COLUMNS = ("loss_basis", "inherited")
"""Columns that only gifts and inheritances need."""
INHERITED = "yes"


def to_csv(lots: Iterable[TaxLot]) -> str:
    """The lots as CSV, one row each, in the order given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    listed = list(lots)
    is_longer = any(lot.is_inherited or lot.loss_basis is not None for lot in listed)
    writer.writerow(COLUMNS + LAWFUL_COLUMNS if is_longer else COLUMNS)
    for lot in listed:
        held_from = lot.holding_start.isoformat() if lot.holding_start else ""
        row = [lot.account_id, lot.symbol, lot.acquired.isoformat(), f"{lot.shares:f}", f"{lot.cost_basis:f}", held_from]
        loss_basis = "" if lot.loss_basis is None else f"{lot.loss_basis:f}"
        more = [loss_basis, INHERITED if lot.is_inherited else ""] if is_longer else []
        writer.writerow([*row, f"lot {lot.lot_id}", *more])
    return out.getvalue()
