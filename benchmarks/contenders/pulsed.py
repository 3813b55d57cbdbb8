"""The two-photon battery under Gaussian pulses: by hand with SciPy, and in QuTiP's Fock space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

import leyden as ly
from benchmarks.case import Merits
from benchmarks.contenders import by_hand, fock_libraries
from benchmarks.contenders.device import Setting


@dataclass(frozen=True)
class Kick:
    """A Gaussian pulse of the drive; numbers, or arrays of many."""

    height: Any = 0.12
    centre: Any = 6.0
    width: Any = 1.0
    damping: Any = 0.1

    def device(self) -> ly.Network:
        """The battery under it."""
        import xarray as xr

        def labelled(values: Any) -> Any:
            return values if np.ndim(values) == 0 else xr.DataArray(values, dims="member")

        kick = ly.pulse.gaussian(labelled(self.height), labelled(self.centre), labelled(self.width))
        damping = labelled(self.damping)
        return ly.catalog.two_photon_battery(drive=kick, charger_damping=damping, battery_damping=damping)

    def at(self, time: float) -> float:
        """Its amplitude."""
        return float(self.height * np.exp(-0.5 * ((time - self.centre) / self.width) ** 2))

    def members(self) -> list[Kick]:
        """One by one."""
        columns = (self.height, self.centre, self.width, self.damping)
        return [Kick(*map(float, row)) for row in zip(*columns, strict=True)]


def unlike(count: int) -> Kick:
    """Unlike pulses on unlike batteries."""
    random = np.random.default_rng(7)
    columns = [random.uniform(low, high, count) for low, high in ((0.02, 0.14), (5, 8), (0.7, 1.4), (0.05, 0.3))]
    return Kick(*columns)


def by_solve_ivp(kick: Kick, times: np.ndarray, rtol: float = 1e-10) -> Merits:
    """The matrix equation by DOP853, the best of SciPy's methods here."""
    at_rest, diffusion = by_hand.drift_and_diffusion(Setting(0.0, kick.damping))
    unit = by_hand.drift_and_diffusion(Setting(1.0, kick.damping))[0] - at_rest

    def rate(time: float, flat: np.ndarray) -> np.ndarray:
        product = (at_rest + kick.at(time) * unit) @ flat.reshape(4, 4)
        return (product + product.T + diffusion).ravel()

    vacuum = np.eye(4).ravel() / 2
    options = {"method": "DOP853", "rtol": rtol, "atol": rtol / 100}
    run = solve_ivp(rate, (0, times[-1]), vacuum, t_eval=times, **options)
    return by_hand.merits_of(run.y.T.reshape(-1, 4, 4))


def exact(kick: Kick, times: np.ndarray) -> Merits:
    """The same with the smallest tolerance, member by member: what the others are held against."""
    if np.ndim(kick.height) == 0:
        return by_solve_ivp(kick, times, 3e-14)
    return by_hand.gathered([by_solve_ivp(member, times, 3e-14) for member in kick.members()])


def qutip_curve(kick: Kick, times: np.ndarray, cutoff: int) -> Callable[[], Merits]:
    """`mesolve` with the pulse as a function of time."""
    import qutip

    hamiltonian, jumps = fock_libraries.qutip_system(Setting(0.0, kick.damping), cutoff)
    driven, _ = fock_libraries.qutip_system(Setting(1.0, kick.damping), cutoff)
    changing = qutip.QobjEvo([hamiltonian, [driven - hamiltonian, kick.at]])
    vacuum = qutip.tensor(qutip.basis(cutoff, 0), qutip.basis(cutoff, 0))
    kept = [lambda _, state: state.ptrace(1).full()]
    options = {"method": "tsit5", "max_step": kick.width / 2}

    def work() -> Merits:
        run = qutip.mesolve(changing, vacuum, times, jumps, e_ops=kept, options=options)
        return fock_libraries.merits_of(np.array(run.expect[0]))

    return work
