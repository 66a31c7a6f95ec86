"""Writes what the program prints today into the README, between its markers; with --check it only says whether they agree.

The excerpt is what a reader sees of `bandwise plan examples/year_end`, cut down to the verdict, the segments that were out,
the certificate and what each lever saved. Run it after any change to the page, the example or the plan.
"""

import contextlib
import io
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- output -->\n```text\n)(.*?)(\n```\n)", re.DOTALL)
LEFT_OUT = "[...]"


def main() -> int:
    """Compare or rewrite; 1 when they differ and nothing may be written."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    if len(blocks) != 1:
        print("README.md needs one block ```text after the marker <!-- output -->")
        return 1
    today = excerpt(printed())
    if blocks[0][1] == today or ("--check" in sys.argv and agree(blocks[0][1], today)):
        return 0
    if "--check" in sys.argv:
        print(f"README.md shows something else than what is printed today; run `python .ci/readme.py`:\n\n{today}")
        return 1
    readme.write_text(BLOCK.sub(lambda found: found[1] + today + found[3], text), encoding="utf-8")
    return 0


def agree(shown: str, today: str) -> bool:
    """Whether two excerpts say the same, each number within half a per cent or two dollars of the other's.

    Among plans that cost the same to a cent another processor may choose another, which moves a few dollars between lines.
    """
    words, numbers = zip(*(_taken_apart(text) for text in (shown, today)), strict=True)
    pairs = zip(*numbers, strict=False)
    return words[0] == words[1] and all(abs(one - other) <= max(2.0, 0.005 * abs(one)) for one, other in pairs)


def _taken_apart(text: str) -> tuple[str, list[float]]:
    """The text with every number, space and rule reduced to a mark, and the numbers."""
    numbers = [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", text)]
    return re.sub(r"\s+", " ", re.sub(r"[─·├┤●○◉]+", "─", re.sub(r"\d[\d,]*\.?\d*", "#", text))), numbers


def printed() -> str:
    """The page for the example, as a pipe gets it."""
    sys.path.insert(0, str(ROOT))
    os.environ.pop("COLUMNS", None)
    from optimizer.cli import main as bandwise

    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        code = bandwise(["plan", str(ROOT / "examples" / "year_end")])
    if code:
        sys.exit(f"the example ended with exit code {code}")
    return page.getvalue()


def excerpt(page: str) -> str:
    """The parts of the page that the README shows, with a mark where something is left out."""
    headline, *sections = re.split(r"\n(?=\w.* ─+\n)", page)
    bands, costs, levers = (
        next(section for section in sections if section.startswith(title)) for title in ("Bands", "What it costs", "What each")
    )
    heading, *rows = bands.splitlines()
    out = [row for row in rows[2:] if "▲" in row or "▼" in row]
    proofs = [part for part in costs.split("\n\n") if part.startswith(("Certificate.", "Ledger."))]
    ladder = levers.split("\nContributions:")[0]
    parts = [headline, "\n".join([heading, *rows[:2], *out]), LEFT_OUT, *proofs, ladder]
    return "\n\n".join(part.strip("\n") for part in parts)


if __name__ == "__main__":
    sys.exit(main())
