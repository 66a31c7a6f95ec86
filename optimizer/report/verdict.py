"""The plan in three plain sentences: what was out, what it does to this year's tax, and how sure that is."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from optimizer.plan import BandRow, Plan
from optimizer.problem import Band, Lever
from optimizer.report.benchmark import benchmark_sentence
from optimizer.report.figures import CENT, DOLLAR, cents, dollars, listed, percent, plain, plural

NO_BAND = Band(lower=Decimal(0), upper=Decimal(1))
"""The band of a segment that may weigh anything, such as a heading over segments with bands of their own."""


def verdict(plan: Plan) -> tuple[str, ...]:
    """Sentences a client reads first."""
    sentences = (
        "" if plan.tax.agrees else disowned(plan),
        _scope(plan),
        *places_sentences(plan),
        tax_sentence(plan),
        usual_rule_sentence(plan),
        _off(plan),
        proof(plan),
    )
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def places_sentences(plan: Plan) -> tuple[str, ...]:
    """Where the household stands: against its bands where it has any, and against its benchmark where it follows one."""
    followed = (benchmark_sentence(plan.tracking),) if plan.tracking is not None else ()
    has_bands = not followed or any(row.trigger != NO_BAND for row in plan.bands)
    return ((bands_sentence(plan),) if has_bands else ()) + followed


def still_outside(plan: Plan) -> list[BandRow]:
    """Segments that miss the band they had to reach, by a cent or more."""
    return [row for row in plan.bands if row.breach >= CENT]


def side_after(row: BandRow) -> int:
    """Where the plan leaves a segment: -1 below its band, 0 inside, 1 above; the cents that rounding leaves count as inside."""
    if row.breach < CENT and _within(row.allowed, row.trigger):
        return 0
    return int(row.weight_after > row.trigger.upper) - int(row.weight_after < row.trigger.lower)


def _within(allowed: Band, trigger: Band) -> bool:
    """Whether the band the plan had to reach lies in the trigger band; it reaches further where no band was asked for."""
    return trigger.lower <= allowed.lower and allowed.upper <= trigger.upper


def least_money(plan: Plan) -> Decimal:
    """Dollars that any plan costs at least which leaves no more undone than this one before rounding."""
    return plan.certificate.bound - plan.certificate.undone.priced


def distance(plan: Plan) -> Decimal:
    """Dollars by which the plan, rounded to tradeable shares, may cost more than the cheapest that leaves no more undone."""
    return max(plan.money - least_money(plan), Decimal(0))


def as_near(plan: Plan) -> str:
    """Among which plans a bound in money holds: those that leave no more outside the bands or idle, where this one does."""
    undone = plan.certificate.undone
    words = [
        *(["outside the bands"] if undone.outside >= CENT else []),
        *(["in idle cash"] if undone.idle >= CENT else []),
    ]
    return f" that leaves no more {' or '.join(words)}" if words else ""


def left_by_rounding(plan: Plan) -> str:
    """What rounding leaves outside or idle beyond what the best plan leaves in parts of shares; empty under a dollar."""
    before, after = plan.certificate.undone, plan.certificate.undone_rounded
    words = [
        *(
            [f"{cents(after.outside - before.outside)} more outside the bands"]
            if after.outside - before.outside >= DOLLAR
            else []
        ),
        *([f"{cents(after.idle - before.idle)} more in idle cash"] if after.idle - before.idle >= DOLLAR else []),
    ]
    return listed(words)


def _what_rounds(plan: Plan) -> str:
    """What leaves more undone than the best plan in parts of shares, with its verb."""
    if plan.certificate.tradeable_bound is None:
        return "Rounding to tradeable shares leaves"
    return "Orders of the size, number and fee wished for leave"


def _among_orders(plan: Plan) -> str:
    """How near the plan is to the cheapest one in orders as wished for, and what wishing for them costs at most."""
    least = plan.certificate.tradeable_bound
    assert least is not None
    wished = f"Orders of the size, number and fee wished for cost at most {cents(distance(plan))}"
    near = " that leaves no more undone" if plan.certificate.undone_rounded.priced else ""
    short = max(plan.cost.total - least, Decimal(0))
    saved = f"a plan in such orders{near} could save at most {cents(short)} more" if short > 2 * CENT else ""
    return f"{wished}; {saved or f'no plan in such orders{near} costs less'}: that is proven"


def disowned(plan: Plan) -> str:
    """That a plan is not to be traded, because its tax by the ledger is not what the solver said."""
    told = f"by the ledger its tax is {cents(plan.tax.with_plan.total)}, and the solver said {cents(plan.tax.solver_total)}"
    return f"Do not trade this plan: {told}. Nothing about it is proven; please report it."


def proof(plan: Plan) -> str:
    """What the certificate says, in words; without a reserve only where rounding took nothing from the proof."""
    if not plan.tax.agrees:
        return disowned(plan)
    short, below = distance(plan), "and the certificate below has the numbers."
    whole = "household" if plan.scope.only == "everything" else "question"
    if plan.certificate.status != "optimal":
        why = "The search was out of time before this plan was" if plan.certificate.ended_by == "time" else "This plan is not"
        return f"{why} proven to be the cheapest: another{as_near(plan)} may cost up to {cents(short)} less."
    further, whole = left_by_rounding(plan), f"{whole}{as_near(plan)}"
    if further:
        opening = f"{_what_rounds(plan)} {further}"
        verb = "costs" if plan.certificate.tradeable_bound is None else "cost"
        cost = f"{verb} nothing else" if short < CENT else f"{verb} at most {cents(short)}"
        return f"{opening} and {cost}: that is proven, {below}"
    if short < CENT:
        return f"No plan for this {whole} costs less: that is proven, {below}"
    if short <= DOLLAR:
        return f"No plan for this {whole} costs a dollar less: that is proven, {below}"
    if plan.certificate.tradeable_bound is not None and plan.certificate.tradeable_ended_by is not None:
        return f"{_among_orders(plan)}, {below}"
    possible = f"any{as_near(plan)}" if as_near(plan) else "anything possible"
    return f"Rounded to tradeable shares, the plan is within {cents(short)} of {possible}: that is proven, {below}"


_SCOPES = {
    "cash": "Only money that comes or goes is planned",
    "harvest": "Only losses are planned, with something else bought in their place",
    "donate": "Only the gifts are planned",
    "invest": "Only where the new money goes is planned",
    "withdraw": "Only where the money comes from is planned",
}


def _scope(plan: Plan) -> str:
    """What the question was narrowed to, and what that kept from being sold."""
    opening = _SCOPES.get(plan.scope.only, "")
    if not opening or plan.scope.max_sales is None:
        return f"{opening}." if opening else ""
    if plan.scope.max_sales == 0:
        return f"{opening}; nothing is sold."
    return f"{opening}; no more is sold than has to be, {dollars(plan.scope.max_sales)}."


def bands_sentence(plan: Plan) -> str:
    """What is outside its band, and what becomes of it."""
    out = [row for row in plan.bands if row.was != "inside"]
    outside = {row.segment: row for row in plan.bands if side_after(row)}
    stay = [row for row in out if row.segment in outside]
    leave = [row for row in outside.values() if row.was == "inside"]
    count = sum(row.trigger != NO_BAND for row in plan.bands)
    if not count:
        return _without_bands(plan)
    total = plural(count, "segment")
    if not out and not leave:
        moves = bool(plan.sales or plan.gifts or plan.buys or plan.flows)
        rest = "the plan keeps them there." if moves else "there is nothing to trade."
        return f"All {total} are inside their bands, and {rest}"
    opening = f"{len(out)} of {total} {'is outside its band' if len(out) == 1 else 'are outside their bands'}"
    if not out:
        opening = f"All {total} are inside their bands"
    ending = _why(outside) if plan.scope.bands == "reach" else _asked(outside)
    return "; ".join([opening, *_coming_back(len(out), stay), *_leaving(leave)]) + ending


def _without_bands(plan: Plan) -> str:
    """What stands in the place of bands, where no segment has one."""
    limit = plan.scope.max_drift
    if limit is None:
        return "No segment has a band."
    return f"Bands are set aside; half the distance from target is limited to {percent(limit)} %."


def _coming_back(out: int, stay: list[BandRow]) -> Iterator[str]:
    """What becomes of the segments that are out, counted apart: those that come back, and by name those that do not."""
    back = out - len(stay)
    if back:
        yield f"the plan brings {'it' if out == 1 else 'all of them' if not stay else f'{back} of them'} back"
    if stay:
        yield f"{_names(stay)} {'stays' if len(stay) == 1 else 'stay'} outside"


def _leaving(leave: list[BandRow]) -> Iterator[str]:
    """The segments that are inside today and are not after the plan."""
    if leave:
        yield f"{_names(leave)}, inside today, {'ends' if len(leave) == 1 else 'end'} outside"


def _why(outside: Collection[object]) -> str:
    return ", for the reason given below." if len(outside) == 1 else ", for the reasons given below." if outside else "."


def _asked(outside: Collection[object]) -> str:
    return ", because bringing segments back is not part of this question." if outside else "."


def _names(rows: list[BandRow]) -> str:
    return listed(plain(row.name or row.segment) for row in rows)


def tax_sentence(plan: Plan) -> str:
    """What the plan does to this year's tax."""
    before, after = plan.tax.without_plan.total, plan.tax.with_plan.total
    moved = abs(after - before)
    if moved < CENT:
        return f"Carrying it out leaves this year's tax as it is: {owed(after)}."
    way = "lowers" if after < before else "raises"
    return f"Carrying it out {way} this year's tax by {dollars(moved)}, from {owed(before)} to {owed(after)}."


