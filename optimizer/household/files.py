"""Reading the household's files as text, and saying what is wrong with a file that is none."""

import codecs
from pathlib import Path

from optimizer.errors import Fault, InputFaults

TOML_NAME, LOTS_NAME, PRICES_NAME = "household.toml", "lots.csv", "prices.csv"
LARGEST_BYTES = 5_000_000
"""Far beyond the fifty thousand lots of any household; a larger file is something else."""
OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
SAVE_AGAIN = "Save the file again as plain text in UTF-8."


def refuse(path: Path, found: str, expected: str, step: str = "", line: int | None = None) -> InputFaults:
    """The refusal of a whole file, at a line if one is to blame."""
    where = path.name if line is None else f"{path.name}, line {line}"
    return InputFaults([Fault((path.name,), found, expected, step, where)])


def read_text(path: Path, largest: int = LARGEST_BYTES) -> str:
    """Return the text of a file, its line ends made plain.

    Raises
    ------
    InputFaults
        If the file is missing, unreadable, empty, too large or not UTF-8. A mark at the start that says UTF-8 is
        accepted, because spreadsheets write one.
    """
    if not path.exists():
        raise refuse(path, f"no file {path.name} in {path.parent}", "the file", "`bandwise init DIR` writes one to start with.")
    if not path.is_file():
        raise refuse(path, "something that is no file", "a text file")
    try:
        with path.open("rb") as stream:
            data = stream.read(largest + 1)
    except OSError as error:
        raise refuse(path, f"a file that cannot be opened ({error.strerror})", "a readable file") from None
    return _decode(path, data, largest)


def _decode(path: Path, data: bytes, largest: int) -> str:
    if len(data) > largest:
        raise refuse(path, f"more than {largest:,} bytes", "a file of one household")
    if data.startswith(OTHER_ENCODINGS):
        raise refuse(path, "a file in UTF-16 or UTF-32", "UTF-8", SAVE_AGAIN, 1)
    if 0 in data:
        raise refuse(path, "a zero byte", "plain text", SAVE_AGAIN, data.count(b"\n", 0, data.index(0)) + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(path, f"the byte 0x{data[error.start]:02x}, which is not UTF-8", "UTF-8", SAVE_AGAIN, line) from None
    if not text.strip():
        raise refuse(path, "an empty file", "its contents", "`bandwise init DIR` writes one to start with.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
