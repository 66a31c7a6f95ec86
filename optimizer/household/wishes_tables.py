"""`[wishes]` of household.toml: its tables in per cent and dollars, and their way into the document."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool

from optimizer.documents import Document
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Address
from optimizer.household.values import (
    HUNDRED,
    Dollars,
    Name,
    Percentage,
    PlanDay,
    PositiveDollars,
    Symbol,
    TurnoverPercentage,
    WholeDays,
    listed,
)
from optimizer.wishes import Shelter

RENAMED = {"max_turnover_pct": "max_turnover_share", "min_harvest_pct": "min_harvest_share"}
"""Keys in per cent, and the fields of the document that hold fractions."""


class SetAsideTable(Document):
    """`[[wishes.set_asides]]`."""

    purpose: Annotated[str, Field(min_length=1, max_length=80)]
    amount: PositiveDollars
    account: Name
    until: PlanDay | None = None


class PreferenceTable(Document):
    """`[[wishes.preferences]]`."""

    segment: Name
    buy: Annotated[tuple[Symbol, ...], Field(min_length=1), BeforeValidator(listed)]
    accounts: Shelter | None = None


class HoldingLimitTable(Document):
    """`[[wishes.holding_limits]]`; of `symbol` and `segment` one stands."""

    account: Name
    symbol: Symbol | None = None
    segment: Name | None = None
    at_most_pct: Percentage


class WishesTable(Document):
    """`[wishes]`, in the words of the document but for per cent."""

    keep_lots: tuple[str, ...] | None = None
    keep_accounts: tuple[Name, ...] | None = None
    do_not_sell: tuple[Symbol, ...] | None = None
    do_not_buy: tuple[Symbol, ...] | None = None
    restricted: tuple[Symbol, ...] | None = None
    preferences: tuple[PreferenceTable, ...] = ()
    min_holding_days: WholeDays | None = None
    no_short_term_gains: StrictBool | None = None
    wait_for_long_term_days: WholeDays | None = None
    set_asides: tuple[SetAsideTable, ...] = ()
    holding_limits: tuple[HoldingLimitTable, ...] = ()
    max_short_gain: Dollars | None = None
    max_long_gain: Dollars | None = None
    max_net_gain: Dollars | None = None
    max_gains_tax: Dollars | None = None
    max_agi: Dollars | None = None
    max_turnover: PositiveDollars | None = None
    max_turnover_pct: TurnoverPercentage | None = None
    max_orders: WholeDays | None = None
    min_trade: PositiveDollars | None = None
    min_harvest: PositiveDollars | None = None
    min_harvest_pct: Percentage | None = None


def add_wishes(wishes: WishesTable, draft: Draft) -> None:
    """Put the wishes into the draft, per cent as fractions."""
    tables = ("preferences", "set_asides", "holding_limits")
    parts: Parts = {}
    for name, value in wishes.model_dump(exclude_none=True, exclude=set(tables)).items():
        parts[RENAMED.get(name, name)] = value / HUNDRED if name in RENAMED else value
        draft.origins[("wishes", RENAMED.get(name, name))] = (TOML_NAME, "wishes", name)
    for name in tables:
        rows = getattr(wishes, name)
        parts[name] = [row.model_dump(exclude_none=True, exclude={"at_most_pct"}) | _fraction(row) for row in rows]
    for k, limit in enumerate(wishes.holding_limits):
        address: Address = (TOML_NAME, "wishes", "holding_limits", k)
        draft.origins[("wishes", "holding_limits", k, "at_most")] = (*address, "at_most_pct")
        if (limit.symbol is None) == (limit.segment is None) and not draft.findings.follows(address):
            words = "neither symbol nor segment" if limit.symbol is None else "both symbol and segment"
            draft.findings.add(address, f"{words} for a limit in {limit.account}", "exactly one of the two")
    draft.parts["wishes"] = parts


def _fraction(row: object) -> Parts:
    return {"at_most": row.at_most_pct / HUNDRED} if isinstance(row, HoldingLimitTable) else {}
