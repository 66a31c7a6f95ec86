"""What cash events do to the workings."""

from lots.events import CashIncome, Contribution, Fee, IncomeKind, OpenCash, Withdrawal
from lots.ledger.records import Income
from lots.ledger.workings import Workings


def open_cash(state: Workings, event: OpenCash) -> None:
    """Start from the cash a statement reports."""
    state.move_cash(event, event.amount)


def contribute(state: Workings, event: Contribution) -> None:
    """Bring money in."""
    state.move_cash(event, event.amount)


def withdraw(state: Workings, event: Withdrawal) -> None:
    """Take money out; out of a pre-tax account all of it is income."""
    state.move_cash(event, -event.amount)
    if state.account(event).kind.is_pre_tax:
        state.incomes.append(
            Income(event.date, event.account_id, IncomeKind.RETIREMENT_DISTRIBUTION, event.amount, None, event.event_id)
        )


def receive_income(state: Workings, event: CashIncome) -> None:
    """Receive income; inside a sheltered account it is cash and nothing more."""
    state.move_cash(event, event.amount)
    if state.account(event).kind.is_taxable:
        state.incomes.append(Income(event.date, event.account_id, event.kind, event.amount, event.symbol, event.event_id))


def pay_fee(state: Workings, event: Fee) -> None:
    """Pay a charge."""
    state.move_cash(event, -event.amount)
