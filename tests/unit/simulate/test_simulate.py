"""The front door: labels off and on, Datasets as the contract has them, refusals in one line."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form, dense, results, states
from leyden.conventions import DESCRIPTION
from leyden.model.files import device_record
from leyden.quantities import QUANTITIES

PAIR = {"charger_damping": 0.1, "battery_damping": 0.3}
DRIVE = xr.DataArray([0.0, 0.05, 0.1, 0.2], dims="drive", coords={"drive": [0.0, 0.05, 0.1, 0.2]})
DAMPING = xr.DataArray([0.1, 0.4], dims="damping", coords={"damping": [0.1, 0.4]})
TIMES = np.array([0.0, 1.0, 2.0, 30.0])

STEADY = {
    "stored_energy",
    "passive_energy",
    "ergotropy",
    "charging_power",
    "charger_energy",
    "utilization_ratio",
    "conversion_ratio",
    "transfer_ratio",
    "is_stable",
    "gaussian_ergotropy",
    "energy_variance",
    "number_variance",
    "purity",
    "entropy",
}


def device(**change) -> ly.Network:
    return ly.catalog.two_photon_battery(**({"drive": 0.05} | PAIR | change))


def test_datasets_hold_what_the_contract_says() -> None:
    steady, run = ly.steady_state(device()), ly.charge(device(), TIMES)
    assert set(steady.data_vars) == STEADY
    assert set(run.data_vars) == STEADY | {"drive_work", "charging_efficiency"}
    assert set(ly.stability(device()).data_vars) == {"spectral_abscissa", "is_stable", "eigenvalues"}
    about = {"device": "two_photon_battery", "version": ly.__version__, "conventions": DESCRIPTION}
    assert {**ly.stability(device()).attrs, **about} == ly.stability(device()).attrs
    for found in (steady, run):
        assert found.attrs == about | {"method": "dense", "device_file": device_record(device())}
        for name, value in found.data_vars.items():
            assert value.dtype == (bool if name == "is_stable" else float)
            assert value.attrs == QUANTITIES[name].attributes()
    assert run.sizes == {"time": 4}
    assert run.time.values.tolist() == TIMES.tolist()
    assert run.time.attrs == QUANTITIES["time"].attributes()
    assert run.is_stable.dims == ()
    assert steady.sizes == {}


def test_the_merits_are_those_of_the_states() -> None:
    found = ly.charge(device(frequency=2.0), TIMES)
    equations = ly.moment_equations(device(frequency=2.0))
    state, rates = ly.dense.propagate_with_rates(equations, states.vacuum(2), TIMES)
    expected = {
        "stored_energy": ly.merit.energy(state, 1, 2.0),
        "charger_energy": ly.merit.energy(state, 0, 2.0),
        "ergotropy": ly.merit.ergotropy(state, 1, 2.0),
        "passive_energy": ly.merit.passive_energy(state, 1, 2.0),
        "charging_power": ly.merit.power(state, rates, 1, 2.0),
    }
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name].values, values)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(found.utilization_ratio, found.ergotropy / found.stored_energy, rtol=1e-15)
        np.testing.assert_allclose(found.conversion_ratio, found.ergotropy / found.charger_energy, rtol=1e-15)
        np.testing.assert_allclose(found.transfer_ratio, found.stored_energy / found.charger_energy, rtol=1e-15)


def test_vanishing_energies_have_no_ratios() -> None:
    run = ly.charge(device(), TIMES)
    idle = ly.steady_state(device(drive=0.0))
    for name in ("utilization_ratio", "conversion_ratio", "transfer_ratio"):
        assert np.isnan(run[name][0])
        assert np.isfinite(run[name][1:]).all()
        assert np.isnan(idle[name])
    assert float(idle.charging_power) == 0.0


@pytest.mark.parametrize("measure", [ly.steady_state, lambda network: ly.charge(network, TIMES), ly.stability])
def test_labels_come_back(measure) -> None:
    """The grid of the labels, each point the device with those numbers."""
    found = measure(device(drive=DRIVE, battery_damping=DAMPING))
    assert found.is_stable.dims == ("drive", "damping")
    xr.testing.assert_identical(found.coords["drive"], DRIVE.coords["drive"])
    xr.testing.assert_identical(found.coords["damping"], DAMPING.coords["damping"])
    assert found.is_stable.values.tolist() == [[True, True]] * 3 + [[False, False]]
    for index in ((1, 0), (2, 1)):
        one = measure(device(drive=float(DRIVE[index[0]]), battery_damping=float(DAMPING[index[1]])))
        point = found.isel(drive=index[0], damping=index[1])
        for name, value in one.data_vars.items():
            assert point[name].dims == value.dims
            np.testing.assert_allclose(point[name], value, rtol=1e-12, atol=1e-15, err_msg=name)


def test_unstable_points_are_data_in_a_batch() -> None:
    found = ly.steady_state(device(drive=DRIVE))
    for name in STEADY - {"is_stable"}:
        assert np.isnan(found[name][3])
    assert np.isfinite(found.stored_energy[:3]).all()
    single = ly.steady_state(device(drive=DRIVE[3:]))
    assert single.is_stable.values.tolist() == [False]


def test_plain_arrays_are_batches_that_broadcast() -> None:
    found = ly.charge(device(drive=np.zeros((2, 1)), battery_damping=np.array([0.1, 0.2, 0.3])), TIMES)
    assert found.stored_energy.dims == ("batch", "batch_1", "time")
    assert found.stored_energy.shape == (2, 3, 4)
    mixed = ly.steady_state(device(drive=np.array([0.01, 0.1]), battery_damping=DAMPING))
    assert mixed.sizes == {"batch": 2, "damping": 2}
    assert float(mixed.stored_energy[1, 0]) == pytest.approx(
        float(ly.steady_state(device(drive=0.1, battery_damping=0.1)).stored_energy), rel=1e-13
    )
    assert ly.steady_state(device(drive=[])).sizes == {"batch": 0}
    assert ly.charge(device(drive=[]), TIMES).sizes == {"batch": 0, "time": 4}
    assert ly.stability(device(drive=[])).sizes == {"batch": 0, "eigenvalue": 4, "part": 2}


@pytest.mark.parametrize("name", ["drive", "charger_damping", "shared_rate", "battery_weight", "phase", "detuning"])
@pytest.mark.parametrize("build", ["two_photon_battery", "one_photon_battery"])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_one_parameter_as_an_array(build: str, name: str, count: int) -> None:
    """Then drift, source and forcing have unlike axes; of any length, two of a kind among them."""
    values = np.linspace(0.02, 0.09, count)
    make = getattr(ly.catalog, build)
    for measure in (ly.steady_state, lambda network: ly.charge(network, [*TIMES, 40.0])):
        found = measure(make(**({"drive": 0.02} | PAIR | {name: values})))
        for index, value in enumerate(values):
            one = measure(make(**({"drive": 0.02} | PAIR | {name: value})))
            for merit in ("stored_energy", "ergotropy", "charger_energy", "charging_power"):
                np.testing.assert_allclose(found[merit][index], one[merit], rtol=1e-12, atol=1e-16, err_msg=merit)


def test_a_parameter_that_no_merit_depends_on_still_has_its_axis() -> None:
    found = ly.steady_state(device(phase=xr.DataArray([0.0, 1.0, 2.0], dims="phase")))
    assert found.stored_energy.dims == ("phase",)
    np.testing.assert_allclose(found.stored_energy, found.stored_energy[0], rtol=1e-13)
    assert found.stored_energy.values.flags.writeable


def test_labelled_frequencies_price_the_energies() -> None:
    frequency = xr.DataArray([1.0, 2.0], dims="frequency")
    for found in (ly.steady_state(device(frequency=frequency)), ly.charge(device(frequency=frequency), TIMES)):
        for name in ("stored_energy", "ergotropy", "charger_energy", "charging_power", "passive_energy"):
            np.testing.assert_allclose(found[name][1], 2 * found[name][0], rtol=1e-15)
    assert ly.charge(device(frequency=frequency), TIMES).drive_work.shape == (2, 4)


def test_loops_over_labelled_parameters_give_numbers() -> None:
    for value in DRIVE[:3]:
        assert ly.steady_state(device(drive=value)).sizes == {}


def test_several_batteries_have_a_mode_axis_and_totals() -> None:
    drive = xr.DataArray([0.01, 0.05], dims="drive")
    chain = ly.catalog.cascade(4, drive=drive, damping=0.1)
    for found, tail in ((ly.steady_state(chain), ()), (ly.charge(chain, TIMES), ("time",))):
        assert found.mode.values.tolist() == ["m1", "m2", "m3"]
        assert found.stored_energy.dims == ("drive", "mode", *tail)
        assert found.charger_energy.dims == ("drive", *tail)
        assert found.conversion_ratio.dims == ("drive", "mode", *tail)
        for name in ("stored_energy", "ergotropy", "passive_energy", "charging_power"):
            np.testing.assert_allclose(found[f"total_{name}"], found[name].sum("mode"), rtol=1e-14, atol=1e-300)
            assert found[f"total_{name}"].attrs["description"].startswith("sum over the batteries, each by itself: ")
            assert found[f"total_{name}"].attrs["units"] == QUANTITIES[name].unit
        total = found.total_ergotropy / found.total_stored_energy
        np.testing.assert_allclose(found.total_utilization_ratio, total.where(found.total_stored_energy > 0))
        conversion = found.total_ergotropy / found.charger_energy
        np.testing.assert_allclose(found.total_conversion_ratio, conversion.where(found.charger_energy > 0))
        np.testing.assert_allclose(
            found.transfer_ratio, (found.stored_energy / found.charger_energy).where(found.charger_energy > 0)
        )
    single = ly.steady_state(ly.catalog.cascade(2, drive=0.05, damping=0.1))
    assert "mode" not in single.dims
    assert "total_ergotropy" not in single


def test_each_battery_of_a_network_by_name() -> None:
    network = ly.catalog.cascade(3, drive=0.05, damping=0.1)
    several = ly.steady_state(network)
    for name in ("m1", "m2"):
        one = ly.steady_state(ly.Network(network.modes, network.elements, charger="m0", battery=name))
        assert float(several.stored_energy.sel(mode=name)) == pytest.approx(float(one.stored_energy), rel=1e-14)
    both = ly.steady_state(ly.Network(network.modes, network.elements, charger="m1", battery=["m2", "m0"]))
    assert both.mode.values.tolist() == ["m2", "m0"]
    assert float(both.charger_energy) == pytest.approx(float(several.stored_energy.sel(mode="m1")), rel=1e-14)


def test_initial_states() -> None:
    start = states.product(states.coherent(1.0), states.thermal(0.5))
    found = ly.charge(device(), TIMES, initial=start)
    assert float(found.charger_energy[0]) == pytest.approx(1.0, rel=1e-15)
    assert float(found.stored_energy[0]) == 0.5
    assert float(found.ergotropy[0]) == 0.0
    np.testing.assert_array_equal(
        ly.charge(device(), TIMES).stored_energy, ly.charge(device(), TIMES, initial=states.vacuum(2)).stored_energy
    )


def test_batches_of_initial_states_stand_in_front() -> None:
    start = states.thermal(np.arange(10.0).reshape(5, 1, 2))
    found = ly.charge(device(drive=DRIVE), TIMES, initial=start)
    assert found.stored_energy.dims == ("initial", "drive", "time")
    assert found.stored_energy.shape == (5, 4, 4)
    np.testing.assert_allclose(found.stored_energy[:, 0, 0], [1.0, 3.0, 5.0, 7.0, 9.0], rtol=1e-15)
    one = ly.charge(device(drive=0.1), TIMES, initial=states.thermal([4.0, 5.0]))
    np.testing.assert_allclose(found.stored_energy[2, 2], one.stored_energy, rtol=1e-13)
    meeting = ly.charge(device(drive=DRIVE), TIMES, initial=states.thermal(np.ones((4, 2))))
    assert meeting.stored_energy.dims == ("drive", "time")


def complex_of(parts: xr.DataArray) -> np.ndarray:
    return parts.sel(part="real").values + 1j * parts.sel(part="imaginary").values


def test_stability_sorts_the_spectrum() -> None:
    found = ly.stability(device(drive=DRIVE, detuning=0.3))
    spectrum = complex_of(found.eigenvalues)
    assert found.eigenvalues.dims == ("drive", "eigenvalue", "part")
    assert found.eigenvalues.dtype == float
    assert found.part.values.tolist() == ["real", "imaginary"]
    assert (np.diff(spectrum.real, axis=-1) <= 1e-12).all()
    np.testing.assert_array_equal(found.spectral_abscissa, spectrum[:, 0].real)
    # Undriven: -Lambda/2 -+ i Delta of charger and battery.
    np.testing.assert_allclose(spectrum[0].real, [-0.3, -0.3, -0.4, -0.4], atol=1e-14)
    np.testing.assert_allclose(np.abs(spectrum[0].imag), 0.3, atol=1e-14)


def test_a_single_unstable_device_is_an_error_with_a_remedy() -> None:
    with pytest.raises(ly.UnstableError, match=r"below its critical amplitude 0\.15, or raise the damping") as caught:
        ly.steady_state(device(drive=0.25))
    assert caught.value.spectral_abscissa == pytest.approx(0.2, rel=1e-12)
    assert caught.value.threshold == pytest.approx(0.15, rel=1e-12)
    assert "Its transient can still be had with `charge`." in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(ly.UnstableError, match="Nothing damps modes 'charger', 'battery'") as caught:
        ly.steady_state(device(charger_damping=0.0, battery_damping=0.0, shared_rate=0.0))
    assert caught.value.threshold == 0.0
    with pytest.raises(ly.UnstableError, match=r"Nothing damps mode 'a'\. Damp it") as caught:
        ly.steady_state(ly.Network([ly.Mode("a")], [], charger="a", battery="a"))
    assert caught.value.threshold is None


def test_traced_devices_are_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether they are stable, or grow too large, nobody knows yet; the answer is in the numbers."""
    for room in (dense.method, results.overflow):
        monkeypatch.setattr(room, "is_concrete", lambda _: False)
    assert not np.isfinite(ly.charge(device(drive=5.0), [0.0, 1.0, 1e3]).stored_energy[-1])
    assert np.isnan(ly.steady_state(device(drive=5.0)).stored_energy)


