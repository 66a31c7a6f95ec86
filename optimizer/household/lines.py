"""On which line of a TOML text each value stands.

The standard parser keeps no positions, and neither does any pure parser on the registry; a syntax-tree library would
be two native packages for one number. So the text is parsed by the standard library, which decides alone what it
means, and this index only walks over text that has passed it. That keeps it small: valid text needs no error handling
here."""

import re
import tomllib
from dataclasses import dataclass, field

TomlPath = tuple[str | int, ...]

TOKEN = re.compile(
    r"""
      (?P<skip>[ \t\r]+|\#[^\n]*)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')
    | (?P<mark>[\n\[\]{}=,.])
    | (?P<word>[^\s\[\]{}=,.\#\"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LineIndex:
    """The line of every key and list element; what was never written stands where the nearest thing around it does."""

    lines: dict[TomlPath, int]

    @classmethod
    def of(cls, text: str) -> "LineIndex":
        """Index a text that :func:`tomllib.loads` accepts."""
        walker = _Walker(_tokens(text))
        walker.document()
        return cls(walker.lines)

    def line_of(self, path: TomlPath) -> int:
        """The line of `path`, else of the longest part of it that is in the file, else the first line."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    is_mark: bool


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "skip":
            tokens.append(_Token(match[0], line, match.lastgroup == "mark"))
        line += match[0].count("\n")
    tokens.append(_Token("\n", line, True))
    return tokens


@dataclass(slots=True)
class _Walker:
    """Follows the grammar from token to token and notes where each path begins."""

    tokens: list[_Token]
    at: int = 0
    lines: dict[TomlPath, int] = field(default_factory=dict)
    rows: dict[TomlPath, int] = field(default_factory=dict)
    """How many elements each list of tables has so far."""

    def document(self) -> None:
        table: TomlPath = ()
        while self.at < len(self.tokens):
            if self._skip("\n"):
                continue
            line = self.tokens[self.at].line
            if self._skip("["):
                is_row = self._skip("[")
                table = self._header(self._key(), line, is_row)
                self.at += 2 if is_row else 1
            else:
                self._pair(table)

    def _header(self, keys: tuple[str, ...], line: int, is_row: bool) -> TomlPath:
        path: TomlPath = ()
        for key in keys[:-1]:
            path = self._last_row((*path, key))
            self.lines.setdefault(path, line)
        path = (*path, keys[-1])
        if is_row:
            self.lines.setdefault(path, line)
            self.rows[path] = self.rows.get(path, 0) + 1
            path = self._last_row(path)
        self.lines[path] = line
        return path

    def _last_row(self, path: TomlPath) -> TomlPath:
        return (*path, self.rows[path] - 1) if path in self.rows else path

    def _pair(self, table: TomlPath) -> None:
        line = self.tokens[self.at].line
        path = table
        for key in self._key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._skip("=")
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        keys = [self._word()]
        while self._skip("."):
            keys.append(self._word())
        return tuple(keys)

    def _word(self) -> str:
        text = self.tokens[self.at].text
        self.at += 1
        return str(tomllib.loads(f"key = {text}")["key"]) if text[0] in "\"'" else text

    def _value(self, path: TomlPath) -> None:
        if self._skip("["):
            self._list(path)
        elif self._skip("{"):
            while not self._skip("}"):
                if not (self._skip(",") or self._skip("\n")):
                    self._pair(path)
        else:
            while not self._sees("\n", ",", "]", "}"):
                self.at += 1

    def _list(self, path: TomlPath) -> None:
        position = 0
        while not self._skip("]"):
            if not (self._skip(",") or self._skip("\n")):
                self.lines[(*path, position)] = self.tokens[self.at].line
                self._value((*path, position))
                position += 1

    def _sees(self, *marks: str) -> bool:
        token = self.tokens[self.at]
        return token.is_mark and token.text in marks

    def _skip(self, mark: str) -> bool:
        if self._sees(mark):
            self.at += 1
            return True
        return False
