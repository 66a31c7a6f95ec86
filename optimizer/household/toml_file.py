"""household.toml as text in, checked tables out; every value that is not what its key promises is reported."""

import re
import tomllib
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from optimizer.errors import InputFaults
from optimizer.household.files import TOML_NAME, read_text, refuse
from optimizer.household.findings import Findings
from optimizer.household.lines import LineIndex, TomlPath
from optimizer.household.tables import HouseholdTables

LARGEST_BYTES, LONGEST_LINE, MOST_DOTS = 500_000, 2_000, 100
Tree = dict[str, object]
POSITION = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
STAND_INS: dict[str, object] = {
    "as_of": "2200-12-31",
    "filing_status": "single",
    "ordinary_pct": 100,
    "long_term_pct": 0,
    "kind": "taxable",
    "account": "?",
    "symbol": "?",
    "sold": "2000-01-01",
    "amount": 0,
    "into": "?",
    "from": "?",
    "shares": 1,
    "loss": 0,
}
"""What sits where a needed value is missing or unreadable, while the rest is checked; never part of a result."""
MOST_ROUNDS = 30


def read_tree(path: Path) -> tuple[Tree, LineIndex]:
    """Return the parsed file and the line of every value in it.

    Raises
    ------
    InputFaults
        If the file cannot be read or is no TOML; the fault names the line.
    """
    text = read_text(path, LARGEST_BYTES)
    for position, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise refuse(path, f"a line of {len(line):,} characters", f"at most {LONGEST_LINE:,}", line=position)
        if line.count(".") > MOST_DOTS and not line.lstrip().startswith("#"):  # the parser takes minutes over endless dotted keys
            raise refuse(path, f"a line with {line.count('.')} dots", f"at most {MOST_DOTS}", line=position)
    try:
        tree = tomllib.loads(text, parse_float=_exact)
        return tree, LineIndex.of(text)
    except RecursionError:
        raise refuse(path, "brackets nested without end", "TOML") from None
    except ValueError as error:
        raise _syntax_refusal(path, text, str(error)) from None


def _exact(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text  # an exponent beyond all bounds; as text it is refused where it stands


def _syntax_refusal(path: Path, text: str, message: str) -> InputFaults:
    match = POSITION.fullmatch(message)
    words = match[1] if match else message
    line = int(match[2]) if match and match[2] else text.count("\n") + 1
    twice = re.fullmatch(r"Cannot (?:declare|overwrite|mutate).*", words) is not None
    step = "A table or key stands twice; keep one of them." if twice else f"Look at this line and the one above it ({words})."
    shown = text.split("\n")[line - 1].strip()[:60]
    return refuse(path, repr(shown), "TOML, such as key = value", step, line)


def read_tables(tree: Tree, findings: Findings) -> HouseholdTables | None:
    """Return the tables, with stand-ins where `findings` now has faults; None when too little of them can be read."""
    for _ in range(MOST_ROUNDS):
        try:
            return HouseholdTables.model_validate(tree)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                _mend(tree, tuple(key for key in item["loc"] if key != "[key]"), dict(item), findings)
    return None


def _mend(tree: Tree, path: TomlPath, item: dict[str, object], findings: Findings) -> None:
    """Report one fault and take what caused it out of the tree, or put a stand-in where it is needed."""
    address = (TOML_NAME, *path)
    kind = item["type"]
    if address not in findings.doubtful:
        if not findings.follows(address) or kind == "extra_forbidden":
            findings.note(address, *_words(path, item, tree))
        findings.doubt(address)
        if kind not in ("missing", "model_type") and not isinstance(path[-1], int):
            return _remove(tree, path)
    elif kind != "missing":
        return _remove(tree, path[:-1] if len(path) > 1 else path)
    parent = _at(tree, path[:-1])
    stand_in: object = {} if kind == "model_type" else STAND_INS.get(str(path[-1]), "?" if isinstance(path[-1], int) else {})
    if isinstance(parent, dict | list):
        parent[path[-1]] = stand_in  # type: ignore[index]
    return None


def _at(tree: object, path: TomlPath) -> object:
    for key in path:
        is_there = key in tree if isinstance(tree, dict) else isinstance(tree, list) and 0 <= int(key) < len(tree)
        if not is_there:
            return None
        tree = tree[key]  # type: ignore[index]
    return tree


def _remove(tree: Tree, path: TomlPath) -> None:
    parent = _at(tree, path[:-1])
    if isinstance(parent, dict):
        parent.pop(path[-1], None)
    elif isinstance(parent, list):
        _remove(tree, path[:-1])


TYPE_WORDS = {
    "model_type": "a table",
    "dict_type": "a table",
    "tuple_type": "a list",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "too_short": "at least one",
}


def _words(path: TomlPath, item: dict[str, object], tree: Tree) -> tuple[str, str, str]:
    """What was found, what was expected and what to do."""
    name, kind = str(path[-1]), str(item["type"])
    if kind == "missing":
        return (
            f"no {name} in {_title(path[:-1])}",
            f"a line {name} = …" if name in STAND_INS else f"a table [{name}]",
            "",
        )
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        near = get_close_matches(name, known, 1)
        step = f"Did you mean {near[0]!r}?" if near else ""
        if len(path) == 3 and path[0] == "securities" and isinstance(item["input"], dict):
            step = f'Quote a symbol with a dot in it: [securities."{path[1]}.{name}"].'
        return f"the unknown key {name!r} in {_title(path[:-1])}", f"one of {', '.join(known)}", step
    message = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    expected = TYPE_WORDS.get(kind, message[:1].lower() + message[1:])
    return f"{name} = {_shown(item['input'])}", expected, ""


def _title(path: TomlPath) -> str:
    names = ".".join(str(key) for key in path if isinstance(key, str))
    return f"[[{names}]]" if any(isinstance(key, int) for key in path) else f"[{names}]" if path else "the file"


def _shown(value: object) -> str:
    """A value as the file would have it, cut short."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, bool):
        return str(value).lower()
    return (f'"{value}"' if isinstance(value, str) else str(value))[:60]


def _keys_at(path: TomlPath) -> list[str]:
    """The keys a table may have, from the model of the tables."""
    kind: object = HouseholdTables
    for key in path:
        model = _model_in(kind)
        if model is not None:
            by_key = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            kind = by_key.get(str(key))
        else:
            kind = _element(kind)
    model = _model_in(kind)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_in(kind: object) -> type[BaseModel] | None:
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _element(kind: object) -> object:
    """What a table of tables or a list of tables holds."""
    if get_origin(kind) in (Annotated, Union, UnionType):
        return _element(get_args(kind)[0])
    arguments = get_args(kind)
    return arguments[1] if get_origin(kind) is dict else arguments[0] if arguments else None
