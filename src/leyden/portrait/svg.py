"""A drawing of a device as SVG text, for pages and notebooks: colours by variables, so that it lives in dark pages."""

from __future__ import annotations

import math
from html import escape

from leyden.model.network import Network
from leyden.portrait.diagram import Diagram, Link, Node, diagram_of

__all__ = ["diagram_svg", "drawn"]

Point = tuple[float, float]

# Pixels: from one mode to the next, radius of a mode, and around all.
_APART, _RADIUS, _AROUND = 130.0, 27.0, 80.0
# Modes up to which each has its name, radius of the others, and letters of a name.
_MOST_NAMED, _SMALL, _LETTERS = 40, 9.0, 9
# Widths of the weakest and of the strongest link.
_THIN, _THICK = 1.2, 5.0
# Pixels from one small mode to the next, to the side of a wave, and of the smallest arrowhead.
_CLOSE, _WAVE, _HEAD = 46.0, 3.5, 5.0

_STYLE = (
    ".ld{--ld-c:var(--diagram-charger,#fdf1e7);--ld-b:var(--diagram-battery,#e8f2fb);"
    "--ld-m:var(--diagram-mode,#f4f4f4);"
    "--ld-i:var(--diagram-ink,#1d1d1f);--ld-l:var(--diagram-link,#0072b2);--ld-d:var(--diagram-drive,#d55e00);"
    "--ld-s:var(--diagram-shared,#009e73);--ld-g:var(--diagram-bath,#6b6b6b)}"
    ".ld text{fill:var(--ld-i);font:12px system-ui,sans-serif;text-anchor:middle;dominant-baseline:central}"
    ".ld .small{font-size:10px;fill:var(--ld-g)}.ld .letter{font:italic 600 17px Georgia,serif}"
    ".ld circle{stroke:var(--ld-i);stroke-width:1.2;fill:var(--ld-m)}.ld .charger{fill:var(--ld-c)}"
    ".ld .battery{fill:var(--ld-b)}.ld .both{fill:var(--ld-c);stroke-dasharray:none;stroke-width:2}"
    ".ld .link{stroke:var(--ld-l);fill:none;stroke-linecap:butt}.ld .head{fill:var(--ld-l)}"
    ".ld .other{stroke:var(--ld-g);fill:none;stroke-dasharray:4 3}"
    ".ld .shared{stroke:var(--ld-s);fill:none;stroke-width:1.4}.ld .hub{fill:var(--ld-s);stroke:none}"
    ".ld .drive{stroke:var(--ld-d);fill:none;stroke-width:1.6}.ld .drivehead{fill:var(--ld-d)}"
    ".ld .bath{stroke:var(--ld-g);fill:none;stroke-width:1.3}"
)


def _n(value: float) -> str:
    """A coordinate, by a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _along(point: Point, way: Point, length: float, aside: float = 0.0) -> Point:
    """A point so far along a direction, and aside to its right hand."""
    return point[0] + way[0] * length - way[1] * aside, point[1] + way[1] * length + way[0] * aside


def _between(start: Point, end: Point) -> tuple[Point, float]:
    """Direction from a point to another one, and how far it is."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    return ((end[0] - start[0]) / length, (end[1] - start[1]) / length) if length else (1.0, 0.0), length


