"""Blocks of a batch: the same numbers as in one piece, on every axis, for every kind of parameter."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import memory, states

AXES = {
    "drive": xr.DataArray(np.linspace(0.0, 0.2, 5), dims="drive"),
    "charger_damping": xr.DataArray([0.1, 0.3, 0.5], dims="damping"),
    "battery_damping": 0.2,
    "frequency": xr.DataArray([1.0, 2.0], dims="frequency"),
}
BUILDERS = {
    "two-photon": ly.catalog.two_photon_battery(**AXES),
    "one-photon": ly.catalog.one_photon_battery(**AXES),
    "several batteries": ly.catalog.cascade(3, drive=AXES["drive"], damping=AXES["charger_damping"]),
    "plain": ly.catalog.one_photon_battery(
        drive=np.linspace(0, 1, 12).reshape(4, 3), charger_damping=0.1, battery_damping=np.ones(3)
    ),
}


@pytest.mark.parametrize("most", [1, 4, 11])
@pytest.mark.parametrize("name", BUILDERS)
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    network = BUILDERS[name]
    times = [0.0, 0.5, 1.0, 7.0]
    start = states.thermal(np.ones(len(network.modes)))
    measures = [
        lambda: ly.steady_state(network),
        lambda: ly.charge(network, times[:2]),
        lambda: ly.charge(network, times, initial=start),
        lambda: ly.charge(
            network,
            times,
            initial=states.thermal(
                np.ones((2, *(1,) * len(ly.stability(network).is_stable.shape), len(network.modes)))
            ),
        ),
    ]
    whole = [measure() for measure in measures]
    monkeypatch.setattr(memory, "_MEMBERS", most)
    monkeypatch.setattr(memory, "_POINTS", 4 * most)
    for measure, expected in zip(measures, whole, strict=True):
        found = measure()
        assert found.sizes == expected.sizes
        for variable, value in expected.data_vars.items():
            assert found[variable].dims == value.dims
            # One matrix product of another shape sums in another order.
            np.testing.assert_allclose(found[variable], value, rtol=1e-12, atol=1e-14, err_msg=variable)
