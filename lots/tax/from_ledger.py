"""What the ledger's disposals and gifts of a year mean for the return: the bridge from lots to a filer's facts."""

from collections.abc import Iterable, Set
from dataclasses import replace

from lots.lot import Disposal, DonatedLot, Term
from lots.tax.filer import Filer
from lots.units import ZERO, Money


def with_ledger(
    filer: Filer,
    year: int,
    disposals: Iterable[Disposal],
    donations: Iterable[DonatedLot] = (),
    collectibles: Set[str] = frozenset(),
) -> Filer:
    """Return the filer with the year's sales and gifts of shares added to what was already stated.

    Parameters
    ----------
    disposals : of any year and account; those of other years and of untaxed accounts are left alone.
    donations : to public charities, donor-advised funds among them. Long-term shares count at fair market value, others at
        basis or value, whichever is less (IRC 170(e)(1)(A)).
    collectibles : symbols whose long-term gains are taxed at up to 28 %, such as funds of gold or silver bullion.
    """
    sold = [part for part in disposals if part.is_taxable and part.disposed.year == year]
    given = [part for part in donations if part.donated.year == year]
    long = [part for part in sold if part.term is Term.LONG]
    return replace(
        filer,
        short_gain=filer.short_gain + _sum(part.gain for part in sold if part.term is Term.SHORT),
        long_gain=filer.long_gain + _sum(part.gain for part in long),
        collectibles_gain=filer.collectibles_gain + _sum(part.gain for part in long if part.symbol in collectibles),
        long_property_gifts=filer.long_property_gifts + _sum(g.fair_market_value for g in given if g.term is Term.LONG),
        short_property_gifts=filer.short_property_gifts
        + _sum(min(g.cost_basis, g.fair_market_value) for g in given if g.term is Term.SHORT),
    )


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)
