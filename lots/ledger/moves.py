"""What transfers, conversions, gifts and inheritances do to the workings."""

from lots.accounts import Account, AccountKind
from lots.errors import LedgerError
from lots.events import CashTransfer, Event, GiftReceived, IncomeKind, Inherited, RothConversion, Transfer
from lots.ledger.piece import Piece
from lots.ledger.records import Income
from lots.ledger.workings import Order, Workings
from lots.units import Shares, apportion


def transfer(state: Workings, event: Transfer) -> None:
    """Move shares to another account; date, basis and name stay, and a lot moved in part comes apart."""
    _require_same_tax(state, event, event.to_account_id)
    order = Order(event.picks, event.relief)
    for piece in _moved(state, event, event.symbol, event.shares, order):
        piece.account_id = event.to_account_id
        state.place(piece)


def transfer_cash(state: Workings, event: CashTransfer) -> None:
    """Move cash to another account."""
    _require_same_tax(state, event, event.to_account_id)
    state.move_cash(event, -event.amount)
    state.move_cash(event, event.amount, event.to_account_id)


def convert(state: Workings, event: RothConversion) -> None:
    """Move cash or shares to a Roth account and record their value as income."""
    origin, target = state.account(event), state.account(event, event.to_account_id)
    if not origin.kind.is_pre_tax or _tax_class(target) != "Roth":
        raise LedgerError(
            f"{event.where}: a Roth conversion on {event.date} goes from {origin.account_id!r} ({origin.kind.value}) "
            f"to {target.account_id!r} ({target.kind.value}); expected a pre-tax and a Roth account."
        )
    if event.symbol is None or event.shares is None:
        state.move_cash(event, -event.amount)
        state.move_cash(event, event.amount, event.to_account_id)
    else:
        moved = _moved(state, event, event.symbol, event.shares, Order(event.picks, amount=event.amount))
        for piece, value in zip(moved, apportion(event.amount, [each.shares for each in moved]), strict=True):
            piece.account_id = event.to_account_id
            piece.cost_basis = value
            state.place(piece)
    state.incomes.append(
        Income(event.date, event.account_id, IncomeKind.ROTH_CONVERSION, event.amount, event.symbol, event.event_id)
    )


def receive_gift(state: Workings, event: GiftReceived) -> None:
    """Open a lot with the donor's basis and age, and the value at the gift as basis for a loss."""
    basis = event.donor_basis + event.gift_tax_on_appreciation
    piece = Piece(event.lot_id, event.account_id, event.symbol, event.date, event.shares, basis, state.next_sequence())
    piece.held_from = event.donor_acquired
    if event.fair_market_value < event.donor_basis:
        piece.loss_basis = event.fair_market_value
    state.open(event, piece, is_purchase=False)


def inherit(state: Workings, event: Inherited) -> None:
    """Open a lot at its value at death."""
    piece = Piece(event.lot_id, event.account_id, event.symbol, event.date, event.shares, event.value, state.next_sequence())
    piece.is_inherited = True
    state.open(event, piece, is_purchase=False)


def _moved(state: Workings, event: Event, symbol: str, shares: Shares, order: Order) -> list[Piece]:
    """Lift shares out of their account, whole pieces as they are and parts as pieces of their own."""
    moved: list[Piece] = []
    for piece, count in state.select(event, symbol, shares, order):
        part = piece if count == piece.shares else state.split(piece, count)
        if part is not piece:
            state.washing.came_apart(part)
        state.lift(part)
        moved.append(part)
    return moved


def _require_same_tax(state: Workings, event: Event, to_account_id: str) -> None:
    origin, target = state.account(event), state.account(event, to_account_id)
    if origin.account_id == target.account_id:
        raise LedgerError(f"{event.where}: the transfer on {event.date} ends in the account it starts from.")
    if _tax_class(origin) != _tax_class(target):
        raise LedgerError(
            f"{event.where}: the transfer on {event.date} goes from {origin.account_id!r} ({origin.kind.value}) to "
            f"{target.account_id!r} ({target.kind.value}), which are taxed differently; state it as a withdrawal and "
            "contribution, a Roth conversion or a donation."
        )
    if not origin.kind.is_taxable and origin.owner_id != target.owner_id:
        raise LedgerError(
            f"{event.where}: the transfer on {event.date} moves from {origin.account_id!r} to {target.account_id!r}, "
            "retirement accounts of two owners; such an account stays with its owner."
        )


def _tax_class(account: Account) -> str:
    kind = account.kind
    if kind.is_pre_tax:
        return "pre-tax"
    if kind in (AccountKind.ROTH_IRA, AccountKind.ROTH_401K):
        return "Roth"
    return kind.value
