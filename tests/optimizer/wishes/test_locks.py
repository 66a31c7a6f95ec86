"""Wishes about what stays and what is bought, each on a household where the plan without it does otherwise."""

from decimal import Decimal

import pytest

from optimizer.errors import ContradictoryOrders
from optimizer.plan import Plan
from optimizer.problem import Lever, Problem
from optimizer.rebalance import rebalance
from tests.wish_households import household, lot

TARGETS = {"red": 0.5, "blue": 0.5}


def plan(problem: Problem) -> Plan:
    """The plan without the comparison."""
    return rebalance(problem, compare=False)


def sold(problem: Problem) -> set[str]:
    """Lots of which something is sold."""
    return {row.lot for row in plan(problem).sales}


CHEAP = lot("cheap", "RED", 400, 390, "2020-01-02")
DEAR = lot("dear", "RED", 400, 100, "2020-01-02")
YOUNG = lot("young", "RED", 400, 395, "2026-08-01")
TURNS = lot("turns", "RED", 400, 395, "2025-11-25")
IRA = lot("ira", "RED", 400, 400, account="ira")
BLUE = lot("blue", "BLUE", 300, 300)


@pytest.mark.parametrize(
    ("lots", "wishes", "without", "with_it"),
    [
        ([CHEAP, DEAR, BLUE], {"keep_lots": ["cheap"]}, {"cheap"}, {"dear"}),
        ([IRA, DEAR, BLUE], {"keep_accounts": ["ira"]}, {"ira"}, {"dear"}),
        ([YOUNG, DEAR, BLUE], {"min_holding_days": 200}, {"young"}, {"dear"}),
        ([YOUNG, DEAR, BLUE], {"min_holding_days": 100}, {"young"}, {"young"}),
        ([YOUNG, DEAR, BLUE], {"no_short_term_gains": True}, {"young"}, {"dear"}),
        ([TURNS, DEAR, BLUE], {"wait_for_long_term_days": 6}, {"turns"}, {"dear"}),
        ([TURNS, DEAR, BLUE], {"wait_for_long_term_days": 5}, {"turns"}, {"turns"}),
    ],
)
def test_what_a_wish_keeps_is_not_sold_and_the_next_best_is(
    lots: list[dict[str, object]], wishes: dict[str, object], without: set[str], with_it: set[str]
) -> None:
    """A lot bought on 25 November 2025 turns long-term on 26 November 2026, six days after the plan; so five days do not wait."""
    free = household(lots, TARGETS)
    assert sold(free) == without
    assert sold(household(lots, TARGETS, wishes=wishes)) == with_it


def test_a_lot_at_a_loss_is_never_kept_to_turn_long_term() -> None:
    """A short-term loss is worth more than a long-term one; waiting would only spoil it."""
    loss = lot("loss", "RED", 400, 450, "2025-11-25")
    wishes = {"wait_for_long_term_days": 100, "no_short_term_gains": True}
    assert "loss" in sold(household([loss, DEAR, BLUE], TARGETS, wishes=wishes))


def test_a_symbol_kept_in_one_account_is_sold_in_another() -> None:
    """The wish is about the account, not about the security."""
    accounts = [
        {"id": "joint", "kind": "taxable"},
        {"id": "ira", "kind": "traditional_ira", "owner": "she", "do_not_sell": ["RED"], "do_not_buy": ["BLUE"]},
    ]
    lots = [IRA, DEAR, BLUE]
    assert sold(household(lots, TARGETS, accounts=accounts)) == {"dear"}
    accounts[1]["do_not_sell"] = []
    bought = {(row.account, row.symbol) for row in plan(household(lots, TARGETS, accounts=accounts)).buys}
    assert bought == {("ira", "BLUE2")}


def test_a_restricted_security_is_neither_sold_nor_bought() -> None:
    """An employee of its issuer may do neither."""
    lots = [lot("mine", "RED", 400, 400), lot("other", "RED2", 400, 200), BLUE]
    answer = plan(household(lots, TARGETS, wishes={"restricted": ["RED", "BLUE"]}))
    assert {row.symbol for row in answer.sales} == {"RED2"}
    assert {row.symbol for row in answer.buys} == {"BLUE2"}


