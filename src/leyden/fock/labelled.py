"""Answers of the Fock-space solver as labelled Datasets, in the form of `leyden.simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import DESCRIPTION
from leyden.fock.cutoff import Solution
from leyden.fock.operators import load_qutip
from leyden.model.files import device_record
from leyden.model.network import Network
from leyden.quantities import QUANTITIES, attributes_of
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["labelled"]

Values = Mapping[str, NDArray[np.float64]]

_ADDITIVE = ("stored_energy", "passive_energy", "ergotropy", "charging_power")
_RATIOS = {
    "utilization_ratio": ("ergotropy", "stored_energy"),
    "conversion_ratio": ("ergotropy", "charger_energy"),
    "transfer_ratio": ("stored_energy", "charger_energy"),
}
# Energies below this many quanta are the rounding of a density matrix: their ratios mean nothing.
_NOISE = 1e-12


def _in_units(network: Network, quanta: Values) -> dict[str, NDArray[np.float64]]:
    """Quanta times the energy of one quantum, and the totals of several batteries."""
    frequencies = {mode.name: mode.frequency for mode in network.modes}
    per_battery = np.array([[frequencies[name]] for name in network.batteries])
    values = {name: per_battery * quanta[name] for name in _ADDITIVE}
    if network.lists_batteries:
        values |= {f"total_{name}": values[name].sum(axis=0) for name in _ADDITIVE}
    else:
        values = {name: value[0] for name, value in values.items()}
    return values | {"charger_energy": frequencies[network.charger] * quanta["charger_energy"]}


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], noise: float) -> NDArray[np.float64]:
    vanishes = np.abs(below) <= noise
    return np.where(vanishes, np.nan, above / np.where(vanishes, 1.0, below))


def _ratios(network: Network, values: Values) -> dict[str, NDArray[np.float64]]:
    noise = _NOISE * max(mode.frequency for mode in network.modes)
    ratios = {name: _ratio(values[above], values[below], noise) for name, (above, below) in _RATIOS.items()}
    if network.lists_batteries:
        for name, (above, below) in _RATIOS.items():
            whole = values[below] if below == "charger_energy" else values[f"total_{below}"]
            ratios[f"total_{name}"] = _ratio(values[f"total_{above}"], whole, noise)
    return ratios


def _provenance(network: Network, solution: Solution, tolerance: float) -> dict[str, Any]:
    """Where the numbers come from; plain enough for a netCDF file."""
    return {
        "device": network.name,
        "version": __version__,
        "conventions": DESCRIPTION,
        "device_file": device_record(network),
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
    """Dataset of a solution: over `time` for a run, without dims for a steady state, with `mode` for several batteries.

    Parameters
    ----------
    network : Network
        The device, with plain numbers.
    solution : Solution
        In quanta.
    tolerance : float
        What it was asked for.
    times : array, shape (t,), or None
        Times of a run; None for a steady state, which has one point and no time axis.

    Returns
    -------
    xarray.Dataset
        Energies in the unit of the modes' frequencies. Attributes: `device`, `version`, `conventions`, `solver`,
        `cutoff`, `dimension`, `tail_population`, `largest_change`, `tolerance`.
    """
    import xarray as xr

    values = _in_units(network, solution.merits)
    values |= _ratios(network, values)
    several = network.lists_batteries
    variables: dict[str, Any] = {}
    for name, value in values.items():
        per_mode = several and name != "charger_energy" and not name.startswith("total_")
        dims = ("mode",) if per_mode else ()
        found, dims = (value[..., 0], dims) if times is None else (value, (*dims, "time"))
        variables[name] = xr.Variable(dims, found, attributes_of(name, network.energy_unit))
    if times is None:
        variables["is_stable"] = xr.Variable((), True, attributes_of("is_stable"))
    coordinates: dict[str, Any] = {}
    if several:
        coordinates["mode"] = ("mode", list(network.batteries), {"long_name": "battery mode"})
    if times is not None:
        coordinates["time"] = ("time", times, QUANTITIES["time"].attributes())
    return xr.Dataset(variables, coords=coordinates, attrs=_provenance(network, solution, tolerance))
