"""A look at the bands, as a page and as plain parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TextIO

from rich.padding import Padding
from rich.text import Text

from lots.units import ZERO, Money, to_float
from optimizer.market.prices import PriceHistory
from optimizer.plan import BandRow
from optimizer.problem import Problem
from optimizer.report.bands import in_tree_order, picture
from optimizer.report.figures import day, dollars, listed, percent, plain, plural, points
from optimizer.report.layout import figure_table, whole_width
from optimizer.report.terminal import page_console
from optimizer.report.verdict import NO_BAND
from optimizer.targets.cure import Flow, Nearest, funds_of, nearest, new_money, withdrawal
from optimizer.targets.drift import Drift, drifts_of, household_value
from optimizer.targets.since import Since, outside_since
from optimizer.targets.watch import Watch

_ASCII = str.maketrans({"├": "[", "┤": "]", "─": "-", "·": " ", "○": "o", "–": "-", "▲": "", "▼": ""})


@dataclass(frozen=True)
class Look:
    """Everything one look found.

    Parameters
    ----------
    problem : the household.
    drifts : where every segment stands.
    total : dollars of the household.
    since : the day since which a segment has been outside, for those outside; None without prices through time.
    money, taken : the least new money and the least withdrawal that alone cure; None where none does or nothing is out.
    near : the segment that would be out first; None where nothing is known of volatilities, or all are out.
    is_look_day : whether the calendar has somebody look on this day.
    next_look : the next day worth looking; None when the calendar has no more.
    """

    problem: Problem
    watch: Watch
    drifts: tuple[Drift, ...]
    total: Money
    since: dict[str, Since] | None
    money: Flow | None
    taken: Flow | None
    near: Nearest | None
    is_look_day: bool
    next_look: date | None

    @property
    def outside(self) -> tuple[Drift, ...]:
        """The segments outside their bands."""
        return tuple(each for each in self.drifts if each.standing != "inside")

    @property
    def calls(self) -> bool:
        """Whether trades are called for."""
        return bool(self.outside) or (self.watch.act == "always" and self.is_look_day)


def look(problem: Problem, watch: Watch, history: PriceHistory | None) -> Look:
    """Look at a household's bands."""
    drifts = drifts_of(problem)
    total = household_value(problem)
    is_out = any(each.standing != "inside" for each in drifts)
    cash = sum((max(ZERO, a.cash - a.cash_floor) for a in problem.accounts), ZERO)
    cash += sum((income.amount for income in problem.income), ZERO)
    funds = funds_of(problem)
    near = nearest(drifts, _volatilities(problem), problem.as_of)
    upcoming = watch.next_look(problem.as_of)
    worth = upcoming
    if near is not None and not is_out and watch.act == "outside":
        while worth is not None and worth < near.when:
            worth = watch.next_look(worth)
    before = watch.next_look(_day_before(problem.as_of))
    return Look(
        problem=problem,
        watch=watch,
        drifts=tuple(drifts),
        total=total,
        since=None if history is None else outside_since(problem, history),
        money=new_money(drifts, to_float(total), to_float(cash), funds) if is_out else None,
        taken=withdrawal(drifts, to_float(total), funds) if is_out else None,
        near=near,
        is_look_day=before == problem.as_of,
        next_look=worth,
    )


def _day_before(when: date) -> date:
    return date.fromordinal(when.toordinal() - 1)


def _volatilities(problem: Problem) -> dict[str, float]:
    """Of every segment, as its first security that is all of it states it."""
    found: dict[str, float] = {}
    for security in problem.securities:
        for name, weight in security.exposures.items():
            if weight == 1 and security.volatility:
                found.setdefault(name, to_float(security.volatility))
    return found


