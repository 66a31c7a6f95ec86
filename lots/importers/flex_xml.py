"""Interactive Brokers' Flex XML as a stream of elements, each with the line it starts on.

Every value of a Flex statement is an attribute. A document type declaration has no place in one, and with it goes every
entity, so a file of a few bytes cannot unfold into gigabytes nor fetch anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from lots.importers.columns import Header
from lots.importers.fileformat import File
from lots.importers.statement import StatementError
from lots.importers.textfile import Row, refusal

_CHUNK = 1 << 16
_ROOT = "FlexQueryResponse"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, the line it starts on, and its attributes."""

    tag: str
    line: int
    attributes: Mapping[str, str]

    def as_row(self, account: str) -> tuple[Header, Row]:
        """The attributes as a row under their names; `account` is the name of the one that holds the account."""
        names = tuple(self.attributes)
        places = {name: index for index, name in enumerate(names)}
        if account in places:
            places["account"] = places[account]
        return Header(places, names, len(names)), Row(self.line, tuple(self.attributes.values()))


def elements(file: File) -> Iterator[Element]:
    """Yield the elements of a Flex statement in their order.

    Raises
    ------
    StatementError
        If the text is no well-formed XML, has a document type declaration, or is no Flex statement.
    """
    found: list[Element] = []
    parser = _parser(file.name, found)
    total = file.text.count("\n") + 1
    try:
        for start in range(0, len(file.text), _CHUNK):
            parser.Parse(file.text[start : start + _CHUNK], False)
            yield from _taken(found)
            if file.progress:
                file.progress(min(parser.CurrentLineNumber, total), total)
        parser.Parse("", True)
    except expat.ExpatError as error:
        text = f"XML that breaks off or is damaged ({expat.errors.messages.get(error.code, 'unknown')})"
        raise refusal(file.name, error.lineno, text, "a whole Flex statement", "Download the file again.") from None
    yield from _taken(found)


def _taken(found: list[Element]) -> list[Element]:
    taken = found[:]
    found.clear()
    return taken


def _parser(name: str, found: list[Element]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    seen_root: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if not seen_root:
            seen_root.append(tag)
            if tag != _ROOT:
                raise _no_statement(name, parser.CurrentLineNumber, tag)
        found.append(Element(tag, parser.CurrentLineNumber, attributes))

    def doctype(*_: object) -> NoReturn:
        step = "A Flex statement has none; download the file again."
        raise refusal(name, parser.CurrentLineNumber, "a document type declaration", "a Flex statement", step)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _no_statement(name: str, line: int, tag: str) -> StatementError:
    step = "It may be the service's answer that the statement is not ready; run the query again."
    return refusal(name, line, f"<{tag}>", f"<{_ROOT}>", step)
