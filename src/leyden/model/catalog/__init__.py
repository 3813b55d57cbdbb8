"""Devices of the field, by name: the paper's batteries, their comparators, and networks of any size."""

from leyden.model.catalog.chains import cascade, parallel_array, reciprocal_chain, ring
from leyden.model.catalog.lattices import lattice, random_directed_graph
from leyden.model.catalog.pairs import (
    nonreciprocal_strength,
    one_photon_battery,
    reciprocal_battery,
    two_photon_battery,
)
from leyden.model.catalog.registry import DEVICES, CatalogDevice, reference_device

__all__ = [
    "DEVICES",
    "CatalogDevice",
    "cascade",
    "lattice",
    "nonreciprocal_strength",
    "one_photon_battery",
    "parallel_array",
    "random_directed_graph",
    "reciprocal_battery",
    "reciprocal_chain",
    "reference_device",
    "ring",
    "two_photon_battery",
]
