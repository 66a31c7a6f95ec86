"""What to do before the end of the year and what to leave for January: both tax years in one plan."""

from optimizer.questions.year_end.answer import year_end
from optimizer.questions.year_end.document import YearEnd

__all__ = ["YearEnd", "year_end"]
