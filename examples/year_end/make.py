"""Make `lots.csv` and `prices.csv` of this household: invented prices, invented lots, one seed.

The symbols are real funds, the prices are not. Each fund walks at random through the few levels stated in `FUNDS`,
pulled along by a factor it shares with its kind, so that a lot bought in 2018 has a believable cost and funds of one
segment move alike. Lots are then bought on ordinary Tuesdays and Wednesdays, about the same dollars each time. Left
out: splits, distributions other than the reinvested ones stated below, and sales, because the file holds open lots.

Run it to write both files again, beside itself or into the folder named on the command line. The same seed gives the
same bytes.

Prints
------
prices.csv: 34 funds on 2026-11-20
lots.csv: 150 lots in 4 accounts
"""

import csv
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

SEED = 7
AS_OF = date(2026, 11, 20)
START = date(2017, 1, 3)
CENT, THOUSANDTH = Decimal("0.01"), Decimal("0.001")

RATE_PEAK, RATE_TROUGH = date(2020, 8, 4), date(2023, 10, 19)
STOCK_TROUGH, LAST_YEAR, LAST_WINTER = date(2022, 10, 12), date(2025, 9, 9), date(2025, 12, 10)
LAST_SPRING = date(2026, 3, 3)

Row = tuple[object, ...]
PricePath = dict[date, Decimal]


@dataclass(frozen=True)
class Fund:
    """How one fund's price moves: its kind, how much of the shared factor it takes, and its levels in dollars."""

    kind: str
    share_of_factor: float
    start: float
    now: float
    between: tuple[tuple[date, float], ...] = ()


FUNDS = {
    "VTI": Fund("market", 1.0, 116, 338.14, ((STOCK_TROUGH, 183), (LAST_WINTER, 309))),
    "XLK": Fund("technology", 1.25, 26, 147.62, ((STOCK_TROUGH, 61), (LAST_YEAR, 127), (LAST_WINTER, 119))),
    "VGT": Fund("technology", 1.25, 124, 771.85, ((STOCK_TROUGH, 318), (LAST_YEAR, 664), (LAST_WINTER, 622))),
    "XLC": Fund("communication", 1.1, 44, 118.73, ((STOCK_TROUGH, 49.5), (LAST_WINTER, 98))),
    "VOX": Fund("communication", 1.1, 92, 191.26, ((STOCK_TROUGH, 79), (LAST_WINTER, 157.5))),
    "XLY": Fund("discretionary", 1.15, 43, 119.08),
    "VCR": Fund("discretionary", 1.15, 131, 398.41),
    "XLF": Fund("financials", 1.05, 23.5, 53.37, ((LAST_YEAR, 50.8),)),
    "VFH": Fund("financials", 1.05, 60, 129.22, ((LAST_YEAR, 123),)),
    "XLV": Fund("health", 0.75, 70, 139.16, ((LAST_YEAR, 141), (LAST_SPRING, 157))),
    "VHT": Fund("health", 0.75, 128, 262.35, ((LAST_YEAR, 266), (LAST_SPRING, 297))),
    "XLI": Fund("industrials", 1.0, 63, 156.44),
    "VIS": Fund("industrials", 1.0, 120, 301.73),
    "XLP": Fund("staples", 0.6, 52, 76.18, ((LAST_YEAR, 82.5), (LAST_SPRING, 84))),
    "VDC": Fund("staples", 0.6, 135, 208.31, ((LAST_YEAR, 224), (LAST_SPRING, 228))),
    "XLE": Fund("energy", 1.1, 37, 43.47, ((date(2020, 10, 28), 15.5), (LAST_SPRING, 50.5))),
    "VDE": Fund("energy", 1.1, 104, 121.94, ((date(2020, 10, 28), 43), (LAST_SPRING, 141))),
    "XLU": Fund("utilities", 0.5, 24.5, 43.58),
    "VPU": Fund("utilities", 0.5, 108, 192.87),
    "XLB": Fund("materials", 1.0, 25, 45.12),
    "VAW": Fund("materials", 1.0, 114, 206.79),
    "XLRE": Fund("real_estate", 0.8, 31, 41.23),
    "VNQ": Fund("real_estate", 0.8, 83, 90.57),
    "SHY": Fund("rates", 0.2, 84.5, 82.91, ((RATE_PEAK, 86.6), (RATE_TROUGH, 81.0))),
    "BSV": Fund("rates", 0.25, 79.6, 78.83, ((RATE_PEAK, 83.2), (RATE_TROUGH, 75.3))),
    "BND": Fund("rates", 0.6, 81, 74.58, ((RATE_PEAK, 86.8), (RATE_TROUGH, 68.9))),
    "IEF": Fund("rates", 0.75, 105, 96.76, ((RATE_PEAK, 122), (RATE_TROUGH, 89))),
    "TLT": Fund("rates", 1.6, 120, 89.42, ((RATE_PEAK, 170), (RATE_TROUGH, 83.5))),
    "VGLT": Fund("rates", 1.4, 76, 57.19, ((RATE_PEAK, 104), (RATE_TROUGH, 53.1))),
    "VITSX": Fund("market", 1.0, 56.5, 164.73, ((STOCK_TROUGH, 89.2), (LAST_WINTER, 150.5))),
    "VINIX": Fund("market", 1.0, 207, 561.36, ((STOCK_TROUGH, 302), (LAST_WINTER, 513))),
    "VBTIX": Fund("rates", 0.6, 10.65, 9.81, ((RATE_PEAK, 11.42), (RATE_TROUGH, 9.06))),
    "VBITX": Fund("rates", 0.25, 10.42, 10.31, ((RATE_PEAK, 10.89), (RATE_TROUGH, 9.86))),
    "STABLE": Fund("none", 0.0, 1, 1),
}


