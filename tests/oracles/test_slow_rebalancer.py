"""A second opinion on the simulator: thirty slow lines that rebalance the twelve industries in plain Python, sharing no code."""

import pytest

from optimizer.simulate.measures import figures_of
from optimizer.simulate.named_policies import named_policy
from optimizer.simulate.setup import Setup
from optimizer.simulate.single import run_single

pytest.importorskip("linearmodels", reason="the twelve industries come with the extra `study`")


def slow(months: list[list[float]], look: int, band: float, stop: float) -> tuple[list[float], float, int]:
    """Value after every month, dollars sold over the mean value, months with trades; `stop` 0 is the target and 1 the edge."""
    n = len(months[0])
    target, held = 1 / n, [1 / n] * n
    values, sold, times = [1.0], 0.0, 0
    for number, returns in enumerate(months, start=1):
        held = [h * (1 + r) for h, r in zip(held, returns, strict=True)]
        total = sum(held)
        values.append(total)
        low, high = target * (1 - band) * total, target * (1 + band) * total
        out = [h > high * (1 + 1e-12) or h < low * (1 - 1e-12) for h in held]
        if number % look or not any(out):
            continue
        goal = target * total
        to_high, to_low = goal + stop * (high - goal), goal - stop * (goal - low)
        new = [(to_high if h > goal else to_low) if o else h for h, o in zip(held, out, strict=True)]
        rest = total - sum(new)
        for _ in range(2):  # what is over goes to those that lack, what is missing comes from those with too much
            gaps = [0 if o else max(0, (goal - h) * (1 if rest > 0 else -1)) for h, o in zip(new, out, strict=True)]
            step = min(abs(rest), sum(gaps)) * (1 if rest > 0 else -1)
            if sum(gaps):
                new = [h + step * g / sum(gaps) for h, g in zip(new, gaps, strict=True)]
            rest = total - sum(new)
        assert abs(rest) < 1e-9, "nobody is left to absorb the difference"
        sold += sum(max(0.0, h - w) for h, w in zip(held, new, strict=True))
        times += 1
        held = new
    return values, sold / (sum(values) / len(values)), times


@pytest.mark.parametrize(
    ("word", "look", "band", "stop"),
    [("bands-edge", 1, 0.2, 1.0), ("bands-half:25@3", 3, 0.25, 0.5), ("bands-target", 1, 0.2, 0.0), ("hold", 10**6, 0.2, 1.0)],
)
def test_the_twelve_industries_come_out_as_the_slow_loop_has_them(word: str, look: int, band: float, stop: float) -> None:
    """Sixty-eight years: the same premium to a hundredth of a basis point, the same turnover, the same number of trades."""
    from optimizer.simulate.history import industries

    paths = industries(qualified=0.0, expense=0.0).paths.segments()
    months = paths.price[0].tolist()
    outcome = run_single(paths, named_policy(word), Setup(start_value=1e9))
    figures = figures_of(outcome, paths, paths.n_steps)
    values, turnover, times = slow(months, look, band, stop)
    years = len(months) / 12
    assert paths.n_segments == 12
    assert figures.before[0] == pytest.approx(values[-1] ** (1 / years) - 1, abs=1e-8)
    assert figures.turnover[0] * years == pytest.approx(turnover, abs=1e-6)
    assert outcome.acted.sum() == times
