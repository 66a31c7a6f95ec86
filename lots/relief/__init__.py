"""Which lots a sale consumes: one contract, one registry."""

from lots.errors import InputError
from lots.relief.contract import ReliefMethod, Relievable, SaleTerms, TaxRates, choose
from lots.relief.methods import AverageCost, Fifo, HighestCost, Lifo, LowestCost, TaxOptimal

METHODS: dict[str, ReliefMethod] = {
    method.name: method for method in (Fifo(), Lifo(), HighestCost(), LowestCost(), AverageCost(), TaxOptimal())
}
"""Every method by the name a user calls it. Specific identification is not among them: it is the sale's own `picks`."""


def method_named(name: str) -> ReliefMethod:
    """Return the relief method called `name`, or refuse with the names there are."""
    if name not in METHODS:
        raise InputError(f"There is no relief method {name!r}; expected one of {', '.join(sorted(METHODS))}.")
    return METHODS[name]


__all__ = [
    "METHODS",
    "AverageCost",
    "Fifo",
    "HighestCost",
    "Lifo",
    "LowestCost",
    "ReliefMethod",
    "Relievable",
    "SaleTerms",
    "TaxOptimal",
    "TaxRates",
    "choose",
    "method_named",
]
