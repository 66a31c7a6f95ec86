"""A household to begin with: three small files that can be planned as they are, for a person to put their own into."""

from importlib import resources
from pathlib import Path

from optimizer.errors import Fault, InputFaults
from optimizer.household.files import LOTS_NAME, PRICES_NAME, TOML_NAME

FILES = (TOML_NAME, LOTS_NAME, PRICES_NAME)


def write_template(folder: Path) -> None:
    """Write the three files into `folder`, which is made if it does not exist.

    Raises
    ------
    InputFaults
        If one of the files is there already, or the folder cannot be written; nothing is written then.
    """
    faults = [_fault(folder / name, "a file of that name", "none") for name in FILES if (folder / name).exists()]
    if faults:
        raise InputFaults(faults)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            text = (resources.files("optimizer.household") / "starter" / name).read_text("utf-8")
            with (folder / name).open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except OSError as error:
        raise InputFaults([_fault(folder, str(error.strerror), "a folder to write to")]) from None


def _fault(path: Path, found: str, expected: str) -> Fault:
    return Fault((str(path),), found, expected, "Nothing is ever overwritten; choose another folder.", str(path))
