"""What corporate actions do to the workings."""

from decimal import ROUND_DOWN, Decimal

from lots.errors import LedgerError
from lots.events import CashMerger, Event, ReturnOfCapital, SpinOff, Split, StockMerger, SymbolChange
from lots.ledger.piece import Piece
from lots.ledger.workings import PART, Order, Workings
from lots.lot import Disposal, Manner
from lots.units import ZERO, Money, Shares, apportion, cents

SHARE_STEP = Decimal("0.00000001")
"""To what part of a share a corporate action is carried out; no statement is finer."""


def split(state: Workings, event: Split) -> None:
    """Turn old shares into new ones, lot by lot."""
    pieces = _held(state, event, event.symbol)
    _resize(state, pieces, event.new_shares, event.old_shares)
    state.washing.scale(event.symbol, event.date, event.new_shares, event.old_shares)
    _pay_fraction(state, event, event.symbol, event.cash_in_lieu)


def change_symbol(state: Workings, event: SymbolChange) -> None:
    """Give shares their new name."""
    for piece in _held(state, event, event.symbol):
        _rename(state, piece, event.new_symbol)


def merge(state: Workings, event: StockMerger) -> None:
    """Exchange shares for those of another company; cash besides is taxed up to each lot's gain."""
    pieces = _held(state, event, event.symbol)
    weights = [piece.shares for piece in pieces]
    boots = apportion(event.boot, weights)
    values = apportion(event.fair_market_value or ZERO, weights)
    if event.boot > 0:
        for piece, boot, value in zip(pieces, boots, values, strict=True):
            _take_boot(state, event, piece, boot, value)
        state.move_cash(event, event.boot)
    _resize(state, pieces, event.new_shares, event.old_shares)
    for piece in pieces:
        _rename(state, piece, event.new_symbol)
    _pay_fraction(state, event, event.new_symbol, event.cash_in_lieu)


def merge_for_cash(state: Workings, event: CashMerger) -> None:
    """Sell every share of the account."""
    pieces = _held(state, event, event.symbol)
    taken = state.take(event, [(piece, piece.shares) for piece in pieces])
    state.dispose(event, taken, event.proceeds, Manner.CASH_MERGER)
    state.move_cash(event, event.proceeds)


def spin_off(state: Workings, event: SpinOff) -> None:
    """Open a lot of the new company beside each lot of the old, with its part of the basis and its age."""
    pieces = _held(state, event, event.symbol)
    before = sum((piece.shares for piece in pieces), ZERO)
    received = _stepped(before * event.new_shares / event.old_shares)
    for piece, shares in zip(pieces, apportion(received, [each.shares for each in pieces], SHARE_STEP), strict=True):
        basis, loss_basis = (_fraction(amount, event.basis_fraction) for amount in (piece.cost_basis, piece.loss_basis))
        assert basis is not None
        piece.cost_basis -= basis
        if piece.loss_basis is not None and loss_basis is not None:
            piece.loss_basis -= loss_basis
        state.requeue(piece)
        if shares > 0:
            name = _free_name(state, f"{event.new_symbol}:{piece.lot_id.replace(PART, '.')}")
            part = Piece(name, piece.account_id, event.new_symbol, piece.acquired, shares, basis, state.next_sequence())
            part.held_from = piece.held_from
            part.is_inherited = piece.is_inherited
            part.loss_basis = loss_basis
            state.open(event, part, is_purchase=False)
    _pay_fraction(state, event, event.new_symbol, event.cash_in_lieu)


def return_capital(state: Workings, event: ReturnOfCapital) -> None:
    """Lower each lot's basis to zero and record what is beyond as gain."""
    pieces = _held(state, event, event.symbol)
    for piece, amount in zip(pieces, apportion(event.amount, [each.shares for each in pieces]), strict=True):
        beyond = max(ZERO, amount - piece.cost_basis)
        piece.cost_basis -= amount - beyond
        if piece.loss_basis is not None:
            piece.loss_basis = max(ZERO, piece.loss_basis - amount)
        state.requeue(piece)
        if beyond > 0:
            _record_gain(state, event, piece, beyond, ZERO, Manner.RETURN_OF_CAPITAL)
    state.move_cash(event, event.amount)


