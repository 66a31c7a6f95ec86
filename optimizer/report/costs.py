"""What the plan costs: the year's tax line by line, what the plan weighs, the certificate, and the ledger's word."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import Certificate, Plan, YearTax
from optimizer.report.figures import CENT, cents, change, plain, plural
from optimizer.report.layout import figure_table
from optimizer.report.returns import margins_table, return_table
from optimizer.report.verdict import distance

"""Solver and ledger may differ by what rounding to tradeable shares explains; a dollar or more is a fault."""

TAX_LINES = (
    (
        ("short", "Net short-term gain or loss (Schedule D line 7)"),
        ("long", "Net long-term gain or loss (line 15)"),
        ("loss_deducted", "Loss deducted from other income"),
        ("deduction", "Gifts that may be deducted"),
        ("gift_carryforward", "Gifts whose deduction later years may use"),
    ),
    (
        ("other_tax", "Tax on everything else"),
        ("gains_tax", "Tax on net gains"),
        ("withdrawal_tax", "Tax on withdrawals, less contributions"),
        ("penalty", "Penalties for early withdrawal"),
        ("deduction_saves", "Tax saved by the deduction"),
        ("total", "Tax this year"),
    ),
    (
        ("short_carryforward", "Short-term loss carried to next year"),
        ("long_carryforward", "Long-term loss carried to next year"),
    ),
)
"""Lines of the year's tax in three groups: what it is worked out from, what is owed, what is left for next year."""

_SUBTRACTED = ("deduction_saves",)
"""Lines the total subtracts; they are shown below zero, so that the column adds up."""

COST_LINES = (
    ("gains_tax", "Tax on gains", "this year's, less what losses carried forward are worth"),
    (
        "flow_tax",
        "Tax on money moved",
        "withdrawals and penalties, less what gifts and contributions save; with the later tax on pre-tax money"
        " put in or taken out",
    ),
    ("future_tax", "Later years' tax", "gains taken now are not taxed again; below zero is a saving"),
    (
        "location",
        "Where things are held",
        "the price of yearly tax drag over the outlook's years (5 by default), measured against the best placement of the"
        " targets: a price, not this year's tax; below zero is a saving",
    ),
    ("trading", "Trading", "half-spreads and fees, and 0.01 bp of what is traded, against trades that change nothing"),
    ("preference", "Preference", "a basis point for every place behind the first choice of a list"),
    ("giving", "Giving", "what dollars given up to an amount had to save at least"),
    ("tracking", "Variance", "the yearly variance against the benchmark, at the benchmark's price"),
    ("breach", "Outside the bands", "dollars left outside, at a price above any tax"),
    ("drift", "Trading back", "what stays away from target, once it is traded back"),
    ("idle_cash", "Idle cash", "dollars left uninvested, at their price"),
)
"""Parts of the objective: the field, what it is called, what it means."""


def costs_section(plan: Plan) -> Iterator[RenderableType]:
    """Four answers: the year's tax, the whole cost, the proof, and whether ledger and solver agree."""
    yield _tax_table(plan)
    yield Text()
    if plan.tax.with_plan.lines:
        yield return_table(plan.tax)
        yield Text()
        yield margins_table(plan.tax)
        yield Text()
    yield _cost_table(plan)
    yield Text()
    yield certificate_text(plan)
    yield Text()
    yield ledger_text(plan)


def certificate_text(plan: Plan) -> Text:
    """What is proven before rounding, what rounding costs, and how near that leaves the plan to anything possible."""
    proof = plan.certificate
    text = Text.assemble(("Certificate. ", "bold"))
    if proof.status == "optimal":
        text.append(
            f"Before rounding to tradeable shares no plan for this household can cost less than {cents(proof.bound)}, and"
        )
        text.append(
            f" the cheapest one found costs {cents(proof.objective)}: it is proven to the bound (gap {cents(proof.gap)})."
        )
    else:
        text.append("A cheaper plan has not been ruled out: ", "yellow")
        text.append(f"no plan can cost less than {cents(proof.bound)}, and the cheapest one found costs {cents(proof.objective)}")
        text.append(f" before rounding to tradeable shares (gap {cents(proof.gap)}{_part(proof)}).")
        text.append(_why_not_proven(proof))
    text.append(f" {_rounding(plan)}")
    solved = [case for case in proof.cases if case.bound is not None]
    best = min(solved, key=lambda case: case.bound or Decimal(0), default=None)
    if best is not None:
        tried = plural(len(proof.cases), "case")
        ruled_out = any(case.objective is None for case in solved)
        found = "each solved or ruled out by its own bound" if ruled_out else "each solved to its own bound"
        found = "each with its own bound" if proof.ended_by == "time" else found
        text.append(f" The tax law was taken apart into {tried}, {found} by {plain(proof.solver)}; the")
        text.append(f" lowest bound is that of {plain(best.name)!r}.")
    return text


