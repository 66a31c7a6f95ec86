"""What one policy came to on every path, step by step, and how much of it would be left if the account ended."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.simulate.year_book import YearBook

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Ending:
    """An account valued as if it ended now; arrays of shape (n_paths,), fractions of its value that would be left.

    Parameters
    ----------
    kept : after the tax already owed for this year and last.
    liquidated : after everything is sold too.
    stepped_up : the owner dies; gains are forgiven, and so are carried losses. What is owed remains, so this is `kept`.
    given : everything goes to charity in shares; with what the deduction saves, which counts value for long-term lots and no more
        than basis for others.
    unrealised : gain that is still untaxed.
    """

    kept: Floats
    liquidated: Floats
    given: Floats
    unrealised: Floats

    @property
    def stepped_up(self) -> Floats:
        """What heirs have: nothing but what is owed already is taken."""
        return self.kept


@dataclass
class Outcome:
    """One policy on every path.

    Parameters
    ----------
    value : shape (n_paths, n_steps + 1), dollars after trades and flows.
    gross, net : shape (n_paths, n_steps), growth factor of the step before tax and after tax as it is paid; flows are not growth.
    flow, tax_paid, sold, spread : shape (n_paths, n_steps), dollars; `flow` is what came in less what went out, tax from the
        portfolio included.
    acted : shape (n_paths, n_steps), whether the policy rebalanced.
    weights : shape (n_steps + 1, n_segments), weights on the first path.
    year_tax : step at which each tax year ended, with its tax on every path.
    ends : step -> the account as if it ended there.
    """

    value: Floats
    gross: Floats
    net: Floats
    flow: Floats
    tax_paid: Floats
    sold: Floats
    spread: Floats
    acted: Mask
    weights: Floats
    year_tax: list[tuple[int, Floats]] = field(default_factory=list)
    ends: dict[int, Ending] = field(default_factory=dict)

    @classmethod
    def empty(cls, n_paths: int, n_steps: int, n_segments: int) -> "Outcome":
        """Room for every step."""
        shape = (n_paths, n_steps)
        return cls(
            value=np.zeros((n_paths, n_steps + 1)),
            gross=np.ones(shape),
            net=np.ones(shape),
            flow=np.zeros(shape),
            tax_paid=np.zeros(shape),
            sold=np.zeros(shape),
            spread=np.zeros(shape),
            acted=np.zeros(shape, dtype=bool),
            weights=np.zeros((n_steps + 1, n_segments)),
        )


def close_out(value: Floats, gain: Floats, worth: Floats, basis: Floats, is_long: Mask, years: YearBook) -> Ending:
    """Value accounts as if they ended now.

    Parameters
    ----------
    value : shape (n_paths,), dollars with cash.
    gain, worth, basis : shape (n_paths, n_tickers, n_places), dollars of each open lot.
    is_long : the same shape.
    """
    owed = years.due + years.tax()
    short, long = (np.where(mask, gain, 0.0).sum(axis=(1, 2)) for mask in (~is_long, is_long))
    everything = years.due + years.tax(short, long)
    saved = np.zeros_like(value)
    if years.rates is not None:
        counted = np.where(is_long, worth, np.minimum(worth, basis)).sum(axis=(1, 2))
        saved = years.rates.deduction * counted
    safe = np.where(value > 0, value, 1.0)
    return Ending(
        kept=np.where(value > 0, 1 - owed / safe, 0.0),
        liquidated=np.where(value > 0, 1 - everything / safe, 0.0),
        given=np.where(value > 0, 1 + (saved - owed) / safe, 0.0),
        unrealised=np.asarray(short + long),
    )
