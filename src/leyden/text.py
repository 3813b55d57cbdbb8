"""Values, names and lists in sentences: short, on one line, printable, whatever they are.

What a file, a store or a caller hands over may be a million entries long, nested a hundred deep, or a number of
thousands of digits. The functions here look at no more of it than they show.
"""

from __future__ import annotations

import re
import reprlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_NAME",
    "NAME_RULE",
    "are_names",
    "bounded",
    "is_name",
    "listed",
    "nearest",
    "one_line",
    "shortened",
]

LONGEST_MESSAGE = 300
# Of a mode, a device: what a file system allows for the name of a file.
LONGEST_NAME = 255
NAME_RULE = f"a printable string of 1 to {LONGEST_NAME} characters"
# Of a value, of the clause that tells what was found, and of a name among others in a sentence.
_VALUE, _CLAUSE, _NAME = 80, 120, 40
# Of a list of names, which would leave no room for what was found and for the remedy; and of what comes before those.
_LIST, _HEAD = 120, 80
# Longer names are not compared with others, nor are more names than that: nobody would wait for the answer.
_LONGEST_COMPARED, _MOST_COMPARED = 100, 20_000
# Of a name that is looked for inside longer ones.
_SHORTEST_PART = 4
_GAP = " ... "
# The end of a sentence that another one follows.
_STOP = re.compile(r"(?<!\.)\.(?= )")


def is_name(value: object, most: int = LONGEST_NAME) -> bool:
    """Whether a value can be a name: a string that is not blank, not longer, and printable."""
    # No control characters, which would steer a terminal and which netCDF and SVG cannot hold; no halves of characters,
    # which UTF-8 cannot.
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable() and not value.isspace()


def are_names(values: Sequence[Any]) -> bool:
    """Whether all of many values can be names, as `is_name` has it."""
    try:
        # One method for all names at a time: a loop over a million names would take three times as long.
        return (
            all(map(str.isprintable, values))
            and not any(map(str.isspace, values))
            and all(values)
            and max(map(len, values), default=0) <= LONGEST_NAME
        )
    except TypeError:
        return False


def one_line(text: str) -> str:
    """A text on one line, with control characters spelt out: what a file holds must not steer a terminal."""
    words = " ".join(text.split())
    if words.isprintable():
        return words
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words)


class _Brief(reprlib.Repr):
    """Values as Python writes them, of containers the first members and levels only."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = 10
        self.maxdict = 8
        self.maxstring = self.maxother = self.maxlong = 2 * _VALUE

    def repr_int(self, x: int, level: int) -> str:
        """A whole number, unless it has so many digits that Python refuses to print it."""
        if x.bit_length() <= 256:
            return repr(x)
        return f"a whole number of about {int(x.bit_length() * 0.30103) + 1} digits"

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        """The first members, in their order: sorting, as the standard library does, looks at all of them."""
        if level <= 0 and x:
            return "{...}"
        members = [f"{self.repr1(key, level - 1)}: {self.repr1(x[key], level - 1)}" for key in islice(x, self.maxdict)]
        return f"{{{', '.join(members + ['...'] * (len(x) > self.maxdict))}}}"


_BRIEF = _Brief()


def shortened(value: object, most: int = _VALUE) -> str:
    """A value as Python writes it, on one line, shortened in depth and length."""
    try:
        sizes: Any = getattr(value, "sizes", None)  # of a labelled array, which writes several lines about itself
        is_labelled = isinstance(sizes, Mapping) and hasattr(value, "dims")
        found = f"<array over {listed(sizes, 4)}>" if is_labelled else one_line(_BRIEF.repr(value))
    except Exception:  # whatever an object's own code raises
        found = f"<{type(value).__name__}>"
    return found if len(found) <= most else f"{found[: most - 3]}..."


def nearest(name: object, known: Iterable[str]) -> str:
    """A remedy: which known name comes nearest to a mistyped one."""
    if not isinstance(name, str) or len(name) > _LONGEST_COMPARED:
        return ""
    names = list(islice(known, _MOST_COMPARED + 1))
    if len(names) > _MOST_COMPARED:
        return ""
    names = [one for one in names if len(one) <= _LONGEST_COMPARED]
    import difflib  # takes a twentieth of `import leyden`, and only mistakes need it

    close = difflib.get_close_matches(name, names, n=1)
    # A word of a longer name, as of an address: `drive` of `TwoPhotonDrive(charger).amplitude`.
    if not close and len(name) >= _SHORTEST_PART:
        close = [one for one in names if name.casefold() in one.casefold()]
    return f"Did you mean {close[0]!r}?" if close else ""


def _word(name: str) -> str:
    return one_line(name if len(name) <= _NAME else f"{name[: _NAME - 3]}...")


def listed(names: Iterable[object] | Mapping[Any, object], most: int = 16) -> str:
    """Names in a sentence: the first ones, each shortened, and how many there are where that is not all."""
    every = names if isinstance(names, (list, tuple, Mapping)) else list(names)
    words = [_word(str(name)) for name in islice(every, most)]
    ends = list(accumulate(len(word) + 2 for word in words))
    words = words[: max(1, bisect_right(ends, _LIST))]
    more = f", ... {len(every)} in all" if len(every) > len(words) else ""
    return (", ".join(words) or "none") + more


def _cut(text: str, most: int) -> str:
    """A text without its middle."""
    if len(text) <= most:
        return text
    head = (2 * (most - len(_GAP)) + 2) // 3
    tail = most - len(_GAP) - head
    return f"{text[:head].rstrip()}{_GAP}{text[len(text) - tail :].lstrip()}" if tail > 0 else text[:most]


def bounded(message: str, most: int = LONGEST_MESSAGE) -> str:
    """A message on one line of bounded length: what is said first, what was found and what is said last stay."""
    line = one_line(message if len(message) <= 8 * most else f"{message[: 6 * most]}{_GAP}{message[-2 * most :]}")
    if len(line) <= most:
        return line
    start = line.find(", but ")
    if start < 0:
        return _cut(line, most)
    end = stop.end() if (stop := _STOP.search(line, start)) else len(line)
    before, after = line[:start], line[end:]
    clause = _cut(line[start:end], max(_CLAUSE, most - len(before) - len(after)))
    room = most - len(clause)
    after = _cut(after, max(room - _HEAD, room - len(before)))
    return _cut(before, room - len(after)) + clause + after