def test_the_second_choice_is_bought_only_where_the_first_may_not_be() -> None:
    """In the taxable account BLUE is wanted, and BLUE2 only after BLUE is sold at a loss; the IRA has its own list."""
    lists = [
        {"segment": "blue", "buy": ["BLUE", "BLUE2"], "accounts": "taxable"},
        {"segment": "blue", "buy": ["BLUE2"], "accounts": "sheltered"},
    ]
    lots = [lot("red", "RED", 700, 690), BLUE]
    assert {row.symbol for row in plan(household(lots, TARGETS, wishes={"preferences": lists})).buys} == {"BLUE"}
    losing = [lot("red", "RED", 700, 690), lot("blue", "BLUE", 300, 400)]
    assert {row.symbol for row in plan(household(losing, TARGETS, wishes={"preferences": lists})).buys} == {"BLUE2"}
    in_ira = [lot("red", "RED", 700, 690, account="ira"), BLUE]
    assert {row.symbol for row in plan(household(in_ira, TARGETS, wishes={"preferences": lists})).buys} == {"BLUE2"}


def test_a_contradiction_names_the_lock_and_the_order_in_the_households_words() -> None:
    """Whoever reads it must know which of the two to take back."""
    withdrawal = [{"amount": 500, "sources": ["joint"]}]
    problem = household([DEAR, BLUE], TARGETS, wishes={"keep_accounts": ["joint"]}, withdrawals=withdrawal)
    with pytest.raises(ContradictoryOrders) as refusal:
        plan(problem)
    assert set(refusal.value.orders) == {"sell nothing in joint", "withdraw 500.00 from joint (value 700.00)"}


def test_cash_set_aside_is_raised_kept_and_no_part_of_the_bands() -> None:
    """Half of 1,000 set aside leaves 500 to spread: 250 of each, whatever the cash is for."""
    lots = [lot("red", "RED", 600, 600), lot("blue", "BLUE", 400, 400)]
    aside = [{"purpose": "school", "amount": 500, "account": "joint", "until": "2026-11-20"}]
    answer = plan(household(lots, TARGETS, wishes={"set_asides": aside}))
    assert {row.segment: row.value_after for row in answer.bands} == pytest.approx({"red": 250, "blue": 250}, abs=10)
    assert next(row.after for row in answer.cash if row.account == "joint") == 500
    assert all(abs(row.weight_after - Decimal("0.5")) <= Decimal("0.0201") for row in answer.bands)
    over = [{**aside[0], "until": "2026-11-19"}]
    assert next(row.after for row in plan(household(lots, TARGETS, wishes={"set_asides": over})).cash).is_zero()


def test_a_holding_limit_caps_a_segment_of_one_account() -> None:
    """At most a fifth of the IRA in red: 80 of 400, so the rest of the red comes from elsewhere."""
    lots = [IRA, lot("blue", "BLUE", 400, 400)]
    limits = [{"account": "ira", "segment": "red", "at_most": 0.2}]
    answer = plan(household(lots, TARGETS, wishes={"holding_limits": limits}))
    left = 400 - sum(row.proceeds for row in answer.sales if row.account == "ira")
    left += sum(row.cost for row in answer.buys if row.account == "ira" and row.symbol.startswith("RED"))
    assert left <= Decimal("80.01")
    assert all(row.breach == 0 for row in answer.bands)


def test_the_most_an_account_sells_and_buys_holds_after_rounding() -> None:
    """A limit of 30 dollars is 30 dollars, and the band says what keeps it out."""
    accounts = [{"id": "joint", "kind": "taxable", "max_sold": 30, "max_bought": 30}]
    answer = plan(household([CHEAP, DEAR, BLUE], TARGETS, accounts=accounts))
    assert sum(row.proceeds for row in answer.sales) <= 30
    assert any(row.breach > 0 and row.note for row in answer.bands)


@pytest.mark.parametrize(
    ("least", "part", "taken"), [(0, 0, True), (60, 0, False), (50, 0, True), (0, 0.2, False), (0, 0.1, True)]
)
def test_a_small_loss_is_not_taken_for_its_own_sake(least: float, part: float, taken: bool) -> None:
    """A loss of 50 on a basis of 450 is 11 per cent; its segment is where it should be, so nothing else asks for the sale."""
    lots = [lot("loss", "RED", 400, 450), lot("blue", "BLUE", 400, 200)]
    wishes = {"min_harvest": least, "min_harvest_share": part}
    assert ("loss" in sold(household(lots, TARGETS, wishes=wishes))) is taken


