"""A function is one thought and a file is one idea; past these lengths there is a second one inside."""

import ast

FUNCTION_LINES = 60
FILE_LINES = 400


def overlong(path: str, source: str) -> list[str]:
    """Functions and files past the limits, docstrings not counted."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = [
        f"{path}:{node.lineno} {node.name}: {_own_lines(node)} lines, {FUNCTION_LINES} at most"
        for node in functions
        if _own_lines(node) > FUNCTION_LINES
    ]
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef)] + functions
    lines = len(source.splitlines()) - sum(_docstring_lines(node) for node in documented)
    if lines > FILE_LINES:
        found.append(f"{path} has {lines} lines, {FILE_LINES} at most; look for the second idea")
    return found


def _own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)


def _docstring_lines(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def test_functions_and_files_are_short_enough_to_read(texts: dict[str, str]) -> None:
    """What fits on a screen is read; what does not is trusted."""
    rooms = ("lots/", "optimizer/", "examples/")
    sources = {path: text for path, text in texts.items() if path.endswith(".py") and path.startswith(rooms)}
    assert [fault for path, text in sources.items() for fault in overlong(path, text)] == []


def test_a_long_function_is_noticed_and_its_docstring_is_free() -> None:
    """The rule above can fail, on the very next line, and does not punish explaining."""
    docstring = '    """' + "Words.\n" * 30 + '    """\n'
    fits = "def plan():\n" + docstring + "    step = 1\n" * (FUNCTION_LINES - 1)
    assert overlong("lots/lot.py", fits) == []
    assert len(overlong("lots/lot.py", fits + "    step = 1\n")) == 1


def test_a_long_file_is_noticed_and_its_docstring_is_free() -> None:
    """The rule above can fail, on the very next line."""
    fits = '"""' + "Words.\n" * 30 + '"""\n' + "step = 1\n" * FILE_LINES
    assert overlong("lots/lot.py", fits) == []
    assert len(overlong("lots/lot.py", fits + "step = 1\n")) == 1
