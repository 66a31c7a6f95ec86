"""The error tree of the ledger and the law, split by what the caller can do about it."""


class LotsError(Exception):
    """Anything this package refuses."""


class InputError(LotsError):
    """A fact that cannot be true as stated; the caller corrects the input named in the message."""


class LedgerError(InputError):
    """An event that contradicts the events before it, such as a sale of shares that are not open."""


class LawError(LotsError):
    """A year, status or rule that the law data does not hold; the caller adds the data or chooses a covered year."""


class ReplayError(LotsError):
    """A result that disagrees with its own replay; nobody but the authors can mend it, so it should be reported."""


class StoreError(LotsError):
    """A kept ledger that cannot be opened or written; the message says what to do about the place it is kept in."""


class BusyError(StoreError):
    """Somebody else is writing to the ledger; the caller waits for them and tries again, nothing is lost."""
