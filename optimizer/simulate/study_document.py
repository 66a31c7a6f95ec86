"""What a study answers, as a document."""

from typing import Literal

from optimizer.documents import Document, Fraction, PerYear, Rate, SignedBasisPoints, Years
from optimizer.simulate.document import Count


class StudyRow(Document):
    """One contender; premiums are medians over windows or paths, against the first row."""

    name: str
    growth: Rate
    """Growth a year after tax and sale."""
    before: SignedBasisPoints
    """Ahead a year before tax."""
    yearly: SignedBasisPoints
    """Ahead a year after each year's tax."""
    after: SignedBasisPoints
    """Ahead a year after tax and sale."""
    sure_low: SignedBasisPoints
    """Lower end of a 90 % block-bootstrap band of that median."""
    sure_high: SignedBasisPoints
    positive: Fraction
    """Share of windows ahead after tax and sale."""
    turnover: Rate
    """Sold a year as a fraction of the mean value."""
    times: PerYear
    """Rebalances."""


class Study(Document):
    """A question, its table and what the table says."""

    format: Literal["bandwise.study/1"] = "bandwise.study/1"
    name: str
    question: str
    market: str
    years: Years
    windows: Count
    is_complete: bool
    rows: tuple[StudyRow, ...]
    finding: tuple[str, ...]
    assumptions: tuple[str, ...]
