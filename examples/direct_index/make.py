"""Make the files of this household: an invented index of 60 names and the lots of somebody who has followed it for six years.

Names, weights, prices, lots and the risk model come from one seed and a few stated rules: six sectors, a market factor
and a factor a sector, specific volatilities between 15 and 35 %. Nothing of it is a real company. The same seed gives
the same bytes.

Prints
------
60 names in 6 sectors, 180 lots
"""

import csv
import math
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

SEED, NAMES, LOTS_EACH = 11, 60, 3
AS_OF = date(2026, 11, 20)
SECTORS = ("technology", "health", "finance", "industry", "consumer", "energy")
VALUE = 900_000.0


def write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write constituents, prices, lots, loadings and factors."""
    chance = random.Random(SEED)
    names = [f"{SECTORS[n % len(SECTORS)][:3].upper()}{n // len(SECTORS) + 1:02d}" for n in range(NAMES)]
    size = [math.exp(chance.gauss(0, 0.7)) for _ in names]
    weight = [round(100 * each / sum(size), 4) for each in size]
    weight[0] = round(weight[0] + 100 - sum(weight), 4)
    price = [round(math.exp(chance.gauss(4.3, 0.5)), 2) for _ in names]
    write(folder / "constituents.csv", ("symbol", "weight_pct", "half_spread_bps"), zip(names, weight, [2] * NAMES, strict=True))
    write(folder / "prices.csv", ("symbol", "price"), zip(names, price, strict=True))
    lots = []
    for name, share, now in zip(names, weight, price, strict=True):
        held = VALUE * share / 100 * math.exp(chance.gauss(0, 0.22))
        parts = [chance.uniform(0.5, 1.5) for _ in range(LOTS_EACH)]
        for part in parts:
            days = chance.choice((60, 200, 340, 500, 900, 1500, 2100)) + chance.randint(0, 25)
            years = days / 365
            paid = now / math.exp(chance.gauss(0.06 * years, 0.22 * math.sqrt(years)))
            quantity = round(held * part / sum(parts) / now, 3)
            lots.append(("taxable", name, AS_OF - timedelta(days), quantity, round(quantity * paid, 2)))
    write(folder / "lots.csv", ("account", "symbol", "acquired", "quantity", "cost_basis"), lots)
    columns = ("symbol", "specific_volatility_pct", "market", *SECTORS)
    rows = []
    for n, name in enumerate(names):
        of_sector = [round(chance.uniform(0.8, 1.2), 3) if SECTORS[n % len(SECTORS)] == sector else 0 for sector in SECTORS]
        rows.append((name, round(chance.uniform(15, 35), 1), round(chance.uniform(0.7, 1.3), 3), *of_sector))
    write(folder / "loadings.csv", columns, rows)
    factors = ("market", *SECTORS)
    variance = {"market": 0.0225, **dict.fromkeys(SECTORS, 0.0064)}
    write(
        folder / "factors.csv",
        ("factor", *factors),
        [(row, *(variance[row] if row == c else 0 for c in factors)) for row in factors],
    )
    print(f"{NAMES} names in {len(SECTORS)} sectors, {len(lots)} lots")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
