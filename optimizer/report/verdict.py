"""The plan in three plain sentences: what was out, what it does to this year's tax, and how sure that is."""

from decimal import Decimal

from optimizer.plan import BandRow, Plan
from optimizer.problem import Band
from optimizer.report.figures import CENT, cents, dollars, listed, plain, plural

NO_BAND = Band(lower=Decimal(0), upper=Decimal(1))
"""The band of a segment that may weigh anything, such as a heading over segments with bands of their own."""


def verdict(plan: Plan) -> tuple[str, ...]:
    """Sentences a client reads first."""
    return tuple(sentence for sentence in (_bands(plan), _tax(plan), _usual_rule(plan), proof(plan)) if sentence)


def still_outside(plan: Plan) -> list[BandRow]:
    """Segments that miss the band they had to reach, by a cent or more."""
    return [row for row in plan.bands if row.breach >= CENT]


def proof(plan: Plan) -> str:
    """What the certificate says, in words."""
    certificate = plan.certificate
    if certificate.status == "optimal":
        return "No plan for this household costs less: that is proven, and the certificate below has the numbers."
    return f"This plan is not proven to be the cheapest: another may cost up to {cents(certificate.gap)} less."


def _bands(plan: Plan) -> str:
    out = [row for row in plan.bands if row.was != "inside"]
    still = still_outside(plan)
    total = plural(sum(row.trigger != NO_BAND for row in plan.bands), "segment")
    if not out and not still:
        moves = bool(plan.sales or plan.gifts or plan.buys or plan.flows)
        rest = "the plan keeps them there." if moves else "there is nothing to trade."
        return f"All {total} are inside their bands, and {rest}"
    opening = f"{len(out)} of {total} {'is outside its band' if len(out) == 1 else 'are outside their bands'}"
    if not still:
        return f"{opening}; the plan brings {'it' if len(out) == 1 else 'all of them'} back."
    names = listed(plain(row.name or row.segment) for row in still)
    stay = "stays" if len(still) == 1 else "stay"
    return f"{opening}; {names} {stay} outside after the plan, for the reason given below."


def _tax(plan: Plan) -> str:
    before, after = plan.tax.without_plan.total, plan.tax.with_plan.total
    moved = abs(after - before)
    if moved < CENT:
        return f"Carrying it out leaves this year's tax as it is: {_owed(after)}."
    way = "lowers" if after < before else "raises"
    return f"Carrying it out {way} this year's tax by {dollars(moved)}, from {_owed(before)} to {_owed(after)}."


def _owed(tax: Decimal) -> str:
    return dollars(tax) if tax >= 0 else f"a saving of {dollars(-tax)}"


def _usual_rule(plan: Plan) -> str:
    if plan.comparison is None:
        return ""
    rule, mine = plan.comparison.usual_rule, plan.comparison.ladder[-1]
    now, total = rule.tax - mine.tax, rule.total - mine.total
    opening = "The usual rule (sell the overweight pro rata, first in first out, straight to target) would cost"
    return f"{opening} {_against(now)} tax this year, and {_against(total)} when later years are counted at their value today."


def _against(difference: Decimal) -> str:
    if abs(difference) < CENT:
        return "the same"
    return f"{dollars(abs(difference))} {'more' if difference > 0 else 'less'}"
