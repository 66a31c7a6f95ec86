"""State income tax as data: one file a state and year, refused where there is none.

What a state taxes is told by a few words in `[rules]`; everything in dollars or fractions is a figure like any
federal one. The state's own itemised deductions, credits for low incomes, local taxes and minimum taxes are left out,
and each file's `leaves_out` says which of them matter there.
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from lots.errors import LawError
from lots.law.load import law_from_text
from lots.law.table import Law

CODES = frozenset(
    (
        *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA"),
        *("ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR"),
        *("PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI"),
    )
)
"""Postal codes of the states, the District of Columbia and the territories (USPS Publication 28, appendix B)."""


class Start(StrEnum):
    """Where the state's computation begins."""

    NO_TAX = "no_tax"
    FEDERAL_AGI = "federal_agi"
    FEDERAL_TAXABLE_INCOME = "federal_taxable_income"
    LONG_GAINS = "long_gains"
    """Only net long-term gains are taxed."""


class LossRule(StrEnum):
    """What a net capital loss does."""

    FEDERAL = "federal"
    """Deducted and carried as on the federal return."""
    WITHIN_YEAR = "within_year"
    """Only against the same year's gains; nothing is carried."""


class RetirementRule(StrEnum):
    """Whether withdrawals from retirement plans and pensions are taxed."""

    TAXED = "taxed"
    EXEMPT = "exempt"


class BenefitRule(StrEnum):
    """Whether social security benefits that the federal return taxes are taxed here too."""

    EXEMPT = "exempt"
    FEDERAL = "federal"


@dataclass(frozen=True, slots=True)
class StateLaw:
    """A state's rules and figures for one tax year."""

    name: str
    start: Start
    losses: LossRule
    benefits: BenefitRule
    retirement: RetirementRule
    leaves_out: str
    figures: Law


def state_codes(year: int) -> tuple[str, ...]:
    """The postal codes of the states with a file for the year."""
    folder = resources.files("lots.law") / "states"
    return tuple(
        sorted(entry.name.upper() for entry in folder.iterdir() if entry.is_dir() and (entry / f"{year}.toml").is_file())
    )


@cache
def load_state(code: str, year: int) -> StateLaw:
    """Return a state's law for a tax year.

    Raises
    ------
    LawError
        If there is no file; the message offers the filer's own rate.
    """
    path = resources.files("lots.law") / "states" / code.lower() / f"{year}.toml"
    if not path.is_file():
        raise LawError(
            f"There is no income tax of {code.upper()} for {year} on file; there are {', '.join(state_codes(year))}. "
            "State your own rate, ask for another year's law of the state (law_year), "
            f"or add lots/law/states/{code.lower()}/{year}.toml."
        )
    text = path.read_text("utf-8")
    rules = tomllib.loads(text, parse_float=Decimal).get("rules", {})
    try:
        return StateLaw(
            str(rules["name"]),
            Start(rules["start"]),
            LossRule(rules.get("losses", LossRule.FEDERAL)),
            BenefitRule(rules.get("social_security", BenefitRule.EXEMPT)),
            RetirementRule(rules.get("retirement", RetirementRule.TAXED)),
            str(rules.get("leaves_out", "")),
            law_from_text(text, f"states/{code.lower()}/{year}.toml", year, code.upper()),
        )
    except (KeyError, ValueError) as error:
        raise LawError(f"states/{code.lower()}/{year}.toml: [rules] lacks or misstates {error}.") from None


def has_no_income_tax(code: str, year: int) -> bool:
    """Whether a file says that the state taxes none of the income on a return; False where there is no file."""
    return code.upper() in state_codes(year) and load_state(code, year).start is Start.NO_TAX
