"""A household that keeps a ledger is planned from it."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.accounts import Account, AccountKind
from lots.errors import StoreError
from lots.events import Buy, Event, GiftReceived, Inherited, OpenCash, Sell
from lots.ledger.store import open_store
from optimizer.errors import InputFaults
from optimizer.household import read_household, write_template
from optimizer.problem import LotFacts

HOUSEHOLD = """
as_of = 2026-11-20
[taxpayer]
filing_status = "single"
ordinary_pct = 30
long_term_pct = 15
[accounts.joint]
kind = "taxable"
[accounts.roth]
kind = "roth_ira"
cash = 5
[segments.all]
target_pct = 100
[securities.VTI]
segment = "all"
[securities.BND]
segment = "all"
"""
BOUGHT = Buy(
    date=date(2020, 3, 16),
    account_id="joint",
    event_id="1",
    symbol="VTI",
    shares=Decimal(10),
    cost=Decimal("1300.25"),
    lot_id="a",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A household without lots.csv."""
    (tmp_path / "household.toml").write_text(HOUSEHOLD)
    (tmp_path / "prices.csv").write_text("symbol,price\nVTI,100\nBND,10\n")
    return tmp_path


def keep(folder: Path, events: Iterable[Event]) -> None:
    """Make the folder's ledger."""
    accounts = [Account("joint", AccountKind.TAXABLE), Account("roth", AccountKind.ROTH_IRA)]
    open_store(folder, create=True).append(events, accounts)


def lot(folder: Path) -> LotFacts:
    """The only lot of the household's problem."""
    (found,) = read_household(folder).lots
    return found


def test_lots_and_cash_come_from_the_ledger(folder: Path) -> None:
    """Nobody types again what was imported; what the file states about cash stands."""
    keep(folder, [BOUGHT, OpenCash(date=date(2026, 1, 2), account_id="joint", event_id="2", amount=Decimal("2000.25"))])
    problem = read_household(folder)
    assert lot(folder) == LotFacts(
        id="a", account="joint", symbol="VTI", shares=Decimal(10), cost_basis=Decimal("1300.25"), acquired=date(2020, 3, 16)
    )
    assert {account.id: account.cash for account in problem.accounts} == {"joint": Decimal("700.00"), "roth": Decimal(5)}


def test_the_ledger_is_read_as_of_the_day_of_the_plan(folder: Path) -> None:
    """A plan of November must not know what was bought in December."""
    keep(folder, [BOUGHT, replace(BOUGHT, date=date(2026, 12, 1), event_id="2", lot_id="b")])
    assert lot(folder).id == "a"


def test_the_year_so_far_and_what_must_not_be_bought_come_from_the_ledger(folder: Path) -> None:
    """The two numbers a person has to look up, and the ban they forget."""
    sold = Sell(
        date=date(2026, 11, 10),
        account_id="joint",
        event_id="2",
        symbol="VTI",
        shares=Decimal(4),
        proceeds=Decimal("400.00"),
    )
    gain = replace(sold, event_id="3", date=date(2026, 3, 2), proceeds=Decimal(1000), shares=Decimal(1))
    before = replace(sold, event_id="4", date=date(2025, 3, 3), proceeds=Decimal(9000), shares=Decimal(1))
    keep(folder, [replace(BOUGHT, cost=Decimal(1300)), sold, gain, before])
    problem = read_household(folder)
    assert problem.taxpayer.gains.net_long == (400 - 520) + (1000 - 130)
    (ban,) = problem.loss_sales
    assert (ban.account, ban.symbol, ban.sold, ban.shares, ban.loss) == (
        "joint",
        "VTI",
        date(2026, 11, 10),
        Decimal(4),
        Decimal(120),
    )
    (folder / "household.toml").write_text(HOUSEHOLD.replace("[accounts.joint]", "gains = { short = 7 }\n[accounts.joint]"))
    assert read_household(folder).taxpayer.gains.net_short == 7, "what the file says of the year stands"
    assert read_household(folder).taxpayer.gains.net_long == 0


