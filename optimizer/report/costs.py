"""What the plan costs: the year's tax line by line, what the plan weighs, the certificate, and the ledger's word."""

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.plan import Certificate, Plan, Undone, YearTax
from optimizer.report.figures import CENT, cents, change, listed, plain, plural
from optimizer.report.layout import figure_table
from optimizer.report.returns import margins_table, return_table
from optimizer.report.verdict import as_near, distance, least_money, left_by_rounding

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
    ("drift", "Trading back", "what stays away from target, once it is traded back"),
)
"""Parts of the objective that are money: the field, what it is called, what it means."""

UNDONE_LINES = (
    ("outside", "Outside the bands", "what all segments miss their bands by, together: no cost; the plan makes it least first"),
    ("idle", "Idle cash", "dollars left uninvested: no cost; the plan makes it least first"),
)
"""What the plan leaves undone, dollars that are no cost."""


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
    found = f"{cents(proof.objective - proof.undone.priced)}{_leaving(proof.undone)}"
    text = Text.assemble(("Certificate. ", "bold"))
    if proof.status == "optimal":
        text.append(f"Before rounding to tradeable shares no plan for this household{as_near(plan)} can cost less than ")
        text.append(f"{cents(least_money(plan))}, and the cheapest one found costs {found}")
        text.append(f": it is proven to the bound (gap {cents(proof.gap)}).")
    else:
        text.append("A cheaper plan has not been ruled out: ", "yellow")
        text.append(f"no plan{as_near(plan)} can cost less than {cents(least_money(plan))}, and the cheapest one found costs ")
        text.append(f"{found} before rounding to tradeable shares (gap {cents(proof.gap)}{_part(proof)}).")
        text.append(_why_not_proven(plan))
    text.append(f" {_rounding(plan)}")
    if proof.undone.priced or proof.undone_rounded.priced:
        text.append(" Dollars outside the bands or idle are no part of these costs: the plan makes them least first.")
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


def _leaving(undone: Undone) -> str:
    """What stays undone beside a cost, in words after it; empty where nothing does."""
    words = [
        *([f"{cents(undone.outside)} outside the bands"] if undone.outside >= CENT else []),
        *([f"{cents(undone.idle)} in idle cash"] if undone.idle >= CENT else []),
    ]
    return f" and leaves {listed(words)}" if words else ""


def _part(proof: Certificate) -> str:
    """The gap as a part of what the plan costs, after a comma; nothing where the plan costs next to nothing."""
    cost = abs(proof.objective - proof.undone.priced)
    if cost < 1:
        return ""
    part = 100 * proof.gap / cost
    return f", {part:.2g} % of the cost" if part < 1 else f", {part:,.0f} % of the cost"


def _why_not_proven(plan: Plan) -> str:
    """Why the search ended before nothing better was left, and what that may cost."""
    proof = plan.certificate
    most = f"another plan{as_near(plan)} could save at most {cents(proof.gap)} more."
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
    proof, total = plan.certificate, f"{cents(plan.money)}{_leaving(plan.certificate.undone_rounded)}"
    added = proof.rounding - (proof.undone_rounded.priced - proof.undone.priced)
    searched = proof.tradeable_bound
    steps = "Rounding to the accounts' share steps" if searched is None else "Orders of the size, number and fee wished for"
    price = "costs nothing" if abs(added) < CENT else f"takes {cents(-added)} off" if added < 0 else f"costs {cents(added)}"
    possible = f"any{as_near(plan)}" if as_near(plan) else "anything possible"
    near = f" and is within {cents(distance(plan))} of {possible}" if distance(plan) >= CENT else ""
    further = left_by_rounding(plan)
    price = f"{price} and leaves {further}" if further else price
    if searched is None:
        ended = " Not every choice of whole shares was tried." if proof.tradeable_ended_by in {"work", "time"} else ""
        return f"{steps} {price}: the plan costs {total}{near}.{ended}"
    price = price.replace("costs nothing", "cost nothing").replace("takes", "take").replace("costs", "cost")
    price = price.replace(" and leaves", " and leave")
    near = " that leaves no more undone" if proof.undone_rounded.priced else ""
    least = cents(searched - proof.undone_rounded.priced)
    least = f"{least}{_how_orders_ended(plan)}"
    return f"{steps} {price}: the plan costs {total}, and no plan in such orders{near} can cost less than {least}"


def _how_orders_ended(plan: Plan) -> str:
    """Whether the choice of orders is proven, or what another one could save."""
    proof = plan.certificate
    saved = plan.cost.total - (proof.tradeable_bound or plan.cost.total)
    most = f"another choice of orders could save at most {cents(saved)} more."
    if proof.tradeable_ended_by == "work":
        return f". The search among orders ended with the work allowed for it, which is the same on every machine: {most}"
    if proof.tradeable_ended_by == "time":
        return f". The search among orders was stopped when its time was up: {most}"
    return ", which is proven." if proof.tradeable_ended_by == "proof" else ", which is not proven."


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
        "Cost of the plan", cents(plan.money), "rounding to tradeable shares included; the plan makes it least", style="bold"
    )
    for name, label, meaning in UNDONE_LINES:
        left: Decimal = getattr(plan.certificate.undone_rounded, name)
        if left >= CENT:
            table.add_row(label, cents(left), meaning)
    return table
