"""Schwab's four files."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from lots.events import Buy, CashIncome, CashMerger, Contribution, Fee, IncomeKind, ReturnOfCapital, Sell
from lots.importers import Known, Severity, Statement, StatementError, reconcile
from lots.importers.schwab_transactions import RULES

Read = Callable[..., Statement]


def test_two_lots_of_one_second_and_price_are_two_lots(read: Read) -> None:
    """An order filled in two parts leaves two rows alike in every cell; one of them dropped is a dozen shares lost."""
    lots = read("schwab/schwab-lots.csv").lots
    assert [(lot.date, lot.shares, lot.cost_basis) for lot in lots] == [
        (date(2019, 8, 5), Decimal(12), Decimal("456.12")),
        (date(2019, 8, 5), Decimal(12), Decimal("456.12")),
        (date(2020, 6, 12), Decimal("30.5312"), Decimal("1007.53")),
    ]
    assert [lot.lot_id for lot in lots] == [
        "FNDA-XXXX-4321-20190805-1",
        "FNDA-XXXX-4321-20190805-2",
        "FNDA-XXXX-4321-20200612-1",
    ]


def test_after_a_wash_sale_purchase_and_holding_period_have_their_own_days(read: Read) -> None:
    """The purchase decides which sales it washes, the holding period decides the term."""
    washed, plain = read("schwab/schwab-lots.washed.csv").lots
    assert (washed.date, washed.holding_start, washed.cost_basis) == (date(2026, 2, 17), date(2025, 11, 3), Decimal(1060))
    assert (plain.date, plain.holding_start) == (date(2026, 3, 2), None)


@pytest.mark.parametrize("change", [('"54.5312"', '"66.5312"'), ('"$1,919.77"', '"$2,375.89"')])
def test_lots_that_miss_their_own_total_are_refused(read: Read, change: tuple[str, str]) -> None:
    """A line lost in a spreadsheet shows nowhere else."""
    with pytest.raises(StatementError, match=r"row 7: found a total of .* the sum of the lots"):
        read("schwab/schwab-lots.csv", change)


def test_a_lot_without_a_basis_is_listed_and_not_taken(read: Read) -> None:
    """A basis that is missing is not a basis of zero."""
    statement = read("schwab/schwab-lots.csv", ('"$1,007.53"', '"Incomplete"'), ('"$1,919.77"', '"--"'))
    assert len(statement.lots) == 2
    assert [(each.row, each.severity) for each in statement.problems] == [(6, Severity.LEFT_OUT)]


@pytest.mark.parametrize("day", ["--", "Various", "VARIOUS", "N/A"])
def test_a_lot_without_a_day_is_listed_and_not_taken(read: Read, day: str) -> None:
    """Shares moved from another broker may wait weeks for their dates."""
    statement = read("schwab/schwab-lots.csv", ('"06/12/2020 15:59:58"', f'"{day}"'))
    assert (len(statement.lots), [each.row for each in statement.left_out]) == (2, [6])
    assert statement.incomplete == {("XXXX-4321", "FNDA")}


def test_a_lot_of_no_shares_is_listed_and_not_taken(read: Read) -> None:
    """A closed lot lingers in the list for a day."""
    statement = read("schwab/schwab-lots.csv", ('"30.5312"', '"0"'), ('"54.5312"', '"24"'))
    assert (len(statement.lots), [each.row for each in statement.left_out]) == (2, [6])


def test_a_sale_must_have_one_day(read: Read) -> None:
    """Several days of acquisition are common, several days of sale are a row nobody can file."""
    with pytest.raises(StatementError, match="row 3: found 'Various'; expected a day under 'Closed Date'"):
        read("schwab/schwab-realized.csv", ('"03/08/2023","01/14/2020"', '"Various","01/14/2020"'))


def test_a_term_that_does_not_follow_from_the_day_is_noted(read: Read) -> None:
    """Inherited shares are long-term at once, and no column says that they were inherited."""
    statement = read("schwab/schwab-lots.csv", ('"Short Term"', '"Long Term"'))
    assert [(each.row, each.severity) for each in statement.problems] == [(6, Severity.NOTE)]


def test_lots_without_their_title_are_refused(read: Read) -> None:
    """Without the first line nobody knows of which security the lots are."""
    with pytest.raises(StatementError, match="Lot Details for"):
        read("schwab/schwab-lots.csv", ('"FNDA Lot Details for XXXX-4321 as of 02:46 AM ET, 09/25/2020"', ""))


@pytest.mark.parametrize(
    ("name", "day", "positions", "cash"),
    [
        ("2020", date(2020, 9, 25), [("XXXX-4321", "FNDA", "54.5312"), ("XXXX-4321", "BRK.B", "5")], ["13219.87"]),
        (
            "2024",
            date(2024, 4, 6),
            [("Individual ...321", "SCHB", "103.4471"), ("Roth IRA ...654", "SCHB", "10")],
            ["2180.15"],
        ),
        ("2026", date(2026, 5, 8), [("Individual ...321", "SCHB", "50")], ["50.12"]),
    ],
)
def test_three_generations_of_positions_are_read_alike(
    read: Read, name: str, day: date, positions: list[tuple[str, str, str]], cash: list[str]
) -> None:
    """Columns moved and were renamed twice; last year's file must still open."""
    statement = read(f"schwab/schwab-positions.{name}.csv")
    assert statement.as_of == day
    assert [(each.account_id, each.symbol, str(each.shares)) for each in statement.positions] == positions
    assert [str(each.amount) for each in statement.cash] == cash


