"""Gains and tax: the year's net gains as variables, and one convex case of the tax on them."""

from dataclasses import dataclass
from decimal import Decimal

import cvxpy as cp

from lots.units import to_float
from optimizer.limits import words_of
from optimizer.model.axes import Axes
from optimizer.model.block import Labelled, Part
from optimizer.model.cases import N_PIECES, N_TERMS, Pieces, TaxCase
from optimizer.model.polyhedral import LinearCase
from optimizer.model.trades import Trades
from optimizer.problem import Problem
from optimizer.taxpayer import MarginalRates

AMOUNT_LABELS = ("net short-term gain", "net long-term gain", "ordinary income of the flows", "charitable deduction")
"""The equations that tie the amounts of the year, in their order, to the trades."""


@dataclass(frozen=True)
class Epigraph:
    """The sum over terms of the largest affine piece, with the pieces as parameters so that one model serves every case."""

    slopes: tuple[cp.Parameter, ...]
    offsets: tuple[cp.Parameter, ...]
    total: cp.Expression
    constraints: list[cp.Constraint]

    def set_pieces(self, pieces: Pieces) -> None:
        """Choose the case."""
        for piece, (slope, offset) in enumerate(zip(self.slopes, self.offsets, strict=True)):
            slope.save_value(pieces[:, piece, :4])
            offset.save_value(pieces[:, piece, 4])


@dataclass(frozen=True)
class YearGains:
    """z = (S, L, O, D) as a variable, the tax of the case chosen, and what is due this year where a budget asks for it."""

    z: cp.Variable
    tax: Epigraph
    due: Epigraph | None
    due_on_gains: cp.Expression | None
    """The part of it that is on gains, dollars."""

    def choose(self, case: TaxCase | LinearCase) -> None:
        """Put a case's pieces into the model."""
        assert isinstance(case, TaxCase)
        self.tax.set_pieces(case.pieces)
        if self.due is not None:
            self.due.set_pieces(case.due)


def counted_gains(problem: Problem, axes: Axes, trades: Trades, washed: cp.Expression) -> tuple[cp.Expression, cp.Expression]:
    """Net short- and long-term gain of the year in dollars: to date and by this plan's sales, washed proceeds left out."""
    to_date = problem.taxpayer.gains
    counted = cp.multiply(axes.lots.gain_ratio, trades.sold - washed)
    short, long = axes.lots.is_short.astype(float), (axes.lots.is_taxable & ~axes.lots.is_short).astype(float)
    return to_float(to_date.net_short) + short @ counted, to_float(to_date.net_long) + long @ counted


def gains(
    problem: Problem, axes: Axes, trades: Trades, washed: cp.Expression, income: cp.Expression, rates: MarginalRates
) -> tuple[Part, YearGains]:
    """Net the year's gains and tax them by the case chosen; convex, a sum of maxima of affine functions.

    Costs: `tax`, the case's tax on z in dollars.
    Constraints: S and L are gains to date plus this plan's sales of short- and long-term lots, washed proceeds left out; O and
    D are the income and deductions of flows and gifts.
    """
    short, long = counted_gains(problem, axes, trades, washed)
    deduction = axes.lots.deduction_ratio[axes.gifts.lot] @ trades.given + axes.cash_gift_counts @ trades.cash_given
    z = cp.Variable(4, name="short_long_ordinary_deduction")
    tax = _epigraph(z, "tax")
    due = _epigraph(z, "due") if problem.wishes.max_gains_tax is not None else None
    amounts = (short, long, income, deduction)
    constraints = [
        *(Labelled(label, z[n] == amount) for n, (label, amount) in enumerate(zip(AMOUNT_LABELS, amounts, strict=True))),
        *(Labelled("tax of the case", constraint) for constraint in tax.constraints),
    ]
    if due is not None:
        constraints += [Labelled("tax due in the case", constraint) for constraint in due.constraints]
    flow_tax = to_float(rates.ordinary) * z[2] - to_float(rates.deduction_rate) * z[3]
    on_gains = None if due is None else due.total - flow_tax
    return Part({"tax": tax.total}, constraints), YearGains(z, tax, due, on_gains)


def _epigraph(z: cp.Variable, name: str) -> Epigraph:
    height = cp.Variable(N_TERMS, name=f"{name}_terms")
    slopes = tuple(cp.Parameter((N_TERMS, 4), name=f"{name}_slope_{k}") for k in range(N_PIECES))
    offsets = tuple(cp.Parameter(N_TERMS, name=f"{name}_offset_{k}") for k in range(N_PIECES))
    above = [height >= slope @ z + offset for slope, offset in zip(slopes, offsets, strict=True)]
    return Epigraph(slopes, offsets, cp.sum(height), above)


def budgets(
    problem: Problem, value_before: float, trades: Trades, short: cp.Expression, long: cp.Expression, tax: cp.Expression | None
) -> Part:
    """Hold the year's gains, the tax on them and the turnover under the household's limits; linear or convex.

    The limit on tax holds the case's tax, so the cases together allow exactly what the law's tax allows.
    """
    wishes, words = problem.wishes, words_of(problem)
    turnover = cp.sum(trades.sold) + cp.sum(trades.bought)
    limits: list[tuple[str, cp.Expression | None, float | None]] = [
        ("max_short_gain", short, _dollars(wishes.max_short_gain)),
        ("max_long_gain", long, _dollars(wishes.max_long_gain)),
        ("max_net_gain", short + long, _dollars(wishes.max_net_gain)),
        ("max_turnover", turnover, _dollars(wishes.max_turnover)),
        ("max_turnover_share", turnover, _dollars(wishes.max_turnover_share, value_before)),
        ("max_gains_tax", tax, _dollars(wishes.max_gains_tax)),
    ]
    found = []
    for name, amount, limit in limits:
        if limit is not None and amount is not None:
            order = words["wishes", name]
            found.append(Labelled(order, amount <= limit, order=order))
    return Part({}, found)


def _dollars(limit: Decimal | None, of: float = 1.0) -> float | None:
    return None if limit is None else to_float(limit) * of
