"""New money: where it goes, how long it takes to bring segments back without a sale, and what waiting costs."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from optimizer.errors import ContradictoryOrders
from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.questions.invest import invest
from optimizer.questions.schedule import Every, pay_day, schedule
from tests.random_households import random_household

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"
TODAY = date(2026, 11, 20)


def two_funds() -> Problem:
    """70,000 of stocks and 30,000 of bonds where 60 and 40 % are wanted, a tenth of each either way."""

    def segment(name: str, target: float) -> dict[str, Any]:
        band = {"lower": target * 0.9, "upper": target * 1.1}
        return {"id": name, "target": target, "trigger": band, "destination": band}

    return Problem.from_parts(
        {
            "as_of": TODAY,
            "taxpayer": {"year": 2026, "filing_status": "single", "rates": {"ordinary": 0.24, "long_term": 0.15}},
            "accounts": [{"id": "joint", "kind": "taxable", "cash": 500}],
            "securities": [
                {"symbol": "STK", "price": 100, "exposures": {"stocks": 1}},
                {"symbol": "BND", "price": 50, "exposures": {"bonds": 1}},
            ],
            "segments": [segment("stocks", 0.6), segment("bonds", 0.4)],
            "lots": [
                {"id": "s", "account": "joint", "symbol": "STK", "shares": 700, "acquired": "2020-01-02", "cost_basis": 30000},
                {"id": "b", "account": "joint", "symbol": "BND", "shares": 590, "acquired": "2020-01-02", "cost_basis": 30000},
            ],
        }
    )


def test_the_payments_that_bring_bonds_back_are_counted_by_hand() -> None:
    """With 1,000 a month, n months: bonds and cash 29,500 + 1,000 n against 36 % of 100,000 + 1,000 n; n = 11 is the first.

    After n payments bonds miss 6,500 - 640 n and stocks exceed by 4,000 - 660 n, where that is above zero: over the eleven
    payments 34,000 and 10,140 together, 4,013 on average.
    """
    walk = schedule(two_funds(), Decimal(1000), (), Every.MONTH, 12)
    assert (walk.back_after, walk.fewest) == (11, 11)
    assert walk.pay_days[10].day == date(2027, 9, 20)
    assert walk.outside_today == 10_500
    shortfall = sum(max(0, 6500 - 640 * n) for n in range(1, 12))
    excess = sum(max(0, 4000 - 660 * n) for n in range(1, 12))
    assert abs(walk.waiting.average_outside - Decimal(shortfall + excess) / 11) < 2
    assert {each.symbol for row in walk.pay_days[:10] for each in row.placements} == {"BND"}


def test_selling_now_is_priced_beside_waiting() -> None:
    """To bring bonds to 36 % of 101,000 beside the payment, 5,860 of stocks, four sevenths of them gain, is sold at 15 %."""
    walk = schedule(two_funds(), Decimal(1000), (), Every.MONTH, 12)
    sold = Decimal("0.36") * 101_000 - 30_500
    assert abs(walk.waiting.tax_now - sold * Decimal(4) / 7 * Decimal("0.15")) < 2
    assert walk.waiting.outside_now == 0
    assert walk.waiting.cost_now > 0


def test_a_schedule_too_short_says_how_many_it_would_take() -> None:
    """The search beyond the schedule finds the same number as the walk does when it is long enough."""
    walk = schedule(two_funds(), Decimal(1000), (), Every.MONTH, 3)
    assert (walk.back_after, walk.fewest) == (None, 11)


@pytest.mark.parametrize(
    ("every", "number", "expected"),
    [
        (Every.MONTH, 1, date(2026, 2, 28)),
        (Every.MONTH, 12, date(2027, 1, 31)),
        (Every.QUARTER, 1, date(2026, 4, 30)),
        (Every.TWO_WEEKS, 2, date(2026, 2, 28)),
        (Every.WEEK, 1, date(2026, 2, 7)),
    ],
)
def test_a_pay_day_falls_on_the_last_of_a_month_that_is_too_short(every: Every, number: int, expected: date) -> None:
    """Counted from the first pay day, so that a short month does not move the ones after it."""
    assert pay_day(date(2026, 1, 31), every, number) == expected


def test_new_money_goes_to_what_is_short_and_cash_at_hand_stays() -> None:
    """The example is short of energy, whose first fund is banned after a loss; only the money asked about is spent."""
    answer = invest(read_household(FOLDER), Decimal(5000), ("joint",))
    assert [(each.account, each.symbol) for each in answer.placements] == [("joint", "VDE")]
    assert [(row.segment, row.side) for row in answer.outside] == [
        ("technology", "above"),
        ("communication", "above"),
        ("energy", "below"),
    ]
    assert answer.plan.sales == ()
    joint = next(row for row in answer.plan.cash if row.account == "joint")
    assert 0 <= joint.after - joint.before < 2


@pytest.mark.parametrize("seed", range(8))
def test_random_payments_are_invested_without_a_sale(seed: int) -> None:
    """Nothing is sold or given, the certificate stands, and no single account does better on bands."""
    try:
        answer = invest(random_household(seed), Decimal(3000))
    except ContradictoryOrders:
        pytest.fail("money can always enter a taxable account")
    assert (answer.plan.sales, answer.plan.gifts) == ((), ())
    assert answer.plan.certificate.status == "optimal"
    assert sum(each.dollars for each in answer.placements) <= 3000
    assert {other.account for other in answer.others} == {"joint", "roth"}


def test_money_goes_to_the_account_that_trades_fractions_where_two_serve_alike() -> None:
    """An account of whole shares, alike in all else, would leave part of 1,030 idle: no payment enters it, whichever is first."""
    first = two_funds()
    whole = first.accounts[0].model_copy(update={"id": "whole", "share_step": Decimal(1), "cash": Decimal(0)})
    for accounts in ((*first.accounts, whole), (whole, *first.accounts)):
        problem = first.model_copy(update={"accounts": accounts})
        walk = schedule(problem, Decimal(1030), (), Every.MONTH, 3)
        assert {each.account for row in walk.pay_days for each in row.placements} == {"joint"}
        assert walk.is_about
        assert walk.fewest == schedule(first, Decimal(1030), (), Every.MONTH, 3).fewest
