"""What was really executed: a CSV of fills, each row held against the plan and turned into an event of the ledger.

The file has the columns of the ticket `bandwise plan --trades` writes, with `amount` (what was really paid or received) in
the place of the estimate, and with `date`; further columns of the ticket may stay and are not read. A sale without a lot
means the lots the plan named, and only if all of them were sold, for nothing else tells which.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from lots.accounts import Account
from lots.events import Buy, Contribution, Donate, Event, LotPick, OpenCash, Sell, Source, StatedCash, Withdrawal
from lots.ledger import fold
from lots.ledger.order import effective
from lots.ledger.past import until
from lots.units import ZERO
from optimizer.errors import Fault, InputFaults
from optimizer.household.csv_files import Cells, Columns, Sheet, read_sheet
from optimizer.household.findings import Address, Findings
from optimizer.household.values import read_positive_dollars, read_shares
from optimizer.plan import Plan

COLUMNS = Columns(
    ("account", "action", "amount"),
    (
        *("date", "symbol", "shares", "fees", "lot", "est_amount", "acquired", "basis", "term", "est_gain"),
        *("est_disallowed_loss", "method", "reason"),
    ),
)
SALES = ("SELL", "GIVE")
TRADES = (*SALES, "BUY")
FLOWS = ("CONTRIBUTE", "WITHDRAW", "GIVE CASH")


@dataclass(frozen=True)
class Fill:
    """One row: `shares` and `symbol` are empty for money that moves; `lots` names what a sale or gift took."""

    row: int
    date: date
    account: str
    action: str
    amount: Decimal
    symbol: str = ""
    shares: Decimal = ZERO
    fees: Decimal = ZERO
    lots: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Fills:
    """The rows of a file, and what names the file in the ledger."""

    name: str
    sha256: str
    rows: tuple[Fill, ...]


def read_fills(path: Path, plan: Plan, day: date | None) -> Fills:
    """Read a file of fills.

    Parameters
    ----------
    path : the file.
    plan : what was meant to be done; it names the lots of sales whose rows name none.
    day : the day of rows that have none.

    Raises
    ------
    InputFaults
        With everything wrong in the file, each fault at its line.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        step = "It is the ticket of `bandwise plan --trades` with a column amount for what was really paid or received."
        raise InputFaults([Fault((), found, "the file of what was executed", step, str(path))])
    sheet = read_sheet(path, COLUMNS)
    findings = Findings(lambda address: _line(sheet, address))
    reader = _Reader(plan, day, findings)
    rows = [reader.fill(Cells(sheet, position, findings)) for position in range(len(sheet.rows))]
    for position, row in enumerate(sheet.rows):
        if row.ragged is not None:
            findings.add((sheet.name, position, ""), f"{row.ragged} cells", f"{len(sheet.header)}, as in the header")
    findings.refuse_any()
    if not rows:
        raise InputFaults([Fault((), "no row of fills", "a row for everything that was executed", where=path.name)])
    return Fills(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), tuple(row for row in rows if row))


def events_of(fills: Fills) -> tuple[Event, ...]:
    """The fills as events of the ledger."""
    made: list[Event] = []
    for fill in fills.rows:
        source = Source(fills.name, fill.row, fills.sha256)
        made.append(_MAKERS[fill.action](fill, f"fill:{fills.sha256[:12]}:{fill.row}", source))
    return tuple(made)


def opening_cash(plan: Plan, kept: Sequence[Event], accounts: Sequence[Account]) -> tuple[OpenCash, ...]:
    """The cash a plan began with, for the accounts of which the ledger was never told any.

    Fills alone would leave an account in debt: what pays for the purchases stood in household.toml.

    Parameters
    ----------
    plan : its `cash` before, pooled income included, is that of its day.
    kept, accounts : what the ledger has.
    """
    standing = effective(kept)
    told = {event.account_id for event in standing if isinstance(event, OpenCash | StatedCash | Contribution)}
    moved = fold(until(kept, plan.as_of), accounts).cash
    known = {each.account_id for each in accounts}
    owing = {row.account: row.before - moved.get(row.account, ZERO) for row in plan.cash}
    return tuple(
        OpenCash(date=plan.as_of, account_id=name, event_id=f"plan:{plan.problem[:12]}:cash:{name}", amount=amount)
        for name, amount in owing.items()
        if name in known - told and amount > ZERO
    )


def _sell(fill: Fill, event_id: str, source: Source) -> Event:
    return Sell(
        date=fill.date,
        account_id=fill.account,
        event_id=event_id,
        source=source,
        symbol=fill.symbol,
        shares=fill.shares,
        proceeds=fill.amount + fill.fees,
        picks=_picks(fill),
        fees=fill.fees,
    )


