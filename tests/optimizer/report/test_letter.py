"""The donation letter: exactly the lots of the plan, and blanks where the household said nothing."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest

from lots.lot import Term
from optimizer.errors import InputFaults
from optimizer.plan import Plan
from optimizer.report.letter import letter_page, letter_text
from tests.optimizer.report.planned import example, hostile


def test_the_letter_names_account_lot_date_basis_and_value() -> None:
    """The broker delivers what the letter says; the deduction depends on that lot."""
    plan, problem = example()
    gift = plan.gifts[0]
    for text in (letter_text(plan, problem), letter_page(plan, problem)):
        assert "Joint brokerage" in text
        figures = (f"{gift.shares.normalize():,f}", f"${gift.cost_basis:,.2f}", f"${gift.value:,.2f}")
        for word in (gift.symbol, str(gift.acquired), *figures):
            assert word in text
        assert "[name of the charity]" in text
        assert "without selling" in text
        assert "long-term yet" not in text


def test_a_lot_held_short_term_is_asked_about(plan: Plan) -> None:
    """Its deduction is smaller; waiting may be worth more than the gift."""
    short = plan.gifts[0].model_copy(update={"term": Term.SHORT})
    assert "long-term yet" in letter_text(plan.model_copy(update={"gifts": (short,)}))


def test_every_account_that_gives_has_its_letter(plan: Plan) -> None:
    """Two brokers cannot share a letter."""
    other = plan.gifts[0].model_copy(update={"account": "ira"})
    text = letter_text(plan.model_copy(update={"gifts": (*plan.gifts, other)}))
    assert text.count("Signed:") == 2


def test_the_charity_is_told_what_comes_and_is_promised_no_value(plan: Plan) -> None:
    """A delivery carries no name; the acknowledgement is of shares and a day, and the value is the giver's to work out."""
    gift = plan.gifts[0].model_copy(update={"shares": Decimal("12.5")})
    notice = letter_text(plan.model_copy(update={"gifts": (gift,)})).split("-" * 72)[1]
    assert "12.5 shares of" in notice
    assert "IRC 170(f)(8)" in notice
    assert "$" not in notice


@pytest.mark.parametrize(("shares", "expected"), [("12.5", True), ("12", False)])
def test_fractions_stay_behind(plan: Plan, shares: str, expected: bool) -> None:
    """One broker delivers whole shares to another; an instruction over a fraction comes back unfulfilled."""
    gift = plan.gifts[0].model_copy(update={"shares": Decimal(shares)})
    given = plan.model_copy(update={"gifts": (gift,)})
    assert ("Whole shares alone" in letter_text(given)) is ("Whole shares alone" in letter_page(given)) is expected


def test_a_gift_straight_from_an_ira_has_its_own_letter(plan: Plan) -> None:
    """The custodian pays the charity, not the owner; cash from a taxable account needs no letter."""
    flow = plan.flows[0].model_copy(update={"kind": "cash gift", "account": "ira", "amount": Decimal("1234.50")})
    cash = flow.model_copy(update={"account": "joint", "amount": Decimal(777)})
    given = plan.model_copy(update={"gifts": (), "flows": (flow, cash)})
    for text in (letter_text(given), letter_page(given)):
        assert "$1,234.50" in text
        assert "qualified charitable distribution" in text
        assert f"leaves the account in {plan.tax_year}" in text
        assert "777" not in text
        assert "in kind" not in text


def test_a_plan_without_a_gift_has_no_letter(plan: Plan) -> None:
    """An empty letter would be sent."""
    with pytest.raises(InputFaults):
        letter_text(plan.model_copy(update={"gifts": (), "flows": ()}))


def test_no_name_becomes_markup() -> None:
    """A name is shown as it is written."""
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(letter_page(*hostile()))
    assert "img" not in tags
    assert "script" not in tags
    assert "{{7*7}}" in letter_text(*hostile())
