"""Fidelity's history: what happened, in all accounts or one.

The action is a sentence that names the security again, so it is known by how it begins. Cash in the core fund is cash:
its purchases and redemptions are passed over. A dividend is booked as ordinary, for the file does not say which part of
it is qualified.
"""

import re
from datetime import date

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
    fee,
    income,
    note_ordinary_dividends,
    nothing,
    reinvest,
    return_of_capital,
    sell,
    unknown,
)
from lots.importers.cells import find_day
from lots.importers.columns import Header, layout
from lots.importers.draft import Draft, Record
from lots.importers.fileformat import File, Format
from lots.importers.statement import Kind
from lots.importers.table import is_small_print, known_by, read_table
from lots.importers.textfile import Row
from lots.units import ZERO

COLUMNS = layout(
    day="Run Date",
    account_=("Account Number", "Account"),
    action="Action",
    symbol="Symbol",
    description=("Description", "Security Description"),
    shares="Quantity",
    price="Price",
    commission_="Commission",
    fees_="Fees",
    amount="Amount",
    currency_="Currency",
    exchange_currency_="Exchange Currency",
)
CORE = frozenset({"SPAXX", "FDRXX", "FZFXX", "FCASH", "CORE", "315994103"})
"""Funds that hold an account's cash, and the CUSIP under which interest on it is paid."""

_AS_OF = re.compile(r"\bas of ([A-Za-z]{3}-[0-9]{1,2}-[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})", re.IGNORECASE)
_ORDINARY, _INTEREST = income(IncomeKind.ORDINARY_DIVIDEND), income(IncomeKind.INTEREST)

RULES: tuple[tuple[str, Rule], ...] = (
    ("you sold short", OPTION),
    ("you bought opening", OPTION),
    ("you bought closing", OPTION),
    ("you sold opening", OPTION),
    ("you sold closing", OPTION),
    ("expired", OPTION),
    ("assigned", OPTION),
    ("exercised", OPTION),
    ("you bought", buy),
    ("you sold", sell),
    ("reinvestment", reinvest),
    ("dividend received", _ORDINARY),
    ("short-term cap gain", _ORDINARY),
    ("long-term cap gain", income(IncomeKind.CAPITAL_GAIN_DISTRIBUTION)),
    ("interest earned", _INTEREST),
    ("muni exempt int", income(IncomeKind.EXEMPT_INTEREST)),
    ("return of capital", return_of_capital),
    ("purchase into core", nothing),
    ("redemption from core", nothing),
    ("electronic funds transfer", cash_in_or_out),
    ("direct deposit", cash_in_or_out),
    ("direct debit", cash_in_or_out),
    ("check received", cash_in_or_out),
    ("bill payment", cash_in_or_out),
    ("wire trans", cash_in_or_out),
    ("cash contribution", cash_in_or_out),
    ("partic contr", cash_in_or_out),
    ("co contr", cash_in_or_out),
    ("advisory fee", fee),
    ("fee charged", fee),
    ("foreign tax paid", TAX_WITHHELD),
    ("fed tax", TAX_WITHHELD),
    ("state tax", TAX_WITHHELD),
    ("margin interest", INTEREST_OWED),
    ("transfer", MOVED),
    ("journaled", MOVED),
    ("rollover", MOVED),
    ("roth conversion", MOVED),
    ("distribution", REORGANISED),
    ("merger", REORGANISED),
    ("in lieu", REORGANISED),
    ("reverse split", REORGANISED),
    ("stock split", REORGANISED),
    ("spin-off", REORGANISED),
    ("exchanged", REORGANISED),
    ("name change", REORGANISED),
)
"""What to do with an action that begins so, in small letters; the first that fits counts."""


def read(file: File, draft: Draft) -> None:
    """Read what happened."""
    dividends: list[int] = []

    def happened(draft: Draft, record: Record) -> None:
        if _happened(draft, record) is _ORDINARY and record.is_sound:
            dividends.append(1)

    read_table(file.rows(), draft, COLUMNS, happened, _passes)
    note_ordinary_dividends(draft, len(dividends))


def _passes(draft: Draft, row: Row, header: Header | None) -> bool:
    return is_small_print(row) or row.first.lower().startswith("date downloaded")


def _happened(draft: Draft, record: Record) -> Rule:
    action, symbol = record.text("action"), record.text("symbol").upper().rstrip("*")
    rule = _rule(action.lower(), symbol)
    entry = Entry(
        day=_day(record.day("day"), action),
        action=action,
        symbol="" if rule is _INTEREST else symbol,
        description=record.text("description"),
        shares=record.optional_amount("shares"),
        price=record.optional_amount("price"),
        fees=(record.optional_amount("commission") or ZERO) + (record.optional_amount("fees") or ZERO),
        amount=record.optional_amount("amount"),
    )
    for currency in (record.text("currency"), record.text("exchange_currency")):
        if currency not in ("", "USD"):
            step = "Enter what happened in US dollars at the day's rate; nothing was booked for the row."
            record.leave_out(f"{action!r} in {currency}", "US dollars", step)
    if record.is_sound:
        rule(draft, record, entry)
    return rule


def _day(run: date, action: str) -> date:
    """The day an action happened: the one it names behind ``as of``, else the day it was run."""
    named = _AS_OF.search(action)
    return (find_day(named[1]) if named else None) or run


def _rule(action: str, symbol: str) -> Rule:
    """The rule of an action; shares of the core fund are cash, so they are neither bought nor sold."""
    rule = next((rule for start, rule in RULES if action.startswith(start)), unknown)
    return nothing if symbol in CORE and rule in (buy, sell, reinvest) else rule


FORMAT = Format("fidelity-history", "Fidelity history", Kind.TRANSACTIONS, "fidelity", known_by(COLUMNS), read)
