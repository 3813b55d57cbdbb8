"""Lines of the energy balance of a device: which elements stand in which, and what each is at some states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Part, cut
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.merit.exchange import amplitudes_of, exchanged_quanta, fluctuations_of, values_of_parameter
from leyden.merit.production import channel_of, entropy_production, wigner_entropy_production
from leyden.model.elements import Element, Mode
from leyden.model.families import Family
from leyden.model.operators import Jump, Ladder
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderState
from leyden.states.normal_modes import normal_modes
from leyden.states.symplectic import entropy_of
from leyden.text import listed

__all__ = ["Entry", "Where", "balance_of", "entries_of", "mixed_jumps", "productions_of", "working_baths"]

Real = NDArray[np.float64]


class Where(NamedTuple):
    """Times (t,) at which pulses are looked at, or none, and the part of the batch."""

    times: Real | None
    part: Part


@dataclass(frozen=True)
class Entry:
    """An element, or a family of elements, in the balance."""

    name: str  # its label, unlike all others
    place: int  # among the shares of the equations
    pattern: Element
    is_family: bool

    @property
    def is_bath(self) -> bool:
        """Whether it exchanges quanta with what is not in the device; pure dephasing does not."""
        return any(isinstance(operator, Ladder) for jump in self.jumps for operator in jump.operators)

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """Its jumps, with one number for each member of a family."""
        return self.pattern.jumps()

    @property
    def coherent(self) -> slice:
        """Those of its coefficients that stand in the Hamiltonian."""
        return slice(0, 2 * len(self.pattern.hamiltonian()))

    @property
    def incoherent(self) -> slice:
        """Those that stand in jumps."""
        return slice(2 * len(self.pattern.hamiltonian()), None)


def entries_of(equations: MomentEquations) -> list[Entry]:
    """The elements and families of a device but its modes, whose energies are what the balance is of."""
    found: list[Entry] = []
    seen: Counter[str] = Counter()
    for place, part in enumerate(equations.elements):
        pattern = part.pattern if isinstance(part, Family) else part
        if isinstance(pattern, Mode):
            continue
        name = f"{type(pattern).__name__} family" if isinstance(part, Family) else pattern.label
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name} {seen[name]}"
        found.append(Entry(name, place, pattern, isinstance(part, Family)))
    return found


def _is_working(jump: Jump) -> bool:
    """Whether a bath may do work: where it is squeezed, or quanta come in by it."""
    is_gain = any(operator.is_creation for operator in jump.operators if isinstance(operator, Ladder))
    return jump.is_squeezed or is_gain


def working_baths(entries: Sequence[Entry]) -> str:
    """Names of the baths that may do work; empty if there are none."""
    names = [one.name for one in entries if one.is_bath and any(map(_is_working, one.jumps))]
    return listed(names, 4) if names else ""


def mixed_jumps(entries: Sequence[Entry]) -> str:
    """Names of the elements with a jump of which nobody can say whether a quantum comes or goes; empty without any."""

    def is_mixed(jump: Jump) -> bool:
        return len({operator.is_creation for operator in jump.operators if isinstance(operator, Ladder)}) > 1

    names = [one.name for one in entries if any(map(is_mixed, one.jumps))]
    return listed(names, 4) if names else ""


def _jumps_of_part(entry: Entry, part: Part) -> list[Jump]:
    if entry.is_family or not part:
        return list(entry.jumps)
    pattern = entry.pattern.mapped(lambda value: cut(value, part)) if any(entry.pattern.arrays()) else entry.pattern
    return list(pattern.jumps())


def _spread(quanta: Real, share: Share, energies: Real) -> Real:
    """Energy flow (..., N) into each mode, from the quanta (..., m, k) that members bring into their modes."""
    members, width = share.places.shape
    shape = np.broadcast_shapes(quanta.shape[:-2], energies.shape[:-1])
    found = np.zeros((*shape, energies.shape[-1]))
    whole = np.broadcast_to(quanta, (*shape, members, width)).reshape(*shape, members * width)
    if members == 1:
        found[..., share.places[0]] = whole
    else:
        # Modes may be touched by several members.
        index: Any = (..., share.places.ravel())
        np.add.at(found, index, whole)
    return found * energies


def _line(flow: Real) -> Real:
    return np.sum(flow, axis=-1)


def balance_of(
    equations: MomentEquations,
    entries: Sequence[Entry],
    state: GaussianState,
    energies: Real,
    where: Where,
) -> dict[str, Real]:
    """Flows (..., e, N) of all elements of a part of the batch at some states, and the lines that they add up to."""
    moments, (times, part) = amplitudes_of(state), where
    shape = np.broadcast_shapes(state.shape, energies.shape[:-1])
    flows: list[Real] = []
    heat: list[Real] = []
    work: list[Real] = []
    lines = {"drive_power": np.zeros(shape), "coupling_power": np.zeros(shape)}
    for entry in entries:
        share = equations.shares[entry.place]
        coherent, incoherent = (
            _spread(exchanged_quanta(share, kept, moments, times), share, energies)
            for kept in (entry.coherent, entry.incoherent)
        )
        flows.append(np.broadcast_to(coherent + incoherent, (*shape, energies.shape[-1])))
        name = "drive_power" if entry.pattern.is_drive else "coupling_power"
        lines[name] = lines[name] + _line(coherent)
        if entry.is_bath:
            whole = np.broadcast_to(_line(incoherent), shape)
            # Pulses are rates: what a bath is does not change in time.
            is_working = np.broadcast_to(_working(_jumps_of_part(entry, part), times, is_family=entry.is_family), shape)
            heat.append(np.where(is_working, 0.0, whole))
            work.append(np.where(is_working, whole, 0.0))
    return {
        "flow": np.stack(flows, axis=-2) if flows else np.zeros((*shape, 0, energies.shape[-1])),
        "heat": np.stack(heat, axis=-1) if heat else np.zeros((*shape, 0)),
        "bath_power": np.stack(work, axis=-1) if work else np.zeros((*shape, 0)),
        **lines,
    }


def _working(jumps: Sequence[Jump], times: Real | None, *, is_family: bool) -> Any:
    """Where a bath does work: in devices in which its squeezing is not zero; a family, where one member's is not."""
    found: Any = np.asarray(False)
    for jump in jumps:
        if any(operator.is_creation for operator in jump.operators if isinstance(operator, Ladder)):
            return np.asarray(True)
        squeezing = np.asarray(values_of_parameter(jump.squeezing, times, is_family=is_family)) != 0
        found = found | (np.any(squeezing, axis=-1) if squeezing.ndim else squeezing)
    return found


