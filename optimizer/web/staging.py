"""Where sent statements lie until they are kept or thrown away: in a folder that only this person can read.

They are a client's papers, so nothing of them stays behind: the folder goes when the server ends, and what a server that was
killed left is removed by the next one. A lock that the system lets go of with the process says who is still alive; a number of
a process would not, because it is given again.
"""

import fcntl
import os
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from starlette.datastructures import UploadFile

from optimizer.web.intake import LARGEST_FILE, Asked
from optimizer.web.worker import Refusal

PREFIX, LOCK = "bandwise-statements-", "in-use"
MOST_FILES, MOST_STAGES = 20, 4
OLD_SECONDS = 3600.0
"""A folder without a lock is a server's that is just starting, unless it is older than this."""


@dataclass(frozen=True)
class Stage:
    """Files that were sent together and are not kept yet, and what a person added to them."""

    place: Path
    files: tuple[Path, ...]
    asked: Asked


class Staging:
    """The stages of one start; its methods may be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stages: OrderedDict[str, Stage] = OrderedDict()
        self._place: Path | None = None
        self._held: IO[str] | None = None

    def put(self, uploads: list[UploadFile], asked: Asked) -> str:
        """Lay files aside for a look; returns the stage's name. The oldest stage goes when there are too many.

        Raises
        ------
        Refusal
            If there is no file, there are too many, or one is too large.
        """
        if not uploads:
            raise Refusal("No file was chosen.")
        if len(uploads) > MOST_FILES:
            raise Refusal(f"{len(uploads)} files at once are too many; {MOST_FILES} are taken.")
        large = [each.filename for each in uploads if (each.size or 0) > LARGEST_FILE]
        if large:
            raise Refusal(f"{large[0]} is larger than {LARGEST_FILE:,} bytes.")
        name = uuid.uuid4().hex
        with self._lock:
            place = self._folder() / name
            place.mkdir(mode=0o700)
            try:
                files = tuple(_written(place / str(number), each) for number, each in enumerate(uploads))
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
            while len(self._stages) >= MOST_STAGES:
                self._drop(next(iter(self._stages)))
            self._stages[name] = Stage(place, files, asked)
        return name

    def find(self, name: str) -> Stage | None:
        """A stage by its name; None when there is none."""
        with self._lock:
            return self._stages.get(name)

    def drop(self, name: str) -> None:
        """Throw the files of a stage away."""
        with self._lock:
            self._drop(name)

    def close(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._stages.clear()
            if self._place is not None:
                shutil.rmtree(self._place, ignore_errors=True)
            if self._held is not None:
                self._held.close()
            self._place = self._held = None

    def _drop(self, name: str) -> None:
        stage = self._stages.pop(name, None)
        if stage is not None:
            shutil.rmtree(stage.place, ignore_errors=True)

    def _folder(self) -> Path:
        if self._place is None:
            place = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._held = (place / LOCK).open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX)
            self._place = place
        return self._place


def sweep(where: Path | None = None) -> None:
    """Remove what servers that were killed left behind; folders of other people and of living servers stay.

    Parameters
    ----------
    where : the folder for temporary files; the system's own by default.
    """
    for place in (where or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        try:
            seen = place.lstat()
            is_ours = place.is_dir() and not place.is_symlink() and seen.st_uid == os.getuid()
            if is_ours and _is_left(place, time.time() - seen.st_mtime):
                shutil.rmtree(place, ignore_errors=True)
        except OSError:
            continue


def plain_name(name: str) -> str:
    """The last part of a file's name with nothing in it that means something to a file system."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w .()+-]", "_", last).lstrip(". ")[-100:] or "statement"


def _is_left(place: Path, seconds: float) -> bool:
    """Whether no process holds the folder's lock any more."""
    try:
        with (place / LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return seconds > OLD_SECONDS
    except BlockingIOError:
        return False
    return True


def _written(folder: Path, upload: UploadFile) -> Path:
    folder.mkdir(mode=0o700)
    target = folder / plain_name(upload.filename or "")
    with target.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
    return target
