"""Merits of a device from its density matrices: energies, ergotropy by spectrum, power from the generator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.cutoff import Solution
from leyden.fock.energy import energy, ergotropy, passive_energy
from leyden.fock.operators import heisenberg_rate, load_qutip
from leyden.model.network import Network

__all__ = ["observe"]


def _number_operator(cutoff: tuple[int, ...], place: int) -> Any:
    qutip = load_qutip()
    parts = [qutip.num(levels) if mode == place else qutip.qeye(levels) for mode, levels in enumerate(cutoff)]
    return qutip.tensor(parts)


def _populations(state: Any, cutoff: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """Population of each level of each mode."""
    joint = np.real(state.diag()).reshape(cutoff)
    modes = range(len(cutoff))
    return [joint.sum(axis=tuple(other for other in modes if other != mode)) for mode in modes]


def observe(
    network: Network, hamiltonian: Any, jumps: Sequence[Any], cutoff: tuple[int, ...], states: Iterable[Any]
) -> Solution:
    """Merits of a device along a sequence of states.

    Parameters
    ----------
    network : Network
        Says which modes are charger and batteries; frequencies stay out.
    hamiltonian : qutip.Qobj
        H.
    jumps : sequence of qutip.Qobj
        Collapse operators, with their rates in them.
    cutoff : tuple of int
        Levels kept for each mode.
    states : iterable of qutip.Qobj
        Density matrices of the whole device, at least one; each is looked at once and let go.

    Returns
    -------
    Solution
        In quanta: `charger_energy`, shape (t,); `stored_energy`, `passive_energy`, `ergotropy` and `charging_power`
        P = Tr[n_b L rho], shape (batteries, t).
    """
    charger = network.position(network.charger)
    batteries = [network.position(name) for name in network.batteries]
    rates = [heisenberg_rate(hamiltonian, jumps, _number_operator(cutoff, place)) for place in batteries]
    rows: list[tuple[float, list[list[float]]]] = []
    populations = [np.zeros(levels) for levels in cutoff]
    for state in states:
        found = _populations(state, cutoff)
        populations = [np.maximum(largest, new) for largest, new in zip(populations, found, strict=True)]
        reduced = [state.ptrace(place) for place in batteries]
        quanta = [
            [energy(rho), passive_energy(rho), ergotropy(rho), float(np.real((rate @ state).tr()))]
            for rho, rate in zip(reduced, rates, strict=True)
        ]
        rows.append((float(found[charger] @ np.arange(cutoff[charger])), quanta))
    table = np.array([quanta for _, quanta in rows]).transpose(2, 1, 0)
    names = ("stored_energy", "passive_energy", "ergotropy", "charging_power")
    merits = dict(zip(names, table, strict=True)) | {"charger_energy": np.array([number for number, _ in rows])}
    return Solution(cutoff, merits, tuple(populations))
