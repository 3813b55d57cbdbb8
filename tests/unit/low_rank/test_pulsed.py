"""Large networks under pulses: against matrices of all modes, equations written by hand, and constant drives."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import solve_ivp
from scipy.sparse import diags_array

import leyden as ly
from leyden import pulse

C = ly.catalog
TIMES = np.linspace(0.0, 15.0, 31)
NAMES = ("stored_energy", "ergotropy", "passive_energy", "charging_power", "charger_energy", "drive_work")
PULSED = import_module("leyden.low_rank.pulsed")


def everything_changes() -> ly.Network:
    """A packet, a kick, a detuning, a coupling and a rate that move, a back-action, a shared bath."""
    elements = [
        ly.TwoPhotonDrive("a", pulse.gaussian(0.4, 5.0, 1.0) * pulse.cosine(1.0, 2.0), 0.3),
        ly.OnePhotonDrive("c", pulse.square(0.3, 2.0, 5.0)),
        ly.OnePhotonDrive("b", 0.1, 0.2),
        ly.CoherentCoupling("a", "b", pulse.ramp(0.0, 0.4j, 1.0, 6.0)),
        ly.ParametricCoupling("b", "c", 0.05),
        ly.LocalBath("a", 0.2 + pulse.gaussian(0.3, 8.0, 0.5)),
        ly.LocalBath("b", 0.1),
        ly.LocalBath("c", 0.3),
        ly.SharedBath({"a": 0.7, "c": 0.7j}, 0.5),
    ]
    modes = [ly.Mode("a", 1.0, pulse.cosine(0.5, 1.0)), ly.Mode("b"), ly.Mode("c", 2.0)]
    return ly.Network(modes, elements, charger="a", battery=["b", "c"])


DEVICES = {
    "kick": C.cascade(5, drive=pulse.gaussian(0.3, 6.0, 1.0), damping=0.1),
    "one photon": C.cascade(5, drive=pulse.gaussian(0.3, 6.0, 1.0), damping=0.1, photons=1),
    "on top": C.cascade(4, drive=0.02 + pulse.gaussian(0.1, 6.0, 1.5), damping=0.1),
    "lattice": C.lattice(2, 2, drive=pulse.gaussian(0.2, 6.0, 1.0), damping=0.1, coupling=0.3),
    "everything": everything_changes(),
}


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES)
def test_few_modes_are_as_by_matrices_of_all(device: ly.Network) -> None:
    found, expected = (ly.charge(device, TIMES, method=method) for method in ("low_rank", "dense"))
    assert found.attrs["method"] == "low_rank"
    assert 0 < found.attrs["error"] <= 1e-10
    assert set(found.data_vars) == set(expected.data_vars)
    for name in NAMES:
        scale = float(abs(expected[name]).max())
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=1e-10 * scale, err_msg=name)


def by_hand(count: int, height: float, times: np.ndarray) -> np.ndarray:
    """Quanta (t, N) of a cascade under a kick, from dS/dt with the drift of each mode as it stands in the paper."""
    decay = np.full(count, 0.1 + 1.0) / 2
    decay[[0, -1]] = (0.1 + 0.5) / 2
    moves = diags_array([np.repeat(-decay, 2), np.full(2 * count - 2, -0.5)], offsets=[0, -2]).tocsr()

    def rates(time: float, flat: Any) -> Any:
        excess = flat.reshape(2 * count, 2 * count)
        half = moves @ excess
        squeezing = -2 * height * np.exp(-0.5 * (time - 5.0) ** 2)
        half[0] += squeezing * excess[1]
        half[1] += squeezing * excess[0]
        half = half + half.T
        half[0, 1] += squeezing
        half[1, 0] += squeezing
        return half.ravel()

    nothing = np.zeros(4 * count**2)
    run = solve_ivp(rates, (0, times[-1]), nothing, "DOP853", times, rtol=1e-12, atol=1e-14)
    variances = np.diagonal(run.y.T.reshape(-1, 2 * count, 2 * count), axis1=1, axis2=2)
    return (variances[:, ::2] + variances[:, 1::2]) / 2


def test_a_long_cascade_is_what_its_equations_say() -> None:
    times = np.array([0.0, 4.0, 6.0, 9.0])
    run = ly.charge(C.cascade(150, drive=pulse.gaussian(0.3, 5.0, 1.0), damping=0.1), times)
    assert run.attrs["method"] == "low_rank"
    expected = by_hand(150, 0.3, times)
    np.testing.assert_allclose(run.stored_energy.T, expected[:, 1:], rtol=0, atol=1e-11)
    np.testing.assert_allclose(run.charger_energy, expected[:, 0], rtol=0, atol=1e-11)


def test_a_constant_pulse_is_a_constant() -> None:
    changing, constant = (
        ly.charge(C.cascade(200, drive=drive, damping=0.1), TIMES)
        for drive in (pulse.piecewise([0.0, 20.0], [0.1]), 0.1)
    )
    assert changing.attrs["method"] == constant.attrs["method"] == "low_rank"
    for name in NAMES:
        scale = float(abs(constant[name]).max())
        np.testing.assert_allclose(changing[name], constant[name], rtol=0, atol=1e-10 * scale, err_msg=name)
    assert bool(changing.is_stable) is bool(constant.is_stable) is True


def test_what_is_asked_for_is_what_comes() -> None:
    exact = ly.charge(DEVICES["everything"], TIMES, tolerance=1e-13)
    before = np.inf
    for tolerance in (1e-4, 1e-12):
        run = ly.charge(DEVICES["everything"], TIMES, tolerance=tolerance, method="low_rank")
        assert run.attrs["error"] <= tolerance
        off = float(abs(run.stored_energy - exact.stored_energy).max() / exact.stored_energy.max())
        assert off <= run.attrs["error"] + 1e-13 < before
        before = run.attrs["error"]


def test_columns_that_add_nothing_are_left_out_and_modes_come_in_as_they_are_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = C.cascade(400, drive=pulse.gaussian(0.3, 6.0, 1.0), damping=0.1)
    times = np.linspace(0.0, 60.0, 25)
    run = ly.charge(network, times)
    assert 5 < run.attrs["rank"] < 60
    monkeypatch.setattr(PULSED, "_SOME_COLUMNS", 10_000)
    monkeypatch.setattr(PULSED, "_SHARES", (1.0,))
    other = ly.charge(network, times)
    assert other.attrs["rank"] == 0
    for name in NAMES:
        scale = float(abs(other[name]).max())
        np.testing.assert_allclose(run[name], other[name], rtol=0, atol=1e-12 * scale, err_msg=name)


def test_ten_thousand_modes() -> None:
    """Those that the kick has reached are as in a short cascade, and the others empty."""
    kick = pulse.gaussian(0.3, 6.0, 1.0)
    long, short = (ly.charge(C.cascade(count, drive=kick, damping=0.1), TIMES) for count in (10_000, 160))
    some = short.mode[:100]
    np.testing.assert_allclose(long.stored_energy.sel(mode=some), short.stored_energy.sel(mode=some), atol=1e-14)
    assert not long.stored_energy[1000:].any()


def test_a_batch_is_the_loop_over_its_members() -> None:
    heights = xr.DataArray([0.1, 0.2], dims="height")
    both = ly.charge(C.cascade(150, drive=pulse.gaussian(heights, 5.0, 1.0), damping=0.1), TIMES[:9])
    alone = ly.charge(C.cascade(150, drive=pulse.gaussian(0.2, 5.0, 1.0), damping=0.1), TIMES[:9])
    assert both.attrs["method"] == "low_rank"
    np.testing.assert_allclose(both.stored_energy[1], alone.stored_energy, rtol=0, atol=1e-15)


def test_time_zero_alone_and_nothing_that_drives() -> None:
    assert not ly.charge(C.cascade(150, drive=pulse.gaussian(0.1, 5.0, 1.0), damping=0.1), [0.0]).stored_energy.any()
    still = ly.charge(C.cascade(150, drive=0.0 * pulse.gaussian(1.0, 5.0, 1.0), damping=0.1), TIMES)
    assert not still.total_stored_energy.any()
    assert not still.drive_work.any()


def test_what_it_cannot_follow_is_said(refuses: Any) -> None:
    kick = pulse.gaussian(0.1, 5.0, 1.0)
    warm = C.cascade(150, drive=kick, damping=0.1, occupation=0.2)
    refuses("method", lambda: ly.charge(warm, [1.0], method="low_rank"), "warm baths")
    loud = C.cascade(3, drive=pulse.gaussian(200.0, 5.0, 1.0), damping=0.1)
    refuses("times", lambda: ly.charge(loud, [0.0, 5.0, 8.0], method="low_rank"), "number range")
    refuses("times", lambda: ly.charge(C.cascade(150, drive=kick, damping=0.1), [1e7]), "at most 100000 steps")


def test_drives_whose_disturbance_is_near_to_too_many_modes_are_refused(
    monkeypatch: pytest.MonkeyPatch, refuses: Any
) -> None:
    monkeypatch.setattr(PULSED, "_NEAR", 20)
    lattice = C.lattice(13, 13, drive=pulse.gaussian(0.1, 5.0, 1.0), damping=0.1, coupling=0.3)
    short = ly.charge(lattice, [2.0, 4.0])
    monkeypatch.setattr(PULSED, "_MOST_NEAR", 20)
    refuses("network", lambda: ly.charge(lattice, [4.0], method="low_rank"), "10 modes", 'method="dense"')
    monkeypatch.undo()
    usual = ly.charge(lattice, [2.0, 4.0])
    assert short.attrs["steps"] > 3 * usual.attrs["steps"]
    np.testing.assert_allclose(short.stored_energy, usual.stored_energy, rtol=0, atol=1e-14)
