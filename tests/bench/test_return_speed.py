"""How long a whole exact return takes, over random filers of every status.

python -m pytest tests/bench/test_return_speed.py -n 0 -s
"""

import random
import time

from lots.law import FilingStatus, load_law
from lots.tax.liability import compute_return
from tests.lots.tax.random_filers import random_filer

FILERS, MOST_MS = 2_000, 2.0


def test_a_whole_return_takes_under_two_milliseconds() -> None:
    """A page that is recomputed as one types, and a simulator of many years, both stand on this."""
    law, dice = load_law(2026), random.Random(1)
    statuses = list(FilingStatus)
    filers = [random_filer(dice, dice.choice(statuses)) for _ in range(FILERS)]
    took = []
    for filer in filers:
        start = time.perf_counter()
        compute_return(filer, law)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    median, late = took[FILERS // 2], took[FILERS * 99 // 100]
    print(
        f"median {median:.2f} ms, 99 of 100 under {late:.2f} ms, most {took[-1]:.2f} ms, most to median {took[-1] / median:.1f}"
    )
    assert late < MOST_MS
