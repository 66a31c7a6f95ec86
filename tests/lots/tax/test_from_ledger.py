"""Disposals and donated lots become a filer's facts, however the ledger happened to cut them up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from lots.law import FilingStatus, load_law
from lots.lot import Disposal, DonatedLot, Term
from lots.tax.filer import Filer
from lots.tax.from_ledger import with_ledger
from lots.tax.liability import compute_return

D = Decimal
PLAIN = Filer(FilingStatus.SINGLE, wages=D(150_000), state_taxes=D(9_000), mortgage_interest=D(12_000))


def _sale(proceeds: str, basis: str, term: Term = Term.LONG, symbol: str = "VTI", day: date = date(2026, 5, 4)) -> Disposal:
    return Disposal("1", "joint", symbol, date(2020, 1, 2), day, D(10), D(proceeds), D(basis), term)


def _gift(value: str, basis: str, term: Term) -> DonatedLot:
    return DonatedLot("1", "joint", "VTI", date(2020, 1, 2), date(2026, 5, 4), D(10), D(value), D(basis), term)


def test_each_part_goes_to_its_own_line() -> None:
    """By term and year, untaxed accounts left out, bullion among the long gains, gifts by what the law lets them count."""
    parts = [
        _sale("900", "500"),
        _sale("300", "500", Term.SHORT),
        _sale("700", "600", symbol="GLD"),
        _sale("900", "100", day=date(2025, 12, 31)),
        replace(_sale("900", "100"), is_taxable=False),
    ]
    gifts = [_gift("800", "100", Term.LONG), _gift("800", "500", Term.SHORT), _gift("300", "500", Term.SHORT)]
    found = with_ledger(PLAIN, 2026, parts, gifts, {"GLD"})
    assert (found.short_gain, found.long_gain, found.collectibles_gain) == (-200, 500, 100)
    assert (found.long_property_gifts, found.short_property_gifts) == (800, 800)


def test_a_washed_loss_does_not_count() -> None:
    """IRC 1091: what the rule disallows is added to the gain."""
    washed = replace(_sale("300", "500", Term.SHORT), disallowed_loss=D(150))
    assert with_ledger(PLAIN, 2026, [washed]).short_gain == -50


def test_splitting_a_sale_in_two_on_the_same_day_changes_nothing() -> None:
    """The law taxes what was sold, not how many tickets it took."""
    rng, law = Random(3), load_law(2026)
    for _ in range(50):
        proceeds, basis, term = D(rng.randrange(2, 400_000)), D(rng.randrange(2, 400_000)), rng.choice(list(Term))
        whole = _sale(str(proceeds), str(basis), term)
        cut = D(rng.randrange(1, 100)) / 100
        halves = [
            replace(whole, shares=whole.shares * part, proceeds=proceeds * part, cost_basis=basis * part)
            for part in (cut, 1 - cut)
        ]
        taxes = [compute_return(with_ledger(PLAIN, 2026, parts), law).exact_total for parts in ([whole], halves)]
        assert taxes[0] == taxes[1]