def _part(proof: Certificate) -> str:
    """The gap as a part of what the plan costs, after a comma; nothing where the plan costs next to nothing."""
    if abs(proof.objective) < 1:
        return ""
    part = 100 * proof.gap / abs(proof.objective)
    return f", {part:.2g} % of the cost" if part < 1 else f", {part:,.0f} % of the cost"


def _why_not_proven(proof: Certificate) -> str:
    """Why the search ended before nothing better was left, and what that may cost."""
    most = f"another plan could save at most {cents(proof.gap)} more."
    if proof.ended_by == "time":
        limit = "" if proof.time_limit is None else f" of {proof.time_limit.normalize():f} s"
        step = "" if proof.time_limit is None else " More time may find a better plan, or prove this one."
        return f" The search was stopped when its time{limit} was up: {most}{step}"
    if proof.ended_by == "tolerance":
        return f" At this size the search ends once what is left to find is small beside the cost: {most}"
    if proof.ended_by == "ledger":
        return " Ledger and solver tell different taxes of it, so that nothing said here is proven of the trades."
    if proof.ended_by == "washing":
        return f" The program leaves open which of several losses a sheltered account washes, and the ledger does not: {most}"
    return ""


def _rounding(plan: Plan) -> str:
    """What whole steps of shares cost, and how near to the bound the plan stands with them."""
    added, total = plan.certificate.rounding, cents(plan.cost.total)
    searched = plan.certificate.tradeable_bound
    steps = "Rounding to the accounts' share steps" if searched is None else "Orders of the size, number and fee wished for"
    price = "costs nothing" if abs(added) < CENT else f"takes {cents(-added)} off" if added < 0 else f"costs {cents(added)}"
    near = f" and is within {cents(distance(plan))} of anything possible" if distance(plan) >= CENT else ""
    if searched is None:
        return f"{steps} {price}: the plan costs {total}{near}."
    price = price.replace("costs nothing", "cost nothing").replace("takes", "take").replace("costs", "cost")
    return f"{steps} {price}: the plan costs {total}, and no plan in such orders can cost less than {cents(searched)}."


def ledger_text(plan: Plan) -> Text:
    """What replaying the trades says the tax is, and whether the solver said the same."""
    tax = plan.tax
    text = Text.assemble(("Ledger. ", "bold"))
    text.append(f"Replaying every trade in exact decimals gives a tax of {cents(tax.with_plan.total)}; the solver said ")
    text.append(f"{cents(tax.solver_total)}. ")
    if tax.agrees:
        return text.append(f"The two agree (difference {cents(tax.difference)}).", "green")
    return text.append(
        f"THE TWO DO NOT AGREE: they differ by {cents(tax.difference)}. Do not trade this plan; please report it.",
        "bold red",
    )


def _tax_table(plan: Plan) -> Table:
    table = figure_table("Tax this year", "Without plan", "With plan", "Change")
    for group in TAX_LINES:
        for name, label in group:
            before, after = signed(plan.tax.without_plan, name), signed(plan.tax.with_plan, name)
            if name == "total" or max(abs(before), abs(after)) >= CENT:
                style = "bold" if name == "total" else ""
                table.add_row(label, cents(before), cents(after), change(after - before, CENT), style=style)
        table.add_section()
    return table


def signed(tax: YearTax, name: str) -> Decimal:
    """A line of the year's tax with the sign with which it enters the total, dollars."""
    amount: Decimal = getattr(tax, name)
    return -amount if name in _SUBTRACTED else amount


def _cost_table(plan: Plan) -> Table:
    table = figure_table("What the plan weighs", "Dollars")
    table.add_column("", style="dim")
    for name, label, meaning in COST_LINES:
        amount: Decimal = getattr(plan.cost, name)
        if abs(amount) >= CENT:
            table.add_row(label, cents(amount), meaning)
    table.add_row(
        "Cost of the plan", cents(plan.cost.total), "rounding to tradeable shares included; the plan makes it least", style="bold"
    )
    return table
