"""Securities, and which of them the law calls substantially identical."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Security:
    """One thing that can be held in lots.

    Parameters
    ----------
    symbol : the ticker, unique in a household.
    name : what a person calls it.
    identical_group : securities with the same group count as substantially identical for IRC 1091; the law has no list,
        so the owner declares it. Without one a security is identical to itself alone.
    """

    symbol: str
    name: str = ""
    identical_group: str | None = None

    @property
    def group(self) -> str:
        """The substantially-identical group this security belongs to."""
        return self.identical_group or self.symbol
