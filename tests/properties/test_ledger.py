"""What holds for every history, whatever happened in it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.errors import LedgerError
from lots.events import Buy, Event, Sell, Void
from lots.ledger import Book, fold
from lots.lot import TaxLot
from lots.relief import METHODS, SaleTerms, choose
from lots.securities import Security, SecurityKind
from tests.properties.histories import ACCOUNTS, SECURITIES, histories

RELIEF = tuple(sorted(set(METHODS)))
QUICK = settings(max_examples=120, deadline=None)


def unnamed(events: list[Event], relief: str) -> list[Event]:
    """The same history with every sale left to a relief method."""
    return [replace(each, picks=(), relief=relief) if isinstance(each, Sell) else each for each in events]


def funds() -> list[Security]:
    return [replace(each, kind=SecurityKind.MUTUAL_FUND) for each in SECURITIES]


def total(numbers: object) -> Decimal:
    return sum(numbers, Decimal(0))  # type: ignore[call-overload, no-any-return]


@QUICK
@given(histories(), st.sampled_from((None, *RELIEF)))
def test_shares_and_basis_are_conserved_to_the_cent(events: list[Event], relief: str | None) -> None:
    """What was paid for is either still held or was sold, and a disallowed loss lives on in a basis or is lost for good."""
    told = events if relief is None else unnamed(events, relief)
    book = fold(told, ACCOUNTS, funds())
    buys = [each for each in told if isinstance(each, Buy)]
    assert total(b.shares for b in buys) == total(x.shares for x in (*book.open_lots.values(), *book.disposals))
    carried = total(match.disallowed_loss for match in book.wash_matches if not match.is_lost)
    basis = total(x.cost_basis for x in (*book.open_lots.values(), *book.disposals))
    assert total(b.cost for b in buys) + carried == basis
    assert carried == total(each.disallowed_loss - each.lost_loss for each in book.disposals)


@QUICK
@given(histories(), st.sampled_from((None, *RELIEF)))
def test_cash_is_what_came_in_less_what_went_out(events: list[Event], relief: str | None) -> None:
    """No rule about lots may move a cent of cash."""
    told = events if relief is None else unnamed(events, relief)
    book = fold(told, ACCOUNTS, funds())
    spent = total(each.cost for each in told if isinstance(each, Buy))
    earned = total(each.proceeds for each in told if isinstance(each, Sell))
    assert total(book.cash.values()) == earned - spent
    assert total(each.proceeds for each in book.disposals) == earned


@QUICK
@given(histories(), st.randoms(use_true_random=False), st.sampled_from((None, *RELIEF)))
def test_the_order_of_the_input_is_irrelevant(events: list[Event], dice: object, relief: str | None) -> None:
    """Brokers list the trades of a day, and files come, in any order."""
    told = events if relief is None else unnamed(events, relief)
    shuffled = list(told)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, ACCOUNTS, funds()) == fold(told, ACCOUNTS, funds())


@QUICK
@given(histories(), st.integers(0, 100))
def test_the_fold_of_a_prefix_is_a_prefix_of_the_fold(events: list[Event], days: int) -> None:
    """Later events change nothing about earlier ones but the disallowed part of the losses of the last 30 days."""
    until = date(2025, 11, 1) + timedelta(days=days)
    early = fold([each for each in events if each.date <= until], ACCOUNTS, SECURITIES)
    late = fold(events, ACCOUNTS, SECURITIES)
    for before, after in zip(early.disposals, late.disposals, strict=False):
        if before.disposed + timedelta(days=30) <= until:
            assert after == before
        else:
            unwashed = replace(
                after,
                disallowed_loss=before.disallowed_loss,
                washed_shares=before.washed_shares,
                lost_loss=before.lost_loss,
            )
            assert unwashed == before
            assert after.disallowed_loss >= before.disallowed_loss
    assert len(early.disposals) == len([each for each in late.disposals if each.disposed <= until])


@QUICK
@given(histories(), st.data())
def test_a_correction_gives_the_book_of_the_corrected_history(events: list[Event], data: st.DataObject) -> None:
    """A late or mended fact derives everything anew, as if it had been told right the first time."""
    buys = [each for each in events if isinstance(each, Buy)]
    if not buys:
        return
    wrong = data.draw(st.sampled_from(buys))
    right = replace(wrong, cost=wrong.cost + 7)
    mended = replace(right, event_id="mended", replaces=wrong.event_id)
    by_hand = [replace(right, event_id="mended") if each is wrong else each for each in events]
    assert fold([*events, mended], ACCOUNTS, SECURITIES) == fold(by_hand, ACCOUNTS, SECURITIES)


@QUICK
@given(histories())
def test_a_void_event_never_happened(events: list[Event]) -> None:
    """A trade entered twice by mistake is taken back without rewriting the history."""
    if not events:
        return
    twin = replace(events[0], event_id="twin")
    if isinstance(twin, Buy):
        twin = replace(twin, lot_id="twin")
    gone = Void(date=twin.date, account_id=twin.account_id, event_id="gone", replaces="twin")
    assert fold([*events, twin, gone], ACCOUNTS, SECURITIES) == fold(events, ACCOUNTS, SECURITIES)


@QUICK
@given(histories(), st.sampled_from(RELIEF))
def test_the_queues_choose_what_sorting_would(events: list[Event], relief: str) -> None:
    """The ledger keeps a queue per method for speed; the plain sort is its definition."""
    if relief == "average":
        return
    told = [each for each in unnamed(events, relief) if each.account_id == "ira"]
    known: list[Event] = []
    for event in sorted(told, key=lambda each: (each.date, isinstance(each, Sell), each.event_id)):
        known.append(event)
        if isinstance(event, Sell):
            before, after = (fold(part, ACCOUNTS, SECURITIES) for part in (known[:-1], known))
            here = [lot for lot in before.open_lots.values() if lot.symbol == event.symbol]
            terms = SaleTerms(event.date, event.proceeds / event.shares)
            picks = choose(METHODS[relief], here, event.shares, terms)
            sold = [(each.lot_id, each.shares) for each in after.disposals if each.event_id == event.event_id]
            assert sold == [(pick.lot_id, pick.shares) for pick in picks]


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 20), st.integers(1, 2000)), min_size=1, max_size=8),
    st.data(),
)
def test_on_one_sale_hifo_realises_no_more_gain_than_any_other_order(
    bought: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """The promise of the method, for one sale of lots without wash sales; over many sales it need not hold."""
    lots = [
        TaxLot(f"l{n}", "his", "AAA", date(2020, 1, 1) + timedelta(days=day), Decimal(shares), Decimal(cost))
        for n, (day, shares, cost) in enumerate(bought)
    ]
    shares = Decimal(data.draw(st.integers(1, int(total(lot.shares for lot in lots)))))
    terms = SaleTerms(date(2024, 1, 2), Decimal(50))
    by_id = {lot.lot_id: lot for lot in lots}

    def gain(name: str) -> Decimal:
        picks = choose(METHODS[name], lots, shares, terms)
        return total(pick.shares * terms.price - by_id[pick.lot_id].basis_of(pick.shares) for pick in picks)

    least, slack = gain("hifo"), Decimal("1e-18")
    assert all(least <= gain(name) + slack for name in RELIEF)
    assert gain("lowest_cost") + slack >= max(gain(name) for name in RELIEF)


@QUICK
@given(histories())
def test_every_share_replaces_at_most_once_and_no_loss_is_washed_twice(events: list[Event]) -> None:
    """Reg. 1.1091-1(e): otherwise one purchase could destroy two losses."""
    book = fold(events, ACCOUNTS, SECURITIES)
    bought = {each.lot_id: each.shares for each in events if isinstance(each, Buy)}
    used = dict.fromkeys(bought, Decimal(0))
    for match in book.wash_matches:
        used[match.replacement_lot_id.partition("~")[0]] += match.shares
    assert all(used[lot] <= shares for lot, shares in bought.items())
    assert all(0 <= each.washed_shares <= each.shares and each.disallowed_loss <= each.loss for each in book.disposals)


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_event_id_twice_is_refused(times: int) -> None:
    """Two facts under one name cannot be corrected or traced."""
    event = Buy(
        date=date(2026, 1, 5),
        account_id="his",
        event_id="same",
        symbol="AAA",
        shares=Decimal(1),
        cost=Decimal(1),
        lot_id="l",
    )
    with pytest.raises(LedgerError, match="already taken"):
        fold([event] * times, ACCOUNTS, SECURITIES)


def test_an_empty_history_is_an_empty_book() -> None:
    """The first day of a new user."""
    book: Book = fold([], ACCOUNTS, SECURITIES)
    assert (dict(book.open_lots), book.disposals, dict(book.cash)) == ({}, (), {})
