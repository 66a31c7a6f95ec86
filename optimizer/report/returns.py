"""The whole return with the plan and without it: the lines that the plan changes or that add the tax up, and marginal rates."""

from collections.abc import Iterator
from decimal import Decimal

from rich.table import Table

from lots.units import ZERO
from optimizer.plan import TaxLine, TaxSummary
from optimizer.report.figures import CENT, cents, change, percent, plain
from optimizer.report.layout import figure_table

ALWAYS = {("Form 1040", number) for number in ("11a", "14", "15", "16", "24")}
"""Income, deductions, taxable income and tax stand there whether or not the plan changes them."""
FORMS = ("Form 1040", "Schedule D", "Schedule A", "State ")
ALL_IRA, TAXABLE_IRA = ("Form 1040", "4a"), ("Form 1040", "4b")
"""With gifts straight from an IRA the first is stated, and the second beside it shows that they are no income."""
RESULTS = {("Form 6251", "11"), ("Form 8960", "17")}
"""The forms that a filer hands in, and of two more their result; worksheets are left to the JSON and to `bandwise tax`."""


def return_table(tax: TaxSummary) -> Table:
    """Lines of the return side by side, those that the plan changes and those that add the tax up."""
    table = figure_table("The return, line by line", "Without plan", "With plan", "Change")
    for label, old, new in return_rows(tax):
        shown = ["" if amount is None else cents(amount) for amount in (old, new)]
        table.add_row(label, *shown, change((new or ZERO) - (old or ZERO), CENT))
    return table


def return_rows(tax: TaxSummary) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """Label and dollars without and with the plan of every line to show; None where only the other return has the line."""
    before = {_key(line): line.amount for line in tax.without_plan.lines}
    after = {_key(line): line.amount for line in tax.with_plan.lines}
    in_order = _in_order(tax)
    straight = {TAXABLE_IRA} if any((line.form, line.number) == ALL_IRA for line in in_order) else set()
    for line in in_order:
        old, new = before.get(_key(line)), after.get(_key(line))
        moved = (new or 0) != (old or 0)
        place = (line.form, line.number)
        if place in ALWAYS | straight or (moved and (line.form.startswith(FORMS) or place in RESULTS)):
            yield plain(f"{line.form}, {line.number}: {line.name}"), old, new


def margins_table(tax: TaxSummary) -> Table:
    """What one more dollar of each kind costs, in per cent, federal and state together; for a gift, what it saves."""
    table = figure_table("One more dollar, in %", "Without plan", "With plan")
    after = {row.kind: row for row in tax.with_plan.marginal}
    for row in tax.without_plan.marginal:
        new = after[row.kind]
        table.add_row(margin_label(row.kind), percent(row.federal + row.state), percent(new.federal + new.state))
    return table


def margin_label(kind: str) -> str:
    """What a marginal rate is of, in words."""
    return "gift in cash (saves)" if kind == "gift" else plain(kind)


def _key(line: TaxLine) -> tuple[str, str, str]:
    return line.form, line.number, line.name


def _in_order(tax: TaxSummary) -> list[TaxLine]:
    """The lines with the plan in their order, then those that only the return without it has."""
    lines = {_key(line): line for line in tax.with_plan.lines}
    lines |= {_key(line): line for line in tax.without_plan.lines if _key(line) not in lines}
    return list(lines.values())
