"""Audits a history: derives every lot again and holds the result against the events by other arithmetic.

The fold counts lots; the audit counts totals. Shares, cash and basis are added up straight from the events, without lots,
relief or queues, so that the two can only agree by both being right. Where they part, the first event after which
they do is found by folding ever shorter beginnings of the history.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from lots.accounts import Account
from lots.errors import LotsError
from lots.events import ClosedLot, Contribution, Event, OpenCash, StatedCash, Void
from lots.ledger.book import Book, fold
from lots.ledger.order import effective
from lots.ledger.records import Assertion
from lots.ledger.recount import Totals, recount
from lots.securities import Security
from lots.units import ZERO
from lots.wash import WashRules


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: which invariant, the event that broke it, and a sentence for a person."""

    invariant: str
    event_id: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The outcome of an audit; `book` is None when the history cannot be folded at all."""

    findings: tuple[Finding, ...]
    book: Book | None
    events: int

    @property
    def is_clean(self) -> bool:
        """Whether everything holds."""
        return not self.findings


def audit(
    events: Iterable[Event],
    accounts: Sequence[Account],
    securities: Sequence[Security] = (),
    rules: WashRules | None = None,
) -> Audit:
    """Derive a history again and check it.

    Checked are: that it folds; that shares, cash and basis are conserved; that nothing is negative; that what statements
    assert is so; that a term a broker reports follows from the dates. Each finding names the event that broke it.
    """
    given = list(events)
    try:
        standing = [event for event in effective(given) if not isinstance(event, Void)]
        book = fold(given, accounts, securities, rules)
    except LotsError as fault:
        return Audit((Finding("events agree with each other", None, str(fault)),), None, len(given))

    def fold_first(count: int) -> Book:
        beginning = [_standing_alone(event) for event in standing[:count]]
        return fold(beginning, accounts, securities, rules)

    findings = [
        *_conservation(standing, book, fold_first),
        *_statements(book.assertions, standing),
        *_negative_cash(book, standing),
        *_terms(standing),
    ]
    return Audit(tuple(findings), book, len(given))


def _conservation(standing: list[Event], book: Book, fold_first: Callable[[int], Book]) -> Iterable[Finding]:
    for name, part in (("shares", _shares), ("cash", _cash), ("cost basis", _basis)):
        if part(recount(standing, book)) == part(Totals.of(book)):
            continue
        culprit = _first_break(standing, part, fold_first)
        expected, found = part(recount(standing, book)), part(Totals.of(book))
        yield Finding(
            f"{name} conserved",
            culprit.event_id,
            f"{culprit.where}: after this event of {culprit.date} {name} come to {found}, but the events add up to {expected}; "
            "this is a fault of the program, please report it with the event.",
        )


Part = Callable[[Totals], object]


def _shares(totals: Totals) -> object:
    return {key: shares for key, shares in totals.shares.items() if shares != ZERO}


def _cash(totals: Totals) -> object:
    return {key: amount for key, amount in totals.cash.items() if amount != ZERO}


def _basis(totals: Totals) -> object:
    return totals.basis


def _first_break(standing: list[Event], part: Part, fold_first: Callable[[int], Book]) -> Event:
    """Find the first event after which totals and fold part, by halving."""
    holds, breaks = 0, len(standing)
    while breaks - holds > 1:
        middle = (holds + breaks) // 2
        book = fold_first(middle)
        if part(recount(standing[:middle], book)) == part(Totals.of(book)):
            holds = middle
        else:
            breaks = middle
    return standing[breaks - 1]


def _statements(assertions: Iterable[Assertion], standing: list[Event]) -> Iterable[Finding]:
    """Statements that do not hold, each with the events since the last one of its kind that did."""
    agreed: dict[tuple[str, str | None, str], Assertion] = {}
    for each in assertions:
        key = (each.account_id, each.symbol, each.what)
        if each.holds:
            agreed[key] = each
            continue
        since = agreed.get(key)
        suspects = [
            event.event_id
            for event in standing
            if event.account_id == each.account_id
            and (since is None or event.date > since.date)
            and event.date <= each.date
            and (each.symbol is None or getattr(event, "symbol", None) == each.symbol)
            and event.event_id != each.event_id
        ]
        yield Finding("statements hold", each.event_id, _disagreement(each, since, suspects))


def _disagreement(each: Assertion, since: Assertion | None, suspects: list[str]) -> str:
    thing = f"{each.symbol} {each.what}" if each.symbol else each.what
    period = f"since the statement of {since.date}, which holds" if since else "from the beginning"
    shown = ", ".join(suspects[-8:]) or "none; look for a missing one"
    return (
        f"{each.where}: the statement of {each.date} says {each.stated} for {thing} in {each.account_id!r}, the events come to "
        f"{each.found}; look at the events {period}: {shown}."
    )


def _negative_cash(book: Book, standing: list[Event]) -> Iterable[Finding]:
    """Accounts that end in debt, of those whose cash is told; lots alone say nothing about cash."""
    told = {event.account_id for event in standing if isinstance(event, OpenCash | Contribution | StatedCash)}
    for account_id, amount in book.cash.items():
        if amount < ZERO and account_id in told:
            yield Finding(
                "cash not negative",
                None,
                f"Account {account_id!r} ends with {amount} dollars of cash; look for a missing deposit or opening balance.",
            )


def _terms(standing: list[Event]) -> Iterable[Finding]:
    """Reported sales whose term is not what their dates give, with nothing said that explains it; the term is followed."""
    for each in standing:
        if isinstance(each, ClosedLot) and each.is_long_term not in (None, each.is_long_by_dates):
            stated, given = (f"{'long' if is_long else 'short'}-term" for is_long in (each.is_long_term, each.is_long_by_dates))
            yield Finding(
                "terms follow from the dates",
                each.event_id,
                f"{each.where}: {each.symbol} sold on {each.date} is reported as {stated}, but held from {each.held_from} "
                f"it is {given}; the report is followed. State holding_start or is_inherited if one explains it, or correct it.",
            )


def _standing_alone(event: Event) -> Event:
    """The event without the name of the one it corrects, which is not part of a beginning of the history."""
    return event if event.replaces is None else replace(event, replaces=None)
