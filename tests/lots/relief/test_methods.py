"""What every relief method promises, and the two that need a word of their own."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.errors import InputError, LedgerError
from lots.lot import TaxLot
from lots.relief import METHODS, SaleTerms, TaxOptimal, TaxRates, choose, method_named

D = Decimal
DAY = date(2026, 6, 1)
bought = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 9), st.integers(1, 900)), min_size=1, max_size=6)


def lots_of(trades: list[tuple[int, int, int]]) -> list[TaxLot]:
    return [
        TaxLot(f"l{n}", "a", "X", DAY - timedelta(days=age), D(shares), D(cost)) for n, (age, shares, cost) in enumerate(trades)
    ]


@pytest.mark.parametrize("name", sorted(METHODS))
@given(bought, st.data())
def test_a_method_takes_exactly_the_shares_sold_and_no_more_than_a_lot_holds(
    name: str, trades: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """The contract: whoever adds a method gets this test with its line in the registry."""
    held = lots_of(trades)
    shares = D(data.draw(st.integers(1, sum(each for _, each, _ in trades))))
    picks = choose(METHODS[name], held, shares, SaleTerms(DAY, D(40)))
    by_id = {lot.lot_id: lot for lot in held}
    assert sum((pick.shares for pick in picks), D(0)) == shares
    assert len({pick.lot_id for pick in picks}) == len(picks)
    assert all(0 < pick.shares <= by_id[pick.lot_id].shares for pick in picks)
    assert all(pick.shares == by_id[pick.lot_id].shares for pick in picks[:-1])


@pytest.mark.parametrize("name", sorted(METHODS))
@given(bought, st.data())
def test_a_method_does_not_look_at_the_order_it_is_given(
    name: str, trades: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Lots come out of a mapping; their order there is no instruction."""
    held = lots_of(trades)
    other = data.draw(st.permutations(held))
    terms = SaleTerms(DAY, D(40))
    assert choose(METHODS[name], held, D(1), terms) == choose(METHODS[name], other, D(1), terms)


@given(bought.filter(lambda trades: len(trades) <= 4), st.integers(1, 12), st.integers(1, 120))
def test_tax_optimal_at_stated_rates_is_the_best_of_all_orders(
    trades: list[tuple[int, int, int]], shares: int, price: int
) -> None:
    """The promise holds for one sale at flat rates; every order of the lots is tried."""
    held = lots_of(trades)
    wanted = D(min(shares, sum(each for _, each, _ in trades)))
    rates = TaxRates(short=D("0.37"), long=D("0.15"))

    def tax(order: list[TaxLot]) -> Decimal:
        left, owed = wanted, D(0)
        for lot in order:
            taken = min(left, lot.shares)
            rate = rates.long if lot.term_on(DAY) == "long" else rates.short
            owed += rate * taken * (price - lot.cost_basis / lot.shares)
            left -= taken
        return owed

    picks = choose(TaxOptimal(rates), held, wanted, SaleTerms(DAY, D(price)))
    by_id = {lot.lot_id: lot for lot in held}
    chosen = [by_id[pick.lot_id] for pick in picks]
    assert tax(chosen) <= min(tax(list(order)) for order in permutations(held)) + D("1e-18")


def test_more_shares_than_there_are_is_refused_with_both_numbers() -> None:
    """The caller adds account and day to it."""
    with pytest.raises(LedgerError, match="only 3 of 5 shares"):
        choose(METHODS["fifo"], lots_of([(5, 3, 9)]), D(5), SaleTerms(DAY, D(1)))


def test_an_unknown_method_is_refused_with_the_names_there_are() -> None:
    """Somebody who writes FIFO in capitals should see how it is spelled."""
    with pytest.raises(InputError, match=r"'FIFO'.*fifo"):
        method_named("FIFO")
