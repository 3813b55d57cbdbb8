"""What is measured, and what memory it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.study.measures import measure_of, working_bytes

DEVICE = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)


def test_steady_states() -> None:
    found = measure_of("steady_state", None)
    assert float(found.run(DEVICE).stored_energy) == pytest.approx(0.9375, rel=1e-12)
    assert found.words == {"measure": "steady_state"}


def test_charging_curves() -> None:
    found = measure_of("charge", np.linspace(0, 1, 3))
    assert found.run(DEVICE).time.values.tolist() == [0.0, 0.5, 1.0]
    assert found.times == 3
    assert found.words["times"].startswith("3 from 0.0 to 1.0, array (3,) (")
    assert found.words != measure_of("charge", [0, 0.4, 1]).words


def test_functions() -> None:
    found = measure_of(ly.stability, None)
    assert found.run is ly.stability
    assert found.words["measure"].startswith(f"{ly.stability.__module__}.stability (")


@pytest.mark.parametrize(
    ("name", "measure", "times"),
    [
        ("times", "charge", None),
        ("times", "charge", [1.0, 0.0]),
        ("times", "steady_state", [1.0]),
        ("times", ly.stability, [1.0]),
        ("measure", "energy", None),
        ("measure", None, None),
    ],
)
def test_measures_are_checked(refuses, name: str, measure: Any, times: Any) -> None:
    refuses(name, lambda: measure_of(measure, times))


def test_working_memory_grows_with_modes_and_times() -> None:
    def cascade(modes: int) -> ly.Network:
        return ly.catalog.cascade(modes, drive=0.05, damping=0.1)

    assert working_bytes(cascade(100), 0) == pytest.approx(4 * working_bytes(cascade(50), 0))
    assert working_bytes(DEVICE, 400) > 100 * working_bytes(DEVICE, 0) / 10
    assert working_bytes(object(), 0) > 0


def bent(drive: Any) -> ly.Network:
    elements = [ly.TwoPhotonDrive("a", drive), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0)]
    return ly.Network([ly.Mode("a")], elements, charger="a", battery="a")


@pytest.mark.parametrize("store", [False, True])
@pytest.mark.parametrize("measured", [{"measure": "steady_state"}, {"measure": "charge", "times": [0.0, 1.0]}])
def test_what_was_found_at_one_point_is_not_told_of_all(measured: dict[str, Any], store: bool, tmp_path: Path) -> None:
    """The second point needs more levels than the first, whose cutoff would be wrong of it."""
    place = {"store": tmp_path / "sweep.zarr"} if store else {}
    found = ly.sweep(bent, {"drive": [0.01, 0.4]}, method="fock", **measured, **place)
    weak, strong = (ly.steady_state(bent(drive), method="fock").attrs["cutoff"] for drive in (0.01, 0.4))
    assert weak < strong
    assert not {"cutoff", "dimension", "tail_population", "largest_change"} & set(found.attrs)
    assert (found.attrs["method"], found.attrs["tolerance"]) == ("fock", 1e-7)
    # What is one and the same batch tells the largest.
    assert ly.steady_state(bent(np.array([0.01, 0.4])), method="fock").attrs["cutoff"] == strong


def test_what_was_asked_for_is_told() -> None:
    found = ly.sweep(bent, {"drive": [0.01, 0.1]}, method=ly.TruncatedWigner(trajectories=80, seed=3))
    assert (found.attrs["trajectories"], found.attrs["seed"]) == (80, 3)
    assert "step" not in found.attrs
