"""The verdict in sentences: whether rebalancing paid, over what, before and after tax, and how sure that is."""

from collections.abc import Sequence

from optimizer.simulate.document import Against, Measure, PremiumRow

YEARS_THAT_MATTER = 10
"""The verdict speaks of the windows nearest to this length."""


FEW = 10
"""With fewer windows or paths nothing is concluded."""


def verdict_of(premiums: Sequence[PremiumRow], policy: str, is_taxed: bool, are_drawn: bool) -> tuple[str, ...]:
    """Say what came out for one policy."""
    rows = [row for row in premiums if row.policy == policy]
    if not rows:
        return ()
    years = min({row.years for row in rows}, key=lambda n: (abs(n - YEARS_THAT_MATTER), n))
    found = {(row.against, row.measure): row for row in rows if row.years == years}
    last: Measure = "after tax and sale" if is_taxed else "before tax"
    final = found[_HOLD, last]
    kind = "path" if are_drawn else "window"
    windows = f"{final.windows} {kind if final.windows == 1 else kind + 's'} of {years:.0f} {'year' if years == 1 else 'years'}"
    sentences = [_headline(final, policy, windows, is_taxed)]
    before = found[_HOLD, "before tax"]
    if is_taxed:
        sentences.append(_on_tax(before, final))
    average = found.get(("average segment", "before tax"))
    if average is not None:
        sentences.append(
            f"Against the average segment it was {_ahead(average.median)} before tax, which is the figure claims quote."
        )
        idle = average.median - before.median
        if average.median > 0 and idle > 0:
            sentences[-1] += f" Of it, {_bp(idle)} bp came to whoever held the same start and did nothing."
    market = found.get(("market fund", last))
    if market is not None:
        bet = "which comes of other weights more than of rebalancing"
        sentences.append(f"Against the market fund it was {_ahead(market.median)}, {bet}.")
    return tuple(sentences)


_HOLD: Against = "buy-and-hold"


def _headline(final: PremiumRow, policy: str, windows: str, is_taxed: bool) -> str:
    taxed = " after tax and sale" if is_taxed else ""
    facts = (
        f"in the median of {windows} {policy} was {_ahead(final.median)}{' of' if final.median > 0 else ''} buy-and-hold{taxed}, "
        f"ahead in {final.positive:.0%} of them (90 % band of the median {_bp(final.sure_low)} to {_bp(final.sure_high)} bp)."
    )
    if final.windows < FEW:
        return f"Too few to judge: {facts}"
    if final.median > 0 and final.sure_low > 0:
        return f"It paid here: {facts}"
    if final.median <= 0:
        return f"It did not pay here: {facts}"
    return f"Whether it pays is not settled here: {facts}"


def _on_tax(before: PremiumRow, after: PremiumRow) -> str:
    if before.median <= 0:
        return f"It was {_ahead(before.median)} before tax already, so tax is not the reason."
    taken = 1 - after.median / before.median
    if after.median <= 0:
        return f"Before tax it was {_ahead(before.median)}; tax took all of it."
    if taken < 0:
        return f"Before tax it was {_ahead(before.median)}; tax took none of it."
    return f"Before tax it was {_ahead(before.median)}; tax took {taken:.0%} of it."


def _ahead(basis_points: object) -> str:
    number = float(basis_points)  # type: ignore[arg-type]
    if round(number, 1) == 0:
        return "level"
    return f"{abs(number):.1f} bp a year {'ahead' if number > 0 else 'behind'}"


def _bp(basis_points: object) -> str:
    return f"{float(basis_points):.1f}"  # type: ignore[arg-type]
