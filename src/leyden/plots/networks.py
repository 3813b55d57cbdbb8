"""Any device as a drawing: its modes, who feels whom and how strongly, drives and baths."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from leyden.diagram.arrange import scene_of
from leyden.diagram.handed import diagram_of
from leyden.diagram.scene import Area, Box, Disc, Mark, Scene, Stroke, Words
from leyden.diagram.svg import HUES
from leyden.plots.own import axes_or_own
from leyden.plots.style import DOUBLE_COLUMN

__all__ = ["network"]

# Units of a drawing to the inch where it has a sheet of its own: a pair fits one column.
_UNITS = 108.0
_TALLEST = 7.0


def network(device: Any, *, ax: Axes | None = None) -> Axes:
    """Draw a device of any number of modes.

    Parameters
    ----------
    device : Network
        A single device; of a batch the first one is drawn, of pulses their largest values. From 200 modes on it is
        drawn in three groups: charger, batteries and the others.
    ax : Axes or None
        Drawn into, its own limits and frame given up; None makes a figure of pyplot whose size
        follows the drawing.

    Returns
    -------
    Axes
        Arrows say who is felt by whom: their width is the strength of the direct transfer, |c| where db/dt = c a + ...,
        through couplings and shared baths together, in the rate unit; a link of unlike strengths has two. Wavy lines
        are drives (one for each photon), baths and what shares them; a second rim marks batteries, and a small pulse
        what changes in time.

    Raises
    ------
    ParameterError
        If the device is none.

    Notes
    -----
    Sizes of words and widths of lines follow the size of the axes when they are drawn into.

    Examples
    --------
    >>> import leyden as ly
    >>> ax = ly.plots.network(ly.catalog.cascade(4, drive=0.05, damping=0.1))
    >>> [text.get_text() for text in ax.texts if text.get_text().startswith("m")]
    ['m0', 'm1', 'm2', 'm3']
    """
    scene = scene_of(diagram_of(device))
    scale = min(1 / _UNITS, DOUBLE_COLUMN / scene.width, _TALLEST / scene.height)
    with axes_or_own(ax, scene.width * scale, scene.height * scale, is_bare=True) as axes:
        _draw(axes, scene)
        return axes


def _draw(axes: Axes, scene: Scene) -> None:
    axes.set_axis_off()
    axes.set_xlim(scene.left, scene.left + scene.width)
    axes.set_ylim(scene.top + scene.height, scene.top)
    axes.set_aspect("equal", adjustable="box")
    figure = axes.get_figure(root=True)
    points = 72.0
    if figure is not None:
        width, height = axes.get_position().bounds[2:] * figure.get_size_inches()
        # Points for each unit of the sheet.
        points *= min(width / scene.width, height / scene.height)
    for order, group in enumerate(scene.groups):
        for mark in group.marks:
            _draw_mark(axes, mark, HUES[group.role], points, zorder=2.0 + order / (1 + len(scene.groups)))


def _draw_mark(axes: Axes, mark: Mark, hue: str, points: float, *, zorder: float) -> None:
    faint = (hue, 0.18)
    if isinstance(mark, Words):
        options: dict[str, Any] = {"ha": {"start": "left"}.get(mark.anchor, "center"), "va": "center_baseline"}
        axes.text(mark.x, mark.y, mark.text, fontsize=mark.size * points, zorder=3.5, parse_math=False, **options)
    elif isinstance(mark, Disc):
        look: dict[str, Any] = {"edgecolor": hue, "zorder": zorder}
        axes.add_patch(Circle((mark.x, mark.y), mark.radius, facecolor="white", linewidth=0.0, zorder=zorder))
        axes.add_patch(Circle((mark.x, mark.y), mark.radius, facecolor=faint, linewidth=1.6 * points, **look))
        if mark.has_rim:
            axes.add_patch(Circle((mark.x, mark.y), mark.radius - 3, fill=False, linewidth=points, **look))
    elif isinstance(mark, Box):
        corner = mark.x - mark.width / 2, mark.y - mark.height / 2
        shape = f"round,pad=0,rounding_size={min(6.0, mark.height / 3)}"
        for face, edge, line in (("white", "none", 0.0), (faint, hue, 1.3 * points)):
            options = {"facecolor": face, "edgecolor": edge, "linewidth": line, "zorder": zorder}
            axes.add_patch(FancyBboxPatch(corner, mark.width, mark.height, boxstyle=shape, **options))
    elif isinstance(mark, Area):
        path = Path([*mark.points, mark.points[0]], closed=True)
        axes.add_patch(PathPatch(path, facecolor=hue, linewidth=0.0, zorder=zorder))
    else:
        axes.add_patch(PathPatch(_path_of(mark), fill=False, edgecolor=hue, zorder=zorder, **_line(mark, points)))


def _path_of(mark: Stroke) -> Path:
    onward = Path.CURVE3 if mark.is_curved else Path.LINETO
    return Path(list(mark.points), [Path.MOVETO, *[onward] * (len(mark.points) - 1)])


def _line(mark: Stroke, points: float) -> dict[str, Any]:
    dashes: Any = (0, (3, 2)) if mark.is_dashed else "-"
    return {"linewidth": mark.width * points, "linestyle": dashes, "capstyle": "round", "joinstyle": "round"}
