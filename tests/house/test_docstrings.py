"""Whoever opens a public name finds a sentence that says what it is."""

import ast
from collections.abc import Iterator

import pytest

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def silent(path: str, tree: ast.Module) -> list[str]:
    """Public modules, classes, functions and methods without a docstring."""
    return [f"{path}:{line} {name}" for name, line, node in _public(tree) if not (ast.get_docstring(node) or "").strip()]


def _public(tree: ast.Module) -> Iterator[tuple[str, int, Documented]]:
    yield "the module", 1, tree
    yield from _members(tree, "")


def _members(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, int, Documented]]:
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not _is_exempt(node):
            yield f"{prefix}{node.name}", node.lineno, node
            if isinstance(node, ast.ClassDef):
                yield from _members(node, f"{prefix}{node.name}.")


def _is_exempt(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Private names, special methods, second halves of a documented pair, and what a protocol only declares."""
    decorators = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
    is_declaration = "property" in decorators and ast.unparse(node.body) == "..."
    return node.name.startswith("_") or is_declaration or bool(decorators & {"overload", "setter", "override"})


def test_every_public_name_has_a_docstring(product: dict[str, ast.Module]) -> None:
    """A preparer who is new to Python reads the sentences, not the code."""
    assert [name for path, tree in product.items() for name in silent(path, tree)] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", ["lots/lot.py:1 the module"]),
        ("'''Lots.'''\ndef sell(): pass", ["lots/lot.py:2 sell"]),
        ("'''Lots.'''\nclass Lot:\n    '''A lot.'''\n    def sell(self): pass", ["lots/lot.py:4 Lot.sell"]),
        ("'''Lots.'''\nclass Lot:\n    ''' '''", ["lots/lot.py:2 Lot"]),
    ],
)
def test_a_missing_docstring_is_noticed(source: str, expected: list[str]) -> None:
    """The rule above can fail at each level."""
    assert silent("lots/lot.py", ast.parse(source)) == expected


def test_an_attribute_that_a_protocol_only_declares_passes() -> None:
    """`lot_id: str` needs no sentence, and a read-only declaration of the same says no more."""
    source = "'Lots.'\nclass Lot:\n    'A lot.'\n    @property\n    def lot_id(self) -> str: ..."
    assert silent("lots/lot.py", ast.parse(source)) == []
