"""What the name of a download may say where the file itself is silent: the account, the day.

Only a hint: it is asked when nothing else answers, and the caller's word goes before it.
"""

import re
from datetime import date

from lots.importers.cells import find_day

_WORD = re.compile(r"[^0-9A-Za-z]+")
_ACCOUNT = re.compile(r"[A-Z]{1,2}[0-9]{7,9}|X{2,}-?[0-9]{3,4}|[0-9]{9}")


def account_in(name: str) -> str | None:
    """The account number in a file's name, such as ``Z12345678`` or ``XXXX4321``, if there is exactly one."""
    found = {word for word in _WORD.split(_stem(name)) if _ACCOUNT.fullmatch(word)}
    return found.pop() if len(found) == 1 else None


def day_in(name: str) -> date | None:
    """The day in a file's name, such as ``Aug-03-2026`` or ``2026-08-03``."""
    return find_day(_stem(name).replace("_", " "))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0] or name
