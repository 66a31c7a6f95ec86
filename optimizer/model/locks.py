"""Locks: which lots a wish keeps, which securities a preference rules out, each in the household's words.

Dates are asked of :mod:`lots.dates`; how many days count is the household's own wish.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from lots.dates import days_held, days_to_long_term
from lots.lot import Term
from optimizer.limits import words_of
from optimizer.problem import AccountFacts, LotFacts, Problem, SecurityFacts
from optimizer.wishes import Preference

Rule = Callable[[LotFacts], bool]


@dataclass(frozen=True)
class Lock:
    """Lots that a wish keeps from being sold; `may_be_given` where a gift is not ruled out with it."""

    words: str
    lots: frozenset[str]
    may_be_given: bool = False


def locks_of(problem: Problem, term: Mapping[str, Term], losses: frozenset[str]) -> Iterator[Lock]:
    """Every lock of the problem that holds some lot.

    Parameters
    ----------
    term : the term of every taxable lot if it were sold on the day of the plan.
    losses : taxable lots under their basis.
    """
    for words, holds in _of_names(problem):
        lots = frozenset(lot.id for lot in problem.lots if holds(lot))
        if lots:
            yield Lock(words, lots)
    for words, holds in _of_time(problem, term, losses):
        lots = frozenset(lot.id for lot in problem.lots if holds(lot))
        if lots:
            yield Lock(words, lots, may_be_given=True)


def _of_names(problem: Problem) -> Iterator[tuple[str, Rule]]:
    wishes, words = problem.wishes, words_of(problem)
    untraded = {account.id for account in problem.accounts if not account.traded}
    if untraded:
        yield f"do not trade in {', '.join(sorted(untraded))}", lambda lot: lot.account in untraded
    if wishes.keep_accounts:
        yield words["wishes", "keep_accounts", 0], lambda lot: lot.account in wishes.keep_accounts
    if wishes.keep_lots:
        yield words["wishes", "keep_lots", 0], lambda lot: lot.id in wishes.keep_lots
    if wishes.do_not_sell:
        yield words["wishes", "do_not_sell", 0], lambda lot: lot.symbol in wishes.do_not_sell
    if wishes.restricted:
        yield words["wishes", "restricted", 0], lambda lot: lot.symbol in wishes.restricted
    for n, account in enumerate(problem.accounts):
        if account.do_not_sell:
            yield words["accounts", n, "do_not_sell", 0], partial(_is_kept_here, account)


def _is_kept_here(account: AccountFacts, lot: LotFacts) -> bool:
    return lot.account == account.id and lot.symbol in account.do_not_sell


def _of_time(problem: Problem, term: Mapping[str, Term], losses: frozenset[str]) -> Iterator[tuple[str, Rule]]:
    wishes, day, words = problem.wishes, problem.as_of, words_of(problem)

    def is_short_gain(lot: LotFacts) -> bool:
        return term.get(lot.id) is Term.SHORT and lot.id not in losses

    if wishes.min_holding_days:
        least = wishes.min_holding_days
        held = words["wishes", "min_holding_days"]
        yield held, lambda lot: lot.acquired is not None and days_held(lot.acquired, day) < least
    if wishes.no_short_term_gains:
        yield words["wishes", "no_short_term_gains"], is_short_gain
    if wishes.wait_for_long_term_days:
        most = wishes.wait_for_long_term_days
        waited = words["wishes", "wait_for_long_term_days"]
        yield waited, lambda lot: is_short_gain(lot) and days_to_long_term(_held_from(lot), day) <= most


def _held_from(lot: LotFacts) -> date:
    start = lot.holding_start or lot.acquired
    assert start is not None  # a lot without a date has no term
    return start


def main_segment(security: SecurityFacts) -> str:
    """The segment with the largest weight in a security, the first of equals."""
    return max(security.exposures, key=lambda segment: security.exposures[segment])


def preferences_in(problem: Problem, account: AccountFacts) -> Iterator[Preference]:
    """The preferences that speak of an account."""
    kind = "taxable" if account.kind.is_taxable else "sheltered"
    return (each for each in problem.wishes.preferences if each.accounts in ("all", kind))


def unpreferred(problem: Problem, account: AccountFacts) -> set[str]:
    """Symbols that a preference rules out in an account: those of its segment that it does not name."""
    lists = {each.segment: each.buy for each in preferences_in(problem, account)}
    return {s.symbol for s in problem.securities if s.symbol not in lists.get(main_segment(s), (s.symbol,))}
