"""Results are written whole or not at all, and never over what the user needs."""

import os
import stat
from pathlib import Path

import pytest

from optimizer.cli.files import refuse_targets, write_together
from optimizer.errors import InputFaults


def refusals(targets: dict[str, Path | None], inputs: tuple[Path, ...] = ()) -> list[str]:
    """What is said against the targets."""
    with pytest.raises(InputFaults) as refused:
        refuse_targets(targets, inputs)
    return [str(fault) for fault in refused.value.faults]


def test_a_missing_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    """A minute of solving must not end in `no such folder`."""
    said = refusals({"--json": tmp_path / "none" / "plan.json"})
    assert len(said) == 1
    assert "--json" in said[0]
    assert "does not exist" in said[0]


def test_a_folder_an_input_and_a_shared_name_are_refused_together(tmp_path: Path) -> None:
    """A result that replaced the user's lots would destroy records; all such mistakes are told at once."""
    lots = tmp_path / "lots.csv"
    lots.write_text("account", encoding="utf-8")
    targets = {
        "--json": tmp_path,
        "--trades": tmp_path / "." / "lots.csv",
        "--problem": tmp_path / "x",
        "--more": tmp_path / "x",
    }
    said = refusals(targets, inputs=(lots,))
    assert len(said) == 3
    assert "the folder" in said[0]
    assert "an input" in said[1]
    assert "--problem" in said[2]


def test_when_one_file_cannot_be_written_none_is(tmp_path: Path) -> None:
    """A ticket without its plan, or half a ticket, would be traded by somebody in a hurry."""
    first, second = tmp_path / "plan.json", tmp_path / "gone" / "trades.csv"
    first.write_text("old", encoding="utf-8")
    with pytest.raises(InputFaults):
        write_together({first: "new", second: "new"})
    assert first.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_link_keeps_pointing_and_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    """A plan that was private stays private, and a link into a synchronised folder stays a link."""
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    write_together({link: "new"})
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`--json >(jq .)` hands over a pipe; a rename would put a file in its place and the reader would wait for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_together({pipe: "text"})
    assert os.read(reader, 100) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_with_the_name_of_the_file() -> None:
    """The user has to know which of several files did not make it."""
    with pytest.raises(InputFaults, match=r"/dev/full: found no space left on device"):
        write_together({Path("/dev/full"): "x" * 100_000})
