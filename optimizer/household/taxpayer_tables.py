"""`[taxpayer]` into the document: flat rates, or the year's income by name; exactly one of the two."""

from decimal import Decimal

from lots.law import FilingStatus
from lots.tax.filer import age_on_return
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.tables import FilerTable, HouseholdTables, NextYearTable, TaxpayerTable

HUNDRED = Decimal(100)
OLDEST = 130
"""Years beyond which an age is a fault of its own, told at the birth date."""
STAND_INS = {"ordinary_pct": HUNDRED, "long_term_pct": Decimal(0)}
"""What sits where a needed rate is missing, while the rest is checked; never part of a result."""


def add_taxpayer(tables: HouseholdTables, draft: Draft) -> None:
    """Put the taxpayer into the draft."""
    taxpayer = tables.taxpayer
    draft.parts["taxpayer"] = {
        "year": tables.as_of.year if taxpayer.year is None else taxpayer.year,
        "filing_status": taxpayer.filing_status,
        "gains": taxpayer.gains.model_dump(exclude_none=True),
        "extrapolate_from": taxpayer.extrapolate_from,
        **(_rates(taxpayer, draft) if taxpayer.income is None else _income(tables, taxpayer.income, draft)),
    }
    if taxpayer.year is None:
        draft.origins[("taxpayer", "year")] = (TOML_NAME, "as_of")


def _rates(taxpayer: TaxpayerTable, draft: Draft) -> Parts:
    ordinary, long_term = (_needed(name, rate, draft) for name, rate in _stated(taxpayer).items() if name in STAND_INS)
    if long_term > ordinary:
        address = (TOML_NAME, "taxpayer", "long_term_pct")
        if not draft.findings.follows(address) and not draft.findings.follows((TOML_NAME, "taxpayer", "ordinary_pct")):
            draft.findings.add(address, f"long_term_pct = {long_term}", f"at most ordinary_pct, {ordinary}")
        long_term = ordinary
    rates: Parts = {"ordinary": ordinary / HUNDRED, "long_term": long_term / HUNDRED}
    if taxpayer.deduction_pct is not None:
        rates["deduction"] = taxpayer.deduction_pct / HUNDRED
    return {"rates": rates}


def _stated(taxpayer: TaxpayerTable | NextYearTable) -> dict[str, Decimal | None]:
    names = ("ordinary_pct", "long_term_pct", "deduction_pct")
    return {name: getattr(taxpayer, name) for name in names}


def _needed(name: str, rate: Decimal | None, draft: Draft) -> Decimal:
    if rate is not None:
        return rate
    address = (TOML_NAME, "taxpayer", name)
    if not draft.findings.follows(address) and not draft.findings.follows((TOML_NAME, "taxpayer", "income")):
        draft.findings.add(address, f"no {name} in [taxpayer]", f"a line {name} = …", "Or state a table [taxpayer.income].")
    return STAND_INS[name]


def _income(tables: HouseholdTables, income: FilerTable, draft: Draft) -> Parts:
    for name, rate in _stated(tables.taxpayer).items():
        if rate is not None:
            step = "Delete the rates to plan on the whole return, or the table to plan on the rates."
            draft.findings.note((TOML_NAME, "taxpayer", name), f"{name} beside [taxpayer.income]", "one of the two", step)
    return {"income": _ages(tables, income) | _facts(income, "taxpayer", draft)}


def _ages(tables: HouseholdTables, income: FilerTable) -> Parts:
    """The ages on the return by the owners' birth dates, where none is stated and there are not more owners than filers."""
    status, born = tables.taxpayer.filing_status, [owner.birth_date for owner in tables.owners.values()]
    filers = ("age", "spouse_age") if status is FilingStatus.MFJ else ("age",)
    if income.age is not None or income.spouse_age is not None or len(born) > len(filers):
        return {}
    year = tables.as_of.year if tables.taxpayer.year is None else tables.taxpayer.year
    ages = {name: age_on_return(day, year) for name, day in zip(filers, born, strict=False) if day is not None}
    return {name: age for name, age in ages.items() if 0 <= age <= OLDEST}


def _facts(income: FilerTable, table: str, draft: Draft) -> Parts:
    """What a table of income states, in the words of the document."""
    facts: Parts = income.model_dump(exclude_none=True, exclude={"state"})
    if income.state is not None:
        state: Parts = {"code": income.state.code}
        for name, rate in (("rate", income.state.rate_pct), ("long_rate", income.state.long_rate_pct)):
            draft.origins[(table, "income", "state", name)] = (TOML_NAME, table, "income", "state", f"{name}_pct")
            if rate is not None:
                state[name] = rate / HUNDRED
        facts["state"] = state
    return facts


def add_next_year(tables: HouseholdTables, draft: Draft) -> None:
    """Put next year into the draft: this year's rates or income with what `[next_year]` states in their place."""
    this, following = tables.taxpayer, tables.next_year
    parts: Parts = following.model_dump(exclude_none=True, include={"bands_by", "gifts_may_wait"})
    changed = {name: rate / HUNDRED for name, rate in _stated(following).items() if rate is not None}
    if changed:
        own = {name: rate / HUNDRED for name, rate in _stated(this).items() if rate is not None}
        parts["rates"] = {name.removesuffix("_pct"): rate for name, rate in (own | changed).items()}
        draft.origins[("next_year", "rates")] = (TOML_NAME, "next_year")
    if following.income is not None:
        before = _ages(tables, this.income) | _facts(this.income, "taxpayer", draft) if this.income is not None else {}
        for person in ("age", "spouse_age"):
            age = before.get(person)
            if isinstance(age, int):
                before[person] = age + 1
        parts["income"] = before | _facts(following.income, "next_year", draft)
    if parts:
        draft.parts["next_year"] = parts
