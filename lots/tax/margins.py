"""What one more dollar costs, and how far it is to the next edge.

Marginal rates are differences of two whole returns, so they hold every phase-out and the minimum tax. An edge is a
kink where the rate changes or a cliff where a whole amount falls due at once; income-related Medicare premiums and
the end of the premium credit are cliffs although they are not on the return.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lots.law import FilingStatus, Law, law_years, load_law
from lots.tax.deductions import seniors
from lots.tax.liability import Return, compute_return
from lots.tax.sheet import percent
from lots.tax.surtaxes import amt_income
from lots.units import ZERO, Money, Rate

DOLLAR = Money(1)


@dataclass(frozen=True, slots=True)
class MarginalRate:
    """What one more dollar of a kind costs in federal and in state tax; for a gift, what it saves."""

    kind: str
    federal: Rate
    state: Rate

    @property
    def total(self) -> Rate:
        """Both together."""
        return self.federal + self.state


class EdgeKind(StrEnum):
    """What happens at an edge."""

    KINK = "kink"
    CLIFF = "cliff"


@dataclass(frozen=True, slots=True)
class Edge:
    """The next threshold of one provision.

    `amount` is the filer's `measure` now and `edge` where the provision changes, both in dollars; `cost` is what a
    cliff takes at once in dollars a year, zero for a kink.
    """

    name: str
    measure: str
    amount: Money
    edge: Money
    kind: EdgeKind
    cost: Money
    source: str

    @property
    def room(self) -> Money:
        """Dollars of the measure left below the edge."""
        return self.edge - self.amount


@dataclass(frozen=True, slots=True)
class MarketplaceCover:
    """Marketplace health insurance: people in the tax household and, if known, a year's benchmark premium in dollars."""

    household_size: int
    benchmark_premium: Money | None = None


MORE: dict[str, tuple[str, ...]] = {
    "wage": ("wages",),
    "short gain": ("short_gain",),
    "long gain": ("long_gain",),
    "qualified dividend": ("ordinary_dividends", "qualified_dividends"),
    "interest": ("interest",),
    "IRA withdrawal": ("ira_withdrawals",),
}


def marginal_rates(result: Return, law: Law) -> tuple[MarginalRate, ...]:
    """Return what one more dollar of each kind of income costs, and what one more dollar of gifts in cash saves."""
    filer = result.filer
    rates = []
    for kind, names in MORE.items():
        more = compute_return(replace(filer, **{name: getattr(filer, name) + DOLLAR for name in names}), law)
        rates.append(_difference(kind, more, result))
    given = compute_return(replace(filer, cash_gifts=filer.cash_gifts + DOLLAR), law)
    return (*rates, _difference("gift", result, given))


def _difference(kind: str, more: Return, less: Return) -> MarginalRate:
    federal = more.exact_federal - less.exact_federal
    return MarginalRate(kind, federal, more.exact_total - less.exact_total - federal)


def next_edges(result: Return, law: Law, cover: MarketplaceCover | None = None, premiums: Law | None = None) -> tuple[Edge, ...]:
    """Return the next edge above the filer's place of every bracket, phase-out and cliff that is still ahead.

    `premiums` is the law whose Medicare premium tiers count; :func:`premium_law` chooses it when left out.
    """
    edges = [
        *_brackets(result, law),
        *_phase_outs(result, law),
        *_medicare(result, premiums or premium_law(law)),
        *_marketplace(result, law, cover),
    ]
    return tuple(edge for edge in edges if edge.room >= 0)


def _brackets(result: Return, law: Law) -> Iterator[Edge]:
    status, taxable = result.filer.status, result.taxable_income
    schedule = law.schedule("ordinary_brackets", status)
    edge = schedule.next_edge(result.ordinary_income)
    if edge is not None:
        source = law.source("ordinary_brackets.single")
        name = f"{percent(schedule.rate_above(result.ordinary_income))} bracket"
        yield Edge(name, "ordinary taxable income", result.ordinary_income, edge, EdgeKind.KINK, ZERO, source)
    rates = {"zero_rate_top": ZERO, "fifteen_rate_top": law.figure("preferential_rates.fifteen")}
    for name, rate in rates.items():
        path = f"preferential.{name}"
        edge = law.by_status(path, status)
        yield Edge(
            f"{percent(rate)} rate on gains", "taxable income", taxable, edge, EdgeKind.KINK, ZERO, law.source(f"{path}.single")
        )


