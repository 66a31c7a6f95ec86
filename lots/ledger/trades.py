"""What purchases, sales, gifts to charity and reported lots do to the workings."""

from lots.events import Buy, ClosedLot, Donate, OpenLot, ReinvestedIncome, Sell
from lots.ledger.piece import Piece
from lots.ledger.records import Income
from lots.ledger.workings import Order, Workings
from lots.lot import Disposal, DonatedLot, Manner, Term
from lots.units import apportion
from lots.wash import withheld_shares


def open_lot(state: Workings, event: OpenLot) -> None:
    """Add a lot as a statement reports it."""
    piece = Piece(event.lot_id, event.account_id, event.symbol, event.date, event.shares, event.cost_basis, state.next_sequence())
    piece.held_from = event.holding_start or event.date
    piece.loss_basis = event.loss_basis
    piece.is_inherited = event.is_inherited
    was_bought = event.loss_basis is None and not event.is_inherited
    piece.is_stated = was_bought
    state.open(event, piece, is_purchase=was_bought and piece.held_from == event.date)


def closed_lot(state: Workings, event: ClosedLot) -> None:
    """Record a sale as a realised-gains file reports it."""
    is_long = event.is_long_by_dates if event.is_long_term is None else event.is_long_term
    disposal = Disposal(
        lot_id=event.lot_id,
        account_id=event.account_id,
        symbol=event.symbol,
        acquired=event.acquired,
        disposed=event.date,
        shares=event.shares,
        proceeds=event.proceeds,
        cost_basis=event.cost_basis,
        term=Term.LONG if is_long else Term.SHORT,
        disallowed_loss=event.disallowed_loss,
        washed_shares=withheld_shares(event.shares, event.cost_basis - event.proceeds, event.disallowed_loss),
        event_id=event.event_id,
        is_taxable=state.account(event).kind.is_taxable,
        is_inherited=event.is_inherited,
        manner=Manner.SALE,
    )
    state.record(disposal, event.held_from, event.lot_id)


def buy(state: Workings, event: Buy) -> None:
    """Open a lot for cash; fees are part of its basis."""
    basis = event.cost + event.fees
    piece = Piece(event.lot_id, event.account_id, event.symbol, event.date, event.shares, basis, state.next_sequence())
    state.open(event, piece, is_purchase=True)
    state.move_cash(event, -basis)


def reinvest(state: Workings, event: ReinvestedIncome) -> None:
    """Receive income in shares: a lot of its own, and no cash moved."""
    piece = Piece(event.lot_id, event.account_id, event.symbol, event.date, event.shares, event.amount, state.next_sequence())
    state.open(event, piece, is_purchase=True)
    if state.account(event).kind.is_taxable:
        state.incomes.append(Income(event.date, event.account_id, event.kind, event.amount, event.symbol, event.event_id))


def sell(state: Workings, event: Sell) -> None:
    """Take lots out for cash; fees reduce the amount realised."""
    net = event.proceeds - event.fees
    selected = state.select(event, event.symbol, event.shares, Order(event.picks, event.relief, net))
    state.dispose(event, state.take(event, selected), net)
    state.move_cash(event, net)


def donate(state: Workings, event: Donate) -> None:
    """Take lots out for charity."""
    order = Order(event.picks, event.relief, event.fair_market_value)
    taken = state.take(event, state.select(event, event.symbol, event.shares, order))
    values = apportion(event.fair_market_value, [each.shares for each in taken])
    for each, value in zip(taken, values, strict=True):
        state.donations.append(
            DonatedLot(
                lot_id=each.piece.lot_id,
                account_id=each.piece.account_id,
                symbol=each.piece.symbol,
                acquired=each.piece.acquired,
                donated=event.date,
                shares=each.shares,
                fair_market_value=value,
                cost_basis=each.cost_basis,
                term=each.piece.term_on(event.date),
                event_id=event.event_id,
            )
        )
