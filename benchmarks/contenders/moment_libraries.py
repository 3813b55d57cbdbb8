"""Other libraries on the moments: slycot (SLICOT's Lyapunov solver) and gaussian-open-systems."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Merits
from benchmarks.contenders import by_hand
from benchmarks.contenders.device import Setting

# gaussian-open-systems has no steady-state solver; at this time the slowest rate, 0.1, leaves exp(-2 * 0.1 * 200).
LATE = 200.0


def slycot_covariance(drift: np.ndarray, diffusion: np.ndarray) -> np.ndarray:
    """SB03MD in the calling sequence of SLICOT 5.7: `sb03md` itself is deprecated and calls this."""
    from slycot import sb03md57

    _, _, found, scale, *_ = sb03md57(drift, C=-diffusion, dico="C", trana="T")
    return found / scale


def by_slycot(setting: Setting) -> Merits:
    return by_hand.merits_of(slycot_covariance(*by_hand.drift_and_diffusion(setting)))


def by_slycot_loop(setting: Setting) -> Merits:
    return by_hand.gathered([by_slycot(member) for member in setting.members()])


def gaussian_system(setting: Setting) -> Any:
    """The device in that library's words; x^T H x / 2 is its Hamiltonian, one term of its matrix is symmetric."""
    from gaussian_systems.systems import GaussianCVSystem

    system = GaussianCVSystem.free_evolution(2, np.zeros(2))
    system.squeezer_coupling((1, 1), setting.drive)  # eps (x^2 - p^2) = eps (a^2 + a^dag^2)
    system.position_i_momentum_j_coupling((1, 2), -0.25)  # J a b^dag + h.c. with J = -i/4
    system.position_i_momentum_j_coupling((2, 1), 0.25)
    for mode in (1, 2):
        system.multi_annihilation_dissipator((mode,), setting.damping)
    system.multi_annihilation_dissipator((1, 2), 0.5)
    return system


def by_gaussian_systems(setting: Setting, times: np.ndarray) -> Merits:
    """Its documented way: `evolve_state`, a matrix exponential of the flattened covariance for each time."""
    from gaussian_systems.initial_state import GaussianCVState

    run = gaussian_system(setting).evolve_state(GaussianCVState.vacuum(2), times)
    return by_hand.merits_of(np.array(run.covariance_matrices)[:, [0, 2, 1, 3]][:, :, [0, 2, 1, 3]])


def by_gaussian_systems_late(setting: Setting) -> Merits:
    """The state at one late time."""
    energy, work = by_gaussian_systems(setting, np.array([LATE]))
    return energy[0], work[0]
