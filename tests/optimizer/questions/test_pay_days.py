"""Contributions on days to come: no part of today's plan, and a walk of their own."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.check import faults_of
from optimizer.cli import main
from optimizer.errors import InputFaults
from optimizer.household import read_household
from optimizer.household.template import write_template
from optimizer.problem import PayDay, Problem
from optimizer.questions.schedule import Every, along_pay_days, schedule
from optimizer.rebalance import rebalance
from tests.optimizer.questions.test_invest import two_funds
from tests.wish_households import AS_OF


def paid(*days: tuple[int, int]) -> Problem:
    """Two funds off target, with payments of so many dollars so many days from today."""
    coming = tuple(PayDay(amount=Decimal(dollars), into=("joint",), on=AS_OF + timedelta(after)) for after, dollars in days)
    return two_funds().model_copy(update={"pay_days": coming})


def test_a_plan_of_today_leaves_them_out_and_says_so() -> None:
    """What has not come cannot be invested."""
    today, later = rebalance(two_funds(), compare=False), rebalance(paid((20, 5_000)), compare=False)
    assert (today.buys, today.value_after) == (later.buys, later.value_after)
    assert any(note.startswith("To come, and no part of this plan: 5,000.00 on 2026-12-10.") for note in later.notes)


def test_equal_payments_walk_like_a_schedule_of_them() -> None:
    """A month apart and of one amount they are what `--every month` asks."""
    every = schedule(two_funds(), Decimal(1000), (), Every.MONTH, 4)
    days = [((row.day - AS_OF).days, 1000) for row in every.pay_days[1:]]
    walk, _ = along_pay_days(paid(*reversed(days)))
    assert [row.day for row in walk.pay_days] == [row.day for row in every.pay_days[1:]]
    assert [row.outside for row in walk.pay_days] == [row.outside for row in every.pay_days[:3]]


def test_unequal_payments_are_counted_by_hand() -> None:
    """Bonds and cash of 29,500 need 36 per cent: 6,500 short today and 64 cents less with every dollar; 11,000 is enough."""
    walk, _ = along_pay_days(paid((10, 4_000), (20, 7_000), (30, 500)))
    assert walk.back_after == 2
    assert walk.amounts == (4_000, 7_000, 500)


def test_a_day_that_is_not_to_come_is_a_fault_and_none_at_all_is_told() -> None:
    """A contribution of today has no day; one of yesterday was made or is struck out."""
    assert [fault.path for fault in faults_of(paid((0, 10), (5, 10)))] == [("pay_days", 0, "on")]
    with pytest.raises(InputFaults, match="no contribution on a day to come"):
        along_pay_days(two_funds())


def test_the_file_says_on_which_day_and_the_command_walks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`on` of the day of the plan is today's; later ones wait."""
    write_template(tmp_path)
    toml = tmp_path / "household.toml"
    text = toml.read_text("utf-8")
    more = 'into = ["joint"]\non = 2026-12-14\n[[contributions]]\namount = 700\ninto = "joint"\non = 2027-01-15\n'
    toml.write_text(text.replace('into = ["joint"]  ', more + "#", 1), "utf-8")
    problem = read_household(tmp_path)
    assert ([each.amount for each in problem.contributions], [each.amount for each in problem.pay_days]) == ([5000], [700])
    assert main(["invest", "scheduled", str(tmp_path)]) == 0
    assert "2027-01-15" in capsys.readouterr().out
    toml.write_text(toml.read_text("utf-8").replace("2027-01-15", "2026-12-01"), "utf-8")
    with pytest.raises(InputFaults) as refusal:
        read_household(tmp_path)
    (fault,) = refusal.value.faults
    assert fault.place.endswith("household.toml, line " + str(toml.read_text("utf-8").splitlines().index("on = 2026-12-01") + 1))
