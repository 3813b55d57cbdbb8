"""States in time: those whose merits `charge` gives, kept in Datasets and files, and taken up again."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import leyden as ly

TIMES = np.array([0.0, 0.7, 2.0, 9.0])
PAIR = {"charger_damping": 0.1, "battery_damping": 0.2}


def pair(**parameters: object) -> ly.Network:
    return ly.catalog.two_photon_battery(**{"drive": 0.1, **PAIR, **parameters})


def displaced() -> ly.GaussianState:
    return ly.states.product(ly.states.coherent([0.3 + 0.1j]), ly.states.squeezed([0.4]))


@pytest.mark.parametrize("initial", [None, displaced()], ids=["vacuum", "displaced"])
@pytest.mark.parametrize("times", [TIMES, np.linspace(0.0, 3.0, 7)], ids=["scattered", "equidistant"])
def test_merits_of_the_state_are_those_of_charge(initial: ly.GaussianState | None, times: np.ndarray) -> None:
    device = pair(detuning=0.3)
    run, state = ly.charge(device, times, initial=initial), ly.evolve(device, times, initial=initial)
    assert state.shape == times.shape
    np.testing.assert_allclose(ly.merit.energy(state, 1), run.stored_energy, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(ly.merit.ergotropy(state, 1), run.ergotropy, rtol=1e-12, atol=1e-15)


def test_a_run_goes_on_from_any_of_its_times() -> None:
    """The flow of a constant device: from 0 to s, then from s to t, is from 0 to t."""
    device = pair(detuning=0.2)
    half = ly.evolve(device, [1.5], initial=displaced())
    whole, rest = ly.evolve(device, [4.0], initial=displaced()), ly.evolve(device, [2.5], initial=half[-1])
    np.testing.assert_allclose(rest.mean, whole.mean, atol=1e-14)
    np.testing.assert_allclose(rest.covariance, whole.covariance, atol=1e-13)


def test_batches_come_first_in_the_order_of_charge() -> None:
    drive = xr.DataArray([0.05, 0.1, 0.12], dims="drive", coords={"drive": [0.05, 0.1, 0.12]})
    frequency = xr.DataArray([1.0, 3.0], dims="frequency")
    device = pair(drive=drive, frequency=frequency)
    run, state = ly.charge(device, TIMES), ly.evolve(device, TIMES)
    assert state.shape == tuple(run.sizes[dim] for dim in run.stored_energy.dims)
    quanta = ly.merit.energy(state, 1)
    np.testing.assert_allclose(quanta, run.stored_energy / frequency, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("times", [[0.0, 1.0, 2.0], [0.0, 1.0, 2.7]])
def test_frequencies_or_coherent_drives_alone_may_be_a_batch(times: list[float]) -> None:
    """A frequency moves no state, and a coherent drive its mean alone: the others are spread over the batch."""
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2)
    driven = ly.Network(device.modes, [*device.elements, ly.OnePhotonDrive("charger", 0.1)], "charger", "battery")
    for address in ("Mode(battery).frequency", "OnePhotonDrive(charger).amplitude"):
        grid = driven.replace(**{address: xr.DataArray([0.5, 2.0], dims="x")})
        states, kept, run = (
            ly.evolve(grid, times),
            ly.charge(grid, times, keep_state=True),
            ly.correlations(grid, times),
        )
        assert states.shape == (2, 3)
        for place, value in enumerate((0.5, 2.0)):
            alone = ly.evolve(driven.replace(**{address: value}), times)
            np.testing.assert_allclose(states[place].mean, alone.mean, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(states[place].covariance, alone.covariance, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(kept.covariance[place], alone.covariance, rtol=1e-12, atol=1e-15)
        assert run.log_negativity.dims == ("x", "time")
        cycle = ly.cycle(ly.protocol([ly.Stage("charge", grid, 2.0)], points=2))
        np.testing.assert_allclose(cycle.stored_energy[:, 0], ly.charge(grid, [2.0]).stored_energy[:, 0], rtol=1e-10)


def test_a_state_is_indexed_like_its_batch() -> None:
    for state in (ly.evolve(pair(drive=np.array([0.05, 0.1])), TIMES), ly.states.thermal(np.ones((2, 4, 2)))):
        assert state[..., -1].shape == (2,)
        assert state[0].shape == (4,)
        assert state[:, 1:3].shape == (2, 2)
        np.testing.assert_array_equal(state[1, 2].covariance, state.covariance[1, 2])
        np.testing.assert_array_equal(state[1, 2].mean, state.mean[1, 2])
        with pytest.raises(IndexError):
            state[0, 0, 0]


@pytest.mark.parametrize("several", [False, True])
def test_a_dataset_keeps_the_state(several: bool, tmp_path: Path) -> None:
    device = ly.catalog.cascade(3, drive=1e-7, damping=0.1) if several else pair(drive=1e-7)
    run = ly.charge(device, TIMES, keep_state=True)
    plain = ly.charge(device, TIMES, method="dense")
    xr.testing.assert_identical(run[list(plain.data_vars)], plain)
    assert run.covariance.dims == ("time", "quadrature", "with_quadrature")
    assert run.quadrature[:2].values.tolist() == [f"{device.modes[0].name}.x", f"{device.modes[0].name}.p"]
    run.to_netcdf(tmp_path / "run.nc")
    for kept in (run, xr.load_dataset(tmp_path / "run.nc")):
        state = ly.states.from_dataset(kept, time=9.0)
        battery = 2 if several else 1
        expected = run.ergotropy.sel(time=9.0)
        # Of 1e-14 quanta a covariance near 1/2 would leave two digits.
        np.testing.assert_allclose(
            ly.merit.ergotropy(state, battery), expected.isel(mode=-1) if several else expected, rtol=1e-9
        )
        assert ly.states.from_dataset(kept).shape == TIMES.shape


def test_what_keeps_no_state_says_so() -> None:
    run = ly.charge(pair(), TIMES)
    with pytest.raises(ly.ParameterError, match=r"hold `mean` and `covariance`.*keep_state=True"):
        ly.states.from_dataset(run)
    kept = ly.charge(pair(), TIMES, keep_state=True)
    with pytest.raises(ly.ParameterError, match=r"be one of the Dataset's times.*nearest is 2"):
        ly.states.from_dataset(kept, time=2.1)
    with pytest.raises(ly.ParameterError, match="be left out"):
        ly.states.from_dataset(kept.isel(time=0), time=0.0)
    with pytest.raises(ly.UnphysicalStateError):
        ly.states.from_dataset(kept.drop_vars("own_moments").assign(covariance=0.1 * kept.covariance))
    with pytest.raises(ly.ParameterError, match="keep_state"):
        ly.charge(ly.catalog.cascade(300, drive=0.1, damping=0.1), TIMES, method="sparse", keep_state=True)


def test_moments_beyond_the_number_range_are_refused() -> None:
    with pytest.raises(ly.ParameterError, match="leave the number range"):
        ly.evolve(pair(drive=2.0), [0.0, 1000.0])


def test_the_initial_state_is_checked() -> None:
    with pytest.raises(ly.ParameterError, match="have 2 modes"):
        ly.evolve(pair(), TIMES, initial=ly.states.vacuum(3))
    with pytest.raises(ly.ParameterError, match="be a GaussianState"):
        ly.evolve(pair(), TIMES, initial="vacuum")  # type: ignore[arg-type]


def test_states_are_missing_where_charge_gives_nothing() -> None:
    """A phase w t of 1e15 is rounding: one device is refused, and in a batch its states are NaN from then on."""
    times, name = [0.0, 0.05, 2.0], "Mode(charger).detuning"
    batch = pair(detuning=np.asarray([1.0, 1e16])).replace(**{"LocalBath(charger).rate": 0.0})
    run = ly.charge(batch, times, keep_state=True)
    known = np.isfinite(run.stored_energy.values)
    assert known.tolist() == [[True, True, True], [True, True, False]]
    state = ly.evolve(batch, times)
    for moments, axes in (
        (state.mean, -1),
        (run["mean"], -1),
        (state.covariance, (-2, -1)),
        (run.covariance, (-2, -1)),
    ):
        np.testing.assert_array_equal(np.isfinite(np.asarray(moments)).all(axis=axes), known)
    assert name in batch.parameters
    with pytest.raises(ly.ParameterError, match="until when the phases"):
        ly.evolve(batch.replace(**{name: 1e16, "Mode(battery).detuning": 1e16}), times)


@pytest.mark.parametrize("times", [TIMES, np.linspace(0.0, 3.0, 7)], ids=["scattered", "equidistant"])
def test_one_propagation_gives_merits_and_state(monkeypatch: pytest.MonkeyPatch, times: np.ndarray) -> None:
    method = import_module("leyden.dense.method")
    calls: list[str] = []
    for name in ("propagate", "propagate_with_rates"):
        own = getattr(method, name)
        monkeypatch.setattr(method, name, lambda *given, own=own, name=name: (calls.append(name), own(*given))[1])
    run = ly.charge(pair(), times, keep_state=True)
    assert calls == ["propagate_with_rates"]
    state = ly.evolve(pair(), times)
    assert calls[1:] == ["propagate"]
    np.testing.assert_allclose(run.covariance, state.covariance, rtol=1e-13, atol=1e-15)


def test_states_are_turned_away_where_curves_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """`evolve` asks the methods as `charge` does: what one refuses, or has no memory for, is told in its words."""
    monkeypatch.setattr("leyden.memory.free_bytes", lambda: 2.0**28)
    chain = ly.catalog.cascade(600, drive=0.05, damping=0.1)
    with pytest.raises(ly.ParameterError, match=r"keeps no states of all modes.*matrices of 600 modes"):
        ly.evolve(chain, TIMES)
    start = ly.states.thermal(np.ones((4000, 1, 12)))
    with pytest.raises(ly.ParameterError, match="in a batch of 4000"):
        ly.evolve(ly.catalog.cascade(12, drive=0.05, damping=0.1), np.linspace(0.0, 1.0, 100), initial=start[:, 0])
