"""Labels: they come off in one order, go back on, and nothing is ever dropped or aligned by position in silence."""

from __future__ import annotations

import array_api_strict
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.model.labels import Labels, take_off

DRIVE = xr.DataArray([0.1, 0.2, 0.3], dims="drive", coords={"drive": [1.0, 2.0, 3.0]})
RATE = xr.DataArray([[1.0, 2.0]], dims=("other", "rate"), coords={"rate": ["low", "high"]})


def device(**change) -> ly.Network:
    """One parameter for each place where a number can stand."""
    given = {"detuning": 0.0, "amplitude": 0.1, "phase": 0.0, "rate": 1.0, "weight": 1.0, "strength": 0.2} | change
    return ly.Network(
        [ly.Mode("a", detuning=given["detuning"]), ly.Mode("b")],
        [
            ly.TwoPhotonDrive("a", given["amplitude"], given["phase"]),
            ly.LocalBath("b", given["rate"]),
            ly.SharedBath({"a": given["weight"], "b": 1.0}, 1.0),
            ly.CoherentCoupling("a", "b", given["strength"]),
        ],
        charger="a",
        battery="b",
    )


def test_a_device_of_numbers_is_left_alone() -> None:
    network = device()
    plain, labels = take_off(network)
    assert plain is network
    assert labels == Labels((), (), {}, 0)


def test_plain_axes_come_first_then_dims_as_they_appear() -> None:
    network = device(rate=RATE, detuning=DRIVE, phase=np.zeros((4, 1)), strength=np.zeros(5))
    plain, labels = take_off(network)
    assert labels.dims == ("batch", "batch_1", "drive", "other", "rate")
    assert labels.shape == (4, 5, 3, 1, 2)
    assert labels.plain == 2
    assert set(labels.coordinates) == {"drive", "rate"}
    assert plain.modes[0].detuning.shape == (3, 1, 1)
    assert plain.elements[0].phase.shape == (4, 1, 1, 1, 1)
    assert plain.elements[3].strength.shape == (5, 1, 1, 1)
    assert plain.elements[1].rate.shape == (1, 1, 2)
    np.testing.assert_array_equal(plain.elements[1].rate[0, 0], [1.0, 2.0])
    assert type(plain.elements[1].rate) is np.ndarray


def test_transposed_parameters_meet_by_name() -> None:
    grid = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("rate", "drive"))
    plain, labels = take_off(device(detuning=DRIVE, rate=grid, strength=grid.transpose()))
    assert labels.dims == ("drive", "rate")
    np.testing.assert_array_equal(plain.elements[1].rate, grid.values.T)
    np.testing.assert_array_equal(plain.elements[3].strength, grid.values.T)


def test_weights_can_be_labelled() -> None:
    plain, labels = take_off(device(weight=DRIVE * 1j))
    assert labels.dims == ("drive",)
    np.testing.assert_array_equal(plain.elements[2].weights["a"], DRIVE.values * 1j)


def test_a_coordinate_of_one_parameter_serves_all() -> None:
    _, labels = take_off(device(detuning=DRIVE.drop_vars("drive"), rate=DRIVE))
    xr.testing.assert_identical(labels.coordinates["drive"], DRIVE.drive)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (DRIVE[:2], "have 3 points along `drive`"),
        (DRIVE[:1], "have 3 points along `drive`"),
        (DRIVE.assign_coords(drive=[1.0, 2.0, 4.0]), "same coordinates along `drive`"),
        (DRIVE.assign_coords(drive=[3.0, 2.0, 1.0]), "same coordinates along `drive`"),
        (DRIVE.assign_coords(drive=["a", "b", "c"]), "same coordinates along `drive`"),
    ],
    ids=["shorter", "single", "other", "reversed", "names"],
)
def test_unlike_axes_are_refused(refuses, other: xr.DataArray, words: str) -> None:
    """xarray would intersect them, and leave the user with fewer points than he gave."""
    refuses("LocalBath(b).rate", lambda: take_off(device(detuning=DRIVE, rate=other)), words)


def test_coordinates_equal_up_to_rounding_are_not_equal(refuses) -> None:
    near = DRIVE.assign_coords(drive=[1.0, 2.0, 3.0 + 4e-16])
    refuses("LocalBath(b).rate", lambda: take_off(device(detuning=DRIVE, rate=near)), "Use one coordinate for all")


def test_dims_may_not_take_the_name_of_plain_axes(refuses) -> None:
    batch = DRIVE.rename(drive="batch")
    refuses("LocalBath(b).rate", lambda: take_off(device(rate=batch, phase=np.zeros(3))), "no dim 'batch'")
    assert take_off(device(rate=batch))[1].dims == ("batch",)
    assert take_off(device(rate=batch))[1].plain == 0


