"""A drawing as SVG: text, without a drawing library, in colours that live on light and on dark pages."""

from __future__ import annotations

from html import escape

from leyden.diagram.arrange import scene_of
from leyden.diagram.record import Diagram
from leyden.diagram.scene import Area, Box, Disc, Group, Mark, Stroke, Words

__all__ = ["HUES", "svg_of"]

# Of Okabe and Ito's palette, those that show on white and on black.
HUES = {
    "mode charger": "#D55E00",
    "mode battery": "#0072B2",
    "mode both": "#8a63b3",
    "mode other": "#808080",
    "link": "#2f86c0",
    "drive": "#D55E00",
    "bath": "#808080",
    "gain": "#b8860b",
    "reservoir": "#009E73",
    "other": "#808080",
}
"""Colour of each kind of mark; a page's own style sheet may set others for the classes."""


def _at(*numbers: float) -> str:
    return " ".join(f"{number:.1f}" for number in numbers)


def _path(mark: Stroke) -> str:
    first, *others = mark.points
    words = [f"M{_at(*first)}"]
    if mark.is_curved:
        words += [f"Q{_at(*control)} {_at(*end)}" for control, end in zip(others[::2], others[1::2], strict=True)]
    else:
        words += [f"L{_at(*point)}" for point in others]
    return "".join(words)


def _mark(mark: Mark) -> str:
    if isinstance(mark, Words):
        text = escape(mark.text)
        return (
            f'<text x="{mark.x:.1f}" y="{mark.y + 0.34 * mark.size:.1f}" font-size="{mark.size:.3g}" '
            f'text-anchor="{mark.anchor}" fill="currentColor" stroke="none">{text}</text>'
        )
    if isinstance(mark, Disc):
        circle = f'cx="{mark.x:.1f}" cy="{mark.y:.1f}"'
        rim = f'<circle {circle} r="{mark.radius - 3:.1f}" fill="none" stroke-width="1"/>' if mark.has_rim else ""
        return f'<circle {circle} r="{mark.radius:.1f}" fill-opacity=".18" stroke-width="1.6"/>{rim}'
    if isinstance(mark, Box):
        corner = _at(mark.x - mark.width / 2, mark.y - mark.height / 2).split()
        size = f'width="{mark.width:.1f}" height="{mark.height:.1f}" rx="{min(6.0, mark.height / 3):.1f}"'
        return f'<rect x="{corner[0]}" y="{corner[1]}" {size} fill-opacity=".18" stroke-width="1.3"/>'
    if isinstance(mark, Area):
        return f'<path d="M{"L".join(_at(*point) for point in mark.points)}Z" stroke="none"/>'
    dashes = ' stroke-dasharray="4 3"' if mark.is_dashed else ""
    return f'<path d="{_path(mark)}" fill="none" stroke-width="{mark.width:.2g}"{dashes}/>'


def _group(group: Group) -> str:
    classes = " ".join(f"leyden-{word}" for word in group.role.split())
    hue = HUES[group.role]
    inside = "".join(map(_mark, group.marks))
    return f'<g class="{classes}" fill="{hue}" stroke="{hue}"><title>{escape(group.title)}</title>{inside}</g>'


def svg_of(diagram: Diagram) -> str:
    """The drawing as an `<svg>` element: colours by classes and `currentColor`, every part with words of its own."""
    scene = scene_of(diagram)
    words = escape(scene.description or scene.title, quote=True)
    box = _at(scene.left, scene.top, scene.width, scene.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="leyden-diagram" role="img" aria-label="{words}" '
        f'viewBox="{box}" width="{scene.width:.0f}" height="{scene.height:.0f}" font-family="sans-serif" '
        f'stroke-linecap="round" stroke-linejoin="round">{"".join(map(_group, scene.groups))}</svg>'
    )
