"""Stages in a row: against pulses, against runs by hand, against the energy of all modes; and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import pulse

RATES: dict[str, float] = {"charger_damping": 0.1, "battery_damping": 0.05}
# What 16 roundings of a few products leave.
ROUNDING = 1e-13


def pair(drive: Any = 0.0, **more: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**({"drive": drive} | RATES | more))


def rich(drive: Any, *, squeezing: float = 0.2, frequency: float = 1.3) -> ly.Network:
    """Elements of all kinds that exchange energy, on modes of unlike frequencies."""
    return ly.Network(
        [ly.Mode("a", detuning=0.3), ly.Mode("b", frequency=frequency, detuning=-0.1), ly.Mode("c")],
        [
            ly.TwoPhotonDrive("a", drive),
            ly.OnePhotonDrive("b", 0.2, phase=0.4),
            ly.CoherentCoupling("a", "b", 0.3j),
            ly.ParametricCoupling("b", "c", 0.05),
            ly.PositionCoupling("a", "c", 0.04),
            ly.LocalBath("a", 0.2, occupation=0.4, squeezing=squeezing, squeezing_phase=0.7),
            ly.LocalBath("b", 0.3),
            ly.SharedBath({"a": 0.6, "c": 0.8j}, 0.5, occupation=0.1),
            ly.LocalBath("c", 0.3),
            ly.Gain("c", 0.05, occupation=0.2),
        ],
        charger="a",
        battery="b",
    )


def whole_energy(run: xr.Dataset, frequencies: Mapping[str, float]) -> xr.DataArray:
    """Energy of all modes, from means and quanta."""
    quanta = run.own_moments.isel(moment=0)
    means = run["mean"]
    total: Any = 0.0
    for name, frequency in frequencies.items():
        squares = sum(means.sel(quadrature=f"{name}.{axis}", drop=True) ** 2 for axis in "xp")
        total = total + frequency * (quanta.sel(network_mode=name, drop=True) + squares / 2)
    return total


def test_a_drive_that_is_switched_off_is_a_square_pulse() -> None:
    run = ly.protocol([ly.Stage("charge", pair(0.4), 5.0), ly.Stage("hold", pair(0.0), 10.0)], points=(50, 100))
    same = ly.charge(pair(pulse.square(0.4, 0.0, 5.0)), np.linspace(0.0, 15.0, 151), tolerance=1e-12)
    for name in ("stored_energy", "ergotropy", "charger_energy", "drive_work", "charging_efficiency", "purity"):
        np.testing.assert_allclose(run[name], same[name], rtol=1e-11, atol=1e-14, err_msg=name)


def test_states_are_handed_on_as_by_hand() -> None:
    stages = [ly.Stage("one", rich(0.3), 2.0), ly.Stage("two", rich(0.0), 1.5), ly.Stage("three", rich(0.2), 1.0)]
    run = ly.protocol(stages, points=10, keep_state=True)
    state = None
    for number, stage in enumerate(stages):
        states = ly.evolve(stage.network, np.linspace(0.0, stage.duration, 11), initial=state)
        state = states[-1]
        here = run.where(run.stage_number == number, drop=True)
        np.testing.assert_allclose(here.covariance[-10:], states.covariance[1:], rtol=ROUNDING, atol=ROUNDING)
        np.testing.assert_allclose(here["mean"][-10:], states.mean[1:], rtol=ROUNDING, atol=ROUNDING)
    last = ly.states.from_dataset(run, time=4.5)
    np.testing.assert_allclose(last.covariance, state.covariance, rtol=ROUNDING, atol=ROUNDING)


def test_digits_of_weak_excitation_are_handed_on() -> None:
    """An energy of second order in a drive of 1e-8, with a detuning that mixes x and p."""
    weak = [pair(drive, detuning=0.3) for drive in (1e-8, 0.0)]
    run = ly.protocol([ly.Stage("charge", weak[0], 3.0), ly.Stage("hold", weak[1], 3.0)], points=1)
    strong = [pair(drive, detuning=0.3) for drive in (1e-4, 0.0)]
    other = ly.protocol([ly.Stage("charge", strong[0], 3.0), ly.Stage("hold", strong[1], 3.0)], points=1)
    # The next order is a share of 1e-8.
    np.testing.assert_allclose(run.stored_energy[1:], other.stored_energy[1:] * 1e-8, rtol=1e-7)


@pytest.mark.parametrize("drive", [0.3, pulse.gaussian(0.4, 1.0, 0.3)], ids=["constant", "pulsed"])
def test_work_and_heat_add_up_to_the_energy_of_all_modes(drive: Any) -> None:
    stages = [ly.Stage("charge", rich(drive), 2.0), ly.Stage("hold", rich(0.0, squeezing=0.0), 1.5)]
    run = ly.protocol(stages, points=20, keep_state=True, tolerance=1e-12)
    energy = whole_energy(run, {"a": 1.0, "b": 1.3, "c": 1.0})
    put_in = run.drive_work + run.bath_energy.sum("bath") + run.coupling_work
    largest = float(abs(run.bath_energy).max())
    np.testing.assert_allclose(put_in, energy - energy[0], atol=1e-12 * max(1.0, largest) * 10)
    assert set(run.bath.values) == {
        "LocalBath(a)",
        "LocalBath(b)",
        "SharedBath(a, c)",
        "LocalBath(c)",
        "Gain(c)",
    }
    assert float(abs(run.coupling_work[-1])) > 1e-3


def test_work_and_heat_of_a_dephased_device() -> None:
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [
            ly.OnePhotonDrive("a", 0.3),
            ly.CoherentCoupling("a", "b", 0.2),
            ly.Dephasing("a", 0.5),
            ly.LocalBath("a", 0.1, occupation=0.3),
            ly.LocalBath("b", 0.2),
        ],
        charger="a",
        battery="b",
    )
    hold = device.replace(**{"OnePhotonDrive(a).amplitude": 0.0})
    run = ly.protocol([ly.Stage("charge", device, 3.0), ly.Stage("hold", hold, 3.0)], keep_state=True)
    energy = whole_energy(run, {"a": 1.0, "b": 1.0})
    put_in = run.drive_work + run.bath_energy.sum("bath") + run.coupling_work
    np.testing.assert_allclose(put_in, energy - energy[0], atol=1e-12)


@dataclass(frozen=True)
class LossyPump(ly.Element):
    """A pump of pairs that comes with loss: a drive and a bath in one."""

    mode: str
    strength: float

    def hamiltonian(self) -> tuple[Any, ...]:
        up = ly.words.create(self.mode)
        return (ly.words.HamiltonianTerm(self.strength, (up, up)),)

    def jumps(self) -> tuple[Any, ...]:
        return (ly.words.Jump(0.3, (1.0,), (ly.words.annihilate(self.mode),)),)


def test_an_element_that_drives_and_damps_counts_once() -> None:
    device = ly.Network([ly.Mode("a")], [LossyPump("a", 0.2), ly.LocalBath("a", 0.4, 0.5)], charger="a", battery="a")
    run = ly.protocol([ly.Stage("charge", device, 3.0)], points=10, keep_state=True)
    assert run.bath.values.tolist() == ["LocalBath(a)"]
    energy = whole_energy(run, {"a": 1.0})
    np.testing.assert_allclose(run.drive_work + run.bath_energy.sum("bath"), energy - energy[0], atol=1e-13)


def test_after_a_dephasing_the_state_is_not_gaussian_any_more() -> None:
    noisy = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", 0.3), ly.Dephasing("a", 0.5)], charger="a", battery="a")
    quiet = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.1)], charger="a", battery="a")
    run = ly.protocol([ly.Stage("before", quiet, 1.0), ly.Stage("noisy", noisy, 1.0), ly.Stage("after", quiet, 1.0)])
    assert np.isfinite(run.ergotropy.where(run.stage == "before", drop=True)).all()
    assert np.isnan(run.ergotropy.where(run.stage != "before", drop=True)).all()
    assert np.isfinite(run.gaussian_ergotropy).all()
    assert np.isfinite(run.stored_energy).all()
    assert "Dephasing(a)" in run.attrs["not_gaussian"]


def test_heat_of_one_mode_is_known_in_closed_form() -> None:
    """n(t) = n_th (1 - e^{-kappa t}) in a warm bath, then into a cold one."""
    warm, cold = (
        ly.Network([ly.Mode("a", frequency=2.0)], [ly.LocalBath("a", 0.5, occupation=n)], charger="a", battery="a")
        for n in (3.0, 0.0)
    )
    run = ly.protocol([ly.Stage("warm", warm, 2.0), ly.Stage("cold", cold, 4.0)])
    top = 2 * 3 * (1 - np.exp(-1.0))
    assert float(run.bath_energy.sel(time=2.0, bath="LocalBath(a)")) == pytest.approx(top, rel=ROUNDING)
    assert float(run.bath_energy[..., -1].squeeze()) == pytest.approx(top * np.exp(-2.0), rel=1e-12)


def test_labels_of_all_stages_make_one_batch() -> None:
    drive = xr.DataArray([0.1, 0.3], dims="drive", coords={"drive": [0.1, 0.3]})
    leak = xr.DataArray([0.05, 0.1, 0.2], dims="leak", coords={"leak": [0.05, 0.1, 0.2]})
    stages = [ly.Stage("charge", pair(drive), 5.0), ly.Stage("hold", pair(0.0, battery_damping=leak), 5.0)]
    run = ly.protocol(stages, points=4, keep_state=True)
    assert run.stored_energy.dims == ("drive", "leak", "time")
    assert run.bath_energy.dims == ("drive", "leak", "bath", "time")
    assert run.is_stable.dims == ("drive", "leak", "time")
    for one in (0.1, 0.3):
        for other in (0.05, 0.2):
            alone = ly.protocol(
                [ly.Stage("charge", pair(one), 5.0), ly.Stage("hold", pair(0.0, battery_damping=other), 5.0)],
                points=4,
                keep_state=True,
            )
            part = run.sel(drive=one, leak=other)
            for name in ("stored_energy", "ergotropy", "drive_work", "bath_energy", "is_stable", "covariance"):
                np.testing.assert_allclose(part[name], alone[name], rtol=1e-12, atol=1e-15, err_msg=name)


def test_several_batteries_keep_their_axis() -> None:
    charge, hold = (ly.catalog.cascade(4, drive=drive, damping=0.1) for drive in (0.1, 0.0))
    run = ly.protocol([ly.Stage("charge", charge, 20.0), ly.Stage("hold", hold, 5.0)], points=5)
    assert run.stored_energy.dims == ("mode", "time")
    assert run.total_charging_efficiency.dims == ("time",)
    found = ly.cycle(run)
    assert found.energy_half_life.dims == ("mode", "stage")
    assert found.cycle_yield.dims == ()
    expected = run.total_ergotropy[-1] / found.drive_work[0]
    assert float(found.cycle_yield) == pytest.approx(float(expected), rel=1e-12)


def test_points_times_and_stages() -> None:
    run = ly.protocol(
        [ly.Stage("a", pair(0.1), 0.3), ly.Stage("b", pair(), 0.7), ly.Stage("a", pair(0.1), 1.0)], points=2
    )
    np.testing.assert_allclose(run.time, [0, 0.15, 0.3, 0.65, 1.0, 1.5, 2.0], atol=1e-15)
    assert run.stage.values.tolist() == ["a", "a", "a", "b", "b", "a", "a"]
    assert run.stage_number.values.tolist() == [0, 0, 0, 1, 1, 2, 2]
    kept = json.loads(run.attrs["stages"])
    assert [(stage["name"], stage["duration"]) for stage in kept] == [("a", 0.3), ("b", 0.7), ("a", 1.0)]


def test_a_run_is_written_and_read(tmp_path: Any) -> None:
    run = ly.protocol([ly.Stage("a", pair(0.1), 0.3), ly.Stage("b", pair(), 0.7)], points=2)
    run.to_netcdf(tmp_path / "run.nc")
    xr.testing.assert_identical(run, xr.load_dataset(tmp_path / "run.nc"))


def test_pulses_count_from_the_beginning_of_their_stage() -> None:
    kick = pulse.gaussian(0.3, 2.0, 0.5)
    run = ly.protocol([ly.Stage("wait", pair(), 7.0), ly.Stage("kick", pair(kick), 5.0)], points=10)
    alone = ly.charge(pair(kick), np.linspace(0.0, 5.0, 11))
    np.testing.assert_allclose(run.stored_energy[-10:], alone.stored_energy[1:], rtol=1e-12, atol=1e-18)
    assert run.attrs["error"] <= 1e-10


def test_a_cycle_that_takes_its_work_out_again() -> None:
    """A coherent drive fills a mode without loss, and the opposite drive empties it: all work comes back."""

    def lone(amplitude: float, phase: float = 0.0) -> ly.Network:
        return ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", amplitude, phase=phase)], charger="a", battery="a")

    stages = [
        ly.Stage("charge", lone(0.5), 2.0),
        ly.Stage("hold", lone(0.0), 1.0),
        ly.Stage("empty", lone(0.5, np.pi), 2.0),
    ]
    found = ly.cycle(ly.protocol(stages))
    # <a> = -i F t.
    np.testing.assert_allclose(found.drive_work, [1.0, 0.0, -1.0], atol=ROUNDING)
    np.testing.assert_allclose([found.work_in, found.work_out, found.cycle_yield], 1.0, rtol=ROUNDING)
    np.testing.assert_allclose(found.stored_energy, [1.0, 1.0, 0.0], atol=ROUNDING)
    assert found.stage.values.tolist() == ["charge", "hold", "empty"]
    np.testing.assert_allclose(found.duration, [2.0, 1.0, 2.0])


def test_what_a_cycle_refuses() -> None:
    with pytest.raises(ly.ParameterError, match=r"`run` must be the Dataset of a protocol"):
        ly.cycle(ly.charge(pair(0.1), [0.0, 1.0]))


def test_a_cycle_has_all_ends_of_its_stages() -> None:
    """What a drive does in the last times of its stage would else be told of the next one, which has no drive."""
    run = ly.protocol([ly.Stage("charge", pair(0.1), 2.0), ly.Stage("hold", pair(), 3.0)], points=12)
    lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz").convert(run, time="us")
    lost = (
        slice(None, None, 5),
        slice(3, None),
        slice(None, -3),
        slice(13, None),
        slice(None, None, -1),
        3,
        slice(0, 0),
    )
    for part in lost:
        for one in (run, lab):
            with pytest.raises(ly.ParameterError, match="have the end of each of its stages"):
                ly.cycle(one.isel(time=part))
    for one in (run, lab):
        whole = ly.cycle(one)
        for part in (slice(None, None, 4), slice(0, 13)):
            found = ly.cycle(one.isel(time=part))
            assert found.drive_work.values.tolist() == whole.drive_work[: len(found.stage)].values.tolist()
            assert found.duration.values.tolist() == whole.duration[: len(found.stage)].values.tolist()


def test_half_lives() -> None:
    run = ly.protocol([ly.Stage("charge", pair(0.4), 4.0), ly.Stage("hold", pair(0.0), 40.0)], points=400)
    found = ly.cycle(run)
    assert np.isnan(found.energy_half_life[0])
    hold = run.where(run.stage_number == 1, drop=True)
    start = float(run.stored_energy.sel(time=4.0))
    crossing = float(hold.time[int(np.argmax(np.asarray(hold.stored_energy) <= start / 2))]) - 4.0
    assert float(found.energy_half_life[1]) == pytest.approx(crossing, abs=0.1)
    assert float(found.ergotropy_half_life[1]) < float(found.energy_half_life[1])


REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ([], r"`stages` must be a sequence of Stage, at least one"),
    "a network": ([pair()], r"`stages` must be a sequence of Stage"),
    "other modes": (
        [
            ly.Stage("one", pair(), 1.0),
            ly.Stage("two", ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=0), 1.0),
        ],
        r"have the modes of stage 'one', .* in stage 'two'",
    ),
    "another frequency": (
        [ly.Stage("one", rich(0.1), 1.0), ly.Stage("two", rich(0.1, frequency=1.0), 1.0)],
        r"have 1.3 as frequency of mode 'b' in stage 'two'",
    ),
    "a stage that ends as it begins, on this axis": (
        [ly.Stage("one", pair(), 1e9), ly.Stage("two", pair(), 1e-12)],
        r"200 times that differ, at 1e\+09 in stage 'two'",
    ),
    "no end": ([ly.Stage("one", pair(), 1e308)] * 2, r"200 times that differ, at 1e\+308 in stage 'one'"),
    "a pulse that ends early": (
        [ly.Stage("one", pair(), 1.0), ly.Stage("two", pair(pulse.sampled([0, 1, 2, 3], [0, 1, 1, 0])), 4.0)],
        r"In stage 'two': .*",
    ),
}


def test_half_lives_between_times_that_are_too_far_apart_are_missing() -> None:
    """Energy is lost at the damping, 0.3: half of it after ln 2/0.3, which ten times in a stage of 1000 do not tell."""
    stages = [ly.Stage("charge", rest(0.5), 1.0), ly.Stage("hold", rest(0.0), 1000.0)]
    coarse, fine = (ly.cycle(ly.protocol(stages, points=[10, points])) for points in (10, 2000))
    assert np.isnan(coarse.energy_half_life[1])
    assert "give that stage more `points`" in coarse.energy_half_life.reason
    assert float(fine.energy_half_life[1]) == pytest.approx(np.log(2) / 0.3, rel=1e-3)
    assert "reason" not in fine.energy_half_life.attrs


def rest(drive: float) -> ly.Network:
    parts = [ly.OnePhotonDrive("a", drive), ly.LocalBath("a", 0.3)]
    return ly.Network([ly.Mode("a")], parts, charger="a", battery="a")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    stages, message = REFUSED[name]
    with pytest.raises(ly.ParameterError, match=message):
        ly.protocol(stages)


@pytest.mark.parametrize("points", [0, -1, 1.5, True, (3,), (1, 0), "many", 10**9])
def test_points_that_are_refused(points: Any) -> None:
    with pytest.raises(ly.ParameterError, match="`points` must be a number of times"):
        ly.protocol([ly.Stage("one", pair(), 1.0), ly.Stage("two", pair(), 1.0)], points=points)


@pytest.mark.parametrize("duration", [0.0, -1.0, np.inf, np.nan, "1", [1.0, 2.0]])
def test_durations_that_are_refused(duration: Any) -> None:
    with pytest.raises(ly.ParameterError, match="`duration` must be"):
        ly.Stage("one", pair(), duration)


def test_names_and_networks_that_are_refused() -> None:
    with pytest.raises(ly.ParameterError, match="`name` must be"):
        ly.Stage("", pair(), 1.0)
    with pytest.raises(ly.ParameterError, match="`network` must be a Network"):
        ly.Stage("one", "device.toml", 1.0)  # pyright: ignore[reportArgumentType]


def test_members_that_outgrow_the_range_leave_the_others_alone() -> None:
    drive = xr.DataArray([0.1, 400.0], dims="drive")
    run = ly.protocol([ly.Stage("charge", pair(drive), 5.0), ly.Stage("hold", pair(), 1.0)], points=3)
    alone = ly.protocol([ly.Stage("charge", pair(0.1), 5.0), ly.Stage("hold", pair(), 1.0)], points=3)
    np.testing.assert_allclose(run.stored_energy[0], alone.stored_energy, rtol=1e-12)
    assert not np.isfinite(run.stored_energy[1, -1])


def test_a_single_device_that_outgrows_the_range_is_refused_with_its_stage() -> None:
    with pytest.raises(ly.ParameterError, match=r"In stage 'charge': .* must end by"):
        ly.protocol([ly.Stage("charge", pair(400.0), 5.0), ly.Stage("hold", pair(), 1.0)])


def test_what_is_beyond_the_gaussian_is_refused() -> None:
    bent = ly.Network([ly.Mode("a")], [ly.Kerr("a", 1.0), ly.LocalBath("a", 1.0)], charger="a", battery="a")
    with pytest.raises(ly.NonGaussianError, match=r"keeps no states .* without `keep_state`"):
        ly.protocol([ly.Stage("charge", bent, 1.0)])