def test_all_arrays_come_from_one_library() -> None:
    strict = array_api_strict.asarray([1.0, 2.0])
    plain, labels = take_off(device(rate=strict, phase=np.zeros(2), detuning=DRIVE))
    assert (labels.dims, labels.shape) == (("batch", "drive"), (2, 3))
    for value in (plain.elements[1].rate, plain.elements[0].phase, plain.modes[0].detuning):
        assert type(value) is type(strict)
    assert plain.elements[0].amplitude == 0.1


def test_results_may_keep_names_for_themselves(refuses) -> None:
    labels = Labels(("batch", "time"), (2, 3), {}, 1)
    labels.refuse(("mode",))
    refuses("network", lambda: labels.refuse({"time", "mode"}), "but is 'time'. Rename the dim.")


def charged(**beside: object) -> xr.Dataset:
    """The paper's device at three drives, which have been picked out of a larger result."""
    drive = xr.DataArray([0.05, 0.1, 0.2], dims="drive").assign_coords(drive=[5, 10, 20], **beside)
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
    return ly.charge(device, [0.0, 400.0])


def test_what_stands_over_an_axis_comes_along_unless_its_name_is_taken() -> None:
    """A coordinate called ergotropy would stand where the ergotropy is asked for, and one called time in its way."""
    found = charged(
        sample="s1", kind=("drive", ["a", "b", "c"]), time=3.0, ergotropy=3.0, is_stable=("drive", [1, 1, 1])
    )
    assert set(found.coords) == {"drive", "time", "sample", "kind"}
    assert found.kind.dims == ("drive",)
    on_paper = closed_form.DirectedDevice(
        drive=0.1, total_charger_damping=0.6, total_battery_damping=0.6, transport_rate=0.5
    )
    expected = float(closed_form.steady_ergotropy(on_paper))
    np.testing.assert_allclose(found.ergotropy.sel(drive=10, time=400), expected, rtol=1e-11)
    assert found.is_stable.values.tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["eigenvalue", "part", "eigenvalues", "batch"])
def test_dims_without_labels_are_not_taken_either(name: str) -> None:
    rate = DRIVE.assign_coords({name: 1})
    found = ly.stability(device(detuning=np.zeros(2), rate=rate))
    assert found.eigenvalues.dims == ("batch", "drive", "eigenvalue", "part")
    assert set(found.coords) == {"drive", "part"}


def test_levels_cannot_be_left_out(refuses) -> None:
    rate = xr.DataArray([[1.0, 2.0]], dims=("x", "time"), coords={"x": [1], "time": [1, 2]}).stack(z=("x", "time"))
    refuses("network", lambda: ly.charge(device(rate=rate), [0.0, 1.0]), "but is 'time'. Rename the level.")
    assert ly.steady_state(device(rate=rate)).ergotropy.sel(x=1, time=2).ndim == 0


def test_what_two_parameters_say_differently_is_left_out() -> None:
    first, second = DRIVE.assign_coords(time=1.0, sample="s"), DRIVE.assign_coords(time=2.0, sample="s")
    assert set(ly.steady_state(device(detuning=first, rate=second)).coords) == {"drive", "sample"}


def test_initial_batches_stand_in_front() -> None:
    labels = Labels(("drive",), (3,), {"drive": DRIVE.drive}, 0)
    assert labels.behind(()) == labels
    assert labels.behind((3,)) == labels
    assert labels.behind((1,)) == labels
    assert labels.behind((5, 1)).dims == ("initial", "drive")
    wide = labels.behind((4, 5, 3))
    assert (wide.dims, wide.shape, wide.plain) == (("initial", "initial_1", "drive"), (4, 5, 3), 2)


@pytest.mark.parametrize("shape", [(5,), (3, 5), (2, 3, 2)], ids=str)
def test_initial_batches_that_do_not_fit_are_refused(refuses, shape: tuple[int, ...]) -> None:
    refuses("initial", lambda: Labels(("drive",), (3,), {}, 0).behind(shape), "broadcasts against (3,)")


def test_initial_batches_do_not_stretch_the_device(refuses) -> None:
    """A dim of one point has one coordinate; five states along it would have none."""
    refuses("initial", lambda: Labels(("drive",), (1,), {}, 0).behind((5,)))
    refuses("network", lambda: Labels(("initial",), (3,), {}, 0).behind((5, 1)), "but is 'initial'")