@dataclass(frozen=True)
class Position:
    """About so many dollars of a fund today, bought in so many lots between two months, each as (year, month)."""

    account: str
    symbol: str
    value: int
    lots: int
    first: tuple[int, int] = (2017, 2)
    last: tuple[int, int] = (2026, 9)


@dataclass(frozen=True)
class Purchase:
    """One purchase on a stated day, in dollars."""

    account: str
    symbol: str
    day: date
    dollars: Decimal
    note: str = ""


POSITIONS = (
    Position("joint", "VTI", 236_000, 13, (2017, 2), (2026, 6)),
    Position("joint", "XLK", 170_000, 12, (2017, 3), (2025, 10)),
    Position("joint", "VGT", 34_000, 3, (2019, 3), (2022, 9)),
    Position("joint", "XLC", 48_000, 6, (2018, 9), (2025, 4)),
    Position("joint", "XLY", 32_000, 6, (2017, 5), (2024, 10)),
    Position("joint", "XLF", 50_000, 7, (2017, 4), (2025, 8)),
    Position("joint", "XLV", 62_000, 9, (2018, 2), (2026, 5)),
    Position("joint", "XLI", 46_000, 6, (2017, 6), (2025, 2)),
    Position("joint", "XLP", 31_000, 7, (2019, 3), (2026, 6)),
    Position("joint", "XLE", 19_000, 6, (2022, 8), (2026, 6)),
    Position("joint", "XLU", 14_000, 3, (2018, 5), (2023, 6)),
    Position("joint", "XLB", 14_000, 4, (2018, 8), (2025, 3)),
    Position("joint", "BND", 46_000, 10, (2019, 5), (2024, 4)),
    Position("joint", "TLT", 16_000, 5, (2021, 8), (2024, 9)),
    Position("joint", "SHY", 9_000, 3, (2023, 5), (2026, 2)),
    Position("his-ira", "XLK", 34_000, 3, (2018, 6), (2023, 4)),
    Position("his-ira", "XLC", 22_000, 2, (2019, 4), (2023, 4)),
    Position("his-ira", "XLY", 30_000, 2, (2018, 6), (2022, 3)),
    Position("his-ira", "XLF", 34_000, 2, (2018, 6), (2022, 3)),
    Position("his-ira", "XLV", 34_000, 2, (2018, 6), (2024, 4)),
    Position("his-ira", "XLI", 24_000, 2, (2018, 6), (2022, 3)),
    Position("his-ira", "XLE", 8_000, 1, (2021, 2), (2021, 2)),
    Position("his-ira", "XLRE", 28_000, 2, (2019, 9), (2024, 4)),
    Position("his-ira", "BND", 100_000, 4, (2018, 6), (2025, 4)),
    Position("his-ira", "TLT", 50_000, 3, (2021, 2), (2025, 4)),
    Position("her-roth", "VGT", 18_000, 3, (2018, 4), (2024, 2)),
    Position("her-roth", "VOX", 24_000, 2, (2019, 4), (2023, 2)),
    Position("her-roth", "XLP", 20_000, 2, (2020, 4), (2024, 2)),
    Position("her-roth", "XLU", 14_000, 1, (2021, 4), (2021, 4)),
    Position("her-roth", "XLB", 16_000, 1, (2022, 4), (2022, 4)),
    Position("her-roth", "BSV", 30_000, 2, (2023, 4), (2025, 2)),
    Position("her-roth", "VGLT", 34_000, 2, (2023, 4), (2025, 2)),
)

