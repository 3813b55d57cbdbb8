"""Ports: the fields that baths bring in and take out, one for each jump of a device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Self

import numpy as np

from leyden.arrays import Array, Part, conjugate, cut, namespace_of
from leyden.errors import NonGaussianError
from leyden.model.elements import Element
from leyden.model.network import Network
from leyden.model.operators import Jump, Ladder, phasor

__all__ = ["Port", "Ports", "ports_of"]


@dataclass(frozen=True)
class Port:
    """The field b that a jump couples to: b_out = b_in + sqrt(rate) o with o = sum_j (u_j a_j + v_j a_j^dag)."""

    name: str  # of its element, unlike those of all other ports
    modes: tuple[str, ...]  # that it touches
    rate: Any  # in the rate unit
    lowering: tuple[Any, ...]  # u_j, for each mode of the device
    raising: tuple[Any, ...]  # v_j
    # What comes in is b_in = t cosh r - e^{i phi} t^dag sinh r, with t thermal of this occupation.
    occupation: Any
    squeezing: Any  # e^{i phi} tanh r


@dataclass(frozen=True)
class Ports:
    """Numbers of all P ports of a device or a batch of N modes, in the same order."""

    names: tuple[str, ...]
    modes: tuple[tuple[str, ...], ...]
    lowering: Array  # sqrt(rate) u, shape (..., P, N), complex
    raising: Array  # sqrt(rate) v
    occupation: Array  # (..., P)
    squeezing: Array | None  # (..., P), complex; None where no bath is squeezed

    @classmethod
    def of(cls, ports: Sequence[Port], part: Part = ()) -> Self:
        """The numbers of some ports, for a part of the batch."""

        def numbers(value: Any) -> Any:
            return cut(value, part) if part else value

        rates = [numbers(port.rate) for port in ports]
        lowering = [[numbers(value) for value in port.lowering] for port in ports]
        raising = [[numbers(value) for value in port.raising] for port in ports]
        occupation = [numbers(port.occupation) for port in ports]
        squeezing = [numbers(port.squeezing) for port in ports]
        every = [*rates, *occupation, *squeezing, *chain(*lowering, *raising)]
        xp = namespace_of(*every)
        roots = _row(xp, rates, every, is_complex=False) ** 0.5

        def matrix(rows: list[list[Any]]) -> Array:
            found = xp.stack([_row(xp, row, every) for row in rows], axis=-2)
            return found * xp.astype(roots, xp.complex128)[..., None]

        is_squeezed = any(not (isinstance(value, float) and value == 0.0) for value in squeezing)
        return cls(
            tuple(port.name for port in ports),
            tuple(port.modes for port in ports),
            matrix(lowering),
            matrix(raising),
            _row(xp, occupation, every, is_complex=False),
            _row(xp, squeezing, every) if is_squeezed else None,
        )


def _row(xp: Any, values: Sequence[Any], every: Sequence[Any], *, is_complex: bool = True) -> Array:
    """Numbers side by side, shape (..., k), over the batch axes of them all."""
    shape = np.broadcast_shapes(*(np.shape(value) for value in every))
    dtype = xp.complex128 if is_complex else xp.float64
    return xp.stack([xp.broadcast_to(xp.asarray(value, dtype=dtype), shape) for value in values], axis=-1)


def ports_of(network: Network) -> list[Port]:
    """The ports of a device whose labels have been taken off, in the order of its elements."""
    found: list[Port] = []
    for element in (*network.modes, *network.elements):
        for jump in element.jumps():
            found.append(_port(network, element, jump))
    counts, seen = Counter(port.name for port in found), Counter[str]()
    named: list[Port] = []
    for port in found:
        seen[port.name] += 1
        name = port.name if counts[port.name] == 1 else f"{port.name} {seen[port.name]}"
        named.append(replace(port, name=name))
    return named


def _port(network: Network, element: Element, jump: Jump) -> Port:
    operators = [operator for operator in jump.operators if isinstance(operator, Ladder)]
    if len(operators) < len(jump.operators):
        raise NonGaussianError(
            f"Argument `network` must have jumps that are linear in the ladder operators for its output spectra, but "
            f"{element.label} has another. Its moments are in `charge` and `steady_state`.",
            element=element,
            solver="leyden.fock",
        )
    size = len(network.mode_names)
    lowering: list[Any] = [0.0] * size
    raising: list[Any] = [0.0] * size
    for weight, operator in zip(jump.weights, operators, strict=True):
        side, place = (raising if operator.is_creation else lowering), network.positions[operator.mode]
        side[place] = side[place] + weight
    touched = tuple(dict.fromkeys(operator.mode for operator in operators))
    return Port(element.label, touched, jump.rate, tuple(lowering), tuple(raising), jump.occupation, _squeezing(jump))


def _squeezing(jump: Jump) -> Any:
    """e^{i phi} tanh r of what comes in."""
    if not jump.is_squeezed:
        return 0.0
    xp = namespace_of(jump.squeezing)
    return xp.tanh(jump.squeezing) * conjugate(phasor(jump.squeezing_phase))
