"""A household that keeps a ledger: its lots, and what else the ledger knows better than a person writes down.

The ledger answers for every security it has an event of, account by account; lots.csv is then for the others, and a row of
it for one of the ledger's is a fault, because both would count. Cash, the year's gains and recent sales at a loss come from
the ledger where household.toml says nothing of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lots.events import Contribution, OpenCash, StatedCash, StatedShares, Void
from lots.ledger import Book
from lots.ledger.order import effective
from lots.lot import TaxLot, Term
from lots.securities import Security
from lots.units import ZERO
from lots.wash import buy_bans
from optimizer.household.basis_today import basis_today
from optimizer.household.csv_files import Sheet
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import LOTS_NAME, TOML_NAME
from optimizer.household.tables import HouseholdTables

LEDGER_NAME = "ledger.db"
LEDGER_FILES = (LEDGER_NAME, "ledger.url")
"""A folder with either keeps a ledger: in the file itself, or in the database it names."""


@dataclass(frozen=True)
class KeptHousehold:
    """A ledger folded up to the day of the plan, and the accounts and their securities it answers for.

    `told_cash` has the accounts whose cash the ledger was told by that day, `later` the last day after it on which
    anything happened in an account.
    """

    book: Book
    day: date
    told_cash: frozenset[str]
    later: Mapping[str, date]
    accounts: frozenset[str]
    holdings: frozenset[tuple[str, str]]
    securities: Mapping[str, Security]


def read_kept(folder: Path, day: date) -> KeptHousehold | None:
    """Read the ledger a folder keeps, as it was at the end of `day`; None if it keeps none.

    Raises
    ------
    StoreError, LedgerError
        If the ledger cannot be read or does not fold.
    """
    if not any((folder / name).exists() for name in LEDGER_FILES):
        return None
    from lots.ledger.store import open_store

    history = open_store(folder, command="bandwise plan").history()
    accounts = frozenset(event.account_id for event in history.events)
    symbols = ((event.account_id, getattr(event, "symbol", None)) for event in history.events)
    holdings = frozenset((account, symbol) for account, symbol in symbols if symbol is not None)
    standing = [event for event in effective(history.events) if not isinstance(event, StatedShares | Void)]
    told = frozenset(e.account_id for e in standing if e.date <= day and isinstance(e, OpenCash | StatedCash | Contribution))
    later = {
        e.account_id: e.date for e in sorted(standing, key=lambda e: e.date) if e.date > day and not isinstance(e, StatedCash)
    }
    securities = {each.symbol: each for each in history.securities}
    return KeptHousehold(history.book(day), day, told, later, accounts, holdings, securities)


def add_kept(kept: KeptHousehold, tables: HouseholdTables | None, lots: Sheet | None, draft: Draft) -> None:
    """Put what the ledger knows into the draft."""
    if _is_told_twice(kept, lots, draft):
        return
    named = {str(part["id"]): part for part in draft.collections.get("accounts", [])}
    for account in sorted(kept.accounts - named.keys()):
        found = f"events of the account {account!r}, which {TOML_NAME} does not have"
        draft.findings.note((LEDGER_NAME,), found, f"a table [accounts.{account}] in {TOML_NAME}")
    prices = {str(part["symbol"]): part.get("price") for part in draft.collections.get("securities", [])}
    for name, lot in kept.book.open_lots.items():
        if lot.account_id in named:
            draft.append("lots", _lot(name, lot, prices.get(lot.symbol)), (LEDGER_NAME, name))
    for account, part in named.items():
        dollars = kept.book.cash.get(account, ZERO)
        if "cash" not in part and dollars > ZERO:
            part["cash"] = dollars
    if tables is not None:
        _refuse_other_cash(kept, tables, draft)
        _refuse_old_wishes(kept, tables, draft)
        _add_year(kept, tables, draft)


def _refuse_other_cash(kept: KeptHousehold, tables: HouseholdTables, draft: Draft) -> None:
    """Report cash in household.toml that the ledger, where it was told the cash of an account, contradicts."""
    for name in sorted(kept.told_cash & tables.accounts.keys()):
        stated, dollars = tables.accounts[name].cash, kept.book.cash.get(name, ZERO)
        waiting = sum((each.amount for each in tables.income if each.account == name), ZERO)
        if stated is not None and dollars not in (stated, stated + waiting):
            found = f"{stated} dollars of cash" + (f" and {waiting} of income beside it" if waiting else "")
            step = f"Delete the line, for {LEDGER_NAME} knows the cash; if the ledger is wrong, import what it lacks."
            expected = f"the {dollars} that {LEDGER_NAME} has on {kept.day}"
            draft.findings.note((TOML_NAME, "accounts", name, "cash"), found, expected, step)


def _refuse_old_wishes(kept: KeptHousehold, tables: HouseholdTables, draft: Draft) -> None:
    """Report a day of the plan that is before what happened since in an account whose cash or payments the file states."""
    into = {name for each in tables.contributions for name in each.into}
    out = {name for each in (*tables.withdrawals, *tables.donations) for name in each.sources}
    cash = {name for name, each in tables.accounts.items() if each.cash is not None}
    accounts = sorted((into | out | cash | {each.account for each in tables.income}) & kept.later.keys())
    if accounts:
        last = max(kept.later[name] for name in accounts)
        found = f"{kept.day}, but {LEDGER_NAME} has events up to {last} in {', '.join(accounts)}"
        step = "Bring as_of and prices.csv up to date, and delete the cash and the payments that have been carried out."
        draft.findings.note((TOML_NAME, "as_of"), found, f"{last} or later, for else what is done would be planned again", step)


def _lot(name: str, lot: TaxLot, price: object) -> Parts:
    part: Parts = {"id": name, "account": lot.account_id, "symbol": lot.symbol, "shares": lot.shares, "acquired": lot.acquired}
    part["cost_basis"], start = basis_today(lot, price)
    return part if start is None else part | {"holding_start": start}


def _add_year(kept: KeptHousehold, tables: HouseholdTables, draft: Draft) -> None:
    """Add the gains of the year and the sales that forbid buying, unless the file says so itself."""
    stated, taxpayer = tables.taxpayer.gains, draft.parts["taxpayer"]
    if isinstance(taxpayer, dict) and stated.short is None and stated.long is None:
        sold = kept.book.taxable_disposals(taxpayer["year"])
        short = sum((each.gain for each in sold if each.term is Term.SHORT), ZERO)
        long = sum((each.gain for each in sold if each.term is Term.LONG), ZERO)
        taxpayer["gains"] = {**taxpayer["gains"], "short": short, "long": long}
    known = {(each.account, each.symbol, each.sold) for each in tables.loss_sales}
    for ban in buy_bans(kept.book.disposals, tables.as_of, kept.securities):
        for loss in ban.losses:
            if (loss.account_id, loss.symbol, loss.disposed) not in known:
                part: Parts = {"account": loss.account_id, "symbol": loss.symbol, "sold": loss.disposed}
                part |= {"shares": loss.shares - loss.washed_shares, "loss": -loss.gain}
                draft.append("loss_sales", part, (LEDGER_NAME, loss.event_id))


def _is_told_twice(kept: KeptHousehold, lots: Sheet | None, draft: Draft) -> bool:
    """Report the rows of lots.csv that the ledger answers for, all of them at the first."""
    twice = [
        (position, row)
        for position, row in enumerate(lots.rows if lots else ())
        if (row.cells.get("account", ""), row.cells.get("symbol", "")) in kept.holdings
    ]
    if not twice or lots is None:
        return False
    holdings = list(dict.fromkeys(f"{row.cells['symbol']} in {row.cells['account']!r}" for _, row in twice))
    shown = ", ".join(holdings[:5]) + (f" and {len(holdings) - 5} more" if len(holdings) > 5 else "")
    found = f"{'a lot' if len(twice) == 1 else f'{len(twice)} lots'} of {shown}, which {LEDGER_NAME} has"
    whole = len(twice) == len(lots.rows)
    step = f"Remove {LOTS_NAME}; everything in it is in the ledger." if whole else "Delete the rows of these."
    draft.findings.note((LOTS_NAME, twice[0][0], "account"), found, "lots the ledger does not have", step)
    return True
