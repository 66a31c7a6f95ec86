"""The sentences everybody reads, and the certificate behind the last of them: never more than what is so."""

import re
from decimal import Decimal

import pytest

from optimizer.plan import Plan
from optimizer.problem import Lever
from optimizer.report.bands import bands_section
from optimizer.report.costs import certificate_text
from optimizer.report.verdict import proof, verdict


def moved(plan: Plan, **ends: tuple[str, str]) -> Plan:
    """The plan with some segments ending at a weight, in per cent, that misses what they had to reach by some dollars."""
    rows = tuple(
        row.model_copy(update={"weight_after": Decimal(ends[row.segment][0]) / 100, "breach": Decimal(ends[row.segment][1])})
        if row.segment in ends
        else row
        for row in plan.bands
    )
    return plan.model_copy(update={"bands": rows})


def rounded(plan: Plan, added: str, gap: str = "0", status: str = "optimal") -> Plan:
    """The plan with a proof that is short of the bound by `gap`, and with rounding that adds to the cost."""
    bound = plan.certificate.bound
    changes = {"rounding": Decimal(added), "gap": Decimal(gap), "objective": bound + Decimal(gap), "status": status}
    total = bound + Decimal(gap) + Decimal(added)
    return plan.model_copy(
        update={
            "certificate": plan.certificate.model_copy(update=changes),
            "cost": plan.cost.model_copy(update={"total": total}),
        }
    )


def test_the_verdict_counts_what_was_out_and_what_it_costs(plan: Plan) -> None:
    """Whoever reads one line only must not be misled."""
    bands, tax, rule, _ = verdict(plan)
    assert bands == "3 of 8 segments are outside their bands; the plan brings all of them back."
    assert tax == "Carrying it out raises this year's tax by $1,190, from $3,120 to $4,310."
    assert "would cost $23,834 more tax this year, and $23,834 more when later years" in rule


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (
            {"energy": ("2.5", "4321.50")},
            "the plan brings 2 of them back; Energy stays outside, for the reason given below.",
        ),
        (
            {"energy": ("3.2", "4321.50")},
            "the plan brings all of them back.",
        ),
        (
            {"bonds": ("24", "18000")},
            "the plan brings all of them back; Bonds, inside today, ends outside, for the reason given below.",
        ),
        (
            {"energy": ("2.5", "9"), "tech": ("29", "9"), "comm": ("9.1", "9")},
            "Technology, Communication services and Energy stay outside, for the reasons given below.",
        ),
        (
            {"energy": ("2.5", "9"), "bonds": ("24", "9"), "tips": ("7", "9")},
            "the plan brings 2 of them back; Energy stays outside; Bonds and Inflation-protected bonds, inside today, end"
            " outside, for the reasons given below.",
        ),
    ],
)
def test_segments_that_come_back_stay_out_and_leave_are_counted_apart(
    plan: Plan, ends: dict[str, tuple[str, str]], expected: str
) -> None:
    """`Three are out, all come back` is a lie when one of them does not, or when another goes out in its place."""
    assert verdict(moved(plan, **ends))[0] == f"3 of 8 segments are outside their bands; {expected}"


def test_levers_that_are_off_are_named(plan: Plan) -> None:
    """Whoever reads `nothing cheaper` must know among which plans."""
    without = plan.model_copy(update={"levers": (Lever.CONTRIBUTIONS, Lever.INCOME, Lever.LOCATION, Lever.DONATIONS)})
    expected = "Switched off: withdrawals and harvesting; the plan and what is said of it hold without them."
    assert expected in verdict(without)
    assert [sentence for sentence in verdict(plan) if "Switched off" in sentence] == []


def test_a_rule_that_leaves_less_outside_is_not_just_called_dearer(plan: Plan) -> None:
    """A plan that stays outside its bands is cheap because it stays outside."""
    assert plan.comparison is not None
    last = plan.comparison.ladder[-1].model_copy(update={"breach": Decimal(500)})
    short = plan.comparison.model_copy(update={"ladder": (*plan.comparison.ladder[:-1], last)})
    assert verdict(plan.model_copy(update={"comparison": short}))[2].endswith("value today, but leave less outside the bands.")


