"""A plan made by hand, with everything a page has to show: all levers, all kinds of trades, a tree of segments."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lots.accounts import AccountKind
from lots.lot import Term
from optimizer.plan import (
    BandRow,
    BuyBan,
    BuyRow,
    CaseRow,
    CashRow,
    Certificate,
    Comparison,
    CostSummary,
    FlowRow,
    GiftRow,
    LeverRow,
    Plan,
    SaleRow,
    TaxSummary,
    YearTax,
)
from optimizer.problem import Band, Lever

AS_OF = date(2026, 11, 23)
SALE_REASON = "Technology stands 2.3 points above its band; these lots cost the least tax per dollar moved."
ZERO = Decimal(0)

# Segment, name, parent, target, lower, upper, before, after, in per cent of the household.
SEGMENTS = [
    ("stocks", "Stocks", None, 70, 65, 75, "73.4", "70.9", "inside"),
    ("tech", "Technology", "stocks", 24, 20, 28, "30.3", "26.0", "above"),
    ("comm", "Communication services", "stocks", 7, 5, 9, "9.04", "8.0", "above"),
    ("energy", "Energy", "stocks", 4, 3, 5, "1.9", "3.5", "below"),
    ("health", "Health care", "stocks", 35, 30, 40, "32.16", "33.4", "inside"),
    ("bonds", "Bonds", None, 30, 25, 35, "26.6", "29.1", "inside"),
    ("short_bonds", "Short bonds", "bonds", 20, 15, 25, "16.6", "19.1", "inside"),
    ("tips", "Inflation-protected bonds", "bonds", 10, 8, 12, "10", "10", "inside"),
]


def year_tax(gains_tax: str, **other: str) -> YearTax:
    """A year's tax of which only some lines matter."""
    needed = (name for name, field in YearTax.model_fields.items() if field.is_required())
    lines = dict.fromkeys(needed, ZERO) | {name: Decimal(value) for name, value in other.items()}
    lines["gains_tax"] = Decimal(gains_tax)
    lines["total"] = lines["gains_tax"] + lines["withdrawal_tax"] + lines["penalty"] - lines["deduction_saves"]
    return YearTax(**lines)


def bands() -> tuple[BandRow, ...]:
    """The bands of the table above, in dollars and fractions."""
    value = Decimal(1_834_527)
    rows = []
    for segment, name, parent, target, lower, upper, before, after, was in SEGMENTS:
        now, then = Decimal(before) / 100, Decimal(after) / 100
        trigger = Band(lower=Decimal(lower) / 100, upper=Decimal(upper) / 100)
        middle = Decimal(target) / 100
        half = Band(lower=(middle + trigger.lower) / 2, upper=(middle + trigger.upper) / 2)
        rows.append(
            BandRow(
                **{"segment": segment, "name": name, "parent": parent, "target": middle, "trigger": trigger},
                allowed=trigger if was == "inside" else half,
                value_before=(value * now).quantize(Decimal("0.01")),
                value_after=(value * then).quantize(Decimal("0.01")),
                weight_before=now,
                weight_after=then,
                was=was,
                breach=ZERO,
                note="",
            )
        )
    return tuple(rows)


def sale(account: str, symbol: str, lot: int, term: Term | None, reason: str = SALE_REASON) -> SaleRow:
    """A sale whose figures follow from the number of its lot."""
    shares, price = Decimal("12.5") * (lot + 1), Decimal("231.4")
    proceeds, basis = shares * price, shares * (Decimal(180) + lot * 10)
    taxed = term is not None
    return SaleRow(
        **{"account": account, "symbol": symbol, "lot": f"{account}-{symbol}-{lot}", "shares": shares, "price": price},
        acquired=AS_OF - timedelta(days=300 + lot * 217),
        proceeds=proceeds,
        cost_basis=basis if taxed else None,
        gain=proceeds - basis if taxed else None,
        term=term,
        reason=reason,
    )


