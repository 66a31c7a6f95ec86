"""The tax law as data: one file a year, every figure with its unit and its source, and the only way to read it."""

from lots.law.load import extrapolate_law, lasting_law, law_years, load_law
from lots.law.table import FilingStatus, Law, Schedule

__all__ = ["FilingStatus", "Law", "Schedule", "extrapolate_law", "lasting_law", "law_years", "load_law"]
