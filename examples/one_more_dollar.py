"""What one more dollar costs around the top of the 0 % rate on gains, line by line the same law.

A single filer of 2026 has 40,000 of long-term gain and wages that put the last of it just below, across and above the edge. In
between, a dollar of wages pushes a dollar of gain out of the 0 % rate, and costs more than in the brackets on either side.

Prints
------
wages  20,000: a wage dollar costs 10.0 %, a long gain  0.0 %
wages  40,000: a wage dollar costs 27.0 %, a long gain 15.0 %
wages  80,000: a wage dollar costs 22.0 %, a long gain 15.0 %
room left at the 0 % rate with wages of 20,000: 5,550
"""

from decimal import Decimal

from lots.law import FilingStatus, load_law
from lots.tax.filer import Filer
from lots.tax.liability import compute_return
from lots.tax.margins import marginal_rates, next_edges

law = load_law(2026)
for wages in (20_000, 40_000, 80_000):
    result = compute_return(Filer(FilingStatus.SINGLE, wages=Decimal(wages), long_gain=Decimal(40_000)), law)
    rate = {margin.kind: 100 * margin.total for margin in marginal_rates(result, law)}
    print(f"wages {wages:7,}: a wage dollar costs {rate['wage']:4.1f} %, a long gain {rate['long gain']:4.1f} %")

result = compute_return(Filer(FilingStatus.SINGLE, wages=Decimal(20_000), long_gain=Decimal(40_000)), law)
edge = next(edge for edge in next_edges(result, law) if edge.name == "0 % rate on gains")
print(f"room left at the 0 % rate with wages of 20,000: {edge.room:,.0f}")