def trades() -> dict[str, tuple[object, ...]]:
    """Sales by lot, a gift, buys and every kind of flow."""
    roth = "Selling here is not taxed; the room it makes goes to what grows fastest."
    return {
        "sales": (
            *(sale("joint", "XLK", lot, Term.LONG if lot else Term.SHORT) for lot in range(5)),
            sale("joint", "XLE", 7, Term.LONG, "Its loss shelters gains realised already; VDE takes its place in Energy."),
            sale("roth", "XLK", 3, None, roth),
        ),
        "gifts": (
            GiftRow(
                **{"account": "joint", "symbol": "XLC", "lot": "joint-XLC-1", "acquired": date(2018, 3, 12)},
                **{"shares": Decimal("137.931"), "price": Decimal("108.75"), "value": Decimal("15000.00")},
                **{"cost_basis": Decimal("5104.22"), "term": Term.LONG, "deduction": Decimal("15000.00")},
                reason="Of the lots that may be given, this one carries the most untaxed gain per dollar.",
            ),
        ),
        "buys": (
            BuyRow(
                **{"account": "joint", "symbol": "VDE", "shares": Decimal(102), "price": Decimal("128.13")},
                **{"cost": Decimal("13069.26"), "reason": "Energy stands 1.1 points below its band."},
            ),
            BuyRow(
                **{"account": "ira", "symbol": "BSV", "shares": Decimal("412.337"), "price": Decimal("77.9")},
                **{"cost": Decimal("32121.05"), "reason": "Interest is taxed least in a pre-tax account."},
            ),
        ),
        "flows": (
            flow("income", "joint", "1900", "Pooled dividends buy what is short."),
            flow("contribution", "roth", "14000", "Room for this year is left here."),
            flow("withdrawal", "ira", "20000", "Short bonds are over here.", taxable="20000", penalty="2000"),
        ),
    }


def flow(kind: str, account: str, amount: str, reason: str, taxable: str = "0", penalty: str = "0") -> FlowRow:
    """Cash that enters or leaves."""
    parts = {"kind": kind, "account": account, "amount": amount, "taxable": taxable, "penalty": penalty, "reason": reason}
    return FlowRow.from_parts(parts)


def comparison() -> Comparison:
    """A ladder that falls step by step."""
    taxes = ["21480.12", "19022.40", "18700.15", "17211.90", "12004.33", "9310.08", "4310.08"]
    steps: list[LeverRow] = []
    for position, tax in enumerate(taxes):
        paid = Decimal(tax)
        steps.append(
            LeverRow(
                lever=None if position == 0 else list(Lever)[position - 1],
                tax=paid,
                later_tax=Decimal(1200),
                trading=Decimal("31.24"),
                total=paid + Decimal("1231.24"),
                saved=steps[-1].tax - paid if steps else ZERO,
                drag=((paid + Decimal("1231.24")) / Decimal(1_834_527) * 10_000).quantize(Decimal("0.01")),
                carryforward=ZERO,
                breach=ZERO,
            )
        )
    rule = steps[0].model_copy(update={"tax": Decimal("28144.09"), "total": Decimal("29375.33")})
    return Comparison(ladder=tuple(steps), usual_rule=rule)


@pytest.fixture
def plan() -> Plan:
    """The whole plan."""
    before = year_tax("3120.00", short="13000", long="-4000")
    after = year_tax("5210.08", short="9000", long="21400", withdrawal_tax="2900", deduction="15000", deduction_saves="3800")
    cases = (
        CaseRow(name="no net long-term gain", status="optimal", objective=Decimal("5510.4"), bound=Decimal("5510.4")),
        CaseRow(name="net long-term gain", status="optimal", objective=Decimal("4120.37"), bound=Decimal("4120.37")),
    )
    return Plan(
        household="The Rivera household",
        problem="3f" * 32,
        version="0.1.0",
        as_of=AS_OF,
        tax_year=2026,
        levers=tuple(Lever),
        value_before=Decimal("1834527.18"),
        value_after=Decimal("1812480.33"),
        bands=bands(),
        **trades(),
        cash=(
            CashRow(account="joint", kind=AccountKind.TAXABLE, before=Decimal("1900"), after=Decimal("55327.00")),
            CashRow(account="ira", kind=AccountKind.TRADITIONAL_IRA, before=Decimal("52121.05"), after=ZERO),
            CashRow(account="roth", kind=AccountKind.ROTH_IRA, before=Decimal("12.88"), after=Decimal("25582.88")),
            CashRow(account="plan401k", kind=AccountKind.TRADITIONAL_401K, before=ZERO, after=ZERO),
        ),
        tax=TaxSummary(without_plan=before, with_plan=after, solver_total=Decimal("4310.05"), difference=Decimal("0.03")),
        cost=CostSummary(
            **{"gains_tax": Decimal("5210.05"), "flow_tax": Decimal("-900"), "future_tax": Decimal("-1411.23")},
            **{"location": Decimal("1190.31"), "trading": Decimal("31.24"), "drift": ZERO, "breach": ZERO, "idle_cash": ZERO},
            total=Decimal("4120.37"),
        ),
        certificate=Certificate(
            **{"objective": Decimal("4120.37"), "bound": Decimal("4120.37"), "gap": ZERO, "rounding": ZERO},
            **{"status": "optimal", "solver": "HIGHS", "cases": cases},
        ),
        comparison=comparison(),
        buy_bans=(BuyBan(symbols=("XLE", "FENY"), until=date(2026, 12, 23), reason="XLE is sold at a loss today."),),
        notes=("Weights are of the household's value after flows.",),
    )
