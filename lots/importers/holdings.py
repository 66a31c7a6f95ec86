"""What is held and what was sold, as rows say it, turned into open lots, reported sales and positions.

Every format that lists such rows puts them into the same few facts first; what is fit for the ledger is decided here.
"""

from dataclasses import dataclass
from datetime import date

from lots.dates import is_long_term
from lots.events import ClosedLot, OpenLot
from lots.importers.draft import Draft, Record
from lots.importers.naming import UNNAMED
from lots.units import CENT, ZERO, Money, Shares


@dataclass(frozen=True, slots=True)
class FoundLot:
    """A row that lists an open lot; dollars for the whole lot."""

    symbol: str
    acquired: date | None
    shares: Shares
    basis: Money | None
    description: str = ""
    held_from: date | None = None
    is_long: bool | None = None
    lot_id: str = UNNAMED


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A row that lists a lot sold; dollars for the whole row."""

    symbol: str
    acquired: date | None
    sold: date
    shares: Shares
    proceeds: Money
    basis: Money | None
    description: str = ""
    disallowed: Money = ZERO
    gain: Money | None = None
    is_long: bool | None = None


@dataclass(frozen=True, slots=True)
class FoundPosition:
    """A row that lists all shares of one security; dollars for all of them."""

    symbol: str
    shares: Shares
    basis: Money | None = None
    value: Money | None = None
    description: str = ""


def take_lot(draft: Draft, record: Record, found: FoundLot) -> bool:
    """Take an open lot if it is one; say why not otherwise. Whether it was taken is returned."""
    _leave_out_unfit(record, found)
    account = record.account
    if not record.is_sound or found.acquired is None or found.basis is None:
        draft.incomplete.add((account, found.symbol))
        return False
    _check_term(draft, record, found)
    lot = OpenLot(
        date=found.acquired,
        account_id=account,
        event_id=UNNAMED,
        source=record.source,
        symbol=found.symbol,
        shares=found.shares,
        cost_basis=found.basis,
        lot_id=found.lot_id,
        holding_start=found.held_from if found.held_from != found.acquired else None,
    )
    draft.open_lot(record, lot)
    return True


def _leave_out_unfit(record: Record, found: FoundLot) -> None:
    record.leave_out_unless_lot(found.symbol, found.description, found.shares)
    if found.acquired is None:
        record.leave_out(f"{found.symbol} without a day of acquisition", "the trade date", _ENTER_LOT)
    if found.basis is None:
        record.leave_out(f"{found.symbol} without a cost basis", "the basis in dollars", _ENTER_LOT)
    elif found.basis < 0:
        record.leave_out(f"{found.symbol} with a cost basis of {found.basis}", "a basis of zero or more", _ENTER_LOT)
    if found.held_from and found.acquired and found.held_from > found.acquired:
        expected = f"no later than the acquisition on {found.acquired}"
        record.leave_out(f"a holding period from {found.held_from}", expected, _ENTER_LOT)


def take_sale(draft: Draft, record: Record, found: FoundSale) -> None:
    """Take a reported sale if it is one of a lot held long; say why not otherwise."""
    record.leave_out_unless_lot(found.symbol, found.description, found.shares)
    if found.acquired is None or found.basis is None:
        missing = "the day of acquisition" if found.acquired is None else "a cost basis"
        record.leave_out(f"a sale of {found.symbol} without {missing}", "both, for each lot", _ENTER_SALE)
        return
    if found.acquired > found.sold:
        found_text = f"{found.symbol} acquired on {found.acquired}, after its sale on {found.sold}"
        record.leave_out(found_text, "shares bought before they are sold", "Short sales are not kept; nothing was booked for it.")
    if found.proceeds < 0 or found.basis < 0:
        found_text = f"proceeds of {found.proceeds} and a basis of {found.basis}"
        record.leave_out(found_text, "both zero or more", _ENTER_SALE)
    account = record.account
    if not record.is_sound:
        return
    _check_gain(record, found, found.basis)
    _check_sold_term(record, found, found.acquired)
    loss = max(ZERO, found.basis - found.proceeds)
    withheld = abs(found.disallowed)
    if withheld > loss + CENT:
        expected = f"at most the loss of {loss}"
        record.leave_out(f"a disallowed loss of {withheld} on {found.symbol}", expected, _ENTER_SALE)
    elif withheld > loss:
        step = "The loss was taken; they differ by rounding."
        record.note(f"a disallowed loss of {withheld}", f"at most the loss of {loss}", step)
    if not record.is_sound:
        return
    sale = ClosedLot(
        date=found.sold,
        account_id=account,
        event_id=UNNAMED,
        source=record.source,
        symbol=found.symbol,
        shares=found.shares,
        proceeds=found.proceeds,
        cost_basis=found.basis,
        acquired=found.acquired,
        lot_id=UNNAMED,
        disallowed_loss=min(withheld, loss),
        is_long_term=found.is_long,
    )
    draft.closed_lot(record, sale)


def take_position(draft: Draft, record: Record, found: FoundPosition) -> None:
    """Take a position if it is one of shares held long; say why not otherwise."""
    record.leave_out_unless_lot(found.symbol, found.description, found.shares)
    draft.position(record, found.symbol, found.shares, found.basis, found.value)


def long_or_short(text: str) -> bool | None:
    """Whether a term such as ``Long Term``, ``LT`` or ``(Short Term)`` is long, or None when it says neither."""
    bare = text.strip("() ").lower()
    if bare.startswith("long") or bare in ("l", "lt"):
        return True
    return False if bare.startswith("short") or bare in ("s", "st") else None


def _check_term(draft: Draft, record: Record, found: FoundLot) -> None:
    """Note a lot whose stated term is not the one its day gives: it may be inherited, a gift, or a replacement."""
    held_from = found.held_from or found.acquired
    if draft.as_of is None or found.is_long is None or held_from is None:
        return
    if held_from <= draft.as_of and is_long_term(held_from, draft.as_of) != found.is_long:
        stated = "long-term" if found.is_long else "short-term"
        text = f"{found.symbol} held from {held_from} and said to be {stated} on {draft.as_of}"
        step = "If it was inherited, given, or replaced shares of a wash sale, enter the lot in our own CSV."
        record.note(text, "the term that follows from the day", step)


def _check_sold_term(record: Record, found: FoundSale, acquired: date) -> None:
    """Note a sale whose stated term is not the one its days give; the statement is followed."""
    if found.is_long is not None and is_long_term(acquired, found.sold) != found.is_long:
        stated = "long-term" if found.is_long else "short-term"
        text = f"{found.symbol} acquired on {acquired}, sold on {found.sold} and said to be {stated}"
        step = "It was taken as stated; fine if it was inherited, given, or replaced shares of a wash sale."
        record.note(text, "the term that follows from the days", step)


def _check_gain(record: Record, found: FoundSale, basis: Money) -> None:
    """Note a gain that is neither proceeds less basis nor that with the disallowed loss added back."""
    if found.gain is None:
        return
    plain = found.proceeds - basis
    if min(abs(found.gain - plain), abs(found.gain - plain - abs(found.disallowed))) > CENT:
        record.note(f"a gain of {found.gain}", f"{plain}, proceeds less basis", "Proceeds and basis were taken as stated.")


_ENTER_LOT = "Enter the lot in our own CSV; nothing was booked for it."
_ENTER_SALE = "Look it up on Form 1099-B; nothing was booked for it."