def _sizes(state: GaussianState) -> Real | None:
    """Sizes (..., 2N, 2N) of the moments of which the entries of a state are sums; None where they are its own."""
    if not isinstance(state, LadderState):
        return None
    normal, anomalous = fluctuations_of(state)
    whole = np.abs(normal) + np.abs(anomalous)
    return np.repeat(np.repeat(whole, 2, axis=-1), 2, axis=-2)


def productions_of(
    equations: MomentEquations,
    entries: Sequence[Entry],
    state: GaussianState,
    where: Where,
) -> dict[str, Real]:
    """Entropy of a Gaussian state of all modes, and what the baths produce of it, (...)."""
    times, part = where
    excess, mean = np.asarray(state.excess), np.asarray(state.mean)
    modes = normal_modes(excess, _sizes(state))
    missing = np.where(modes.is_lost, np.nan, 0.0)
    entropy = np.sum(entropy_of(modes.quanta), axis=-1) + missing
    produced, wigner = missing, missing
    for entry in entries:
        share = equations.shares[entry.place]
        own = {mode: place for place, mode in enumerate(entry.pattern.modes)}
        for jump in _jumps_of_part(entry, part):
            channel = channel_of(share, jump, own, times)
            if channel is None:
                produced, wigner = produced * np.nan, wigner * np.nan
                continue
            produced = produced + entropy_production(channel, modes, mean)
            wigner = wigner + wigner_entropy_production(channel, modes, excess, mean)
    return {"entropy": entropy, "entropy_production": produced, "wigner_entropy_production": wigner}
