"""Contribution room: the plan follows the household's word and says where the law's limit is smaller."""

from datetime import date

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.rebalance import rebalance


def _plan(wages: int) -> Plan:
    everything = {"lower": 0, "upper": 1}
    problem = Problem.from_parts(
        {
            "as_of": date(2026, 11, 20),
            "taxpayer": {"year": 2026, "filing_status": "single", "income": {"age": 40, "wages": wages}},
            "owners": [{"id": "she", "birth_date": date(1986, 1, 1)}],
            "accounts": [{"id": "roth", "kind": "roth_ira", "owner": "she", "contribution_room": 7000}],
            "securities": [{"symbol": "ALL", "price": 50, "exposures": {"all": 1}}],
            "segments": [{"id": "all", "target": 1, "trigger": everything, "destination": everything}],
            "contributions": [{"amount": 7000, "into": ["roth"]}],
        }
    )
    return rebalance(problem, compare=False)


def test_a_roth_contribution_above_the_income_limit_is_remarked_on() -> None:
    """The excess is taxed every year it stays; a plan that knows the income must not be silent about it."""
    notes = [note for note in _plan(900_000).notes if "roth" in note]
    assert len(notes) == 1
    assert "the law allows 0.00" in notes[0]


def test_a_contribution_within_the_limit_is_not() -> None:
    """A warning that always stands there is read by nobody."""
    assert [note for note in _plan(90_000).notes if "law allows" in note] == []


def test_without_pay_there_is_no_room() -> None:
    """A contribution needs compensation (IRC 219(b)(1)(B))."""
    assert [note for note in _plan(0).notes if "the law allows 0.00" in note] != []
