"""Schwab's transactions: what happened in one account.

A day such as ``04/17/2023 as of 04/15/2023`` counts from the second date. Two rows alike in every cell can both be real.
Actions are open-ended; those that need more than a row says (a split's ratio, a spin-off's basis) are left out.
"""

import re

from lots.events import IncomeKind
from lots.importers.activity import (
    INTEREST_OWED,
    MOVED,
    OPTION,
    REORGANISED,
    TAX_WITHHELD,
    Entry,
    Rule,
    buy,
    cash_in_or_out,
    cash_merger,
    fee,
    income,
    not_kept,
    nothing,
    reinvest,
    return_of_capital,
    sell,
    unknown,
)
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.instruments import dotted
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row
from lots.units import ZERO

COLUMNS = layout(
    day="Date",
    action="Action",
    symbol="Symbol",
    description="Description",
    shares="Quantity",
    price="Price",
    fees=("Fees & Comm", "Fees & Commissions", "Fees and Comm"),
    amount="Amount",
)
_TITLE = re.compile(r"Transactions\s+for (?:account )?(?P<account>.+?) as of .*", re.IGNORECASE)
_QUALIFIED, _ORDINARY = income(IncomeKind.QUALIFIED_DIVIDEND), income(IncomeKind.ORDINARY_DIVIDEND)
_LONG_GAIN, _INTEREST = income(IncomeKind.CAPITAL_GAIN_DISTRIBUTION), income(IncomeKind.INTEREST)

RULES: dict[str, Rule] = {
    "buy": buy,
    "reinvest shares": reinvest,
    "sell": sell,
    "qualified dividend": _QUALIFIED,
    "qual div reinvest": _QUALIFIED,
    "special qual div": _QUALIFIED,
    "cash dividend": _ORDINARY,
    "reinvest dividend": _ORDINARY,
    "non-qualified div": _ORDINARY,
    "special dividend": _ORDINARY,
    "special non qual div": _ORDINARY,
    "short term cap gain": _ORDINARY,
    "short term cap gain reinvest": _ORDINARY,
    "long term cap gain": _LONG_GAIN,
    "long term cap gain reinvest": _LONG_GAIN,
    "bank interest": _INTEREST,
    "credit interest": _INTEREST,
    "bond interest": _INTEREST,
    "moneylink transfer": cash_in_or_out,
    "moneylink deposit": cash_in_or_out,
    "wire funds": cash_in_or_out,
    "wire funds received": cash_in_or_out,
    "wire sent": cash_in_or_out,
    "wire received": cash_in_or_out,
    "funds received": cash_in_or_out,
    "service fee": fee,
    "advisor fee": fee,
    "adr mgmt fee": fee,
    "stock split": REORGANISED,
    "reverse split": REORGANISED,
    "spin-off": REORGANISED,
    "stock merger": REORGANISED,
    "cash merger": cash_merger,
    "cash merger adj": nothing,  # the shares that left for the cash of the row before
    "cash/stock merger": REORGANISED,
    "mandatory reorg exc": REORGANISED,
    "name change": REORGANISED,
    "cash in lieu": REORGANISED,
    "return of capital": return_of_capital,
    "stock plan activity": not_kept("whose basis the row does not say", "Enter the lot in our own CSV."),
    "journal": MOVED,
    "journaled shares": MOVED,
    "internal transfer": MOVED,
    "security transfer": MOVED,
    "nra tax adj": TAX_WITHHELD,
    "foreign tax paid": TAX_WITHHELD,
    "tax withholding": TAX_WITHHELD,
    "margin interest": INTEREST_OWED,
    "sell short": OPTION,
    "buy to open": OPTION,
    "buy to close": OPTION,
    "sell to open": OPTION,
    "sell to close": OPTION,
    "expired": OPTION,
    "assigned": OPTION,
    "exchange or exercise": OPTION,
}
"""What to do with each action, in small letters."""


def read(file: File, draft: Draft) -> None:
    """Read what happened."""
    read_table(file.rows(), draft, COLUMNS, _happened, _passes)


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    title = _TITLE.fullmatch(row.first)
    if title:
        draft.account = title["account"].strip()
    return bool(title) or is_small_print(row) or row.first.lower().startswith("transactions total")


def _happened(draft: Draft, record: Record) -> None:
    action = record.text("action")
    entry = Entry(
        day=record.day("day"),
        action=action,
        symbol=dotted(record.text("symbol")),
        description=record.text("description"),
        shares=record.optional_amount("shares"),
        price=record.optional_amount("price"),
        fees=record.optional_amount("fees") or ZERO,
        amount=record.optional_amount("amount"),
    )
    if record.is_sound:
        RULES.get(action.lower(), unknown)(draft, record, entry)


FORMAT = Format("schwab-transactions", "Schwab transactions", Kind.TRANSACTIONS, "schwab", known_by(COLUMNS), read)
