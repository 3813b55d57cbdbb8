"""Answers of the Fock-space solver as labelled Datasets, of the same rows as those of moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.drift import is_decaying
from leyden.equations.device import equations_of
from leyden.errors import NonGaussianError, ParameterError
from leyden.fock.operators import load_qutip
from leyden.model.labels import UNLABELLED
from leyden.model.network import Network
from leyden.results import dataset, totals_of, with_ratios
from leyden.results.table import Merit, is_of_device, rows_of
from leyden.task import Answer
from leyden.truncation.cutoff import Solution

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["answer_of", "labelled"]

# Energies below this many quanta are the rounding of a density matrix: their ratios mean nothing.
_NOISE = 1e-12


def _scaled(row: Merit, frequency: Any, solution: Solution) -> NDArray[np.float64]:
    """A row, times as many powers of a quantum's energy as it has: one by one, so that none times it stays none."""
    found = solution.merits[row.name]
    with np.errstate(over="ignore"):
        for _ in range(row.powers_of_energy):
            found = frequency * found
    return found


def _in_units(network: Network, solution: Solution) -> dict[str, NDArray[np.float64]]:
    """Quanta times the energy of one quantum."""
    frequencies = np.asarray(network.frequencies)
    values: dict[str, NDArray[np.float64]] = {}
    for row in rows_of("charger"):
        values[row.name] = _scaled(row, frequencies[network.position(network.charger)], solution)
    per_battery = frequencies[[network.position(name) for name in network.batteries], None]
    for row in rows_of("battery"):
        found = _scaled(row, per_battery, solution)
        values[row.name] = found if network.lists_batteries else found[0]
    for name in ("charger_energy", "stored_energy"):
        if not np.isfinite(values[name]).all():
            allowed, most = "have energies within the number range", float(np.max(frequencies))
            raise ParameterError.of("network", allowed, f"{most:.3g} a quantum", "Choose a larger unit of frequencies.")
    return values | {name: value for name, value in solution.merits.items() if is_of_device(name)}


def answer_of(
    network: Network,
    solution: Solution,
    times: NDArray[np.float64] | None = None,
    told: Mapping[str, Any] | None = None,
) -> Answer:
    """Values of a solution, over time for a run, and how they were found, plain enough for a netCDF file."""
    values: dict[str, Any] = _in_units(network, solution)
    if network.lists_batteries:
        values |= totals_of(values, 1)
    values = with_ratios(values, 1, noise=_NOISE * max(network.frequencies))
    if times is None:  # a device that does not settle finds no solution
        values = {name: value[..., 0] for name, value in values.items()} | {"is_stable": np.asarray(True)}
    about: dict[str, Any] = {
        "method": "fock",
        "solver": f"Fock space, QuTiP {load_qutip().__version__}",
        "cutoff": list(solution.cutoff),
        "dimension": int(np.prod(solution.cutoff)),
        "tail_population": max(solution.tails),
        "largest_change": solution.change,
        "tolerance": solution.tolerance,
        **(told or {}),
    }
    if times is not None:
        try:
            # Of what changes, what it would do if all stayed as it is at the end.
            values["is_stable"] = is_decaying(equations_of(network).at_time(float(times[-1])))
        except NonGaussianError:
            about["is_stable"] = "left out: a run of a device whose Hamiltonian is not quadratic does not tell"
    return values, about


def labelled(
    network: Network,
    solution: Solution,
    times: NDArray[np.float64] | None = None,
    about: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Dataset of a solution: over `time` for a run, without it for a steady state."""
    return dataset(network, UNLABELLED, *answer_of(network, solution, times, about), times)
