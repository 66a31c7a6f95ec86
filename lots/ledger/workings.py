"""The state of a fold while it runs: open pieces, cash, what has left, and what the wash-sale rule has matched.

Everything here changes in place and dies with the fold; :mod:`lots.ledger.book` turns it into values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from lots.accounts import Account
from lots.dates import is_long_term
from lots.errors import InputError, LedgerError
from lots.events import Event, LotPick
from lots.ledger.piece import Piece, Position
from lots.ledger.records import Assertion, Income
from lots.ledger.washing import Washing
from lots.lot import Disposal, DonatedLot, Manner, Term
from lots.relief import ReliefMethod, SaleTerms, method_named
from lots.securities import Security
from lots.units import ZERO, Money, Shares, apportion

PART = "~"
"""Stands between a lot's name and the number of its part."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Shares on their way out of a piece, with what leaves with them."""

    piece: Piece
    shares: Shares
    cost_basis: Money
    loss_basis: Money | None


@dataclass(slots=True)
class Workings:
    """Everything a fold knows at one moment."""

    accounts: Mapping[str, Account]
    securities: Mapping[str, Security]
    washing: Washing
    positions: dict[tuple[str, str], Position] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    cash: dict[str, Money] = field(default_factory=dict)
    disposals: list[Disposal] = field(default_factory=list)
    donations: list[DonatedLot] = field(default_factory=list)
    incomes: list[Income] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    sequence: int = 0
    has_two_bases: bool = False

    def account(self, event: Event, account_id: str | None = None) -> Account:
        """The account of an event, or of its other side."""
        wanted = account_id or event.account_id
        if wanted not in self.accounts:
            raise LedgerError(
                f"{event.where}: account {wanted!r} is not among the household's accounts "
                f"({', '.join(sorted(self.accounts)) or 'none'}); declare it or correct the name."
            )
        return self.accounts[wanted]

    def move_cash(self, event: Event, amount: Money, account_id: str | None = None) -> None:
        """Add `amount`, negative to take away, to an account's cash."""
        account = self.account(event, account_id).account_id
        self.cash[account] = self.cash.get(account, ZERO) + amount

    def open(self, event: Event, piece: Piece, *, is_purchase: bool) -> None:
        """Add a new lot; a purchase may wash losses of the last 30 days and later ones."""
        self.account(event)
        if piece.lot_id in self.parts:
            raise LedgerError(f"{event.where}: there is already a lot {piece.lot_id!r}; give each lot its own id.")
        if PART in piece.lot_id:
            raise LedgerError(f"{event.where}: lot id {piece.lot_id!r} contains {PART!r}, which marks parts of lots.")
        self.parts[piece.lot_id] = 0
        piece.has_replaced = not is_purchase
        self.has_two_bases |= piece.loss_basis is not None
        self.place(piece)
        if is_purchase:
            self.washing.bought(self, piece)
        elif piece.is_stated:
            self.washing.stated(self, piece)

    def next_sequence(self) -> int:
        """The next number in the order of acquisition."""
        self.sequence += 1
        return self.sequence

    def place(self, piece: Piece) -> None:
        """Put a piece where its account and symbol say."""
        self.pieces[piece.lot_id] = piece
        key = (piece.account_id, piece.symbol)
        if key not in self.positions:
            self.positions[key] = Position()
        self.positions[key].add(piece)

    def lift(self, piece: Piece) -> None:
        """Take a piece with all its shares out of its position."""
        position = self.positions[(piece.account_id, piece.symbol)]
        position.shares -= piece.shares
        position.remove(piece)
        del self.pieces[piece.lot_id]

    def split(self, piece: Piece, shares: Shares) -> Piece:
        """Divide a piece in two and return the part with `shares`; both stay where they are."""
        root = piece.lot_id.partition(PART)[0]
        self.parts[root] += 1
        part = piece.split_off(shares, f"{root}{PART}{self.parts[root]}")
        position = self.positions[(piece.account_id, piece.symbol)]
        position.shares -= shares
        position.requeue(piece)
        self.place(part)
        return part

    def requeue(self, piece: Piece) -> None:
        """Let the position know that a piece's basis changed."""
        position = self.positions[(piece.account_id, piece.symbol)]
        position.is_level = False
        position.requeue(piece)

    def held(self, account_id: str, symbol: str) -> list[Piece]:
        """The open pieces of a security in an account, in the order of acquisition."""
        position = self.positions.get((account_id, symbol))
        pieces = position.pieces.values() if position else ()
        return sorted(pieces, key=lambda piece: (piece.acquired, piece.sequence, piece.lot_id))

    def select(self, event: Event, symbol: str, shares: Shares, order: "Order") -> list[tuple[Piece, Shares]]:
        """Find the pieces an event takes `shares` from: those it names, or those a relief method ranks first."""
        account = self.account(event)
        position = self.positions.get((account.account_id, symbol))
        if position is None or position.shares < shares:
            raise self._oversold(event, symbol, shares, position.shares if position else ZERO)
        if order.picks:
            found: dict[str, Shares] = {}
            for pick in order.picks:
                self._find_named(event, symbol, pick, found)
            return [(self.pieces[name], taken) for name, taken in found.items()]
        return self._ranked(event, position, symbol, shares, order)

    def take(self, event: Event, selected: Iterable[tuple[Piece, Shares]]) -> list[Taken]:
        """Remove shares from pieces."""
        taken: list[Taken] = []
        for piece, shares in selected:
            position = self.positions[(piece.account_id, piece.symbol)]
            position.shares -= shares
            taken.append(Taken(piece, shares, *piece.take(shares)))
            if piece.shares == ZERO:
                position.remove(piece)
                del self.pieces[piece.lot_id]
            else:
                position.requeue(piece)
        return taken

    def dispose(self, event: Event, taken: list[Taken], proceeds: Money, manner: Manner = Manner.SALE) -> None:
        """Record what was taken as sold for `proceeds` dollars, shared out by shares."""
        amounts = apportion(proceeds, [each.shares for each in taken])
        is_taxable = self.account(event).kind.is_taxable
        for each, amount in zip(taken, amounts, strict=True):
            basis, held_from = _basis_and_start(each, amount)
            piece = each.piece
            self.record(
                Disposal(
                    lot_id=piece.lot_id,
                    account_id=piece.account_id,
                    symbol=piece.symbol,
                    acquired=piece.acquired,
                    disposed=event.date,
                    shares=each.shares,
                    proceeds=amount,
                    cost_basis=basis,
                    term=Term.LONG if piece.is_inherited or is_long_term(held_from, event.date) else Term.SHORT,
                    event_id=event.event_id,
                    is_taxable=is_taxable,
                    is_inherited=piece.is_inherited,
                    manner=manner,
                ),
                held_from,
                piece.purchase_id,
            )

    def record(self, disposal: Disposal, held_from: date, purchase_id: str) -> None:
        """Note a disposal, and its loss if the wash-sale rule may reach it."""
        self.disposals.append(disposal)
        if disposal.is_taxable and disposal.cost_basis > disposal.proceeds and disposal.shares > 0:
            self.washing.lost(disposal, len(self.disposals) - 1, held_from, purchase_id)

    def _find_named(self, event: Event, symbol: str, pick: LotPick, found: dict[str, Shares]) -> None:
        """Add to `found` the pieces a named lot stands for: itself, then its parts in the order they came apart."""
        wanted = pick.shares
        for name in self._names_of(event, pick):
            piece = self.pieces.get(name)
            if piece is None or (piece.account_id, piece.symbol) != (event.account_id, symbol):
                continue
            part = min(wanted, piece.shares - found.get(name, ZERO))
            if part > 0:
                found[name] = found.get(name, ZERO) + part
                wanted -= part
            if wanted == ZERO:
                return
        raise LedgerError(
            f"{event.where}: {event.date} takes {pick.shares} {symbol} of lot {pick.lot_id!r} in "
            f"{self._called(event)}, but only {pick.shares - wanted} shares of it are open there; "
            "name another lot or look for a missing transfer before that date."
        )

    def _names_of(self, event: Event, pick: LotPick) -> list[str]:
        root = pick.lot_id.partition(PART)[0]
        if root not in self.parts:
            raise LedgerError(
                f"{event.where}: {event.date} names lot {pick.lot_id!r}, which was not open yet; "
                "look for a missing purchase or transfer before that date."
            )
        if root != pick.lot_id:
            return [pick.lot_id]
        return [root, *(f"{root}{PART}{number}" for number in range(1, self.parts[root] + 1))]

    def _ranked(
        self, event: Event, position: Position, symbol: str, shares: Shares, order: "Order"
    ) -> list[tuple[Piece, Shares]]:
        method = self._method(event, order)
        if method.averages_basis:
            self._average(event, position, symbol)
        found: list[tuple[Piece, Shares]] = []
        wanted = shares
        for piece in position.in_order(method, SaleTerms(event.date, order.amount / shares)):
            found.append((piece, min(wanted, piece.shares)))
            wanted -= found[-1][1]
            if wanted == ZERO:
                break
        return found

    def _method(self, event: Event, order: "Order") -> ReliefMethod:
        """The relief method of the event, else the account's."""
        try:
            return method_named(order.relief or self.account(event).relief)
        except InputError as fault:
            whose = "" if order.relief else f" The account {event.account_id!r} names it."
            raise LedgerError(f"{event.where}: {fault}{whose}") from None

    def _average(self, event: Event, position: Position, symbol: str) -> None:
        """Give every share of a position the average basis (Reg. 1.1012-1(e)(7)), to the cent over all."""
        security = self.securities.get(symbol)
        if security is None or not security.kind.may_average:
            raise LedgerError(
                f"{event.where}: average basis is for mutual funds only and {symbol} is not declared as one; "
                "choose another relief method or declare the security's kind."
            )
        if position.is_level:
            return
        pieces = list(position.pieces.values())
        total = sum((piece.cost_basis for piece in pieces), ZERO)
        for piece, basis in zip(pieces, apportion(total, [piece.shares for piece in pieces]), strict=True):
            if piece.cost_basis != basis:
                piece.cost_basis = basis
                position.requeue(piece)
        position.is_level = True

    def _oversold(self, event: Event, symbol: str, shares: Shares, open_shares: Shares) -> LedgerError:
        return LedgerError(
            f"{type(event).__name__} of {shares} {symbol} on {event.date} in {self._called(event)}, but only "
            f"{open_shares} shares are open; look for a missing purchase or transfer before that date ({event.where})."
        )

    def _called(self, event: Event) -> str:
        account = self.account(event)
        return account.name or account.account_id


@dataclass(frozen=True, slots=True)
class Order:
    """How an event says which shares it means: named lots, or a relief method and the dollars the shares brought."""

    picks: tuple[LotPick, ...] = ()
    relief: str | None = None
    amount: Money = ZERO


def _basis_and_start(taken: Taken, proceeds: Money) -> tuple[Money, date]:
    """The basis of what was taken and where its holding period starts, after the two bases of a gift.

    A loss figured with the value at the gift has the basis of nobody else, so that the donor's time is not tacked to it
    (IRC 1015(a), 1223(2); Pub. 550 ch. 4), nor to what replaces it in a wash sale (IRC 1223(3)).
    """
    piece = taken.piece
    if taken.loss_basis is None or proceeds >= taken.cost_basis:
        return taken.cost_basis, piece.held_from
    if proceeds >= taken.loss_basis:
        return proceeds, piece.held_from
    return taken.loss_basis, piece.acquired
