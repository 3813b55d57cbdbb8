"""What of a device is drawn: who feels whom, what drives and damps each mode, and what several modes share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from leyden.arrays import is_concrete, is_labelled
from leyden.diagram.record import Attached, Diagram, Hub, Link, Node
from leyden.diagram.svg import svg_of
from leyden.equations.device import linear_part
from leyden.merit.transport import links
from leyden.model.changing import Pulse
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.network import Network
from leyden.plots.kinds import acts, name_of
from leyden.text import listed, one_line

__all__ = ["diagram_of", "diagram_svg"]

# Networks up to this size are drawn mode by mode, larger ones in groups.
_MOST_MODES = 200
# Times at which a pulse is looked at.
_TIMES = 101
_PHOTONS = {1: "one-photon", 2: "two-photon"}


def diagram_svg(network: Network) -> str:
    """Drawing of a device as an `<svg>` element."""
    return svg_of(diagram_of(network))


def diagram_of(network: Network) -> Diagram:
    """Diagram of a device: of a batch its first one, of pulses their largest values, of a large network its groups."""
    changing = {address.partition(".")[0] for address in network.pulses}
    plain = _representative(network)
    sources, targets, widths = links(linear_part(plain)[0])
    names = plain.mode_names
    if len(names) > _MOST_MODES:
        return _summary(plain, sources, targets, widths)
    width: dict[tuple[int, int], float] = defaultdict(float)
    width |= dict(zip(zip(sources.tolist(), targets.tolist(), strict=True), widths.tolist(), strict=True))
    positions = plain.positions
    attached: list[Attached] = []
    hubs: list[Hub] = []
    between: dict[tuple[int, int], list[str]] = defaultdict(list)
    moving: set[tuple[int, int]] = set()
    for element in filter(acts, plain.elements):
        kind, is_changing = _kind_of(element), element.label in changing
        places = [positions[name] for name in _touched(element)]
        if len(places) == 1:
            attached.append(_attached(element, kind, places[0], is_changing=is_changing))
            continue
        pairs = [(min(pair), max(pair)) for pair in pairwise(places)]
        if is_changing and len(places) == 2:
            moving |= set(pairs)
        if kind == "reservoir":
            hubs.append(Hub(tuple(places), "reservoir", f"{_bath(element)}shared bath", _title(element), is_changing))
        elif kind != "exchange" and len(places) == 2:
            between[pairs[0]].append(name_of(element))
        elif kind != "exchange":
            hubs.append(Hub(tuple(places), "other", name_of(element), _title(element), is_changing))
    pairs = {(min(pair), max(pair)) for pair in width} | set(between)
    charger = positions[plain.charger]
    # From the charger where it is one of the two, so that words and arrows read outwards.
    ordered = [(two, one) if two == charger else (one, two) for one, two in sorted(pairs)]
    arrows = tuple(
        Link(one, two, width[one, two], width[two, one], tuple(between[_pair(one, two)]), _pair(one, two) in moving)
        for one, two in ordered
    )
    nodes = tuple(Node(name, _role(plain, name), levels) for name, levels in zip(names, _levels(plain), strict=True))
    found = Diagram(one_line(network.name), nodes, arrows, tuple(attached), tuple(hubs))
    return replace(found, description=_description(found))


def _counted_words(count: int, noun: str) -> str:
    """A number and a noun."""
    return f"{count} {noun}{'s' if count != 1 else ''}"


def _pair(one: int, two: int) -> tuple[int, int]:
    return min(one, two), max(one, two)


def _representative(network: Network) -> Network:
    """The first device of a batch, with each pulse at its largest."""

    def first(value: Any) -> Any:
        if is_labelled(value):
            value = value.data
        if getattr(value, "shape", None) is None or isinstance(value, (float, complex)):
            return value
        return np.asarray(value).flat[0].item() if is_concrete(value) and np.size(value) else 1.0

    def largest(element: Any) -> Any:
        if isinstance(element, Family) or not element.pulses():
            return element
        return element.with_parameters({name: _largest(pulse) for name, pulse in element.pulses().items()})

    if not network.arrays and not network.pulses:
        return network
    single = network.map_parameters(first) if network.arrays else network
    modes = single.modes if isinstance(single.modes, Modes) else tuple(map(largest, single.modes))
    return replace(single, modes=modes, elements=tuple(map(largest, single.parts)))


def _largest(pulse: Pulse) -> complex | float:
    times: list[Any] = [np.zeros(1)]
    for shape in pulse.shapes:
        start, stop, _ = shape.scale()
        low, high = shape.span()
        start, stop = max(start, low, -1e6), min(stop, high, 1e6)
        # A little inside of each edge: what begins there is not yet there.
        times += [shape.edges(), np.linspace(start, stop, _TIMES), np.linspace(0.0, min(high, 10.0), _TIMES)]
    when = np.unique(np.concatenate(times))
    values = np.atleast_1d(np.asarray(pulse(when)))
    values = values.reshape(-1, values.shape[-1])[0]
    return values[int(np.argmax(np.abs(values)))].item()


def _levels(network: Network) -> Sequence[int | None]:
    if isinstance(network.modes, Modes):
        return (None,) * len(network.modes)
    return tuple(mode.levels for mode in network.modes)


def _role(network: Network, name: str) -> Any:
    is_battery = name in network.batteries
    if name == network.charger:
        return "both" if is_battery else "charger"
    return "battery" if is_battery else "other"


def _kind_of(element: Element) -> str:
    """What an element is by its operators: "drive", "exchange", "bath", "gain", "reservoir", or "other"."""
    terms, jumps = element.hamiltonian(), element.jumps()
    words = [tuple(operator.is_creation for operator in term.operators) for term in terms]
    if jumps:
        factors = [operator.factors for jump in jumps for operator in jump.operators]
        if terms or any(len(product) > 1 for product in factors):
            return "other"
        ways = {product[0].is_creation for product in factors}
        if len(ways) > 1:
            return "other"
        if len(_touched(element)) > 1:
            return "reservoir"
        return "gain" if ways == {True} else "bath"
    if len(element.modes) == 1:
        return "drive" if words and all(len(set(word)) == 1 for word in words) else "other"
    touched = [{operator.mode for operator in term.operators} for term in terms]
    is_exchange = all(
        sorted(word) == [False, True] and len(modes) == 2 for word, modes in zip(words, touched, strict=True)
    )
    return "exchange" if is_exchange and words else "other"


def _touched(element: Element) -> tuple[str, ...]:
    """Modes of an element, without those of weight zero."""
    jumps = element.jumps()
    if element.hamiltonian() or not jumps:
        return element.modes
    felt = {
        factor.mode
        for jump in jumps
        for weight, operator in zip(jump.weights, jump.operators, strict=True)
        for factor in operator.factors
        if np.any(np.asarray(weight) != 0)
    }
    return tuple(mode for mode in element.modes if mode in felt) or element.modes[:1]


def _bath(element: Element) -> str:
    """What a bath is beside being one."""
    jumps = element.jumps()
    if any(jump.is_squeezed for jump in jumps):
        return "squeezed "
    return "thermal " if any(jump.is_warm for jump in jumps) else ""


def _title(element: Element) -> str:
    shown = [(name, value) for name, value in element.parameters().items() if name not in element.left_out]
    numbers = ", ".join(f"{name} {value:.4g}" for name, value in shown if isinstance(value, (int, float, complex)))
    return f"{element.label}: {numbers}" if numbers else element.label


def _attached(element: Element, kind: str, place: int, *, is_changing: bool) -> Attached:
    title = _title(element)
    if kind == "drive":
        photons = max(len(term.operators) for term in element.hamiltonian())
        words = f"{_PHOTONS.get(photons, f'{photons}-photon')}\ndrive"
        return Attached(place, "drive", words, title, min(photons, 6), is_changing=is_changing)
    if kind in ("bath", "reservoir"):
        is_warm = any(jump.is_warm for jump in element.jumps())
        return Attached(place, "bath", f"{_bath(element)}bath", title, is_warm=is_warm, is_changing=is_changing)
    if kind == "gain":
        return Attached(place, "gain", "gain", title, is_changing=is_changing)
    return Attached(place, "other", name_of(element), title, is_changing=is_changing)


def _description(diagram: Diagram) -> str:
    """The drawing in a few sentences."""
    names = [one_line(node.name) for node in diagram.nodes]
    parts: list[str] = []
    for words, role in (("charger", "charger"), ("battery", "battery"), ("charger and battery", "both")):
        own = [one_line(node.name) for node in diagram.nodes if node.role == role]
        if own:
            parts.append(f"{words} {listed(own, 4)}")
    ways: list[str] = []
    for link in diagram.links:
        one, two = names[link.first], names[link.second]
        if link.forth and link.back:
            ways.append(f"{one} <-> {two}")
        elif link.forth or link.back:
            ways.append(f"{one} -> {two}" if link.forth else f"{two} -> {one}")
    acting = Counter(one.words.replace("\n", " ") for one in diagram.attached)
    acting += Counter(hub.words for hub in diagram.hubs)
    told = [word if word[0].isdigit() else _counted_words(count, word) for word, count in acting.items()]
    words = f"Device {diagram.name}: {'; '.join(parts)}."
    words += f" Transfer: {listed(ways, 6)}." if ways else ""
    return f"{words} On it: {listed(told, 8)}." if told else words


def _summary(network: Network, sources: Any, targets: Any, widths: Any) -> Diagram:
    """Charger, batteries and all other modes as three groups."""
    positions, count = network.positions, len(network.mode_names)
    group = np.full(count, 2)
    group[[positions[name] for name in network.batteries]] = 1
    charger = positions[network.charger]
    is_both = bool(group[charger] == 1)
    group[charger] = 0
    sizes = np.bincount(group, minlength=3).tolist()
    kept = [place for place in range(3) if sizes[place]]
    new = {place: index for index, place in enumerate(kept)}
    nodes: list[Node] = []
    for place in kept:
        if place == 0:
            nodes.append(Node(network.charger, "both" if is_both else "charger"))
        else:
            noun = ("batteries" if sizes[1] > 1 else "battery") if place == 1 else "other modes"
            nodes.append(Node(f"{sizes[place]} {noun}", "battery" if place == 1 else "other", count=sizes[place]))
    strongest: dict[tuple[int, int], float] = defaultdict(float)
    for one in kept:
        for two in kept:
            of_both = widths[(group[sources] == one) & (group[targets] == two)] if one != two else widths[:0]
            strongest[new[one], new[two]] = float(of_both.max(initial=0.0))
    pairs = [(one, two) for one in range(len(kept)) for two in range(one + 1, len(kept))]
    arrows = tuple(
        Link(one, two, strongest[one, two], strongest[two, one])
        for one, two in pairs
        if strongest[one, two] or strongest[two, one]
    )
    found = Diagram(one_line(network.name), tuple(nodes), arrows, tuple(_counted(network, group, new)))
    words = f"{_description(found)} {count} modes in groups; arrows are the strongest link between two groups."
    return replace(found, description=words)


def _counted(network: Network, group: Any, new: dict[int, int]) -> Iterator[Attached]:
    """How many of each kind of element act on each group, or across groups."""
    counts: Counter[tuple[int, str, str]] = Counter()
    for part in network.parts:
        pattern = part.pattern if isinstance(part, Family) else part
        places = part.places if isinstance(part, Family) else np.asarray([[network.positions[m] for m in part.modes]])
        kind = _kind_of(pattern)
        if kind == "exchange":
            continue
        one = _attached(pattern, kind, 0, is_changing=False)
        words = f"{_bath(pattern)}shared bath" if kind == "reservoir" else one.words.replace("\n", " ")
        # Of what lies across groups, the group that is farthest from the charger.
        for place, number in enumerate(np.bincount(group[places].max(axis=1), minlength=3).tolist()):
            if number:
                counts[place, one.kind, words] += number
    for (place, kind, words), number in counts.items():
        plural = f"{number} {words}s" if number > 1 else words
        yield Attached(new[place], kind, plural, plural)  # pyright: ignore[reportArgumentType]