def test_options_bonds_and_short_positions_are_listed_and_never_guessed(read: Read) -> None:
    """A short position booked as shares held would be wrong twice over."""
    found = [str(each) for name in ("2020", "2026") for each in read(f"schwab/schwab-positions.{name}.csv").left_out]
    assert [word for text in found for word in ("Option", "Fixed Income", "short position") if word in text] == [
        "Option",
        "Fixed Income",
        "short position",
    ]


def test_lots_and_positions_of_one_day_must_agree(read: Read) -> None:
    """Both come from the broker; if they differ, one of them was cut or is of another moment."""
    accounts = Known(accounts={"XXXX-4321": "joint", "Individual ...321": "joint"})
    lots = read("schwab/schwab-lots.washed.csv", known=accounts)
    reconcile([lots, read("schwab/schwab-positions.2026.csv", known=accounts), lots])
    other = read("schwab/schwab-positions.2026.csv", ('"50","1,200.00"', '"51","1,224.00"'), known=accounts)
    with pytest.raises(StatementError, match=r"50 shares in 2 lots; expected the 51 shares of the position"):
        reconcile([lots, other])
    basis = read("schwab/schwab-positions.2026.csv", ('"1,290.00"', '"1,290.03"'), known=accounts)
    with pytest.raises(StatementError, match=r"a basis of 1290.00 in 2 lots; expected the 1290.03"):
        reconcile([lots, basis])


def test_lots_of_a_security_the_positions_do_not_list_disagree(read: Read) -> None:
    """Sold in the morning, still listed in yesterday's lots: the day is the same, the holding is not."""
    accounts = Known(accounts={"XXXX-4321": "joint", "Individual ...321": "joint"})
    positions = read("schwab/schwab-positions.2026.csv", ('"SCHB"', '"SCHX"'), known=accounts)
    with pytest.raises(StatementError, match="no position at all"):
        reconcile([read("schwab/schwab-lots.washed.csv", known=accounts), positions])


def test_a_disallowed_loss_has_one_size_under_either_sign(read: Read) -> None:
    """The sign changed over the years; a negative loss added back would double the deduction."""
    sales = read("schwab/schwab-realized.csv").closed_lots
    assert [(sale.proceeds - sale.cost_basis, sale.disallowed_loss) for sale in sales] == [
        (Decimal("173.00"), Decimal(0)),
        (Decimal("-85.00"), Decimal("34.00")),
        (Decimal("-85.00"), Decimal("34.00")),
    ]
    assert [sale.is_long_term for sale in sales] == [True, False, False]


def test_a_gain_that_does_not_follow_is_noted(read: Read) -> None:
    """Proceeds and basis are what is filed; a gain that differs says one of them may be misread."""
    statement = read("schwab/schwab-realized.csv", ('"$977.50","$173.00"', '"$977.50","$137.00"'))
    assert [each.row for each in statement.problems if each.severity is Severity.NOTE] == [3]


def test_transactions_become_the_ledgers_events(read: Read) -> None:
    """Signs, fees, reinvestments and `as of` days are where such files are misread."""
    events = read("schwab/schwab-transactions.csv").transactions
    sale = next(event for event in events if isinstance(event, Sell))
    assert (sale.shares, sale.proceeds, sale.fees) == (Decimal(50), Decimal("2410.50"), Decimal("0.02"))
    buys = [event for event in events if isinstance(event, Buy)]
    assert [(buy.symbol, buy.cost, buy.fees, buy.is_reinvestment) for buy in buys] == [
        ("SCHB", Decimal("966.00"), Decimal(0), False),
        ("SCHB", Decimal("966.00"), Decimal(0), False),
        ("BRK.B", Decimal("3319.30"), Decimal("0.75"), False),
        ("SCHB", Decimal("12.34"), Decimal(0), True),
    ]
    incomes = [event for event in events if isinstance(event, CashIncome)]
    assert [(each.kind, each.date, each.symbol) for each in incomes] == [
        (IncomeKind.INTEREST, date(2023, 4, 15), None),
        (IncomeKind.QUALIFIED_DIVIDEND, date(2023, 4, 6), "SCHB"),
        (IncomeKind.ORDINARY_DIVIDEND, date(2023, 4, 5), "SCHZ"),
        (IncomeKind.CAPITAL_GAIN_DISTRIBUTION, date(2023, 4, 4), "SWTSX"),
    ]
    kinds = [type(event) for event in events]
    assert [kinds.count(kind) for kind in (Contribution, Fee, ReturnOfCapital, CashMerger)] == [1, 1, 1, 1]


