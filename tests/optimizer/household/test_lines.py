"""The line index agrees with the standard parser on what is in a text, and knows the line of each thing."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from optimizer.household.lines import LineIndex, TomlPath

SAMPLE = '''# a comment with = and [brackets]
title = "a # that is no comment"   # one that is
[accounts.joint]
kind = 'taxable'
menu = [   # a list
  "VTI",   # its first

  "BRK.B", [1,
  2.5],
]
note = """
[not.a.table]
key = "no key"
ends with quotes"""""
raw = \'\'\'
a = \\
\'\'\'

[securities]
"BRK.B" = { segment = "energy", exposures = { a = 1, "b c" = 2 } }
a.b.'c.d' = 2026-01-02T03:04:05.5
[[rows]]
x = 1
[[rows]]
y.z = -1.5e3
[rows.part]
w = true
[[rows.inner]]
[[rows.inner]]
v = []
'''


def paths_of(tree: object, path: TomlPath = ()) -> set[TomlPath]:
    """Every path in a parsed tree."""
    found = {path} - {()}
    if isinstance(tree, dict):
        for key, value in tree.items():
            found |= paths_of(value, (*path, key))
    elif isinstance(tree, list):
        for position, value in enumerate(tree):
            found |= paths_of(value, (*path, position))
    return found


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("accounts",), 3),
        (("accounts", "joint"), 3),
        (("accounts", "joint", "menu"), 5),
        (("accounts", "joint", "menu", 1), 8),
        (("accounts", "joint", "menu", 2, 1), 9),
        (("accounts", "joint", "raw"), 15),
        (("securities", "BRK.B", "exposures", "b c"), 20),
        (("securities", "a", "b", "c.d"), 21),
        (("rows",), 22),
        (("rows", 0), 22),
        (("rows", 1), 24),
        (("rows", 1, "y", "z"), 25),
        (("rows", 1, "part", "w"), 27),
        (("rows", 1, "inner", 0), 28),
        (("rows", 1, "inner", 1, "v"), 30),
    ],
)
def test_a_value_is_on_the_line_a_person_would_point_at(path: TomlPath, line: int) -> None:
    """The line is the whole of what this index is for."""
    assert LineIndex.of(SAMPLE).line_of(path) == line


def test_what_was_never_written_is_where_its_table_is() -> None:
    """A missing key is added to a table, so that is where to look."""
    index = LineIndex.of(SAMPLE)
    assert index.line_of(("accounts", "joint", "cash")) == 3
    assert index.line_of(("rows", 1, "amount")) == 24
    assert index.line_of(("nothing",)) == 1


def test_the_sample_and_every_household_of_the_project_have_the_paths_the_parser_finds() -> None:
    """A second reading of a format is right only as long as it agrees with the first."""
    root = Path(__file__).parents[3]
    files = [path.read_text("utf-8") for path in root.rglob("household.toml") if ".git" not in path.parts]
    assert len(files) >= 2
    for text in [SAMPLE, *files]:
        assert set(LineIndex.of(text).lines) == paths_of(tomllib.loads(text))


WORDS = st.sampled_from(["a", "b", "c-1", "7", '"d.e"', "'f g'", '"\\"="', "'#'", '"[x]"', '""', '"\\u00fc"'])
KEYS = st.lists(WORDS, min_size=1, max_size=3).map(".".join)
GAPS = st.sampled_from(["", " ", "\n", "  # a comment, [with] = 'marks'\n", "\n\n"])
TEXTS = st.one_of(
    st.text(st.sampled_from("ab#[]{}=,.' \t1ü"), max_size=8).map(lambda text: f'"{text}"'),
    st.text(st.sampled_from('ab#[]{}=,." \t\\'), max_size=8).map(lambda text: f"'{text}'"),
    st.text(st.sampled_from("ab#[]{}=,.'\n"), max_size=8).map(lambda text: f'"""{text}"""'),
    st.text(st.sampled_from('ab#[]{}=,"\n\\'), max_size=8).map(lambda text: f"'''{text}'''"),
    st.sampled_from(['"\\\\"', '"\\""', '"""a\\"""b"""', '"""x"""""', "1.5", "-inf", "true", "2026-01-02 03:04:05.6"]),
)
"""Scalars in every notation; none holds an @, which stands for the number of the line it is on."""


def lists(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lists spread over lines, and tables within a line."""
    rows = st.lists(st.tuples(GAPS, part, GAPS), max_size=3)
    inline = st.lists(st.tuples(KEYS, part.filter(lambda value: "\n" not in value)), max_size=3)
    return st.one_of(
        rows.map(lambda cells: "[" + ",".join("".join(cell) for cell in cells) + "]"),
        inline.map(lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"),
    )


VALUES = st.recursive(st.one_of(st.just("@"), TEXTS), lists, max_leaves=6)
STATEMENTS = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    KEYS.map("[{}]".format),
    KEYS.map("[[ {} ]]  # rows".format),
    st.just("  # only a comment"),
    st.just(""),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(STATEMENTS, max_size=8))
def test_on_any_text_the_index_has_the_paths_the_parser_finds_each_on_its_line(statements: list[str]) -> None:
    """Every number in the text is the number of its own line, so the parser's values say what the index must answer."""
    lines = "\n".join(statements).split("\n")
    text = "\n".join(line.replace("@", str(number)) for number, line in enumerate(lines, 1))
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        reject()
    index = LineIndex.of(text)
    assert set(index.lines) == paths_of(tree)
    for path in paths_of(tree):
        value = value_at(tree, path)
        if type(value) is int:
            assert index.line_of(path) == value


def value_at(tree: Any, path: TomlPath) -> Any:
    """What stands at a path."""
    for key in path:
        tree = tree[key]
    return tree
