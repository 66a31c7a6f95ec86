"""Open lots at a day's prices."""

from datetime import date
from decimal import Decimal

import pytest

from lots.errors import InputError
from lots.ledger.value import value
from lots.lot import TaxLot, Term

D = Decimal
DAY = date(2026, 12, 18)


def test_a_lot_states_its_gain_term_and_the_days_it_still_needs() -> None:
    """Whoever sells a day too early pays the short-term rate."""
    lots = [
        TaxLot("young", "j", "X", date(2025, 12, 18), D(3), D("10.00")),
        TaxLot("old", "j", "X", date(2025, 12, 17), D(3), D("20.00")),
    ]
    young, old = value(lots, {"X": D("4.005")}, DAY)
    assert (young.market_value, young.unrealised_gain, young.term, young.days_to_long_term) == (
        D("12.02"),
        D("2.02"),
        Term.SHORT,
        1,
    )
    assert (old.unrealised_gain, old.term, old.days_to_long_term) == (D("-7.98"), Term.LONG, 0)


@pytest.mark.parametrize(("price", "gain"), [("120", "200"), ("90", "0"), ("70", "-100")])
def test_a_gift_with_two_bases_has_a_dead_zone(price: str, gain: str) -> None:
    """IRC 1015(a): between the donor's basis and the value at the gift there is neither gain nor loss."""
    gift = TaxLot("g", "j", "X", date(2026, 1, 5), D(10), D(1000), date(2020, 1, 1), D(800))
    assert value([gift], {"X": D(price)}, DAY)[0].unrealised_gain == D(gain)


def test_every_missing_price_is_named_at_once() -> None:
    """One round of corrections instead of many."""
    lots = [TaxLot(s, "j", s, date(2026, 1, 5), D(1), D(1)) for s in ("B", "A", "C")]
    with pytest.raises(InputError, match=r"2026-12-18 for A, C;"):
        value(lots, {"B": D(1)}, DAY)
