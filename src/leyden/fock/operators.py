"""Operators of a device in a truncated Fock space: its Hamiltonian and its jumps, as QuTiP objects.

They are built from the words in which the elements describe themselves, ladder operators and nothing else, so that this
room can bear witness against the moment equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from leyden.errors import LeydenError, ParameterError
from leyden.extras import remedy_for
from leyden.model.changing import Pulse
from leyden.model.elements import Element
from leyden.model.labels import refuse_pulses
from leyden.model.modes import Modes
from leyden.model.network import Network
from leyden.model.operators import Jump, Ladder, Product
from leyden.numeric import is_whole_number

__all__ = [
    "annihilators",
    "by_mode",
    "changing_jumps",
    "changing_terms",
    "checked_cutoff",
    "collapse_operators",
    "constant_jumps",
    "constant_terms",
    "hamiltonian",
    "heisenberg_rate",
    "load_qutip",
    "own_levels",
    "single_device",
    "sparse",
]


def load_qutip() -> Any:
    """QuTiP, imported when it is first needed."""
    try:
        import qutip
    except ImportError:
        raise LeydenError(
            f"The Fock-space solver must have QuTiP, but it is not installed. {remedy_for('fock')}"
        ) from None
    return qutip


def single_device(network: Network, *, may_change: bool = False) -> Network:
    """The device with plain Python numbers for parameters; a batch would need one Hilbert space for each member."""
    if not may_change:
        refuse_pulses(network)
    for element in (*network.modes, *network.elements):
        for name, value in element.arrays():
            if np.ndim(value) > 0:
                raise ParameterError.of(
                    f"{element.label}.{name}",
                    "be one number in Fock space",
                    value,
                    "Solve the members of a batch one by one, or all at once by their moments (`leyden.charge`).",
                )
    return network.map_parameters(lambda value: value if isinstance(value, (float, complex)) else value.item())


def checked_cutoff(network: Network, cutoff: int | Sequence[int]) -> tuple[int, ...]:
    """Number of Fock levels kept for each mode, at least 2."""
    modes = len(network.modes)
    levels = tuple(cutoff) if isinstance(cutoff, (Sequence, np.ndarray)) else (cutoff,) * modes
    if not all(is_whole_number(level) and level >= 2 for level in levels):
        raise ParameterError.of("cutoff", "hold whole numbers of Fock levels, at least 2", cutoff)
    if len(levels) != modes:
        raise ParameterError.of("cutoff", f"be one number, or {modes} of them, one for each mode", cutoff)
    own = own_levels(network)
    if isinstance(cutoff, (Sequence, np.ndarray)):
        for name, given, level in zip(network.mode_names, levels, own, strict=True):
            if level not in (None, int(given)):
                raise ParameterError.of("cutoff", f"be {level} for mode {name!r}, which has so many levels", cutoff)
    return tuple(int(given) if level is None else level for given, level in zip(levels, own, strict=True))


def own_levels(network: Network) -> tuple[int | None, ...]:
    """Levels of those modes that have so many and no more."""
    if isinstance(network.modes, Modes):
        return (None,) * len(network.modes)
    return tuple(mode.levels for mode in network.modes)


def annihilators(cutoff: tuple[int, ...]) -> list[Any]:
    """a of each mode on the whole truncated space."""
    qutip = load_qutip()
    identities = [qutip.qeye(level) for level in cutoff]
    return [
        qutip.tensor([*identities[:place], qutip.destroy(level), *identities[place + 1 :]])
        for place, level in enumerate(cutoff)
    ]


def constant_jumps(elements: Sequence[Element], lowering: dict[str, Any]) -> list[Any]:
    """sqrt(rate) sum_j w_j o_j of all jumps whose rate is constant and not zero."""
    jumps = _directions(elements)
    constant = [jump for jump in jumps if not isinstance(jump.rate, Pulse) and jump.rate > 0]
    return [jump.rate**0.5 * _jump(lowering, jump) for jump in constant]


def sparse(operator: Any) -> Any:
    """An operator as a sparse matrix of SciPy."""
    return operator.to("CSR").data.as_scipy()


def by_mode(network: Network, cutoff: tuple[int, ...]) -> dict[str, Any]:
    """a of each mode by its name."""
    return dict(zip(network.mode_names, annihilators(cutoff), strict=True))


def _matrix(lowering: dict[str, Any], operator: Ladder | Product) -> Any:
    first, *others = [lowering[o.mode].dag() if o.is_creation else lowering[o.mode] for o in operator.factors]
    for other in others:
        first = first @ other
    return first


def hamiltonian(network: Network, cutoff: int | Sequence[int]) -> Any:
    """Hamiltonian H = sum of c o_1 o_2 ... + h.c. over the terms of all elements.

    Parameters
    ----------
    network : Network
        A single device; terms may have any number of ladder operators.
    cutoff : int or sequence of int
        Fock levels kept, for all modes or for each.

    Returns
    -------
    qutip.Qobj
        In the rate unit, in the frame of the drive; modes in the network's order.

    Raises
    ------
    ParameterError
        If the network is a batch, or the cutoff is not a number of levels.
    LeydenError
        If QuTiP is not installed.

    Examples
    --------
    H = eps (a^dag^2 + a^2) has the element <2|H|0> = eps sqrt2:

    >>> import leyden as ly
    >>> from leyden import fock
    >>> device = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.5)], charger="a", battery="a")
    >>> round(float(fock.hamiltonian(device, 3)[2, 0].real), 12)
    0.707106781187
    """
    device, levels = single_device(network), checked_cutoff(network, cutoff)
    return constant_terms((*device.modes, *device.elements), by_mode(device, levels), levels)


def _product(lowering: dict[str, Any], operators: Sequence[Ladder], factor: Any) -> Any:
    """c o_1 o_2 ... + h.c."""
    for operator in operators:
        factor = factor * _matrix(lowering, operator)
    return factor + factor.dag()


def constant_terms(elements: Sequence[Element], lowering: dict[str, Any], levels: tuple[int, ...]) -> Any:
    """Hamiltonian of some elements, without what changes in time."""
    total = load_qutip().qzero(list(levels))
    for element in elements:
        for term in element.hamiltonian():
            if not isinstance(term.coefficient, Pulse) and term.coefficient != 0:
                total = total + _product(lowering, term.operators, term.coefficient)
    return total


def changing_terms(elements: Sequence[Element], lowering: dict[str, Any]) -> tuple[tuple[Pulse, Any], ...]:
    """What changes in time of a Hamiltonian: real pulses, and the Hermitian operators that they multiply."""
    words = [term for element in elements for term in element.hamiltonian() if isinstance(term.coefficient, Pulse)]
    parts = [
        (part, _product(lowering, term.operators, factor))
        for term in words
        for part, factor in ((term.coefficient.real, 1.0), (term.coefficient.imag, 1.0j))
    ]
    return tuple((part, operator) for part, operator in parts if isinstance(part, Pulse))


def collapse_operators(network: Network, cutoff: int | Sequence[int]) -> list[Any]:
    """Collapse operators sqrt(rate) sum_j w_j o_j of all jumps whose rate is not zero.

    Parameters
    ----------
    network : Network
        A single device.
    cutoff : int or sequence of int
        Fock levels kept, for all modes or for each.

    Returns
    -------
    list of qutip.Qobj
        In the square root of the rate unit.

    Raises
    ------
    ParameterError
        If the network is a batch, or the cutoff is not a number of levels.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    The gain a^dag of a warm bath is cut at the top level, so that the truncated dynamics keeps the trace.
    """
    device, levels = single_device(network, may_change=True), checked_cutoff(network, cutoff)
    return constant_jumps((*device.modes, *device.elements), by_mode(device, levels))


def _directions(elements: Sequence[Element]) -> list[Jump]:
    return [one for element in elements for jump in element.jumps() for one in jump.directions()]


def _jump(lowering: dict[str, Any], jump: Jump) -> Any:
    return sum(weight * _matrix(lowering, o) for weight, o in zip(jump.weights, jump.operators, strict=True))


def changing_jumps(elements: Sequence[Element], lowering: dict[str, Any]) -> tuple[tuple[Pulse, Any], ...]:
    """Rates that change in time, and sum_j w_j o_j of the jumps that they belong to."""
    jumps = _directions(elements)
    return tuple((jump.rate, _jump(lowering, jump)) for jump in jumps if isinstance(jump.rate, Pulse))


def heisenberg_rate(generator: Any, jumps: Sequence[Any], observable: Any) -> Any:
    """Rate of change of an observable O, i [H, O] + sum (L^dag O L - {L^dag L, O}/2), the rates inside of L."""
    rate = 1j * (generator @ observable - observable @ generator)
    for jump in jumps:
        loss = jump.dag() @ jump
        rate = rate + jump.dag() @ observable @ jump - (loss @ observable + observable @ loss) / 2
    return rate
