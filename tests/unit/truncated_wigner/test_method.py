"""Truncated Wigner as a method: exact where nothing is truncated, near where little is, and honest where much is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock
from leyden.model.operators import HamiltonianTerm, create

FEW = ly.TruncatedWigner(trajectories=2000, seed=5)
TIMES = np.linspace(0.0, 6.0, 4)


def directed(drive: Any, *elements: Any, **changes: Any) -> ly.Network:
    given = {"charger_damping": 0.1, "battery_damping": 0.1} | changes
    pair = ly.catalog.two_photon_battery(drive=drive, **given)
    return ly.Network(pair.modes, [*pair.elements, *elements], charger="charger", battery="battery")


def lone(*elements: ly.Element, **given: Any) -> ly.Network:
    return ly.Network([ly.Mode("a", **given)], elements, charger="a", battery="a")


def apart(found: xr.Dataset, exact: xr.Dataset, *names: str, bias: float = 0.0) -> float:
    """Largest distance in standard errors, beyond a share of the value that is allowed for."""
    worst = 0.0
    for name in names:
        off = np.abs(found[name] - exact[name]) - bias * np.abs(exact[name])
        scale = np.maximum(found[f"{name}_error"], 1e-12)
        worst = max(worst, float(np.max(off / scale)))
    return worst


LINEAR = {
    "the paper's": directed(0.1),
    "warm, squeezed, with gain": ly.Network(
        [ly.Mode("a", detuning=0.3), ly.Mode("b", frequency=1.5, detuning=-0.2)],
        [
            ly.LocalBath("a", 1.4, occupation=0.3, squeezing=0.4, squeezing_phase=0.7),
            ly.LocalBath("b", 0.9),
            ly.SharedBath({"a": 0.7, "b": 0.5j}, 0.9, occupation=0.2),
            ly.Gain("b", 0.1, occupation=0.2),
            ly.ParametricCoupling("a", "b", 0.1 + 0.2j),
            ly.PositionCoupling("a", "b", 0.1),
            ly.OnePhotonDrive("a", 0.4, phase=0.3),
        ],
        charger="a",
        battery=["a", "b"],
    ),
}


@pytest.mark.parametrize("name", LINEAR)
def test_linear_devices_are_exact(name: str) -> None:
    """Four standard errors, of some hundred numbers: the seed is fixed."""
    device = LINEAR[name]
    merits = "stored_energy", "charger_energy", "ergotropy", "purity", "energy_variance", "gaussian_ergotropy"
    steady = ly.steady_state(device, method=FEW)
    exact = ly.steady_state(device)
    assert apart(steady, exact, *merits, "transfer_ratio") < 4
    assert bool(steady.is_stable)
    assert steady.attrs["validity"].startswith("exact")
    assert steady.attrs["integrator"] == "exact linear steps"
    run, curve = ly.charge(device, TIMES, method=FEW), ly.charge(device, TIMES)
    late = {"time": slice(1, None)}
    assert apart(run.isel(late), curve.isel(late), *merits, "drive_work", "charging_power") < 4
    assert apart(run, curve, "stored_energy", "charger_energy") < 4


def test_errors_are_what_seeds_scatter_by() -> None:
    device = lone(ly.LocalBath("a", 1.0, occupation=0.5), ly.OnePhotonDrive("a", 0.6), ly.TwoPhotonDrive("a", 0.1))
    exact = float(ly.steady_state(device).ergotropy)
    pulls: list[float] = []
    for seed in range(40):
        found = ly.charge(device, [30.0], method=ly.TruncatedWigner(trajectories=300, seed=seed, step=1.0))
        pulls.append(float((found.ergotropy[0] - exact) / found.ergotropy_error[0]))
    assert 0.75 < np.sqrt(np.mean(np.square(pulls))) < 1.35  # a mean over 40 is known to 0.11


@pytest.mark.parametrize("drive", [0.1, 0.15, 0.18])
def test_weak_kerr_through_the_threshold(drive: float) -> None:
    """Beside one_way: four standard errors and half a percent of bias."""
    device = directed(drive, ly.Kerr("charger", 0.02), charger_damping=0.2)
    found = ly.steady_state(device, method=FEW)
    exact = ly.steady_state(device, method="one_way")
    assert apart(found, exact, "stored_energy", "charger_energy", "gaussian_ergotropy", bias=0.005) < 4
    assert found.attrs["validity"].startswith("good")
    assert found.attrs["step_error_share"] <= 0.25
    assert np.isnan(found.ergotropy)
    assert np.isnan(found.purity)
    assert "is NaN" in found.attrs["whole_state"]


def test_strong_kerr_is_told_to_be_doubtful() -> None:
    device = directed(0.2, ly.Kerr("charger", 1.0))
    found, exact = ly.steady_state(device, method=FEW), ly.steady_state(device, method="one_way")
    assert apart(found, exact, "charger_energy") > 5  # so it should be
    assert found.attrs["validity"].startswith("doubtful: third derivatives, left out, come to 0.")
    assert found.attrs["third_derivatives"] > 0.2


WEAK: dict[str, ly.Network] = {
    "pairs": lone(ly.TwoPhotonLoss("a", 0.05), ly.TwoPhotonDrive("a", 0.4), ly.LocalBath("a", 1.0)),
    "phases": lone(ly.Dephasing("a", 0.5), ly.OnePhotonDrive("a", 0.8), ly.LocalBath("a", 1.0), detuning=0.2),
    "cross": ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [
            ly.CrossKerr("a", "b", 0.1),
            ly.OnePhotonDrive("a", 0.7),
            ly.OnePhotonDrive("b", 0.5),
            ly.LocalBath("a", 1.0),
            ly.LocalBath("b", 1.0),
        ],
        charger="a",
        battery="b",
    ),
    "pressure": ly.Network(
        [ly.Mode("a"), ly.Mode("b", detuning=1.0)],
        [
            ly.RadiationPressure("a", "b", 0.15),
            ly.OnePhotonDrive("a", 0.5),
            ly.LocalBath("a", 1.0),
            ly.LocalBath("b", 0.5),
        ],
        charger="a",
        battery="b",
    ),
    "three": ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [
            ly.ThreeWaveMixing("a", "b", 0.1),
            ly.OnePhotonDrive("a", 0.6),
            ly.LocalBath("a", 1.0),
            ly.LocalBath("b", 1.0),
        ],
        charger="a",
        battery="b",
    ),
}


@pytest.mark.parametrize("name", WEAK)
def test_weak_words_of_each_kind_beside_the_density_matrix(name: str) -> None:
    """Four standard errors and two percent of bias, with the work of the drives."""
    device = WEAK[name]
    times = [0.0, 1.5, 3.0]
    exact = fock.charge(device, times)
    found = ly.charge(device, times, method=ly.TruncatedWigner(trajectories=4000, seed=3))
    names = "stored_energy", "charger_energy", "drive_work", "charging_power"
    assert apart(found, exact, *names, bias=0.02) < 4
    assert apart(found.isel(time=[2]), exact.isel(time=[2]), "number_variance", bias=0.05) < 4


def test_the_start_is_sampled() -> None:
    device = directed(0.05, ly.Kerr("charger", 0.001))
    initial = ly.states.product(ly.states.squeezed(0.6), ly.states.coherent([0.7 - 0.4j]))
    found = ly.charge(device, [0.0], method=FEW, initial=initial)
    exact = ly.charge(directed(0.05), [0.0], initial=initial)
    assert apart(found, exact, "stored_energy", "charger_energy") < 4


def test_seeds_and_names() -> None:
    device = directed(0.1, ly.Kerr("charger", 0.1))
    first, again = (ly.charge(device, TIMES, method=FEW) for _ in range(2))
    xr.testing.assert_identical(first, again)
    other = ly.charge(device, TIMES, method=ly.TruncatedWigner(trajectories=2000, seed=6))
    assert not np.array_equal(first.stored_energy, other.stored_energy)
    by_name = ly.charge(device, [0.5], method="truncated_wigner")
    assert (by_name.attrs["method"], by_name.attrs["trajectories"], by_name.attrs["seed"]) == (
        "truncated_wigner",
        10000,
        0,
    )
    assert by_name.stored_energy_error.attrs["units"] == by_name.stored_energy.attrs["units"]
    assert by_name.stored_energy_error.attrs["description"].startswith("standard error of the estimate: energy stored")


def test_a_shorter_step_changes_less_than_is_said() -> None:
    device = lone(ly.Kerr("a", 0.2), ly.OnePhotonDrive("a", 1.0), ly.LocalBath("a", 1.0))
    found = {
        step: ly.charge(device, [4.0], method=ly.TruncatedWigner(trajectories=20_000, seed=2, step=step))
        for step in (0.8, 0.05)
    }
    off = abs(float(found[0.8].stored_energy[0] - found[0.05].stored_energy[0]))
    error = float(np.hypot(found[0.8].stored_energy_error[0], found[0.05].stored_energy_error[0]))
    assert off < 2 * found[0.8].attrs["step_error"] + 3 * error
    assert found[0.8].attrs["step_error"] > 8 * found[0.05].attrs["step_error"]
    assert found[0.8].attrs["step_error_share"] > 0.25 > found[0.05].attrs["step_error_share"]


def test_batches_and_sweeps() -> None:
    kerr = xr.DataArray([0.01, 0.1], dims="kerr", coords={"kerr": [0.01, 0.1]})
    device = directed(0.1, ly.Kerr("charger", kerr))
    found = ly.steady_state(device, method=FEW)
    assert found.stored_energy.dims == found.stored_energy_error.dims == ("kerr",)
    single = ly.steady_state(directed(0.1, ly.Kerr("charger", 0.1)), method=FEW)
    assert float(found.stored_energy[1]) == float(single.stored_energy)
    swept = ly.sweep(lambda kerr: directed(0.1, ly.Kerr("charger", kerr)), {"kerr": [0.01, 0.1]}, method=FEW)
    np.testing.assert_array_equal(swept.stored_energy, found.stored_energy)
    grown = ly.steady_state(directed(xr.DataArray([0.1, 0.2], dims="drive")), method=FEW)
    assert grown.is_stable.values.tolist() == [True, False]
    assert np.isnan(grown.stored_energy_error[1])


def test_progress_is_told() -> None:
    heard: list[tuple[str, int, int]] = []
    method = ly.TruncatedWigner(
        trajectories=5000, seed=1, progress=lambda told: heard.append((told.stage, told.done, told.total))
    )
    ly.charge(directed(0.1, ly.Kerr("charger", 0.1)), [1.0], method=method)
    assert heard[0][0] == "step"
    assert heard[-1] == ("measuring", 5000, 5000)


@dataclass(frozen=True)
class Cubic(ly.Element):
    """H = g (a^dag^3 + a^3), under which amplitudes run to infinity in a finite time."""

    mode: str

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        return (HamiltonianTerm(0.5, (create(self.mode),) * 3),)


def test_trajectories_that_run_away() -> None:
    device = lone(Cubic("a"), ly.LocalBath("a", 1.0))
    with pytest.raises(
        ly.ConvergenceError, match=r"\d+ of the first 2000 looked at have left the number range by time"
    ):
        ly.charge(device, [10.0], method=FEW)
    with pytest.raises(ly.ConvergenceError, match=r"have left the number range on the way to rest"):
        ly.steady_state(device, method=FEW)
    batch = lone(ly.LocalBath("a", xr.DataArray([1.0, 1.1], dims="rate")), Cubic("a"))
    found = ly.steady_state(batch, method=FEW)
    assert np.isnan(found.stored_energy).all()
    assert "of some devices, which are NaN" in found.attrs["unsolved"]


def test_what_does_not_settle() -> None:
    with pytest.raises(ly.UnstableError, match=r"drive"):
        ly.steady_state(directed(0.2), method=FEW)
    grows = lone(ly.TwoPhotonDrive("a", 1.0), ly.LocalBath("a", 1.0), ly.Dephasing("a", 0.1))
    with pytest.raises(ly.LeydenError, match=r"settle|number range"):
        ly.steady_state(grows, method=FEW)


REFUSED: dict[str, tuple[ly.Network, Any, str]] = {
    "pulse": (
        lone(ly.OnePhotonDrive("a", ly.pulse.ramp(0.0, 1.0, 0.0, 1.0)), ly.LocalBath("a", 1.0)),
        None,
        "changes in time",
    ),
    "levels": (
        ly.Network([ly.Mode("a", levels=2)], [ly.LocalBath("a", 1.0)], charger="a", battery="a"),
        None,
        "mode 'a' has a few levels",
    ),
    "starts": (lone(ly.LocalBath("a", 1.0)), ly.states.coherent(np.ones((2, 1))), "not from a batch"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_cannot_take(name: str) -> None:
    device, initial, reason = REFUSED[name]
    for method in ("truncated_wigner", FEW):
        with pytest.raises(ly.ParameterError, match=f"`method` must be another one or None here, because .*{reason}"):
            ly.charge(device, TIMES, initial=initial, method=method)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"trajectories": 10}, "`trajectories` must be a whole number, from 80"),
        ({"trajectories": 1e4}, "`trajectories` must be a whole number"),
        ({"seed": -1}, "`seed` must be a whole number, at least 0"),
        ({"seed": None}, "`seed` must be a whole number"),
        ({"step": 0.0}, "`step` must be a positive number"),
        ({"step": float("nan")}, "`step` must be a positive number"),
        ({"step": True}, "`step` must be a positive number"),
    ],
)
def test_settings_out_of_range(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ly.ParameterError, match=words):
        ly.TruncatedWigner(**given)


def test_memory_is_counted_before_it_is_taken() -> None:
    with pytest.raises(ly.ParameterError, match=r"`trajectories` must leave memory .* GiB, and .* GiB are free"):
        ly.steady_state(directed(0.1), method=ly.TruncatedWigner(trajectories=10**9))


def test_it_is_never_chosen_by_itself() -> None:
    assert ly.steady_state(lone(ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0))).attrs["method"] != "truncated_wigner"
    with pytest.raises(ly.ParameterError, match="`method` must be"):
        ly.steady_state(directed(0.1), method=ly.Kerr("a", 1.0))  # type: ignore[arg-type]
