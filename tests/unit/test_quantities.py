"""Quantities: each one once, complete, and every variable and catalog parameter among them."""

from __future__ import annotations

import inspect
import re

import pytest

import leyden as ly
from leyden.model.catalog import DEVICES
from leyden.quantities import OF_MERIT, OWN, QUANTITIES, Quantity

ENTRIES = list(QUANTITIES.values())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_entries_are_complete(entry: Quantity) -> None:
    assert QUANTITIES[entry.name] is entry
    assert re.fullmatch(r"[a-z_]+", entry.name)
    assert entry.symbol
    assert "$" not in entry.symbol
    assert entry.symbol.count("{") == entry.symbol.count("}")
    assert entry.unit
    assert entry.meaning
    assert not entry.meaning.endswith(".")
    assert "\n" not in entry.meaning
    words = {"long_name": entry.name.replace("_", " "), "description": entry.meaning}
    assert entry.attributes() == words | {"units": entry.unit, "symbol": entry.symbol}
    # Fit for an axis; a part of a complex number and a conditional moment have long names by contract.
    assert len(words["long_name"]) <= 28


def test_units_are_units() -> None:
    """Of a nat, say, programs that read them make nanotechnical atmospheres."""
    units = {"1", "rad", "dB", "rate unit", "1/rate unit", "frequency unit", "hbar omega_0", "hbar omega_0 * rate unit"}
    assert {entry.unit for entry in ENTRIES} == units | {"(hbar omega_0)^2", OWN, OF_MERIT}


def test_no_symbol_stands_for_two_things() -> None:
    symbols = [entry.symbol for entry in ENTRIES]
    assert sorted(symbols) == sorted(set(symbols))


def test_every_variable_of_a_dataset_is_a_quantity() -> None:
    network = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    for found in (ly.charge(network, [0.0, 1.0]), ly.steady_state(network), ly.stability(network)):
        for name, variable in found.drop_vars("part", errors="ignore").variables.items():
            assert variable.attrs == QUANTITIES[name].attributes(), name


def test_every_catalog_parameter_is_a_quantity() -> None:
    shape = {"modes", "photons", "driven", "cells", "rows", "columns", "links", "seed", "acyclic", "end"}
    shape |= {"charger_levels", "battery_levels"}
    for device in DEVICES.values():
        assert set(inspect.signature(device.build).parameters) - shape <= set(QUANTITIES)