def test_a_purchase_alike_in_every_cell_is_bought_twice(read: Read) -> None:
    """Two orders of the same size in one day fill at the same price more often than one thinks."""
    twins = [event for event in read("schwab/schwab-transactions.csv").transactions if event.date == date(2023, 4, 14)]
    assert len(twins) == 2
    assert len({event.event_id for event in twins}) == 2


def test_overlapping_files_give_the_overlap_the_same_ids(read: Read, sample: Callable[[str], bytes]) -> None:
    """Next month's download contains the last week of this month's; nothing may be booked twice."""
    whole = read("schwab/schwab-transactions.csv")
    lines = sample("schwab/schwab-transactions.csv").decode().splitlines(keepends=True)
    cut = read("schwab/schwab-transactions.csv", ("".join(lines[2:6]), ""))
    ids = {event.event_id for event in whole.transactions}
    assert {event.event_id for event in cut.transactions} < ids
    assert len(cut.transactions) == len(whole.transactions) - 2


def test_unknown_and_untold_actions_are_listed_with_what_to_do(read: Read) -> None:
    """Brokers invent actions; one that is skipped in silence is a hole in the history."""
    statement = read("schwab/schwab-transactions.csv")
    assert [problem.row for problem in statement.left_out] == [4, 5, 15, 20, 21]
    assert all(problem.step for problem in statement.left_out)


def test_an_amount_that_does_not_follow_is_left_out(read: Read) -> None:
    """A bond is quoted in per cent; taken for shares its basis would be a hundred times too large."""
    statement = read("schwab/schwab-transactions.csv", ('"20","$48.30","","-$966.00"', '"20","$48.30","","-$996.00"'))
    assert any("amount that follows" in problem.expected for problem in statement.left_out)


def test_a_row_that_was_cut_off_refuses_the_file(read: Read, sample: Callable[[str], bytes]) -> None:
    """A download that broke in the middle of a row is not whole."""
    last = sample("schwab/schwab-transactions.csv").decode().splitlines()[-1]
    with pytest.raises(StatementError, match="ends early"):
        read("schwab/schwab-transactions.csv", (last, '"03/28/2023","Buy","SCHB"'))


@pytest.mark.parametrize("change", [('"$6000.00"', '"$6,00.00"'), ('"04/18/2023"', '"18/04/2023"')])
def test_a_cell_that_cannot_be_read_refuses_the_file(read: Read, change: tuple[str, str]) -> None:
    """The row is there and means something; leaving it out would be guessing that it does not matter."""
    with pytest.raises(StatementError, match="row 6"):
        read("schwab/schwab-transactions.csv", change)


def test_rules_are_keyed_in_small_letters() -> None:
    """An action is looked up in small letters; a rule with a capital would never be found."""
    assert list(RULES) == [action.lower() for action in RULES]


def test_a_sale_with_more_withheld_than_lost_is_left_out_and_a_cent_of_rounding_is_not(read: Read) -> None:
    """No loss of 85 dollars has 86 disallowed; a cent more is how brokers round, and the sale must not be missing for it."""
    name, cell = "schwab/schwab-realized.csv", '"Yes","$34.00"'
    whole = read(name)
    wrong = read(name, (cell, '"Yes","$86.00"'))
    assert len(wrong.closed_lots) == len(whole.closed_lots) - 1
    assert "a disallowed loss of 86.00 on SCHB; expected at most the loss of 85.00" in " ".join(map(str, wrong.left_out))
    rounded = read(name, (cell, '"Yes","$85.01"'))
    assert max(sale.disallowed_loss for sale in rounded.closed_lots) == Decimal("85.00")
    assert "differ by rounding" in " ".join(map(str, rounded.problems))


def test_a_sale_whose_term_its_days_deny_is_taken_as_stated_and_noted(read: Read) -> None:
    """It may be a gift or a wash sale's replacement; a preparer decides, and must hear of it."""
    statement = read("schwab/schwab-realized.csv", ('"-$85.00","Short Term"', '"-$85.00","Long Term"'))
    assert [sale.is_long_term for sale in statement.closed_lots] == [True, True, False]
    assert "acquired on 2023-02-02, sold on 2023-06-15 and said to be long-term" in " ".join(map(str, statement.problems))
