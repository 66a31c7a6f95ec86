"""Which room may import which library: solvers stay with the model, the terminal with the command line."""

import ast

import pytest

# Library: the rooms whose files may import it. A library that is not listed is open to every room.
ROOMS: dict[str, tuple[str, ...]] = {
    "cvxpy": ("optimizer/model", "optimizer/solve"),
    "clarabel": ("optimizer/model", "optimizer/solve"),
    "highspy": ("optimizer/model", "optimizer/solve"),
    "typer": ("optimizer/cli",),
    "rich": ("optimizer/cli", "optimizer/report"),
    "plotly": ("optimizer/report", "optimizer/web"),
    "jinja2": ("optimizer/report", "optimizer/web"),
    "markupsafe": ("optimizer/report", "optimizer/web"),
    "xlsxwriter": ("optimizer/report",),
    "fastapi": ("optimizer/web",),
    "pandas": ("optimizer/frames",),
    "starlette": ("optimizer/web",),
    "uvicorn": ("optimizer/web",),
    "tomlkit": ("optimizer/household",),
    "joblib": ("optimizer/batch", "optimizer/simulate"),
    "ray": ("optimizer/batch",),
    "exchange_calendars": ("optimizer/simulate",),
    "sqlalchemy": ("lots/ledger", "optimizer/batch"),
    "alembic": ("lots/ledger", "optimizer/batch"),
    # Second opinions and formats of others: they check the product in the tests and are never part of it.
    "tenforty": (),
    "taxcalc": (),
    "policyengine_us": (),
    "beancount": (),
    "ofxtools": (),
    "openpyxl": (),
    "cvxportfolio": (),
}


def misplaced(path: str, tree: ast.Module) -> list[str]:
    """Imports of a library by a file outside the library's rooms."""
    found = []
    for node in ast.walk(tree):
        for library in _imported(node):
            rooms = ROOMS.get(library)
            if rooms is not None and not path.startswith(tuple(room + end for room in rooms for end in ("/", ".py"))):
                allowed = " and ".join(rooms) or "the tests"
                found.append(f"{path}:{node.lineno} imports {library}, which belongs to {allowed}")
    return found


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name.split(".")[0] for name in names]
        case ast.ImportFrom(module=str() as module, level=0):
            return [module.split(".")[0]]
    return []


def test_every_library_stays_in_its_rooms(product: dict[str, ast.Module]) -> None:
    """A document that needs a solver to be read, or a ledger that needs a terminal, cannot be used by anyone else."""
    assert [fault for path, tree in product.items() for fault in misplaced(path, tree)] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("optimizer/problem.py", "import cvxpy as cp"),
        ("optimizer/modelling.py", "from cvxpy.atoms import sum"),
        ("lots/tax/federal.py", "import taxcalc"),
        ("optimizer/rebalance.py", "def run():\n    from rich.table import Table"),
    ],
)
def test_a_library_in_the_wrong_room_is_noticed(path: str, line: str) -> None:
    """The rule above can fail, inside functions too."""
    assert len(misplaced(path, ast.parse(line))) == 1


@pytest.mark.parametrize("path", ["optimizer/model/trades.py", "optimizer/solve.py"])
def test_a_library_in_its_own_room_passes(path: str) -> None:
    """A room may be a file or a folder."""
    assert misplaced(path, ast.parse("import cvxpy")) == []
