"""The cones of a tracking error as rows: what names have in common in one cone, what is each name's own told apart by side.

With y = common · active, p and q a name's active dollars where it is sold and where it is bought, and h the flag of the first,
the variance in dollars squared is |y|² + Σ own² (p² / h + q² / (1 - h)). Each quotient is a cone of three and convex in p, q and
h together. At h = 0 and h = 1 it is the variance itself, because p or q is then 0; in between it is more, so that a flag that is
neither costs what it hides.
"""

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy import sparse

from optimizer.model.assemble import Model
from optimizer.model.axes import Index, Mask, Vector
from optimizer.model.blocks.tracking import UNIT
from optimizer.solve.session import Session

SMALLEST = 1e-6
"""Tracking error that a limit is scaled by at least."""
WORTH = 1e3
"""Dollars per dollar of the household that the square of a tracking error of one per cent is priced at where its least is looked
for: next to nothing else is worth any of it."""


@dataclass(frozen=True)
class Cones:
    """Rows and right sides of second-order cones, slack = right - rows · x, over the program's columns and extra ones.

    `inside` are the right sides a margin inside the limit, `at_limit` those of the limit itself; `cost` is that of the extra
    columns.
    """

    rows: sparse.csr_matrix
    inside: Vector
    at_limit: Vector
    kinds: list[object]
    cost: Vector


@dataclass(frozen=True)
class _Apart:
    """Names whose flag is open: their securities, columns of p, rows that give the flag, and their dollars' scale."""

    security: Index
    if_sold: Index
    flag: sparse.csr_matrix
    scale: Vector


def cones_of(model: Model, session: Session, closed: Mask, margin: float, seek_least: bool = False) -> Cones:
    """The cones as they stand, flags in `closed` columns told apart no longer.

    With `seek_least` the limit is a variable, and its square is priced.
    """
    tracking = model.tracking
    assert tracking is not None
    n, risk, start = session.form.n_columns, tracking.risk, tracking.start
    most = tracking.limit if np.isfinite(tracking.limit) and not seek_least else UNIT * tracking.value
    limit = max(most, SMALLEST * tracking.value)
    apart = _apart(model, session, closed, limit)
    m = len(apart.security)
    width = n + 2 * m + int(seek_least)
    whole = np.setdiff1d(np.flatnonzero(risk.own > 0), apart.security)
    own = sparse.csr_matrix((risk.own[whole], (np.arange(len(whole)), whole)), shape=(len(whole), len(risk.own)))
    directions = sparse.csr_matrix(sparse.vstack([risk.common, own]))
    change = _pick(session.columns(tracking.change), width)
    share = (risk.own[apart.security] * apart.scale) ** 2
    variance = sparse.csr_matrix((np.tile(share, 2), (np.zeros(2 * m, dtype=int), n + np.arange(2 * m))), shape=(1, width))
    y, y_start = directions @ change, directions @ start
    rows, inside, at_limit, kinds = list[sparse.csr_matrix](), list[Vector](), list[Vector](), list[object]()

    def add_square(most: sparse.csr_matrix, unit: float, within: float, limited: float) -> None:
        """|y|² + variance ≤ unit² · (most · x + within) as |(2y / unit, t - 1)| ≤ t + 1."""
        rows.append(sparse.csr_matrix(sparse.vstack([variance / unit**2 - most, variance / unit**2 - most, -2 / unit * y])))
        for found, right in ((inside, within), (at_limit, limited)):
            found.append(np.concatenate([[right + 1, right - 1], 2 / unit * y_start]))
        kinds.append(clarabel.SecondOrderConeT(2 + directions.shape[0]))

    nothing = sparse.csr_matrix((1, width))
    if seek_least:
        add_square(_pick(np.array([width - 1]), width), limit, 0.0, 0.0)
    elif np.isfinite(tracking.limit):
        part = tracking.limit / limit
        add_square(nothing, limit, (part * (1 - margin)) ** 2, part**2)
    if tracking.variance is not None:
        add_square(_pick(session.columns(tracking.variance), width), UNIT * tracking.value, 0.0, 0.0)
    if m:
        quotients, right = _quotients(apart, change, start, n)
        rows.append(quotients)
        inside.append(right)
        at_limit.append(right)
        kinds += [clarabel.SecondOrderConeT(3)] * (2 * m)
    cost = np.zeros(width - n)
    if seek_least:
        cost[-1] = WORTH * tracking.value
    stacked = sparse.csr_matrix(sparse.vstack(rows)) if rows else sparse.csr_matrix((0, width))
    none = [np.zeros(0)]
    return Cones(stacked, np.concatenate(none + inside), np.concatenate(none + at_limit), kinds, cost)


def _apart(model: Model, session: Session, closed: Mask, limit: float) -> _Apart:
    assert model.tracking is not None
    found, own = model.tracking.sides, model.tracking.risk.own
    if not len(found.security):
        none = np.empty(0, dtype=np.intp)
        return _Apart(none, none, sparse.csr_matrix((0, session.form.n_columns)), np.empty(0))
    harvested, soaked = session.columns(model.trades.harvested), session.columns(model.trades.soaked)
    is_open = ~(closed[harvested[found.group]] & closed[soaked[found.group]]) & (own[found.security] > 0)
    kept = np.flatnonzero(is_open)
    security, group, at = found.security[kept], found.group[kept], np.arange(len(kept))
    flag = sparse.csr_matrix(
        (np.ones(2 * len(kept)), (np.tile(at, 2), np.concatenate([harvested[group], soaked[group]]))),
        shape=(len(kept), session.form.n_columns),
    )
    usual = limit / np.sqrt(max(len(own), 1)) / own[security]
    return _Apart(security, session.columns(found.if_sold)[kept], flag, np.maximum(np.abs(model.tracking.start[security]), usual))


def _quotients(apart: _Apart, change: sparse.csr_matrix, start: Vector, n: int) -> tuple[sparse.csr_matrix, Vector]:
    """p² ≤ y · h and q² ≤ z · (1 - h), dollars in units of their scale: |(2p, y - h)| ≤ y + h, and the like."""
    m, width = len(apart.security), change.shape[1]
    flag = sparse.csr_matrix((apart.flag.data, apart.flag.indices, apart.flag.indptr), shape=(m, width))
    by_scale = sparse.diags(1 / apart.scale)
    p = by_scale @ _pick(apart.if_sold, width)
    q = by_scale @ change[apart.security] - p
    y, z = _pick(n + np.arange(m), width), _pick(n + m + np.arange(m), width)
    rows = sparse.vstack([-(y + flag), -(y - flag), -2 * p, -(z - flag), -(z + flag), -2 * q]).tocsr()
    nothing, one = np.zeros(m), np.ones(m)
    right = np.concatenate([nothing, nothing, nothing, one, -one, 2 * start[apart.security] / apart.scale])
    order = np.concatenate([np.arange(3 * m).reshape(3, m).T.ravel(), 3 * m + np.arange(3 * m).reshape(3, m).T.ravel()])
    return sparse.csr_matrix(rows[order]), right[order]


def _pick(columns: np.ndarray, n: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(columns)), (np.arange(len(columns)), columns)), shape=(len(columns), n))
