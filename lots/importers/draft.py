"""A statement while it is being read: what was understood so far, and every problem with its row.

An importer asks a :class:`Record` for its cells. A cell that cannot be read is noted there and answered with a harmless
stand-in, so that one pass finds every fault of a row; whatever is then made from an unsound record is dropped. Nothing
leaves a draft that has an error.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from lots.errors import InputError
from lots.events import ClosedLot, Event, OpenLot, Source
from lots.importers.cells import CellError, day, is_null, number
from lots.importers.columns import Header
from lots.importers.instruments import why_not_a_lot
from lots.importers.naming import Names
from lots.importers.statement import (
    CashBalance,
    Kind,
    Known,
    Position,
    Problem,
    Severity,
    Statement,
    StatementError,
)
from lots.importers.textfile import Row
from lots.units import Money, Shares

_STAND_IN_DAY = date(2000, 1, 1)
_STAND_IN = Decimal(1)
_VARIOUS = "various"


class Draft:
    """Collects what a file says."""

    def __init__(self, file: str, sha256: str, known: Known) -> None:
        self.file = file
        self.sha256 = sha256
        self.known = known
        self.account: str | None = None
        """The account the rows being read belong to when a title says so, in the file's words."""
        self.hint: str | None = None
        """The account the file's name suggests."""
        self.as_of: date | None = None
        self.rows = 0
        self.incomplete: set[tuple[str, str]] = set()
        """Account and security of every lot that was left out."""
        self._lots: list[OpenLot] = []
        self._closed: list[ClosedLot] = []
        self._positions: list[Position] = []
        self._cash: list[CashBalance] = []
        self._transactions: list[Event] = []
        self._problems: list[Problem] = []
        self._names = Names()
        self._has_asked_account = False

    def open_lot(self, record: "Record", lot: OpenLot) -> None:
        """Take an open lot; its ids are given here."""
        if record.is_sound:
            self._lots.append(self._names.named(lot))

    def closed_lot(self, record: "Record", lot: ClosedLot) -> None:
        """Take a reported sale; its ids are given here."""
        if record.is_sound:
            self._closed.append(self._names.named(lot))

    def happened(self, record: "Record", event: Event) -> None:
        """Take a transaction; its ids are given here."""
        if record.is_sound:
            self._transactions.append(self._names.named(event))

    def position(
        self,
        record: "Record",
        symbol: str,
        shares: Shares,
        cost_basis: Money | None = None,
        market_value: Money | None = None,
    ) -> None:
        """Take a position."""
        account = record.account
        if record.is_sound:
            self._positions.append(Position(account, symbol, shares, record.source, cost_basis, market_value))

    def cash_balance(self, record: "Record", amount: Money) -> None:
        """Take a cash balance."""
        account = record.account
        if record.is_sound:
            self._cash.append(CashBalance(account, amount, record.source))

    def problem(self, severity: Severity, row: int | None, found: str, expected: str, step: str = "") -> None:
        """Note a problem of a row, or of the file when `row` is None."""
        self._problems.append(Problem(self.file, row, found, expected, step, severity))

    def error(self, row: int | None, found: str, expected: str, step: str = "") -> None:
        """Note a problem for which nothing of the file is taken."""
        self.problem(Severity.ERROR, row, found, expected, step)

    def account_id(self, named: str | None) -> str | None:
        """The household's name for an account: what the row says, else a title, else the caller, else the file's name."""
        label = named or self.account
        if label is None and self.known.account is not None:
            return self.known.account
        label = label or self.hint
        return None if label is None else self.known.accounts.get(label, label)

    def refuse_lots_of_the_future(self) -> None:
        """Note every lot opened after the day the file speaks of; one of the two days is wrong."""
        for lot in self._lots:
            if self.as_of is not None and lot.date > self.as_of:
                row = lot.source.row if lot.source else None
                found, expected = f"{lot.symbol} acquired on {lot.date}", f"a day up to {self.as_of}, the day of the file"
                self.error(row, found, expected, "Correct the row, or the day the file stands for.")

    def ask_account(self, row: int) -> None:
        """Note, once for the whole file, that a row belongs to no account."""
        if not self._has_asked_account:
            expected = "an account, in the file, in its name, or from you"
            self.error(row, "no account", expected, "Name the account the file belongs to when importing it.")
        self._has_asked_account = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was taken and no problem found."""
        found = (self._lots, self._closed, self._positions, self._cash, self._transactions, self._problems)
        return not any(found)

    @property
    def has_totals(self) -> bool:
        """Whether positions or cash were taken."""
        return bool(self._positions or self._cash)

    def finish(self, format_name: str, kind: Kind) -> Statement:
        """Return the statement.

        Raises
        ------
        StatementError
            With every problem, if one of them is an error.
        """
        problems = tuple(sorted(self._problems, key=lambda each: each.row or 0))
        if any(problem.is_error for problem in problems):
            raise StatementError(problems)
        statement = Statement(
            format=format_name,
            kind=kind,
            file=self.file,
            sha256=self.sha256,
            rows=self.rows,
            account_hint=None,
            as_of=self.as_of or self.known.as_of,
            lots=tuple(self._lots),
            closed_lots=tuple(self._closed),
            positions=tuple(self._positions),
            cash=tuple(self._cash),
            transactions=tuple(self._transactions),
            problems=problems,
            incomplete=frozenset(self.incomplete),
        )
        accounts = statement.accounts
        return replace(statement, account_hint=accounts[0]) if len(accounts) == 1 else statement


class Record:
    """One row under a header, asked for its cells by column name."""

    def __init__(self, draft: Draft, header: Header, row: Row) -> None:
        self._draft = draft
        self._header = header
        self._row = row
        self.is_sound = True
        """Whether everything asked for so far could be read and nothing made the row unfit."""

    @cached_property
    def source(self) -> Source:
        """Where the row stands."""
        return Source(self._draft.file, self._row.number, self._draft.sha256)

    @property
    def account(self) -> str:
        """The household's name for the account of this row; a fault when neither the file nor the caller says it."""
        found = self._draft.account_id(self.text("account") if self.has_column("account") else None)
        if found is None:
            self.is_sound = False
            self._draft.ask_account(self._row.number)
        return found or "?"

    @property
    def is_short(self) -> bool:
        """Whether the row has fewer cells than the header has titles before its trailing commas."""
        return len(self._row.cells) < self._header.width

    @property
    def is_long(self) -> bool:
        """Whether the row has something in a cell beyond the last title, as after a comma inside an unquoted number."""
        return any(cell.strip() for cell in self._row.cells[len(self._header.titles) :])

    def has_column(self, name: str) -> bool:
        """Whether the header has the column."""
        return name in self._header.places

    def text(self, name: str) -> str:
        """The text of a cell without the spaces around it; empty when it says that there is nothing."""
        place = self._header.places.get(name)
        if place is None or place >= len(self._row.cells):
            return ""
        cell = self._row.cells[place].strip()
        return "" if is_null(cell) else cell

    def optional_amount(self, name: str) -> Decimal | None:
        """The number in a cell, or None when there is none."""
        text = self.text(name)
        if not text:
            return None
        try:
            return number(text)
        except CellError as error:
            self.fault(f"{text!r} under {self._title(name)!r}", str(error), "Correct the cell or download the file again.")
            return None

    def amount(self, name: str) -> Decimal:
        """The number in a cell that must hold one."""
        if not self.text(name):
            self._missing(name, "a number")
        found = self.optional_amount(name)
        return _STAND_IN if found is None else found

    def optional_day(self, name: str) -> date | None:
        """The day in a cell, or None when there is none or there are several, which brokers write as ``Various``."""
        text = self.text(name)
        if not text or text.lower() == _VARIOUS:
            return None
        try:
            return day(text)
        except CellError as error:
            self.fault(f"{text!r} under {self._title(name)!r}", str(error), "Correct the cell or download the file again.")
            return None

    def day(self, name: str) -> date:
        """The day in a cell that must hold one."""
        if self.text(name).lower() in ("", _VARIOUS):
            self._missing(name, "a day")
        return self.optional_day(name) or _STAND_IN_DAY

    def fault(self, found: str, expected: str, step: str = "") -> None:
        """Note an error of this row: nothing of the file will be taken."""
        self.is_sound = False
        self._draft.error(self._row.number, found, expected, step)

    def leave_out(self, found: str, expected: str, step: str) -> None:
        """Note that this row is not taken and why, unless it already is unsound."""
        if self.is_sound:
            self._draft.problem(Severity.LEFT_OUT, self._row.number, found, expected, step)
        self.is_sound = False

    def note(self, found: str, expected: str, step: str = "") -> None:
        """Note something about a row that is taken."""
        if self.is_sound:
            self._draft.problem(Severity.NOTE, self._row.number, found, expected, step)

    def leave_out_unless_lot(self, symbol: str, description: str, shares: Shares) -> None:
        """Leave the row out if it is an option, a bond, a short position, or nothing at all."""
        if not self.is_sound:
            return
        reason = why_not_a_lot(symbol, description, shares)
        if reason:
            self.leave_out(reason.found, reason.expected, reason.step)

    def _missing(self, name: str, what: str) -> None:
        expected = f"{what} under {self._title(name)!r}"
        self.fault(
            repr(self.text(name)) if self.text(name) else "nothing", expected, "Fill the cell in or download the file again."
        )

    def _title(self, name: str) -> str:
        place = self._header.places.get(name)
        return name if place is None else self._header.titles[place]


def try_row(record: Record, error: InputError) -> None:
    """Note what an event refused as a fault of its row."""
    if record.is_sound:
        record.fault(str(error), "a fact that can be true", "Correct the row or download the file again.")
