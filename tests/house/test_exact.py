"""The ledger counts in decimals, and floats pass through two named doors only."""

import ast

import pytest

DOORS = {"lots/units.py": {"to_float", "from_float"}}
READERS = {("json", "load"), ("json", "loads"), ("tomllib", "load"), ("tomllib", "loads")}
INEXACT_LIBRARIES = {"numpy", "scipy", "pandas", "cvxpy", "random", "statistics"}


def floats(path: str, tree: ast.Module) -> list[str]:
    """Places in a file of the ledger where a float appears or may come in."""
    exempt = _exempt(tree, DOORS.get(path, set()))
    found = []
    for node in ast.walk(tree):
        fault = _fault(node)
        if fault and id(node) not in exempt:
            found.append(f"{path}:{node.lineno} {fault}")
    return found


def _exempt(tree: ast.Module, doors: set[str]) -> set[int]:
    """Nodes inside the doors, and types named in isinstance, where a float is named in order to be refused."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        is_door = isinstance(node, ast.FunctionDef) and node.name in doors
        is_refusal = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"
        if is_door or is_refusal:
            inside.update(id(part) for part in ast.walk(node))
    return inside


def _fault(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=float() | complex() as number):
            return f"writes the float {number!r}; use Decimal('{number!r}')"
        case ast.Name(id="float"):
            return "names float; only units.to_float and units.from_float may"
        case ast.Import(names=names) if any(name.name.split(".")[0] in INEXACT_LIBRARIES for name in names):
            return "imports a library of floats"
        case ast.ImportFrom(module=str() as module) if module.split(".")[0] in INEXACT_LIBRARIES:
            return "imports a library of floats"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=library), attr=name), keywords=keywords):
            if (library, name) in READERS and "parse_float" not in {keyword.arg for keyword in keywords}:
                return f"reads numbers with {library}.{name} as floats; pass parse_float=Decimal"
    return ""


def test_no_float_lives_in_the_ledger(product: dict[str, ast.Module]) -> None:
    """One float among decimals makes every sum after it wrong by an amount nobody can see."""
    ledger = {path: tree for path, tree in product.items() if path.startswith("lots/")}
    assert [fault for path, tree in ledger.items() for fault in floats(path, tree)] == []


@pytest.mark.parametrize(
    "line",
    [
        "rate = 0.15",
        "rate = float('0.15')",
        "rate: float",
        "import numpy as np",
        "from scipy.sparse import csr_array",
        "facts = json.loads(text)",
        "facts = tomllib.load(file)",
    ],
)
def test_a_float_in_the_ledger_is_noticed(line: str) -> None:
    """The rule above can fail, outside the doors and beside them."""
    assert len(floats("lots/tax/flat.py", ast.parse(line))) == 1
    assert len(floats("lots/units.py", ast.parse(line))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("lots/units.py", "def to_float(amount: Decimal) -> float:\n    return float(amount)"),
        ("lots/units.py", "def cents(value):\n    if isinstance(value, float):\n        raise TypeError"),
        ("lots/law/load.py", "facts = tomllib.loads(text, parse_float=Decimal)"),
    ],
)
def test_the_doors_and_the_refusal_of_floats_are_allowed(path: str, line: str) -> None:
    """A rule that forbade refusing floats would work against itself."""
    assert floats(path, ast.parse(line)) == []
