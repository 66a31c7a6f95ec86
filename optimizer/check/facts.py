"""Facts that cannot be: dates in the future, taxed lots without a basis, a return that contradicts itself."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lots.errors import InputError
from lots.law import law_years
from lots.law.states import has_no_income_tax
from optimizer.check.words import LARGEST, SMALLEST, Path, per_cent, shown
from optimizer.documents import Document
from optimizer.errors import Fault
from optimizer.problem import Problem
from optimizer.taxpayer import GainsToDate, Taxpayer

FIRST_DAY = date(1900, 1, 1)


def size_faults(problem: Problem) -> Iterator[Fault]:
    """Numbers that nobody means; their places are looked for only where there are any."""
    if not _has_an_unmeant_number(problem):
        return
    for path, number in _numbers(problem, ()):
        if _is_unmeant(number):
            yield Fault(path, shown(number), "0 or a number between 1e-15 and 1e15 in size")


def _is_unmeant(number: Decimal) -> bool:
    return bool(number) and not SMALLEST <= abs(number) < LARGEST


def _has_an_unmeant_number(problem: Problem) -> bool:
    waiting: list[object] = [problem]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Decimal):
            if _is_unmeant(part):
                return True
        elif isinstance(part, Document):
            waiting.extend(vars(part).values())
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, tuple) and not (part and isinstance(part[0], float)):
            waiting.extend(part)
    return False


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


def date_faults(problem: Problem) -> Iterator[Fault]:
    """Dates after the day of the plan, before anybody lived, or out of order."""
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


def lot_faults(problem: Problem) -> Iterator[Fault]:
    """A sale that is taxed needs its basis and its date."""
    taxable = {account.id for account in problem.accounts if account.kind.is_taxable}
    for i, lot in enumerate(problem.lots):
        if lot.account in taxable:
            where = f"for {lot.symbol} in the taxable account {lot.account!r}"
            if lot.acquired is None:
                yield Fault(("lots", i, "acquired"), f"no date of acquisition {where}", "the trade date")
            if lot.cost_basis is None:
                yield Fault(("lots", i, "cost_basis"), f"no cost basis {where}", "the adjusted basis of the whole lot")


def taxpayer_faults(problem: Problem) -> Iterator[Fault]:
    """The year, its law, and wishes that need to know more of the taxpayer."""
    taxpayer, years = problem.taxpayer, law_years()
    if taxpayer.year != problem.as_of.year:
        yield Fault(("taxpayer", "year"), f"a tax year of {taxpayer.year}", f"{problem.as_of.year}, the year of as_of")
    yield from _law(taxpayer, problem.as_of.year, years)
    value, rates = problem.outlook.carryforward_value, taxpayer.rates
    if value is not None and rates is not None and value > rates.ordinary:
        found = f"a carryforward value of {per_cent(value)}"
        yield Fault(("outlook", "carryforward_value"), found, f"at most the ordinary rate, {per_cent(rates.ordinary)}")
    if problem.wishes.max_agi is not None and taxpayer.income is None:
        found = "a limit on adjusted gross income, which flat rates do not know"
        yield Fault(("wishes", "max_agi"), found, "the year's income in the place of flat rates")
    if taxpayer.income is not None:
        yield from _income(taxpayer, "taxpayer")


def _law(taxpayer: Taxpayer, planned: int, years: tuple[int, ...]) -> Iterator[Fault]:
    """The year planned has figures on file, or an older year's stand in; they do only where the year has none of its own."""
    older, listed = taxpayer.extrapolate_from, ", ".join(map(str, years))
    if older is None and planned not in years:
        step = f"To plan on an older year's figures all the same, state extrapolate_from = {years[-1]} under [taxpayer]."
        path: Path = ("taxpayer", "year") if taxpayer.year == planned else ("as_of",)
        yield Fault(path, f"the tax year {planned}", f"a year whose law is on file: {listed}", step)
    if older is None:
        if taxpayer.thresholds_rise > 0:
            found = f"thresholds raised by {per_cent(taxpayer.thresholds_rise)} on the year's own figures"
            yield Fault(("taxpayer", "thresholds_rise"), found, "a rise only beside extrapolate_from")
        return
    if taxpayer.year in years:
        found = f"extrapolate_from {older}, though the law of {taxpayer.year} is on file"
        yield Fault(("taxpayer", "extrapolate_from"), found, f"nothing, to plan on the figures of {taxpayer.year}")
    elif older not in years:
        yield Fault(("taxpayer", "extrapolate_from"), f"extrapolate_from {older}", f"a year whose law is on file: {listed}")


def next_year_faults(problem: Problem) -> Iterator[Fault]:
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
        yield Fault((*path, "long_rate"), f"{per_cent(state.long_rate)}", "a rate not above the state's ordinary rate")


def substance_faults(problem: Problem) -> Iterator[Fault]:
    """Weights need something to be a part of."""
    cash = any(account.cash > 0 for account in problem.accounts)
    amounts = [payment.amount for payment in problem.income] + [order.amount for order in problem.contributions]
    if not (cash or problem.lots or any(amounts)):
        yield Fault(("accounts",), "no lots, no cash and no contribution", "something to plan with")