PLAN_BALANCES = (("VITSX", 66_400), ("VINIX", 56_300), ("VBTIX", 61_900), ("VBITX", 44_000), ("STABLE", 38_500))
"""Today's dollars in the 401(k): its statement shows units only, no dates and no cost, and none are needed."""

WINTER_PURCHASES = (
    Purchase("joint", "XLK", date(2025, 12, 10), Decimal(5_500)),
    Purchase("joint", "XLC", date(2025, 12, 12), Decimal(4_000)),
    Purchase("joint", "VTI", date(2025, 12, 16), Decimal(6_000)),
    Purchase("joint", "XLK", date(2025, 12, 18), Decimal(3_500)),
)
"""Four weeks from turning long-term today."""

REINVESTED = "dividend reinvested"
NOVEMBER_DIVIDENDS = (
    Purchase("joint", "BND", date(2026, 11, 5), Decimal("268.41"), REINVESTED),
    Purchase("joint", "TLT", date(2026, 11, 5), Decimal("74.90"), REINVESTED),
    Purchase("his-ira", "BND", date(2026, 11, 5), Decimal("243.77"), REINVESTED),
    Purchase("his-ira", "TLT", date(2026, 11, 5), Decimal("150.02"), REINVESTED),
    Purchase("401k", "VBTIX", date(2026, 10, 30), Decimal("106.35"), REINVESTED),
)
"""Within thirty days of today: a loss on as many shares of the same fund would be a wash sale, in whichever account."""


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    chance = random.Random(SEED)
    prices = price_paths(chance)
    quotes = [(symbol, path[AS_OF], AS_OF) for symbol, path in prices.items()]
    write_csv(folder / "prices.csv", ("symbol", "price", "date"), quotes)
    lots = lot_rows(chance, prices)
    header = ("account", "symbol", "acquired", "quantity", "cost_basis", "holding_period_start", "note")
    write_csv(folder / "lots.csv", header, lots)
    print(f"prices.csv: {len(prices)} funds on {AS_OF}")
    print(f"lots.csv: {len(lots)} lots in {len({row[0] for row in lots})} accounts")


def price_paths(chance: random.Random) -> dict[str, PricePath]:
    """Return every fund's closing price on every weekday, dollars."""
    days = [day for day in calendar(START, AS_OF) if day.weekday() < 5]
    market = walk(chance, len(days), 0.010)
    rates = walk(chance, len(days), 0.005)
    still = [0.0] * len(days)
    own = {kind: walk(chance, len(days), 0.006) for kind in sorted({fund.kind for fund in FUNDS.values()})}
    own |= {"market": still, "rates": still, "none": still}
    paths = {}
    for symbol, fund in FUNDS.items():
        factor = rates if fund.kind == "rates" else market
        raw = [fund.share_of_factor * a + b for a, b in zip(factor, own[fund.kind], strict=True)]
        levels = ((START, fund.start), *fund.between, (AS_OF, fund.now))
        pins = [(days.index(day), math.log(level)) for day, level in levels]
        paths[symbol] = {day: price(math.exp(log)) for day, log in zip(days, pinned(raw, pins), strict=True)}
    return paths


