"""Pictures on a page, held in it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Illustration", "drawn", "svg_of"]


@dataclass(frozen=True)
class Illustration:
    """A figure on the page."""

    number: int
    title: str
    caption: str
    description: str  # for those who cannot see the drawing
    page: str  # SVG in base64
    narrow: str | None  # for narrow screens, where that differs
    panels: tuple[str, ...]  # names of the files with its data
    size: Literal["small", "medium", "full"] = "full"  # how wide it may become


def drawn(figure: Figure, form: str) -> bytes:
    """A drawing as a file holds it; in memory, because matplotlib has errors of its own where a disk is full."""
    target = io.BytesIO()
    figure.savefig(target, format=form)
    return target.getvalue()


def svg_of(figure: Figure) -> str:
    """A drawing as SVG in base64."""
    return base64.b64encode(drawn(figure, "svg")).decode("ascii")
