"""What a problem must satisfy beyond the shape of its document: names exist, weights add up, dates are possible.

Both doors use it, the bare document's and the household folder's. Every check looks at the whole problem and reports
all it finds; orders that collide only in their amounts are left to the solver, which names the smallest colliding set.
"""

from decimal import Context, localcontext

from optimizer.check.benchmark import benchmark_faults
from optimizer.check.facts import date_faults, lot_faults, next_year_faults, size_faults, substance_faults, taxpayer_faults
from optimizer.check.flows import flow_faults, reinvestment_faults
from optimizer.check.names import lost_names, repeated_names
from optimizer.check.weights import band_faults, exposure_faults, segment_faults
from optimizer.check.wishes import wish_faults
from optimizer.errors import Fault
from optimizer.problem import Problem

__all__ = ["faults_of"]

CHECKS = (
    size_faults,
    repeated_names,
    lost_names,
    segment_faults,
    exposure_faults,
    band_faults,
    date_faults,
    lot_faults,
    flow_faults,
    reinvestment_faults,
    wish_faults,
    taxpayer_faults,
    next_year_faults,
    substance_faults,
    benchmark_faults,
)


def faults_of(problem: Problem) -> list[Fault]:
    """Return everything wrong with a problem whose shape is right, each fault at its path.

    Examples
    --------
    >>> from optimizer.problem import Problem
    >>> try:
    ...     faults = faults_of(Problem.from_json("{}"))
    ... except Exception as error:
    ...     print(type(error).__name__)
    InputFaults
    """
    with localcontext(Context(prec=28, traps=[])):  # a number beyond all bounds is a fault, not an overflow
        return [fault for check in CHECKS for fault in check(problem)]
