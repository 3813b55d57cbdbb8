"""What a report is made of, and reasons for what it leaves out."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import leyden as ly
from leyden.portrait import Portrait
from leyden.report.material import Material

RATES = {"charger_damping": 0.1, "battery_damping": 0.1}


def test_states_are_those_at_the_end_of_the_run() -> None:
    found = Material(Portrait(ly.catalog.two_photon_battery(drive=0.1, **RATES)))
    (values,) = found.states.values()
    steps = float(np.diff(values["x"])[0]) * float(np.diff(values["p"])[0])
    assert float(values.sum()) * steps == pytest.approx(1.0, abs=1e-3)
    # Half of the mean square of x and of p is the energy above the vacuum's half.
    squares = float((values * (values["x"] ** 2 + values["p"] ** 2)).sum()) * steps / 2
    assert squares - 0.5 == pytest.approx(0.9375, rel=5e-3)


def test_the_drive_goes_beyond_the_threshold() -> None:
    found = Material(Portrait(ly.catalog.two_photon_battery(drive=0.1, **RATES)))
    assert found.over_drive is not None
    address, swept = found.over_drive
    assert address == "TwoPhotonDrive(charger).amplitude"
    settled = swept[address].values[swept["is_stable"].values]
    assert 0.148 < settled.max() < 0.15 < swept[address].values[-1]


def test_what_is_too_large_is_left_out_with_its_reason() -> None:
    found = Material(Portrait(ly.catalog.cascade(20, drive=0.1, damping=0.1)))
    assert found.flows is None
    assert found.reasons == {"energy flows in time": "Told of devices of up to 16 modes; this one has 20."}
    assert len(found.states) == 3


def test_of_many_batteries_those_that_store_most_are_shown() -> None:
    found = Material(Portrait(ly.catalog.cascade(6, drive=0.1, damping=0.1)))
    energies = found.steady["stored_energy"]
    most = sorted(energies["mode"].values.tolist(), key=lambda name: -float(energies.sel(mode=name)))[:3]
    assert set(found.shown) == set(most)
    assert list(found.shown) == sorted(found.shown)


def test_warnings_are_kept_once() -> None:
    found = Material(Portrait(ly.catalog.two_photon_battery(drive=0.1, **RATES)))
    for _ in range(2):
        with found.heard():
            warnings.warn("of a\nlibrary", UserWarning, stacklevel=1)
    assert found.warnings == ["of a library"]
