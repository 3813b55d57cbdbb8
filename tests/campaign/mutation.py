"""Files that are almost right: whole documents with one thing changed, and texts and bytes with damage.

All of it is harmless to the parser, too: no key has more than some tens of parts, no nesting is deeper than a hundred.
"""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime, time
from typing import Any

import numpy as np
import tomli_w

__all__ = ["damaged_bytes", "damaged_text", "mutated_document"]

NUMBERS: list[Any] = [
    0, 1, -1, 2, 10**6, 10**9, 2**63, 10**30, 10**400, -(10**400), 0.0, -0.0, 0.5, 1.0, 1e-300, 5e-324, 1e12, 1e150,
    1e300, 1.7e308, -1e-9, float("inf"), float("-inf"), float("nan"), True, False,
]  # fmt: skip
WORDS = [
    "", " ", "a", "b", "charger", "battery", "m0", "drive", "damping", "nonreciprocal", "charge", "log", "zip", "sobol",
    "two_photon_battery", "cascade", "kerr", "local_bath", "shared_bath", "x" * 300, "y" * 20000, "a\nb", "\0",
    "\x1b[31m", "[/x]", "[red]", "$x$", "\u202e", "\N{SMILING FACE WITH SUNGLASSES}", "é", "../a", "a/b", ".", "a.b",
    "{}", "%s", "TwoPhotonDrive(a).amplitude",
]  # fmt: skip
KEYS = [
    "name", "charger", "battery", "modes", "elements", "format", "kind", "mode", "first", "second", "strength", "rate",
    "occupation", "weights", "amplitude", "phase", "frequency", "detuning", "re", "im", "device", "measure", "sampling",
    "points", "seed", "fixed", "times", "axes", "start", "stop", "values", "spacing", "parameters", "raet", "x" * 5000,
]  # fmt: skip
TOKENS = [
    "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "#", "'", '"', '"""', "'''", "\n", "\\", "\\u0041", "\\x", "\t",
    "\r", "nan", "-inf", "1e999", "0x" + "f" * 5000, "9" * 4000, "9" * 5000, "1_000", "true", "2001-01-01",
    "a.b.c.d = 1\n", "a" + ".a" * 31 + " = 1\n", "a" + ".a" * 33 + " = 1\n", "[" * 90, "{ a = " * 40, "[[elements]]\n",
    "[axes.x]\n", "\ufeff", "é", "\x7f", "\u2028", "[modes]\n", "= =", "[1, " * 60,
]  # fmt: skip

Random = np.random.Generator


def _one(random: Random, options: Any) -> Any:
    return options[int(random.integers(len(options)))]


def _value(random: Random, depth: int = 0) -> Any:
    """An odd value, of any type that TOML has."""
    kind = int(random.integers(10 if depth < 3 else 6))
    if kind < 3:
        return _one(random, NUMBERS)
    if kind < 5:
        return _one(random, WORDS)
    if kind == 5:
        return _one(
            random, [date(2001, 1, 1), datetime(2001, 1, 1, 12), time(12), 10.0 ** float(random.uniform(-300, 300))]
        )
    count = int(_one(random, [0, 1, 2, 3, 50]))
    if kind < 8:
        return [_value(random, depth + 1) for _ in range(count)]
    if kind == 8:
        return {"re": _value(random, 9), "im": _value(random, 9)}
    return {_one(random, KEYS): _value(random, depth + 1) for _ in range(min(count, 4))}


def _places(value: Any) -> list[tuple[Any, Any]]:
    """All (container, key) pairs of a document."""
    members = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [pair for key, member in members for pair in ((value, key), *_places(member))]


def _mutate(random: Random, document: dict[str, Any], donor: dict[str, Any]) -> None:
    places = _places(document)
    if not places:
        document[_one(random, KEYS)] = _value(random)
        return
    holder, key = _one(random, places)
    step = int(random.integers(9))
    if step < 3:
        holder[key] = _value(random)
    elif step == 3:
        del holder[key]
    elif step == 4 and isinstance(holder, dict):
        holder[_one(random, KEYS)] = holder.pop(key)
    elif step == 5 and isinstance(holder, dict):
        holder[_one(random, [*KEYS, *WORDS])] = _value(random)
    elif step == 6 and isinstance(holder, list):
        holder[key:key] = [copy.deepcopy(holder[key])] * int(_one(random, [1, 2, 30]))
    elif step == 7:
        other, from_key = _one(random, _places(donor))
        holder[key] = copy.deepcopy(other[from_key])
    elif isinstance(holder[key], str):
        letters = list(holder[key]) or ["a"]
        place = int(random.integers(len(letters)))
        letters[place : place + 1] = [_one(random, ["", "x", letters[place] * 2, "_", "\x07", "A"])]
        holder[key] = "".join(letters)
    else:
        holder[key] = _value(random)


def mutated_document(random: Random, text: str, donor: str) -> str:
    """A good file with one thing or a few changed, still TOML: what the rules of the format must judge.

    Parameters
    ----------
    random : Generator
        Where chance comes from.
    text, donor : str
        Two good files; pieces of the second go into the first.

    Returns
    -------
    str
    """
    document, other = tomllib.loads(text), tomllib.loads(donor)
    for _ in range(int(_one(random, [1, 1, 1, 2, 4]))):
        _mutate(random, document, other)
    try:
        return tomli_w.dumps(document)
    except (TypeError, ValueError):  # a whole number of 400 digits is none of its kinds of number
        return text


def damaged_text(random: Random, text: str, donor: str) -> str:
    """A good file with damage to its text: tokens, lines, ends.

    Parameters
    ----------
    random : Generator
        Where chance comes from.
    text, donor : str
        Two good files; lines of the second go into the first.

    Returns
    -------
    str
    """
    for _ in range(int(_one(random, [1, 1, 2, 3]))):
        start, end = sorted(random.integers(0, len(text) + 1, 2).tolist())
        step = int(random.integers(8))
        if step == 0:
            text = text[:start] + _one(random, TOKENS) + text[start:]
        elif step == 1:
            text = text[:start] + text[min(end, start + 40) :]
        elif step == 2:
            text = text[:start]
        elif step == 3:
            text = text[:start] + text[start : start + 60] * int(_one(random, [2, 2, 100])) + text[start + 60 :]
        else:
            lines, others = text.split("\n"), donor.split("\n")
            place, other = int(random.integers(len(lines))), int(random.integers(len(lines)))
            if step == 4:
                lines[place], lines[other] = lines[other], lines[place]
            elif step == 5:
                del lines[place]
            elif step == 6:
                lines.insert(place, _one(random, others))
            else:
                name, equals, _ = lines[place].partition("=")
                lines[place] = f"{name}{equals} {_one(random, TOKENS)}"
            text = "\n".join(lines)
    return text


def damaged_bytes(random: Random, text: str) -> bytes:
    """A good file with some of its bytes changed, taken out or put in.

    Parameters
    ----------
    random : Generator
        Where chance comes from.
    text : str
        A good file.

    Returns
    -------
    bytes
    """
    found = bytearray(text.encode())
    for _ in range(int(_one(random, [1, 1, 2, 8]))):
        place, byte = int(random.integers(len(found) or 1)), int(random.integers(256))
        step = int(random.integers(3))
        if step == 0 and found:
            found[place] ^= 1 << byte % 8
        elif step == 1 and found:
            del found[place]
        else:
            found.insert(place, byte)
    return bytes(found)
