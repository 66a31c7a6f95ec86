"""Random histories of a household: purchases and sales of named lots in whole shares and dollars."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lots.accounts import Account, AccountKind
from lots.events import Buy, Event, LotPick, Sell
from lots.securities import Security

ACCOUNTS = (
    Account("his", AccountKind.TAXABLE),
    Account("hers", AccountKind.TAXABLE),
    Account("ira", AccountKind.TRADITIONAL_IRA),
)
SECURITIES = (Security("AAA", identical_group="a"), Security("AAB", identical_group="a"), Security("ZZZ"))
START = date(2025, 11, 1)


@dataclass(frozen=True)
class Move:
    day: int
    account: int
    security: int
    shares: int
    price: int
    is_sale: bool
    which: int
    name: int


@st.composite
def histories(draw: st.DrawFn, most: int = 25, days: int = 100) -> list[Event]:
    """A history that can have happened: nothing is sold that is not there."""
    moves = draw(
        st.lists(
            st.builds(
                Move,
                day=st.integers(0, days),
                account=st.sampled_from((0, 0, 1, 2)),
                security=st.sampled_from((0, 0, 1, 2)),
                shares=st.integers(1, 12),
                price=st.integers(5, 15),
                is_sale=st.booleans(),
                which=st.integers(0, 5),
                name=st.integers(0, 999),
            ),
            max_size=most,
        )
    )
    names = [f"{move.name:03}-{number:02}" for number, move in enumerate(moves)]
    return played(sorted(zip(moves, names, strict=True), key=lambda each: (each[0].day, each[0].is_sale, each[1])))


def played(moves: list[tuple[Move, str]]) -> list[Event]:
    events: list[Event] = []
    left: dict[str, tuple[str, str, int]] = {}
    for move, name in moves:
        account, symbol = ACCOUNTS[move.account].account_id, SECURITIES[move.security].symbol
        day = START + timedelta(days=move.day)
        if not move.is_sale:
            left[name] = (account, symbol, move.shares)
            events.append(
                Buy(
                    date=day,
                    account_id=account,
                    event_id=name,
                    symbol=symbol,
                    shares=Decimal(move.shares),
                    cost=Decimal(move.shares * move.price),
                    lot_id=name,
                )
            )
            continue
        open_here = [lot for lot, held in left.items() if held[:2] == (account, symbol)]
        if open_here:
            lot = open_here[move.which % len(open_here)]
            shares = min(move.shares, left[lot][2])
            left[lot] = (account, symbol, left[lot][2] - shares)
            if left[lot][2] == 0:
                del left[lot]
            events.append(
                Sell(
                    date=day,
                    account_id=account,
                    event_id=name,
                    symbol=symbol,
                    shares=Decimal(shares),
                    proceeds=Decimal(shares * move.price),
                    picks=(LotPick(lot, Decimal(shares)),),
                )
            )
    return events
