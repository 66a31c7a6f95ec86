"""All lots with what the plan does to them, and the days to watch."""

from decimal import Decimal

from optimizer.report.calendar import WatchedDay
from optimizer.report.lot_standing import LotStanding
from optimizer.report.table import Column, DataTable, Kind, Row, table

_LOTS = (
    Column("account", "Account"),
    Column("symbol", "Symbol"),
    Column("acquired", "Acquired", Kind.DATE),
    Column("lot", "Lot"),
    Column("held", "Days held", Kind.COUNT),
    Column("shares", "Shares", Kind.SHARES),
    Column("price", "Price", Kind.PRICE),
    Column("value", "Value", Kind.CENTS, "{shares}*{price}", is_summed=True),
    Column("basis", "Basis", Kind.CENTS, is_summed=True),
    Column("gain", "Unrealised gain", Kind.CHANGE, "{value}-{basis}", is_summed=True),
    Column("gain_pct", "Gain, % of basis", Kind.PERCENT, "{gain}/{basis}"),
    Column("term", "Term today"),
    Column("long_from", "Long-term from", Kind.DATE),
    Column("fate", "The plan"),
    Column("sold", "Sold", Kind.SHARES),
    Column("given", "Given", Kind.SHARES),
    Column("left", "Left", Kind.SHARES, "{shares}-{sold}-{given}"),
)
_DAYS = (
    Column("day", "Day", Kind.DATE),
    Column("what", "What"),
    Column("symbols", "Securities"),
    Column("account", "Account"),
    Column("shares", "Shares", Kind.SHARES),
    Column("gain", "Unrealised gain", Kind.CHANGE),
    Column("detail", "Detail"),
)


def lots_table(lots: list[LotStanding], names: dict[str, str]) -> DataTable:
    """Every lot, those that the plan touches first."""
    ordered = sorted(
        lots, key=lambda each: (each.left == each.lot.shares, each.lot.account, each.lot.symbol, str(each.lot.acquired))
    )
    rows = (
        (
            *(names.get(each.lot.account, each.lot.account), each.lot.symbol, each.lot.acquired, each.lot.id),
            *(None if each.held_days is None else Decimal(each.held_days), each.lot.shares, each.price),
            *(each.value, each.lot.cost_basis, each.gain, each.gain_fraction),
            *(each.term, each.long_from, each.fate, each.sold, each.given, each.left),
        )
        for each in ordered
    )
    return table("lots", "Every lot on the day of the plan, and what the plan does with it", _LOTS, rows)


def calendar_table(days: list[WatchedDay], names: dict[str, str]) -> DataTable:
    """Days to watch in their order; what holds of several groups of securities alike stands in one row."""
    together: dict[tuple[object, ...], list[WatchedDay]] = {}
    for each in days:
        together.setdefault((each.day, each.watch, each.account, each.detail, each.shares, each.gain), []).append(each)
    rows = (_watched(group, names) for group in together.values())
    caption = "Lots that turn long-term, on the first day they are, and windows of the wash-sale rule, on their last day"
    return table("calendar", caption, _DAYS, rows)


def _watched(group: list[WatchedDay], names: dict[str, str]) -> Row:
    first = group[0]
    symbols = ", ".join("/".join(each.symbols) for each in group)
    account = "" if first.account is None else names.get(first.account, first.account)
    return (first.day, first.watch, symbols, account, first.shares, first.gain, first.detail)