def show_check(stream: TextIO, seen: Look) -> None:
    """The verdict, a line a segment with a bar against its band, what would cure, and when to look again."""
    console = page_console(stream)
    ascii_only = console.options.ascii_only
    with console.capture() as page:
        name = plain(seen.problem.household)
        console.print(Text(f"{name}, {day(seen.problem.as_of)}, {dollars(seen.total)}", style="bold"))
        for sentence in _verdict(seen):
            console.print(Text(sentence))
        console.print()
        table = figure_table("Segment", "Target", "Band", "Now")
        for heading in ("Against its band", "", "Since"):
            table.add_column(heading, no_wrap=True)
        for depth, row in in_tree_order(tuple(map(_row, seen.drifts))):
            style = "yellow" if row.was != "inside" else ""
            has_band = row.trigger != NO_BAND
            cells = [
                percent(row.target),
                f"{percent(row.trigger.lower)}–{percent(row.trigger.upper)}" if has_band else "none",
                percent(row.weight_before),
                _bar(row) if has_band else "",
                _out(row),
                _since(row, seen),
            ]
            written = [Text(cell.translate(_ASCII) if ascii_only else cell, style=style) for cell in cells]
            table.add_row(Padding(Text(plain(row.name or row.segment)), (0, 0, 0, 2 * depth)), *written)
        usual, console.width = console.width, max(console.width, whole_width(table, console))
        console.print(table)
        console.width = usual
        console.print()
        for sentence in _advice(seen):
            console.print(Text(f"- {sentence}"))
    stream.write("".join(f"{line.rstrip()}\n" for line in page.get().splitlines()))


def _bar(row: BandRow) -> str:
    """The band with the weight of today in it; the plan's picture draws a second sign for the weight afterwards."""
    drawn = picture(row)
    return drawn.replace("●", "─") if row.was != "inside" else drawn.replace("◉", "○")


def _row(drift: Drift) -> BandRow:
    segment, nothing = drift.segment, Decimal(0)
    weight = min(max(drift.weight, nothing), Decimal(1))
    return BandRow(
        segment=segment.id,
        name=segment.name,
        parent=segment.parent,
        target=segment.target,
        trigger=segment.trigger,
        allowed=drift.allowed,
        value_before=drift.value,
        value_after=drift.value,
        weight_before=weight,
        weight_after=weight,
        was=drift.standing,
        breach=nothing,
        note="",
    )


def dollars_out(drift: Drift, total: Money) -> Money:
    """Dollars by which a segment is past the edge of its band, at the household's value of today."""
    band = drift.segment.trigger
    return max(ZERO, drift.value - band.upper * total, band.lower * total - drift.value)


def _out(row: BandRow) -> str:
    if row.was == "inside":
        return ""
    total = row.value_before / row.weight_before if row.weight_before else ZERO
    if row.was == "above":
        gap = row.weight_before - row.trigger.upper
        return f"▲ {points(gap)} above, {dollars(gap * total)}"
    gap = row.trigger.lower - row.weight_before
    return f"▼ {points(gap)} below" + (f", {dollars(gap * total)}" if total else "")


def _since(row: BandRow, seen: Look) -> str:
    found = (seen.since or {}).get(row.segment)
    if row.was == "inside" or found is None:
        return ""
    return f"{found.day} or before" if found.is_at_least else found.day.isoformat()


def _verdict(seen: Look) -> Iterator[str]:
    count = sum(each.segment.trigger != NO_BAND for each in seen.drifts)
    if not seen.outside:
        yield f"All {plural(count, 'segment')} with a band are inside it."
        if seen.calls:
            yield "It is a day of the calendar, and the calendar alone calls for trades: `bandwise plan` says which."
        return
    verb = "is" if len(seen.outside) == 1 else "are"
    yield f"{len(seen.outside)} of {plural(count, 'segment')} {verb} outside: `bandwise plan` says what to do at the least tax."


