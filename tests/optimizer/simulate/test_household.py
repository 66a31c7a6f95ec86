"""A household through time: the product plans every trade, and what is left adds up."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from lots.units import to_float
from optimizer.cli import main
from optimizer.problem import DonationOrder, Lever
from optimizer.simulate.household import HOLD, HouseholdPolicy, run_household
from optimizer.simulate.markets import made_up_sectors
from optimizer.simulate.paths import Yields
from optimizer.targets.drift import drifts_of, household_value
from tests.optimizer.simulate.mixed_household import mixed_household

MARKET = replace(made_up_sectors(4, 4), yields=Yields((0.0,) * 4, (0.0,) * 4, (0.0,) * 4))


def test_held_in_one_account_without_dividends_it_is_buy_and_hold_exactly() -> None:
    """No order of money, no dividend, no band: nothing is planned and every segment grows alone."""
    paths = MARKET.paths(0, 1, 36)
    household = mixed_household(MARKET.names, ("taxable",), qualified_yield="0")
    run = run_household(household, paths, HOLD)
    weights = np.array([to_float(segment.target) for segment in household.segments])
    expected = 500_000 * (np.cumprod(1 + paths.price[0], axis=0) * weights).sum(axis=1)
    assert run.plans == 0
    assert run.value[1:] == pytest.approx(expected, rel=1e-5)  # prices are to a hundredth of a cent


def test_sheltered_households_owe_nothing_until_they_draw() -> None:
    """A Roth IRA alone: trades without tax, and nothing is owed when everything is sold."""
    run = run_household(mixed_household(MARKET.names, ("roth",)), MARKET.paths(1, 1, 48), HouseholdPolicy("plan"))
    assert run.plans > 0
    assert run.year_tax == [0, 0, 0, 0]
    assert run.liquidated == 1.0


@pytest.mark.parametrize("levers", [frozenset(), frozenset(Lever)], ids=["no lever", "all levers"])
def test_money_is_conserved_and_bands_are_kept(levers: frozenset[Lever]) -> None:
    """Four years with a gift each December: growth less costs, gifts and tax is what is there, and inside its bands."""
    household = mixed_household(MARKET.names).model_copy(
        update={"donations": (DonationOrder(amount=Decimal(6000), sources=("taxable",)),)}
    )
    policy = HouseholdPolicy("plan", levers=levers)
    run = run_household(household, MARKET.paths(2, 1, 48), policy)
    made = (run.value[:-1] * (run.gross - 1) + run.spread).sum()
    expected = run.value[0] + made - run.spread.sum() - 4 * 6000 - run.tax_paid
    assert run.value[-1] == pytest.approx(expected, abs=60)  # gifts in shares are rounded up to the account's step
    assert run.problem is not None
    assert to_float(household_value(run.problem)) == run.value[-1]
    assert all(drift.standing == "inside" for drift in drifts_of(run.problem))


def test_the_levers_leave_more_after_tax_than_none() -> None:
    """Over three paths the household that pulls every lever keeps more after each year's tax than the one that pulls none."""
    household, left = mixed_household(MARKET.names), np.zeros(2)
    for number in (3, 5, 8):
        paths = MARKET.paths(number, 1, 72)
        for place, levers in enumerate((frozenset[Lever](), frozenset(Lever))):
            run = run_household(household, paths, HouseholdPolicy("plan", levers=levers))
            left[place] += run.net.prod() * run.kept
    assert left[1] > left[0] * 1.005


def test_a_household_of_files_is_taken_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From `bandwise init` to a verdict that does not conclude anything from one path."""
    folder = tmp_path / "home"
    assert main(["init", str(folder), "--on", "2026-11-20"]) == 0
    assert main(["simulate", str(folder), "--paths", "1", "--years", "1"]) == 0
    page = capsys.readouterr().out
    assert "Too few to judge" in page
    assert "+ location" in page
    assert main(["simulate", str(folder), "--policy", "yearly", "--sheltered"]) == 2
    told = capsys.readouterr().err
    assert "--policy" in told
    assert "--sheltered" in told