def test_merits_stay_finite_as_long_as_the_energy_does() -> None:
    """Up to 1e300 quanta: no ergotropy of infinity; and a passive energy that rounding hides is missing, not wrong."""
    times = np.linspace(0.0, 36.0, 145)
    found = ly.charge(device(drive=5.0), times)
    assert float(found.stored_energy[-1]) > 1e290
    for name in ("ergotropy", "charger_energy", "drive_work"):
        assert np.isfinite(found[name]).all(), name
    assert ((found.ergotropy >= 0) & (found.ergotropy <= found.stored_energy * (1 + 1e-14))).all()
    paper = closed_form.DirectedDevice(
        drive=5.0, total_charger_damping=0.6, total_battery_damping=0.8, transport_rate=0.5
    )
    exact = closed_form.passive_energy(paper, times)
    known = np.isfinite(found.passive_energy.values)
    assert 5 < known.sum() < 30
    assert known[: known.sum()].all()
    np.testing.assert_allclose(found.passive_energy[known], exact[known], rtol=0.02)
    np.testing.assert_allclose((found.ergotropy + found.passive_energy)[known], found.stored_energy[known], rtol=1e-12)


def test_overflow_in_a_batch_is_data() -> None:
    found = ly.charge(device(drive=np.array([0.05, 5.0])), np.linspace(0.0, 100.0, 11))
    assert np.isfinite(found.stored_energy[0]).all()
    assert not np.isfinite(found.stored_energy[1, -1])