def test_a_household_in_order_may_still_end_with_a_segment_outside(plan: Plan) -> None:
    """An order to pay money out can push a segment out that nobody had to bring back."""
    inside = tuple(row.model_copy(update={"was": "inside", "allowed": row.trigger}) for row in plan.bands)
    pushed = moved(plan.model_copy(update={"bands": inside}), bonds=("24", "18000"))
    expected = "All 8 segments are inside their bands; Bonds, inside today, ends outside, for the reason given below."
    assert verdict(pushed)[0] == expected


def test_nothing_to_do_is_said_plainly(plan: Plan) -> None:
    """A household in order should read that in the first line."""
    inside = tuple(row.model_copy(update={"was": "inside", "allowed": row.trigger}) for row in plan.bands)
    idle = plan.model_copy(update={"bands": inside, "sales": (), "gifts": (), "buys": (), "flows": (), "buy_bans": ()})
    assert verdict(idle)[0] == "All 8 segments are inside their bands, and there is nothing to trade."


@pytest.mark.parametrize(
    ("segment", "weight", "expected"),
    [
        ("energy", "2.5", "Energy still misses its band by $4,322: nothing on the menu holds it."),
        (
            "energy",
            "3.2",
            "Energy is back inside its band, $4,322 short of where it had to be brought: nothing on the menu holds it.",
        ),
        ("bonds", "24", "Bonds is inside its band today and ends $4,322 outside: nothing on the menu holds it."),
    ],
)
def test_a_segment_that_misses_is_named_with_what_keeps_it_there(plan: Plan, segment: str, weight: str, expected: str) -> None:
    """Without the reason the reader can do nothing about it."""
    missing = moved(plan, **{segment: (weight, "4321.50")})
    rows = tuple(row.model_copy(update={"note": "nothing on the menu holds it"}) if row.breach else row for row in missing.bands)
    told = [str(part) for part in bands_section(missing.model_copy(update={"bands": rows}), 100, ascii_only=False)]
    assert expected in told


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("0", "No plan for this household costs less: that is proven"),
        ("-0.03", "No plan for this household costs less: that is proven"),
        ("0.004", "No plan for this household costs less: that is proven"),
        ("0.40", "No plan for this household costs a dollar less: that is proven"),
        ("1", "No plan for this household costs a dollar less: that is proven"),
        ("218.77", "Rounded to tradeable shares, the plan is within $218.77 of anything possible: that is proven"),
    ],
)
def test_the_headline_claims_no_more_than_rounding_leaves_of_the_proof(plan: Plan, added: str, expected: str) -> None:
    """Whole shares can cost hundreds of dollars, and the plan that is carried out is the rounded one."""
    assert proof(rounded(plan, added)).startswith(expected)


@pytest.mark.parametrize("added", ["0", "-0.03", "0.004", "0.02", "0.40", "218.77"])
def test_the_certificate_says_what_rounding_costs_beside_the_plans_own_cost(plan: Plan, added: str) -> None:
    """A bound of one value and `costs that much` of another is a proof nobody believes."""
    shown = rounded(plan, added)
    text = certificate_text(shown).plain
    figures = {Decimal(figure.replace(",", "")) for figure in re.findall(r"\$([\d,]+\.\d\d)", text)}
    assert round(shown.certificate.bound, 2) in figures
    assert "costs that much" not in text
    if abs(Decimal(added)) >= Decimal("0.01"):
        assert {abs(Decimal(added)), round(shown.cost.total, 2)} <= figures
    if Decimal(added) > Decimal("0.01"):
        assert (
            f"${Decimal(added):.2f}: the plan costs ${shown.cost.total:,.2f} and is within ${Decimal(added):.2f} of anything"
            in text
        )


def test_a_plan_without_proof_does_not_claim_one(plan: Plan) -> None:
    """A time-out reported as an optimum is the fault that no user can see, and rounding comes on top of it."""
    shown = rounded(plan, "2.00", gap="12.34", status="gap")
    assert proof(shown) == "This plan is not proven to be the cheapest: another may cost up to $14.34 less."
    text = certificate_text(shown).plain
    assert "A cheaper plan has not been ruled out" in text
    assert "gap $12.34" in text
    assert "within $14.34 of anything possible" in text
    assert "is proven" not in text
