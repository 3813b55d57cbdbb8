"""`dataset.leyden`: the plot that fits, the device that it is of; and attributes that other libraries draw by."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
import xarray as xr
from matplotlib import pyplot

import leyden as ly
from leyden.results.accessor import PlotAccessor

PAIR = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}
DEVICE = ly.catalog.two_photon_battery(**PAIR)
TIMES = np.linspace(0.0, 20.0, 21)


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    pyplot.close("all")


def swept(**axes: np.ndarray) -> xr.Dataset:
    labelled = {name: xr.DataArray(values, dims=name, coords={name: values}) for name, values in axes.items()}
    return ly.steady_state(ly.catalog.two_photon_battery(**{**PAIR, **labelled}))


def fitting(dataset: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> str:
    called: list[str] = []
    for name in ly.plots.__all__:
        if hasattr(PlotAccessor, name):
            monkeypatch.setattr(PlotAccessor, name, lambda self, name=name, **_: called.append(name))
    dataset.leyden.plot()
    return called[0]


def test_the_plot_that_fits_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    line, drives = np.linspace(0.02, 0.1, 4), np.linspace(0.0, 1.0, 3)
    labelled = xr.DataArray(line, dims="drive", coords={"drive": line})
    batch = ly.catalog.two_photon_battery(**{**PAIR, "drive": labelled})
    cases = {
        "curves": [ly.charge(DEVICE, TIMES), ly.protocol([ly.Stage("one", DEVICE, 5.0)], points=3)],
        "sweep": [swept(drive=line), swept(drive=line, battery_damping=line), ly.charge(batch, TIMES)],
        "energy_balance": [ly.energetics(DEVICE, TIMES)],
        "energy_flows": [ly.energetics(DEVICE)],
        "spectrum": [ly.spectrum(DEVICE, drives), ly.response(DEVICE, drives)],
        "eigenvalue_paths": [ly.stability(batch)],
        "wigner": [ly.states.wigner(ly.states.vacuum(1), line, line).rename("wigner").to_dataset()],
    }
    for name, datasets in cases.items():
        assert [fitting(dataset, monkeypatch) for dataset in datasets] == [name] * len(datasets)


def test_each_plot_can_be_insisted_on() -> None:
    run = ly.charge(DEVICE, TIMES)
    assert len(run.leyden.plot.curves(quantities=["ergotropy"]).lines) == 1
    assert len(run.leyden.plot.ratios().lines) == 5
    assert "charger" in [text.get_text() for text in run.leyden.plot.network().texts]
    _, axes = pyplot.subplots()
    assert run.leyden.plot(ax=axes) is axes
    line = np.linspace(0.02, 0.2, 5)
    plane = swept(drive=line, battery_damping=line)
    assert plane.leyden.plot.map("stored_energy").get_legend() is not None
    assert plane.leyden.plot.map("stored_energy", threshold=None).get_legend() is None


def test_every_plot_of_a_dataset_has_its_name_here() -> None:
    look = {"publication", "sheet", "sequence", "QUALITATIVE", "SINGLE_COLUMN", "DOUBLE_COLUMN"}
    assert {name for name in vars(PlotAccessor) if not name.startswith("_")} == set(ly.plots.__all__) - look


def test_pulses_of_a_result_are_those_of_its_device() -> None:
    kick = ly.pulse.gaussian(0.25, centre=5.0, width=1.0)
    device = ly.catalog.two_photon_battery(drive=kick, charger_damping=0.1, battery_damping=0.1)
    run = ly.charge(device, TIMES)
    np.testing.assert_allclose(run.leyden.plot.pulses().lines[0].get_ydata(), kick(TIMES), rtol=1e-14)
    with pytest.raises(ly.ParameterError, match="before it was converted"):
        ly.units.Lab("1 MHz", frequency_unit="5 GHz").convert(run).leyden.plot.pulses()
    with pytest.raises(ly.ParameterError, match="over time"):
        ly.steady_state(DEVICE).leyden.plot.pulses()


def test_the_device_comes_back() -> None:
    assert ly.charge(DEVICE, TIMES).leyden.network == DEVICE
    with pytest.raises(ly.ParameterError, match="device_file"):
        _ = xr.Dataset().leyden.network


def test_what_has_no_picture_says_so() -> None:
    with pytest.raises(ly.ParameterError, match=r"\.leyden\.plot\.network\(\)"):
        ly.steady_state(DEVICE).leyden.plot()
    with pytest.raises(ly.ParameterError, match="quantity"):
        ly.steady_state(DEVICE).leyden.plot.map("ergotropi")


@pytest.mark.parametrize(
    "statements",
    [
        "import leyden as ly, xarray",
        "import xarray, leyden as ly",
        "import leyden as ly; ly.stability(DEVICE); import xarray",
    ],
)
def test_the_accessor_is_there(statements: str) -> None:
    """With the first Dataset of leyden, or at once where xarray was there before; and leyden does not import xarray."""
    device = "ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)"
    lines = statements.replace("DEVICE", device)
    made = "" if statements.startswith("import xarray") else f"; ly.steady_state({device})"
    code = f"{lines}{made}; assert hasattr(xarray.Dataset(), 'leyden')"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_xarray_draws_with_symbols_of_the_right_units() -> None:
    run = ly.charge(DEVICE, TIMES)
    run.ergotropy.plot()
    axes = pyplot.gca()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time [1/rate unit]", "ergotropy [hbar omega_0]")


def test_attributes_are_those_that_hvplot_labels_axes_by() -> None:
    """It takes `long_name` and `units` of variables and of coordinates."""
    line = np.linspace(0.02, 0.1, 3)
    axes = {"drive": line, "charger_damping": line, "battery_damping": [0.1]}
    plane = ly.sweep(ly.catalog.two_photon_battery, axes)
    for dataset in (ly.charge(DEVICE, TIMES), plane, ly.energetics(DEVICE, TIMES)):
        for name, values in {**dataset.data_vars, **dataset.coords}.items():
            if values.dtype.kind == "f":
                assert values.attrs.get("long_name"), name
                assert values.attrs.get("units"), name