def test_lots_csv_is_for_what_the_ledger_does_not_have(folder: Path) -> None:
    """A holding told twice would be counted twice; the row to delete is named."""
    keep(folder, [BOUGHT])
    head = "account,symbol,acquired,quantity,cost_basis\n"
    (folder / "lots.csv").write_text(head + "joint,BND,2021-01-04,5,55\n")
    assert sorted(each.symbol for each in read_household(folder).lots) == ["BND", "VTI"]
    (folder / "lots.csv").write_text(head + "joint,BND,2021-01-04,5,55\njoint,VTI,2020-03-16,10,1300.25\n")
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    assert [(fault.place, fault.found) for fault in refusal.value.faults] == [
        ("lots.csv, line 3", "a lot of VTI in 'joint', which ledger.db has")
    ]


def test_lots_told_twice_are_one_fault(folder: Path) -> None:
    """Seven faults about one forgotten file hide the one thing there is to do."""
    keep(folder, [BOUGHT])
    head = "account,symbol,acquired,quantity,cost_basis\n"
    (folder / "lots.csv").write_text(head + "joint,VTI,2020-03-16,4,520\njoint,VTI,2020-03-16,6,780.25\n")
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    (fault,) = refusal.value.faults
    assert (fault.found, fault.step) == (
        "2 lots of VTI in 'joint', which ledger.db has",
        "Remove lots.csv; everything in it is in the ledger.",
    )


OPENED = OpenCash(date=date(2026, 1, 2), account_id="roth", event_id="2", amount=Decimal(9))


def test_cash_that_the_ledger_contradicts_is_a_fault(folder: Path) -> None:
    """After a plan was carried out the file still has the cash of before, which would be spent a second time."""
    keep(folder, [BOUGHT, OPENED])
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    assert [(each.place, each.found, each.expected) for each in refusal.value.faults] == [
        ("household.toml, line 11", "5 dollars of cash", "the 9 that ledger.db has on 2026-11-20")
    ]
    (folder / "household.toml").write_text(HOUSEHOLD.replace("cash = 5\n", ""))
    assert {each.id: each.cash for each in read_household(folder).accounts}["roth"] == 9


@pytest.mark.parametrize(
    ("account", "wishes"),
    [("roth", ""), ("joint", "[[contributions]]\namount = 7\ninto = 'joint'\n")],
)
def test_payments_planned_before_what_happened_since_are_a_fault(folder: Path, account: str, wishes: str) -> None:
    """A contribution that was made in December would be made again by a plan that still begins in November."""
    (folder / "household.toml").write_text(HOUSEHOLD + wishes)
    keep(folder, [BOUGHT, replace(OPENED, date=date(2026, 12, 15), account_id=account)])
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    (fault,) = refusal.value.faults
    assert fault.place == "household.toml, line 2"
    assert f"events up to 2026-12-15 in {account}" in fault.found


def test_an_account_of_the_ledger_the_file_does_not_name_is_a_fault(folder: Path) -> None:
    """Leaving it out silently would plan for half a household."""
    keep(folder, [BOUGHT])
    (folder / "household.toml").write_text(HOUSEHOLD.replace("[accounts.joint]", "[accounts.ours]"))
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    assert [fault.place for fault in refusal.value.faults] == ["ledger.db"]
    assert "'joint'" in refusal.value.faults[0].found


def test_a_lot_without_a_price_is_a_fault(folder: Path) -> None:
    """The same words as for a lot of lots.csv, with the ledger's file as the place."""
    keep(folder, [BOUGHT])
    (folder / "prices.csv").write_text("symbol,price\nBND,10\n")
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    assert [(fault.place, fault.found) for fault in refusal.value.faults] == [("ledger.db", "a lot of VTI, which has no price")]


def test_what_was_inherited_is_long_term_at_any_age(folder: Path) -> None:
    """IRC 1223(9); a plan that waits a year for it gives money away."""
    left = Inherited(
        date=date(2026, 10, 1), account_id="joint", event_id="1", symbol="VTI", shares=Decimal(5), lot_id="a", value=Decimal(450)
    )
    keep(folder, [left])
    assert lot(folder).holding_start == date(1900, 1, 1)


