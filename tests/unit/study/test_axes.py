"""Axes: symbol and unit of the parameter behind each, whatever it is called, in memory and in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.elements.record import Element, parameter
from leyden.study import read_study, sweep
from leyden.study.axes import axis_attributes
from leyden.study.devices import builder_of, with_aliases

DRIVE = "TwoPhotonDrive(charger).amplitude"


def device() -> ly.Network:
    return ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)


def told(network: ly.Network, address: str) -> dict[str, str]:
    return axis_attributes(builder_of(network), [address])[address]


@pytest.mark.parametrize(
    ("address", "symbol", "unit", "words"),
    [
        ("Mode(battery).frequency", r"\omega_0", "frequency unit", "frequency of mode (battery)"),
        ("Mode(battery).detuning", r"\Delta", "rate unit", "detuning of mode (battery)"),
        (DRIVE, r"\epsilon", "rate unit", "amplitude of two-photon drive (charger)"),
        ("TwoPhotonDrive(charger).phase", r"\theta", "rad", "phase of two-photon drive (charger)"),
        ("LocalBath(charger).rate", r"\kappa", "rate unit", "rate of local bath (charger)"),
        ("LocalBath(charger).occupation", "n", "1", "occupation of local bath (charger)"),
        ("SharedBath(charger, battery).rate", r"\Gamma", "rate unit", "rate of shared bath (charger, battery)"),
        (
            "SharedBath(charger, battery).weights[battery]",
            "w",
            "1",
            "weights[battery] of shared bath (charger, battery)",
        ),
        (
            "CoherentCoupling(charger, battery).strength",
            "J",
            "rate unit",
            "strength of coherent coupling (charger, battery)",
        ),
    ],
)
def test_an_address_keeps_symbol_and_unit(address: str, symbol: str, unit: str, words: str) -> None:
    wanted = {"symbol": symbol, "units": unit, "long_name": words, "description": address}
    assert told(device(), address) == wanted
    assert sweep(device(), {address: [0.05, 0.1]})[address].attrs == wanted


def test_members_of_families_are_found_as_well() -> None:
    chain = ly.catalog.cascade(12, drive=0.05, damping=0.1)
    assert told(chain, "LocalBath(m7).rate")["symbol"] == r"\kappa"
    assert told(chain, "Mode(m7).frequency")["units"] == "frequency unit"


def test_an_element_of_ones_own_may_have_no_unit() -> None:
    @dataclass(frozen=True)
    class Shift(Element):
        mode: str
        size: Any = parameter("real")

    network = ly.Network([ly.Mode("a")], [Shift("a", 0.1), ly.LocalBath("a", 1.0)], "a", "a")
    assert told(network, "Shift(a).size") == {"long_name": "size of shift (a)", "description": "Shift(a).size"}


def test_parameters_that_share_a_symbol_are_told_apart() -> None:
    rates = [f"LocalBath({mode}).rate" for mode in ("charger", "battery")]
    symbols = [about["symbol"] for about in axis_attributes(builder_of(device()), [*rates, DRIVE]).values()]
    assert symbols == [r"{\kappa}_{\mathrm{charger}}", r"{\kappa}_{\mathrm{battery}}", r"\epsilon"]
    odd = ly.Network(
        [ly.Mode("$1"), ly.Mode("b")], [ly.LocalBath("$1", 1.0), ly.LocalBath("b", 1.0)], charger="$1", battery="b"
    )
    first, second = axis_attributes(builder_of(odd), ["LocalBath($1).rate", "LocalBath(b).rate"]).values()
    assert "symbol" not in first
    assert second["symbol"] == r"{\kappa}_{\mathrm{b}}"
    assert first["units"] == second["units"] == "rate unit"


def test_an_axis_may_have_a_short_name() -> None:
    """The same numbers as under the address, and as from a file; the description says what it stands for."""
    short = sweep(device(), {"drive": [0.02, 0.05]}, parameters={"drive": DRIVE})
    assert short.drive.attrs == {
        "long_name": "drive",
        "units": "rate unit",
        "symbol": r"\epsilon",
        "description": DRIVE,
    }
    np.testing.assert_array_equal(short.ergotropy, sweep(device(), {DRIVE: [0.02, 0.05]}).ergotropy)
    zipped = sweep(
        device(),
        {"drive": [0.02, 0.05], "kappa": [0.1, 0.2]},
        sampling="zip",
        parameters={"drive": (DRIVE,), "kappa": ["LocalBath(charger).rate", "LocalBath(battery).rate"]},
    )
    assert zipped.kappa.attrs["symbol"] == r"\kappa"
    assert zipped.kappa.dims == ("point",)
    both = {"charger_damping": 0.2, "battery_damping": 0.2}
    alone = ly.steady_state(ly.catalog.two_photon_battery(drive=0.05, **both))
    np.testing.assert_allclose(zipped.ergotropy[1], alone.ergotropy, rtol=1e-12)


def test_what_is_fixed_may_have_a_short_name() -> None:
    found = sweep(device(), {DRIVE: [0.02]}, fixed={"loss": 0.2}, parameters={"loss": "LocalBath(charger).rate"})
    assert found.attrs["fixed"] == '{"loss": 0.2}'
    assert ly.read_device(found) == device().replace(**{"LocalBath(charger).rate": 0.2})


def test_unlike_parameters_share_what_they_have_in_common() -> None:
    """Two dampings their unit, a rate and a phase nothing; a name of the notation keeps its symbol."""
    builder = with_aliases(
        builder_of("two_photon_battery"),
        {
            "loss": ["charger_damping", "battery_damping"],
            "damping": ["charger_damping", "battery_damping"],
            "odd": ["drive", "phase"],
        },
    )
    loss, damping, odd = axis_attributes(builder, ["loss", "damping", "odd"]).values()
    assert loss == {"units": "rate unit", "long_name": "loss", "description": "charger_damping, battery_damping"}
    assert damping["symbol"] == r"\kappa"
    assert odd == {"long_name": "odd", "description": "drive, phase"}


def test_a_study_file_is_the_same_study(tmp_path: Path) -> None:
    ly.write_device(device(), tmp_path / "mine.toml")
    text = f'device = "mine.toml"\n[axes.drive]\nparameters = ["{DRIVE}"]\nvalues = [0.02, 0.05]\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    given = ly.read_device(tmp_path / "mine.toml")
    first = sweep(given, {"drive": [0.02, 0.05]}, parameters={"drive": DRIVE}, store=tmp_path / "s.zarr")
    again = sweep(**read_study(tmp_path / "study.toml").arguments(), store=tmp_path / "s.zarr")
    xr.testing.assert_identical(again, first)
    assert first.drive.attrs["symbol"] == r"\epsilon"


@pytest.mark.parametrize("given", ["drive", ["drive"], {"drive": 1}, {"drive": []}, {"drive": [1]}])
def test_what_says_no_parameters(refuses, given: Any) -> None:
    refuses("parameters", lambda: sweep(device(), {"drive": [0.1]}, parameters=given))


def test_names_that_are_of_no_axis(refuses) -> None:
    refuses(
        "parameters",
        lambda: sweep(device(), {"drive": [0.1]}, parameters={"drvie": DRIVE}),
        "'drvie'. Did you mean 'drive'?",
    )
