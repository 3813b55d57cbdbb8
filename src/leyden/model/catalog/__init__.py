"""Devices of the field, by name: the paper's batteries, their comparators, and networks of any size."""

from leyden.model.catalog.chains import cascade as cascade
from leyden.model.catalog.chains import parallel_array as parallel_array
from leyden.model.catalog.chains import reciprocal_chain as reciprocal_chain
from leyden.model.catalog.chains import ring as ring
from leyden.model.catalog.lattices import lattice as lattice
from leyden.model.catalog.lattices import random_directed_graph as random_directed_graph
from leyden.model.catalog.pairs import nonreciprocal_strength as nonreciprocal_strength
from leyden.model.catalog.pairs import one_photon_battery as one_photon_battery
from leyden.model.catalog.pairs import reciprocal_battery as reciprocal_battery
from leyden.model.catalog.pairs import two_photon_battery as two_photon_battery
from leyden.model.catalog.registry import DEVICES as DEVICES
from leyden.model.catalog.registry import CatalogDevice as CatalogDevice
from leyden.model.catalog.registry import reference_device as reference_device

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
