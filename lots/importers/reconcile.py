"""Holds the lots of a day against the positions of the same day.

Both come from the broker, so they must agree. When they do not, a lot is missing or counted twice, and whichever number
were chosen silently could be the wrong one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lots.events import OpenLot
from lots.importers.statement import Position, Problem, Severity, Statement, StatementError
from lots.units import CENT, ZERO, Money, Shares

_Key = tuple[date | None, str, str]
_Items = Callable[[Statement], Sequence[OpenLot | Position]]


@dataclass(slots=True)
class _Total:
    """Lots or positions of one security in one account on one day, added up."""

    file: str
    row: int | None
    shares: Shares = ZERO
    basis: Money | None = ZERO
    parts: int = 0

    def add(self, shares: Shares, basis: Money | None) -> None:
        self.shares += shares
        self.basis = None if basis is None or self.basis is None else self.basis + basis
        self.parts += 1


def reconcile(statements: Iterable[Statement]) -> None:
    """Compare the lots and the positions of the same account and day, across files.

    Raises
    ------
    StatementError
        With one problem for each security whose shares or basis differ, naming both numbers and both files.
    """
    by_content = {each.sha256: each for each in statements}  # the same file twice says nothing new
    quarrels = disagreements(list(by_content.values()))
    if quarrels:
        raise StatementError(quarrels)


def disagreements(statements: Sequence[Statement]) -> tuple[Problem, ...]:
    """What :func:`reconcile` raises, as a list; securities of which a lot was left out are not compared."""
    incomplete = {key for statement in statements for key in statement.incomplete}
    lots = _added(statements, lambda each: each.lots)
    positions = _added(statements, lambda each: each.positions)
    covered = {(day, account) for day, account, _ in positions}
    found: list[Problem] = []
    for key, ours in lots.items():
        theirs = positions.get(key)
        if key[1:] in incomplete:
            continue
        if theirs is not None:
            found.extend(_compared(key, ours, theirs))
        elif (key[0], key[1]) in covered:
            found.append(
                _problem(key, ours, f"{ours.shares} shares in lots, but no position at all", "the positions file to list it")
            )
    return tuple(found)


def _added(statements: Sequence[Statement], items: _Items) -> dict[_Key, _Total]:
    totals: dict[_Key, _Total] = {}
    for statement in statements:
        if statement.as_of is None and len(statements) > 1:
            continue  # a file without a day can be held against itself alone
        for item in items(statement):
            key = (statement.as_of, item.account_id, item.symbol)
            row = item.source.row if item.source else None
            totals.setdefault(key, _Total(statement.file, row)).add(item.shares, item.cost_basis)
    return totals


def _compared(key: _Key, lots: _Total, position: _Total) -> list[Problem]:
    where = f"the position of {position.file}, row {position.row}"
    if lots.shares != position.shares:
        return [_problem(key, lots, f"{lots.shares} shares in {lots.parts} lots", f"the {position.shares} shares of {where}")]
    if lots.basis is None or position.basis is None:
        return []
    if abs(lots.basis - position.basis) > CENT * lots.parts:  # each lot's basis is rounded to the cent by itself
        return [_problem(key, lots, f"a basis of {lots.basis} in {lots.parts} lots", f"the {position.basis} of {where}")]
    return []


def _problem(key: _Key, lots: _Total, found: str, expected: str) -> Problem:
    day, account, symbol = key
    step = "Download both files again on the same day; if they still differ, ask the broker which one is right."
    return Problem(
        lots.file, lots.row, f"{symbol} in {account}{f' on {day}' if day else ''}: {found}", expected, step, Severity.ERROR
    )
