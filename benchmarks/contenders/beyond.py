"""Anharmonic devices of two modes in the Fock space of both, by QuTiP and dynamiqs."""

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


# A pair that passes its quanta to and fro, with Kerr on either side: no shortcut is known.
PAIR = {"drive": 1.0, "link": 0.5, "kerr": 1.0, "damping": 0.5}
# Of leyden's method fock at 24 x 24 levels; QuTiP's direct solver has all digits of what it gives at 12 x 12.
PAIR_STORED = 0.951436718350


def pair() -> ly.Network:
    """Two modes, both anharmonic and both damped, one of them driven by two photons."""
    modes = [ly.Mode("a"), ly.Mode("b")]
    elements: list[ly.Element] = [ly.TwoPhotonDrive("a", PAIR["drive"]), ly.CoherentCoupling("a", "b", PAIR["link"])]
    for name in "ab":
        elements += [ly.Kerr(name, PAIR["kerr"]), ly.LocalBath(name, PAIR["damping"])]
    return ly.Network(modes, elements, charger="a", battery="b")


def _pair(a: Any, b: Any) -> tuple[Any, list[Any]]:
    """Hamiltonian and jumps from operators of a library, by hand."""
    link = PAIR["link"] * a @ b.dag()
    hamiltonian = PAIR["drive"] * (a @ a + a.dag() @ a.dag()) + link + link.dag()
    for one in (a, b):
        hamiltonian = hamiltonian + PAIR["kerr"] / 2 * one.dag() @ one.dag() @ one @ one
    return hamiltonian, [np.sqrt(PAIR["damping"]) * one for one in (a, b)]


def _qutip_pair(levels: int) -> tuple[Any, list[Any], Any]:
    import qutip

    one, lower = qutip.qeye(levels), qutip.destroy(levels)
    a, b = qutip.tensor(lower, one), qutip.tensor(one, lower)
    return *_pair(a, b), b.dag() @ b


def qutip_pair_steady(levels: int, **options: Any) -> Callable[[], float]:
    """`steadystate`, direct or iterative with an incomplete factorization before it."""
    import qutip

    hamiltonian, jumps, quanta = _qutip_pair(levels)
    return lambda: float(qutip.expect(quanta, qutip.steadystate(hamiltonian, jumps, **options)))


def qutip_pair_curve(levels: int, times: np.ndarray) -> Callable[[], np.ndarray]:
    """`mesolve`, for the energy alone."""
    import qutip

    hamiltonian, jumps, quanta = _qutip_pair(levels)
    vacuum = qutip.basis([levels, levels], [0, 0])
    options = {"method": "tsit5", "atol": 1e-10, "rtol": 1e-8, "nsteps": 10**6}

    def work() -> np.ndarray:
        return np.asarray(qutip.mesolve(hamiltonian, vacuum, times, jumps, e_ops=[quanta], options=options).expect[0])

    return work


def dynamiqs_pair_curve(levels: int, times: np.ndarray) -> Callable[[], np.ndarray]:
    """`mesolve` in double precision, for the energy alone."""
    import dynamiqs as dq

    dq.set_progress_meter(False)
    dq.set_precision("double")
    a, b = dq.destroy(levels, levels)
    hamiltonian, jumps = _pair(a, b)
    vacuum = dq.fock((levels, levels), (0, 0))
    method = dq.method.Tsit5(rtol=1e-8, atol=1e-10, max_steps=10**6)

    def work() -> np.ndarray:
        run = dq.mesolve(hamiltonian, jumps, vacuum, times, exp_ops=[b.dag() @ b], method=method, save_states=False)
        return np.asarray(run.expects[0]).real

    return work
