"""A bath as a damped mode c of its own: with a memory, which the Markovian bath is the limit of.

In place of Gamma L[o] stand H = (sqrt(Gamma kappa_c)/2)(o c^dag + o^dag c) and kappa_c L[c].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import pi
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.catalog.arguments import fitting
from leyden.model.changing import Pulse
from leyden.model.elements import CoherentCoupling, Element, LocalBath, Mode, ParametricCoupling
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.operators import Jump, Ladder
from leyden.model.rules import checked_number
from leyden.records import is_same
from leyden.text import listed, nearest

__all__ = ["explicit_reservoir"]

# The device is a Network, which imports this file.

# Labels that an error names.
_SHOWN = 6
_UNITARY = "Baths have jumps; this element is part of the Hamiltonian."


def explicit_reservoir(device: Any, bath: Any, linewidth: Any, name: str, frame: Mapping[str, Any]) -> Any:
    """The device with a mode in place of one of its baths, see `Network.with_explicit_reservoir`."""
    number, index, element = _only(device, bath)
    jump = _only_jump(element)
    operators = _linear(element, jump)
    if isinstance(linewidth, Pulse):
        raise ParameterError.of("linewidth", "be constant in time", linewidth)
    linewidth = checked_number("linewidth", linewidth, "positive")
    own = {key: _of_modes(key, device, element, operators) if value is None else value for key, value in frame.items()}
    mode = Mode(name, **own)
    if name in device.positions:
        remedy = 'Give the reservoir a name of its own, as name="c".'
        raise ParameterError.of("name", f"be unlike those of the modes, {listed(device.mode_names)}", name, remedy)
    elements: list[Element | Family] = []
    for place, part in enumerate(device.parts):
        elements += _without(part, index) if place == number else [part]
    elements += _links(element, jump, operators, linewidth, name)
    return replace(device, modes=_with(device.modes, mode), elements=tuple(elements))


def _with(modes: Sequence[Mode], mode: Mode) -> Sequence[Mode]:
    """Modes and one more, as one record where they are one."""
    own = mode.parameters()
    if not (isinstance(modes, Modes) and all(isinstance(value, float) for value in own.values())):
        return (*modes, mode)
    numbers = {
        name: value if is_same(value, own[name]) else np.append(np.broadcast_to(value, len(modes)), own[name])
        for name, value in modes.family.pattern.parameters().items()
    }
    return Modes((*modes.names, mode.name), **numbers)


def _links(element: Element, jump: Jump, operators: Sequence[Ladder], linewidth: Any, name: str) -> Iterator[Element]:
    """What couples the modes to the reservoir, and what damps that."""
    given = (jump.rate, linewidth, *jump.weights)
    with fitting("linewidth", f"fit the rate and the weights of {element.label}", given):
        # sqrt of each, since their product may leave the number range.
        pull = jump.rate**0.5 * linewidth**0.5 / 2
        strengths = [pull * weight for weight in jump.weights]
    for operator, strength in zip(operators, strengths, strict=True):
        kind = ParametricCoupling if operator.is_creation else CoherentCoupling
        yield kind(operator.mode, name, strength)
    # Where it follows at once, c = -i sqrt(Gamma/kappa_c) o + (2/sqrt(kappa_c)) c_in: o is damped at Gamma and has the
    # input -i c_in, with the quanta of c_in and with its pairs in the opposite sign.
    phase = jump.squeezing_phase + pi if jump.is_squeezed else 0.0
    yield LocalBath(name, linewidth, jump.occupation, jump.squeezing, phase)


def _only_jump(element: Element) -> Jump:
    """The jump of a bath that a mode can stand for."""
    label, jumps = element.label, element.jumps()
    if element.pulses():
        address, pulse = next(iter(element.pulses().items()))
        raise ParameterError.of("bath", f"be constant in time in its {address}", f"{label}, whose is {pulse}")
    if len(jumps) != 1 or element.hamiltonian():
        remedy = _UNITARY if not jumps else "Give the parts of its physics elements of their own."
        raise ParameterError.of("bath", "be an element whose only word is one jump", label, remedy)
    return jumps[0]


def _linear(element: Element, jump: Jump) -> tuple[Ladder, ...]:
    """The operators of a jump that is linear in them."""
    found = tuple(operator for operator in jump.operators if isinstance(operator, Ladder))
    if len(found) < len(jump.operators):
        raise ParameterError.of("bath", "have a jump that is linear in ladder operators", element.label)
    return found


def _of_modes(name: str, device: Any, element: Element, operators: Sequence[Ladder]) -> Any:
    """Detuning or frequency that the modes of a bath share."""
    values: list[Any] = []
    for operator in operators:
        value = getattr(device.modes[device.position(operator.mode)], name)
        # What makes pairs with a mode is on resonance at the opposite side of half the pump.
        values.append(0.0 - value if operator.is_creation and name == "detuning" else value)
    for operator, value in zip(operators, values, strict=True):
        if not is_same(values[0], value):
            allowed = f"be given where the modes of {element.label} have unlike ones"
            raise ParameterError.of(name, allowed, {operators[0].mode: values[0], operator.mode: value})
    return values[0]


def _only(device: Any, bath: Any) -> tuple[int, int, Element]:
    """Where the one bath stands that is meant: its part of the network, and which member of a family it is."""
    if isinstance(bath, Family):
        remedy = "Name one of its members by its label: each of them needs a mode with a name of its own."
        raise ParameterError.of("bath", "be one element, or its label", bath, remedy)
    if not isinstance(bath, (str, Element)):
        raise ParameterError.of("bath", "be the label of a bath, or the bath itself", bath)
    sought = bath if isinstance(bath, str) else bath.label
    found: list[tuple[int, int, Element]] = []
    for number, index, label in _labels(device):
        if label == sought:
            part = device.parts[number]
            one = part.member(index, device.mode_names) if isinstance(part, Family) else part
            if isinstance(bath, str) or one == bath:
                found.append((number, index, one))
    if not found:
        known = [label for number, _, label in _labels(device) if _pattern(device.parts[number]).jumps()]
        others = "The one of the device has other numbers: name it by its label."
        remedy = others if sought in known else nearest(sought, known)
        raise ParameterError.of("bath", f"be among {listed(known, _SHOWN)}", bath, remedy)
    if any(one != found[0][2] for *_, one in found):
        remedy = f"{len(found)} elements share it: give the element itself."
        raise ParameterError.of("bath", "be the label of one element", bath, remedy)
    return found[0]


def _pattern(part: Element | Family) -> Element:
    return part.pattern if isinstance(part, Family) else part


def _labels(device: Any) -> Iterator[tuple[int, int, str]]:
    """Parts, their members and what they are called; no member of a family is made."""
    names = device.mode_names
    for number, part in enumerate(device.parts):
        if isinstance(part, Family):
            kind = type(part.pattern).__name__
            for index, row in enumerate(part.places.tolist()):
                yield number, index, f"{kind}({', '.join([names[place] for place in row])})"
        else:
            yield number, 0, part.label


def _without(part: Element | Family, index: int) -> list[Element | Family]:
    """A part without one of its members."""
    if not isinstance(part, Family):
        return []
    kept = [place for place in range(len(part)) if place != index]
    if not kept:
        return []
    own = {
        name: value[kept] if isinstance(value, np.ndarray) and value.shape else value
        for name, value in part.pattern.parameters().items()
    }
    return [Family.of(part.pattern.with_parameters(own), part.places[kept])]
