"""What a problem must satisfy beyond the shape of its document: names exist, weights add up, dates are possible.

Both doors use it, the bare document's and the household folder's. Every check looks at the whole problem and reports
all it finds; orders that collide only in their amounts are left to the solver, which names the smallest colliding set.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Context, Decimal, localcontext
from difflib import get_close_matches

from lots.accounts import AccountKind
from lots.errors import InputError
from lots.law import law_years
from lots.law.states import has_no_income_tax
from optimizer.documents import Document
from optimizer.errors import Fault
from optimizer.problem import AccountFacts, Problem, SegmentFacts
from optimizer.taxpayer import GainsToDate, Taxpayer

Path = tuple[str | int, ...]
TOLERANCE = Decimal("0.000001")
"""How far weights may be from their sum, as a fraction: a ten-thousandth of a per cent."""
LARGEST, SMALLEST = Decimal("1e15"), Decimal("1e-15")
"""Numbers outside of this range are slips of the keyboard, and too far apart to add without losing cents."""
MOST_HINTS = 100
"""After so many unknown names, looking for what was meant takes longer than it helps."""
FIRST_DAY = date(1900, 1, 1)
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


def faults_of(problem: Problem) -> list[Fault]:
    """Return everything wrong with a problem whose shape is right, each fault at its path.

    Examples
    --------
    >>> from optimizer.problem import Problem
    >>> try:
    ...     faults = faults_of(Problem.from_json("{}"))
    ... except Exception as error:
    ...     print(type(error).__name__)
    InputFaults
    """
    checks = (_sizes, _ids, _references, _segments, _exposures, _bands, _dates, _lots, _flows, _taxpayer, _next_year, _substance)
    with localcontext(Context(prec=28, traps=[])):  # a number beyond all bounds is a fault, not an overflow
        return [fault for check in checks for fault in check(problem)]


def _shown(number: Decimal) -> str:
    """A number as short text, in digits where digits are short."""
    return f"{number.normalize():f}" if SMALLEST <= abs(number) < LARGEST or number == 0 else str(number)[:30]


def _per_cent(fraction: Decimal) -> str:
    return f"{_shown(round(fraction * 100, 6))} %"


def _sizes(problem: Problem) -> Iterator[Fault]:
    for path, number in _numbers(problem, ()):
        if number and not SMALLEST <= abs(number) < LARGEST:
            yield Fault(path, _shown(number), "0 or a number between 1e-15 and 1e15 in size")


def _numbers(part: object, path: Path) -> Iterator[tuple[Path, Decimal]]:
    if isinstance(part, Decimal):
        yield path, part
    elif isinstance(part, Document):
        for name in type(part).model_fields:
            yield from _numbers(getattr(part, name), (*path, name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _numbers(value, (*path, key))
    elif isinstance(part, tuple):
        for position, value in enumerate(part):
            yield from _numbers(value, (*path, position))


def _ids(problem: Problem) -> Iterator[Fault]:
    yield from _repeated("owners", "id", [owner.id for owner in problem.owners])
    yield from _repeated("accounts", "id", [account.id for account in problem.accounts])
    yield from _repeated("securities", "symbol", [security.symbol for security in problem.securities])
    yield from _repeated("segments", "id", [segment.id for segment in problem.segments])
    yield from _repeated("lots", "id", [lot.id for lot in problem.lots])
    for position in _later_copies([str(lever) for lever in problem.levers]):
        yield Fault(("levers", position), f"{problem.levers[position]!s} a second time", "every lever once")


def _repeated(collection: str, field: str, names: list[str]) -> Iterator[Fault]:
    for position in _later_copies(names):
        found = f"the {field} {names[position]!r}, which stands in {collection} already"
        yield Fault((collection, position, field), found, f"every {field} once", "Rename or delete one of the two.")


def _later_copies(names: list[str]) -> list[int]:
    seen: set[str] = set()
    return [position for position, name in enumerate(names) if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _unknown(path: Path, name: str, kind: str, known: set[str]) -> Fault:
    """A name that refers to nothing, with the nearest existing one as a hint."""
    names = sorted(known)
    near = get_close_matches(name, names, 1)
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    expected = f"{'one of ' if len(names) > 1 else ''}{listed}" if names else f"a {kind} that exists; there is none"
    return Fault(path, f"the unknown {kind} {name!r}", expected, f"Did you mean {near[0]!r}?" if near else "")


def _references(problem: Problem) -> Iterator[Fault]:
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
        yield from ((("accounts", i, "menu", k), "symbol", name) for k, name in enumerate(account.menu or ()))
    for i, security in enumerate(problem.securities):
        yield from ((("securities", i, "exposures", name), "segment", name) for name in security.exposures)
    for i, segment in enumerate(problem.segments):
        if segment.parent is not None:
            yield ("segments", i, "parent"), "segment", segment.parent
    for i, lot in enumerate(problem.lots):
        yield ("lots", i, "account"), "account", lot.account
        yield ("lots", i, "symbol"), "symbol", lot.symbol
    yield from _mentions_in_orders(problem)
    for name, kind in (("keep_lots", "lot"), ("do_not_sell", "symbol"), ("do_not_buy", "symbol")):
        yield from ((("wishes", name, k), kind, word) for k, word in enumerate(getattr(problem.wishes, name)))


def _mentions_in_orders(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    for i, sale in enumerate(problem.loss_sales):
        yield ("loss_sales", i, "account"), "account", sale.account
        yield ("loss_sales", i, "symbol"), "symbol", sale.symbol
    for i, payment in enumerate(problem.income):
        yield ("income", i, "account"), "account", payment.account
        if payment.paid_by is not None:
            yield ("income", i, "paid_by"), "symbol", payment.paid_by
    for path, names in _order_accounts(problem):
        yield from (((*path, k), "account", name) for k, name in enumerate(names))


def _order_accounts(problem: Problem) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The list of accounts of every contribution, withdrawal and donation, with its path."""
    for i, contribution in enumerate(problem.contributions):
        yield ("contributions", i, "into"), contribution.into
    for i, withdrawal in enumerate(problem.withdrawals):
        yield ("withdrawals", i, "sources"), withdrawal.sources
    for i, donation in enumerate(problem.donations):
        yield ("donations", i, "sources"), donation.sources