@pytest.mark.parametrize(
    ("dim", "measure"),
    [
        ("time", lambda network: ly.charge(network, TIMES)),
        ("stored_energy", ly.steady_state),
        ("is_stable", ly.stability),
        ("eigenvalue", ly.stability),
    ],
)
def test_dims_that_results_need_for_themselves(refuses, dim: str, measure) -> None:
    refuses("network", lambda: measure(device(drive=DRIVE.rename(drive=dim))), f"but is '{dim}'")


def test_dims_that_other_results_need_are_free() -> None:
    assert ly.steady_state(device(drive=DRIVE.rename(drive="time"))).sizes == {"time": 4}
    assert ly.steady_state(device(drive=DRIVE.rename(drive="mode"))).sizes == {"mode": 4}
    assert ly.charge(device(drive=DRIVE.rename(drive="eigenvalue")), TIMES).sizes == {"eigenvalue": 4, "time": 4}


def test_mode_is_taken_where_there_are_several_batteries(refuses) -> None:
    chain = ly.catalog.cascade(3, drive=DRIVE.rename(drive="mode"), damping=0.1)
    refuses("network", lambda: ly.steady_state(chain), "but is 'mode'")


@pytest.mark.parametrize("bad", ["vacuum", 3, np.zeros(4), (np.zeros(4), np.zeros((4, 4)))], ids=repr)
def test_initial_states_are_states(refuses, bad) -> None:
    refuses("initial", lambda: ly.charge(device(), TIMES, initial=bad), "be a GaussianState")


