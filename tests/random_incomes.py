"""Random households whose year is stated by name, across statuses, brackets and the years on file."""

from datetime import date
from decimal import Decimal
from random import Random

from lots.law import FilingStatus
from optimizer.problem import Problem
from tests.lots.tax.random_filers import random_filer
from tests.random_households import random_household

FACTS = (
    "age",
    "spouse_age",
    "is_blind",
    "is_spouse_blind",
    "is_living_apart",
    "wages",
    "interest",
    "exempt_interest",
    "ordinary_dividends",
    "qualified_dividends",
    "ira_withdrawals",
    "pensions",
    "social_security",
    "medical_expenses",
    "state_taxes",
    "property_taxes",
    "mortgage_interest",
    "cash_gifts",
    "long_property_gifts",
)
BETWEEN_YEARS = 0, 0, 1, 2


def random_income(seed: int, n_lots: int = 20) -> Problem:
    """A random household with a whole return: half of them wage earners in one bracket or another, half with everything."""
    rng = Random(seed * 7 + 1)
    status = rng.choice(list(FilingStatus))
    filer = random_filer(rng, status)
    back = rng.choice(BETWEEN_YEARS)
    raw = _earlier(random_household(seed, n_lots).model_dump(), back)
    assert isinstance(raw, dict)
    income = {name: getattr(filer, name) for name in FACTS}
    if rng.random() < 0.5:
        size = Decimal(rng.choice([1, 10, 30])) / 10
        dividends = Decimal(rng.randrange(20_000))
        income |= dict.fromkeys(("ira_withdrawals", "medical_expenses", "cash_gifts", "long_property_gifts"), Decimal(0))
        income |= {"wages": rng.randrange(150_000) * size, "ordinary_dividends": dividends, "qualified_dividends": dividends}
    if rng.random() < 0.4:
        income["state"] = {"code": "WY", "rate": Decimal("0.05")}
    year = 2026 - back
    raw["taxpayer"] |= {"rates": None, "income": income, "filing_status": status.value, "year": year}
    return Problem.from_parts(raw)


def _earlier(part: object, years: int) -> object:
    """The same document with every date some years earlier."""
    if isinstance(part, date):
        return part.replace(year=part.year - years, day=min(part.day, 28 if part.month == 2 else part.day))
    if isinstance(part, dict):
        return {key: _earlier(value, years) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_earlier(value, years) for value in part]
    return part
