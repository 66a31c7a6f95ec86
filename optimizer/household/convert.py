"""From the tables a person wrote to the parts of the document: per cent to fractions, widths to bands, names to ids."""

from decimal import Decimal

from optimizer.household.band_edges import band_edges
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.tables import HouseholdTables, SecurityTable, SegmentTable
from optimizer.household.taxpayer_tables import add_next_year, add_taxpayer
from optimizer.household.wishes_tables import add_wishes

HUNDRED = Decimal(100)
ONE, ZERO = Decimal(1), Decimal(0)


def add_tables(tables: HouseholdTables, draft: Draft) -> None:
    """Put everything that household.toml states into the draft."""
    draft.parts["as_of"] = tables.as_of
    if tables.household is not None:
        draft.parts["household"] = tables.household
    if tables.levers is not None:
        draft.parts["levers"] = tables.levers
    add_taxpayer(tables, draft)
    add_next_year(tables, draft)
    _add_segments(tables, draft)
    for symbol, security in tables.securities.items():
        _add_security(symbol, security, draft)
    for name, owner in tables.owners.items():
        draft.append("owners", {"id": name, **owner.model_dump(exclude_none=True)}, (TOML_NAME, "owners", name))
    for name, account in tables.accounts.items():
        part: Parts = {"id": name, **account.model_dump(exclude_none=True, exclude={"numbers", "fee_bps"})}
        if account.fee_bps is not None:
            part["fee"] = account.fee_bps
        position = draft.append("accounts", part, (TOML_NAME, "accounts", name))
        draft.origins[("accounts", position, "fee")] = (TOML_NAME, "accounts", name, "fee_bps")
    for collection in ("income", "reinvestments", "contributions", "withdrawals", "donations", "loss_sales"):
        for position, row in enumerate(getattr(tables, collection)):
            order: Parts = row.model_dump(exclude_none=True, exclude={"least_saving_pct"})
            if getattr(row, "least_saving_pct", None) is not None:
                order["least_saving"] = row.least_saving_pct / HUNDRED
            here = collection
            if collection == "contributions" and row.on == tables.as_of:
                del order["on"]
            elif "on" in order:
                here = "pay_days"
            number = draft.append(here, order, (TOML_NAME, collection, position))
            draft.origins[(here, number, "sources")] = (TOML_NAME, collection, position, "from")
    add_wishes(tables.wishes, draft)
    if tables.blocks:
        draft.parts["blocks"] = tables.blocks
    _add_outlook(tables, draft)


def _add_outlook(tables: HouseholdTables, draft: Draft) -> None:
    renamed = {
        "future_long_term_pct": "future_long_term_rate",
        "discount_pct": "discount_rate",
        "untaxed_pct": "untaxed_probability",
        "carryforward_value_pct": "carryforward_value",
        "retirement_pct": "retirement_rate",
    }
    outlook: Parts = {}
    for name, value in tables.outlook.model_dump(exclude_none=True).items():
        outlook[renamed.get(name, name)] = value / HUNDRED if name in renamed else value
        draft.origins[("outlook", renamed.get(name, name))] = (TOML_NAME, "outlook", name)
    draft.parts["outlook"] = outlook


def _add_segments(tables: HouseholdTables, draft: Draft) -> None:
    targets = {name: _target(name, tables.segments, frozenset()) for name in tables.segments}
    edges = band_edges(tables, targets, draft.findings)
    for name, segment in tables.segments.items():
        address = (TOML_NAME, "segments", name)
        is_parent = any(part.parent == name for part in tables.segments.values())
        if segment.target_pct is None and not is_parent and not draft.findings.follows((*address, "target_pct")):
            draft.findings.add((*address, "target_pct"), f"no target_pct for {name!r}", "a line target_pct = …")
        outer, inner = edges[name]
        part: Parts = {"id": name, "target": targets[name], "trigger": outer, "destination": inner}
        part |= segment.model_dump(exclude_none=True, include={"name", "parent"})
        position = draft.append("segments", part, address)
        for field, key in (("target", "target_pct"), ("trigger", "band_pct")):
            draft.origins[("segments", position, field)] = (*address, key)


def _target(name: str, segments: dict[str, SegmentTable], above: frozenset[str]) -> Decimal:
    """The target as a fraction; of a parent that states none, the sum of its parts."""
    stated = segments[name].target_pct
    if stated is not None or name in above:
        return (stated or ZERO) / HUNDRED
    parts = (part for part, segment in segments.items() if segment.parent == name)
    return sum((_target(part, segments, above | {name}) for part in parts), ZERO)


def _add_security(symbol: str, security: SecurityTable, draft: Draft) -> None:
    address = (TOML_NAME, "securities", symbol)
    part: Parts = {"symbol": symbol, "exposures": _exposures(symbol, security, draft)}
    part |= security.model_dump(exclude_none=True, include={"name", "identical_group"})
    if security.half_spread_bps is not None:
        part["half_spread"] = security.half_spread_bps
    for name in ("ordinary_yield", "qualified_yield", "volatility"):
        percentage: Decimal | None = getattr(security, f"{name}_pct")
        if percentage is not None:
            part[name] = percentage / HUNDRED
    position = draft.append("securities", part, address)
    key = "segment" if security.segment is not None else "exposures_pct"
    draft.origins[("securities", position, "exposures")] = (*address, key)


def _exposures(symbol: str, security: SecurityTable, draft: Draft) -> dict[str, Decimal]:
    stated = security.exposures_pct
    if (security.segment is None) == (stated is None):
        address = (TOML_NAME, "securities", symbol)
        words = "neither segment nor exposures_pct" if stated is None else "both segment and exposures_pct"
        found = f"{words} for {symbol}"
        if not draft.findings.follows(address):
            draft.findings.note(address, found, "exactly one of the two")
        draft.findings.doubt((*address, "exposures_pct"))
    if security.segment is not None:
        return {security.segment: ONE}
    return {name: weight / HUNDRED for name, weight in (stated or {}).items()}
