"""What of some statements goes into a ledger, given what is there already.

An account is kept in one of two ways. From *snapshots*: the lots as they stood on a day, with no history behind them; a
later snapshot takes the place of an earlier one, and sales come from the broker's own list. Or from *history*: purchases,
sales and all else that happened, from which lots follow. Counting a purchase in both would count it twice, so once
anything happened in an account, later snapshots of it are compared with the ledger and no longer taken.

The two meet in one place: history that begins after the day of a snapshot goes on from it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lots.errors import InputError
from lots.events import ClosedLot, Event, OpenCash, OpenLot, Sell, Source, StatedCash, StatedShares, Void
from lots.events.codec import content_hash
from lots.importers.reported import told
from lots.importers.stated import refuse_contradictions
from lots.importers.statement import Statement
from lots.ledger.order import effective
from lots.units import ZERO, Shares

_STILL = (OpenLot, OpenCash, ClosedLot, StatedShares, StatedCash, Void)
"""Events that report and move nothing; an account with any other is kept from history."""
_LOTS_OF = "lots of"
"""In the id of a statement that a snapshot of lots makes, so that the day of the snapshot is known later."""


@dataclass(slots=True)
class Posting:
    """Events for the ledger, and what was passed over and why, in sentences for the reader."""

    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def postings(statements: Sequence[Statement], kept: Iterable[Event]) -> Posting:
    """Choose the events of statements that a ledger takes.

    Parameters
    ----------
    statements : read together, so that lots and transactions of one account can be told apart by day.
    kept : every event in the ledger, corrected ones included.

    Raises
    ------
    InputError
        If a snapshot differs from the ledger's and does not say that it is later, or transactions come with a
        snapshot that says no day.
    """
    known = list(kept)
    seen = Counter(content_hash(_alone(event)) for event in known if isinstance(event, OpenLot))
    standing: dict[str, list[Event]] = {}
    for event in effective(known):
        standing.setdefault(event.account_id, []).append(event)
    posting = Posting()
    statements = list({(each.file, each.sha256): each for each in statements}.values())  # named twice it says nothing new
    for account in sorted({account for each in statements for account in each.accounts}):
        _Account(account, standing.get(account, []), seen, posting).take(statements)
    return posting


class _Account:
    """One account: what the ledger has of it, and what the statements bring."""

    def __init__(self, account: str, standing: list[Event], seen: Counter[str], posting: Posting) -> None:
        self.account = account
        self.seen = seen
        self.posting = posting
        self.has_history = any(not isinstance(event, _STILL) for event in standing)
        self.sells = [event for event in standing if isinstance(event, Sell)]
        self.lots = [event for event in standing if isinstance(event, OpenLot)]
        self.closed = [event for event in standing if isinstance(event, ClosedLot)]
        self.cash = [event for event in standing if isinstance(event, OpenCash)]
        self.stated = [event for event in standing if isinstance(event, StatedShares | StatedCash)]

    def take(self, statements: Sequence[Statement]) -> None:
        """Post what the statements say of this account."""
        mine = sorted((each for each in statements if self.account in each.accounts), key=lambda each: each.as_of or date.min)
        offered = [each for each in mine if self._lots_of(each)]
        happened = self._mine(event for each in mine for event in each.transactions)
        if self.has_history:
            self._compare(offered)
            start = self._snapshot_day()
        else:
            start = max((each.as_of for each in offered if each.as_of), default=None) or self._snapshot_day()
            self._refuse_undated(offered, happened, start)
            for each in offered:
                self._snapshot(each)
            for each in mine:
                if not happened or each.as_of == start:
                    self._opening_cash(each)
        self._happened(happened, start)
        self._reported(mine, start)

    def _refuse_undated(self, offered: Sequence[Statement], happened: list[Event], start: date | None) -> None:
        if (offered or self.lots) and happened and start is None:
            file = offered[0].file if offered else self.lots[0].where
            raise InputError(
                f"{file}: it says how the lots of {self.account!r} stand but not on which day, so the transactions that are in "
                f"it cannot be told from later ones ({happened[0].where}); give the day with --as-of when importing the lots."
            )

    def _compare(self, offered: Sequence[Statement]) -> None:
        for each in offered:
            self._state(self._stated_by(each))
            self._note(
                f"{each.file}: {self.account} is kept from what happened, so its lots are compared with the ledger, not taken."
            )

    def _happened(self, found: list[Event], start: date | None) -> None:
        """Take what happened after the snapshot the ledger starts from; the broker's list of later sales gives way to it."""
        later = [event for event in found if start is None or event.date > start]
        if len(later) < len(found):
            self._note(
                f"{found[0].where}: {len(found) - len(later)} transactions in {self.account} up to {start} are in its lots "
                "of that day already and are passed over."
            )
        self.has_history = self.has_history or bool(later)
        for file in dict.fromkeys(event.source and event.source.file for event in later):
            self._learn([event for event in later if event.source and event.source.file == file])
        self._void(told([event for event in self.closed if start is None or event.date > start], self.sells))
        self.posting.events.extend(later)

    def _learn(self, events: Iterable[Event]) -> None:
        """Add the sales of one file to those known, the ones that another file told already only once."""
        sells = [event for event in events if isinstance(event, Sell)]
        known = Counter(content_hash(event) for event in self.sells)
        for event in sells:
            content = content_hash(event)
            known[content] -= 1
            if known[content] < 0:
                self.sells.append(event)

    def _reported(self, mine: Sequence[Statement], start: date | None) -> None:
        """Take sales as the broker reports them unless history tells of them, and what statements assert."""
        for each in mine:
            self._closed(each, [event for event in each.closed_lots if event.account_id == self.account], start)
        asserted = self._mine(event for each in mine for event in each.assertions)
        self._state(event for event in asserted if start is None or event.date >= start)

    def _state(self, events: Iterable[Event]) -> None:
        """Take what statements assert, unless one of the same day asserts something else."""
        new = [event for event in events if isinstance(event, StatedShares | StatedCash)]
        kept, said = ([each for each in some if isinstance(each, StatedShares)] for some in (self.stated, new))
        refuse_contradictions(kept, said)
        self.posting.events.extend(new)
        self.stated.extend(new)

    def _closed(self, statement: Statement, closed: list[ClosedLot], start: date | None) -> None:
        """Take reported sales but those that the transactions tell of."""
        later = [event for event in closed if start is None or event.date > start]
        passed = told(later, self.sells)
        if passed:
            self._note(
                f"{statement.file}: {len(passed)} of {len(closed)} closed lots in {self.account} are sales that the transactions "
                f"tell of already ({_days(passed)}), and are passed over."
            )
        names = {event.event_id for event in passed}
        kept = [event for event in later if event.event_id not in names]
        if self.has_history and kept:
            self._note(
                f"{statement.file}: {len(kept)} closed lots in {self.account} are sales that no transaction tells of "
                f"({_days(kept)}) and are kept as reported; where the transactions open such a lot it stays open until they "
                "also tell of its sale."
            )
        self.posting.events.extend(event for event in closed if event.event_id not in names)

    def _snapshot(self, statement: Statement) -> None:
        """Take the lots of a day, each security in the place of what an earlier snapshot said of it."""
        lots = self._lots_of(statement)
        for symbol in dict.fromkeys(lot.symbol for lot in lots):
            new = [lot for lot in lots if lot.symbol == symbol]
            old = [lot for lot in self.lots if lot.symbol == symbol]
            if not old:
                self.posting.events.extend(new)
            elif _contents(new) != _contents(old) and not self._is_succeeded(statement, symbol, old, new):
                continue
            stated = [each for each in self._stated_by(statement) if each.symbol == symbol]
            self._state(stated)
            self.seen.update(_contents(new))
            self.lots = [lot for lot in self.lots if lot.symbol != symbol] + new

    def _is_succeeded(self, statement: Statement, symbol: str, old: list[OpenLot], new: list[OpenLot]) -> bool:
        """Put new lots in the place of old ones; no if they are an earlier snapshot, imported once more."""
        before = self._day_of(symbol)
        if statement.as_of is None or before is None or statement.as_of <= before:
            if not _contents(new) - self.seen:
                return False
            raise InputError(
                f"{statement.file}: its lots of {symbol} in {self.account!r} ({_total(new)} shares, {_when(statement.as_of)}) "
                f"differ from those in the ledger ({_total(old)} shares, {_when(before)}, {old[0].where}), and only a later "
                "snapshot takes the place of an earlier one; give its day with --as-of."
            )
        gone, came = _without_the_same(old, new)
        by_name = {lot.lot_id: lot for lot in gone}
        for lot in came:
            namesake = by_name.pop(lot.lot_id, None)
            self.posting.events.append(replace(lot, replaces=namesake.event_id) if namesake else lot)
        self._void(by_name.values())
        self._void(each for each in self.stated if getattr(each, "symbol", None) == symbol and each.date < statement.as_of)
        return True

    def _opening_cash(self, statement: Statement) -> None:
        """Take the cash of a snapshot, in the place of that of an earlier one."""
        for event in self._mine(statement.snapshot):
            old = self.cash[-1] if self.cash else None
            if not isinstance(event, OpenCash) or (old and old.date >= event.date):
                continue
            self.posting.events.append(replace(event, replaces=old.event_id) if old else event)
            if old:
                self._void(each for each in self.stated if isinstance(each, StatedCash) and each.date < event.date)
            self.cash.append(event)

    def _stated_by(self, statement: Statement) -> list[StatedShares]:
        """What the lots of a day come to, as statements the ledger is held to from then on."""
        totals: dict[str, Shares] = {}
        for lot in self._lots_of(statement):
            totals[lot.symbol] = totals.get(lot.symbol, ZERO) + lot.shares
        return [
            StatedShares(
                date=statement.as_of,
                account_id=self.account,
                event_id=f"{statement.as_of}:{_LOTS_OF} {symbol}:{self.account}",
                source=Source(statement.file, None, statement.sha256),
                symbol=symbol,
                shares=shares,
            )
            for symbol, shares in totals.items()
            if statement.as_of and (self.account, symbol) not in statement.incomplete
        ]

    def _snapshot_day(self) -> date | None:
        """The last day the ledger has a snapshot of."""
        days = [event.date for event in self.stated if f":{_LOTS_OF} " in event.event_id]
        return max(days, default=None) if self.lots else None

    def _day_of(self, symbol: str) -> date | None:
        marked = (each for each in self.stated if f":{_LOTS_OF} " in each.event_id)
        return max((each.date for each in marked if getattr(each, "symbol", None) == symbol), default=None)

    def _lots_of(self, statement: Statement) -> list[OpenLot]:
        return [lot for lot in statement.lots if lot.account_id == self.account]

    def _mine(self, events: Iterable[Event]) -> list[Event]:
        return [event for event in events if event.account_id == self.account]

    def _void(self, events: Iterable[Event]) -> None:
        gone = list(events)
        names = {event.event_id for event in gone}
        self.stated = [each for each in self.stated if each.event_id not in names]
        self.posting.events.extend(
            Void(date=event.date, account_id=self.account, event_id=f"{event.event_id}:void", replaces=event.event_id)
            for event in gone
        )

    def _note(self, sentence: str) -> None:
        self.posting.notes.append(sentence)