def _segments(problem: Problem) -> Iterator[Fault]:
    """No segment is its own ancestor; targets of leaves sum to the whole and those of parts to their parent."""
    circular = _circular(problem)
    for i, segment in enumerate(problem.segments):
        if segment.id in circular:
            found = f"{segment.id!r} among its own ancestors"
            yield Fault(("segments", i, "parent"), found, "parents that end at a segment without one")
    if circular:
        return  # sums over a tree that is none mean nothing
    leaves = _leaves(problem)
    total = sum((segment.target for segment in leaves), Decimal(0))
    if abs(total - 1) > TOLERANCE:
        found = f"targets that sum to {_per_cent(total)} over the {len(leaves)} segments without parts"
        yield Fault(("segments",), found, "100 %", _remedy(total))
    for i, segment in enumerate(problem.segments):
        parts = [part.target for part in problem.segments if part.parent == segment.id]
        if parts and abs(sum(parts) - segment.target) > TOLERANCE:
            found = f"a target of {_per_cent(segment.target)} for {segment.id!r}"
            yield Fault(("segments", i, "target"), found, f"{_per_cent(Decimal(sum(parts)))}, the sum of its parts")


def _remedy(total: Decimal) -> str:
    return f"{'Add' if total < 1 else 'Take away'} {_per_cent(abs(1 - total))}."


def _circular(problem: Problem) -> set[str]:
    parents = {segment.id: segment.parent for segment in problem.segments}
    return {name for name in parents if _is_own_ancestor(name, parents)}


