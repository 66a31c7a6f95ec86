"""Files in and out: a document is read whole or refused with a fault, and written whole or not at all."""

import os
import shlex
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from optimizer.errors import Fault, InputFaults

STANDARD = Path("-")
"""The name that means standard input or standard output."""

DATABASE = b"SQLite format 3\x00"
"""How a file begins that keeps a ledger."""


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, or standard input for ``-``.

    Raises
    ------
    InputFaults
        When there is no such file, it cannot be read, or it is not UTF-8 text.
    """
    try:
        raw = sys.stdin.buffer.read() if path == STANDARD else path.read_bytes()
    except OSError as error:
        found = "a folder" if isinstance(error, IsADirectoryError) else _reason(error)
        raise InputFaults([Fault((), found, "a file that can be read", where=str(path))]) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"{path}, byte {error.start + 1}"
        raise InputFaults(
            [Fault((), f"the byte 0x{raw[error.start]:02x}", "UTF-8 text", "Save the file as UTF-8.", place)]
        ) from None


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put a document's name before the place of every fault found in it."""
    try:
        yield
    except InputFaults as refusal:
        name = "standard input" if path == STANDARD else str(path)
        faults = [replace(f, where=f"{name}, {f.place}" if f.where or f.path else name) for f in refusal.faults]
        raise InputFaults(faults) from None


def refuse_targets(targets: Mapping[str, Path | None], inputs: tuple[Path, ...] = ()) -> None:
    """Find out before the work, not after it, that a result could not be written.

    Parameters
    ----------
    targets : file by the option that names it; None where the option was not given.
    inputs : files the command reads, which no result may replace.

    Raises
    ------
    InputFaults
        One fault for every option that names a folder, a file in a folder that is missing, an input, another's file, or
        any ledger.
    """
    faults: list[Fault] = []
    taken: dict[Path, str] = {path.resolve(): "an input of this command" for path in inputs if path != STANDARD}
    for option, path in targets.items():
        if path is None:
            continue
        whole = path if path == STANDARD else path.resolve()
        if whole in taken:
            faults.append(Fault((), f"{path}, {taken[whole]}", "a file of its own", where=option))
        elif path != STANDARD:
            faults.extend(_unwritable(option, path))
        taken.setdefault(whole, f"also the target of {option}")
    if faults:
        raise InputFaults(faults)


def write_together(texts: Mapping[Path, str | bytes]) -> None:
    """Write several files, texts as UTF-8, so that a reader sees each of them either whole or not at all.

    Every text is first written beside its target; only when all of them are on the disk do they take their names. What
    is not an ordinary file (standard output, a pipe, a device) is written straight, since a rename would replace it.

    Raises
    ------
    InputFaults
        When a file cannot be written; none of the targets has changed then.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, text in texts.items():
            if path != STANDARD and _is_ordinary(path):
                staged.append(_stage(path, text))
        while staged:
            os.replace(*staged[0])
            staged.pop(0)
        for path, text in texts.items():
            if path == STANDARD:
                _print(text)
                sys.stdout.flush()  # a pipe closed at the other end is met here and not after the last word
            elif not _is_ordinary(path):
                path.write_bytes(_encoded(text))
    except BrokenPipeError:
        raise  # the reader has seen enough, which is no fault
    except OSError as error:
        name = str(error.filename2 or error.filename or path)
        raise InputFaults([Fault((), _reason(error), "a place that can be written to", where=name)]) from None
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _stage(path: Path, text: str | bytes) -> tuple[Path, Path]:
    target = path.resolve()  # a link keeps pointing to the file behind it
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_encoded(text))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
    except BaseException:
        os.unlink(name)
        raise
    return Path(name), target


def _encoded(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text


def _print(text: str | bytes) -> None:
    if isinstance(text, str):
        sys.stdout.write(text)
    else:
        sys.stdout.buffer.write(text)


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else what the shell's mask leaves of a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _is_ordinary(path: Path) -> bool:
    return path.is_file() or not path.exists()


def _is_database(path: Path) -> bool:
    """Whether a ledger, of whatever household, is kept in a file."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except OSError:
        return False


def _unwritable(option: str, path: Path) -> list[Fault]:
    folder = path.resolve().parent
    if path.is_dir():
        return [Fault((), f"the folder {path}", "the name of a file", where=option)]
    if not folder.is_dir():
        step = f"Make the folder with `mkdir -p {shlex.quote(str(folder))}` or name another."
        return [Fault((), f"{path}, whose folder {folder} does not exist", "a file in a folder that exists", step, option)]
    if _is_database(path):
        return [Fault((), f"{path}, a ledger", "a file that is no ledger, for it would be lost", where=option)]
    if _is_ordinary(path) and not os.access(folder, os.W_OK):
        return [Fault((), f"{path}, whose folder {folder} cannot be written to", "a folder you may write to", where=option)]
    return []


def _reason(error: OSError) -> str:
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]