def _at(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _wave(start: Point, way: Point, length: float, turns: int = 3) -> str:
    """Path of a wavy line from a point along a direction."""
    step = length / (2 * turns)
    path = f"M{_at(start)}"
    for half in range(2 * turns):
        bend = _along(start, way, (half + 0.5) * step, _WAVE if half % 2 else -_WAVE)
        path += f"Q{_at(bend)} {_at(_along(start, way, (half + 1) * step))}"
    return path


def _head(tip: Point, way: Point, size: float, kind: str) -> str:
    """A triangle whose tip is at a point and looks along a direction."""
    corners = tip, _along(tip, way, -size, size / 2), _along(tip, way, -size, -size / 2)
    return f'<polygon class="{kind}" points="{" ".join(map(_at, corners))}"/>'


def _text(place: Point, words: str, kind: str = "small") -> str:
    return f'<text class="{kind}" x="{_n(place[0])}" y="{_n(place[1])}">{escape(words)}</text>'


def _way(angle: float) -> Point:
    return math.cos(angle), math.sin(angle)


class _Sheet:
    """A diagram in pixels, y downwards."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        xs, ys = [node.x for node in diagram.nodes], [node.y for node in diagram.nodes]
        self.is_named = len(diagram.nodes) <= _MOST_NAMED
        self.radius = _RADIUS if self.is_named else _SMALL
        apart = _APART if self.is_named else _CLOSE
        self.points = [
            ((x - min(xs)) * apart + _AROUND, (max(ys) - y) * apart + _AROUND) for x, y in zip(xs, ys, strict=True)
        ]
        self.width = (max(xs) - min(xs)) * apart + 2 * _AROUND
        self.height = (max(ys) - min(ys)) * apart + 2 * _AROUND

    def width_of(self, strength: float) -> float:
        strongest = self.diagram.strongest
        wide = _THIN + (_THICK - _THIN) * math.sqrt(strength / strongest) if strongest > 0 else _THIN
        return wide if self.is_named else 0.6 * wide

    def link(self, link: Link) -> str:
        """Two modes and an arrow between them, as wide as the link is strong."""
        names = [self.diagram.nodes[place].name for place in (link.first, link.second)]
        kinds = f" ({', '.join(dict.fromkeys(link.kinds))})" if link.kinds else ""
        title = f"<title>{escape(f'{names[0]} and {names[1]}: {link.words}{kinds}; {_strengths(link, names)}')}</title>"
        way, length = _between(self.points[link.first], self.points[link.second])
        gap = self.radius + 3
        start, end = _along(self.points[link.first], way, gap), _along(self.points[link.first], way, length - gap)
        beside = self._kinds(link, start, end)
        if link.forth == link.back == 0:
            return f'<g>{title}<path class="other" d="M{_at(start)}L{_at(end)}"/>{beside}</g>'
        forth, back = (_HEAD * (1 + 0.34 * self.width_of(one)) if one > 0 else 0.0 for one in (link.forth, link.back))
        ends = _along(start, way, back), _along(end, way, -forth)
        width = _n(self.width_of(max(link.forth, link.back)))
        line = f'<path class="link" stroke-width="{width}" d="M{_at(ends[0])}L{_at(ends[1])}"/>'
        heads = _head(end, way, forth, "head") if forth else ""
        heads += _head(start, (-way[0], -way[1]), back, "head") if back else ""
        return f"<g>{title}{line}{heads}{beside}</g>"

    def _kinds(self, link: Link, start: Point, end: Point) -> str:
        """A wave beside a link through a shared bath, and names of what is neither bath nor exchange."""
        if not self.is_named:
            return ""
        way, length = _between(start, end)
        below = 1 if way[0] >= 0 else -1
        found = ""
        if "shared bath" in link.kinds:
            found += f'<path class="shared" d="{_wave(_along(start, way, 0.0, 11 * below), way, length, 4)}"/>'
        words = [kind for kind in dict.fromkeys(link.kinds) if kind not in ("shared bath", "coupling")]
        for row, word in enumerate(words):
            found += _text(_along(start, way, length / 2, -below * (13 + 12 * row)), word)
        return found

    def free(self, place: int, taken: tuple[float, ...] = ()) -> float:
        """Angle in the middle of the widest gap between what is around a mode; up where there is nothing."""
        around = list(taken)
        for link in self.diagram.links:
            if place in (link.first, link.second):
                other = link.second if link.first == place else link.first
                way, _ = _between(self.points[place], self.points[other])
                around.append(math.atan2(way[1], way[0]))
        if not around:
            return -math.pi / 2
        around.sort()
        ends = [*around[1:], around[0] + 2 * math.pi]
        gaps = [(end - start, (start + end) / 2) for start, end in zip(around, ends, strict=True)]
        # Of gaps alike the one that looks up.
        return max(gaps, key=lambda gap: (round(gap[0], 6), -math.sin(gap[1])))[1]

    def node(self, place: int) -> str:
        """A mode with what acts on it alone."""
        node, point = self.diagram.nodes[place], self.points[place]
        parts = [*node.drives, *node.baths, *node.others]
        levels = f", {node.levels} levels" if node.levels is not None else ""
        about = f"{node.name} ({node.role}{levels}){': ' if parts else ''}{', '.join(parts)}"
        kind = "" if node.role == "mode" else f' class="{node.role}"'
        circle = f'<circle cx="{_n(point[0])}" cy="{_n(point[1])}" r="{_n(self.radius)}"{kind}/>'
        found = f"<g><title>{escape(about)}</title>{circle}"
        taken: tuple[float, ...] = ()
        if node.drives:
            taken = (self.free(place),)
            found += self._drive(point, _way(taken[0]), node.drives[0])
        if self.is_named:
            found += self._named(node, point, _way(self.free(place, taken)))
        return f"{found}</g>"

    def _named(self, node: Node, point: Point, way: Point) -> str:
        """Name, levels, bath and other elements of a mode."""
        label = node.name if len(node.name) <= _LETTERS else f"{node.name[: _LETTERS - 1]}…"
        found = _text(point, label, "name")
        if node.levels is not None:
            found += _text((point[0], point[1] + 12), f"{node.levels} levels")
        if node.baths:
            found += f'<path class="bath" d="{_wave(_along(point, way, self.radius + 1), way, 24)}"/>'
        if node.others:
            found += _text((point[0], point[1] + self.radius + 11), ", ".join(dict.fromkeys(node.others)))
        return found

    def _drive(self, point: Point, way: Point, words: str) -> str:
        near, far = self.radius + 2, self.radius + (30 if self.is_named else 16)
        inwards = -way[0], -way[1]
        path = _wave(_along(point, way, far), inwards, far - near - 6, 2)
        found = f'<path class="drive" d="{path}"/>{_head(_along(point, way, near), inwards, 8, "drivehead")}'
        photons = {"one-photon drive": "ω", "two-photon drive": "2ω"}.get(words, "")
        return found + (_text(_along(point, way, far + 12), photons) if self.is_named and photons else "")

    def bath(self, places: tuple[int, ...]) -> str:
        """A shared bath of more than two modes: a hub with a wave to each."""
        points = [self.points[place] for place in places]
        hub = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points) + 18
        names = escape(", ".join(self.diagram.nodes[place].name for place in places))
        waves = ""
        for point in points:
            way, length = _between(hub, point)
            if length > self.radius + 2:
                waves += f'<path class="shared" d="{_wave(hub, way, length - self.radius - 2, 4)}"/>'
        circle = f'<circle class="hub" cx="{_n(hub[0])}" cy="{_n(hub[1])}" r="5"/>'
        return f"<g><title>shared bath of {names}</title>{waves}{circle}</g>"


def _strengths(link: Link, names: list[str]) -> str:
    if link.words != "one way":
        return f"{link.forth:.3g} there, {link.back:.3g} back"
    source, target = names if link.forth else names[::-1]
    return f"{max(link.forth, link.back):.3g} from {source} to {target}"


def drawn(diagram: Diagram) -> str:
    """A diagram as SVG text."""
    sheet = _Sheet(diagram)
    body = [sheet.link(link) for link in diagram.links]
    body += [sheet.bath(places) for places in diagram.shared]
    body += [sheet.node(place) for place in range(len(diagram.nodes))]
    label = escape(f"Drawing of {diagram.name}: {len(diagram.nodes)} modes", quote=True)
    return (
        f'<svg class="ld" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" '
        f'viewBox="0 0 {_n(sheet.width)} {_n(sheet.height)}" width="{_n(sheet.width)}" height="{_n(sheet.height)}">'
        f"<style>{_STYLE}</style>{''.join(body)}</svg>"
    )


def diagram_svg(network: Network) -> str:
    """A device as SVG text; empty for a batch, or for more modes than can be told apart."""
    found = diagram_of(network)
    return "" if found is None else drawn(found)