def _give(fill: Fill, event_id: str, source: Source) -> Event:
    return Donate(
        date=fill.date,
        account_id=fill.account,
        event_id=event_id,
        source=source,
        symbol=fill.symbol,
        shares=fill.shares,
        fair_market_value=fill.amount,
        picks=_picks(fill),
    )


def _buy(fill: Fill, event_id: str, source: Source) -> Event:
    return Buy(
        date=fill.date,
        account_id=fill.account,
        event_id=event_id,
        source=source,
        symbol=fill.symbol,
        shares=fill.shares,
        cost=fill.amount - fill.fees,
        fees=fill.fees,
        lot_id=f"{fill.symbol}-{fill.account}-{fill.date:%Y%m%d}-{fill.row}",
    )


def _contribute(fill: Fill, event_id: str, source: Source) -> Event:
    return Contribution(date=fill.date, account_id=fill.account, event_id=event_id, source=source, amount=fill.amount)


def _withdraw(fill: Fill, event_id: str, source: Source) -> Event:
    return Withdrawal(date=fill.date, account_id=fill.account, event_id=event_id, source=source, amount=fill.amount)


_MAKERS: dict[str, Callable[[Fill, str, Source], Event]] = {
    "SELL": _sell,
    "GIVE": _give,
    "BUY": _buy,
    "CONTRIBUTE": _contribute,
    "WITHDRAW": _withdraw,
    "GIVE CASH": _withdraw,
}


def _picks(fill: Fill) -> tuple[LotPick, ...]:
    return tuple(LotPick(lot, shares) for lot, shares in fill.lots)


class _Reader:
    """Reads rows; `planned` has the lots of each sale and gift by account, action and symbol."""

    def __init__(self, plan: Plan, day: date | None, findings: Findings) -> None:
        self.plan = plan
        self.day = day
        self.findings = findings
        self.planned: dict[tuple[str, str, str], list[tuple[str, Decimal]]] = {}
        for action, rows in (("SELL", plan.sales), ("GIVE", plan.gifts)):
            for row in rows:
                self.planned.setdefault((row.account, action, row.symbol), []).append((row.lot, row.shares))

    def fill(self, cells: Cells) -> Fill | None:
        """One row, or None with its faults reported."""
        account = cells.text("account", "the account it happened in")
        action = cells.text("action").upper()
        amount = cells.number("amount", read_positive_dollars, "what was really paid or received, in dollars")
        fees = cells.number("fees", read_positive_dollars)
        day = cells.day("date") or self.day
        if action not in _MAKERS:
            cells.fault("action", repr(action), f"one of {', '.join(_MAKERS)}")
        if day is None and not cells.text("date"):
            cells.fault("date", "no date", "a date such as 2026-11-23", "Add a column date, or give --on for the whole file.")
        elif day and day < self.plan.as_of:
            cells.fault("date", f"a fill of {day}", f"{self.plan.as_of}, the day of the plan, or later")
        if action not in TRADES:
            return None if amount is None or day is None else Fill(self._row(cells), day, account, action, amount)
        symbol = cells.text("symbol", "the symbol that was traded")
        shares = cells.number("shares", read_shares, "how many shares were really traded")
        if amount is None or shares is None or day is None:
            return None
        if action == "BUY" and fees is not None and fees > amount:
            cells.fault("fees", f"fees of {fees}", f"at most the amount, {amount}, which contains them")
        lots = self._lots(cells, (account, action, symbol), shares) if action in SALES else ()
        return Fill(self._row(cells), day, account, action, amount, symbol, shares, fees or ZERO, lots)

    def _lots(self, cells: Cells, key: tuple[str, str, str], shares: Decimal) -> tuple[tuple[str, Decimal], ...]:
        lot = cells.text("lot")
        if lot:
            return ((lot, shares),)
        planned = self.planned.get(key, [])
        total = sum((part for _, part in planned), ZERO)
        if len(planned) == 1 and shares <= total:
            return ((planned[0][0], shares),)
        if planned and shares == total:
            return tuple(planned)
        expected = f"the lot, for the plan names {len(planned)} lots with {total} shares" if planned else "the lot that was sold"
        cells.fault("lot", f"{shares} shares of {key[2]} and no lot", expected, "One row a lot, with its name in column lot.")
        return ()

    @staticmethod
    def _row(cells: Cells) -> int:
        return cells.sheet.rows[cells.position].line


def _line(sheet: Sheet, address: Address) -> int | None:
    position = address[1] if len(address) > 1 else None
    return sheet.rows[position].line if isinstance(position, int) else None
