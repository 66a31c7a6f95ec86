"""The ban on buying and the lots that would replace."""

from datetime import date
from decimal import Decimal

import pytest

from lots.lot import Disposal, TaxLot, Term
from lots.securities import Security, SecurityKind
from lots.wash import blocked_until, do_not_buy_until, recent_purchases, window

D = Decimal
PAIR = {"VTI": Security("VTI", identical_group="us"), "ITOT": Security("ITOT", identical_group="us")}


def loss(day: date, symbol: str = "VTI", **more: object) -> Disposal:
    fields: dict[str, object] = {
        "lot_id": "a",
        "account_id": "joint",
        "symbol": symbol,
        "acquired": date(2026, 1, 5),
        "disposed": day,
        "shares": D(10),
        "proceeds": D(900),
        "cost_basis": D(1000),
        "term": Term.SHORT,
    }
    return Disposal(**{**fields, **more})  # type: ignore[arg-type]


def test_the_window_has_sixty_one_days() -> None:
    """IRC 1091(a): thirty before, thirty after, and the day itself."""
    period = window(date(2026, 12, 18))
    assert (period.last - period.first).days + 1 == 61
    assert date(2026, 11, 18) in period
    assert date(2026, 11, 17) not in period
    assert blocked_until(date(2026, 12, 18)) == date(2027, 1, 17)


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 12, 1), {"us": date(2026, 12, 1)}), (date(2026, 12, 2), {})])
def test_a_group_is_blocked_on_day_thirty_and_free_on_day_thirty_one(day: date, expected: dict[str, date]) -> None:
    """An off-by-one day here costs the user the loss."""
    assert do_not_buy_until([loss(date(2026, 11, 1))], day, PAIR) == expected


@pytest.mark.parametrize(
    "harmless",
    [
        {"proceeds": D(1100)},
        {"is_taxable": False},
        {"disallowed_loss": D(100), "washed_shares": D(10)},
    ],
)
def test_gains_sheltered_sales_and_losses_already_washed_block_nothing(harmless: dict[str, object]) -> None:
    """Blocking too much costs the user a purchase for nothing."""
    assert do_not_buy_until([loss(date(2026, 11, 1), **harmless)], date(2026, 11, 2), PAIR) == {}


def test_the_latest_loss_of_a_group_decides() -> None:
    """The ban is on the group, not on the symbol sold."""
    sales = [loss(date(2026, 11, 1), "ITOT"), loss(date(2026, 11, 9), "VTI"), loss(date(2026, 11, 5), "ITOT")]
    assert do_not_buy_until(sales, date(2026, 11, 20), PAIR) == {"us": date(2026, 12, 9)}


def test_recent_lots_are_found_by_group_and_adjusted_ones_are_not() -> None:
    """Only shares bought in the window and not used up by an earlier wash sale can replace."""
    today = date(2026, 12, 18)
    bought = [
        TaxLot("edge", "joint", "VTI", date(2026, 11, 18), D(1), D(1)),
        TaxLot("too-old", "joint", "VTI", date(2026, 11, 17), D(1), D(1)),
        TaxLot("ira", "ira", "ITOT", date(2026, 12, 1), D(1), D(1)),
        TaxLot("used", "joint", "VTI", date(2026, 12, 1), D(1), D(1), holding_start=date(2026, 6, 1)),
        TaxLot("coin", "joint", "BTC", date(2026, 12, 1), D(1), D(1)),
    ]
    securities = {**PAIR, "BTC": Security("BTC", kind=SecurityKind.COIN)}
    found = recent_purchases(bought, today, securities)
    assert {group: [each.lot.lot_id for each in entries] for group, entries in found.items()} == {"us": ["edge", "ira"]}
    assert found["us"][0].replaces_until == today
