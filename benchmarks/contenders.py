"""The contenders: leyden, and what a good researcher writes by hand with SciPy or QuTiP.

Each does the same work, the two-photon battery of the paper, and returns stored energy and ergotropy of the battery.
What is written by hand starts from the equations of this one device on paper; leyden builds them from its elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm, solve_continuous_lyapunov

import leyden as ly
from benchmarks.case import Merits
from leyden import closed_form, merit


@dataclass(frozen=True)
class Setting:
    """Parameters of the device, in units of the shared rate; charger and battery have the same damping."""

    drive: Any = 0.1
    damping: Any = 0.1

    def device(self) -> ly.Network:
        return ly.catalog.two_photon_battery(
            drive=self.drive, charger_damping=self.damping, battery_damping=self.damping
        )

    def on_paper(self) -> closed_form.DirectedDevice:
        return closed_form.DirectedDevice(
            drive=self.drive,
            total_charger_damping=self.damping + 0.5,
            total_battery_damping=self.damping + 0.5,
            transport_rate=0.5,
        )


def exact_curve(setting: Setting, times: np.ndarray) -> Merits:
    """The paper's algebra, accurate to a few 1e-15."""
    device = setting.on_paper()
    return closed_form.stored_energy(device, times), closed_form.ergotropy(device, times)


def exact_steady(setting: Setting) -> Merits:
    device = setting.on_paper()
    return closed_form.steady_stored_energy(device), closed_form.steady_ergotropy(device)


# leyden.


def from_dataset(run: Any) -> Merits:
    return run.stored_energy.values, run.ergotropy.values


def from_state(state: ly.GaussianState) -> Merits:
    battery = 1
    return merit.energy(state, battery), merit.ergotropy(state, battery)


# By hand, on the moments: V' = A V + V A^T + D.


def drift_and_diffusion(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """A and D in the order x_a, p_a, x_b, p_b, typed in from Eqs. (5) and (6)."""
    eps, loss = setting.drive, (setting.damping + 0.5) / 2
    drift = np.array([[-loss, -2 * eps, 0, 0], [-2 * eps, -loss, 0, 0], [-0.5, 0, -loss, 0], [0, -0.5, 0, -loss]])
    one = np.eye(2)
    return drift, np.block([[loss * one, one / 4], [one / 4, loss * one]])


def merits_by_hand(covariance: np.ndarray) -> Merits:
    battery = covariance[..., 2:, 2:]
    energy = (battery[..., 0, 0] + battery[..., 1, 1] - 1) / 2
    return energy, energy - (np.sqrt(np.linalg.det(battery)) - 0.5)


def by_solve_ivp(setting: Setting, times: np.ndarray) -> Merits:
    """The usual way: the matrix equation, SciPy's default method, tight tolerances."""
    drift, diffusion = drift_and_diffusion(setting)

    def rate(_: float, flat: np.ndarray) -> np.ndarray:
        product = drift @ flat.reshape(4, 4)
        return (product + product.T + diffusion).ravel()

    vacuum = np.eye(4).ravel() / 2
    run = solve_ivp(rate, (0, times[-1]), vacuum, t_eval=times, rtol=1e-8, atol=1e-10)
    return merits_by_hand(run.y.T.reshape(-1, 4, 4))


def by_tuned_solve_ivp(setting: Setting, times: np.ndarray) -> Merits:
    """The same with one matrix for the flattened covariance and the method that is fastest here."""
    drift, diffusion = drift_and_diffusion(setting)
    generator = np.kron(drift, np.eye(4)) + np.kron(np.eye(4), drift)
    source, vacuum = diffusion.ravel(), np.eye(4).ravel() / 2
    run = solve_ivp(
        lambda _, flat: generator @ flat + source,
        (0, times[-1]),
        vacuum,
        t_eval=times,
        method="LSODA",
        rtol=1e-8,
        atol=1e-10,
    )
    return merits_by_hand(run.y.T.reshape(-1, 4, 4))


def by_expm(setting: Setting, times: np.ndarray) -> Merits:
    """The expert's way: exact propagator of one step (Van Loan), then a loop over equidistant times."""
    drift, diffusion = drift_and_diffusion(setting)
    double = np.block([[-drift, diffusion], [np.zeros((4, 4)), drift.T]])
    block = expm(double * (times[1] - times[0]))
    propagator = block[4:, 4:].T
    noise = propagator @ block[:4, 4:]
    covariance = np.empty((len(times), 4, 4))
    covariance[0] = np.eye(4) / 2
    for place in range(1, len(times)):
        covariance[place] = propagator @ covariance[place - 1] @ propagator.T + noise
    return merits_by_hand(covariance)


def by_lyapunov(setting: Setting) -> Merits:
    """One steady state by SciPy's Bartels-Stewart solver."""
    drift, diffusion = drift_and_diffusion(setting)
    return merits_by_hand(solve_continuous_lyapunov(drift, -diffusion))


def by_lyapunov_loop(setting: Setting) -> Merits:
    """Many steady states, one after the other."""
    pairs = zip(setting.drive, setting.damping, strict=True)
    found = [by_lyapunov(Setting(float(drive), float(damping))) for drive, damping in pairs]
    return np.array([energy for energy, _ in found]), np.array([work for _, work in found])


# By hand, in Fock space, with QuTiP.


def fock_system(setting: Setting, cutoff: int) -> tuple[Any, list[Any]]:
    """Hamiltonian and jumps."""
    import qutip

    a = qutip.tensor(qutip.destroy(cutoff), qutip.qeye(cutoff))
    b = qutip.tensor(qutip.qeye(cutoff), qutip.destroy(cutoff))
    coupling = -0.25j * a * b.dag()
    hamiltonian = coupling + coupling.dag() + setting.drive * (a.dag() ** 2 + a**2)
    local = np.sqrt(setting.damping)
    return hamiltonian, [local * a, local * b, np.sqrt(0.5) * (a + b)]


def merits_of_battery(state: Any) -> tuple[float, float]:
    """Energy and, by the spectrum of the reduced state, ergotropy."""
    density = state.ptrace(1).full()
    levels = np.arange(len(density))
    energy = float(levels @ np.diag(density).real)
    return energy, energy - float(levels @ np.linalg.eigvalsh(density)[::-1])


def by_mesolve(setting: Setting, times: np.ndarray, cutoff: int) -> Merits:
    import qutip

    hamiltonian, jumps = fock_system(setting, cutoff)
    vacuum = qutip.tensor(qutip.basis(cutoff, 0), qutip.basis(cutoff, 0))
    merits = [lambda _, state: merits_of_battery(state)[0], lambda _, state: merits_of_battery(state)[1]]
    run = qutip.mesolve(hamiltonian, vacuum, times, jumps, e_ops=merits)
    return np.asarray(run.expect[0]), np.asarray(run.expect[1])


def by_steadystate(setting: Setting, cutoff: int) -> Merits:
    import qutip

    hamiltonian, jumps = fock_system(setting, cutoff)
    return merits_of_battery(qutip.steadystate(hamiltonian, jumps))