def _without_the_same(old: list[OpenLot], new: list[OpenLot]) -> tuple[list[OpenLot], list[OpenLot]]:
    """What of two snapshots stands in one of them only."""
    stays = _contents(old) & _contents(new)
    return _beyond(old, stays), _beyond(new, stays)


def _beyond(lots: list[OpenLot], stays: Counter[str]) -> list[OpenLot]:
    left, found = Counter(stays), list[OpenLot]()
    for lot in lots:
        content = content_hash(_alone(lot))
        if left[content]:
            left[content] -= 1
        else:
            found.append(lot)
    return found


def _contents(lots: Iterable[OpenLot]) -> Counter[str]:
    return Counter(content_hash(_alone(lot)) for lot in lots)


def _alone(lot: OpenLot) -> OpenLot:
    """The lot without the name of the one whose place it took."""
    return lot if lot.replaces is None else replace(lot, replaces=None)


def _days(sales: Sequence[ClosedLot]) -> str:
    """The securities and days of sales, in short."""
    named = list(dict.fromkeys(f"{each.symbol} on {each.date}" for each in sales))
    return ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")


def _total(lots: Iterable[OpenLot]) -> Shares:
    return sum((lot.shares for lot in lots), ZERO)


def _when(day: date | None) -> str:
    return f"as of {day}" if day else "of no stated day"
