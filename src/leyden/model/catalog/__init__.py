"""Devices of the field, by name: the paper's batteries, their comparators, a directed chain."""

from leyden.model.catalog.chains import cascade as cascade
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
    "nonreciprocal_strength",
    "one_photon_battery",
    "reciprocal_battery",
    "reference_device",
    "two_photon_battery",
]
