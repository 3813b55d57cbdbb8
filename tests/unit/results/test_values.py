"""Values of rows: each function called once, NaN for the unstable, ratios beside what they are of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.quantities import NUMBER, QUANTITIES
from leyden.results import Merit, is_over_time, is_per_battery, missing_values, values_of_modes, with_ratios
from leyden.results.table import rows_of
from leyden.results.values import evaluated
from leyden.states.ladder import at_rest


def test_rows_that_share_work_do_it_once() -> None:
    calls: list[str] = []

    def both(_state: Any, _mode: int, frequency: Any) -> tuple[Any, Any]:
        calls.append("both")
        return frequency, 2 * frequency

    rows = [Merit(name, "x", NUMBER, "x", of=both, part=part) for part, name in enumerate(("one", "two"))]
    state = ly.states.vacuum(1)
    assert evaluated(rows, state, at_rest(state), 0, 3.0) == {"one": 3.0, "two": 6.0}
    assert calls == ["both"]


def test_what_is_missing_is_all_that_there_would_be() -> None:
    for battery in ("m1", ["m1", "m2"]):
        chain = ly.catalog.cascade(3, drive=0.05, damping=0.1)
        network = ly.Network(chain.modes, chain.elements, "m0", battery)
        hot = ly.states.thermal(np.ones((3, 1)))
        there, missing = values_of_modes(network, hot, at_rest(hot)), missing_values(network)
        assert {name: np.shape(value) for name, value in there.items()} == {
            name: np.shape(value) for name, value in missing.items()
        }
        assert all(np.isnan(value).all() for value in missing.values())


def test_what_stands_where() -> None:
    assert [row.name for row in rows_of("charger")] == ["charger_energy"]
    own = {"stored_energy", "passive_energy", "ergotropy", "charging_power"}
    own |= {"gaussian_ergotropy", "energy_variance", "number_variance", "purity", "entropy"}
    assert {row.name for row in rows_of("battery")} == own
    assert all(is_per_battery(name) for name in (*own, "utilization_ratio", "charging_efficiency"))
    assert not any(map(is_per_battery, ("charger_energy", "drive_work", "is_stable", "total_ergotropy", "time")))
    assert [name for name in QUANTITIES if not is_over_time(name)] == ["is_stable"]


@pytest.mark.parametrize("noise", [0.0, 1e-12])
def test_ratios_over_noise_are_missing(noise: float) -> None:
    values = {name: np.array([1e-14, 0.5]) for name in ("ergotropy", "stored_energy", "charger_energy")}
    found = with_ratios(values, 1, noise=noise)
    assert np.isnan(found["utilization_ratio"]).tolist() == [noise > 0, False]
    assert "charging_efficiency" not in found
