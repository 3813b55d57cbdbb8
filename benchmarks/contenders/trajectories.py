"""A ring of anharmonic modes by truncated Wigner trajectories, and the same by hand: Euler and Maruyama's steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import leyden as ly

MODES, KERR, DAMPING, COUPLING, PAIRS, FORCE = 10, 0.02, 0.5, 0.3, 0.4, 1.0


def ring() -> ly.Network:
    """Ten modes in a ring, each with a Kerr term, the first one driven by one and by two photons."""
    names = [f"m{place}" for place in range(MODES)]
    elements: list[ly.Element] = [ly.OnePhotonDrive("m0", FORCE), ly.TwoPhotonDrive("m0", PAIRS)]
    for place, name in enumerate(names):
        elements += [ly.LocalBath(name, DAMPING), ly.Kerr(name, KERR)]
        elements.append(ly.CoherentCoupling(name, names[(place + 1) % MODES], COUPLING))
    return ly.Network([ly.Mode(name) for name in names], elements, charger="m0", battery=names[1:])


def by_euler_maruyama(duration: float, step: float, trajectories: int) -> Callable[[], float]:
    """Energy of the driven mode, all trajectories at once."""
    random = np.random.Generator(np.random.SFC64(1))

    def complex_normals() -> np.ndarray:
        return random.standard_normal((MODES, trajectories, 2)).view(np.complex128)[..., 0]

    def run() -> float:
        alpha = complex_normals() / 2
        noise = np.sqrt(DAMPING * step / 4)
        for _ in range(round(duration / step)):
            drift = (-DAMPING / 2 - 1j * KERR * (np.abs(alpha) ** 2 - 1)) * alpha
            drift -= 1j * COUPLING * (np.roll(alpha, 1, axis=0) + np.roll(alpha, -1, axis=0))
            drift[0] -= 2j * PAIRS * alpha[0].conj() + 1j * FORCE
            alpha = alpha + step * drift + noise * complex_normals()
        return float(np.mean(np.abs(alpha[0]) ** 2)) - 0.5

    return run
