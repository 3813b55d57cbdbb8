"""Charging curves that are filled in where something happens: as from matrices of all modes, out of reach, too."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

import leyden as ly

C = ly.catalog
CURVES = import_module("leyden.low_rank.curves")
RATIOS = (
    ("utilization_ratio", "ergotropy", "stored_energy"),
    ("conversion_ratio", "ergotropy", "charger_energy"),
    ("transfer_ratio", "stored_energy", "charger_energy"),
    ("charging_efficiency", "ergotropy", "drive_work"),
)
TIMES = np.array([0.0, 0.3, 0.31, 2.0, 6.0])


def agree(network: ly.Network, times: np.ndarray = TIMES) -> None:
    """All variables of both methods, with their dims; ratios, which have no digits early on, against their parts."""
    found, expected = (ly.charge(network, times, method=method) for method in ("sparse", "dense"))
    assert set(found.data_vars) == set(expected.data_vars)
    for name, value in expected.data_vars.items():
        assert found[name].dims == value.dims
        assert found[name].dtype == value.dtype
        if "ratio" not in name and "efficiency" not in name:
            scale = float(np.abs(value).max())
            # Energies are of second order in an excess of up to 0.1, which is known to 1e-17.
            np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-12 * scale + 1e-16, err_msg=str(name))
    for prefix in ("", "total_") if len(network.batteries) > 1 else ("",):
        for name, above, below in RATIOS:
            whole = found[below] if below in {"charger_energy", "drive_work"} else found[prefix + below]
            expected_ratio = found[prefix + above] / whole.where(whole != 0)
            ratio = found[prefix + name].transpose(*expected_ratio.dims)
            np.testing.assert_allclose(ratio, expected_ratio, rtol=1e-14, err_msg=prefix + name)


def cascade(count: int, *, batteries: list[str] | None = None, charger: str = "m0", driven: int = 0) -> ly.Network:
    """One link after the other, with the modes before the driven one out of reach."""
    pairs = np.stack([np.arange(count - 1), np.arange(1, count)], axis=1)
    parts = [
        ly.TwoPhotonDrive(f"m{driven}", 0.05),
        ly.Family(ly.LocalBath, range(count), rate=0.2),
        ly.Family(ly.SharedBath, pairs, weights=(2**-0.5, 2**-0.5), rate=1.0),
        ly.Family(ly.CoherentCoupling, pairs, strength=-0.25j),
    ]
    battery = [f"m{mode}" for mode in range(count) if f"m{mode}" != charger] if batteries is None else batteries
    return ly.Network(ly.Modes(count, frequency=np.linspace(1, 2, count)), parts, charger=charger, battery=battery)


@pytest.mark.parametrize("at_once", [1, 7, 2**14])
def test_all_batteries(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CURVES, "_AT_ONCE", at_once)
    agree(cascade(9))


def test_batteries_out_of_reach_stay_empty_and_without_ratios() -> None:
    agree(cascade(12, driven=7))
    agree(cascade(12, driven=7, charger="m7"))
    found = ly.charge(cascade(12, driven=7, charger="m7"), TIMES, method="sparse")
    before = [f"m{mode}" for mode in range(7)]
    assert not found.stored_energy.sel(mode=before).any()
    assert not found.conversion_ratio.sel(mode=before)[:, 1:].any()
    assert np.isnan(found.utilization_ratio.sel(mode=before)).all()
    assert (found.stored_energy.sel(mode="m8")[1:] > 0).all()


def test_batteries_in_any_order() -> None:
    agree(cascade(12, driven=4, batteries=["m7", "m1", "m5", "m11", "m2"]))


@pytest.mark.parametrize("battery", ["m5", "m2"])
def test_one_battery_has_no_axis(battery: str) -> None:
    agree(cascade(8, driven=4, batteries=[battery]))


@pytest.mark.parametrize("times", [[0.0], [3.0], [0.0, 1e-3], np.geomspace(1e-6, 30, 150)], ids=len)
def test_any_times(times: list[float]) -> None:
    agree(cascade(6), np.asarray(times))


def test_neither_drive_nor_disturbance() -> None:
    place = range(6)
    network = ly.Network(ly.Modes(6), [ly.Family(ly.LocalBath, place, rate=0.2)], charger="m0", battery=["m1", "m2"])
    agree(network)
    agree(C.lattice(3, 3, drive=0.0, damping=0.1, coupling=0.2))
