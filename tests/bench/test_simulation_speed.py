"""How fast simulations run, as ratios over sizes in one run: paths and years of a single account, household-years with plans.

The targets: a thousand paths of thirty years of months, eleven segments, true lots and bands in under sixty seconds on two
cores, and twenty years of a mixed household a second on two. Times here are of the processor, one core.
"""

import time
from dataclasses import replace
from decimal import Decimal

from optimizer.simulate.household import HouseholdPolicy, run_household
from optimizer.simulate.markets import made_up_sectors
from optimizer.simulate.named_policies import named_policy
from optimizer.simulate.setup import Setup, flat_rates
from optimizer.simulate.single import run_single
from tests.optimizer.simulate.mixed_household import mixed_household

SETUP = Setup(rates=flat_rates(Decimal("0.24"), Decimal("0.15")), half_spread=0.0002)
MARKET = made_up_sectors(1)


def seconds(n_paths: int, years: int, word: str) -> float:
    """Processor seconds of one policy, fifty paths at a time as the command runs them."""
    chunk = min(50, n_paths)
    begun = time.process_time()
    for first in range(0, n_paths, chunk):
        run_single(MARKET.paths(first, chunk, years * 12), named_policy(word), SETUP)
    return time.process_time() - begun


def test_time_is_linear_in_paths_and_years_and_a_thousand_paths_take_under_a_minute() -> None:
    """Twice the paths take about twice the time, thirty years about three times ten; what a thousand paths take is printed."""
    seconds(50, 2, "bands-all")
    for word in ("bands-all", "bands-edge"):
        base = seconds(50, 30, word)
        doubled, shorter = seconds(100, 30, word), seconds(50, 10, word)
        print(f"{word}: 50 paths {base:.1f} s, 100 paths {doubled:.1f} s, 50 paths of ten years {shorter:.1f} s")
        print(f"{word}: 1,000 paths of thirty years take about {20 * base:.0f} s of one core")
        assert doubled < 2.6 * base
        assert base < 5 * shorter


def test_a_mixed_household_lives_twenty_years_a_second_on_two_cores() -> None:
    """Ten years of a household of three accounts and eleven segments with a plan of the product at every trade."""
    household = mixed_household(MARKET.names)
    policy = HouseholdPolicy("plan")
    run_household(household, MARKET.paths(0, 1, 12), policy)
    times = []
    for path in range(3):
        begun = time.process_time()
        run = run_household(household, MARKET.paths(path, 1, 120), policy)
        times.append(time.process_time() - begun)
        print(f"path {path}: {10 / times[-1]:.1f} household-years a second on one core, {run.plans} plans")
    longer = time.process_time()
    run_household(household, replace(MARKET, seed=2).paths(0, 1, 240), policy)
    longer = time.process_time() - longer
    print(f"twenty years: {longer:.1f} s")
    assert longer < 5 * max(times)
