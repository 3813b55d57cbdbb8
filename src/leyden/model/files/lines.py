"""In which line of a TOML text a key stands: the parser does not tell, so it is asked about the text's beginnings."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

__all__ = ["line_of"]

# A search parses the text some tens of times; in a longer one the key's path must do.
_LONGEST_TEXT = 2**20
# A value over more lines than this is not waited for.
_LONGEST_VALUE = 100


def _holds(document: Any, keys: Sequence[str | int]) -> bool:
    for key in keys:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _beginning(lines: Sequence[str], count: int) -> dict[str, Any]:
    """The shortest beginning of at least so many lines that is TOML: a value may take several lines."""
    for length in range(count, min(count + _LONGEST_VALUE, len(lines)) + 1):
        try:
            return tomllib.loads("\n".join(lines[:length]))
        except (ValueError, RecursionError):
            continue
    return {}


def line_of(text: str, keys: Sequence[str | int]) -> int | None:
    """Number of the line that defines a key.

    Parameters
    ----------
    text : str
        Valid TOML.
    keys : sequence of str or int
        Path to the key: names of tables, positions in arrays, for example ("elements", 2, "rate").

    Returns
    -------
    int or None
        From 1; None where the text is too long to be searched, or the key is not found.
    """
    words = [key for key in keys if isinstance(key, str)]
    if not words or len(text) > _LONGEST_TEXT:
        return None
    lines = text.split("\n")
    candidates = [number for number, line in enumerate(lines, start=1) if words[-1] in line]
    # Once defined a key stays defined: bisection over the lines that could define it.
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        if _holds(_beginning(lines, candidates[middle]), keys):
            high = middle
        else:
            low = middle + 1
    return candidates[low] if low < len(candidates) else None
