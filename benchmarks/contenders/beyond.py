"""The paper's device above its threshold, with a Kerr term on its charger: in QuTiP's Fock space of both modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.contenders.device import Setting

SETTING = Setting(0.2, 0.1)
KERR = 1.0
# Of the exact series of the charger and one resolvent in its space, with 50 digits.
STORED = 0.4529096910750639
# Of the battery's spectrum, two modes in Fock space on more levels than here.
ERGOTROPY = 0.234047339249


def device() -> ly.Network:
    """Drive 0.2 where the linear device ends at 0.15."""
    pair = SETTING.device()
    return ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", KERR)], charger="charger", battery="battery")


def _system(levels: tuple[int, int]) -> tuple[Any, list[Any], Any]:
    """Hamiltonian, jumps and quanta of the battery, by hand."""
    import qutip

    charger = qutip.tensor(qutip.destroy(levels[0]), qutip.qeye(levels[1]))
    battery = qutip.tensor(qutip.qeye(levels[0]), qutip.destroy(levels[1]))
    drive = SETTING.drive * (charger**2 + charger.dag() ** 2)
    link = -0.25j * (charger * battery.dag() - battery * charger.dag())
    kerr = KERR / 2 * charger.dag() ** 2 * charger**2
    local = [np.sqrt(SETTING.damping) * one for one in (charger, battery)]
    return drive + link + kerr, [*local, (charger + battery) / np.sqrt(2.0)], battery.dag() * battery


def qutip_steady(levels: tuple[int, int]) -> Callable[[], float]:
    """`steadystate`, the direct solver: the iterative ones stay at 1e-5."""
    import qutip

    hamiltonian, jumps, quanta = _system(levels)

    def work() -> float:
        return float(qutip.expect(quanta, qutip.steadystate(hamiltonian, jumps)))

    return work


def qutip_ergotropy(levels: tuple[int, int]) -> Callable[[], float]:
    """The same state, reduced to the battery, and what its spectrum leaves of the energy."""
    import qutip

    hamiltonian, jumps, _ = _system(levels)

    def work() -> float:
        battery = qutip.steadystate(hamiltonian, jumps).ptrace(1).full()
        number = np.arange(levels[1])
        return float(number @ np.diagonal(battery).real - number @ np.linalg.eigvalsh(battery)[::-1])

    return work


def qutip_curve(levels: tuple[int, int], times: np.ndarray) -> Callable[[], np.ndarray]:
    """`mesolve`, for the energy alone."""
    import qutip

    hamiltonian, jumps, quanta = _system(levels)
    vacuum = qutip.tensor(*(qutip.basis(level, 0) for level in levels))
    options = {"method": "tsit5", "atol": 1e-10, "rtol": 1e-8, "nsteps": 10**6}

    def work() -> np.ndarray:
        return np.asarray(qutip.mesolve(hamiltonian, vacuum, times, jumps, e_ops=[quanta], options=options).expect[0])

    return work
