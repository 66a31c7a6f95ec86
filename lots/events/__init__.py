"""What happened: the facts every number is folded from.

Events carry trade dates and exact decimals and know nothing of each other; what the law makes of them in sequence is
the ledger's business. Short sales, options and premium amortisation of bonds have no event here and are refused at the
door rather than told as something else.
"""

from lots.events.cash import (
    CashIncome,
    Contribution,
    Fee,
    IncomeKind,
    OpenCash,
    ReinvestedIncome,
    Withdrawal,
)
from lots.events.corporate import CashMerger, ReturnOfCapital, SpinOff, Split, StockMerger, SymbolChange
from lots.events.event import Event, LotPick, Source
from lots.events.moves import CashTransfer, GiftReceived, Inherited, RothConversion, Transfer
from lots.events.statements import StatedCash, StatedShares, Void
from lots.events.trades import Buy, ClosedLot, Donate, OpenLot, Sell

KINDS: tuple[type[Event], ...] = (
    OpenLot,
    ClosedLot,
    OpenCash,
    Buy,
    Sell,
    Donate,
    CashIncome,
    ReinvestedIncome,
    ReturnOfCapital,
    Contribution,
    Withdrawal,
    Fee,
    Transfer,
    CashTransfer,
    RothConversion,
    GiftReceived,
    Inherited,
    Split,
    StockMerger,
    CashMerger,
    SpinOff,
    SymbolChange,
    StatedShares,
    StatedCash,
    Void,
)
"""Every kind of event there is."""

__all__ = [
    "KINDS",
    "Buy",
    "CashIncome",
    "CashMerger",
    "CashTransfer",
    "ClosedLot",
    "Contribution",
    "Donate",
    "Event",
    "Fee",
    "GiftReceived",
    "IncomeKind",
    "Inherited",
    "LotPick",
    "OpenCash",
    "OpenLot",
    "ReinvestedIncome",
    "ReturnOfCapital",
    "RothConversion",
    "Sell",
    "Source",
    "SpinOff",
    "Split",
    "StatedCash",
    "StatedShares",
    "StockMerger",
    "SymbolChange",
    "Transfer",
    "Void",
    "Withdrawal",
]
