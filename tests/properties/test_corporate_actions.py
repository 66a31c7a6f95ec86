"""Corporate actions strewn into random histories conserve shares, cash and basis."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lots.events import Event, ReturnOfCapital, Sell, SpinOff, Split, StockMerger
from lots.ledger import fold
from lots.ledger.check import audit
from tests.properties.histories import ACCOUNTS, SECURITIES, START, histories

ACTIONS = ("split", "odd split", "return", "spin-off", "merger")


@st.composite
def eventful(draw: st.DrawFn) -> list[Event]:
    """A history whose sales name no lots, with actions on what is held at the time; none of them makes shares fewer."""
    told: list[Event] = [replace(e, picks=()) if isinstance(e, Sell) else e for e in draw(histories(most=15))]
    wanted = draw(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 100), st.integers(0, 99)), max_size=4))
    for number, (what, day, amount) in enumerate(wanted):
        when = START + timedelta(days=day)
        held = fold([each for each in told if each.date < when], ACCOUNTS, SECURITIES).open_lots.values()
        places = sorted({(lot.account_id, lot.symbol) for lot in held if lot.symbol in {s.symbol for s in SECURITIES}})
        if places:
            account_id, symbol = places[amount % len(places)]
            told.append(
                action(what, amount, {"date": when, "account_id": account_id, "event_id": f"x{number}", "symbol": symbol})
            )
    return told


def action(what: str, amount: int, place: dict[str, object]) -> Event:
    one, cents = Decimal(1), Decimal(amount + 1) / 100
    if what == "split":
        return Split(**place, new_shares=Decimal(2), old_shares=one)  # type: ignore[arg-type]
    if what == "odd split":
        return Split(**place, new_shares=Decimal(10), old_shares=Decimal(7))  # type: ignore[arg-type]
    if what == "return":
        return ReturnOfCapital(**place, amount=cents * 500)  # type: ignore[arg-type]
    if what == "spin-off":
        return SpinOff(**place, new_symbol="NEW", new_shares=one, old_shares=Decimal(3), basis_fraction=cents)  # type: ignore[arg-type]
    return StockMerger(  # type: ignore[arg-type]
        **place,
        new_symbol=str(place["symbol"]),
        new_shares=Decimal(3),
        old_shares=Decimal(2),
        boot=cents,
        fair_market_value=cents * 9,
    )


@settings(max_examples=120, deadline=None)
@given(eventful())
def test_actions_conserve_shares_cash_and_basis(events: list[Event]) -> None:
    """The audit adds totals up without lots; a cent lost in dividing a lot would show."""
    found = audit(events, ACCOUNTS, SECURITIES)
    assert [each.message for each in found.findings] == []


@settings(max_examples=60, deadline=None)
@given(eventful(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_irrelevant_with_actions_too(events: list[Event], dice: object) -> None:
    """Corporate actions come from other files than trades."""
    shuffled = list(events)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, ACCOUNTS, SECURITIES) == fold(events, ACCOUNTS, SECURITIES)
