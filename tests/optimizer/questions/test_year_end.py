"""What the answer over two years says of the example, of tiny households, and of the law that stands in."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lots.lot import Term
from optimizer.errors import ContradictoryOrders, InputFaults
from optimizer.household import read_household
from optimizer.problem import Problem
from optimizer.questions.year_end import YearEnd, year_end
from optimizer.scope import Scope
from tests.oracles.test_two_years import tiny

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "year_end"


@pytest.fixture(scope="module")
def answer() -> YearEnd:
    """The example over both years."""
    return year_end(read_household(FOLDER))


def household(rates: dict[str, object], **more: object) -> Problem:
    """One gain that turns long-term on 20 December and has to leave the account, and a fund to buy."""
    everything = {"lower": 0, "upper": 1}
    lot = {"id": "L", "account": "joint", "symbol": "OLD", "shares": 1000, "cost_basis": 4000, "acquired": "2025-12-19"}
    return Problem.from_parts(
        {
            "as_of": "2026-12-14",
            "taxpayer": {"year": 2026, "filing_status": "single", **rates},
            "accounts": [{"id": "joint", "kind": "taxable", "menu": ["NEW"]}],
            "securities": [
                {"symbol": "OLD", "price": 10, "exposures": {"red": 1}},
                {"symbol": "NEW", "price": 10, "exposures": {"blue": 1}},
            ],
            "segments": [
                {"id": "red", "target": 0, "trigger": {"lower": 0, "upper": 0.5}, "destination": {"lower": 0, "upper": 0.5}},
                {"id": "blue", "target": 1, "trigger": everything, "destination": everything},
            ],
            "lots": [lot],
            "outlook": {"location_years": 0, "drift_cost": 0, "discount_rate": 0, "carryforward_value": 0, "horizon_years": 30},
            **more,
        }
    )


FLAT = {"rates": {"ordinary": 0.4, "long_term": 0.2}}


def test_the_example_is_proven_over_both_years_and_the_ledger_agrees(answer: YearEnd) -> None:
    """The two plans share one proof; a dollar between solver and ledger in either year would be a bug."""
    for plan in (answer.this_year, answer.next_year):
        assert plan.certificate == answer.this_year.certificate
        assert plan.certificate.status == "optimal"
        assert abs(plan.tax.difference) < 1
    proof = answer.this_year.certificate
    assert answer.this_year.cost.total + answer.next_year.cost.total == proof.objective + proof.rounding
    assert abs(proof.rounding) < 1


def test_both_dates_together_are_never_dearer_than_one(answer: YearEnd) -> None:
    """What the choice is worth is told against two plans that are solved anew and replayed."""
    assert [row.dates for row in answer.alternatives] == ["both", "everything now", "everything in January"]
    assert answer.alternatives[1].costs_more > 0
    assert answer.alternatives[0].outside_meanwhile == 0


def test_cash_and_shares_of_january_are_what_december_leaves(answer: YearEnd) -> None:
    """A dollar spent on both dates, or a share sold twice, is the fault a reader would never forgive."""
    after = {row.account: row.after for row in answer.this_year.cash}
    assert {row.account: row.before for row in answer.next_year.cash} == after
    problem = read_household(FOLDER)
    held = {lot.id: lot.shares for lot in problem.lots}
    for plan in (answer.this_year, answer.next_year):
        for trade in (*plan.sales, *plan.gifts):
            held[trade.lot] -= trade.shares
    assert min(held.values()) >= 0


def test_the_answer_survives_its_own_text(answer: YearEnd) -> None:
    """The document is what other programs read."""
    again = YearEnd.from_json(answer.to_json())
    assert again.to_json() == answer.to_json()


def test_bands_make_the_sale_now_and_waiting_for_them_halves_its_tax() -> None:
    """Half of the lot must go by December at 40 %; whoever lets the band wait sells it long-term at 20 %."""
    strict = year_end(household(FLAT))
    patient = year_end(household(FLAT, next_year={"bands_by": "january"}))
    assert strict.this_year.tax.with_plan.total == Decimal("1200.00")
    assert strict.next_year.sales == ()
    assert (patient.this_year.sales, patient.this_year.tax.with_plan.total) == ((), 0)
    assert patient.next_year.tax.with_plan.total == Decimal("600.00")
    (sale,) = patient.next_year.sales
    assert (sale.term, patient.january) == (Term.LONG, date(2027, 1, 4))
    assert "long-term from 2026-12-20" in sale.reason
    assert patient.dates[0].other_date_costs == Decimal("600.00")


def test_bands_that_wait_are_reached_in_january_and_cash_is_invested_meanwhile() -> None:
    """Waiting is for sales that are dear now, not a reason to sit on cash or to end outside of a band."""
    problem = read_household(FOLDER)
    following = problem.next_year.model_copy(update={"bands_by": "january"})
    patient = year_end(problem.model_copy(update={"next_year": following}))
    assert [row.segment for row in patient.next_year.bands if row.breach > 0] == []
    assert patient.this_year.cost.idle_cash == 0
    assert patient.alternatives[0].outside_meanwhile > 0
    assert abs(patient.this_year.certificate.rounding) < 1


def test_a_lot_about_to_turn_is_listed_with_what_waiting_saves() -> None:
    """6,000 of gain at 20 points less; the whole lot, whatever the plan sells of it."""
    (row,) = year_end(household(FLAT)).turning
    assert (row.long_term_from, row.days_left) == (date(2026, 12, 20), 6)
    assert (row.waiting_saves, row.plan) == (Decimal("1200.00"), "sells now")
    assert year_end(household(FLAT), within_days=5).turning == ()


def test_a_year_with_no_law_of_its_own_is_stamped_and_moved() -> None:
    """2027 is not published: the page has to say so, and how far the answer moves if thresholds rise."""
    answer = year_end(household({"income": {"wages": 60_000}}, next_year={"bands_by": "january"}))
    assert answer.law is not None
    assert (answer.law.year, answer.law.figures_of) == (2027, 2026)
    assert "on the figures of 2026" in answer.law.stamp
    assert answer.law.next_year_tax_raised is not None
    assert answer.law.next_year_tax is not None
    assert answer.law.next_year_tax_raised < answer.law.next_year_tax
    assert year_end(household(FLAT)).law.cost_moves is None  # type: ignore[union-attr]


def test_a_published_year_stands_for_itself() -> None:
    """For a plan of 2025 the figures of 2026 are on file, and nothing stands in."""
    parts = household({"income": {"wages": 60_000}}).model_dump()
    parts["as_of"], parts["taxpayer"]["year"] = date(2025, 12, 15), 2025
    parts["lots"][0]["acquired"] = date(2024, 12, 19)
    answer = year_end(Problem.from_parts(parts))
    assert (answer.law, answer.january) == (None, date(2026, 1, 2))


def test_a_loss_that_this_year_cannot_use_is_carried_into_next_year_and_used_there() -> None:
    """The next year's return starts with what this year's leaves, short before long."""
    found = next(
        answer for seed in range(60) if (answer := year_end(tiny(seed, income=False))).this_year.tax.with_plan.short_carryforward
    )
    carried = found.this_year.tax.with_plan
    sold = sum(sale.gain for sale in found.next_year.sales if sale.term is Term.SHORT and sale.gain is not None)
    assert found.next_year.tax.with_plan.short == sold - carried.short_carryforward


def test_a_narrowed_question_is_refused() -> None:
    """A plan over two years of half a question would be called proven and be neither."""
    with pytest.raises(InputFaults, match="scope"):
        year_end(household(FLAT).model_copy(update={"scope": Scope(only="harvest")}))


def test_wishes_that_two_years_do_not_keep_are_said() -> None:
    """A wish that is dropped without a word is worse than one that is refused."""
    problem = household(FLAT, wishes={"max_orders": 3, "min_trade": 500})
    assert year_end(problem).not_kept == ("at most 3 orders", "no order under 500.00")
    assert year_end(household(FLAT)).not_kept == ()


def test_orders_that_collide_are_named() -> None:
    """January cannot heal an order that December has to carry out."""
    order = {"amount": 90_000, "sources": ["joint"]}
    with pytest.raises(ContradictoryOrders):
        year_end(household(FLAT, withdrawals=[order]))
