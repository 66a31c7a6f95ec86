"""What the ledger and the law say of a problem's lots on the day of the plan, before any number becomes a float.

The optimizer asks and never reckons a date or a loss limit itself: term, wash-sale windows and the rules of withdrawals come
from :mod:`lots`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lots.accounts import AccountKind
from lots.lot import TaxLot, Term
from lots.securities import Security
from lots.tax.retirement import WithdrawalRule, charitable_room, withdrawal_rule
from lots.units import ZERO
from lots.wash.window import blocked_until, window
from optimizer.model.locks import Lock, locks_of, unpreferred
from optimizer.model.reinvesting import coming_shares
from optimizer.problem import AccountFacts, LotFacts, Problem


@dataclass(frozen=True)
class WashGroup:
    """Substantially identical securities of which some lots are at a loss.

    Parameters
    ----------
    symbols : the securities of the group.
    loss_lots : ids of taxable lots at a loss, in the order they were acquired, those that replace left out.
    recent_lots : ids of lots bought within the window that the plan could sell or give, so that they replace nothing.
    stuck_shares : shares bought within the window that have to stay, those that a reinvestment is going to buy included.
    stuck_in_shelter : those of them in accounts that lose a washed loss for good.
    """

    symbols: tuple[str, ...]
    loss_lots: tuple[str, ...]
    recent_lots: tuple[str, ...]
    stuck_shares: Decimal
    stuck_in_shelter: Decimal


@dataclass(frozen=True)
class Facts:
    """Facts about one problem, keyed by the ids of its lots and accounts."""

    term: dict[str, Term]
    loss_lots: frozenset[str]
    locks: tuple[Lock, ...]
    """Why lots that may not be sold may not."""
    may_sell: frozenset[str]
    may_give: frozenset[str]
    may_buy: dict[str, tuple[str, ...]]
    wash_groups: tuple[WashGroup, ...]
    banned_until: dict[str, date]
    """Groups that must not be bought because of a loss realised before the plan, with the last day of the ban."""
    loss_limit: Decimal
    withdrawal_rules: dict[str, WithdrawalRule]
    charitable_room: dict[str, Decimal]
    """Dollars that may go from accounts of each owner straight to charities, for owners whose IRA a gift names."""


def facts_of(problem: Problem) -> Facts:
    """Ask the ledger and the law about every lot and account of a problem."""
    price = {s.symbol: s.price for s in problem.securities}
    group = {s.symbol: Security(s.symbol, identical_group=s.identical_group).group for s in problem.securities}
    accounts = {a.id: a for a in problem.accounts}
    recent_window = window(problem.as_of)
    term: dict[str, Term] = {}
    losses: list[str] = []
    recent: list[str] = []
    for lot in problem.lots:
        is_own = accounts[lot.account].kind is not AccountKind.DONOR_ADVISED
        if is_own and lot.acquired is not None and lot.acquired in recent_window:
            recent.append(lot.id)
        if not accounts[lot.account].kind.is_taxable or lot.acquired is None:
            continue
        basis = lot.cost_basis or ZERO
        tax_lot = TaxLot(lot.id, lot.account, lot.symbol, lot.acquired, lot.shares, basis, lot.holding_start)
        term[lot.id] = tax_lot.term_on(problem.as_of)
        if basis > lot.shares * price[lot.symbol]:
            losses.append(lot.id)
    locks = tuple(locks_of(problem, term, frozenset(losses)))
    may_sell = frozenset(lot.id for lot in problem.lots).difference(*(lock.lots for lock in locks))
    may_give = frozenset(term).difference(losses, *(lock.lots for lock in locks if not lock.may_be_given))
    banned = _banned(problem, group)
    return Facts(
        term=term,
        loss_lots=frozenset(losses),
        locks=locks,
        may_sell=may_sell,
        may_give=may_give,
        may_buy={a.id: _buyable(problem, a, group, banned) for a in problem.accounts if a.traded},
        wash_groups=_wash_groups(problem, group, losses, recent, may_sell, may_sell | may_give),
        banned_until=banned,
        loss_limit=problem.taxpayer.law().capital_loss_limit(problem.taxpayer.filing_status),
        withdrawal_rules=_rules(problem, accounts),
        charitable_room=_charitable(problem, accounts),
    )


def _banned(problem: Problem, group: dict[str, str]) -> dict[str, date]:
    """Groups sold at a loss so lately that buying them now would wash the loss."""
    banned: dict[str, date] = {}
    for sale in problem.loss_sales:
        if sale.loss > 0 and problem.as_of in window(sale.sold):
            name = group[sale.symbol]
            banned[name] = max(banned.get(name, sale.sold), blocked_until(sale.sold))
    return banned


def _buyable(problem: Problem, account: AccountFacts, group: dict[str, str], banned: dict[str, date]) -> tuple[str, ...]:
    unwanted = {*problem.wishes.do_not_buy, *problem.wishes.restricted, *account.do_not_buy} | unpreferred(problem, account)
    menu = None if account.menu is None else set(account.menu)
    return tuple(
        s.symbol
        for s in problem.securities
        if s.symbol not in unwanted and group[s.symbol] not in banned and (menu is None or s.symbol in menu)
    )


def _wash_groups(
    problem: Problem,
    group: dict[str, str],
    losses: list[str],
    recent: list[str],
    may_sell: frozenset[str],
    may_leave: frozenset[str],
) -> tuple[WashGroup, ...]:
    """One group for each that holds a lot which could be sold at a loss."""
    at_loss, bought = set(losses), set(recent)
    shelters = {a.id for a in problem.accounts if a.kind.loses_washed_loss}
    wanted = {group[lot.symbol] for lot in problem.lots if lot.id in at_loss and lot.id in may_sell}
    members: dict[str, list[LotFacts]] = {name: [] for name in wanted}
    symbols: dict[str, list[str]] = {name: [] for name in wanted}
    for lot in problem.lots:
        if group[lot.symbol] in members:
            members[group[lot.symbol]].append(lot)
    for symbol, its in group.items():
        if its in symbols:
            symbols[its].append(symbol)
    coming = coming_shares(problem)
    found = []
    for name in sorted(wanted):
        lots = members[name]
        lots.sort(key=lambda lot: lot.acquired or date.min)  # of one day in the order of the problem, as the ledger takes sales
        replacing = [lot for lot in lots if lot.id in bought]
        stuck = [(lot.account, lot.shares) for lot in replacing if lot.id not in may_leave]
        stuck += [(each.account, each.shares) for each in coming if group[each.symbol] == name]
        found.append(
            WashGroup(
                symbols=tuple(symbols[name]),
                loss_lots=tuple(lot.id for lot in lots if lot.id in at_loss and lot.id in may_sell and lot.id not in bought),
                recent_lots=tuple(lot.id for lot in replacing if lot.id in may_leave),
                stuck_shares=sum((shares for _, shares in stuck), ZERO),
                stuck_in_shelter=sum((shares for account, shares in stuck if account in shelters), ZERO),
            )
        )
    return tuple(found)


def _charitable(problem: Problem, accounts: dict[str, AccountFacts]) -> dict[str, Decimal]:
    owners = {owner.id: owner for owner in problem.owners}
    named = {accounts[source] for order in problem.donations for source in order.sources if not accounts[source].kind.is_taxable}
    found = {}
    for account in named:
        owner = owners[account.owner or ""]
        made = owner.charitable_distributions
        found[owner.id] = charitable_room(problem.taxpayer.law(), account.kind, owner.birth_date, made, problem.as_of)
    return found


def _rules(problem: Problem, accounts: dict[str, AccountFacts]) -> dict[str, WithdrawalRule]:
    born = {owner.id: owner.birth_date for owner in problem.owners}
    sources = {source for order in problem.withdrawals for source in order.sources}
    return {
        a.id: withdrawal_rule(a.kind, born.get(a.owner or ""), problem.as_of)
        for a in accounts.values()
        if a.id in sources and a.kind is not AccountKind.DONOR_ADVISED
    }
