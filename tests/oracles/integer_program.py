"""A second way to the same optimum: wash groups as whole numbers and the tax's cases as binaries, in one integer program."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_matrix, hstack, vstack

from optimizer.model.assemble import Model
from optimizer.model.linear_form import LinearForm, linear_form
from optimizer.problem import Lever


@dataclass(frozen=True)
class Arrays:
    """A linear program at one set of parameters."""

    cost: np.ndarray
    offset: float
    matrix: csc_matrix
    low: np.ndarray
    high: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def arrays_of(form: LinearForm) -> Arrays:
    """The program's numbers as its parameters stand."""
    p = form.parameter_values()
    right = form.right.at(p)
    matrix = csc_matrix((form.values.at(p), form.index, form.start), shape=(form.n_rows, form.n_columns))
    low = np.where(form.is_equation, right, -np.inf)
    lower, upper = form.lower.at(p), form.upper.at(p)
    return Arrays(form.cost.at(p), float(form.offset.at(p)[0]), matrix, low, right, lower, upper)


def form_of(model: Model) -> LinearForm:
    """The household's program, read anew."""
    return linear_form(model.program, model.costs)


def least_over_whole_groups(model: Model, levers: frozenset[Lever]) -> float:
    """The least cost over the cases of the tax, each an integer program in the flags of wash groups."""
    return min(_whole_groups(model, levers, n) for n in range(len(model.cases)))


def _whole_groups(model: Model, levers: frozenset[Lever], case: int) -> float:
    model.choose(model.cases[case], levers)
    form = form_of(model)
    a = arrays_of(form)
    integrality = _flags(model, form, form.n_columns)
    return _least(a.cost, a.offset, [(a.matrix, a.low, a.high)], Bounds(a.lower, a.upper), integrality)


def least_over_chosen_case(model: Model, levers: frozenset[Lever]) -> float:
    """The least cost with a binary for each case of the tax, of which one is chosen and only its rows have to hold.

    Flat rates only. The rows that differ between the cases are those of the tax: each case's stand beside each other and give way
    by more than any tax can be where the case is not chosen.
    """
    model.choose(model.cases[0], levers)
    form = form_of(model)
    first = arrays_of(form)
    tax_rows = np.zeros(form.n_rows, dtype=bool)
    for constraint in model.year.tax.constraints:
        tax_rows[form.slices[constraint.id]] = True
    large = 5e6
    n_cases = len(model.cases)
    none = csc_matrix((int((~tax_rows).sum()), n_cases))
    rows = [(hstack([first.matrix[~tax_rows], none]), first.low[~tax_rows], first.high[~tax_rows])]
    for n, case in enumerate(model.cases):
        model.choose(case, levers)
        a = arrays_of(form)
        chosen = np.zeros((int(tax_rows.sum()), n_cases))
        chosen[:, n] = large
        rows.append((hstack([a.matrix[tax_rows], csc_matrix(chosen)]), a.low[tax_rows], a.high[tax_rows] + large))
    one = np.concatenate([np.zeros(form.n_columns), np.ones(n_cases)])[None, :]
    rows.append((csc_matrix(one), np.ones(1), np.ones(1)))
    integrality = np.append(_flags(model, form, form.n_columns), np.ones(n_cases))
    bounds = Bounds(np.append(first.lower, np.zeros(n_cases)), np.append(first.upper, np.ones(n_cases)))
    return _least(np.append(first.cost, np.zeros(n_cases)), first.offset, rows, bounds, integrality)


def _flags(model: Model, form: LinearForm, n_columns: int) -> np.ndarray:
    """1 for every flag of a wash group, 0 for everything else."""
    found = np.zeros(n_columns)
    for flags in (model.trades.harvested, model.trades.soaked):
        if flags.id in form.places.column_of:
            first = form.places.column_of[flags.id]
            found[first : first + flags.size] = 1
    return found


def _least(
    cost: np.ndarray,
    offset: float,
    rows: list[tuple[csc_matrix, np.ndarray, np.ndarray]],
    bounds: Bounds,
    integrality: np.ndarray,
) -> float:
    matrix = vstack([part for part, _, _ in rows])
    sides = LinearConstraint(matrix, np.concatenate([low for _, low, _ in rows]), np.concatenate([high for _, _, high in rows]))
    found = milp(cost, constraints=sides, bounds=bounds, integrality=integrality, options={"mip_rel_gap": 0.0})
    return float(found.fun) + offset if found.status == 0 else np.inf
