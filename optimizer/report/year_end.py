"""The page of a year's end: what to do now, what in January, both years' tax, and what the dates are worth."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from lots.units import ZERO
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.year_end.document import Alternative, DateRow, LawStandIn, TurningRow, YearEnd
from optimizer.report.costs import certificate_text, ledger_text
from optimizer.report.figures import CENT, DOLLAR, change, day, dollars, listed, percent, plain, plural
from optimizer.report.layout import figure_table
from optimizer.report.lines import moved
from optimizer.report.page import NO_ADVICE, heading, section, trades
from optimizer.report.reinvesting import reinvestment_lines
from optimizer.report.verdict import proof, still_outside

DATE_ROWS = 12
"""Sales listed one by one; the rest are summed up."""


def year_end_page(answer: YearEnd, problem: Problem | None, width: int) -> Iterator[RenderableType]:
    """From the sentences everybody reads down to the proof few people check."""
    this_year, next_year = answer.this_year, answer.next_year
    yield from heading(this_year, f"The end of {this_year.tax_year} and January {next_year.tax_year}, planned together")
    yield from (Text(sentence) for sentence in _verdict(answer))
    if answer.not_kept:
        yield Text(f"Planned without these wishes, which only `bandwise plan` keeps: {listed(answer.not_kept)}.", style="yellow")
    if answer.law is not None:
        yield Text(f"{answer.law.stamp} {_how_far(answer.law)}", style="yellow")
    yield from section(f"Now: trade on {day(this_year.as_of)}, in whole dollars")
    yield from trades(this_year, problem, width)
    yield from section(f"In January: trade on {day(answer.january)}, in whole dollars")
    yield from trades(next_year, problem, width)
    yield from section("Both years' tax")
    yield _tax_table(answer)
    yield from section("What the choice of dates is worth")
    yield _alternatives_table(answer)
    yield Text(_meanwhile(answer), style="dim")
    yield from _by_sale(answer)
    yield from section("Lots about to turn long-term")
    yield from _turning(answer.turning)
    yield from _proof(answer)


def _verdict(answer: YearEnd) -> Iterator[str]:
    this_year, next_year = answer.this_year, answer.next_year
    yield f"Now: {_done(this_year)}. In January: {_done(next_year)}."
    outside = [plain(row.name) for row in still_outside(this_year)]
    if answer.bands_by == "january":
        yield "Bands may wait for January, as asked."
    elif outside:
        yield f"After the trades of now {listed(outside)} {'stays' if len(outside) == 1 else 'stay'} outside of the band."
    else:
        yield "After the trades of now every segment is inside its band already; nothing of that waits for January."
    others = [each for each in answer.alternatives if each.dates != "both"]
    compared = [_against(each) for each in others]
    if compared:
        yield f"Choosing the date of every trade {listed(compared)}, both years and later tax together."
    yield proof(_whole(answer))


def _against(other: Alternative) -> str:
    """What the choice saves over another one; that may be less than nothing, where the other reaches less of the bands."""
    if abs(other.costs_more) < DOLLAR:
        return f"comes to the same as {other.dates}"
    if other.costs_more > 0:
        return f"saves {dollars(other.costs_more)} over {other.dates}"
    return f"costs {dollars(-other.costs_more)} more than {other.dates}, which leaves more outside the bands or in cash"


def _done(plan: Plan) -> str:
    return moved(plan.model_copy(update={"cash": ()}))


def _how_far(law: LawStandIn) -> str:
    rise = f"{percent(law.rise, 0)} %"
    if law.cost_moves is None or law.december_moves is None or law.january_moves is None:
        return "At flat rates nothing rests on them but the limit on losses, which is not indexed: the answer does not move."
    if law.next_year_tax is None or law.next_year_tax_raised is None:
        return ""
    less = law.next_year_tax - law.next_year_tax_raised
    way = f"{dollars(abs(less))} {'less' if less >= 0 else 'more'}"
    told = f"With thresholds {rise} higher, {law.year}'s tax of {dollars(law.next_year_tax)} would be {way}"
    if max(law.december_moves, law.january_moves) < DOLLAR:
        return f"{told} and no trade would be another."
    return (
        f"{told}, what the plan saves would change by {change(-law.cost_moves)}, and {dollars(law.december_moves)} of the trades"
        f" of now and {dollars(law.january_moves)} of January's would be others."
    )


def _tax_table(answer: YearEnd) -> Table:
    table = figure_table("Tax year", "Without trades", "With the plan", "Change", "Net short", "Net long", "Loss carried on")
    total = [ZERO, ZERO]
    for plan in (answer.this_year, answer.next_year):
        before, after = plan.tax.without_plan, plan.tax.with_plan
        carried = after.short_carryforward + after.long_carryforward
        total = [total[0] + before.total, total[1] + after.total]
        cells = (before.total, after.total, after.total - before.total, after.short, after.long, carried)
        table.add_row(str(plan.tax_year), *(change(c) if n == 2 else dollars(c) for n, c in enumerate(cells)))
    table.add_row("Both", dollars(total[0]), dollars(total[1]), change(total[1] - total[0]), "", "", "", style="bold")
    return table


def _alternatives_table(answer: YearEnd) -> Table:
    years = (str(answer.this_year.tax_year), str(answer.next_year.tax_year))
    table = figure_table("Dates", f"Tax {years[0]}", f"Tax {years[1]}", "Total", "Costs more", "Outside", "Drift")
    for row in answer.alternatives:
        name = "as planned" if row.dates == "both" else row.dates
        table.add_row(name, *_alternative(row), style="bold" if row.dates == "both" else "")
    return table


def _alternative(row: Alternative) -> tuple[str, ...]:
    more = "" if row.dates == "both" else change(row.costs_more)
    taxes = (dollars(row.this_year_tax), dollars(row.next_year_tax))
    return (*taxes, dollars(row.total), more, dollars(row.outside_meanwhile), f"{percent(row.drift_meanwhile)} %")


def _meanwhile(answer: YearEnd) -> str:
    return (
        "Total is what the plan makes least: both years' tax against years without gains and trades, next year's at its value"
        " today, later tax, where things are held, and trading. Outside and Drift are what is held between the two dates: dollars"
        " outside the bands, and the part of the household away from its targets. Everything in January trades now only what the"
        f" orders need and leaves bands until then. {dollars(answer.sold_in_january)} wait to be sold in January at prices nobody"
        " knows yet."
    )


def _by_sale(answer: YearEnd) -> Iterator[RenderableType]:
    """The sales whose date matters most."""
    rows = sorted((row for row in answer.dates if abs(row.other_date_costs) >= 1), key=lambda row: -abs(row.other_date_costs))
    if not rows:
        return
    yield Text()
    table = figure_table("Sale", "When", "Gain", "Term", "On the other date", "Tax then")
    for row in rows[:DATE_ROWS]:
        table.add_row(*_sale(row))
    yield table
    left = len(rows) - DATE_ROWS
    more = f" {plural(left, 'further sale')} in the JSON." if left > 0 else ""
    yield Text(
        "Tax then is what both years' tax would be more if this sale alone changed its date. Where it is less, a band, cash or"
        f" the wash-sale rule holds the sale to its date.{more}",
        style="dim",
    )


def _sale(row: DateRow) -> tuple[str, ...]:
    when = "now" if row.date == "december" else "January"
    return plain(row.lot), when, change(row.gain), row.term.value, row.term_on_other_date.value, change(row.other_date_costs)


def _turning(rows: tuple[TurningRow, ...]) -> Iterator[RenderableType]:
    if not rows:
        yield Text("None in the days asked for.")
        return
    table = figure_table("Lot", "Long-term from", "Days left", "Shares", "Gain", "Waiting saves")
    table.add_column("The plan", no_wrap=True)
    for row in rows:
        style = "bold" if row.plan.startswith("sells") else ""
        shares = f"{row.shares.normalize():,f}"
        cells = (row.long_term_from.isoformat(), str(row.days_left), shares, change(row.gain), change(row.waiting_saves))
        table.add_row(plain(row.lot), *cells, row.plan, style=style)
    yield table
    nothing = all(abs(row.waiting_saves) < 1 for row in rows)
    yield Text(
        "Waiting saves: both years' tax if the whole lot is sold today, less the same if it is sold on its first long-term day,"
        " at today's price and next year's tax at its value today."
        + (" It saves nothing where losses take in a gain of either term alike." if nothing else ""),
        style="dim",
    )


def _proof(answer: YearEnd) -> Iterator[RenderableType]:
    yield from section("Proof and notes")
    yield certificate_text(_whole(answer))
    for plan in (answer.this_year, answer.next_year):
        yield Text(f"{plan.tax_year}. ", style="bold") + ledger_text(plan)
    for plan in (answer.this_year, answer.next_year):
        for ban in plan.buy_bans:
            yield Text(f"- Do not buy {plain('/'.join(ban.symbols))} until {day(ban.until)}, reinvested dividends included.")
    lines = (line for plan in (answer.this_year, answer.next_year) for line in reinvestment_lines(plan))
    notes = dict.fromkeys((*lines, *answer.notes, *answer.this_year.notes, *answer.next_year.notes, NO_ADVICE))
    for note in notes:
        yield Text(f"- {plain(note)}")


def _whole(answer: YearEnd) -> Plan:
    """Both years as the one plan that the certificate is about."""
    one, other = answer.this_year.cost, answer.next_year.cost
    both = {name: (getattr(one, name) + getattr(other, name)).quantize(CENT) for name in ("breach", "idle_cash", "total")}
    cost = one.model_copy(update=both)
    told = next((plan.tax for plan in (answer.this_year, answer.next_year) if not plan.tax.agrees), answer.this_year.tax)
    return answer.this_year.model_copy(update={"cost": cost, "tax": told})
