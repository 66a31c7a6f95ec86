"""Contribution room: how much an account of each kind may still take in a year.

The limits are per person. Employer money is not counted against the deferral limit; the limit on all money in a
workplace plan is :func:`plan_total_limit`.
"""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from enum import StrEnum

from lots.accounts import AccountKind
from lots.errors import InputError
from lots.law import FilingStatus, Law
from lots.units import ZERO, Money

IRA = (AccountKind.TRADITIONAL_IRA, AccountKind.ROTH_IRA)
WORKPLACE = (AccountKind.TRADITIONAL_401K, AccountKind.ROTH_401K)


class HsaCoverage(StrEnum):
    """Whom the high-deductible health plan covers."""

    SELF_ONLY = "self_only"
    FAMILY = "family"


class PlanCover(StrEnum):
    """Who takes part in a retirement plan at work; it decides whether an IRA contribution is deductible."""

    NOBODY = "nobody"
    OWNER = "owner"
    SPOUSE_ONLY = "spouse_only"


@dataclass(frozen=True, slots=True)
class Saver:
    """What contribution room depends on.

    `age` is reached by the end of the year; `compensation` and `magi` are dollars; a married-separate filer who lived
    apart from the spouse all year has the phase-outs of a single one (IRC 219(g)(4), 408A(c)(3)(D)).
    """

    age: int
    compensation: Money | None = None
    status: FilingStatus | None = None
    magi: Money | None = None
    is_living_apart: bool = False
    coverage: HsaCoverage | None = None


def contribution_limit(law: Law, kind: AccountKind, saver: Saver) -> Money:
    """Return the most that one person may contribute in the law's year, in dollars.

    Traditional and Roth IRA share one limit: what went into the one leaves less for the other.

    Raises
    ------
    InputError
        If the room depends on something that `saver` leaves open; the message names it.
    LawError
        If the law sets no yearly limit for the kind.
    """
    if kind in IRA:
        limit = _ira_limit(law, saver)
        return _roth_limit(law, limit, saver) if kind is AccountKind.ROTH_IRA else limit
    if kind in WORKPLACE:
        return min(_needed(saver.compensation, "compensation", kind), _deferral_limit(law, saver.age))
    if kind is AccountKind.HSA:
        coverage = saver.coverage
        if coverage is None:
            raise InputError(
                "The room of a health savings account depends on the health plan: state coverage, self_only or family."
            )
        catch_up = law.figure("hsa_catch_up.amount") if saver.age >= law.figure("catch_up_ages.hsa.age") else ZERO
        return law.figure(f"hsa.{coverage.value}") + catch_up
    raise InputError(f"The income tax sets no yearly limit for a {kind.value} account; ask for one of IRA, 401(k) or HSA.")


def deductible_ira(law: Law, saver: Saver, cover: PlanCover) -> Money:
    """Return how much of a full traditional IRA contribution may be deducted (IRC 219(g)), in dollars."""
    limit = _ira_limit(law, saver)
    status = _status(saver)
    if cover is PlanCover.NOBODY or (
        cover is PlanCover.SPOUSE_ONLY and status is not FilingStatus.MFJ and not _is_separate(saver)
    ):
        return limit
    if _is_separate(saver):
        return _reduced(law, limit, saver, law.interval("separate_phaseout", FilingStatus.MFS))
    if cover is PlanCover.SPOUSE_ONLY:
        return _reduced(law, limit, saver, law.interval("ira_deduction_phaseout_spouse_active", status))
    return _reduced(law, limit, saver, law.interval("ira_deduction_phaseout", status))


def plan_total_limit(law: Law, age: int) -> Money:
    """Return the limit on employee and employer money together in one workplace plan (IRC 415(c)), in dollars."""
    return law.figure("workplace_plan.total") + _catch_up(law, age)


def is_catch_up_roth_only(law: Law, wages_last_year: Money) -> bool:
    """Whether catch-up contributions must be Roth (IRC 414(v)(7)), given the same employer's wages of last year."""
    path = "workplace_plan.roth_catch_up_wages"
    return law.has(path) and wages_last_year > law.figure(path)


def _ira_limit(law: Law, saver: Saver) -> Money:
    catch_up = law.figure("ira.catch_up") if saver.age >= law.figure("catch_up_ages.ira.age") else ZERO
    return min(_needed(saver.compensation, "compensation", AccountKind.TRADITIONAL_IRA), law.figure("ira.limit") + catch_up)


def _deferral_limit(law: Law, age: int) -> Money:
    return law.figure("workplace_plan.deferral") + _catch_up(law, age)


def _catch_up(law: Law, age: int) -> Money:
    larger = "workplace_plan.catch_up_60_to_63"
    is_in_window = law.has(larger) and law.figure("catch_up_ages.workplace_larger.first") <= age <= law.figure(
        "catch_up_ages.workplace_larger.last"
    )
    if is_in_window:
        return law.figure(larger)
    return law.figure("workplace_plan.catch_up") if age >= law.figure("catch_up_ages.workplace.age") else ZERO


def _roth_limit(law: Law, limit: Money, saver: Saver) -> Money:
    if _is_separate(saver):
        return _reduced(law, limit, saver, law.interval("separate_phaseout", FilingStatus.MFS))
    return _reduced(law, limit, saver, law.interval("roth_phaseout", _status(saver)))


def _reduced(law: Law, limit: Money, saver: Saver, interval: tuple[Money, Money]) -> Money:
    """The limit after its phase-out: rounded up to ten dollars, at least 200 until it is gone (IRC 219(g)(2))."""
    magi = _needed(saver.magi, "magi", AccountKind.ROTH_IRA)
    start, end = interval
    if magi <= start:
        return limit
    if magi >= end:
        return ZERO
    step = law.figure("phaseout_rounding.step")
    left = limit * (end - magi) / (end - start)
    return min(limit, max(law.figure("phaseout_rounding.least"), (left / step).to_integral_value(ROUND_UP) * step))


def _is_separate(saver: Saver) -> bool:
    return _status(saver) is FilingStatus.MFS and not saver.is_living_apart


def _status(saver: Saver) -> FilingStatus:
    if saver.status is None:
        raise InputError("The phase-out depends on the filing status: state status.")
    return FilingStatus.SINGLE if saver.status is FilingStatus.MFS and saver.is_living_apart else saver.status


def _needed(amount: Decimal | None, name: str, kind: AccountKind) -> Money:
    if amount is None:
        raise InputError(f"The room of a {kind.value} account depends on {name}: state it in dollars.")
    return amount
