"""A household's problem narrowed to one kind of trade, everything else left where it is."""

from decimal import Decimal
from enum import StrEnum

from lots.units import CENT, ZERO, from_float
from lots.wash.window import window
from optimizer.explain.conflicts import contradiction
from optimizer.model.assemble import assemble
from optimizer.problem import AccountFacts, Lever, LotFacts, Problem
from optimizer.rebalance import checked, settled
from optimizer.scope import Scope
from optimizer.solve.least import least_sales

MAIN = Decimal("0.5")
"""Weight above which a security stands for a segment."""


class Only(StrEnum):
    """What a plan may be narrowed to."""

    CASH = "cash"
    HARVEST = "harvest"
    DONATE = "donate"


def narrowed(problem: Problem, only: Only) -> Problem:
    """The household's question about one kind of trade.

    `cash`     contributions, pooled income and withdrawals, as the household orders them; nothing is sold beyond what has to
               leave in cash, and of that the cash at hand is used first.
    `harvest`  sales at a loss and what is bought in their place; no money comes or goes, no other lot is sold except shares
               bought lately that would wash the loss. A segment of which something else may be bought where a loss is sold
               ends where it is; every other one no further from its target than it is; both but for a basis point.
    `donate`   the gifts; nothing is bought, and nothing sold that a gift does not need.

    Raises
    ------
    InputFaults
        If the problem contradicts itself.
    ContradictoryOrders
        If its orders cannot all be carried out.
    """
    checked(problem)
    match only:
        case Only.CASH:
            return _cash(problem)
        case Only.HARVEST:
            return _harvest(problem)
        case Only.DONATE:
            return _donate(problem)


def _cash(problem: Problem) -> Problem:
    """Which lots a withdrawal sells is still chosen for the least tax, so losses may be among them."""
    kept = (Lever.CONTRIBUTIONS, Lever.INCOME, Lever.WITHDRAWALS, Lever.HARVESTING)
    asked = problem.model_copy(
        update={
            "levers": tuple(lever for lever in problem.levers if lever in kept),
            "scope": Scope(only="cash"),
        }
    )
    return settled(asked, selling_least) if any(order.net for order in asked.withdrawals) else selling_least(asked)


def _harvest(problem: Problem) -> Problem:
    at_rest = resting(problem)
    wishes = problem.wishes
    touched = _losses_and_what_washes_them(problem)
    kept = (*wishes.keep_lots, *(lot.id for lot in problem.lots if lot.id not in {*touched, *wishes.keep_lots}))
    return at_rest.model_copy(
        update={
            "wishes": wishes.model_copy(update={"keep_lots": kept}),
            "scope": Scope(only="harvest", bands="keep", held=_replaceable(at_rest, touched)),
        }
    )


def _replaceable(problem: Problem, touched: set[str]) -> tuple[str, ...]:
    """Segments of which every taxable account that may sell a loss may buy something that is not substantially identical."""
    axes = assemble(problem).axes
    group = {s.symbol: s.identical_group or s.symbol for s in problem.securities}
    main = {s.symbol: next((g for g, weight in s.exposures.items() if weight > MAIN), None) for s in problem.securities}
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}
    buys = {
        (problem.accounts[a].id, problem.securities[s].symbol) for a, s in zip(axes.buy_account, axes.buy_security, strict=True)
    }
    able: dict[str, bool] = {}
    for lot in problem.lots:
        segment = main[lot.symbol]
        if segment is None or lot.id not in touched or lot.account not in taxable:
            continue
        others = (s for a, s in buys if a == lot.account and main[s] == segment and group[s] != group[lot.symbol])
        able[segment] = able.get(segment, True) and any(True for _ in others)
    return tuple(sorted(segment for segment, is_able in able.items() if is_able))


def _donate(problem: Problem) -> Problem:
    asked = buying_nothing(resting(problem)).model_copy(
        update={"donations": problem.donations, "scope": Scope(only="donate", bands="hold")}
    )
    sources = {source for order in problem.donations for source in order.sources}
    return selling_least(with_cash_free(asked, problem, sources))


def resting(problem: Problem) -> Problem:
    """The household without any flow: pooled income is cash, and all cash stays where it is."""
    pooled = {a.id: sum((i.amount for i in problem.income if i.account == a.id), ZERO) for a in problem.accounts}
    apart = problem.set_aside()

    def rests(account: AccountFacts) -> AccountFacts:
        cash = account.cash + pooled[account.id]
        return account.model_copy(update={"cash": cash, "cash_floor": max(ZERO, cash - apart[account.id])})

    nothing: tuple[()] = ()
    return problem.model_copy(
        update={
            "accounts": tuple(rests(account) for account in problem.accounts),
            "income": nothing,
            "contributions": nothing,
            "pay_days": nothing,
            "withdrawals": nothing,
            "donations": nothing,
        }
    )


def with_cash_free(asked: Problem, problem: Problem, accounts: set[str]) -> Problem:
    """Give some accounts back their own cash floor, so that their cash may be spent."""
    own = {account.id: account.cash_floor for account in problem.accounts}
    freed = tuple(a.model_copy(update={"cash_floor": own[a.id]}) if a.id in accounts else a for a in asked.accounts)
    return asked.model_copy(update={"accounts": freed})


def buying_nothing(problem: Problem) -> Problem:
    """The household with empty menus."""
    empty: tuple[()] = ()
    return problem.model_copy(update={"accounts": tuple(a.model_copy(update={"menu": empty}) for a in problem.accounts)})


def selling_least(problem: Problem) -> Problem:
    """The question with sales limited to what its orders cannot do without."""
    model = assemble(problem)
    least = least_sales(model, frozenset(problem.levers))
    if least is None:
        raise contradiction(model)
    limit = from_float(least, CENT) + CENT if least > 0 else ZERO
    return problem.model_copy(update={"scope": problem.scope.model_copy(update={"max_sales": limit})})


def _losses_and_what_washes_them(problem: Problem) -> set[str]:
    """Taxable lots at a loss, and shares of their groups bought so lately that they have to leave beside them."""
    price = {s.symbol: s.price for s in problem.securities}
    group = {s.symbol: s.identical_group or s.symbol for s in problem.securities}
    taxable = {a.id for a in problem.accounts if a.kind.is_taxable}

    def is_loss(lot: LotFacts) -> bool:
        return lot.account in taxable and (lot.cost_basis or ZERO) > lot.shares * price[lot.symbol]

    losing = {lot.id for lot in problem.lots if is_loss(lot)}
    groups = {group[lot.symbol] for lot in problem.lots if lot.id in losing}
    lately = window(problem.as_of)
    recent = {lot.id for lot in problem.lots if group[lot.symbol] in groups and lot.acquired and lot.acquired in lately}
    return losing | recent
