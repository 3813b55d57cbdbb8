"""Small tables for notebooks: what `_repr_html_` shows of a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from leyden.text import shortened

__all__ = ["html_table", "number_words"]


def number_words(value: Any) -> str:
    """A parameter or a result in a cell: a number by six digits, an array by its dims or its shape."""
    if dims := getattr(value, "sizes", None):
        return f"over {', '.join(f'{name}: {size}' for name, size in dims.items())}"
    if shape := getattr(value, "shape", ()):
        return f"array of shape {tuple(shape)}"
    try:
        return f"{value:.6g}"
    except (TypeError, ValueError):  # what JAX traces, say
        return shortened(value)


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in HTML, with everything in it escaped; the first cell of a row is its head."""
    from html import escape

    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = [
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for first, *cells in rows
    ]
    return f"<table><caption>{escape(caption)}</caption><tr>{names}</tr>{''.join(lines)}</table>"
