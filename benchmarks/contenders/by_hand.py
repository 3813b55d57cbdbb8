"""By hand, with NumPy and SciPy, on the moments of this one device: V' = A V + V A^T + D."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm, solve_continuous_lyapunov

from benchmarks.case import Merits
from benchmarks.contenders.device import Setting

UPPER = np.triu_indices(4)
# Devices at a time: their 10 x 10 systems stay in the processor's cache. 200 to 2,000 were the fastest here.
BLOCK = 1000


def drift_and_diffusion(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    """A and D in the order x_a, p_a, x_b, p_b, typed in from Eqs. (5) and (6)."""
    eps, loss = setting.drive, (setting.damping + 0.5) / 2
    drift = np.array([[-loss, -2 * eps, 0, 0], [-2 * eps, -loss, 0, 0], [-0.5, 0, -loss, 0], [0, -0.5, 0, -loss]])
    one = np.eye(2)
    return drift, np.block([[loss * one, one / 4], [one / 4, loss * one]])


def merits_of(covariance: np.ndarray) -> Merits:
    """Energy and ergotropy of the battery, whose quadratures come last."""
    battery = covariance[..., 2:, 2:]
    energy = (battery[..., 0, 0] + battery[..., 1, 1] - 1) / 2
    return energy, energy - (np.sqrt(np.linalg.det(battery)) - 0.5)


def gathered(found: list[Merits]) -> Merits:
    """Merits of many devices as arrays."""
    return np.array([energy for energy, _ in found]), np.array([work for _, work in found])


# One curve.


def by_solve_ivp(setting: Setting, times: np.ndarray) -> Merits:
    """The usual way: the matrix equation, SciPy's default method, tight tolerances."""
    drift, diffusion = drift_and_diffusion(setting)

    def rate(_: float, flat: np.ndarray) -> np.ndarray:
        product = drift @ flat.reshape(4, 4)
        return (product + product.T + diffusion).ravel()

    vacuum = np.eye(4).ravel() / 2
    run = solve_ivp(rate, (0, times[-1]), vacuum, t_eval=times, rtol=1e-8, atol=1e-10)
    return merits_of(run.y.T.reshape(-1, 4, 4))


def generator_of(drift: np.ndarray) -> np.ndarray:
    """The matrix that moves the flattened covariance."""
    one = np.eye(len(drift))
    return np.kron(drift, one) + np.kron(one, drift)


def by_tuned_solve_ivp(setting: Setting, times: np.ndarray) -> Merits:
    """The same with one matrix for the flattened covariance and the method that was fastest here.

    Tried at these tolerances: LSODA 2.9 ms, DOP853 3.2, RK45 5.6, RK23 30, BDF 34, Radau 54.
    """
    drift, diffusion = drift_and_diffusion(setting)
    generator, source, vacuum = generator_of(drift), diffusion.ravel(), np.eye(4).ravel() / 2
    run = solve_ivp(
        lambda _, flat: generator @ flat + source,
        (0, times[-1]),
        vacuum,
        t_eval=times,
        method="LSODA",
        rtol=1e-8,
        atol=1e-10,
    )
    return merits_of(run.y.T.reshape(-1, 4, 4))


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
    return merits_of(covariance)


# One steady state, and many.


def by_lyapunov(setting: Setting) -> Merits:
    """One steady state by SciPy's Bartels-Stewart solver."""
    drift, diffusion = drift_and_diffusion(setting)
    return merits_of(solve_continuous_lyapunov(drift, -diffusion))


def by_lyapunov_loop(setting: Setting) -> Merits:
    """Many steady states, one after the other."""
    return gathered([by_lyapunov(member) for member in setting.members()])


def _halves(full: np.ndarray) -> np.ndarray:
    """A generator of flattened 4 x 4 matrices, on the upper triangle of symmetric ones."""
    rows, columns = UPPER
    reduced = full.reshape(4, 4, 4, 4)[rows, columns]
    off = rows != columns
    return reduced[:, rows, columns] + np.where(off, reduced[:, columns, rows], 0.0)


def by_batched_solve(setting: Setting) -> Merits:
    """The expert's way: A V + V A^T = -D as 10 linear equations for each device, all by one call of LAPACK a block.

    A is linear in drive and damping, and so is the 10 x 10 matrix: it is put together from three.
    """
    at_rest, base = drift_and_diffusion(Setting(0.0, 0.0))
    fixed = _halves(generator_of(at_rest))
    driven = _halves(generator_of(drift_and_diffusion(Setting(1.0, 0.0))[0] - at_rest))
    damped = _halves(generator_of(drift_and_diffusion(Setting(0.0, 1.0))[0] - at_rest))
    more = drift_and_diffusion(Setting(0.0, 1.0))[1] - base
    merits = []
    for start in range(0, len(setting.drive), BLOCK):
        part = slice(start, start + BLOCK)
        drive, damping = setting.drive[part, None], setting.damping[part, None]
        systems = fixed + drive[..., None] * driven + damping[..., None] * damped
        sources = base[UPPER] + damping * more[UPPER]
        found = np.linalg.solve(systems, -sources[..., None])[..., 0]
        xx, xp, pp = found[:, 7], found[:, 8], found[:, 9]
        energy = (xx + pp - 1) / 2
        merits.append((energy, energy - (np.sqrt(xx * pp - xp**2) - 0.5)))
    return np.concatenate([energy for energy, _ in merits]), np.concatenate([work for _, work in merits])


# Many curves.


def by_curve_loop(setting: Setting, times: np.ndarray) -> Merits:
    """Many curves, one after the other, by `solve_ivp` as tuned above."""
    return gathered([by_tuned_solve_ivp(member, times) for member in setting.members()])


def by_batched_expm(setting: Setting, times: np.ndarray) -> Merits:
    """The expert's way: one step's propagators of all devices by one call, then a loop over equidistant times."""
    count = len(setting.drive)
    drift, diffusion = np.zeros((count, 4, 4)), np.zeros((count, 4, 4))
    at_rest, base = drift_and_diffusion(Setting(0.0, 0.0))
    drift += at_rest + setting.drive[:, None, None] * (drift_and_diffusion(Setting(1.0, 0.0))[0] - at_rest)
    damped, more = drift_and_diffusion(Setting(0.0, 1.0))
    drift += setting.damping[:, None, None] * (damped - at_rest)
    diffusion += base + setting.damping[:, None, None] * (more - base)
    double = np.concatenate(
        [np.concatenate([-drift, diffusion], -1), np.concatenate([np.zeros_like(drift), drift.mT], -1)], -2
    )
    block = expm(double * (times[1] - times[0]))
    propagator = block[:, 4:, 4:].mT
    noise = propagator @ block[:, :4, 4:]
    energy, work = np.empty((count, len(times))), np.empty((count, len(times)))
    covariance = np.broadcast_to(np.eye(4) / 2, (count, 4, 4))
    for place in range(len(times)):
        energy[:, place], work[:, place] = merits_of(covariance)
        covariance = propagator @ covariance @ propagator.mT + noise
    return energy, work
