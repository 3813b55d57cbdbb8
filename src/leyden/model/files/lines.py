"""In which line of a TOML text a key stands: the parser does not tell, so the text is gone through once more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["MOST_PARTS", "line_of", "line_of_long_key"]

MOST_PARTS = 32
"""Dotted parts of a key. The parser's time grows with the square of their number, so that many of them take minutes."""

Key = str | int
Path = tuple[Key, ...]

# Loops are possessive: where a text turns out to be no TOML, nothing is tried again.
_TOKEN = re.compile(
    r"""
    (?P<blank> [ \t\r]++ | \#[^\n]*+ )
  | (?P<break> \n )
  | (?P<text> \"\"\" (?> [^"\\]++ | \\. | "{1,2}(?!") )*+ "{3,5}
            | '''    (?> [^']++ | '{1,2}(?!') )*+ '{3,5}
            | " (?> [^"\\\n]++ | \\[^\n] )*+ "
            | ' [^'\n]*+ ' )
  | (?P<mark> [\[\]{}=,.] )
  | (?P<word> [^\s\[\]{}=,."'\#]++ )
    """,
    re.VERBOSE | re.DOTALL,
)


class _LongKeyError(Exception):
    """A key has too many parts, in the line that it carries."""


@dataclass
class _Value:
    """An array or an inline table that is still open."""

    path: Path
    index: int | None


@dataclass
class _Reader:
    """What has been read so far: where keys go, which values are open, and what may come next."""

    here: Path = ()
    arrays: dict[Path, int] = field(default_factory=dict[Path, int])
    values: list[_Value] = field(default_factory=list[_Value])
    parts: list[str] = field(default_factory=list[str])
    heads: int = 0
    awaits: str = "key"
    path: Path = ()

    def key(self, token: str, line: int) -> None:
        if len(self.parts) == MOST_PARTS:
            raise _LongKeyError(line)
        self.parts.append(_name(token))

    def assigned(self, line: int) -> Iterator[tuple[Path, Key, int]]:
        """At `=`: the key and all tables that it names are defined."""
        self.path = self.values[-1].path if self.values else self.here
        for part in self.parts:
            yield self.path, part, line
            self.path = (*self.path, part)
        self.parts, self.awaits = [], "value"

    def headed(self, line: int) -> Iterator[tuple[Path, Key, int]]:
        """At the end of `[a.b]` or `[[a.b]]`: names on the way mean the last table of an array of tables."""
        path: Path = ()
        for place, part in enumerate(self.parts, start=1):
            yield path, part, line
            path = (*path, part)
            if self.heads == 2 and place == len(self.parts):
                self.arrays[path] = self.arrays.get(path, -1) + 1
                yield path, self.arrays[path], line
            if path in self.arrays:
                path = (*path, self.arrays[path])
        self.here, self.parts, self.heads, self.awaits = path, [], 0, "key"

    def begun(self, mark: str, line: int) -> Iterator[tuple[Path, Key, int]]:
        """At the start of a value, that of an entry of an array included."""
        outer = self.values[-1] if self.values else None
        path = self.path
        if outer is not None and outer.index is not None:
            yield outer.path, outer.index, line
            path = (*outer.path, outer.index)
        self.awaits = "end"
        if mark == "[":
            self.values.append(_Value(path, 0))
            self.awaits = "value"
        elif mark == "{":
            self.values.append(_Value(path, None))
            self.awaits = "key"

    def next(self) -> None:
        """At a comma."""
        if not self.values or self.values[-1].index is None:
            self.awaits = "key"
        else:
            self.values[-1].index += 1
            self.awaits = "value"

    def closed(self) -> None:
        if self.values:
            self.values.pop()
        self.parts, self.awaits = [], "end"


def _name(token: str) -> str:
    """A key as it is meant, without quotes and escapes."""
    if token[0] not in "\"'":
        return token
    if token[0] == "'" or "\\" not in token:
        return token[1:-1]
    import tomllib

    try:
        return str(tomllib.loads(f"_ = {token}")["_"])
    except ValueError:
        return token


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind and text of each token, and its line; up to the first character that is no TOML."""
    line, end = 1, 0
    for found in _TOKEN.finditer(text):
        if found.start() != end:
            return
        token, end = found.group(), found.end()
        if found.lastgroup != "blank":
            yield str(found.lastgroup), token, line
        line += token.count("\n")


def _definitions(text: str) -> Iterator[tuple[Path, Key, int]]:
    """Each table, key and entry in order: the path of what holds it, its own key, its line."""
    reader = _Reader()
    for kind, token, line in _tokens(text):
        if kind == "break":
            if reader.heads:
                yield from reader.headed(line)
            elif not reader.values:
                reader.parts, reader.awaits = [], "key"
        elif token in ("]", "}") and not reader.heads:
            reader.closed()
        elif reader.awaits == "value":
            yield from reader.begun(token, line)
        elif reader.awaits == "key":
            if kind in ("word", "text"):
                reader.key(token, line)
            elif token == "[" and not reader.values and not reader.parts:
                reader.heads += 1
            elif token == "=":
                yield from reader.assigned(line)
        elif token == ",":
            reader.next()
    if reader.heads:
        yield from reader.headed(text.count("\n") + 1)


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Number of the line that defines a key."""
    if not keys:
        return None
    parent, key = tuple(keys[:-1]), keys[-1]
    try:
        return next((line for path, name, line in _definitions(text) if name == key and path == parent), None)
    except _LongKeyError:
        return None


def line_of_long_key(text: str) -> int | None:
    """Number of the line of a key that has more dotted parts than the parser should be given."""
    # A key stands in one line. Most texts have no line of so many dots, which is fast to see.
    if all(line.count(".") < MOST_PARTS for line in text.split("\n")):
        return None
    try:
        for _ in _definitions(text):
            pass
    except _LongKeyError as error:
        return int(error.args[0])
    return None
