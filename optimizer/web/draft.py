"""What a form says, as a change of the question; and how a draft differs from the household's files, in words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lots.units import ZERO
from optimizer.documents import PLAIN_DECIMAL
from optimizer.errors import Fault, InputFaults
from optimizer.problem import Band, ContributionOrder, DonationOrder, Lever, Problem, SegmentFacts, WithdrawalOrder
from optimizer.wishes import Wishes

BUDGETS = {
    "max_net_gain": "Most net gain this year, $",
    "max_short_gain": "Most net short-term gain, $",
    "max_long_gain": "Most net long-term gain, $",
    "max_gains_tax": "Most tax on the year's gains, $",
    "max_agi": "Most adjusted gross income, $",
    "max_turnover": "Most bought and sold together, $",
    "min_trade": "No order below, $",
    "min_harvest": "No loss harvested below, $",
}
"""Limits in dollars that the plan's page offers, by their name among the wishes."""
ORDERS = {"contributions": "New money", "withdrawals": "Withdrawal", "donations": "Gift"}
JANUARY = {"bands_by": "Bands have to be reached by", "gifts_may_wait": "Gifts may wait for January"}
HUNDREDTH = Decimal("0.01")
SIGN = re.compile(r"\s*[$%]\s*")
GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
"""Thousands with commas; any other comma may stand for a decimal point and is not guessed at."""


@dataclass(frozen=True)
class Difference:
    """One thing that a draft says otherwise than the files.

    Parameters
    ----------
    what : the thing, in words.
    before, after : how the files and the draft say it.
    line : where and how household.toml would say it; empty where it has no short form.
    sets_bands_aside : whether it stands for all bands, which a limit on drift took the place of.
    """

    what: str
    before: str
    after: str
    line: str = ""
    sets_bands_aside: bool = False


class Reader:
    """Fields of a form as numbers; what is none is gathered and told all at once."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = fields
        self.faults: list[Fault] = []

    def text(self, name: str) -> str | None:
        """The field's text; None where the form does not have it."""
        value = self.fields.get(name)
        return value.strip() if isinstance(value, str) else None

    def number(self, name: str, label: str) -> Decimal | None:
        """The field as a number; None for one that is left empty or missing."""
        text = self.text(name)
        if not text:
            return None
        plain = SIGN.sub("", text)
        plain = plain.replace(",", "") if GROUPS.fullmatch(plain) else plain
        if PLAIN_DECIMAL.fullmatch(plain) and len(plain) <= 18:
            return Decimal(plain)
        step = "A comma parts thousands alone; write a point before decimals." if "," in plain else ""
        self.faults.append(Fault((), repr(text[:40]), "a number such as 1234.56 or 1,234.56", step, label))
        return None

    def finish(self) -> None:
        """Refuse what was no number."""
        if self.faults:
            raise InputFaults(self.faults)


def with_money(problem: Problem, fields: Mapping[str, object], levers: Sequence[str]) -> Problem:
    """The question with the orders, limits and levers of the plan's form.

    Parameters
    ----------
    fields : the form; what it does not have stays as it is.
    levers : the levers that are ticked; all of them unless the form shows levers at all.

    Raises
    ------
    InputFaults
        With every field that says no number or an impossible one.
    """
    reader = Reader(fields)
    update: dict[str, object] = {kind: tuple(_amended(reader, kind, getattr(problem, kind))) for kind in ORDERS}
    added = _added(reader)
    if added is not None:
        kind, order = added
        update[kind] = (*update[kind], order)  # type: ignore[misc]
    update["wishes"] = _wishes(reader, problem.wishes)
    if "levers" in fields:
        update["levers"] = tuple(lever for lever in Lever if lever.value in levers)
    reader.finish()
    return problem.model_copy(update=update)


def _amended(reader: Reader, kind: str, orders: Sequence[object]) -> Iterator[object]:
    """The orders there are, with the form's amounts; an amount of 0 takes an order away."""
    for place, order in enumerate(orders):
        name = f"{kind}-{place}"
        if reader.text(name) is None:
            yield order
            continue
        amount = _not_negative(reader, name, ORDERS[kind])
        if amount:
            yield order.model_copy(update={"amount": amount})  # type: ignore[attr-defined]


