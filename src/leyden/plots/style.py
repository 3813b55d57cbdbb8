"""The look of a publication: sizes, fonts and colours, as a context that leaves matplotlib's own settings alone."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

__all__ = ["COLOURS", "DOUBLE_COLUMN", "QUALITATIVE", "SINGLE_COLUMN", "Sheet", "publication", "sequence", "sheet"]

# Widths of a two-column journal page, in inches.
SINGLE_COLUMN = 3.375
DOUBLE_COLUMN = 7.0

# Okabe and Ito's palette, which stays apart under every common colour blindness.
QUALITATIVE = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "grey": "#6B6B6B",
}

# Of curves that have no colour of their own, in this order.
COLOURS = [QUALITATIVE[name] for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "grey")]

# The part of each map that shows on white; both grow lighter throughout, so they survive grey printing too.
_VISIBLE = {"viridis": (0.0, 0.82), "plasma": (0.0, 0.8)}

_SETTINGS: Any = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 9.0,
    "axes.labelsize": 9.5,
    "axes.titlesize": 9.5,
    "axes.titlepad": 4.0,
    "axes.linewidth": 0.6,
    "axes.formatter.limits": (-4, 5),
    "axes.xmargin": 0.0,
    "lines.linewidth": 1.3,
    "lines.solid_capstyle": "round",
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handlelength": 1.5,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.2,
    "legend.borderaxespad": 0.3,
    "hatch.linewidth": 0.5,
    "image.composite_image": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 300,
    # Text stays text: editable and searchable in PDF, outlines in SVG so that no reader needs the font.
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "leyden",
}

# matplotlib's settings belong to the whole process: one drawing at a time may change them.
_TURN = threading.RLock()


@contextmanager
def publication() -> Generator[None]:
    """Settings of a publication, for drawing and for saving.

    Yields
    ------
    None
        Inside, one thread draws at a time; on leaving, the settings are as they were.

    Notes
    -----
    matplotlib reads some settings when an artist is made and others when a file is written, so do both inside.
    """
    with _TURN, mpl.rc_context(_SETTINGS):
        yield


class Sheet(Figure):
    """A figure that is saved in the look of a publication, the same byte for byte."""

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Write it to a file, undated."""
        name = str(kwargs.get("format") or args[0]).lower().rpartition(".")[2]
        # The time of writing would make every run differ.
        undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
        if name in undated:
            kwargs = {"metadata": undated[name]} | kwargs
        with publication():
            super().savefig(*args, **kwargs)


def sheet(width: float, height: float, *, layout: Literal["constrained"] | None = None) -> Figure:
    """An empty Figure that is saved with the settings of a publication, wherever that happens.

    Parameters
    ----------
    width, height : float
        In inches.
    layout : str or None
        "constrained" lets matplotlib find the room that labels need; by default the caller places all axes.

    Returns
    -------
    Figure
        It belongs to no window and to no global list, so that threads may hold as many as they like. Its files have
        300 dots per inch unless told otherwise, and are the same byte for byte for the same drawing.
    """
    return Sheet(figsize=(width, height), layout=layout)


def sequence(count: int, palette: str = "viridis") -> list[str]:
    """Colours of a family of curves, from dark to light.

    Parameters
    ----------
    count : int
        Number of curves.
    palette : str
        "viridis" or "plasma": evenly stepped, safe for the colour blind, and never too light for white paper.

    Returns
    -------
    list of str
        Hexadecimal colours.
    """
    low, high = _VISIBLE[palette]
    return [to_hex(colormaps[palette](float(place))) for place in np.linspace(low, high, max(count, 1))[:count]]
