"""As much of beancount's language as it takes to find lots: transactions and their postings at cost.

Written from the published syntax. Balances, prices, options and the like say nothing about lots and are passed over. What
would change the lots unseen, an included file or a posting whose number is left to be worked out, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from lots.importers.cells import CellError, day, number
from lots.importers.draft import Draft

_DATED = re.compile(r"([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})\s+(\S+)\s*(.*)")
_FLAG = re.compile(r"txn|[*!&#?%PSTCURM]")
_POSTING = re.compile(r"(?:[*!&#?%PSTCURM]\s+)?(?P<account>[A-Z][\w-]*(?::[A-Z0-9][\w-]*)+)(?:\s+(?P<rest>.*))?")
_METADATA = re.compile(r"(?P<key>[a-z][\w-]*):\s*(?P<value>.*)")
_UNITS = re.compile(r"(?P<number>[-+]?[0-9.,]+)\s+(?P<commodity>[A-Z][A-Z0-9'._-]*)\s*(?P<rest>.*)")
_COST = re.compile(r"(?P<open>\{\{?)(?P<parts>[^{}]*)(?P<close>\}\}?)\s*(?P<rest>.*)")
_AMOUNT = re.compile(r"(?P<number>[-+]?[0-9.,]+)(?:\s*#\s*(?P<more>[-+]?[0-9.,]+))?\s+(?P<currency>[A-Z][A-Z0-9'._-]*)")
_STRING = re.compile(r'"[^"]*"')
_CUTS_IN = ("include", "plugin")
_HELD_FROM = "held-from"


@dataclass(frozen=True, slots=True)
class Cost:
    """What stands in the braces of a posting; `total` is for all units, `number` for one, each with what is added."""

    number: Decimal | None = None
    is_total: bool = False
    added: Decimal = Decimal(0)
    currency: str | None = None
    acquired: date | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting of units, with its cost if it has braces."""

    line: int
    account: str
    units: Decimal
    commodity: str
    cost: Cost | None


@dataclass(slots=True)
class Transaction:
    """A transaction: its day, its postings, and the day a lot in it is held from if the writer says so."""

    line: int
    day: date
    postings: list[Posting] = field(default_factory=list)
    held_from: date | None = None


class _UnreadableError(ValueError):
    """A part of a line that is not understood; carries what was found and what was expected."""


def transactions(text: str, draft: Draft) -> Iterator[Transaction]:
    """Yield the transactions of a ledger in the order of its lines; what cannot be read is noted as an error."""
    current: Transaction | None = None
    for index, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        draft.rows += 1
        line = _without_comment(raw)
        if line.count('"') % 2:
            step = "Close it on the same line; text over several lines is not read."
            draft.error(index, "a text that is not closed", "a closing quote", step)
            current = None
        elif not raw.strip():
            if current is not None:
                yield current
            current = None
        elif line.strip():
            try:
                if line[0].isspace():
                    _inside(current, index, line.strip())
                else:
                    if current is not None:
                        yield current
                    current = _directive(index, line)
            except (_UnreadableError, CellError) as error:
                draft.error(index, repr(line.strip()[:80]), str(error), "Only plain numbers, costs, days and labels are read.")
    if current is not None:
        yield current


def _without_comment(line: str) -> str:
    """A line up to a semicolon that stands outside of quotes."""
    for match in re.finditer(r'"[^"]*"|;', line):
        if match[0] == ";":
            return line[: match.start()]
    return line


def _directive(index: int, line: str) -> Transaction | None:
    dated = _DATED.fullmatch(line.strip())
    if dated and _FLAG.fullmatch(dated[2]):
        return Transaction(index, day(dated[1]))
    word = line.split(maxsplit=1)[0]
    if word in _CUTS_IN:
        raise _UnreadableError(f"a file of its own, without {word!r}")
    return None


def _inside(current: Transaction | None, index: int, line: str) -> None:
    """Read an indented line: a posting or metadata of the transaction above, or metadata of some other directive."""
    posting, metadata = _POSTING.fullmatch(line), _METADATA.fullmatch(line)
    if current is None:
        if posting:
            raise _UnreadableError("a transaction right above the posting")
        return
    if metadata and not posting:
        if metadata["key"] == _HELD_FROM and not current.postings:
            current.held_from = day(metadata["value"].strip('" '))
    elif posting:
        rest = (posting["rest"] or "").strip()
        if rest:
            current.postings.append(_posting(index, posting["account"], rest))
    elif not line.startswith(("#", "^", '"')):
        raise _UnreadableError("a posting such as 'Assets:Broker  10 VTI {226.00 USD, 2021-07-31}'")


def _posting(index: int, account: str, rest: str) -> Posting:
    units = _UNITS.fullmatch(rest)
    if not units:
        raise _UnreadableError("a number and a commodity behind the account")
    braces = _COST.fullmatch(units["rest"]) if units["rest"].startswith("{") else None
    price = (braces["rest"] if braces else units["rest"]).strip()
    if (units["rest"].startswith("{") and not braces) or (price and not price.startswith("@")):
        raise _UnreadableError("a cost in braces, a price behind '@', or nothing behind the commodity")
    cost = _cost(braces["parts"], is_total=braces["open"] == "{{") if braces else None
    return Posting(index, account, number(units["number"]), units["commodity"], cost)


def _cost(parts: str, *, is_total: bool) -> Cost:
    cost, seen = Cost(is_total=is_total), set[str]()
    for part in (each.strip() for each in _split(parts)):
        amount = _AMOUNT.fullmatch(part)
        if not part:
            continue
        if _STRING.fullmatch(part):
            what, cost = "label", replace(cost, label=part[1:-1])
        elif amount:
            added = number(amount["more"]) if amount["more"] else Decimal(0)
            what = "number"
            cost = replace(cost, number=number(amount["number"]), currency=amount["currency"], added=added)
        else:
            what, cost = "day", replace(cost, acquired=day(part))
        if what in seen:
            raise _UnreadableError(f"one {what} in a cost")
        seen.add(what)
    return cost


def _split(parts: str) -> list[str]:
    """The parts of a cost between commas; a comma inside a number or a label divides nothing."""
    return re.split(r',(?![0-9]{3}(?![0-9-]))(?=(?:[^"]*"[^"]*")*[^"]*$)', parts)
