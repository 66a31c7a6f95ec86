"""Why the plan is the cheapest, in figures: the bound, what rounding added, and every case of the tax law that was solved."""

from optimizer.plan import Plan
from optimizer.report.table import Column, DataTable, Kind, table
from optimizer.report.verdict import least_money

_PROOF = (
    Column("status", "Status"),
    Column("objective", "Cost before rounding", Kind.CENTS),
    Column("bound", "Nothing costs less than", Kind.CENTS),
    Column("gap", "Gap", Kind.CENTS, "{objective}-{bound}"),
    Column("rounding", "Added by rounding", Kind.CHANGE),
    Column("total", "Cost of the plan", Kind.CENTS, "{objective}+{rounding}"),
    Column("outside", "Left outside the bands", Kind.CENTS),
    Column("idle", "Left in idle cash", Kind.CENTS),
    Column("tradeable", "No plan in whole orders costs less than", Kind.CENTS),
    Column("ledger", "Tax by the ledger", Kind.CENTS),
    Column("solver", "Tax by the solver", Kind.CENTS),
    Column("difference", "Difference", Kind.CHANGE, "{ledger}-{solver}"),
)
_CASES = (
    Column("name", "Case of the tax law"),
    Column("status", "Status"),
    Column("objective", "Least cost found", Kind.CENTS),
    Column("bound", "Nothing in it costs less than", Kind.CENTS),
)


def proof_table(plan: Plan) -> DataTable:
    """The certificate and the ledger's word in one row."""
    proof, tax = plan.certificate, plan.tax
    before, after = proof.undone, proof.undone_rounded
    tradeable = None if proof.tradeable_bound is None else proof.tradeable_bound - after.priced
    row = (
        "optimal" if proof.status == "optimal" else f"not proven: {proof.ended_by}",
        *(proof.objective - before.priced, least_money(plan), proof.gap),
        *(proof.rounding - (after.priced - before.priced), plan.money, after.outside, after.idle, tradeable),
        *(tax.with_plan.total, tax.solver_total, tax.difference),
    )
    return table(
        "proof", "The certificate: what the plan costs, what no plan can cost less than, and what the ledger says", _PROOF, [row]
    )


def cases_table(plan: Plan) -> DataTable:
    """The convex cases into which the tax law was taken apart, the lowest bound first."""
    rows = [(case.name, case.status, case.objective, case.bound) for case in plan.certificate.cases]
    ordered = sorted(rows, key=lambda row: (row[3] is None, row[3] or 0))
    priced = ", dollars left outside the bands or idle at their price" if plan.certificate.undone.priced else ""
    return table("cases", f"Cases of the tax law, each with its own bound{priced}; the lowest is the plan's", _CASES, ordered)
