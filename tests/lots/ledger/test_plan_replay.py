"""A year-end plan replayed as events."""

from datetime import date
from decimal import Decimal

import pytest

from lots.accounts import Account, AccountKind
from lots.errors import LedgerError
from lots.events import Buy, Contribution, Donate, LotPick, OpenCash, OpenLot, Sell, Source
from lots.ledger import fold
from lots.lot import Term

D = Decimal
JOINT = Account("joint", AccountKind.TAXABLE, name="Joint taxable")
ROTH = Account("roth", AccountKind.ROTH_IRA)
TODAY = date(2026, 12, 18)


def lot(lot_id: str, acquired: date, shares: str, basis: str, account: str = "joint", symbol: str = "VTI") -> OpenLot:
    return OpenLot(
        date=acquired,
        account_id=account,
        event_id=f"open-{lot_id}",
        symbol=symbol,
        shares=D(shares),
        cost_basis=D(basis),
        lot_id=lot_id,
    )


def sale(shares: str, proceeds: str, *picks: tuple[str, str], day: date = TODAY, account: str = "joint") -> Sell:
    return Sell(
        date=day,
        account_id=account,
        event_id="sale",
        symbol="VTI",
        shares=D(shares),
        proceeds=D(proceeds),
        picks=tuple(LotPick(name, D(part)) for name, part in picks),
        source=Source("plan.csv", 7),
    )


def test_a_sale_takes_the_lots_it_names_and_states_their_terms() -> None:
    """Specific identification is what the optimizer's savings rest on; a swapped lot would be a false return."""
    history = [
        OpenCash(date=date(2020, 1, 1), account_id="joint", event_id="c", amount=D(0)),
        lot("old", date(2020, 5, 4), "100", "9000"),
        lot("new", date(2026, 2, 2), "100", "26000"),
        sale("130", "32500", ("old", "30"), ("new", "100")),
    ]
    book = fold(history, [JOINT])
    assert [(d.lot_id, d.shares, d.proceeds, d.cost_basis, d.term) for d in book.disposals] == [
        ("old", D(30), D(7500), D("2700.00"), Term.LONG),
        ("new", D(100), D(25000), D(26000), Term.SHORT),
    ]
    assert list(book.open_lots) == ["old"]
    assert book.open_lots["old"].cost_basis == D(6300)
    assert book.cash["joint"] == D(32500)


def test_a_sale_of_more_than_is_open_names_account_shares_and_source() -> None:
    """The message is all a user has to find the missing transfer."""
    with pytest.raises(LedgerError, match=r"120 VTI on 2026-12-18 in Joint taxable, but only 100 .*plan.csv, row 7"):
        fold([lot("old", date(2020, 5, 4), "100", "9000"), sale("120", "30000")], [JOINT])


def test_naming_a_lot_twice_cannot_take_more_than_it_holds() -> None:
    """Two picks of one lot would otherwise pass one by one."""
    history = [
        lot("a", date(2020, 5, 4), "100", "9000"),
        lot("b", date(2020, 5, 5), "100", "9000"),
        sale("120", "30000", ("a", "60"), ("a", "60")),
    ]
    with pytest.raises(LedgerError, match="only 40 shares of it are open"):
        fold(history, [JOINT])


def test_a_sale_in_a_retirement_account_is_recorded_and_not_taxable() -> None:
    """Trades inside a Roth account must appear in the replay but never on the return."""
    history = [lot("r", date(2025, 5, 4), "10", "3000", account="roth"), sale("10", "2500", account="roth")]
    book = fold(history, [JOINT, ROTH])
    assert [d.is_taxable for d in book.disposals] == [False]
    assert book.taxable_disposals() == ()


def test_a_donation_realises_nothing_and_keeps_its_term() -> None:
    """What may be deducted depends on the age of the lot given."""
    gift = Donate(
        date=TODAY,
        account_id="joint",
        event_id="gift",
        symbol="VTI",
        shares=D(10),
        fair_market_value=D(3000),
        picks=(LotPick("old", D(10)),),
    )
    book = fold([lot("old", date(2020, 5, 4), "100", "9000"), gift], [JOINT])
    assert [(d.fair_market_value, d.cost_basis, d.term) for d in book.donations] == [(D(3000), D("900.00"), Term.LONG)]
    assert book.disposals == ()


def test_a_loss_sold_and_bought_back_in_the_roth_is_lost_for_good() -> None:
    """Rev. Rul. 2008-5: the costliest mistake a rebalancing across accounts can make."""
    back = Buy(date=TODAY, account_id="roth", event_id="b", symbol="VTI", shares=D(4), cost=D(1000), lot_id="r", fees=D(0))
    money = Contribution(date=TODAY, account_id="roth", event_id="m", amount=D(1000))
    book = fold([lot("a", date(2026, 3, 2), "10", "3000"), sale("10", "2500"), money, back], [JOINT, ROTH])
    [disposal] = book.disposals
    assert (disposal.washed_shares, disposal.disallowed_loss, disposal.lost_loss) == (D(4), D("200.00"), D("200.00"))
    assert disposal.gain == D("-300.00")
    assert book.open_lots["r"].cost_basis == D(1000)
    assert book.cash["roth"] == D(0)