def test_initial_states_have_the_modes_of_the_network(refuses) -> None:
    for modes in (1, 3):
        start = states.vacuum(modes)
        refuses("initial", lambda start=start: ly.charge(device(), TIMES, initial=start), "2 modes", f"is {modes}")
    refuses("initial", lambda: ly.charge(device(drive=DRIVE), TIMES, initial=states.thermal(np.ones((5, 2)))), "(4,)")
    wide = device(drive=DRIVE[:1])
    refuses("initial", lambda: ly.charge(wide, TIMES, initial=states.thermal(np.ones((5, 2)))), "(1,)")


def test_bad_times_are_refused_at_the_door(refuses) -> None:
    for times in ([], [[0.0]], [1.0, 0.0], [-1.0], [np.nan], "x", None, ["1"], np.array([1j])):
        refuses("times", lambda times=times: ly.charge(device(), times))


@pytest.mark.parametrize("bad", ["x", None, 3, {"modes": []}], ids=repr)
@pytest.mark.parametrize(
    "measure", [ly.steady_state, lambda bad: ly.charge(bad, TIMES), ly.stability, ly.critical_drive]
)
def test_networks_are_networks(refuses, measure, bad) -> None:
    refuses("network", lambda: measure(bad), "be a Network")


def test_unlike_coordinates_never_drop_points(refuses) -> None:
    other = DAMPING.rename(damping="drive").assign_coords(drive=[0.0, 0.05])
    refuses("LocalBath(battery).rate", lambda: ly.steady_state(device(drive=DRIVE, battery_damping=other)))
    shifted = xr.DataArray(np.full(4, 0.1), dims="drive", coords={"drive": [0.05, 0.1, 0.2, 0.3]})
    for measure in (ly.steady_state, lambda network: ly.charge(network, TIMES), ly.stability, ly.critical_drive):
        network = device(phase=DRIVE, charger_damping=shifted)
        refuses("LocalBath(charger).rate", lambda measure=measure, network=network: measure(network))
