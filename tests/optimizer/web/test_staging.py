"""Statements are a client's papers: they lie where nobody else reads them, and never stay behind."""

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile

from optimizer.web import staging
from optimizer.web.intake import Asked
from optimizer.web.staging import Staging, sweep
from optimizer.web.worker import Refusal
from tests.optimizer.web.conftest import EXAMPLE

HOLD = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from tests.optimizer.web.test_staging import sent
from optimizer.web.staging import Staging
from optimizer.web.intake import Asked
kept = Staging()
print(kept.put([sent()], Asked()), flush=True)
sys.stdin.read()
"""
PLANNER = "from optimizer.cli import main; import sys; sys.exit(main())"


def sent(name: str = "lots.csv") -> UploadFile:
    """A small file as a browser sends it."""
    return UploadFile(io.BytesIO(b"account,symbol\n"), filename=name, size=15)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_files_are_private_the_oldest_go_and_closing_takes_all(place: Path) -> None:
    """Only the person who runs the server reads them; four stages are kept."""
    kept = Staging()
    names = [kept.put([sent(), sent("../../x.csv")], Asked()) for _ in range(staging.MOST_STAGES + 1)]
    assert kept.find(names[0]) is None
    stage = kept.find(names[-1])
    assert stage is not None
    assert [each.name for each in stage.files] == ["lots.csv", "x.csv"]
    for each in (stage.place, stage.place.parent, stage.files[0].parent):
        assert each.stat().st_mode & 0o077 == 0
    kept.drop(names[-1])
    assert not stage.place.exists()
    kept.close()
    assert list(place.iterdir()) == []


def test_too_many_or_too_large_is_refused_and_nothing_lies_there(place: Path) -> None:
    """A refusal leaves no file behind."""
    kept = Staging()
    large = UploadFile(io.BytesIO(b""), filename="x", size=staging.LARGEST_FILE + 1)
    for files in ([], [sent()] * 21, [sent(), large]):
        with pytest.raises(Refusal):
            kept.put(files, Asked())
    assert list(place.iterdir()) == []


def test_what_a_killed_server_left_is_swept_and_a_living_one_keeps_its_own(place: Path) -> None:
    """The lock goes with the process, however it ended; links and folders of a server just starting are left alone."""
    command = [sys.executable, "-c", HOLD, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        sweep(place)
        left = list(place.glob("bandwise-statements-*"))
        assert len(left) == 1
        other.kill()
    (place / "bandwise-statements-new").mkdir()
    outside = place / "outside"
    outside.mkdir()
    (place / "bandwise-statements-link").symlink_to(outside)
    sweep(place)
    assert not left[0].exists()
    assert (place / "bandwise-statements-new").exists()
    assert outside.exists()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_server_that_is_stopped_leaves_nothing_behind(tmp_path: Path, ending: signal.Signals) -> None:
    """A service manager, a closed terminal: the statements go, and so do the working processes."""
    import urllib.request

    command = [sys.executable, "-c", PLANNER, "serve", str(EXAMPLE), "--port", "0", "--no-browser"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        found = re.search(r"(http://\S+?)/\?token=(\S+)", server.stdout.readline())
        assert found is not None
        home, token = found.groups()
        body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\naccount,symbol\r\n--x--\r\n'
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
        asked = urllib.request.Request(f"{home}/api/statements", body, headers)
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 201
        assert list(tmp_path.glob("bandwise-statements-*/*/0/a.csv"))
        begun = time.monotonic()
        server.send_signal(ending)
        server.wait(timeout=30)
        assert time.monotonic() - begun < 20
    assert list(tmp_path.glob("bandwise-statements-*")) == []
