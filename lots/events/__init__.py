"""What happened: the facts every number is folded from.

Events carry trade dates and exact decimals and know nothing of each other; what the law makes of them in sequence is
the ledger's business.
"""

from lots.events.cash import CashIncome, Contribution, Fee, IncomeKind, OpenCash, Withdrawal
from lots.events.event import Event, LotPick, Source
from lots.events.trades import Buy, ClosedLot, Donate, OpenLot, Sell

__all__ = [
    "Buy",
    "CashIncome",
    "ClosedLot",
    "Contribution",
    "Donate",
    "Event",
    "Fee",
    "IncomeKind",
    "LotPick",
    "OpenCash",
    "OpenLot",
    "Sell",
    "Source",
    "Withdrawal",
]