def _free_name(state: Workings, wanted: str) -> str:
    """The name, or with a number if the same lot was given shares of the same company before."""
    name, number = wanted, 2
    while name in state.parts:
        name, number = f"{wanted}.{number}", number + 1
    return name


def _held(state: Workings, event: Event, symbol: str) -> list[Piece]:
    pieces = state.held(state.account(event).account_id, symbol)
    if not pieces:
        raise LedgerError(
            f"{event.where}: {type(event).__name__} of {symbol} on {event.date} in account {event.account_id!r}, but "
            "no shares are open there; look for a missing purchase or transfer before that date."
        )
    return pieces


def _resize(state: Workings, pieces: list[Piece], new: Shares, old: Shares) -> None:
    """Give each piece its part of the position's new shares, basis untouched."""
    before = [piece.shares for piece in pieces]
    after = _stepped(sum(before, ZERO) * new / old)
    for piece, shares in zip(pieces, apportion(after, before, SHARE_STEP), strict=True):
        if shares == ZERO:
            raise LedgerError(
                f"Lot {piece.lot_id!r} of {piece.shares} {piece.symbol} would be left without a share at {new} for "
                f"{old}; check the ratio."
            )
        position = state.positions[(piece.account_id, piece.symbol)]
        position.shares += shares - piece.shares
        piece.shares = shares
        position.requeue(piece)


def _rename(state: Workings, piece: Piece, symbol: str) -> None:
    state.lift(piece)
    piece.symbol = symbol
    state.place(piece)


def _pay_fraction(state: Workings, event: Event, symbol: str, cash: Money) -> None:
    """Sell the fraction of a share a position ends with for the cash the company pays instead."""
    if cash == ZERO:
        return
    total = sum((piece.shares for piece in state.held(event.account_id, symbol)), ZERO)
    fraction = total - total.to_integral_value(ROUND_DOWN)
    if fraction == ZERO:
        raise LedgerError(
            f"{event.where}: {cash} is paid in lieu of a fraction of {symbol} on {event.date}, but {total} shares have "
            "no fraction; check the ratio or the shares held before."
        )
    taken = state.take(event, state.select(event, symbol, fraction, Order(amount=cash)))
    state.dispose(event, taken, cash, Manner.CASH_IN_LIEU)
    state.move_cash(event, cash)


def _take_boot(state: Workings, event: StockMerger, piece: Piece, boot: Money, value: Money) -> None:
    """Tax a lot's gain up to its cash: basis is old basis less cash plus the gain taxed (IRC 356(a)(1), 358(a)(1))."""
    gain = max(ZERO, min(boot, value + boot - piece.cost_basis))
    basis_before = piece.cost_basis
    piece.cost_basis = max(ZERO, basis_before - boot + gain)
    if piece.loss_basis is not None:
        piece.loss_basis = max(ZERO, piece.loss_basis - boot + gain)
    _record_gain(state, event, piece, boot, boot - gain, Manner.MERGER_BOOT)


def _record_gain(state: Workings, event: Event, piece: Piece, proceeds: Money, basis: Money, manner: Manner) -> None:
    """Record a gain on shares that stay."""
    disposal = Disposal(
        lot_id=piece.lot_id,
        account_id=piece.account_id,
        symbol=piece.symbol,
        acquired=piece.acquired,
        disposed=event.date,
        shares=piece.shares,
        proceeds=proceeds,
        cost_basis=basis,
        term=piece.term_on(event.date),
        event_id=event.event_id,
        is_taxable=state.account(event).kind.is_taxable,
        is_inherited=piece.is_inherited,
        manner=manner,
    )
    state.record(disposal, piece.held_from, piece.purchase_id)


def _stepped(shares: Shares) -> Shares:
    stepped = shares.quantize(SHARE_STEP)
    return shares if stepped == shares else stepped


def _fraction(amount: Money | None, fraction: Decimal) -> Money | None:
    return None if amount is None else cents(amount * fraction)
