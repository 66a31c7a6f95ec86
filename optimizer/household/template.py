"""A household to begin with: three small files that can be planned as they are, for a person to put their own into."""

import re
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from lots.law import law_years
from optimizer.errors import Fault, InputFaults
from optimizer.household.files import LOTS_NAME, PRICES_NAME, TOML_NAME

FILES = (TOML_NAME, LOTS_NAME, PRICES_NAME)
_AS_OF = re.compile(r"(?<=^as_of = )\d{4}-\d{2}-\d{2}", re.MULTILINE)
_PAST_DAYS = re.compile(r"(?<!birth_date = )(?<!as_of = )\b(\d{4}-\d{2}-\d{2}|\d{8})\b")


def first_day(today: date) -> date:
    """The day a household begun today is planned for: today, or the last day before it whose tax law is on file."""
    covered = [year for year in law_years() if year <= today.year] or [law_years()[0]]
    return today if today.year in covered else date(covered[-1], 12, 31)


def write_template(folder: Path, as_of: date | None = None) -> None:
    """Write the three files into `folder`, which is made if it does not exist.

    Parameters
    ----------
    folder : where they go.
    as_of : the day of the plan; purchases lie as far before it, in whole weeks, as before the day the starter itself
        has, which is taken when this is left out.

    Raises
    ------
    InputFaults
        If one of the files is there already, or the folder cannot be written; nothing is written then.
    """
    faults = [_fault(folder / name, "a file of that name", "none") for name in FILES if (folder / name).exists()]
    if faults:
        raise InputFaults(faults)
    texts = {name: (resources.files("optimizer.household") / "starter" / name).read_text("utf-8") for name in FILES}
    if as_of is not None:
        texts = _moved(texts, as_of)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except OSError as error:
        raise InputFaults([_fault(folder, str(error.strerror), "a folder to write to")]) from None


def _moved(texts: dict[str, str], as_of: date) -> dict[str, str]:
    """The files with another day of the plan; whole weeks keep purchases on the weekdays they were made on."""
    own = _AS_OF.search(texts[TOML_NAME])
    assert own is not None
    shift = timedelta(weeks=(as_of - date.fromisoformat(own[0])).days // 7)

    def later(found: re.Match[str]) -> str:
        style = "%Y-%m-%d" if "-" in found[0] else "%Y%m%d"
        return f"{date.fromisoformat(found[0]) + shift:{style}}"

    moved = {name: _PAST_DAYS.sub(later, text) for name, text in texts.items()}
    return {**moved, TOML_NAME: _AS_OF.sub(as_of.isoformat(), moved[TOML_NAME])}


def _fault(path: Path, found: str, expected: str) -> Fault:
    return Fault((str(path),), found, expected, "Nothing is ever overwritten; choose another folder.", str(path))
