"""Where the next 1,500 of Maya and Jo go, and how many months bring bonds back into their band without a sale.

The money goes where what it buys is not taxed each year, as long as there is room there. At today's prices, with nothing
forecast, the walk counts the months, says what stays outside meanwhile, and what selling stocks today would cost in its place.

Prints
------
this month: $1,500 of ... in roth
still outside after it: bonds, $... below...
month  1: ... of ... in roth, $... outside
month  4: ... of ... in joint, $... outside
back in band after ... months without a sale; fewer cannot do it: True
on average $... stays outside meanwhile
selling today would add $... to this year's tax and leave $0 outside
"""

from decimal import Decimal
from pathlib import Path

from optimizer.household import read_household
from optimizer.questions.invest import invest
from optimizer.questions.schedule import Every, schedule

MONTHLY = Decimal(1_500)
household = read_household(Path(__file__).parent)
now = invest(household, MONTHLY)
for each in now.placements:
    print(f"this month: ${each.dollars:,.0f} of {each.symbol} in {each.account}")
print("still outside after it: " + "; ".join(f"{row.name}, ${row.dollars:,.0f} {row.side}" for row in now.outside))

walk = schedule(household, MONTHLY, (), Every.MONTH, 12)
for row in walk.pay_days:
    bought = " and ".join(f"${each.dollars:,.0f} of {each.symbol} in {each.account}" for each in row.placements)
    print(f"month {row.number:2}: {bought}, ${row.outside:,.0f} outside")
if walk.back_after is not None:
    fewest = walk.fewest == walk.back_after
    print(f"back in band after {walk.back_after} months without a sale; fewer cannot do it: {fewest}")
waiting = walk.waiting
print(f"on average ${waiting.average_outside:,.0f} stays outside meanwhile")
print(f"selling today would add ${waiting.tax_now:,.0f} to this year's tax and leave ${waiting.outside_now:,.0f} outside")
