"""A portfolio that follows a benchmark name by name: target weights, a risk model, and how far the plan may stand off.

Part of the problem document, and of the plan what became of it. A name here is its own segment: it needs no band of its own in
the tree of segments, because tracking error, drift and a band around each target say how far all of them may be away together.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from optimizer.documents import AnnualFraction, Claim, Document, Fraction, Identifier, PositiveDollars, SignedFraction

Loading = Annotated[float, Field(allow_inf_nan=False, json_schema_extra={"unit": "exposure, 1 moves with the factor"})]
Covariance = Annotated[float, Field(allow_inf_nan=False, json_schema_extra={"unit": "fraction squared a year"})]
Variance = Annotated[float, Field(ge=0, allow_inf_nan=False, json_schema_extra={"unit": "fraction squared a year"})]


class Constituent(Document):
    """One name of the benchmark."""

    symbol: Identifier
    weight: Fraction
    """Target weight, a fraction of the household's whole value."""


class RiskModel(Document):
    """How the returns of the names vary together in a year: by factors, or by a whole covariance.

    With factors the covariance is loadings · factor covariance · loadingsᵀ + diag(specific variance).
    """

    symbols: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """The names, in the order of the rows below."""
    factors: tuple[Identifier, ...] = ()
    """Names of the factors, such as a market, a sector or a style."""
    loadings: tuple[tuple[Loading, ...], ...] = ()
    """One row per name, one column per factor."""
    factor_covariance: tuple[tuple[Covariance, ...], ...] = ()
    """One row and one column per factor."""
    specific_variance: tuple[Variance, ...] = ()
    """Variance of each name beside what the factors explain."""
    covariance: tuple[tuple[Covariance, ...], ...] | None = None
    """The whole covariance, one row and one column per name, in the place of factors."""

    @model_validator(mode="after")
    def _either_factors_or_covariance(self) -> Self:
        by_factors = bool(self.factors or self.loadings or self.factor_covariance or self.specific_variance)
        if by_factors == (self.covariance is not None):
            raise ValueError("either factors with loadings and specific variances, or a covariance")
        return self


class Benchmark(Document):
    """What the household follows, and how closely."""

    constituents: Annotated[tuple[Constituent, ...], Field(min_length=1)]
    risk: RiskModel | None = None
    """Needed when tracking error is limited or priced; covers every security that is held or can be bought."""
    max_tracking_error: AnnualFraction | None = None
    """The most tracking error after the plan: the standard deviation of a year's difference in return."""
    variance_price: PositiveDollars | None = None
    """Dollars that a whole unit of yearly variance of that difference is worth avoiding; at 1,000,000 a tracking error of one per
    cent (a variance of 0.0001) costs 100 dollars."""
    max_drift: Fraction | None = None
    """The most drift after the plan: half the sum of all distances from target weights."""
    name_band: Fraction | None = None
    """How far each name may be from its target, as a fraction of that target."""
    one_way: Claim = True
    """Whether no name is both sold and bought by one plan, even at a gain."""


class NameRow(Document):
    """One name of the benchmark, or a security outside of it, far from its target after the plan."""

    symbol: Identifier
    target: Fraction
    weight_before: Fraction
    weight_after: Fraction


class FactorRow(Document):
    """Active exposure to one factor of the risk model: the sum of active weights times loadings."""

    factor: Identifier
    before: SignedFraction
    after: SignedFraction


class TrackingSummary(Document):
    """The household against its benchmark; weights are parts of its value after flows and before trading costs."""

    error_before: AnnualFraction | None
    """Standard deviation of a year's difference in return; null without a risk model."""
    error_after: AnnualFraction | None
    max_error: AnnualFraction | None
    drift_before: Fraction
    """Half the sum of all distances from target weights."""
    drift_after: Fraction
    max_drift: Fraction | None
    missed: PositiveDollars
    """Dollars beyond the benchmark's limits; 0 unless something binds."""
    names: tuple[NameRow, ...]
    """The names farthest from their targets after the plan, the farthest first."""
    factors: tuple[FactorRow, ...]
