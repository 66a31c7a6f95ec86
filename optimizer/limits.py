"""Every wish and order of a household that binds by an amount or a name: where it stands, in whose words, how to loosen it.

One description serves the model, which labels its constraints with these words, and whoever asks what a wish costs: the same
question with the wish loosened by a step, less the question as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from lots.units import ZERO
from optimizer.problem import AccountFacts, Problem
from optimizer.wishes import HoldingLimit, Preference, SetAside

Path = tuple[str | int, ...]
ONE = Decimal(1)


class Unit(StrEnum):
    """What a wish is counted in."""

    DOLLARS = "dollars"
    FRACTION = "fraction"
    DAYS = "days"
    ORDERS = "orders"
    ENTRY = "entry"
    """A name in a list, a table or a switch: it stands or it does not."""


STEPS = {Unit.DOLLARS: ONE, Unit.FRACTION: Decimal("0.0005"), Unit.DAYS: ONE, Unit.ORDERS: ONE, Unit.ENTRY: ONE}
"""The step whose price is worth telling: a dollar, five basis points, a day, an order, the wish itself."""


@dataclass(frozen=True)
class Limit:
    """One wish or order that may bind.

    Parameters
    ----------
    paths : where it stands in the problem; several where one step moves several numbers, as both bands of a segment.
    words : the wish in the household's words.
    order : the `order` of the constraint that carries it out; the same words, or those of all wishes of one list. Empty where
        no constraint of its own stands behind it.
    unit : what it is counted in.
    amount : how much it is, in that unit; 1 for an entry.
    sense : 1 if more of it loosens the wish, -1 if less does.
    """

    paths: tuple[Path, ...]
    words: str
    order: str
    unit: Unit
    amount: Decimal
    sense: int

    @property
    def step(self) -> Decimal:
        """The usual step, in its unit."""
        return STEPS[self.unit]


DOLLAR_WISHES = {
    "max_short_gain": ("net short-term gain at most", 1),
    "max_long_gain": ("net long-term gain at most", 1),
    "max_net_gain": ("net gain at most", 1),
    "max_gains_tax": ("tax on the year's gains at most", 1),
    "max_agi": ("adjusted gross income at most", 1),
    "max_turnover": ("turnover at most", 1),
    "min_trade": ("no order under", -1),
    "min_harvest": ("no sale for a loss under", -1),
}
UNLABELLED = ("min_trade", "min_harvest")
"""Wishes that no constraint of the convex program carries out."""
LISTS = {
    "keep_lots": "keep lot",
    "keep_accounts": "sell nothing in",
    "do_not_sell": "do not sell",
    "restricted": "do not trade",
    "do_not_buy": "do not buy",
}


def limits_of(problem: Problem) -> tuple[Limit, ...]:
    """Every wish and order of the problem, in the order of the document."""
    found = [*_of_accounts(problem), *_of_bands(problem), *_of_orders(problem), *_of_lists(problem), *_of_wishes(problem)]
    return tuple(found)


def words_of(problem: Problem) -> dict[Path, str]:
    """The `order` of every wish by the path it stands at."""
    return {limit.paths[0]: limit.order for limit in limits_of(problem)}


def loosened(problem: Problem, limit: Limit, by: Decimal | None = None) -> Problem:
    """The same question with one wish loosened by so much of its unit, by its step when left out; an entry is struck out.

    Amounts stop at nothing and fractions at the whole.
    """
    for path in limit.paths:
        problem = _changed(problem, path, limit, limit.step if by is None else by)
    return problem


def _changed(part: Any, path: Path, limit: Limit, by: Decimal) -> Any:
    """A copy of a part of the document in which what stands at `path` is loosened."""
    key, *rest = path
    if isinstance(part, tuple):
        assert isinstance(key, int)
        if not rest and limit.unit is Unit.ENTRY:
            return part[:key] + part[key + 1 :]
        return (*part[:key], _changed(part[key], tuple(rest), limit, by), *part[key + 1 :])
    assert isinstance(part, BaseModel)
    now = getattr(part, str(key))
    return part.model_copy(update={str(key): _changed(now, tuple(rest), limit, by) if rest else _moved(now, limit, by)})


def _moved(now: object, limit: Limit, by: Decimal) -> object:
    if limit.unit is Unit.ENTRY:
        return False
    moved = Decimal(str(now)) + limit.sense * by
    if limit.unit is Unit.FRACTION:
        return min(2 * ONE if limit.paths[0][-1] == "max_turnover_share" else ONE, max(ZERO, moved))
    if limit.unit in (Unit.DAYS, Unit.ORDERS):
        return max(0, int(moved))
    return max(ZERO, moved) if limit.sense < 0 else moved


def cash_words(problem: Problem) -> dict[str, str]:
    """What is to stay in cash in every account that has to keep some, in one sentence an account."""
    words: dict[str, list[str]] = {a.id: [_floor_words(a)] for a in problem.accounts if a.cash_floor > 0}
    for each in problem.wishes.set_asides:
        if each.is_kept_on(problem.as_of):
            words.setdefault(each.account, []).append(_aside_words(each))
    return {name: " and ".join(parts) for name, parts in words.items()}


def _floor_words(account: AccountFacts) -> str:
    return f"keep {account.cash_floor:,.2f} in cash in {account.id}"


def _aside_words(each: SetAside) -> str:
    return f"set {each.amount:,.2f} aside in {each.account} for {each.purpose}"


def _of_accounts(problem: Problem) -> Iterator[Limit]:
    kept = cash_words(problem)
    for n, account in enumerate(problem.accounts):
        at: Path = ("accounts", n)
        if account.cash_floor > 0:
            words = _floor_words(account)
            yield Limit(((*at, "cash_floor"),), words, kept[account.id], Unit.DOLLARS, account.cash_floor, -1)
        for name, verb in (("max_sold", "sell"), ("max_bought", "buy")):
            most: Decimal | None = getattr(account, name)
            if most is not None:
                words = f"{verb} at most {most:,.2f} in {account.id}"
                yield Limit(((*at, name),), words, words, Unit.DOLLARS, most, 1)
        if account.contribution_room is not None:
            words = f"contribute at most {account.contribution_room:,.2f} to {account.id}, its room"
            yield Limit(((*at, "contribution_room"),), words, words, Unit.DOLLARS, account.contribution_room, 1)
        yield from _of_names(account, at)


def _of_names(account: AccountFacts, at: Path) -> Iterator[Limit]:
    for name, words in (("do_not_sell", "do not sell"), ("do_not_buy", "do not buy")):
        symbols: tuple[str, ...] = getattr(account, name)
        order = f"{words} {', '.join(symbols)} in {account.id}" if name == "do_not_sell" else ""
        for k, symbol in enumerate(symbols):
            yield Limit(((*at, name, k),), f"{words} {symbol} in {account.id}", order, Unit.ENTRY, ONE, 1)


def _of_bands(problem: Problem) -> Iterator[Limit]:
    """Both edges of every segment; a step moves the trigger and the destination alike."""
    for n, segment in enumerate(problem.segments):
        for edge, words, sense in (("lower", "no less than", -1), ("upper", "no more than", 1)):
            trigger, destination = getattr(segment.trigger, edge), getattr(segment.destination, edge)
            if 0 < trigger < 1:
                paths: tuple[Path, ...] = (("segments", n, "trigger", edge), ("segments", n, "destination", edge))
                said = f"{segment.id} {words} {100 * destination:.2f} %"
                yield Limit(paths, said, "", Unit.FRACTION, destination, sense)


def _of_orders(problem: Problem) -> Iterator[Limit]:
    for n, contribution in enumerate(problem.contributions):
        words = f"contribute {contribution.amount:,.2f} into {' or '.join(contribution.into)}"
        yield Limit((("contributions", n, "amount"),), words, words, Unit.DOLLARS, contribution.amount, -1)
    for n, withdrawal in enumerate(problem.withdrawals):
        words = f"withdraw {withdrawal.words} from {_places(problem, withdrawal.sources)}"
        yield Limit((("withdrawals", n, "amount"),), words, words, Unit.DOLLARS, withdrawal.amount, -1)
    for n, donation in enumerate(problem.donations):
        up_to = "up to " if donation.up_to else ""
        words = f"give {up_to}{donation.amount:,.2f} from {_places(problem, donation.sources)}"
        order, sense = ("", 1) if donation.up_to else (words, -1)
        yield Limit((("donations", n, "amount"),), words, order, Unit.DOLLARS, donation.amount, sense)


def _places(problem: Problem, names: tuple[str, ...]) -> str:
    """Accounts by name, with what they hold together."""
    price = {s.symbol: s.price for s in problem.securities}
    held = sum((lot.shares * price[lot.symbol] for lot in problem.lots if lot.account in names), ZERO)
    held += sum((account.cash for account in problem.accounts if account.id in names), ZERO)
    held += sum((payment.amount for payment in problem.income if payment.account in names), ZERO)
    return f"{' or '.join(names)} (value {held:,.2f})"


def _of_lists(problem: Problem) -> Iterator[Limit]:
    for name, words in LISTS.items():
        entries: tuple[str, ...] = getattr(problem.wishes, name)
        order = "" if name == "do_not_buy" else f"{words} {', '.join(entries)}"
        for k, entry in enumerate(entries):
            yield Limit((("wishes", name, k),), f"{words} {entry}", order, Unit.ENTRY, ONE, 1)
    for k, preference in enumerate(problem.wishes.preferences):
        yield Limit((("wishes", "preferences", k),), _preferred(preference), "", Unit.ENTRY, ONE, 1)


def _preferred(preference: Preference) -> str:
    where = "" if preference.accounts == "all" else f" in {preference.accounts} accounts"
    return f"buy {', then '.join(preference.buy)} for {preference.segment}{where}"


def _of_wishes(problem: Problem) -> Iterator[Limit]:
    wishes = problem.wishes
    for name, (start, sense) in DOLLAR_WISHES.items():
        amount: Decimal | None = getattr(wishes, name)
        if amount is not None:
            words = f"{start} {amount:,.2f}"
            yield Limit((("wishes", name),), words, "" if name in UNLABELLED else words, Unit.DOLLARS, amount, sense)
    if wishes.max_turnover_share is not None:
        words = f"turnover at most {100 * wishes.max_turnover_share:.2f} % of the household"
        yield Limit((("wishes", "max_turnover_share"),), words, words, Unit.FRACTION, wishes.max_turnover_share, 1)
    if wishes.max_orders is not None:
        words = f"at most {wishes.max_orders} orders"
        yield Limit((("wishes", "max_orders"),), words, "", Unit.ORDERS, Decimal(wishes.max_orders), 1)
    if wishes.min_harvest_share is not None:
        words = f"no sale for a loss under {100 * wishes.min_harvest_share:.2f} % of its basis"
        yield Limit((("wishes", "min_harvest_share"),), words, "", Unit.FRACTION, wishes.min_harvest_share, -1)
    if wishes.min_holding_days:
        words = f"sell nothing before it is held for {wishes.min_holding_days} days"
        yield Limit((("wishes", "min_holding_days"),), words, words, Unit.DAYS, Decimal(wishes.min_holding_days), -1)
    if wishes.no_short_term_gains:
        words = "sell nothing at a short-term gain"
        yield Limit((("wishes", "no_short_term_gains"),), words, words, Unit.ENTRY, ONE, 1)
    if wishes.wait_for_long_term_days:
        days = wishes.wait_for_long_term_days
        words = f"wait for lots at a gain that turn long-term within {days} days"
        yield Limit((("wishes", "wait_for_long_term_days"),), words, words, Unit.DAYS, Decimal(days), -1)
    kept = cash_words(problem)
    for k, each in enumerate(wishes.set_asides):
        if each.is_kept_on(problem.as_of):
            at: Path = ("wishes", "set_asides", k, "amount")
            yield Limit((at,), _aside_words(each), kept[each.account], Unit.DOLLARS, each.amount, -1)
    for k, limit in enumerate(wishes.holding_limits):
        words = _holding(limit)
        yield Limit((("wishes", "holding_limits", k, "at_most"),), words, words, Unit.FRACTION, limit.at_most, 1)


def _holding(limit: HoldingLimit) -> str:
    return f"{limit.symbol or limit.segment} at most {100 * limit.at_most:.2f} % of {limit.account}"
