"""Charitable gifts: what is deductible this year and what is carried on (IRC 170(b), (d), (e); Pub. 526 Worksheet 2).

Each class of gifts has a share of adjusted gross income as its limit, and later classes only get what earlier ones
leave. Within a class this year's gifts go before carryovers, the oldest carryover first. From 2026 the first half per
cent of income is not deductible and is taken from the classes in the reverse order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lots.law import Law
from lots.tax.filer import Filer, GiftCarryover, GiftKind
from lots.tax.sheet import Sheet
from lots.units import ZERO, Money

FLOOR_ORDER = (
    GiftKind.PRIVATE_PROPERTY,
    GiftKind.LONG_PROPERTY,
    GiftKind.PRIVATE_CASH,
    GiftKind.GENERAL,
    GiftKind.CASH,
)
"""IRC 170(b)(1)(I)(ii): subparagraphs (D), (C), (B), (E), (A), (G); conservation gifts (E) are not modelled."""


@dataclass(frozen=True, slots=True)
class Gifts:
    """`deductible` dollars for those who itemise, `carryovers` to next year, and the `floor` that was taken off."""

    deductible: Money
    carryovers: tuple[GiftCarryover, ...]
    floor: Money


NO_GIFTS = Gifts(ZERO, (), ZERO)


def deductible_gifts(filer: Filer, law: Law, agi: Money, qcd_excess: Money, sheet: Sheet) -> Gifts:
    """Apply the limits, the floor and the carryforward period.

    A carryover counts as used by what could have been deducted, whether or not the filer itemises (Reg.
    1.170A-10(a)(2)).
    """
    given = _given(filer, law, qcd_excess)
    if not given:
        return NO_GIFTS
    limits = _Limits(law, max(ZERO, agi), given)
    allowed: list[GiftCarryover] = []
    unused: list[GiftCarryover] = []
    for kind in GiftKind:
        room = limits.room(kind, allowed)
        for gift in (gift for gift in given if gift.kind is kind):
            part = min(gift.amount, room)
            room -= part
            allowed.append(replace(gift, amount=part))
            unused.append(replace(gift, amount=gift.amount - part))
    excess = [gift for gift in unused if gift.amount]
    floor = min(_floor(law, agi), sum((gift.amount for gift in allowed), ZERO))
    eaten = _eaten_by_floor(allowed, floor)
    deductible = sum((gift.amount for gift in allowed), ZERO) - floor
    _write(sheet, deductible, floor, limits, allowed)
    carried = _merge(excess + eaten) if excess else ()
    keep = law.figure("charity.carryforward.years")
    return Gifts(deductible, tuple(gift for gift in carried if law.year - gift.year < keep), floor)


def non_itemizer_gift(filer: Filer, law: Law, agi: Money) -> Money:
    """Return the cash gifts that may be deducted without itemising (IRC 170(p)), in dollars."""
    if not filer.cash_gifts or not law.has("charity.non_itemiser"):
        return ZERO
    room = law.figure("charity.limits.cash") * max(ZERO, agi)
    return min(filer.cash_gifts, law.by_status("charity.non_itemiser", filer.status), room)


def _given(filer: Filer, law: Law, qcd_excess: Money) -> list[GiftCarryover]:
    """This year's gifts, then what earlier years left and is not too old, oldest first."""
    now = (
        (GiftKind.CASH, filer.cash_gifts + filer.fund_gifts + qcd_excess),
        (GiftKind.GENERAL, filer.short_property_gifts),
        (GiftKind.LONG_PROPERTY, filer.long_property_gifts),
        (GiftKind.PRIVATE_CASH, filer.private_cash_gifts),
        (GiftKind.PRIVATE_PROPERTY, filer.private_property_gifts),
    )
    first = law.year - law.figure("charity.carryforward.years")
    old = sorted((gift for gift in filer.gift_carryovers if gift.year >= first), key=lambda gift: gift.year)
    return [GiftCarryover(law.year, kind, amount) for kind, amount in now if amount] + old


class _Limits:
    """The room of each class, given what earlier classes were allowed."""

    def __init__(self, law: Law, agi: Money, given: Sequence[GiftCarryover]) -> None:
        self.agi = agi
        self.cash, self.general, self.long_property, self.private_cash, self.private_property = (
            law.figure(f"charity.limits.{name}") * agi
            for name in ("cash", "general", "long_property", "private_cash", "private_property")
        )
        self.public_property = sum((gift.amount for gift in given if gift.kind is GiftKind.LONG_PROPERTY), ZERO)

    def room(self, kind: GiftKind, allowed: Sequence[GiftCarryover]) -> Money:
        used = {k: sum((gift.amount for gift in allowed if gift.kind is k), ZERO) for k in GiftKind}
        public = used[GiftKind.CASH] + used[GiftKind.GENERAL]
        if kind is GiftKind.CASH:
            return self.cash  # (G): 60 % of AGI
        if kind is GiftKind.GENERAL:
            return max(ZERO, self.general - used[GiftKind.CASH])  # (A), (G)(iii): 50 % less cash
        if kind is GiftKind.LONG_PROPERTY:
            return max(ZERO, min(self.long_property, self.general - public))  # (C): 30 %, within 50 %
        # (B): 30 % of AGI, within 50 % less every public gift as if (C) did not limit property.
        private = min(self.private_cash, self.general - public - self.public_property)
        if kind is GiftKind.PRIVATE_CASH:
            return max(ZERO, private)
        # (D): 20 %, within 30 % less public long-term property, and within what (B) leaves.
        within = min(self.private_property, self.long_property - self.public_property, private - used[GiftKind.PRIVATE_CASH])
        return max(ZERO, within)


def _floor(law: Law, agi: Money) -> Money:
    return law.figure("charity.floor.rate") * max(ZERO, agi) if law.has("charity.floor") else ZERO


def _eaten_by_floor(allowed: Sequence[GiftCarryover], floor: Money) -> list[GiftCarryover]:
    """Which gifts the floor takes; they are carried on only from a year that has an excess (IRC 170(d)(1)(C))."""
    eaten, left = [], floor
    for kind in FLOOR_ORDER:
        for gift in (gift for gift in allowed if gift.kind is kind):
            part = min(left, gift.amount)
            left -= part
            eaten.append(replace(gift, amount=part))
    return eaten


def _merge(gifts: Sequence[GiftCarryover]) -> tuple[GiftCarryover, ...]:
    total: dict[tuple[int, GiftKind], Money] = {}
    for gift in gifts:
        total[gift.year, gift.kind] = total.get((gift.year, gift.kind), ZERO) + gift.amount
    return tuple(GiftCarryover(year, kind, amount) for (year, kind), amount in total.items() if amount)


def _write(sheet: Sheet, deductible: Money, floor: Money, limits: _Limits, allowed: Sequence[GiftCarryover]) -> None:
    sheet.form = "Pub. 526 Worksheet 2"
    for kind in GiftKind:
        amount = sum((gift.amount for gift in allowed if gift.kind is kind), ZERO)
        if amount:
            name = kind.value.replace("_", " ")
            sheet.put(kind.value, f"allowed {name} gifts", amount, f"within the limits on {limits.agi:,.2f} of AGI")
    if floor:
        sheet.put("floor", "floor under all gifts", -floor, "the part of AGI that is never deductible (IRC 170(b)(1)(I))")
    sheet.put("total", "deductible gifts", deductible)
