"""What moves a device in Fock space: constant operators, and operators that pulses multiply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.frame import Frame
from leyden.fock.operators import (
    by_mode,
    changing_jumps,
    changing_terms,
    constant_jumps,
    constant_terms,
    heisenberg_rate,
    load_qutip,
    sparse,
)
from leyden.model.changing import Pulse
from leyden.model.elements import Element
from leyden.model.network import Network

__all__ = ["Generator", "Rate", "Window", "drive_power", "generator_of"]

Parts = tuple[tuple[Pulse, Any], ...]


def value_at(pulse: Pulse, time: float) -> float:
    """A real pulse at a time."""
    return float(pulse([time])[0])


@dataclass(frozen=True)
class Rate:
    """Rate of change of an observable, which is another one."""

    constant: Any
    parts: Parts = ()  # observables that pulses multiply

    def at(self, time: float) -> Any:
        """The observable at a time, a sparse matrix."""
        return sparse(sum((operator * value_at(pulse, time) for pulse, operator in self.parts), self.constant)).tocsr()

    def of(self, state: Any, time: float) -> complex:
        """Its value in a state at a time."""
        expect = load_qutip().expect
        found = complex(expect(self.constant, state))
        return found + sum(complex(expect(operator, state)) * value_at(pulse, time) for pulse, operator in self.parts)


@dataclass
class Window:
    """Times between which pulses are looked at: beyond an edge they would be those of another stretch."""

    first: float = 0.0
    last: float = np.inf

    def values(self, pulse: Pulse) -> Callable[[float], float]:
        """The pulse as a function of time, held where the window ends."""

        def value(t: float) -> float:  # QuTiP knows the time by this name
            return float(pulse([min(max(t, self.first), self.last)])[0])

        return value


@dataclass(frozen=True)
class Generator:
    """Hamiltonian and jumps of a device on some levels."""

    hamiltonian: Any  # what is constant of it
    jumps: Sequence[Any]  # those of constant rates, with the roots of these
    terms: Parts = ()  # of the Hamiltonian: Hermitian operators that real pulses multiply
    losses: Parts = ()  # rates that are pulses, and the jumps that they belong to
    window: Window = field(default_factory=Window)

    def rate_of(self, observable: Any) -> Rate:
        """d O/dt = i [H, O] + sum (L^dag O L - {L^dag L, O}/2)."""
        nothing = 0.0 * self.hamiltonian
        turned = [(pulse, heisenberg_rate(term, (), observable)) for pulse, term in self.terms]
        lost = [(rate, heisenberg_rate(nothing, (jump,), observable)) for rate, jump in self.losses]
        return Rate(heisenberg_rate(self.hamiltonian, self.jumps, observable), (*turned, *lost))

    def fastest(self, times: NDArray[np.float64]) -> float:
        """Bound of the rates at which density matrices change, pulses being what they are at some times."""

        def size(pulse: Pulse) -> float:
            return float(np.max(np.abs(pulse(times))))

        loss = sum(float((jump.dag() @ jump).norm("max")) for jump in self.jumps)
        loss += sum(size(rate) * float((jump.dag() @ jump).norm("max")) for rate, jump in self.losses)
        turn = sum(size(pulse) * float(term.norm("max")) for pulse, term in self.terms)
        return loss + 2 * (float(self.hamiltonian.norm("max")) + turn)

    def at(self, time: float) -> tuple[Any, list[Any]]:
        """Hamiltonian and jumps at a time, sparse."""
        hamiltonian = sum((term * value_at(pulse, time) for pulse, term in self.terms), self.hamiltonian)
        strengths = [(value_at(rate, time), jump) for rate, jump in self.losses]
        jumps = [*map(sparse, self.jumps), *(rate**0.5 * sparse(jump) for rate, jump in strengths if rate > 0)]
        return sparse(hamiltonian), [jump for jump in jumps if jump.nnz]

    def solver(self, options: dict[str, Any]) -> Any:
        """QuTiP's solver of the master equation."""
        qutip = load_qutip()
        if not (self.terms or self.losses):
            return qutip.MESolver(self.hamiltonian, list(self.jumps), options=options)
        parts = [[qutip.liouvillian(term), self.window.values(pulse)] for pulse, term in self.terms]
        # As rates beside dissipators, not as their roots beside jumps: a rate may be zero, where its root has no slope.
        parts += [[qutip.lindblad_dissipator(jump), self.window.values(rate)] for rate, jump in self.losses]
        moving = qutip.QobjEvo([qutip.liouvillian(self.hamiltonian, list(self.jumps)), *parts])
        # Steps end where they are asked to: one that went on, to come back by interpolation, would look beyond an edge.
        return qutip.MESolver(moving, options={**options, "interpolate": False})


def generator_of(device: Network, levels: tuple[int, ...], frame: Frame | None = None) -> Generator:
    """What moves a device of plain numbers and pulses; in a frame, of numbers alone."""
    elements = (*device.modes, *device.elements)
    if frame is None:
        lowering = by_mode(device, levels)
        return Generator(
            constant_terms(elements, lowering, levels),
            constant_jumps(elements, lowering),
            changing_terms(elements, lowering),
            changing_jumps(elements, lowering),
        )
    lowering = dict(zip(device.mode_names, frame.lowering(levels), strict=True))
    hamiltonian, jumps = constant_terms(elements, lowering, levels), constant_jumps(elements, lowering)
    # A jump L + c and L with i (c* L - c L^dag)/2 in the Hamiltonian are the same: large c would be many jumps.
    one, bare = load_qutip().qeye(list(levels)), []
    for jump in jumps:
        c = complex(jump[0, 0])
        bare.append(jump - c * one)
        pull = 0.5j * c.conjugate() * bare[-1]
        hamiltonian = hamiltonian + pull + pull.dag()
    return Generator(hamiltonian, bare)


def drive_power(device: Network, levels: tuple[int, ...]) -> Rate | None:
    """Power i [H_d, sum_j omega_j a_j^dag a_j] of the drives, of their Hamiltonian H_d alone; None without a drive."""
    drives: list[Element] = [element for element in device.elements if element.is_drive]
    if not drives:
        return None
    lowering = by_mode(device, levels)
    frequencies = zip(device.frequencies, lowering.values(), strict=True)
    energy = sum(frequency * (lower.dag() @ lower) for frequency, lower in frequencies)
    working = Generator(constant_terms(drives, lowering, levels), (), changing_terms(drives, lowering))
    return working.rate_of(energy)
