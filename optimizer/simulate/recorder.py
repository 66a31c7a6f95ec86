"""Takes down what one simulated account does as events of the ledger, so that its lots can be folded again in exact decimals."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from lots.events import Buy, CashIncome, Contribution, Donate, Event, Fee, IncomeKind, LotPick, Sell, Withdrawal
from lots.units import CENT, from_float

Floats = NDArray[np.float64]
SHARE = Decimal("0.000001")
ACCOUNT = "account"


@dataclass
class Recorder:
    """Events of one path; tickers are named after their place, twins with a prime."""

    path: int
    days: tuple[date, ...]
    names: tuple[str, ...]
    events: list[Event] = field(default_factory=list)

    def ticker(self, j: int) -> str:
        """The name of a ticker by its place."""
        twin, segment = divmod(j, len(self.names))
        return self.names[segment] + "′" * twin

    def flow(self, step: int, dollars: float) -> None:
        """Money from outside, or to it when negative."""
        amount, place = from_float(abs(dollars), CENT), self._place(step)
        if amount:
            self.events.append(Contribution(**place, amount=amount) if dollars > 0 else Withdrawal(**place, amount=amount))

    def fee(self, step: int, dollars: float) -> None:
        """What trading cost."""
        if from_float(dollars, CENT):
            self.events.append(Fee(**self._place(step), amount=from_float(dollars, CENT)))

    def dividends(self, step: int, ordinary: Floats, qualified: Floats) -> None:
        """Dividends of each ticker, shape (n_paths, n_tickers)."""
        for paid, kind in ((ordinary, IncomeKind.ORDINARY_DIVIDEND), (qualified, IncomeKind.QUALIFIED_DIVIDEND)):
            for j in np.flatnonzero(paid[self.path] > 0):
                amount = from_float(paid[self.path, j], CENT)
                self.events.append(CashIncome(**self._place(step), amount=amount, kind=kind, symbol=self.ticker(int(j))))

    def bought(self, step: int, shares: Floats, cost: Floats) -> None:
        """Purchases of one path by ticker."""
        for j in np.flatnonzero(cost > 0):
            symbol = self.ticker(int(j))
            number, paid = from_float(shares[j], SHARE), from_float(cost[j], CENT)
            lot = f"{symbol} {step}"
            self.events.append(Buy(**self._place(step), symbol=symbol, shares=number, cost=paid, lot_id=lot))

    def sold(
        self, step: int, ticker: int, bought: NDArray[np.int32], shares: Floats, dollars: Floats, is_gift: bool = False
    ) -> None:
        """Shares of a ticker that leave lot by lot, arrays of shape (n_places,)."""
        symbol = self.ticker(ticker)
        for k in np.flatnonzero(shares > 0):
            number = from_float(shares[k], SHARE)
            amount, picks = from_float(dollars[k], CENT), (LotPick(f"{symbol} {bought[k]}", number),)
            place = self._place(step)
            if is_gift:
                self.events.append(Donate(**place, symbol=symbol, shares=number, fair_market_value=amount, picks=picks))
            else:
                self.events.append(Sell(**place, symbol=symbol, shares=number, proceeds=amount, picks=picks))

    def _place(self, step: int) -> "Place":
        return {"date": self.days[step], "account_id": ACCOUNT, "event_id": f"{len(self.events):06d}"}


class Place(TypedDict):
    """Where and when an event happened."""

    date: date
    account_id: str
    event_id: str
