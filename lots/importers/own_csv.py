"""Our own CSV of lots: the format anybody can write by hand, and the one every other can be turned into.

The basis is that of the whole lot, not of a share, so nothing is lost to rounding.
"""

from datetime import date

from lots.events import OpenLot
from lots.importers.columns import layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.naming import UNNAMED
from lots.importers.statement import Kind
from lots.importers.table import known_by, read_table
from lots.units import ZERO, Money, Shares

COLUMNS = layout(
    account="account",
    symbol="symbol",
    acquired="acquired",
    shares=("quantity", "shares"),
    basis=("cost_basis", "cost basis"),
    held_from_="holding_period_start",
    note_="note",
    lot_="lot",
    loss_basis_="loss_basis",
    inherited_="inherited",
)
_IS_INHERITED = {"": False, "no": False, "yes": True}
_COMMENT = "#"
LONG_AGO = date(1900, 1, 1)
"""The day of a lot whose day nobody needs: so early that it is no purchase of which a wash sale could speak."""


def read(file: File, draft: Draft) -> None:
    """Read the lots; lines that begin with ``#`` are comments."""
    table = _Lots()
    read_table(file.rows(), draft, COLUMNS, table.lot, lambda draft, row, header: row.first.startswith(_COMMENT))


class _Lots:
    """The lots read so far, by the ids their writer gave them."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def lot(self, draft: Draft, record: Record) -> None:
        """Take one row; what cannot be read refuses the file, for its writer can mend it."""
        for name in ("account", "symbol"):
            if not record.text(name):
                record.fault(f"nothing under {name!r}", "a name", "Fill it in.")
        lot_id = record.text("lot")
        if lot_id in self.ids or "~" in lot_id:
            record.fault(f"the lot id {lot_id!r}", "an id of its own, without '~'", "Give each lot another id, or none.")
        self.ids.update({lot_id} - {""})
        shares = record.amount("shares")
        if draft.account_id(record.text("account")) in draft.known.sheltered:
            _sheltered_lot(draft, record, shares, lot_id)
        elif record.text("acquired") or record.text("basis"):
            _lot(draft, record, shares, lot_id)
        else:
            found = f"{shares} {record.text('symbol')} with neither a day nor a basis"
            step = "A plan takes them as they are where sales are not taxed; the ledger needs both where they are."
            record.leave_out(found, "both", step)
            draft.incomplete.add((record.account, record.text("symbol")))


def _sheltered_lot(draft: Draft, record: Record, shares: Shares, lot_id: str) -> None:
    """Take a lot of an account whose kind the household has declared; what is blank there no tax depends on."""
    acquired, basis = record.optional_day("acquired"), record.optional_amount("basis")
    day = acquired or record.optional_day("held_from") or LONG_AGO
    blank = [name for name, value in (("day", acquired), ("basis", basis)) if value is None]
    if blank:
        kept = " and ".join(f"the day {day}" if name == "day" else "a basis of 0" for name in blank)
        found = f"no {' and no '.join(blank)} in {record.account}"
        record.note(found, "none, for no sale in it is taxed", f"The ledger keeps {kept}.")
    _take(draft, record, shares, lot_id, day, basis or ZERO)


def _lot(draft: Draft, record: Record, shares: Shares, lot_id: str) -> None:
    _take(draft, record, shares, lot_id, record.day("acquired"), record.amount("basis"))


def _take(draft: Draft, record: Record, shares: Shares, lot_id: str, acquired: date, basis: Money) -> None:
    held_from = record.optional_day("held_from")
    if held_from and held_from > acquired:
        step = "A holding period starts on the acquisition or before it."
        record.fault(f"a holding period from {held_from}", f"no later than the acquisition on {acquired}", step)
    loss_basis = record.optional_amount("loss_basis")
    if loss_basis is not None and not ZERO <= loss_basis <= basis:
        step = "The value at the gift where it was less than the donor's basis; leave the cell empty otherwise."
        record.fault(f"a basis for a loss of {loss_basis}", f"zero or more, and no more than the basis of {basis}", step)
    inherited = record.text("inherited").lower()
    if inherited not in _IS_INHERITED:
        record.fault(f"{inherited!r} under 'inherited'", "yes, no or nothing", "Correct the cell.")
    if record.is_sound:
        lot = OpenLot(
            date=acquired,
            account_id=record.account,
            event_id=UNNAMED,
            source=record.source,
            symbol=record.text("symbol"),
            shares=shares,
            cost_basis=basis,
            lot_id=lot_id,
            holding_start=held_from,
            loss_basis=loss_basis,
            is_inherited=_IS_INHERITED[inherited],
        )
        draft.open_lot(record, lot)


FORMAT = Format("bandwise-lots", "our own CSV of lots", Kind.LOTS, "bandwise", known_by(COLUMNS), read)