def _added(reader: Reader) -> tuple[str, object] | None:
    """The order that the form adds."""
    amount, kind = _not_negative(reader, "new-amount", "Amount of a new order"), reader.text("new-kind") or ""
    if not amount:
        return None
    account = reader.text("new-account") or ""
    makers: dict[str, Callable[[], object]] = {
        "contributions": lambda: ContributionOrder(amount=amount, into=(account,)),
        "withdrawals": lambda: WithdrawalOrder(amount=amount, sources=(account,)),
        "donations": lambda: DonationOrder(amount=amount, sources=(account,)),
    }
    if kind not in makers or not 0 < len(account) <= 80:
        reader.faults.append(Fault((), repr(kind)[:40], "a kind of order and an account", where="New order"))
        return None
    return kind, makers[kind]()


def _not_negative(reader: Reader, name: str, label: str) -> Decimal | None:
    amount = reader.number(name, label)
    if amount is not None and amount < 0:
        reader.faults.append(Fault((), str(amount), "an amount of 0 or more", where=label))
        return None
    return amount


def _wishes(reader: Reader, wishes: Wishes) -> Wishes:
    signed = ("max_net_gain", "max_short_gain", "max_long_gain", "max_gains_tax", "max_agi")
    update: dict[str, object] = {}
    for name, label in BUDGETS.items():
        if reader.text(name) is not None:
            update[name] = reader.number(name, label) if name in signed else _not_negative(reader, name, label)
    if reader.text("max_orders") is not None:
        count = _not_negative(reader, "max_orders", "Most orders")
        if count is not None and (count != int(count) or count > 100_000):
            reader.faults.append(Fault((), str(count), "a whole number", where="Most orders"))
        else:
            update["max_orders"] = None if count is None else int(count)
    return wishes.model_copy(update=update)


def with_bands(problem: Problem, fields: Mapping[str, object]) -> Problem:
    """The question with the targets and bands of the form, all in per cent of the household.

    A whole's target is the sum of its parts. A band whose edges are left as they are moves along with its target. Where trades
    stop keeps its place between target and edge.

    Raises
    ------
    InputFaults
        With every field that says no number, and every band that does not hold its target.
    """
    reader = Reader(fields)
    targets = {s.id: _percent(reader, "target", s, s.target) for s in problem.segments}
    parents = {s.parent for s in problem.segments if s.parent is not None}
    for whole in parents:
        leaves = [s for s in problem.segments if s.id not in parents and whole in _above(problem, s)]
        before = sum((s.target for s in leaves), ZERO)
        moved = sum((targets[s.id] for s in leaves), ZERO) - before
        targets[whole] = next(s.target for s in problem.segments if s.id == whole) + moved
    segments = tuple(_banded(reader, segment, targets[segment.id]) for segment in problem.segments)
    reader.finish()
    return problem.model_copy(update={"segments": segments})


def _above(problem: Problem, segment: SegmentFacts) -> Iterator[str]:
    parent_of = {s.id: s.parent for s in problem.segments}
    name = segment.parent
    for _ in problem.segments:
        if name is None:
            return
        yield name
        name = parent_of.get(name)


def _banded(reader: Reader, segment: SegmentFacts, target: Decimal) -> SegmentFacts:
    old = segment.trigger
    lower = _percent(reader, "lower", segment, old.lower)
    upper = _percent(reader, "upper", segment, old.upper)
    if (target, lower, upper) == (segment.target, old.lower, old.upper):
        return segment
    if (lower, upper) == (old.lower, old.upper):
        move = target - segment.target
        lower, upper = max(ZERO, lower + move), min(Decimal(1), upper + move)
    if not ZERO <= lower <= target <= upper <= 1:
        found = f"a band from {_pct(lower)} to {_pct(upper)} % around a target of {_pct(target)} %"
        reader.faults.append(Fault((), found, "0 ≤ lower edge ≤ target ≤ upper edge ≤ 100", where=segment.name or segment.id))
        return segment
    stop = Band(
        lower=target - (target - lower) * _part(segment.target - segment.destination.lower, segment.target - old.lower),
        upper=target + (upper - target) * _part(segment.destination.upper - segment.target, old.upper - segment.target),
    )
    return segment.model_copy(update={"target": target, "trigger": Band(lower=lower, upper=upper), "destination": stop})


def _part(stop: Decimal, edge: Decimal) -> Decimal:
    """How far from target to edge trades stop, from 0 to 1."""
    return min(Decimal(1), stop / edge).quantize(Decimal("0.000001")) if edge > 0 else Decimal(1)