def walk(chance: random.Random, steps: int, daily_deviation: float) -> list[float]:
    """Return a random walk of log returns that starts at zero."""
    path = [0.0]
    for _ in range(steps - 1):
        path.append(path[-1] + chance.gauss(0, daily_deviation))
    return path


def pinned(raw: Sequence[float], pins: Sequence[tuple[int, float]]) -> Iterator[float]:
    """Tilt a walk, straight from pin to pin, so that it passes through every (position, level)."""
    for (i, low), (j, high) in pairwise(pins):
        tilt = ((high - low) - (raw[j] - raw[i])) / (j - i)
        yield from (low + raw[k] - raw[i] + tilt * (k - i) for k in range(i, j))
    yield pins[-1][1]


def lot_rows(chance: random.Random, prices: dict[str, PricePath]) -> list[Row]:
    """Return the rows of the lot file, account by account, fund by fund, oldest first."""
    bought = [lot for position in POSITIONS for lot in position_lots(chance, position, prices[position.symbol])]
    purchases = (*WINTER_PURCHASES, *NOVEMBER_DIVIDENDS)
    stated = [purchase_lot(purchase, prices[purchase.symbol]) for purchase in purchases]
    balances = [
        ("401k", symbol, "", quantity(Decimal(value) / prices[symbol][AS_OF]), "", "", "") for symbol, value in PLAN_BALANCES
    ]
    accounts, symbols = ["joint", "his-ira", "her-roth", "401k"], list(FUNDS)
    rows = [*bought, *stated, *balances]
    return sorted(rows, key=lambda row: (accounts.index(str(row[0])), symbols.index(str(row[1])), str(row[2])))


def position_lots(chance: random.Random, position: Position, path: PricePath) -> Iterator[Row]:
    """Spread a position over purchases of about the same dollars that together are worth about its value today."""
    days = purchase_days(chance, position)
    shares = [Decimal(chance.randint(70, 130)) / path[day] for day in days]
    value = position.value * Decimal(chance.randint(980, 1020)) / 1000
    scale = value / (sum(shares) * path[AS_OF])
    for day, part in zip(days, shares, strict=True):
        count = quantity(part * scale)
        cost = (count * path[day]).quantize(CENT)
        yield (position.account, position.symbol, day, count, cost, "", "")


def purchase_days(chance: random.Random, position: Position) -> list[date]:
    """Return one early-month Tuesday or Wednesday per lot, evenly spread; no market holiday falls on those."""
    first, last = (year * 12 + month - 1 for year, month in (position.first, position.last))
    days = []
    for lot in range(position.lots):
        year, month = divmod(first + round((last - first) * lot / max(1, position.lots - 1)), 12)
        window = calendar(date(year, month + 1, 6), date(year, month + 1, 14))
        days.append(chance.choice([day for day in window if day.weekday() in (1, 2)]))
    return days


def purchase_lot(purchase: Purchase, path: PricePath) -> Row:
    """Turn stated dollars into shares at the day's price."""
    count = quantity(purchase.dollars / path[purchase.day])
    return (purchase.account, purchase.symbol, purchase.day, count, purchase.dollars.quantize(CENT), "", purchase.note)


def calendar(first: date, last: date) -> Iterator[date]:
    """Yield every day from the first to the last."""
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


def price(dollars: float) -> Decimal:
    """Round a price to the cent; the one place where the random walk becomes a decimal."""
    return Decimal(repr(dollars)).quantize(CENT)


def quantity(shares: Decimal) -> Decimal:
    """Round shares to the thousandth that brokers keep."""
    return shares.quantize(THOUSANDTH)


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows with plain line ends, the same on every system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
