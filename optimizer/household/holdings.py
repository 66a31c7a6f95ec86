"""The rows of lots.csv and prices.csv as parts of the document."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from lots.lot import TaxLot
from optimizer.household.basis_today import basis_today
from optimizer.household.csv_files import Cells, Sheet
from optimizer.household.draft import Draft, Parts
from optimizer.household.files import TOML_NAME
from optimizer.household.findings import Findings
from optimizer.household.tables import HouseholdTables
from optimizer.household.values import read_positive_dollars, read_price, read_shares

ONE = Decimal(1)


def _rows(sheet: Sheet, findings: Findings) -> list[Cells]:
    """The rows that have as many cells as the header; the others are reported."""
    rows = []
    for position, row in enumerate(sheet.rows):
        if row.ragged is None:
            rows.append(Cells(sheet, position, findings))
        else:
            found = f"a row of {row.ragged} {'cell' if row.ragged == 1 else 'cells'}"
            expected = f"{len(sheet.header)}, one for each column of the header"
            findings.add((sheet.name, position), found, expected, "A comma inside a cell needs quotes.")
    return rows


def add_prices(sheet: Sheet, tables: HouseholdTables | None, draft: Draft) -> None:
    """Give every security its price; a missing, doubled, stale or foreign price is a fault."""
    seats = {str(part["symbol"]): position for position, part in enumerate(draft.collections.get("securities", []))}
    seen: dict[str, int] = {}
    for cells in _rows(sheet, draft.findings):
        symbol = cells.text("symbol", "the symbol of a security")
        price = cells.number("price", read_price, "a price in dollars above 0")
        quoted = cells.day("date")
        if quoted and tables:
            _check_age(cells, quoted, tables, draft)
        line = sheet.rows[cells.position].line
        if symbol in seen:
            cells.fault("symbol", f"a second price for {symbol}", f"one; the first is on line {seen[symbol]}")
        elif symbol and tables and symbol not in seats:
            step = f'Add [securities."{symbol}"] there, or delete this row.'
            cells.fault("symbol", f"a price for the unknown symbol {symbol!r}", "a symbol of household.toml", step)
        seen.setdefault(symbol, line)
        if symbol in seats:
            part, address = draft.collections["securities"][seats[symbol]], (sheet.name, cells.position, "price")
            part.setdefault("price", price or ONE)
            draft.origins.setdefault(("securities", seats[symbol], "price"), address)


def _check_age(cells: Cells, quoted: date, tables: HouseholdTables, draft: Draft) -> None:
    if draft.findings.follows((TOML_NAME, "as_of")) or draft.findings.follows((TOML_NAME, "max_price_age_days")):
        return
    if quoted > tables.as_of:
        cells.fault("date", f"a price of {quoted}, in the future", f"{tables.as_of} (as_of) or earlier")
    elif tables.as_of - quoted > timedelta(days=tables.max_price_age_days):
        found = f"a price of {quoted}, {(tables.as_of - quoted).days} days old"
        expected = f"at most {tables.max_price_age_days} days before {tables.as_of} (as_of)"
        cells.fault("date", found, expected, "Bring the price up to date, or raise max_price_age_days in household.toml.")


def add_lots(sheet: Sheet, draft: Draft) -> None:
    """Put every row into the draft as a lot; one without an id gets one made of symbol, account and date."""
    rows = _rows(sheet, draft.findings)
    prices = {str(part["symbol"]): part.get("price") for part in draft.collections.get("securities", [])}
    taken = {cells.text("lot") for cells in rows}
    count: Counter[str] = Counter()
    for cells in rows:
        part = _as_of_today(cells, _lot(cells), prices)
        part["id"] = cells.text("lot") or _made_id(part, count, taken)
        position = draft.append("lots", part, (sheet.name, cells.position))
        for field, column in (("shares", "quantity"), ("holding_start", "holding_period_start"), ("id", "lot")):
            draft.origins[("lots", position, field)] = (sheet.name, cells.position, column)


def _lot(cells: Cells) -> Parts:
    part: Parts = {
        "account": cells.text("account", "the name of an account") or "?",
        "symbol": cells.text("symbol", "the symbol of a security") or "?",
        "shares": cells.number("quantity", read_shares, "a number of shares above 0") or ONE,
    }
    optional = {
        "cost_basis": cells.number("cost_basis", read_positive_dollars),
        "acquired": cells.day("acquired"),
        "holding_start": cells.day("holding_period_start"),
    }
    return part | {name: value for name, value in optional.items() if value is not None}


def _as_of_today(cells: Cells, part: Parts, prices: Mapping[str, object]) -> Parts:
    """The lot with the basis and start that a gift's second basis or an inheritance gives it at today's price."""
    loss_basis = cells.number("loss_basis", read_positive_dollars)
    inherited = cells.text("inherited").lower()
    if inherited not in ("", "no", "yes"):
        cells.fault("inherited", f"inherited {inherited!r}", "yes, no or nothing")
    acquired, basis, shares, start = (part.get(name) for name in ("acquired", "cost_basis", "shares", "holding_start"))
    if loss_basis is None and inherited != "yes":
        return part
    if not (isinstance(acquired, date) and isinstance(basis, Decimal) and isinstance(shares, Decimal)):
        return part
    if loss_basis is not None and loss_basis > basis:
        cells.fault("loss_basis", f"a basis for a loss of {loss_basis}", f"no more than the cost basis of {basis}")
    held_from = start if isinstance(start, date) else None
    where = (str(part["account"]), str(part["symbol"]))
    lot = TaxLot("?", *where, acquired, shares, basis, held_from, loss_basis, inherited == "yes")
    basis, start = basis_today(lot, prices.get(lot.symbol))
    told = {name: value for name, value in part.items() if name != "holding_start"} | {"cost_basis": basis}
    return told if start is None else told | {"holding_start": start}


def _made_id(part: Parts, count: Counter[str], taken: set[str]) -> str:
    """SYMBOL-ACCOUNT-YYYYMMDD-n, n counting the lots of that symbol, account and day from the top of the file."""
    acquired = part.get("acquired")
    day = acquired.strftime("%Y%m%d") if isinstance(acquired, date) else "undated"
    stem = f"{part['symbol']}-{part['account']}-{day}"
    while True:
        count[stem] += 1
        name = f"{stem}-{count[stem]}"
        if name not in taken:
            return name


def require_prices(prices: Sheet, draft: Draft) -> None:
    """Report every security without a price, at its first lot if it has one."""
    mentioned = {row.cells.get("symbol", "") for row in prices.rows}
    lots = draft.collections.get("lots", [])
    for position, part in enumerate(draft.collections.get("securities", [])):
        if "price" in part:
            continue
        part["price"], symbol = ONE, str(part["symbol"])
        rows = [row for row, lot in enumerate(lots) if lot["symbol"] == symbol]
        if symbol in mentioned or draft.findings.follows(draft.origins[("securities", position)]):
            continue
        found = f"a lot of {symbol}, which has no price" if rows else f"{symbol} without a price"
        address = draft.origins[("lots", rows[0])] if rows else draft.origins[("securities", position)]
        draft.findings.note(address, found, f"a row {symbol},… in {prices.name}")