def _phase_outs(result: Return, law: Law) -> Iterator[Edge]:
    filer, status = result.filer, result.filer.status
    starts = [
        ("net investment income tax", "AGI", result.agi, "niit.threshold"),
        ("additional Medicare tax", "wages", filer.wages, "additional_medicare.threshold"),
        ("phase-out of the AMT exemption", "AMT income", result.amt_income, "amt.phaseout_start"),
    ]
    if law.has("salt.phase_down_start"):
        starts.append(("phase-down of the cap on state taxes", "AGI", result.agi, "salt.phase_down_start"))
    if seniors(filer, law) and law.has("senior_deduction") and status is not FilingStatus.MFS:
        starts.append(("phase-out of the senior deduction", "AGI", result.agi, "senior_deduction.phaseout_start"))
    for name, measure, amount, path in starts:
        yield Edge(name, measure, amount, law.by_status(path, status), EdgeKind.KINK, ZERO, law.source(f"{path}.single"))
    gone = law.by_status("amt.phaseout_start", status) + law.by_status("amt.exemption", status) / law.figure("amt.phaseout.rate")
    income = amt_income(law, status, result.amt_income)
    yield Edge("end of the AMT exemption", "AMT income", income, gone, EdgeKind.KINK, ZERO, law.source("amt.exemption.single"))


def premium_law(law: Law) -> Law:
    """The law with the Medicare premiums that this year's income sets: two years on, or the latest on file before that."""
    last = law.year + int(law.figure("medicare_premium.look_back.years"))
    return load_law(max((known for known in law_years() if known <= last), default=law.year))


def _medicare(result: Return, premiums: Law) -> Iterator[Edge]:
    """The next tier of income-related premiums, for those who will be on Medicare when this year's income sets them.

    A tier begins above its amount, the last one at it (42 USC 1395r(i)(3)(C)).
    """
    filer = result.filer
    age_now = premiums.figure("medicare_premium.age.age") - premiums.figure("medicare_premium.look_back.years")
    people = sum(1 for age in (filer.age, filer.spouse_age) if age is not None and age >= age_now)
    if not people:
        return
    magi = result.agi + filer.exempt_interest
    below = ZERO
    tiers = premiums.table(f"irmaa.{filer.threshold_status.value}")
    for start, part_b, part_d in tiers:
        is_last = start == tiers[-1][0]
        if magi < start or (magi == start and not is_last):
            cost = (part_b + part_d - below) * premiums.figure("medicare_premium.months.months") * people
            name = f"Medicare premium tier of {premiums.year} above {start:,.0f} ({people} covered)"
            yield Edge(name, "AGI with exempt interest", magi, start, EdgeKind.CLIFF, cost, premiums.source("irmaa.single"))
            return
        below = part_b + part_d


def _marketplace(result: Return, law: Law, cover: MarketplaceCover | None) -> Iterator[Edge]:
    """The end of the premium credit at a multiple of the poverty line, in the years that have one."""
    if cover is None or not law.has("aca.cliff"):
        return
    line = law.figure("aca.first_person") + law.figure("aca.each_further_person") * (cover.household_size - 1)
    edge = law.figure("aca.cliff.multiple") * line
    untaxed = result.filer.social_security - next((ln.amount for ln in result.lines if ln.number == "6b"), ZERO)
    magi = result.agi + result.filer.exempt_interest + untaxed
    premium = cover.benchmark_premium or ZERO
    cost = max(ZERO, premium - law.figure("aca.cliff.top_share") * edge)
    source = law.source("aca.cliff.multiple")
    yield Edge("end of the premium credit", "household income", magi, edge, EdgeKind.CLIFF, cost, source)
