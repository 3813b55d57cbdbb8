"""The public family: axes in, axes out; without axes a figure of pyplot; every name of it, and no other, is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

PAIR = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}
DEVICE = ly.catalog.two_photon_battery(**PAIR)
TIMES = np.linspace(0.0, 20.0, 41)
RUN = ly.charge(DEVICE, TIMES)
MANY = ly.charge(ly.catalog.cascade(3, drive=0.1, damping=0.1), TIMES)
STEPS = np.linspace(0.0, 0.4, 41)
COUPLED = ly.catalog.reciprocal_battery(
    drive=0.0,
    charger_damping=0.9,
    battery_damping=0.1,
    coupling=xr.DataArray(STEPS, dims="coupling", coords={"coupling": STEPS}),
)
KICK = ly.pulse.gaussian(0.25, centre=5.0, width=1.0)
PULSED = ly.catalog.two_photon_battery(**PAIR | {"drive": KICK})
ADDRESS = "CoherentCoupling(charger, battery).strength"


@pytest.fixture(scope="module")
def plane() -> xr.Dataset:
    axes = {"drive": np.linspace(0.02, 0.2, 7), "battery_damping": np.linspace(0.1, 0.4, 5)}
    return ly.sweep(ly.catalog.two_photon_battery, axes | {"charger_damping": [0.1]}).squeeze("charger_damping")


def protocol() -> xr.Dataset:
    hold = DEVICE.replace(**{"TwoPhotonDrive(charger).amplitude": 0.0})
    return ly.protocol([ly.Stage("charge", DEVICE, 5.0), ly.Stage("hold", hold, 5.0)], points=11)


def wigner() -> xr.DataArray:
    x = np.linspace(-3, 3, 31)
    return ly.states.wigner(ly.states.vacuum(1), x, x)


CALLS: dict[str, Callable[[Any, Any], Axes]] = {
    "curves": lambda _, ax: plots.curves(RUN, ax=ax),
    "ratios": lambda _, ax: plots.ratios(RUN, ax=ax),
    "map": lambda plane, ax: plots.map(plane.ergotropy, threshold=plane.is_stable, ax=ax),
    "wigner": lambda _, ax: plots.wigner(wigner(), ax=ax),
    "energy_flows": lambda _, ax: plots.energy_flows(ly.energetics(DEVICE), ax=ax),
    "energy_balance": lambda _, ax: plots.energy_balance(ly.energetics(DEVICE, TIMES), ax=ax),
    "eigenvalue_paths": lambda _, ax: plots.eigenvalue_paths(ly.stability(COUPLED), ax=ax),
    "spectrum": lambda _, ax: plots.spectrum(ly.spectrum(DEVICE, STEPS), ax=ax),
    "network": lambda _, ax: plots.network(DEVICE, ax=ax),
    "stages": lambda _, ax: plots.stages(protocol(), ax=ax),
    "pulses": lambda _, ax: plots.pulses(PULSED, TIMES, ax=ax),
    "sweep": lambda plane, ax: plots.sweep(plane, ax=ax),
}


def words(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_the_family_is_what_is_shown() -> None:
    look = {"publication", "sheet", "sequence", "QUALITATIVE", "SINGLE_COLUMN", "DOUBLE_COLUMN"}
    assert set(plots.__all__) == {*CALLS, *look}
    assert dir(plots) == sorted(plots.__all__)
    assert all(callable(getattr(plots, name)) for name in CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_axes_that_are_given_come_back_and_others_stay_empty(name: str, plane: xr.Dataset) -> None:
    figure = Figure((9.0, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    assert CALLS[name](plane, right) is right
    assert not left.has_data()
    assert not pyplot.get_fignums()
    figure.draw_without_rendering()


@pytest.mark.parametrize("name", CALLS)
def test_without_axes_there_is_a_figure_that_notebooks_show(name: str, plane: xr.Dataset, tmp_path: Any) -> None:
    axes = CALLS[name](plane, None)
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    assert pyplot.get_fignums() == [figure.number]  # pyright: ignore[reportAttributeAccessIssue]
    assert pyplot.gcf() is figure
    figure.savefig(tmp_path / "a.png", dpi=40)
    assert pyplot.rcParams["font.family"] == ["sans-serif"]


def test_curves_are_the_values_of_the_dataset() -> None:
    axes = plots.curves(RUN)
    assert [word.split("  ")[1] for word in words(axes)] == [
        "stored energy",
        "ergotropy",
        "passive energy",
        "charger energy",
    ]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), RUN.stored_energy)


def test_several_batteries_are_drawn_together_or_one_by_one() -> None:
    axes = plots.curves(MANY)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), MANY.total_stored_energy)
    each = plots.curves(MANY, quantities=["ergotropy"])
    assert [word.split("  ")[1] for word in words(each)] == ["m1", "m2"]
    np.testing.assert_array_equal(each.lines[1].get_ydata(), MANY.ergotropy.sel(mode="m2"))


def test_a_single_quantity_names_the_axis() -> None:
    assert plots.curves(RUN, quantities=["charging_power"]).get_ylabel().startswith("$P$")


def test_errors_of_estimates_are_bands() -> None:
    run = RUN.assign(stored_energy_error=RUN.stored_energy * 0.1)
    (band,) = plots.curves(run, quantities=["stored_energy"]).collections
    assert band.get_paths()[0].vertices[:, 1].max() == pytest.approx(1.1 * float(RUN.stored_energy.max()))


def test_stages_are_shaded_behind_curves() -> None:
    axes = plots.curves(protocol())
    assert {"charge", "hold"} <= {text.get_text() for text in axes.texts}


def test_ratios_have_gaps_where_they_are_none() -> None:
    axes = plots.ratios(RUN)
    assert np.isnan(np.asarray(axes.lines[1].get_ydata(), dtype=float)[0])
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), RUN.utilization_ratio)


def test_a_map_turns_and_marks_the_threshold(plane: xr.Dataset) -> None:
    axes = plots.map(plane.ergotropy, x="battery_damping")
    assert axes.get_xlim() == (0.1, 0.4)
    assert axes.get_legend() is None
    exact = ly.stability(
        ly.catalog.two_photon_battery(drive=plane.drive, charger_damping=0.1, battery_damping=plane.battery_damping)
    ).spectral_abscissa
    marked = plots.map(plane.ergotropy, threshold=exact)
    assert words(marked) == ["no steady state"]
    assert marked.collections[0].colorbar is not None


def test_exceptional_points_stand_where_they_are() -> None:
    # Two modes of unlike damping meet at J = |kappa_a - kappa_b|/4.
    points = ly.exceptional_points(COUPLED.replace(**{ADDRESS: 0.1}), ADDRESS, (0.01, 0.4))
    axes = plots.eigenvalue_paths(ly.stability(COUPLED), part="real", points=points)
    (stars,) = axes.lines
    assert stars.get_xdata() == pytest.approx([0.2])
    assert stars.get_ydata() == pytest.approx([-0.25])
    (dots,) = axes.collections
    assert len(dots.get_offsets()) == 4 * len(STEPS)


def test_growth_is_shaded() -> None:
    drives = xr.DataArray(STEPS, dims="drive", coords={"drive": STEPS})
    axes = plots.eigenvalue_paths(ly.stability(ly.catalog.two_photon_battery(**{**PAIR, "drive": drives})), part="real")
    assert [patch.get_label() for patch in axes.patches] == ["growth"]


def test_spectra_lie_about_the_vacuum() -> None:
    found = ly.spectrum(DEVICE, STEPS)
    axes = plots.spectrum(found)
    assert words(axes)[-1] == "vacuum"
    solid = np.array([line.get_ydata() for line in axes.lines[:3]], dtype=float)
    assert (solid <= 1.0 + 1e-12).all()
    assert len(plots.spectrum(found, quantity="output_flux").lines) == 3
    forth, back = plots.spectrum(ly.response(DEVICE, STEPS)).lines
    assert np.max(np.asarray(forth.get_ydata(), dtype=float)) > 0 == np.max(np.asarray(back.get_ydata(), dtype=float))


WRONG: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "curves of a sweep": ("dataset", plots.curves),
    "curves of nothing": ("quantities", lambda _: plots.curves(RUN, quantities=["stored_energi"])),
    "two units": ("quantities", lambda _: plots.curves(RUN, quantities=["stored_energy", "charging_power"])),
    "no energies": ("dataset", lambda _: plots.curves(RUN[["is_stable", "charging_power"]])),
    "no ratios": ("dataset", lambda _: plots.ratios(RUN[["stored_energy"]])),
    "a line as a map": ("values", lambda _: plots.map(RUN.ergotropy)),
    "another threshold": ("threshold", lambda plane: plots.map(plane.ergotropy, threshold=RUN.ergotropy)),
    "one spectrum": ("dataset", lambda _: plots.eigenvalue_paths(ly.stability(DEVICE))),
    "no spectrum": ("dataset", lambda _: plots.eigenvalue_paths(RUN)),
    "no part": ("part", lambda _: plots.eigenvalue_paths(ly.stability(COUPLED), part="phase")),
    "no frequency": ("dataset", lambda _: plots.spectrum(RUN)),
    "no such spectrum": ("dataset", lambda _: plots.spectrum(ly.spectrum(DEVICE, STEPS), quantity="noise_spectrum")),
    "no stages": ("run", lambda _: plots.stages(RUN)),
    "flows in time": ("found", lambda _: plots.energy_flows(ly.energetics(DEVICE, TIMES))),
    "not a device": ("device", lambda _: plots.network(RUN)),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_is_refused_in_a_line(case: str, plane: xr.Dataset) -> None:
    name, call = WRONG[case]
    with pytest.raises(ly.ParameterError, match=f"Argument `{name}` must") as caught:
        call(plane)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 300


def batch(**values: list[float]) -> xr.Dataset:
    axes = {name: xr.DataArray(one, dims=name, coords={name: one}) for name, one in values.items()}
    return ly.charge(ly.catalog.two_photon_battery(**{**PAIR, **axes}), TIMES)


def test_devices_of_a_batch_have_colours_and_quantities_styles() -> None:
    many = batch(drive=[0.02, 0.05, 0.1])
    axes = plots.curves(many, rate=r"\Gamma")
    assert words(axes) == ["0.02", "0.05", "0.1", "$E_B$", "$W$"]
    assert axes.get_legend().get_title().get_text() == r"$\epsilon/\Gamma$"
    np.testing.assert_array_equal(axes.lines[4].get_ydata(), many.stored_energy.sel(drive=0.1))
    np.testing.assert_array_equal(axes.lines[5].get_ydata(), many.ergotropy.sel(drive=0.1))
    colours = [line.get_color() for line in axes.lines]
    assert colours[0::2] == colours[1::2]
    assert len(set(colours)) == 3
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\Gamma t$", r"energy ($\hbar\omega_0$)")
    power = plots.curves(many, quantities=["charging_power"], rate=r"\Gamma")
    assert (words(power), power.get_ylabel()) == (["0.02", "0.05", "0.1"], r"$P/(\omega_0\Gamma)$")


def test_a_parameter_with_one_value_is_no_batch() -> None:
    one = batch(drive=[0.1])
    np.testing.assert_array_equal(plots.curves(one).lines[0].get_ydata(), one.stored_energy.squeeze())
    assert len(plots.curves(batch(drive=[0.05, 0.1], charger_damping=[0.1])).lines) == 4
    assert len(plots.ratios(one).lines) > 1


def test_of_many_devices_nine_are_drawn() -> None:
    axes = plots.curves(batch(drive=np.linspace(0.01, 0.1, 40).tolist()), quantities=["ergotropy"])
    assert len(axes.lines) == 9
    assert (words(axes)[0], words(axes)[-1]) == ("0.01", "0.1")


def test_each_of_several_batteries_of_a_batch_is_too_much_for_one_picture() -> None:
    many = ly.sweep("cascade", {"drive": [0.02, 0.05]}, measure="charge", times=TIMES)
    assert len(plots.curves(many).lines) == 4
    with pytest.raises(ly.ParameterError, match="total_ergotropy"):
        plots.curves(many, quantities=["ergotropy"])


def test_a_sweep_draws_what_is_asked_for(plane: xr.Dataset) -> None:
    line = plane.isel(battery_damping=0)
    axes = plots.sweep(line, quantities=["purity"], rate=r"\Gamma")
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), line.purity)
    assert axes.get_xlabel() == r"$\epsilon/\Gamma$"
    colours = plots.sweep(plane, quantities=["stored_energy"]).collections[0]
    assert colours.colorbar.ax.get_ylabel().startswith("$E_B$")
    with pytest.raises(ly.ParameterError, match="single one over two"):
        plots.sweep(plane, quantities=["stored_energy", "ergotropy"])
    with pytest.raises(ly.ParameterError, match="one unit"):
        plots.sweep(line, quantities=["stored_energy", "purity"])
    with pytest.raises(ly.ParameterError, match="Did you mean 'ergotropy'"):
        plots.sweep(line, quantities=["ergotopy"])


def test_panels_below_each_other_line_up() -> None:
    assert plots.ratios(RUN).get_xlim() == plots.curves(RUN).get_xlim() == (0.0, 20.0)


def test_an_axis_says_what_its_quantities_are() -> None:
    run = ly.units.Lab("1 MHz", frequency_unit="5 GHz").convert(RUN, energy="ueV", time="us")
    axes = plots.curves(run)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$t$ (µs)", "energy (µeV)")
    twice = RUN.assign(total_charging_power=2 * RUN.charging_power)
    twice.total_charging_power.attrs = RUN.charging_power.attrs
    both = plots.curves(twice, quantities=["charging_power", "total_charging_power"], rate=r"\Gamma")
    assert both.get_ylabel() == r"power ($\hbar\omega_0\Gamma$)"


def test_what_was_not_solved_is_not_called_unstable(plane: xr.Dataset) -> None:
    assert words(plots.sweep(plane)) == ["no steady state"]
    assert words(plots.sweep(plane.assign_attrs(failed_points=3))) == ["no steady state, or none found"]
    axes = plots.sweep(plane.isel(battery_damping=0).assign_attrs(unsolved="of some devices"))
    assert words(axes)[-1] == "no steady state, or none found"


def test_pulses_are_drawn_in_both_their_parts() -> None:
    turning = ly.Network(
        DEVICE.modes,
        [*DEVICE.elements, ly.CoherentCoupling("battery", "charger", 0.1j * KICK)],
        charger="charger",
        battery="battery",
    )
    real, imaginary, _ = plots.pulses(turning, TIMES).lines
    assert not np.any(real.get_ydata())
    np.testing.assert_allclose(imaginary.get_ydata(), 0.025 * np.exp(-((TIMES - 5) ** 2) / 2), atol=1e-15)
    assert plots.pulses(PULSED, TIMES, rate=r"\Gamma").get_ylabel() == r"value$/\Gamma$"
    with pytest.raises(ly.ParameterError, match="change in time"):
        plots.pulses(DEVICE, TIMES)
    with pytest.raises(ly.ParameterError, match="along one axis"):
        plots.pulses(PULSED, 3.0)
    for heights in (np.array([0.1, 0.2]), xr.DataArray([0.1, 0.2], dims="height")):
        many = ly.pulse.gaussian(heights, centre=5.0, width=1.0)
        with pytest.raises(ly.ParameterError, match="a batch in TwoPhotonDrive"):
            plots.pulses(ly.catalog.two_photon_battery(**PAIR | {"drive": many}), TIMES)


def test_one_name_is_one_quantity_and_a_moment_has_no_curve() -> None:
    assert len(plots.curves(RUN, quantities="ergotropy").lines) == 1
    with pytest.raises(ly.ParameterError, match="one of a single moment"):
        plots.curves(ly.steady_state(DEVICE))
    with pytest.raises(ly.ParameterError, match="name a variable"):
        plots.curves(RUN, quantities=[])


def test_a_batch_over_two_parameters_is_refused() -> None:
    many = batch(drive=[0.05, 0.1], charger_damping=[0.1, 0.2])
    with pytest.raises(ly.ParameterError, match="one parameter at most"):
        plots.curves(many)


def test_ratios_are_of_one_device() -> None:
    many = batch(drive=[0.05, 0.1])
    with pytest.raises(ly.ParameterError, match="hold one device"):
        plots.ratios(many)
    assert len(plots.sweep(many).lines) == 2
