"""Follow an index name by name: how much tracking error is worth how much tax.

Sixty names that have drifted, 180 lots. The plan brings the tracking error under the household's 0.3 % at the least cost,
harvests what losses it can without buying back what it sold, and is proven. A tighter and a looser limit show what the limit
costs.

Prints
------
today ... % a year
0.2 %: ... lots sold, ... names bought, this year's tax ..., cost ... (gap ...)
0.3 %: ... lots sold, ... names bought, this year's tax ..., cost ... (gap ...)
0.4 %: ... lots sold, ... names bought, this year's tax ..., cost ... (gap ...)
"""

from decimal import Decimal
from pathlib import Path

from optimizer import read_household, rebalance

problem = read_household(Path(__file__).parent)
assert problem.benchmark is not None
for limit in ("0.002", "0.003", "0.004"):
    benchmark = problem.benchmark.model_copy(update={"max_tracking_error": Decimal(limit)})
    plan = rebalance(problem.model_copy(update={"benchmark": benchmark}), compare=False)
    assert plan.tracking is not None
    if limit == "0.002":
        print(f"today {100 * plan.tracking.error_before:.2f} % a year")
    tax, proof = plan.tax.with_plan.total, plan.certificate
    print(
        f"{100 * Decimal(limit):.1f} %: {len(plan.sales)} lots sold, {len(plan.buys)} names bought, "
        f"this year's tax {tax:,.2f}, cost {proof.objective:,.2f} (gap {proof.gap:,.2f})"
    )
