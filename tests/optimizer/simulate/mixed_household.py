"""A household of a taxable account, a traditional IRA and a Roth IRA in equal segments, as documents ask for it."""

from datetime import date
from decimal import Decimal

from lots.accounts import AccountKind
from lots.law import FilingStatus
from optimizer.problem import AccountFacts, Band, LotFacts, OwnerFacts, Problem, SecurityFacts, SegmentFacts
from optimizer.taxpayer import MarginalRates, Taxpayer

SHARES = {"taxable": Decimal(500_000), "ira": Decimal(300_000), "roth": Decimal(200_000)}
KINDS = {"taxable": AccountKind.TAXABLE, "ira": AccountKind.TRADITIONAL_IRA, "roth": AccountKind.ROTH_IRA}


def mixed_household(names: tuple[str, ...], accounts: tuple[str, ...] = tuple(SHARES), qualified_yield: str = "0.015") -> Problem:
    """A million dollars at target, bought for four fifths of today's value, with 20 % bands that trades stop at."""
    each = (Decimal(1) / len(names)).quantize(Decimal("1e-6"))
    weights = [each] * (len(names) - 1)
    weights.append(1 - sum(weights))
    bands = [Band(lower=w * Decimal("0.8"), upper=w * Decimal("1.2")) for w in weights]
    lots = [
        LotFacts(
            id=f"{account} {name}",
            account=account,
            symbol=name,
            shares=SHARES[account] * weight / 100,
            cost_basis=SHARES[account] * weight * Decimal("0.8"),
            acquired=date(2020, 3, 2),
        )
        for account in accounts
        for name, weight in zip(names, weights, strict=True)
    ]
    return Problem(
        as_of=date(2026, 12, 31),
        taxpayer=Taxpayer(
            year=2026,
            filing_status=FilingStatus.MFJ,
            rates=MarginalRates(ordinary=Decimal("0.24"), long_term=Decimal("0.15")),
        ),
        owners=(OwnerFacts(id="ann", birth_date=date(1970, 1, 1)),),
        accounts=tuple(AccountFacts(id=a, kind=KINDS[a], owner=None if a == "taxable" else "ann") for a in accounts),
        securities=tuple(
            SecurityFacts(
                symbol=name,
                price=Decimal(100),
                exposures={name: Decimal(1)},
                qualified_yield=Decimal(qualified_yield),
                volatility=Decimal("0.19"),
            )
            for name in names
        ),
        segments=tuple(
            SegmentFacts(id=name, target=weight, trigger=band, destination=band)
            for name, weight, band in zip(names, weights, bands, strict=True)
        ),
        lots=tuple(lots),
    )
