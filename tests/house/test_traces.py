"""The project speaks of itself alone: no path of somebody's machine, no number of somebody's list."""

import re
from pathlib import Path

import pytest

# Brackets keep each pattern from matching its own definition.
MACHINE = re.compile(r"(?<![\w.\-/])/([w]ork|[h]ome/\w+|[r]oot|[U]sers/\w+|[t]mp/(wt|bash)[\w-]*)(/|\b(?=[\s\"'`)]))")
TICKET = re.compile(r"\b(issue|pull request) #?\d+\b|\b(ticket|fixes|closes|refs) #\d+\b|\(#\d+\)", re.I)


def traces(path: str, text: str, folders: tuple[str, ...] = ()) -> list[str]:
    """Lines that name a machine's own path, one of `folders`, or the number of a ticket."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE.search(line) or any(folder in line for folder in folders):
            found.append(f"{path}:{number} names a path of one machine: {line.strip()[:80]}")
        if TICKET.search(line):
            found.append(f"{path}:{number} names a ticket no reader can open: {line.strip()[:80]}")
    return found


def test_no_file_names_a_machine_or_a_ticket(texts: dict[str, str], root: Path) -> None:
    """A path that exists on one machine only, or a number without a list, tells a stranger nothing."""
    here = tuple(f"{folder}/" for folder in (root.parent, Path.home()) if len(folder.parts) > 1)
    assert [fault for path, text in texts.items() for fault in traces(path, text, here)] == []


@pytest.mark.parametrize(
    "line",
    ["see /" + "home/ann/lots.csv", "cd /" + "work/main", "cache = '/" + "root/.cache'", "open('/" + "tmp/wt-law/x')"],
)
def test_a_path_of_a_machine_is_noticed(line: str) -> None:
    """The rule above can fail."""
    assert len(traces("README.md", line)) == 1


@pytest.mark.parametrize("line", ["asked for in issue " + "12", "Fixes " + "#7", "bands are elastic (#" + "31)"])
def test_the_number_of_a_ticket_is_noticed(line: str) -> None:
    """The rule above can fail."""
    assert len(traces("README.md", line)) == 1


@pytest.mark.parametrize("line", ["#!/usr/bin/env bash", "worksheet/line 7", "closes 3 lots", "../shared/data", "color: #333"])
def test_ordinary_lines_pass(line: str) -> None:
    """A rule that nags is switched off."""
    assert traces("README.md", line) == []


def test_the_folder_the_checkout_lies_in_is_noticed() -> None:
    """The rule knows the machine it runs on, whatever its folders are called."""
    assert len(traces("README.md", "read /srv/ann/projects/lots.csv", ("/srv/ann/projects/",))) == 1