def test_a_small_loss_is_sold_where_its_segment_has_to_shrink() -> None:
    """The wish is about harvesting; a sale that is needed anyway takes the lot that costs least."""
    lots = [lot("loss", "RED", 400, 410), DEAR, BLUE]
    assert sold(household(lots, TARGETS, wishes={"min_harvest": 100})) == {"loss"}


@pytest.mark.parametrize("off", [(), (Lever.WITHDRAWALS,), (Lever.HARVESTING,), (Lever.WITHDRAWALS, Lever.HARVESTING)])
@pytest.mark.parametrize("wish", [{"min_harvest": 50}, {"min_harvest_share": 0.1}])
def test_a_small_loss_stays_where_a_lever_is_off(off: tuple[Lever, ...], wish: dict[str, object]) -> None:
    """80 dollars leave, half of them from RED if nobody directs it: the lot that lost 200 of 300 is enough for that.

    That a blind sale loses something in RED is no leave to harvest the 10 dollars of the lot beside it.
    """
    lots = [lot("large", "RED", 100, 300), lot("small", "RED", 300, 310, "2019-01-02"), lot("blue", "BLUE", 400, 200)]
    money = [{"amount": 80, "sources": ["joint"]}]
    problem = household(lots, TARGETS, wishes=wish, withdrawals=money).without(*off)
    assert "small" not in sold(problem)


def test_a_small_loss_is_sold_where_nothing_else_is_left() -> None:
    """750 of 800 have to leave: a wish about harvests does not stand against money that is needed."""
    lots = [lot("small", "RED", 400, 410), lot("blue", "BLUE", 400, 200)]
    money = [{"amount": 750, "sources": ["joint"]}]
    assert sold(household(lots, TARGETS, wishes={"min_harvest": 50}, withdrawals=money)) == {"small", "blue"}


def test_a_fee_in_basis_points_is_paid_from_the_account_that_charges_it() -> None:
    """Ten basis points on each side of a trade, and trades go to the account that charges nothing."""
    accounts = [{"id": "joint", "kind": "taxable", "fee": 10}, {"id": "ira", "kind": "traditional_ira", "owner": "she"}]
    lots = [lot("red", "RED", 400, 400), lot("ira", "RED", 400, 400, account="ira"), BLUE]
    free = plan(household(lots, TARGETS, accounts=accounts))
    assert {row.account for row in free.sales} == {"ira"}
    accounts[1]["traded"] = False
    paid = plan(household(lots, TARGETS, accounts=accounts))
    traded = sum(row.proceeds for row in paid.sales) + sum(row.cost for row in paid.buys)
    assert abs(paid.cost.trading - traded * Decimal("0.001")) <= Decimal("0.01")


def test_turnover_as_a_part_of_the_household_is_that_many_dollars() -> None:
    """A tenth of 1,100 is 110 dollars bought and sold together."""
    answer = plan(household([CHEAP, DEAR, BLUE], TARGETS, wishes={"max_turnover_share": 0.1}))
    assert sum(row.proceeds for row in answer.sales) + sum(row.cost for row in answer.buys) <= Decimal("110.01")
    assert len(answer.sales) > 0


def test_an_account_that_is_not_traded_counts_through_its_funds() -> None:
    """A mixed fund in a plan at work holds half of each segment: red is then 80 % outside of it, and only there is sold."""
    funds = [
        {"symbol": "MIX", "price": 1, "exposures": {"red": 0.5, "blue": 0.5}},
        *({"symbol": s, "price": 1, "exposures": {g: 1}} for s, g in (("RED", "red"), ("BLUE", "blue"))),
    ]
    accounts = [{"id": "joint", "kind": "taxable"}, {"id": "work", "kind": "401k", "owner": "she", "traded": False}]
    lots = [lot("mix", "MIX", 400, 400, account="work"), lot("red", "RED", 400, 400), lot("blue", "BLUE", 200, 200)]
    answer = plan(household(lots, TARGETS, accounts=accounts, securities=funds))
    assert {row.segment: row.value_before for row in answer.bands} == {"red": 600, "blue": 400}
    assert {row.account for row in answer.sales} == {"joint"}
    assert all(row.breach == 0 for row in answer.bands)
