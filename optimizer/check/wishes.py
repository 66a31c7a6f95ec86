"""Wishes that contradict each other by their names alone, or that the problem gives no meaning."""

from collections.abc import Iterator

from optimizer.check.words import Path
from optimizer.errors import Fault
from optimizer.problem import Problem
from optimizer.wishes import Preference


def wish_faults(problem: Problem) -> Iterator[Fault]:
    """Preferences that speak twice of one thing, and cash set aside where none can be."""
    yield from _preferences(problem)
    if problem.benchmark is not None:
        for name in ("min_trade", "max_orders"):
            if getattr(problem.wishes, name) is not None:
                found = f"{name} in a plan that follows a benchmark name by name"
                yield Fault(("wishes", name), found, "no wish about orders beside a benchmark")
    for k, limit in enumerate(problem.wishes.holding_limits):
        key = (limit.account, limit.symbol, limit.segment)
        first = [(each.account, each.symbol, each.segment) for each in problem.wishes.holding_limits].index(key)
        if first < k:
            found = f"a second limit on {limit.symbol or limit.segment} in {limit.account!r}"
            yield Fault(("wishes", "holding_limits", k), found, "one limit for each", "Keep the stricter of the two.")


def _preferences(problem: Problem) -> Iterator[Fault]:
    lists = problem.wishes.preferences
    parents = {segment.parent for segment in problem.segments}
    for k, each in enumerate(lists):
        at: Path = ("wishes", "preferences", k)
        if each.segment in parents:
            found = f"a list for {each.segment!r}, which has parts of its own"
            yield Fault((*at, "segment"), found, "a segment without parts")
        if any(_meet(each, other) for other in lists[:k]):
            found = f"a second list for {each.segment!r} in the same accounts"
            yield Fault((*at, "segment"), found, "one list for a segment in an account")
        for n, symbol in enumerate(each.buy):
            if symbol in each.buy[:n]:
                yield Fault((*at, "buy", n), f"{symbol!r} a second time", "every symbol once")


def _meet(one: Preference, other: Preference) -> bool:
    """Whether two lists speak of one segment in one account."""
    return one.segment == other.segment and ("all" in (one.accounts, other.accounts) or one.accounts == other.accounts)
