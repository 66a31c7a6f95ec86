"""Which of Ruth's lots to give, and what selling, giving, harvesting or holding each of them is worth.

She promised her library 12,000 and holds lots that have quadrupled, a lot at a loss and one bought this spring. Each line below
says what a lot is worth above or below its market value, for the shares the gift could use: the year's return by the ledger,
later tax at the outlook's price. The gift itself is planned over all lots together and proven.

Prints
------
give VTI bought 2013-05-14, worth $12,0...
that saves $... against a gift in cash; the next best, VTI bought 2017-02-09, costs $... more
VTI 2013-05-14  sell ...  donate ...  hold ... best: donate
VTI 2026-03-11  sell ...  donate ...  hold ... best: hold
BND 2020-08-04  sell ...  harvest ...  hold ... best: sell
never given: BND 2020-08-04
proven: True, ledger and solver within a dollar: True
"""

from decimal import Decimal
from pathlib import Path

from optimizer.household import read_household
from optimizer.questions.donate import donate

answer = donate(read_household(Path(__file__).parent), Decimal(12_000))
plan = answer.plan
for gift in plan.gifts:
    print(f"give {gift.symbol} bought {gift.acquired}, worth ${gift.value:,.2f}")
against, more = answer.saved_against_cash or 0, answer.next_best_costs or 0
print(f"that saves ${against:,.0f} against a gift in cash; the next best, {answer.next_best}, costs ${more:,.0f} more")
for row in sorted(answer.lots, key=lambda row: (row.symbol != "VTI", row.acquired)):
    choices = {"sell": row.sell, "donate": row.donate, "harvest": row.harvest, "hold": row.hold}
    told = "  ".join(f"{name} {worth:+9,.2f}" for name, worth in choices.items() if worth is not None)
    print(f"{row.symbol} {row.acquired}  {told}  best: {row.best}")
print(f"never given: {', '.join(f'{row.symbol} {row.acquired}' for row in answer.lots if row.donate is None)}")
is_proven, agree = plan.certificate.status == "optimal", abs(plan.tax.difference) < 1
print(f"proven: {is_proven}, ledger and solver within a dollar: {agree}")