def _advice(seen: Look) -> Iterator[str]:
    if seen.outside:
        yield from _cures(seen)
        if seen.since is None:
            yield "Since when is not known without prices through time: --prices FILE.csv."
        yield "Next date worth looking: today, until it is cured."
        return
    names = {each.segment.id: plain(each.segment.name or each.segment.id) for each in seen.drifts}
    if seen.near is not None:
        way = "gain" if seen.near.move > 0 else "lose"
        size = f"{abs(100 * seen.near.move):.0f} %"
        yield f"Nearest to an edge is {names[seen.near.segment]}: it would have to {way} {size} against the rest."
        yield f"That has one chance in ten by {day(seen.near.when)}, as far as the volatilities stated tell."
    else:
        yield "No security states its volatility, so how soon a segment may be out is not known."
    if seen.next_look is None:
        yield "The calendar under [watch] has no day left."
    else:
        yield f"Next date worth looking: {day(seen.next_look)} ({_rhythm(seen.watch)})."


def _rhythm(watch: Watch) -> str:
    words = "your own days" if isinstance(watch.look, tuple) else f"look every {watch.look}"
    return f"{words}, act {'always' if watch.act == 'always' else 'when outside'}"


def _cures(seen: Look) -> Iterator[str]:
    names = {each.segment.id: plain(each.segment.name or each.segment.id) for each in seen.drifts}
    if seen.money is None:
        yield "No amount of new money alone cures it with the funds there are."
    elif seen.money.amount < 1:
        yield f"The cash at hand cures it: buy {_places(seen.money, names)}."
    else:
        amount = dollars(Decimal(round(seen.money.amount)))
        yield f"New money of {amount} alone would cure it, with the cash at hand: {_places(seen.money, names)}."
    if seen.taken is None or seen.taken.amount > to_float(seen.total) - 1:
        yield "No withdrawal alone cures it with the funds there are."
    else:
        amount = dollars(Decimal(round(seen.taken.amount)))
        yield f"A withdrawal of {amount} alone would cure it, out of {_places(seen.taken, names)}."


def _places(flow: Flow, names: dict[str, str]) -> str:
    largest = sorted(flow.parts.items(), key=lambda part: -part[1])
    words = [f"{names[leaf]} {dollars(Decimal(round(amount)))}" for leaf, amount in largest[:6]]
    return listed(words) + (f" and {len(largest) - 6} more" if len(largest) > 6 else "")


def check_parts(seen: Look) -> dict[str, object]:
    """A look as plain parts: weights as fractions, dollars as numbers, days as text."""
    return {
        "household": seen.problem.household,
        "as_of": seen.problem.as_of.isoformat(),
        "value": to_float(seen.total),
        "outside": [each.segment.id for each in seen.outside],
        "calls_for_trades": seen.calls,
        "segments": [_segment_parts(each, seen) for each in seen.drifts],
        "cures": {"new_money": _flow_parts(seen.money), "withdrawal": _flow_parts(seen.taken)},
        "nearest": None
        if seen.near is None
        else {"segment": seen.near.segment, "move": seen.near.move, "one_in_ten_by": seen.near.when.isoformat()},
        "next_look": seen.problem.as_of.isoformat() if seen.outside else seen.next_look and seen.next_look.isoformat(),
    }


def _segment_parts(drift: Drift, seen: Look) -> dict[str, object]:
    found = (seen.since or {}).get(drift.segment.id)
    band = drift.segment.trigger
    return {
        "segment": drift.segment.id,
        "parent": drift.segment.parent,
        "target": to_float(drift.segment.target),
        "lower": to_float(band.lower),
        "upper": to_float(band.upper),
        "weight": to_float(drift.weight),
        "value": to_float(drift.value),
        "standing": drift.standing,
        "dollars_out": to_float(dollars_out(drift, seen.total)),
        "since": None if found is None else found.day.isoformat(),
        "since_is_at_least": None if found is None else found.is_at_least,
    }


def _flow_parts(flow: Flow | None) -> dict[str, object] | None:
    if flow is None:
        return None
    return {"dollars": round(flow.amount, 2), "segments": {leaf: round(part, 2) for leaf, part in flow.parts.items()}}
