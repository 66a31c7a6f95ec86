"""What the couple does now and what they leave for January: both tax years planned together, with a proof.

They plan in November and want every segment inside its band before the year is out. What that does not need may wait for the
first trading day of January, where it falls into next year's tax. The law of 2027 is not published, so that of 2026 stands in.

Prints
------
20 November 2026: sell ... lots, give 1, buy ... funds; tax of 2026 ...
4 January 2027: sell ... lots, give 0, buy ... funds; tax of 2027 ...
choosing the dates saves $... over everything now
choosing the dates saves $... over everything in January
XLK-joint-20251210-1 is long-term from 2026-12-11, in 21 days; the plan holds it
proven: no plan over both years costs less, gap $0.00
Tax year 2027 is computed on the figures of 2026; its own are not on file.
"""

from pathlib import Path

from optimizer.household import read_household
from optimizer.questions.year_end import year_end

answer = year_end(read_household(Path(__file__).parent))
for plan in (answer.this_year, answer.next_year):
    trades = f"sell {len(plan.sales)} lots, give {len(plan.gifts)}, buy {len(plan.buys)} funds"
    print(f"{plan.as_of.day} {plan.as_of:%B %Y}: {trades}; tax of {plan.tax_year} ${plan.tax.with_plan.total:,.0f}")
for other in answer.alternatives[1:]:
    print(f"choosing the dates saves ${other.costs_more:,.0f} over {other.dates}")
for lot in answer.turning[:1]:
    print(f"{lot.lot} is long-term from {lot.long_term_from}, in {lot.days_left} days; the plan {lot.plan} it")
proof = answer.this_year.certificate
print(f"{'proven: no plan over both years costs less' if proof.status == 'optimal' else 'not proven'}, gap ${proof.gap:.2f}")
if answer.law:
    print(answer.law.stamp)
