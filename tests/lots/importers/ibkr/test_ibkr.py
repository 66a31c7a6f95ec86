"""Interactive Brokers' Flex statements."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.events import Buy, CashIncome, Contribution, IncomeKind, Sell
from lots.importers import Severity, Statement, StatementError, read_statement

Read = Callable[..., Statement]
NAME = "ibkr/ibkr-flex.xml"


def test_lots_keep_purchase_and_holding_period_apart(read: Read) -> None:
    """After a wash sale the holding period starts before the purchase."""
    statement = read(NAME)
    assert (statement.as_of, statement.accounts) == (date(2026, 8, 3), ("U1234567",))
    assert [(lot.symbol, lot.date, lot.holding_start, lot.shares, lot.cost_basis) for lot in statement.lots] == [
        ("VTI", date(2018, 7, 19), None, Decimal(10), Decimal("1300.65")),
        ("VTI", date(2026, 2, 17), date(2025, 11, 3), Decimal(20), Decimal(5000)),
        ("BRK.B", date(2024, 1, 9), None, Decimal("2.5"), Decimal("1001.125")),
    ]


def test_lots_and_summary_of_one_file_are_compared(read: Read) -> None:
    """A query that lost a lot still has the sum."""
    with pytest.raises(StatementError, match=r"30 shares in 2 lots; expected the 31 shares"):
        read(NAME, ('position="30"', 'position="31"'))


def test_a_summary_without_lots_says_which_box_to_tick(read: Read) -> None:
    """Most queries are made without it."""
    statement = read(NAME, *[('levelOfDetail="LOT"', 'levelOfDetail="TOTAL"')] * 6)
    assert statement.lots == ()
    assert any("tick 'Lots'" in problem.step for problem in statement.problems)


def test_closed_lots_get_their_proceeds_from_cost_and_gain(read: Read) -> None:
    """The price of a closed lot is that of the opening trade; taken for the sale it would show no gain at all."""
    (sale,) = read(NAME).closed_lots
    assert (sale.symbol, sale.acquired, sale.date) == ("AAPL", date(2026, 3, 10), date(2026, 4, 1))
    assert (sale.cost_basis, sale.proceeds) == (Decimal(21051), Decimal("19998.52"))


def test_trades_are_booked_once_with_their_charges(read: Read) -> None:
    """The same trade stands there as execution and as order."""
    events = read(NAME).transactions
    (bought,) = (event for event in events if isinstance(event, Buy))
    (sold,) = (event for event in events if isinstance(event, Sell))
    assert (bought.cost, bought.fees) == (Decimal(21050), Decimal(1))
    assert (sold.proceeds, sold.fees) == (Decimal(20000), Decimal("1.48"))


def test_shares_booked_in_for_nothing_are_no_purchase(read: Read) -> None:
    """Such a row is a transfer or a corporate action; taken for a purchase its basis would be zero."""
    changes = [
        ('tradePrice="210.5"', 'tradePrice="0"'),
        ('proceeds="-21050"', 'proceeds="0"'),
        ('netCash="-21051"', 'netCash="0"'),
    ]
    statement = read(NAME, *changes, ('ibCommission="-1"', 'ibCommission="0"'))
    assert not any(isinstance(event, Buy) for event in statement.transactions)
    assert any("for nothing" in problem.found for problem in statement.left_out)


def test_payments_are_booked_in_detail_and_not_in_sum(read: Read) -> None:
    """A dividend counted as detail and as sum is taxed twice."""
    events = read(NAME).transactions
    assert [(event.kind, event.amount) for event in events if isinstance(event, CashIncome)] == [
        (IncomeKind.ORDINARY_DIVIDEND, Decimal("9.5")),
        (IncomeKind.INTEREST, Decimal("3.21")),
    ]
    assert [event.amount for event in events if isinstance(event, Contribution)] == [Decimal(22000)]


def test_what_has_no_place_is_listed_with_its_line(read: Read) -> None:
    """Euros, options, short positions, withheld tax and corporate actions; nothing else."""
    found = [problem.found for problem in read(NAME).left_out]
    words = ("EUR in cash", "'SAP' in EUR", "category OPT", "short position", "closed by BUY", "opens or closes a short")
    more = ("Withholding Tax", "CorporateAction")
    assert len(found) == len(words) + len(more)
    assert all(any(word in text for text in found) for word in words + more)


def test_elements_nobody_reads_are_noted_once(read: Read) -> None:
    """A new section may matter one day."""
    notes = [problem.found for problem in read(NAME).problems if problem.severity is Severity.NOTE]
    assert [text for text in notes if "<" in text] == ["1 element <SlbFee>"]


def test_statements_of_two_days_are_refused(read: Read, sample: Callable[[str], bytes]) -> None:
    """Their positions would be added up."""
    second = '<FlexStatement accountId="U7654321" toDate="20260802"></FlexStatement></FlexStatements>'
    with pytest.raises(StatementError, match="ends on 2026-08-02"):
        read(NAME, ("</FlexStatements>", second))


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE, "<!DOCTYPE FlexQueryResponse>"])
def test_a_document_type_declaration_is_refused_before_anything_unfolds(read: Read, declaration: str) -> None:
    """A few bytes that unfold into gigabytes, or fetch a file, are an old trick."""
    with pytest.raises(StatementError, match="document type declaration"):
        read(NAME, ("<FlexQueryResponse", f"{declaration}<FlexQueryResponse"))


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"<FlexStatementResponse><Status>Warn</Status></FlexStatementResponse>", "not ready"),
        (b"<FlexQueryResponse><FlexStatements>", "breaks off"),
        (b"<FlexQueryResponse>&lol;</FlexQueryResponse>", "damaged"),
        (b"<a/>", "a file that begins with '<a/>'"),
    ],
)
def test_xml_that_is_no_whole_statement_is_refused(raw: bytes, word: str) -> None:
    """The service answers a question asked too early with XML too."""
    with pytest.raises(StatementError, match=word):
        read_statement(raw, "flex.xml")


def test_another_declared_encoding_changes_nothing(read: Read) -> None:
    """The text is decoded already when the declaration is read."""
    assert len(read(NAME, ('encoding="UTF-8"', 'encoding="ISO-8859-1"')).lots) == 3
