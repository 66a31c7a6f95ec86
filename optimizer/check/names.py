"""Names: each stands once, and every mention of one means something that exists."""

from collections.abc import Iterator
from difflib import get_close_matches

from optimizer.check.words import Path
from optimizer.errors import Fault
from optimizer.problem import Problem

MOST_HINTS = 100
"""After so many unknown names, looking for what was meant takes longer than it helps."""


def repeated_names(problem: Problem) -> Iterator[Fault]:
    """Every id, symbol and lever that stands a second time."""
    yield from _repeated("owners", "id", [owner.id for owner in problem.owners])
    yield from _repeated("accounts", "id", [account.id for account in problem.accounts])
    yield from _repeated("securities", "symbol", [security.symbol for security in problem.securities])
    yield from _repeated("segments", "id", [segment.id for segment in problem.segments])
    yield from _repeated("lots", "id", [lot.id for lot in problem.lots])
    for position in later_copies([str(lever) for lever in problem.levers]):
        yield Fault(("levers", position), f"{problem.levers[position]!s} a second time", "every lever once")


def _repeated(collection: str, field: str, names: list[str]) -> Iterator[Fault]:
    for position in later_copies(names):
        found = f"the {field} {names[position]!r}, which stands in {collection} already"
        yield Fault((collection, position, field), found, f"every {field} once", "Rename or delete one of the two.")


def later_copies(names: list[str]) -> list[int]:
    """Positions of names that stood before."""
    seen: set[str] = set()
    return [position for position, name in enumerate(names) if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _unknown(path: Path, name: str, kind: str, known: set[str]) -> Fault:
    """A name that refers to nothing, with the nearest existing one as a hint."""
    names = sorted(known)
    near = get_close_matches(name, names, 1)
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    expected = f"{'one of ' if len(names) > 1 else ''}{listed}" if names else f"a {kind} that exists; there is none"
    return Fault(path, f"the unknown {kind} {name!r}", expected, f"Did you mean {near[0]!r}?" if near else "")


def lost_names(problem: Problem) -> Iterator[Fault]:
    """Every mention of something that does not exist, the nearest name as a hint."""
    known: dict[str, set[str]] = {
        "owner": {owner.id for owner in problem.owners},
        "account": {account.id for account in problem.accounts},
        "symbol": {security.symbol for security in problem.securities},
        "segment": {segment.id for segment in problem.segments},
        "lot": {lot.id for lot in problem.lots},
    }
    lost = [(path, kind, name) for path, kind, name in _mentions(problem) if name not in known[kind]]
    for path, kind, name in lost[:MOST_HINTS]:
        yield _unknown(path, name, kind, known[kind])
    for path, kind, name in lost[MOST_HINTS:]:
        yield Fault(path, f"the unknown {kind} {name!r}", f"a {kind} that exists")


def _mentions(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    """Every place where a name refers to something defined elsewhere: its path, the kind of thing and the name."""
    for i, account in enumerate(problem.accounts):
        if account.owner is not None:
            yield ("accounts", i, "owner"), "owner", account.owner
        for field in ("menu", "do_not_sell", "do_not_buy"):
            yield from ((("accounts", i, field, k), "symbol", name) for k, name in enumerate(getattr(account, field) or ()))
    for i, security in enumerate(problem.securities):
        yield from ((("securities", i, "exposures", name), "segment", name) for name in security.exposures)
    for i, segment in enumerate(problem.segments):
        if segment.parent is not None:
            yield ("segments", i, "parent"), "segment", segment.parent
    for i, lot in enumerate(problem.lots):
        yield ("lots", i, "account"), "account", lot.account
        yield ("lots", i, "symbol"), "symbol", lot.symbol
    yield from _mentions_in_orders(problem)
    yield from _mentions_in_wishes(problem)


def _mentions_in_wishes(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    wishes = problem.wishes
    lists = {
        "keep_lots": "lot",
        "keep_accounts": "account",
        "do_not_sell": "symbol",
        "do_not_buy": "symbol",
        "restricted": "symbol",
    }
    for name, kind in lists.items():
        yield from ((("wishes", name, k), kind, word) for k, word in enumerate(getattr(wishes, name)))
    for i, preference in enumerate(wishes.preferences):
        yield ("wishes", "preferences", i, "segment"), "segment", preference.segment
        yield from ((("wishes", "preferences", i, "buy", k), "symbol", name) for k, name in enumerate(preference.buy))
    for i, each in enumerate(wishes.set_asides):
        yield ("wishes", "set_asides", i, "account"), "account", each.account
    for i, limit in enumerate(wishes.holding_limits):
        yield ("wishes", "holding_limits", i, "account"), "account", limit.account
        for kind, named in (("symbol", limit.symbol), ("segment", limit.segment)):
            if named is not None:
                yield ("wishes", "holding_limits", i, kind), kind, named


def _mentions_in_orders(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    for i, sale in enumerate(problem.loss_sales):
        yield ("loss_sales", i, "account"), "account", sale.account
        yield ("loss_sales", i, "symbol"), "symbol", sale.symbol
    for i, payment in enumerate(problem.income):
        yield ("income", i, "account"), "account", payment.account
        if payment.paid_by is not None:
            yield ("income", i, "paid_by"), "symbol", payment.paid_by
    for i, each in enumerate(problem.reinvestments):
        yield ("reinvestments", i, "account"), "account", each.account
        yield from ((("reinvestments", i, "symbols", k), "symbol", name) for k, name in enumerate(each.symbols))
    for path, names in order_accounts(problem):
        yield from (((*path, k), "account", name) for k, name in enumerate(names))


def order_accounts(problem: Problem) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The list of accounts of every contribution, withdrawal and donation, with its path."""
    for i, contribution in enumerate(problem.contributions):
        yield ("contributions", i, "into"), contribution.into
    for i, coming in enumerate(problem.pay_days):
        yield ("pay_days", i, "into"), coming.into
    for i, withdrawal in enumerate(problem.withdrawals):
        yield ("withdrawals", i, "sources"), withdrawal.sources
    for i, donation in enumerate(problem.donations):
        yield ("donations", i, "sources"), donation.sources
