"""The catalog's devices by name, each with the parameters that its bare name means."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

from leyden.errors import ParameterError
from leyden.model.catalog.chains import cascade, parallel_array, reciprocal_chain, ring
from leyden.model.catalog.few_level import few_level_battery, tavis_cummings_battery
from leyden.model.catalog.lattices import lattice, random_directed_graph
from leyden.model.catalog.mediated import bad_cavity_battery, waveguide_battery
from leyden.model.catalog.pairs import one_photon_battery, reciprocal_battery, two_photon_battery
from leyden.model.catalog.parabolic import parabolic_line
from leyden.model.catalog.single import squeezed_bath_battery
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.text import listed, nearest

__all__ = ["DEVICES", "CatalogDevice", "reference_device"]


@dataclass(frozen=True)
class CatalogDevice:
    """An entry of the catalog.

    Parameters
    ----------
    build : callable
        Makes the device from keyword parameters.
    reference : mapping of str to number
        Parameters of the device that the command line means by the bare name.
    meaning : str
        One line for the list of devices.
    """

    build: Callable[..., Network]
    reference: Mapping[str, Any]
    meaning: str

    @property
    def structure(self) -> frozenset[str]:
        """Parameters that are no quantities: numbers of modes, kinds of drives, seeds. They are no arrays."""
        return frozenset(signature(self.build).parameters) - frozenset(QUANTITIES)


_PAIR = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1}

_LINKED = {"drive": 0.02, "damping": 0.1, "coupling": 0.25}
_DIRECTED = {"drive": 0.05, "damping": 0.1}

DEVICES: dict[str, CatalogDevice] = {
    device.build.__name__: device
    for device in (
        CatalogDevice(
            two_photon_battery, _PAIR, "the paper's device: two-photon drive, one-way transport through a shared bath"
        ),
        CatalogDevice(one_photon_battery, _PAIR, "its comparator with a coherent drive, all else equal"),
        CatalogDevice(
            reciprocal_battery,
            _PAIR | {"drive": 0.025, "coupling": 0.25},
            "the reciprocal baseline: coherent coupling, no shared bath",
        ),
        CatalogDevice(
            bad_cavity_battery,
            _PAIR | {"cavity_damping": 4.0, "cavity_coupling": 1.0},
            "a lossy cavity between charger and battery, kept as a mode: one-way at zero frequency",
        ),
        CatalogDevice(
            waveguide_battery,
            _PAIR | {"right_rate": 0.8, "left_rate": 0.2, "propagation_phase": 0.7},
            "two modes on a waveguide with unlike rates to the right and to the left",
        ),
        CatalogDevice(
            squeezed_bath_battery,
            {"damping": 1.0, "squeezing": 0.5, "drive": 0.05},
            "one mode that a squeezed bath charges, with or without a two-photon drive",
        ),
        CatalogDevice(
            few_level_battery,
            {"drive": 0.3, "charger_damping": 0.8, "coupling": 0.5},
            "a driven two-level charger and a two-level battery that exchange quanta",
        ),
        CatalogDevice(
            tavis_cummings_battery,
            {"cells": 2, "coupling": 0.5, "drive": 0.2, "charger_damping": 0.5, "battery_damping": 0.1},
            "two-level cells that one driven cavity charges together",
        ),
        CatalogDevice(cascade, {"modes": 4} | _DIRECTED, "a directed chain of modes, driven at its head"),
        CatalogDevice(reciprocal_chain, {"modes": 4} | _LINKED, "a chain whose neighbours exchange quanta coherently"),
        CatalogDevice(
            parabolic_line,
            {"modes": 4, "coupling": 1.0, "damping": 0.1, "drive": 0.02},
            "a line of cavities whose couplings follow a parabola: all that starts at one end arrives at the other",
        ),
        CatalogDevice(parallel_array, _PAIR | {"cells": 3}, "one charger that feeds cells side by side"),
        CatalogDevice(
            ring, {"modes": 4} | _LINKED | {"flux": math.pi / 2}, "a ring of coherent couplings, threaded by a flux"
        ),
        CatalogDevice(
            lattice, {"rows": 3, "columns": 3} | _LINKED, "a square lattice of coherent couplings, driven in the middle"
        ),
        CatalogDevice(
            random_directed_graph, {"modes": 6} | _DIRECTED | {"seed": 0}, "random one-way links between modes"
        ),
    )
}
"""Devices by the names of their builders."""


def reference_device(name: str, **parameters: Any) -> Network:
    """A device of the catalog by name, at its reference parameters unless told otherwise.

    Parameters
    ----------
    name : str
        A key of `DEVICES`.
    **parameters : number or array
        Parameters that replace reference values.

    Returns
    -------
    Network

    Raises
    ------
    ParameterError
        If the catalog has no such device, or the device no such parameter.
    """
    if not isinstance(name, str) or name not in DEVICES:
        raise ParameterError.of("device", f"be one of {listed(DEVICES)}", name, nearest(name, DEVICES))
    entry = DEVICES[name]
    known = signature(entry.build).parameters
    for parameter in parameters:
        if parameter not in known:
            allowed = f"be one of {listed(known)}"
            raise ParameterError.of(f"parameter of {name}", allowed, parameter, nearest(parameter, known))
    return entry.build(**{**entry.reference, **parameters})
