"""The ledger's own record of open shares, and the positions they make up.

A lot that was bought as one can end up in parts: a wash sale raises the basis of some of its shares only, a transfer
moves some of them. Each part is a :class:`Piece`; the first keeps the lot's name, the next are called ``lot~1``,
``lot~2``. Pieces change in place, because a history of a million events cannot afford a new object for each; nothing
outside this room sees one.
"""

import heapq
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

from lots.dates import is_long_term
from lots.lot import TaxLot, Term
from lots.relief import ReliefMethod, SaleTerms
from lots.units import Money, Shares, cents


class Piece:
    """Open shares of one lot that are alike in everything.

    `purchased` is the day the shares were bought if buying them can wash a loss, else the day they came; `purchase_id`
    the lot they were bought as; `has_replaced` whether they can no longer replace shares sold at a loss; `is_stated`
    whether a broker stated them as a lot, so that its own wash sales are in their basis; `loses_loss` whether a loss
    they wash is gone for good; `sequence` the order of acquisition in the household.
    """

    __slots__ = (
        "account_id",
        "acquired",
        "cost_basis",
        "has_replaced",
        "held_from",
        "is_inherited",
        "is_stated",
        "loses_loss",
        "loss_basis",
        "lot_id",
        "purchase_id",
        "purchased",
        "sequence",
        "shares",
        "symbol",
        "version",
    )  # fmt: skip

    def __init__(
        self,
        lot_id: str,
        account_id: str,
        symbol: str,
        acquired: date,
        shares: Shares,
        cost_basis: Money,
        sequence: int,
    ) -> None:
        self.lot_id = lot_id
        self.account_id = account_id
        self.symbol = symbol
        self.acquired = acquired
        self.shares = shares
        self.cost_basis = cost_basis
        self.sequence = sequence
        self.held_from = acquired
        self.purchased = acquired
        self.purchase_id = lot_id
        self.has_replaced = False
        self.is_inherited = False
        self.is_stated = False
        self.loses_loss = False
        self.loss_basis: Money | None = None
        self.version = 0

    def term_on(self, day: date) -> Term:
        """The term of a disposal on `day`."""
        return Term.LONG if self.is_inherited or is_long_term(self.held_from, day) else Term.SHORT

    def take(self, shares: Shares) -> tuple[Money, Money | None]:
        """Remove `shares` and return the cost basis and the loss basis that leave with them, to the cent."""
        if shares == self.shares:
            basis, loss_basis = self.cost_basis, self.loss_basis
        else:
            basis = min(cents(self.cost_basis * shares / self.shares), self.cost_basis)
            loss_basis = None if self.loss_basis is None else cents(self.loss_basis * shares / self.shares)
        self.cost_basis -= basis
        if self.loss_basis is not None and loss_basis is not None:
            self.loss_basis -= loss_basis
        self.shares -= shares
        return basis, loss_basis

    def split_off(self, shares: Shares, lot_id: str) -> "Piece":
        """Move `shares` into a new piece, alike in everything but its name."""
        basis, loss_basis = self.take(shares)
        part = Piece(lot_id, self.account_id, self.symbol, self.acquired, shares, basis, self.sequence)
        part.held_from = self.held_from
        part.purchased = self.purchased
        part.purchase_id = self.purchase_id
        part.has_replaced = self.has_replaced
        part.is_inherited = self.is_inherited
        part.is_stated = self.is_stated
        part.loses_loss = self.loses_loss
        part.loss_basis = loss_basis
        return part

    def as_lot(self) -> TaxLot:
        """The piece as the rest of the world sees it."""
        return TaxLot(
            lot_id=self.lot_id,
            account_id=self.account_id,
            symbol=self.symbol,
            acquired=self.acquired,
            shares=self.shares,
            cost_basis=self.cost_basis,
            holding_start=None if self.held_from == self.acquired else self.held_from,
            loss_basis=self.loss_basis,
            is_inherited=self.is_inherited,
        )


Entry: TypeAlias = tuple[Any, ...]
"""A place in a queue: the numbers of the rank, then day and name as tie-breaks, then which version of which piece it is."""


class Position:
    """The open pieces of one security in one account, and a queue of them for each relief method in use.

    `is_level` says that every share carries the average basis, to the cent; what comes in or is adjusted ends that.
    """

    __slots__ = ("_queues", "is_level", "pieces", "shares")

    def __init__(self) -> None:
        self.pieces: dict[str, Piece] = {}
        self.shares: Shares = Shares(0)
        self.is_level = False
        self._queues: dict[str, tuple[ReliefMethod, list[Entry]]] = {}

    def add(self, piece: Piece) -> None:
        """Take in a piece."""
        self.pieces[piece.lot_id] = piece
        self.shares += piece.shares
        self.is_level = False
        self.requeue(piece)

    def remove(self, piece: Piece) -> None:
        """Let a piece go that is empty or has moved elsewhere; the caller has counted its shares out."""
        del self.pieces[piece.lot_id]
        piece.version += 1

    def requeue(self, piece: Piece) -> None:
        """Queue a piece anew after its basis or shares changed; its older places in the queues become void."""
        piece.version += 1
        for method, queue in self._queues.values():
            heapq.heappush(queue, _entry(method, piece))

    def in_order(self, method: ReliefMethod, sale: SaleTerms) -> Iterator[Piece]:
        """Yield pieces in the order of the method.

        Each leaves the queue as it is yielded; changing it, as the caller must, puts it back.
        """
        if not method.is_fixed:
            yield from sorted(self.pieces.values(), key=lambda each: (method.rank(each, sale), each.acquired, each.lot_id))
            return
        if method.name not in self._queues:
            queue = [_entry(method, piece) for piece in self.pieces.values()]
            heapq.heapify(queue)
            self._queues[method.name] = (method, queue)
        queue = self._queues[method.name][1]
        while queue:
            *_, version, piece = heapq.heappop(queue)
            if version == piece.version:
                yield piece


def _entry(method: ReliefMethod, piece: Piece) -> Entry:
    return (*method.rank(piece, _ANY_SALE), piece.acquired, piece.lot_id, piece.version, piece)


_ANY_SALE = SaleTerms(day=date(1, 1, 1), price=Money(0))
"""A method whose rank is fixed does not look at the sale."""
