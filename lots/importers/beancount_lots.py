"""Lots out of a beancount ledger: what its postings at cost leave open.

A lot is ``10 VTI {226.00 USD, 2021-07-31, "label"}``. A posting with units above zero opens one, dated by its transaction
unless the braces say otherwise; one below zero takes from the lots its braces describe. If they describe several, nobody
but the writer knows which is meant, whatever the account's booking method, and the file is refused at that line.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lots.importers.beancount_text import Cost, Posting, Transaction, transactions
from lots.importers.columns import Header
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.holdings import FoundLot, take_lot
from lots.importers.naming import UNNAMED
from lots.importers.statement import Kind, Severity
from lots.importers.textfile import Row
from lots.units import CENT, ZERO

_LOOKS_LIKE = re.compile(r"(?:^|[\r\n])[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[ \t]+(?:open[ \t]+[A-Z][\w-]*:|(?:txn|[*!])[ \t\r\n])")
_STEP = "Name the lot by its cost, day and label."


@dataclass(slots=True)
class _Lot:
    """A lot while the ledger is read; dollars for one unit as an exact fraction."""

    line: int
    acquired: date
    units: Decimal
    per_unit: Fraction
    currency: str
    label: str | None
    held_from: date | None


def read(file: File, draft: Draft) -> None:
    """Read the postings in the order of their days and take the lots that stay open."""
    entries = sorted(transactions(file.text, draft), key=lambda entry: (entry.day, entry.line))
    open_lots: dict[tuple[str, str], list[_Lot]] = {}
    bare: dict[tuple[str, str], list[Posting]] = {}
    for entry in entries:
        for posting in entry.postings:
            key = (posting.account, posting.commodity)
            if posting.cost is None:
                bare.setdefault(key, []).append(posting)
            elif posting.units > 0:
                _open(draft, open_lots.setdefault(key, []), entry, posting, posting.cost)
            elif posting.units < 0:
                _close(draft, open_lots.setdefault(key, []), posting, posting.cost)
    for (account, commodity), lots in open_lots.items():
        for lot in lots:
            _take(draft, account, commodity, lot)
    _note_units_without_cost(draft, bare, {lot.currency for lots in open_lots.values() for lot in lots})
    if file.progress:
        file.progress(draft.rows, draft.rows)


def _open(draft: Draft, lots: list[_Lot], entry: Transaction, posting: Posting, cost: Cost) -> None:
    if cost.number is None or cost.currency is None:
        draft.error(posting.line, f"{posting.units} {posting.commodity} without a cost", "a cost such as {226.00 USD}", _STEP)
        return
    per_unit = _per_unit(posting, cost)
    lots.append(
        _Lot(posting.line, cost.acquired or entry.day, posting.units, per_unit, cost.currency, cost.label, entry.held_from)
    )


def _close(draft: Draft, lots: list[_Lot], posting: Posting, cost: Cost) -> None:
    """Take units from the one lot the braces describe, or from all of them when together they are just as many."""
    wanted = -posting.units
    matching = [lot for lot in lots if lot.units and _describes(posting, cost, lot)]
    available = sum((lot.units for lot in matching), ZERO)
    found = f"{wanted} {posting.commodity} taken from {len(matching)} lots with {available} units"
    if available < wanted:
        draft.error(posting.line, found, "as many units in the lots described", _STEP)
    elif available == wanted:
        for lot in matching:
            lot.units = ZERO
    elif len(matching) == 1:
        matching[0].units -= wanted
    else:
        draft.error(posting.line, found, "one lot described, or all of their units taken", _STEP)


def _per_unit(posting: Posting, cost: Cost) -> Fraction:
    """The cost of one unit: ``{{2260.00 USD}}`` is for all, ``{226.00 # 9.95 USD}`` adds a sum for all to a price for one."""
    stated, added = Fraction(cost.number or ZERO), Fraction(cost.added)
    units = abs(Fraction(posting.units))
    return (stated + added) / units if cost.is_total else stated + added / units


def _describes(posting: Posting, cost: Cost, lot: _Lot) -> bool:
    return (
        (cost.number is None or (_per_unit(posting, cost) == lot.per_unit and cost.currency == lot.currency))
        and cost.acquired in (None, lot.acquired)
        and cost.label in (None, lot.label)
    )


def _take(draft: Draft, account: str, commodity: str, lot: _Lot) -> None:
    if not lot.units:
        return
    owner = account.rpartition(":")[0] if account.rpartition(":")[2].upper() == commodity.upper() else account
    record = Record(draft, Header({"account": 0}, ("account",), 1), Row(lot.line, (owner,)))
    if lot.currency != "USD":
        step = "Its basis is dollars at the rates of its own days; enter it in our own CSV."
        record.leave_out(f"{commodity} at a cost in {lot.currency}", "a cost in USD", step)
    found = FoundLot(commodity, lot.acquired, lot.units, _dollars(lot), held_from=lot.held_from, lot_id=lot.label or UNNAMED)
    take_lot(draft, record, found)


def _dollars(lot: _Lot) -> Decimal:
    """The basis of what is open: exact where it can be written down, else to the cent."""
    basis = lot.per_unit * Fraction(lot.units)
    exact = Decimal(basis.numerator) / Decimal(basis.denominator)
    if Fraction(exact) == basis:
        return exact
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def _note_units_without_cost(draft: Draft, bare: dict[tuple[str, str], list[Posting]], currencies: set[str]) -> None:
    for (account, commodity), postings in bare.items():
        left = sum((posting.units for posting in postings), ZERO)
        if left and account.startswith("Assets:") and commodity not in currencies | {"USD"}:
            found = f"{left} {commodity} in {account} without a cost"
            step = "Give each posting a cost in braces; nothing was booked for them."
            draft.problem(Severity.LEFT_OUT, postings[0].line, found, "units held at cost", step)
            draft.incomplete.add((account, commodity))


def _recognises(file: File, head: list[Row]) -> bool:
    return bool(_LOOKS_LIKE.search(file.text[:200_000]))


FORMAT = Format("beancount-lots", "a beancount ledger", Kind.LOTS, "beancount", _recognises, read)