@pytest.mark.parametrize(
    ("price", "basis", "start"),
    [("130", "1200", date(2019, 1, 2)), ("110", "1100", date(2019, 1, 2)), ("90", "1000", None)],
)
def test_a_gift_has_the_basis_that_today_s_price_gives_it(folder: Path, price: str, basis: str, start: date | None) -> None:
    """Above the donor's basis a gain, below the value at the gift a loss, between them neither (IRC 1015(a))."""
    gift = GiftReceived(
        date=date(2026, 6, 1),
        account_id="joint",
        event_id="1",
        symbol="VTI",
        shares=Decimal(10),
        lot_id="a",
        donor_basis=Decimal(1200),
        donor_acquired=date(2019, 1, 2),
        fair_market_value=Decimal(1000),
    )
    keep(folder, [gift])
    (folder / "prices.csv").write_text(f"symbol,price\nVTI,{price}\nBND,10\n")
    assert (lot(folder).cost_basis, lot(folder).holding_start) == (Decimal(basis), start)


@pytest.mark.parametrize(
    ("cells", "price", "basis", "start"),
    [
        ("1200,2019-01-02,1000,", "130", "1200", date(2019, 1, 2)),
        ("1200,2019-01-02,1000,", "110", "1100", date(2019, 1, 2)),
        ("1200,2019-01-02,1000,", "90", "1000", None),
        ("1200,,,yes", "130", "1200", date(1900, 1, 1)),
        ("1200,,,no", "130", "1200", None),
    ],
)
def test_a_gift_or_an_estate_of_lots_csv_is_what_the_ledger_makes_of_it(
    folder: Path, cells: str, price: str, basis: str, start: date | None
) -> None:
    """`bandwise lots --csv` writes these columns, and a plan from that file must be the plan from the ledger."""
    header = "account,symbol,acquired,quantity,cost_basis,holding_period_start,loss_basis,inherited"
    (folder / "lots.csv").write_text(f"{header}\njoint,VTI,2026-06-01,10,{cells}\n")
    (folder / "prices.csv").write_text(f"symbol,price\nVTI,{price}\nBND,10\n")
    assert (lot(folder).cost_basis, lot(folder).holding_start) == (Decimal(basis), start)


@pytest.mark.parametrize(("cells", "found"), [("1201,", "a basis for a loss of 1201"), ("1000,maybe", "inherited 'maybe'")])
def test_a_gift_or_an_estate_that_cannot_be_is_a_fault_of_its_row(folder: Path, cells: str, found: str) -> None:
    """The row and the cell are what a person can mend."""
    header = "account,symbol,acquired,quantity,cost_basis,loss_basis,inherited"
    (folder / "lots.csv").write_text(f"{header}\njoint,VTI,2026-06-01,10,1200,{cells}\n")
    with pytest.raises(InputFaults) as refusal:
        read_household(folder)
    assert [(fault.place, fault.found) for fault in refusal.value.faults] == [("lots.csv, line 2", found)]


def test_a_household_without_a_ledger_does_not_wait_for_a_database_library(tmp_path: Path) -> None:
    """Most plans are made from three small files; loading what they do not need would double the wait."""
    write_template(tmp_path / "home")
    code = (
        "import sys, pathlib; from optimizer.household import read_household;"
        "read_household(pathlib.Path(sys.argv[1])); print(*[name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", code, str(tmp_path / "home")]
    run = subprocess.run(words, capture_output=True, text=True, env=environment, check=True)
    assert run.stdout == "\n"


def test_a_ledger_that_cannot_be_read_stops_the_plan(folder: Path) -> None:
    """Planning without it would plan for a household that owns nothing."""
    (folder / "ledger.db").write_text("not a database, " * 100)
    with pytest.raises(StoreError, match="not a ledger"):
        read_household(folder)
