"""Answers of the Fock-space solver as labelled Datasets, of the same rows as those of moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.cutoff import Solution
from leyden.fock.operators import load_qutip
from leyden.model.labels import Labels
from leyden.model.network import Network
from leyden.results import dataset, totals_of, with_ratios
from leyden.results.table import rows_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["labelled"]

# Energies below this many quanta are the rounding of a density matrix: their ratios mean nothing.
_NOISE = 1e-12


def _in_units(network: Network, solution: Solution) -> dict[str, NDArray[np.float64]]:
    """Quanta times the energy of one quantum."""
    frequencies = np.asarray(network.frequencies)
    values: dict[str, NDArray[np.float64]] = {}
    for row in rows_of("charger"):
        scale = frequencies[network.position(network.charger)] if row.is_energy else 1.0
        values[row.name] = scale * solution.merits[row.name]
    per_battery = frequencies[[network.position(name) for name in network.batteries], None]
    for row in rows_of("battery"):
        found = (per_battery if row.is_energy else 1.0) * solution.merits[row.name]
        values[row.name] = found if network.lists_batteries else found[0]
    return values


def _about(solution: Solution, tolerance: float) -> dict[str, Any]:
    """How the numbers were found; plain enough for a netCDF file."""
    return {
        "method": "fock",
        "solver": f"Fock space, QuTiP {load_qutip().__version__}",
        "cutoff": list(solution.cutoff),
        "dimension": int(np.prod(solution.cutoff)),
        "tail_population": max(solution.tails),
        "largest_change": solution.change,
        "tolerance": float(tolerance),
    }


def labelled(
    network: Network, solution: Solution, tolerance: float, times: NDArray[np.float64] | None = None
) -> xr.Dataset:
    """Dataset of a solution: over `time` for a run, without it for a steady state, which is stable then."""
    values: dict[str, Any] = _in_units(network, solution)
    if network.lists_batteries:
        values |= totals_of(values, 1)
    values = with_ratios(values, 1, noise=_NOISE * max(network.frequencies))
    if times is None:
        values = {name: value[..., 0] for name, value in values.items()} | {"is_stable": np.asarray(True)}
    return dataset(network, Labels((), (), {}, 0), values, _about(solution, tolerance), times)
