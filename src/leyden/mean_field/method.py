"""Mean field as a method: classical amplitudes, for devices far above their threshold, without any fluctuations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.errors import UnstableError
from leyden.mean_field.field import drive_field, field_of
from leyden.mean_field.fixed_points import growth_rates, natural_size
from leyden.mean_field.motion import Settled, run, settle
from leyden.model.network import Network
from leyden.results import missing_values, values_of, with_ratios
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates
from leyden.task import Answer, Method, Task, of_many_starts, without_amplitudes

__all__ = ["METHOD", "cannot_take", "merits_of"]

Complex = NDArray[np.complex128]

_NAME = "mean_field"
# Modes whose terms are kept as dense matrices.
_MOST_MODES = 200
# Size of the push, in units of the natural amplitude, and the phase between those of neighbouring modes.
_PUSH, _TURN = 1e-3, 0.7
# What the size of fluctuations decides: a coherent state would be an answer to another question.
_UNKNOWN = ("energy_variance", "number_variance", "purity", "entropy")
_NO_FLUCTUATIONS = (
    "energies and ergotropies are those of coherent states of the classical amplitudes; of fluctuations the mean field "
    f"knows nothing, and {', '.join(_UNKNOWN[:-1])} and {_UNKNOWN[-1]} are NaN"
)


def _suits(_task: Task) -> bool:
    return False  # it leaves the fluctuations out: who wants that says so


def cannot_take(network: Network) -> str:
    """Why a device has no classical amplitudes that could be followed here; empty where it has."""
    return without_amplitudes(network, _MOST_MODES)


def _refuses(task: Task) -> str:
    start = task.initial
    if start is not None and (not isinstance(start, GaussianState) or np.any(np.asarray(start.excess) != 0)):
        return "it starts from coherent states alone"
    return of_many_starts(start) or cannot_take(task.network)


def merits_of(network: Network, amplitudes: Complex, rates: Complex | None = None) -> dict[str, Any]:
    """Values of all rows of coherent states (..., N) of a single device, over so many axes."""
    modes = amplitudes.shape[-1]
    shape = amplitudes.shape[:-1]

    def quadratures(values: Complex) -> Any:
        return np.sqrt(2.0) * np.stack([values.real, values.imag], axis=-1).reshape(*shape, 2 * modes)

    nothing = np.zeros((*shape, 2 * modes, 2 * modes)), np.zeros((*shape, modes, 3))
    state = GaussianState.holding(quadratures(amplitudes), *nothing)
    changes = MomentRates(quadratures(0 * amplitudes if rates is None else rates), *nothing)
    frequencies = [float(one) for one in network.frequencies]
    values = values_of(network, state, changes, frequencies, axes=len(shape))
    return {name: np.nan * value if name in _UNKNOWN else value for name, value in values.items()}


def _refuse(network: Network, found: Settled) -> None:
    why = {
        "grows": "grow without end: raise the damping, or add what holds them, as Kerr or two-photon loss",
        "moves": "do not come to rest, as on a limit cycle or at a threshold: follow them with `charge`",
    }[found.fate]
    remedy = f"They {why}."
    raise UnstableError(
        f"Argument `network` must settle, but the classical amplitudes of {network.name!r} {why}.",
        spectral_abscissa=found.growth,
        remedy=remedy,
    )


def _amplitudes(task: Task) -> Complex:
    """Amplitudes at time 0, (N,)."""
    mean = np.zeros(2 * task.modes) if task.initial is None else np.asarray(task.initial.mean)
    return np.asarray((mean[0::2] + 1j * mean[1::2]) / np.sqrt(2.0), dtype=np.complex128)


@on_one_thread
def _steady(task: Task) -> Answer:
    network = task.network
    field = field_of(network)
    modes = len(network.mode_names)
    start = _amplitudes(task)
    if not field(np.concatenate([start, start.conj()])).any() or not start.any():  # there it would stay, or no scale is
        start = start + _PUSH * natural_size(field) * np.exp(1j * _TURN * (1 + np.arange(modes)))
    found = settle(field, start)
    whose = "a start in the vacuum settles after a small push" if task.initial is None else "`initial` settles"
    about: dict[str, Any] = {
        "method": _NAME,
        "branch": f"the one on which {whose}; `leyden.branches` gives all",
        "fluctuations": _NO_FLUCTUATIONS,
    }
    if found.fate != "settles":
        if not task.is_member:
            _refuse(network, found)
        return with_ratios({**missing_values(network), "is_stable": np.asarray(False)}, 0), about
    values = {**merits_of(network, found.amplitudes), "is_stable": np.asarray(True)}
    return with_ratios(values, 0), about


@on_one_thread
def _charge(task: Task) -> Answer:
    network, times = task.network, np.asarray(task.times)
    field, modes = field_of(network), len(network.mode_names)
    start = _amplitudes(task)
    frequencies = np.asarray(network.frequencies, dtype=np.float64)
    amplitudes, work = run(field, drive_field(network), frequencies, start, times)
    points = np.concatenate([amplitudes, amplitudes.conj()], axis=-1)
    values = merits_of(network, amplitudes, field(points)[:, :modes])
    values["drive_work"] = work
    about: dict[str, Any] = {
        "method": _NAME,
        "fluctuations": _NO_FLUCTUATIONS,
        "is_stable": "left out: a run of amplitudes does not tell",
    }
    if not field(points[:1])[0].any() and np.max(growth_rates(field, start).real) > 0:
        about["start"] = (
            "an unstable fixed point, where amplitudes stay: give a coherent state as `initial` to leave it"
        )
    return with_ratios(values, 1), about


METHOD = Method(_NAME, _suits, _refuses, _steady, _charge)
