"""The example household is made by the script beside it, and it is the household its story promises."""

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lots.accounts import AccountKind
from lots.dates import is_long_term, long_term_from
from lots.units import ZERO
from optimizer.household import read_household
from optimizer.problem import LotFacts, Problem

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "year_end"
WINDOW = timedelta(days=30)


@pytest.fixture(scope="module")
def household() -> Problem:
    """The example as its files state it; reading it reports no fault."""
    return read_household(FOLDER)


def value(household: Problem, lot: LotFacts) -> Decimal:
    """What the lot is worth."""
    return lot.shares * next(security.price for security in household.securities if security.symbol == lot.symbol)


def gain(household: Problem, lot: LotFacts) -> Decimal:
    """The lot's unrealised gain."""
    assert lot.cost_basis is not None
    return value(household, lot) - lot.cost_basis


def acquired(lot: LotFacts) -> date:
    """The day the lot was bought, which a taxed account always states."""
    assert lot.acquired is not None
    return lot.acquired


def taxed_lots(household: Problem) -> list[LotFacts]:
    """Lots whose sale is taxed."""
    taxable = {account.id for account in household.accounts if account.kind.is_taxable}
    return [lot for lot in household.lots if lot.account in taxable]


def total(household: Problem) -> Decimal:
    """The household's value: lots, cash and pooled income."""
    cash = sum((account.cash for account in household.accounts), ZERO)
    pooled = sum((payment.amount for payment in household.income), ZERO)
    return sum((value(household, lot) for lot in household.lots), ZERO) + cash + pooled


def weight(household: Problem, segment: str) -> Decimal:
    """A segment's share of the household, funds of several segments looked through."""
    exposures = {security.symbol: security.exposures for security in household.securities}
    held = sum(value(household, lot) * exposures[lot.symbol].get(segment, ZERO) for lot in household.lots)
    return held / total(household)


@pytest.mark.parametrize("name", ["lots.csv", "prices.csv"])
def test_the_script_reproduces_its_files_byte_for_byte(name: str, tmp_path: Path) -> None:
    """Anyone can see where every number comes from, and nobody edited one by hand."""
    subprocess.run([sys.executable, FOLDER / "make.py", tmp_path], check=True, capture_output=True)
    assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_four_accounts_of_a_married_couple_hold_half_of_it_taxed(household: Problem) -> None:
    """Asset location needs both sides, and the wash-sale rule looks at all of them."""
    kinds = [AccountKind.TAXABLE, AccountKind.TRADITIONAL_IRA, AccountKind.ROTH_IRA, AccountKind.TRADITIONAL_401K]
    assert [account.kind for account in household.accounts] == kinds
    taxed = sum(value(household, lot) for lot in taxed_lots(household))
    assert Decimal("0.45") < taxed / total(household) < Decimal("0.55")


def test_about_150_lots_were_bought_over_nine_years(household: Problem) -> None:
    """A household that saved for years, not a toy."""
    days = sorted(lot.acquired for lot in household.lots if lot.acquired)
    assert 140 <= len(household.lots) <= 160
    assert days[-1] - days[0] > timedelta(days=9 * 365)
    assert [day for day in days if day.weekday() > 4] == []


def test_technology_communication_and_energy_are_out_of_band_and_nothing_else(household: Problem) -> None:
    """What calls for trades is what the story says, in the direction it says."""
    leaves = [segment for segment in household.segments if segment.parent]
    above = {segment.id for segment in leaves if weight(household, segment.id) > segment.trigger.upper}
    below = {segment.id for segment in leaves if weight(household, segment.id) < segment.trigger.lower}
    assert (above, below) == ({"technology", "communication"}, {"energy"})
    assert len(leaves) == 11 + 3


def test_every_segment_has_a_second_fund_that_is_not_identical_to_the_first(household: Problem) -> None:
    """After a sale at a loss something else must be there to buy, in the same account."""
    joint = next(account for account in household.accounts if account.kind.is_taxable)
    assert joint.menu is not None
    for segment in (segment.id for segment in household.segments if segment.parent):
        funds = [fund for fund in household.securities if fund.exposures == {segment: 1} and fund.symbol in joint.menu]
        assert len({fund.identical_group or fund.symbol for fund in funds}) >= 2, segment


def test_some_gains_are_large_enough_to_give_away(household: Problem) -> None:
    """A gift of shares saves most where the gain is largest: more of it than was promised has tripled or better."""
    tripled = [lot for lot in taxed_lots(household) if gain(household, lot) > 2 * (lot.cost_basis or 0)]
    old = [lot for lot in tripled if lot.symbol == "XLK" and is_long_term(acquired(lot), household.as_of)]
    assert sum(value(household, lot) for lot in old) > sum(gift.amount for gift in household.donations)


def test_there_are_losses_worth_harvesting(household: Problem) -> None:
    """They exceed what the year could use before the plan sells anything, and still look like a household's."""
    gains = household.taxpayer.gains
    losses = -sum(min(ZERO, gain(household, lot)) for lot in taxed_lots(household))
    assert gains.net_short + gains.net_long + 3_000 < losses < 15_000


def test_some_gains_turn_long_term_within_four_weeks(household: Problem) -> None:
    """Patience is worth something here: a year and a day is near."""
    end = household.as_of + timedelta(days=29)
    soon = [lot for lot in taxed_lots(household) if household.as_of < long_term_from(acquired(lot)) <= end]
    assert len(soon) == 4
    assert all(gain(household, lot) > 0 for lot in soon)


def test_november_dividends_make_a_wash_sale_possible(household: Problem) -> None:
    """A dividend reinvested within thirty days, in this account or in his IRA, washes a loss on as many shares."""
    recent = [lot for lot in household.lots if lot.acquired and lot.acquired >= household.as_of - WINDOW]
    losing = {lot.symbol for lot in taxed_lots(household) if gain(household, lot) < 0 and lot not in recent}
    assert {"BND", "TLT"} <= losing & {lot.symbol for lot in recent if lot.account == "joint"}
    assert {"BND", "TLT"} <= losing & {lot.symbol for lot in recent if lot.account == "his-ira"}


def test_a_loss_sale_of_this_month_bans_a_fund_that_is_wanted(household: Problem) -> None:
    """Energy is short and its first choice must not be bought: only the second choice is left."""
    assert [sale.symbol for sale in household.loss_sales] == ["XLE"]
    assert all(household.as_of - sale.sold <= WINDOW for sale in household.loss_sales)


def test_the_money_of_the_year_is_what_the_story_says(household: Problem) -> None:
    """Dividends pooled, a contribution to make, money needed in January, a promise to charity."""
    assert sum(payment.amount for payment in household.income) == 1_900
    assert sum(order.amount for order in household.contributions) == 14_000
    assert sum(order.amount for order in household.withdrawals) == 20_000
    assert sum(order.amount for order in household.donations) == 15_000
