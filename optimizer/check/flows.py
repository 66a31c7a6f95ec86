"""Orders that move money: whom the law and the plans' rules let move it."""

from collections.abc import Iterator

from lots.accounts import AccountKind
from lots.tax.retirement import charitable_room
from lots.units import ZERO
from optimizer.check.names import later_copies, order_accounts
from optimizer.check.words import Path
from optimizer.errors import Fault
from optimizer.problem import AccountFacts, DonationOrder, Problem

AGE_DECIDES = frozenset(
    {
        AccountKind.TRADITIONAL_IRA,
        AccountKind.ROTH_IRA,
        AccountKind.TRADITIONAL_401K,
        AccountKind.ROTH_401K,
        AccountKind.HSA,
    }
)
"""Accounts whose withdrawals are taxed by the owner's age."""


def flow_faults(problem: Problem) -> Iterator[Fault]:
    """Accounts named in orders that may not take or give the money."""
    accounts = {account.id: account for account in problem.accounts}
    for path, names in order_accounts(problem):
        for k in later_copies(list(names)):
            yield Fault((*path, k), f"{names[k]!r} a second time", "every account once")
        for k, account in ((k, accounts[name]) for k, name in enumerate(names) if name in accounts):
            if path[0] in ("contributions", "pay_days"):
                yield from _contribution((*path, k), account)
            elif path[0] == "withdrawals":
                yield from _withdrawal((*path, k), account, problem)
            else:
                yield from _way((*path, k), account, problem.donations[int(path[1])])
                if not account.kind.is_taxable:
                    yield from _gift((*path, k), account, problem)
    for n, coming in enumerate(problem.pay_days):
        if coming.on <= problem.as_of:
            step = "A contribution of today has no day; one that was made is struck out."
            yield Fault(("pay_days", n, "on"), f"a contribution on {coming.on}", f"a day after {problem.as_of} (as_of)", step)
    after_tax = [n for n, order in enumerate(problem.withdrawals) if order.net]
    for n in after_tax[1:]:
        yield Fault(("withdrawals", n, "net"), "a second withdrawal after tax", "one at most", "Ask for both in one.")
    for n, order in enumerate(problem.donations):
        yield from (
            Fault(("donations", n, "ways", k), f"{order.ways[k]!r} a second time", "every way once")
            for k in later_copies(list(order.ways))
        )
        if order.up_to and problem.benchmark is not None:
            found = "a gift up to an amount in a plan that follows a benchmark name by name"
            yield Fault(("donations", n, "up_to"), found, "a gift of a fixed amount beside a benchmark")


def reinvestment_faults(problem: Problem) -> Iterator[Fault]:
    """Reinvestments without what they need to be counted, on a day that is past, or stated twice."""
    known: set[tuple[str, str]] = set()
    for n, each in enumerate(problem.reinvestments):
        at: Path = ("reinvestments", n)
        if each.next_pay is not None and each.next_pay < problem.as_of:
            step = "State the next pay day, or leave it out if it is not known."
            yield Fault((*at, "next_pay"), f"a pay day of {each.next_pay}", f"{problem.as_of} (as_of) or later", step)
        if each.amount is not None and len(each.symbols) != 1:
            yield Fault(
                (*at, "amount"), f"an amount for {len(each.symbols) or 'all'} securities", "one security beside an amount"
            )
        if not each.can_be_switched_off and not each.amount:
            found = "a reinvestment that cannot be switched off, without the dollars it will invest"
            yield Fault((*at, "amount"), found, "one security and the amount of its next dividend")
        for k, symbol in enumerate(each.symbols):
            if (each.account, symbol) in known:
                found = f"{symbol!r} in {each.account!r} a second time"
                yield Fault((*at, "symbols", k), found, "every security of an account once")
            known.add((each.account, symbol))


def _named(account: AccountFacts) -> str:
    return f"{account.id!r}, a {account.kind.value} account"


def _contribution(path: Path, account: AccountFacts) -> Iterator[Fault]:
    if not account.kind.is_taxable and account.contribution_room is None:
        step = f"State the contribution_room of {account.id!r}."
        yield Fault(path, f"{_named(account)} without contribution_room", "the room left this year", step)


def _way(path: Path, account: AccountFacts, order: DonationOrder) -> Iterator[Fault]:
    """Nothing can be given from an account in none of the ways allowed."""
    open_ways = {"in_kind", "cash"} if account.kind.is_taxable else {"qcd"}
    if not open_ways & set(order.ways):
        needed = "in_kind or cash" if account.kind.is_taxable else "qcd"
        yield Fault(
            path, f"{_named(account)} beside ways = {', '.join(order.ways)}", f"{needed} among the ways, or another source"
        )


def _gift(path: Path, account: AccountFacts, problem: Problem) -> Iterator[Fault]:
    """A gift may come from an IRA alone of all sheltered accounts, and only once its owner is old enough."""
    if account.kind is not AccountKind.TRADITIONAL_IRA:
        yield Fault(path, _named(account), "a taxable account, or a traditional IRA of an owner old enough")
        return
    born = next((owner.birth_date for owner in problem.owners if owner.id == account.owner), None)
    if born is None:
        step = f"Name the owner of {account.id!r} and the owner's birth_date."
        yield Fault(path, f"{_named(account)} whose owner has no birth_date", "the owner's birth_date", step)
    elif problem.taxpayer.has_law and charitable_room(problem.taxpayer.law(), account.kind, born, ZERO, problem.as_of) == 0:
        found = f"{_named(account)} whose owner was born on {born}"
        yield Fault(path, found, "an owner old enough for a qualified charitable distribution")
    elif deducted := _deducted(problem, account):
        found = f"{_named(account)} beside contributions to {', '.join(map(repr, deducted))} that the same owner deducts"
        step = "Leave contribution_deductible out there, or give from another account."
        yield Fault(path, found, "no deducted contribution, which IRC 408(d)(8)(A) sets against the gift", step)


def _deducted(problem: Problem, account: AccountFacts) -> list[str]:
    """IRAs of the account's owner that new money may enter with a deduction."""
    entered = {name for order in problem.contributions for name in order.into}
    return [
        each.id
        for each in problem.accounts
        if each.owner == account.owner
        and each.kind is AccountKind.TRADITIONAL_IRA
        and each.contribution_deductible
        and each.id in entered
    ]


def _withdrawal(path: Path, account: AccountFacts, problem: Problem) -> Iterator[Fault]:
    if account.kind is AccountKind.DONOR_ADVISED or not account.withdrawals_allowed:
        yield Fault(path, f"{_named(account)} that lets no money leave", "an account that allows withdrawals")
    born = {owner.id: owner.birth_date for owner in problem.owners}
    if account.kind in AGE_DECIDES and (account.owner is None or (account.owner in born and not born[account.owner])):
        step = f"Name the owner of {account.id!r} and the owner's birth_date."
        yield Fault(path, f"{_named(account)} whose owner has no birth_date", "the owner's birth_date", step)