def _is_own_ancestor(name: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents.get(name)
    while at is not None and at not in seen:
        if at == name:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _leaves(problem: Problem) -> list[SegmentFacts]:
    parents = {segment.parent for segment in problem.segments}
    return [segment for segment in problem.segments if segment.id not in parents]


def _exposures(problem: Problem) -> Iterator[Fault]:
    parents = set() if _circular(problem) else {segment.parent for segment in problem.segments}
    for i, security in enumerate(problem.securities):
        for name in security.exposures:
            if name in parents:
                found = f"an exposure of {security.symbol} to {name!r}, which has parts of its own"
                yield Fault(("securities", i, "exposures", name), found, "exposures to segments without parts")
        total = sum(security.exposures.values(), Decimal(0))
        if abs(total - 1) > TOLERANCE:
            found = f"exposures of {security.symbol} that sum to {_per_cent(total)}"
            yield Fault(("securities", i, "exposures"), found, "100 %", _remedy(total))


def _bands(problem: Problem) -> Iterator[Fault]:
    for i, segment in enumerate(problem.segments):
        trigger, destination, target = segment.trigger, segment.destination, segment.target
        inner = f"{_per_cent(destination.lower)} to {_per_cent(destination.upper)}"
        if not destination.lower - TOLERANCE <= target <= destination.upper + TOLERANCE:
            found = f"a destination of {inner}"
            yield Fault(("segments", i, "destination"), found, f"a band that contains the target, {_per_cent(target)}")
        if destination.lower < trigger.lower - TOLERANCE or destination.upper > trigger.upper + TOLERANCE:
            outer = f"{_per_cent(trigger.lower)} to {_per_cent(trigger.upper)}"
            yield Fault(("segments", i, "destination"), f"a destination of {inner}", f"one within the trigger, {outer}")
        if not trigger.lower - TOLERANCE <= target <= trigger.upper + TOLERANCE:
            found = f"a trigger of {_per_cent(trigger.lower)} to {_per_cent(trigger.upper)}"
            yield Fault(("segments", i, "trigger"), found, f"a band that contains the target, {_per_cent(target)}")


def _dates(problem: Problem) -> Iterator[Fault]:
    for path, day in _days(problem):
        if day > problem.as_of:
            yield Fault(path, f"{day}, a date in the future", f"{problem.as_of} (as_of) or earlier")
        elif day < FIRST_DAY:
            yield Fault(path, f"{day}", f"{FIRST_DAY} or later", "Write the year with four digits.")
    for i, lot in enumerate(problem.lots):
        if lot.holding_start and lot.acquired and lot.holding_start > lot.acquired:
            found = f"a holding period from {lot.holding_start}, after the shares were acquired"
            yield Fault(("lots", i, "holding_start"), found, f"{lot.acquired} (acquired) or earlier")


def _days(problem: Problem) -> Iterator[tuple[Path, date]]:
    """Every date that cannot lie in the future."""
    for i, owner in enumerate(problem.owners):
        if owner.birth_date:
            yield ("owners", i, "birth_date"), owner.birth_date
    for i, lot in enumerate(problem.lots):
        for name, day in (("acquired", lot.acquired), ("holding_start", lot.holding_start)):
            if day:
                yield ("lots", i, name), day
    for i, sale in enumerate(problem.loss_sales):
        yield ("loss_sales", i, "sold"), sale.sold


def _lots(problem: Problem) -> Iterator[Fault]:
    """A sale that is taxed needs its basis and its date."""
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    for i, lot in enumerate(problem.lots):
        if lot.account in taxable:
            where = f"for {lot.symbol} in the taxable account {lot.account!r}"
            if lot.acquired is None:
                yield Fault(("lots", i, "acquired"), f"no date of acquisition {where}", "the trade date")
            if lot.cost_basis is None:
                yield Fault(("lots", i, "cost_basis"), f"no cost basis {where}", "the adjusted basis of the whole lot")


def _flows(problem: Problem) -> Iterator[Fault]:
    accounts = {account.id: account for account in problem.accounts}
    for path, names in _order_accounts(problem):
        for k in _later_copies(list(names)):
            yield Fault((*path, k), f"{names[k]!r} a second time", "every account once")
        for k, account in ((k, accounts[name]) for k, name in enumerate(names) if name in accounts):
            if path[0] == "contributions":
                yield from _contribution((*path, k), account)
            elif path[0] == "withdrawals":
                yield from _withdrawal((*path, k), account, problem)
            elif not account.kind.is_taxable:
                yield Fault((*path, k), _named(account), "a taxable account")


def _named(account: AccountFacts) -> str:
    return f"{account.id!r}, a {account.kind.value} account"


def _contribution(path: Path, account: AccountFacts) -> Iterator[Fault]:
    if not account.kind.is_taxable and account.contribution_room is None:
        step = f"State the contribution_room of {account.id!r}."
        yield Fault(path, f"{_named(account)} without contribution_room", "the room left this year", step)


def _withdrawal(path: Path, account: AccountFacts, problem: Problem) -> Iterator[Fault]:
    if account.kind is AccountKind.DONOR_ADVISED or not account.withdrawals_allowed:
        yield Fault(path, f"{_named(account)} that lets no money leave", "an account that allows withdrawals")
    born = {owner.id: owner.birth_date for owner in problem.owners}
    if account.kind in AGE_DECIDES and (account.owner is None or (account.owner in born and not born[account.owner])):
        step = f"Name the owner of {account.id!r} and the owner's birth_date."
        yield Fault(path, f"{_named(account)} whose owner has no birth_date", "the owner's birth_date", step)


def _taxpayer(problem: Problem) -> Iterator[Fault]:
    taxpayer, years = problem.taxpayer, law_years()
    if taxpayer.year != problem.as_of.year:
        yield Fault(("taxpayer", "year"), f"a tax year of {taxpayer.year}", f"{problem.as_of.year}, the year of as_of")
    yield from _law(taxpayer, years)
    if problem.as_of.year not in years and taxpayer.extrapolate_from is None:
        listed = ", ".join(map(str, years))
        step = f"To plan on an older year's figures all the same, state extrapolate_from = {years[-1]} for the taxpayer."
        yield Fault(("as_of",), f"as_of {problem.as_of}", f"a day in a year whose law is on file: {listed}", step)
    value, rates = problem.outlook.carryforward_value, taxpayer.rates
    if value is not None and rates is not None and value > rates.ordinary:
        found = f"a carryforward value of {_per_cent(value)}"
        yield Fault(("outlook", "carryforward_value"), found, f"at most the ordinary rate, {_per_cent(rates.ordinary)}")
    if problem.wishes.max_agi is not None and taxpayer.income is None:
        found = "a limit on adjusted gross income, which flat rates do not know"
        yield Fault(("wishes", "max_agi"), found, "the year's income in the place of flat rates")
    if taxpayer.income is not None:
        yield from _income(taxpayer, "taxpayer")


def _law(taxpayer: Taxpayer, years: tuple[int, ...]) -> Iterator[Fault]:
    """An older year's figures stand in only where the year has none of its own."""
    older = taxpayer.extrapolate_from
    if older is None:
        if taxpayer.thresholds_rise > 0:
            found = f"thresholds raised by {_per_cent(taxpayer.thresholds_rise)} on the year's own figures"
            yield Fault(("taxpayer", "thresholds_rise"), found, "a rise only beside extrapolate_from")
        return
    if taxpayer.year in years:
        found = f"extrapolate_from {older}, though the law of {taxpayer.year} is on file"
        yield Fault(("taxpayer", "extrapolate_from"), found, f"nothing, to plan on the figures of {taxpayer.year}")
    elif older not in years:
        listed = ", ".join(map(str, years))
        yield Fault(("taxpayer", "extrapolate_from"), f"extrapolate_from {older}", f"a year whose law is on file: {listed}")


def _next_year(problem: Problem) -> Iterator[Fault]:
    """Next year is stated the way this year is."""
    rates, income = problem.next_year.rates, problem.next_year.income
    if problem.taxpayer.rates is None and rates is not None:
        yield Fault(("next_year", "rates"), "rates for next year beside this year's income", "next year's income, or nothing")
    if problem.taxpayer.income is None and income is not None:
        yield Fault(("next_year", "income"), "income for next year beside this year's rates", "next year's rates, or nothing")
    elif income is not None:
        yield from _income(problem.taxpayer.model_copy(update={"income": income, "gains": GainsToDate()}), "next_year")


def _income(taxpayer: Taxpayer, of: str) -> Iterator[Fault]:
    """Facts of a return that contradict each other, and a state the model cannot plan with."""
    assert taxpayer.income is not None
    try:
        taxpayer.filer()
    except InputError as error:
        yield Fault((of, "income"), str(error), "facts of one return")
    state = taxpayer.income.state
    if state is None:
        return
    path: Path = (of, "income", "state")
    if state.rate is None and not has_no_income_tax(state.code, taxpayer.year):
        step = "State your marginal rate there, of federal taxable income; `bandwise tax` computes the whole state return."
        yield Fault((*path, "rate"), f"no rate for {state.code}", "your own rate, because plans know states by rate alone", step)
    if state.long_rate is not None and (state.rate is None or state.long_rate > state.rate):
        yield Fault((*path, "long_rate"), f"{_per_cent(state.long_rate)}", "a rate not above the state's ordinary rate")


def _substance(problem: Problem) -> Iterator[Fault]:
    """Weights need something to be a part of."""
    cash = any(account.cash > 0 for account in problem.accounts)
    amounts = [payment.amount for payment in problem.income] + [order.amount for order in problem.contributions]
    if not (cash or problem.lots or any(amounts)):
        yield Fault(("accounts",), "no lots, no cash and no contribution", "something to plan with")
