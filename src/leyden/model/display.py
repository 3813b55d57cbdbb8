"""A device in a line and in a small table, as Python's prompt and notebooks show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from typing import Any

from leyden.arrays import is_concrete, plain_dims, to_numpy
from leyden.diagram.handed import diagram_of
from leyden.diagram.svg import svg_of
from leyden.errors import LeydenError
from leyden.markup import html_table, number_words
from leyden.mathml import mathml_of
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.text import listed

__all__ = ["equations_html", "html_of", "summary_of"]

# Of a table of parts, and of a matrix that is worth a look.
_MOST_ROWS, _MOST_MODES = 20, 4
# Modes of a device that notebooks show a drawing of.
_MOST_DRAWN = 2000

_MOMENTS = r"\frac{d\bar{r}}{dt} = A \bar{r} + f, \quad \frac{dV}{dt} = A V + V A^{T} + D"

# The device is a Network, which imports this file.


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _kinds(parts: Sequence[Element | Family]) -> str:
    """Kinds of element, and how many there are of each."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts[type(part.pattern if isinstance(part, Family) else part).__name__] += (
            len(part) if isinstance(part, Family) else 1
        )
    return listed([f"{count} {kind}" if count > 1 else kind for kind, count in counts.items()]) if counts else ""


def _batch(device: Any) -> str:
    """The batch that a device stands for, empty for a single one."""
    sizes = dict(zip(plain_dims(len(device.plain_shape)), device.plain_shape, strict=True))
    for *_, value in device.arrays:
        sizes |= {str(dim): size for dim, size in getattr(value, "sizes", {}).items()}
    return f"batch over {', '.join(f'{dim}: {size}' for dim, size in sizes.items())}" if sizes else ""


def summary_of(device: Any) -> str:
    """Name, modes, roles, kinds of element and batch, in a line."""
    modes = f"{_count(len(device.mode_names), 'mode')}, charger {device.charger}, battery {listed(device.batteries, 4)}"
    return "; ".join(filter(None, (f"{device.name}: {modes}", _kinds(device.parts), _batch(device))))


def _rows(records: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for record in islice(records, _MOST_ROWS):
        numbers = [(name, value) for name, value in record.parameters().items() if name not in record.left_out]
        yield record.label, ", ".join(f"{name} = {number_words(value)}" for name, value in numbers)
    if len(records) > _MOST_ROWS:
        yield "...", f"{len(records)} in all"


def html_of(device: Any) -> str:
    """A drawing, a table of the modes and elements, each with its parameters, and the master equation."""
    rows = [*_rows(device.modes), *_rows(device.elements)]
    table = html_table(summary_of(device), ("element", "parameters"), rows)
    return f'<div class="leyden-network">{_drawing(device)}{table}{_equations(device)}</div>'


def _drawing(device: Any) -> str:
    """The device as SVG; nothing of one that has no drawing, or would take long."""
    if len(device.mode_names) > _MOST_DRAWN:
        return ""
    try:
        svg = svg_of(diagram_of(device))
    except LeydenError:
        return ""
    return svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)


def _equations(device: Any) -> str:
    """The master equation, folded away: as MathML where that can be made, else in the LaTeX that notebooks set."""
    if len(device.parts) > _MOST_ROWS or len(device.mode_names) > _MOST_DRAWN:
        return ""
    try:
        latex = device.to_latex()
    except LeydenError:
        return ""
    shown = mathml_of(latex) or f"$${escape(latex, quote=False)}$$"
    return f"<details><summary>master equation</summary>{shown}</details>"


def equations_html(caption: str, equations: Any) -> str:
    """Drift and forcing of a small device in a table; of others the caption alone."""
    if len(equations.mode_names) > _MOST_MODES or equations.shape or not is_concrete(equations.drift):
        return html_table(caption, (), ())
    names = [f"{quadrature}({mode})" for mode in equations.mode_names for quadrature in "xp"]
    rows = zip(names, to_numpy(equations.drift).tolist(), to_numpy(equations.forcing).tolist(), strict=True)
    cells = [(name, *map(number_words, row), number_words(force)) for name, row, force in rows]
    shown = mathml_of(_MOMENTS) or f"$${_MOMENTS}$$"
    return f"{shown}{html_table(caption, ('drift', *names, 'forcing'), cells)}"