def _percent(reader: Reader, kind: str, segment: SegmentFacts, before: Decimal) -> Decimal:
    """A field in per cent as a fraction; what it was, where it is left as the form showed it."""
    found = reader.number(f"{kind}:{segment.id}", f"{segment.name or segment.id}, {kind}")
    return before if found is None or f"{found.normalize():f}" == _pct(before) else found / 100


def _pct(fraction: Decimal) -> str:
    return f"{(fraction * 100).quantize(Decimal('0.0001')).normalize():f}"


def keeping(problem: Problem, lot: str, keeps: bool) -> Problem:
    """The question with one lot kept, or free again."""
    kept = tuple(each for each in problem.wishes.keep_lots if each != lot)
    return _wishing(problem, keep_lots=(*kept, lot) if keeps else kept)


def restricting(problem: Problem, symbol: str, restricts: bool) -> Problem:
    """The question with one security left alone, or free again."""
    others = tuple(each for each in problem.wishes.restricted if each != symbol)
    return _wishing(problem, restricted=(*others, symbol) if restricts else others)


def _wishing(problem: Problem, **update: object) -> Problem:
    return problem.model_copy(update={"wishes": problem.wishes.model_copy(update=update)})


def differences(base: Problem, draft: Problem) -> list[Difference]:
    """What a draft says otherwise than the files."""
    found = list(_of_bands(base, draft))
    for kind, word in ORDERS.items():
        before, after = (", ".join(f"${each.amount:,}" for each in getattr(p, kind)) or "none" for p in (base, draft))
        if getattr(base, kind) != getattr(draft, kind):
            found.append(Difference(word, before, after))
    for name in Wishes.model_fields:
        old_wish, new_wish = getattr(base.wishes, name), getattr(draft.wishes, name)
        if old_wish != new_wish:
            label = BUDGETS.get(name, name.replace("_", " ")).removesuffix(", $")
            found.append(Difference(label, _said(old_wish), _said(new_wish), f"[wishes] {name} = {_toml(new_wish)}"))
    if base.levers != draft.levers:
        before, after = (", ".join(p.levers) or "none" for p in (base, draft))
        found.append(Difference("Levers", before, after, f"levers = {_toml(tuple(draft.levers))}"))
    for name, words in JANUARY.items():
        old, new = getattr(base.next_year, name), getattr(draft.next_year, name)
        if old != new:
            found.append(Difference(words, _said(old), _said(new), f"[next_year] {name} = {_toml(new)}"))
    before_scope, after_scope = (p.scope.model_copy(update={"max_drift": None}) for p in (base, draft))
    if before_scope != after_scope:
        found.append(Difference("Reach of the question", before_scope.model_dump_json(), after_scope.model_dump_json()))
    return found


def _of_bands(base: Problem, draft: Problem) -> Iterator[Difference]:
    """What a draft says otherwise of targets and bands; bands that were set aside are told once for all segments."""
    limits = [p.scope.max_drift for p in (base, draft)]
    is_aside = limits[1] is not None and limits[0] != limits[1]
    if limits[0] != limits[1]:
        before, after = (
            "the bands" if each is None else f"no bands; half the distance from target at most {_pct(each)} %" for each in limits
        )
        yield Difference("Bands", before, after, sets_bands_aside=is_aside)
    wholes = {each.parent for each in draft.segments}
    for old, new in zip(base.segments, draft.segments, strict=True):
        if is_aside and old.target != new.target:
            yield Difference(old.name or old.id, f"target {_pct(old.target)} %", f"target {_pct(new.target)} %")
        elif not is_aside and old != new:
            before, after = (
                f"target {_pct(s.target)} %, band {_pct(s.trigger.lower)} to {_pct(s.trigger.upper)} %" for s in (old, new)
            )
            yield Difference(old.name or old.id, before, after, _segment_line(old, new, new.id in wholes))


def _segment_line(old: SegmentFacts, new: SegmentFacts, is_whole: bool) -> str:
    """A segment as household.toml says it."""
    from optimizer.household.saving import segment_fields

    said = ", ".join(f"{key} = {_toml(value)}" for key, value in segment_fields(old, new, is_whole).items())
    return f"[segments.{_key(new.id)}] {said}"


def _key(name: str) -> str:
    """A name as a key of TOML, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _said(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"${value:,}" if isinstance(value, Decimal) else str(value)


def _toml(value: object) -> str:
    """A value as household.toml would say it; a wish that is gone is a line to take out."""
    if value is None:
        return "(take the line out)"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value).lower()
