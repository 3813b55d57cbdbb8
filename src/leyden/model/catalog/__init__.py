"""Devices of the field, by name: the paper's batteries, their comparators, and networks of any size."""

from leyden.model.catalog.chains import cascade, parallel_array, reciprocal_chain, ring
from leyden.model.catalog.few_level import few_level_battery, tavis_cummings_battery
from leyden.model.catalog.lattices import lattice, random_directed_graph
from leyden.model.catalog.mediated import bad_cavity_battery, waveguide_battery
from leyden.model.catalog.optimal import optimal_array_rate, optimal_cascade_rate, optimal_chain_coupling
from leyden.model.catalog.pairs import (
    nonreciprocal_strength,
    one_photon_battery,
    reciprocal_battery,
    two_photon_battery,
)
from leyden.model.catalog.parabolic import parabolic_line
from leyden.model.catalog.registry import DEVICES, CatalogDevice, reference_device
from leyden.model.catalog.single import squeezed_bath_battery

__all__ = [
    "DEVICES",
    "CatalogDevice",
    "bad_cavity_battery",
    "cascade",
    "few_level_battery",
    "lattice",
    "nonreciprocal_strength",
    "one_photon_battery",
    "optimal_array_rate",
    "optimal_cascade_rate",
    "optimal_chain_coupling",
    "parabolic_line",
    "parallel_array",
    "random_directed_graph",
    "reciprocal_battery",
    "reciprocal_chain",
    "reference_device",
    "ring",
    "squeezed_bath_battery",
    "tavis_cummings_battery",
    "two_photon_battery",
    "waveguide_battery",
]