@pytest.mark.parametrize(
    ("change", "name", "dim"),
    [
        ({"amplitude": np.zeros(3)}, "TwoPhotonDrive(a).amplitude", "amplitude"),
        ({"detuning": [0.0, 0.1, 0.2]}, "Mode(a).detuning", "detuning"),
        ({"weight": np.ones(3)}, "SharedBath(a, b).weights[a]", "weights"),
        ({"rate": array_api_strict.asarray([1.0, 2.0, 3.0])}, "LocalBath(b).rate", "rate"),
    ],
)
def test_a_list_as_long_as_the_times_is_no_batch(refuses, change: dict, name: str, dim: str) -> None:
    """A pulse, or a batch of devices: nothing but a label tells which of the two is meant."""
    error = refuses(name, lambda: ly.charge(device(**change), [0.0, 1.0, 2.0]), "be labelled", f"dims='{dim}'")
    assert len(str(error)) <= 300
    assert ly.charge(device(**change), [0.0, 1.0]).stored_energy.shape == (3, 2)
    assert ly.steady_state(device(**change)).stored_energy.shape == (3,)


def test_what_cannot_be_taken_for_a_pulse_is_a_batch() -> None:
    times = [0.0, 1.0, 2.0]
    assert ly.charge(device(amplitude=DRIVE), times).stored_energy.sizes == {"drive": 3, "time": 3}
    assert ly.charge(device(amplitude=np.full((3, 1), 0.1)), times).stored_energy.shape == (3, 1, 3)
    assert ly.charge(device(amplitude=[0.1]), [1.0]).stored_energy.shape == (1, 1)
    assert ly.charge(device(), times, initial=ly.states.thermal(np.ones((3, 2)))).stored_energy.shape == (3, 3)


def test_the_largest_difference_of_coordinates_is_told(refuses) -> None:
    """Printed, 0.1 in single and in double precision look the same; they differ by 1.5e-9."""
    single = DRIVE.assign_coords(drive=np.float32([0.1, 0.2, 0.3]))
    double = DRIVE.assign_coords(drive=[0.1, 0.2, 0.3])
    error = refuses(
        "LocalBath(b).rate", lambda: take_off(device(detuning=double, rate=single)), "(one is float64, one float32)"
    )
    told = float(str(error).split("differ by up to ")[1].split(" ")[0])
    exact = max(abs(float(np.float32(x)) - x) for x in (0.1, 0.2, 0.3))
    assert told == pytest.approx(exact, rel=5e-3)
    for odd in ([np.nan, np.nan, np.nan], [np.inf, 2.0, 3.0], ["a", "b", "c"]):
        other = DRIVE.assign_coords(drive=odd)
        refuses("LocalBath(b).rate", lambda other=other: take_off(device(detuning=DRIVE, rate=other)), "Use one")


@pytest.mark.parametrize("odd", [[np.nan, 1.0, 2.0], [np.inf, 1.0, 2.0], ["a", "b", "c"], ["a", None, "c"]], ids=str)
def test_coordinates_equal_themselves(odd: list) -> None:
    """NaN does not equal NaN, but a point without a label is the same point in both parameters."""
    labelled = DRIVE.assign_coords(drive=np.array(odd, dtype=object) if None in odd else odd)
    _, labels = take_off(device(detuning=labelled, rate=labelled.copy(deep=True)))
    assert labels.shape == (3,)
    assert labels.coordinates["drive"].variable.equals(labelled.drive.variable)


def test_a_named_column_of_pandas_is_a_labelled_axis(refuses) -> None:
    """Two columns are paired by what their rows are called, never by position."""
    left_right = pd.Series([0.05, 0.1], index=pd.Index(["left", "right"], name="side"))
    found = ly.steady_state(device(amplitude=left_right)).stored_energy
    alone = [float(ly.steady_state(device(amplitude=value)).stored_energy) for value in (0.05, 0.1)]
    assert found.dims == ("side",)
    assert found.sel(side="right") == pytest.approx(alone[1], rel=1e-13)
    assert found.sel(side="left") == pytest.approx(alone[0], rel=1e-13)
    turned = pd.Series([0.1, 0.2], index=pd.Index(["right", "left"], name="side"))
    refuses("LocalBath(b).rate", lambda: take_off(device(amplitude=left_right, rate=turned)), "same coordinates")
    axis = ly.steady_state(device(amplitude=pd.Index([0.05, 0.1], name="drive"))).stored_energy
    assert axis.drive.values.tolist() == [0.05, 0.1]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.Series([0.05, 0.1]), "`.rename_axis('name')`"),
        (pd.Index([0.05, 0.1]), "`.to_numpy()`"),
        (pd.Series([0.05, 0.1], index=pd.Index([1, 2], name=3)), "an index with a name"),
        (pd.DataFrame({"drive": [0.05, 0.1]}), "one of its columns"),
        (pd.Series([0.1], index=pd.MultiIndex.from_tuples([(1, 2)], names=["a", "b"])), "`.to_xarray()`"),
        (pd.Series(["a"], index=pd.Index([1], name="x")), "be a number"),
    ],
    ids=["Series", "Index", "number", "DataFrame", "levels", "texts"],
)
def test_other_tables_are_refused_with_what_to_do(refuses, table: object, words: str) -> None:
    refuses("amplitude", lambda: device(amplitude=table), words)
