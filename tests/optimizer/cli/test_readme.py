"""The README tells the truth: it shows what the program prints, and its first two commands are enough."""

import re
import subprocess
import sys
from pathlib import Path

from optimizer.household import read_household


def test_the_readme_shows_what_the_program_prints(project: Path) -> None:
    """A page that shows last month's figures teaches its reader not to believe this month's."""
    check = [sys.executable, str(project / ".ci" / "readme.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_plan_is_two_commands_away(project: Path) -> None:
    """Whoever has to do more before they see something goes elsewhere."""
    page = (project / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[0].splitlines()
    assert len(commands) == 2
    assert commands[1].endswith("bandwise plan examples/year_end")


def test_the_readme_counts_the_examples_lots_and_accounts(project: Path) -> None:
    """Whoever counts them after us should find what the page says, and nobody counts twice."""
    household = read_household(project / "examples" / "year_end")
    accounts = {3: "three", 4: "four", 5: "five"}[len(household.accounts)]
    page = " ".join((project / "README.md").read_text(encoding="utf-8").split())
    assert f"{accounts} accounts, {len(household.lots)} lots bought over nine years" in page
    story = (project / "examples" / "year_end" / "README.md").read_text(encoding="utf-8")
    assert f"in {len(household.lots)} lots" in " ".join(story.split())


def test_every_command_of_the_readme_exists(project: Path) -> None:
    """A command that is only on the page is a promise nobody kept."""
    from optimizer.cli import app

    page = (project / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"bandwise ([a-z0-9-]+)", page))
    groups = {group.name for group in app.registered_groups}
    assert named - {command.name for command in app.registered_commands} - groups == set()
    assert len(named) >= 4