def owed(tax: Decimal) -> str:
    """A year's tax in words; below zero it is a saving on the tax of other income."""
    return dollars(tax) if tax >= 0 else f"a saving of {dollars(-tax)}"


def _off(plan: Plan) -> str:
    """The levers that the plan was not allowed to use."""
    off = [lever for lever in Lever if lever not in plan.levers]
    if not off:
        return ""
    return f"Switched off: {listed(off)}; the plan and what is said of it hold without {'it' if len(off) == 1 else 'them'}."


def usual_rule_sentence(plan: Plan) -> str:
    """What the rule most people follow would cost more; empty without a comparison."""
    if plan.comparison is None:
        return ""
    rule, mine = plan.comparison.usual_rule, plan.comparison.ladder[-1]
    now, total = rule.tax - mine.tax, rule.total - mine.total
    opening = "The usual rule (sell the overweight pro rata, first in first out, straight to target) would cost"
    told = f"{opening} {_against(now)} tax this year, and {_against(total)} when later years are counted at their value today"
    return f"{told}, but leave less outside the bands." if mine.breach >= rule.breach + CENT else f"{told}."


def _against(difference: Decimal) -> str:
    if abs(difference) < CENT:
        return "the same"
    return f"{dollars(abs(difference))} {'more' if difference > 0 else 'less'}"
