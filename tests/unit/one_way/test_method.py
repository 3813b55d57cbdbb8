"""One-way devices: against the moments where those close, against Fock space where they do not, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden import closed_form, fock, memory
from leyden.equations.device import linear_part
from leyden.one_way.split import Split, split_of
from leyden.one_way.transient import without_room

TIMES = np.linspace(0.0, 6.0, 13)
EXACT = ("stored_energy", "charger_energy", "gaussian_ergotropy")
NAMES = ("charger", "battery")


def directed(*elements: Any, **changes: Any) -> ly.Network:
    parameters = {"drive": 0.1, "charger_damping": 0.4, "battery_damping": 0.3} | changes
    pair = ly.catalog.two_photon_battery(**parameters)
    return ly.Network(pair.modes, [*pair.elements, *elements], charger="charger", battery="battery")


LINEAR: dict[str, ly.Network] = {
    "the paper's": directed(),
    "warm, detuned": directed(detuning=0.2, occupation=0.3),
    "forced": ly.Network(
        [ly.Mode("charger", detuning=0.1), ly.Mode("battery", detuning=-0.2, frequency=1.5)],
        [
            *directed(drive=0.05).elements,
            ly.OnePhotonDrive("charger", 0.2, phase=0.3),
            ly.OnePhotonDrive("battery", 0.1, phase=1.0),
            ly.TwoPhotonDrive("battery", 0.05),
            ly.LocalBath("battery", 0.1, occupation=0.2, squeezing=0.3, squeezing_phase=0.5),
        ],
        charger="charger",
        battery="battery",
    ),
}


@pytest.mark.parametrize("name", LINEAR)
def test_where_moments_close_they_are_what_it_finds(name: str) -> None:
    device = LINEAR[name]
    found, exact = (ly.steady_state(device, method=method) for method in ("one_way", "dense"))
    for quantity in EXACT:
        np.testing.assert_allclose(found[quantity], exact[quantity], rtol=1e-9, err_msg=quantity)
    run, curves = (ly.charge(device, TIMES, method=method) for method in ("one_way", "dense"))
    for quantity in (*EXACT, "charging_power", "drive_work"):
        np.testing.assert_allclose(run[quantity], curves[quantity], rtol=1e-9, atol=1e-10, err_msg=quantity)


def test_a_cascade_needs_no_more_levels_than_its_first_cell() -> None:
    cascade = ly.catalog.cascade(6, drive=0.08, damping=0.3)
    found, exact = (ly.steady_state(cascade, method=method) for method in ("one_way", "dense"))
    assert found.attrs["core"] == "m0"
    np.testing.assert_allclose(found.stored_energy, exact.stored_energy, rtol=1e-9)


def test_a_kerr_charger_above_the_threshold_in_fock_space() -> None:
    device = directed(ly.Kerr("charger", 2.0), drive=0.3)
    found = ly.steady_state(device)
    assert found.attrs["method"] == "one_way"
    assert found.attrs["one_way"] == "charger feels nothing of battery"
    whole = fock.steady_state(device, tolerance=1e-8)
    for quantity in (*EXACT, "ergotropy", "purity"):
        np.testing.assert_allclose(found[quantity], whole[quantity], atol=1e-7, err_msg=quantity)


def test_a_kerr_charger_in_time() -> None:
    device = directed(ly.Kerr("charger", 2.0), drive=0.3)
    times = np.array([0.0, 0.3, 1.0, 2.5])
    run, whole = ly.charge(device, times), fock.charge(device, times)
    assert run.attrs["method"] == "one_way"
    for quantity in ("stored_energy", "charger_energy", "charging_power", "drive_work"):
        np.testing.assert_allclose(run[quantity], whole[quantity], atol=3e-7, err_msg=quantity)


@settings(max_examples=6, deadline=None)
@given(
    kerr=st.floats(0.5, 4.0),
    loss=st.floats(0.0, 1.0),
    drive=st.floats(0.05, 0.2),
    detuning=st.floats(-0.5, 0.5),
    occupation=st.floats(0.0, 0.05),
    phase=st.floats(0.0, 6.0),
)
def test_random_one_way_devices_in_fock_space(
    *, kerr: float, loss: float, drive: float, detuning: float, occupation: float, phase: float
) -> None:
    """Complex weights, warm baths, detunings: energies of two modes in Fock space, to its tolerance of 1e-7."""
    weights = {"charger": 0.7, "battery": 0.6 * np.exp(1j * phase)}
    strength = -0.5j * np.conj(weights["battery"]) * weights["charger"]
    device = ly.Network(
        [ly.Mode("charger", detuning=detuning), ly.Mode("battery", detuning=-detuning)],
        [
            ly.TwoPhotonDrive("charger", drive),
            ly.OnePhotonDrive("charger", 0.1),
            ly.Kerr("charger", kerr),
            ly.TwoPhotonLoss("charger", loss),
            ly.SharedBath(weights, 1.0, occupation=occupation),
            ly.CoherentCoupling("charger", "battery", strength),
            ly.LocalBath("charger", 0.6),
            ly.LocalBath("battery", 0.6, occupation=occupation),
        ],
        charger="charger",
        battery="battery",
    )
    found = ly.steady_state(device, method="one_way")
    whole = fock.steady_state(device, tolerance=1e-7)
    assert float(found.stored_energy) == pytest.approx(float(whole.stored_energy), abs=2e-7)
    assert float(found.gaussian_ergotropy) == pytest.approx(float(whole.gaussian_ergotropy), abs=2e-7)


def test_two_batteries_behind_a_two_level_charger() -> None:
    """A cell charges two oscillators through one bath; only the cell is followed as a matrix."""
    weights = {"cell": 0.6, "b": 0.6}
    others = {"cell": 0.6, "c": 0.6j}
    device = ly.Network(
        [ly.Mode("cell", levels=2), ly.Mode("b"), ly.Mode("c")],
        [
            ly.OnePhotonDrive("cell", 0.4),
            ly.SharedBath(weights, 1.0),
            ly.CoherentCoupling("cell", "b", -0.18j),
            ly.SharedBath(others, 1.0),
            ly.CoherentCoupling("cell", "c", -0.18),
            *(ly.LocalBath(name, 0.3) for name in ("cell", "b", "c")),
        ],
        charger="cell",
        battery=["b", "c"],
    )
    found = split_of(device, linear_part(device)[0])
    assert found == Split((0,), (1, 2))
    steady = ly.steady_state(device)
    whole = fock.steady_state(device, cutoff=(2, 7, 7), tolerance=1e-4)
    np.testing.assert_allclose(steady.stored_energy, whole.stored_energy, atol=2e-5)
    assert steady.attrs["cutoff"] == [2]


def test_a_sweep_through_the_threshold() -> None:
    drive = xr.DataArray([0.1, 0.2, 0.4], dims="drive", coords={"drive": [0.1, 0.2, 0.4]})
    found = ly.steady_state(directed(ly.Kerr("charger", 1.0), drive=drive))
    assert found.stored_energy.dims == ("drive",)
    alone = [float(ly.steady_state(directed(ly.Kerr("charger", 1.0), drive=one)).stored_energy) for one in drive.values]
    np.testing.assert_allclose(found.stored_energy, alone, rtol=1e-12)
    assert found.is_stable.all()


def test_a_battery_in_the_core_has_its_whole_state() -> None:
    """A mode that is charger and battery, with a listener behind it."""
    pair = directed(ly.Kerr("charger", 1.0), drive=0.3)
    device = ly.Network(pair.modes, pair.elements, charger="charger", battery=["charger", "battery"])
    found = ly.steady_state(device, method="one_way")
    alone = ly.Network(
        [ly.Mode("charger")],
        [ly.TwoPhotonDrive("charger", 0.3), ly.Kerr("charger", 1.0), ly.LocalBath("charger", 0.9)],
        charger="charger",
        battery="charger",
    )
    whole = fock.steady_state(alone, tolerance=1e-9)
    assert float(found.ergotropy[0]) == pytest.approx(float(whole.ergotropy), abs=1e-8)
    assert float(found.total_ergotropy) == pytest.approx(float(found.ergotropy.sum()))


CHAIN = ly.catalog.reference_device("cascade", modes=6)
REFUSED: dict[str, tuple[ly.Network, str]] = {
    "battery": (
        directed(ly.Kerr("battery", 1.0)),
        r"charger acts on battery, which is not linear under Kerr\(battery\)",
    ),
    "back-action": (
        directed(ly.Kerr("charger", 1.0), ly.CoherentCoupling("charger", "battery", 0.1)),
        r"battery acts on charger, which is not linear under Kerr\(charger\)",
    ),
    "dephasing": (
        directed(ly.Kerr("charger", 0.1), ly.Dephasing("battery", 0.1)),
        r"no mode is linear under Kerr\(charger\), Dephasing\(battery\)",
    ),
    "cells": (
        ly.catalog.reference_device("few_level_battery"),
        "all modes have few levels",
    ),
    "linear": (ly.catalog.reference_device("reciprocal_battery"), "battery acts on charger, the charger"),
    "alone": (
        ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a"),
        "a is its only mode",
    ),
    "chain": (
        replace(CHAIN, elements=(*CHAIN.elements, ly.Kerr("m5", 0.1))),
        r"m0, m1, ... 5 in all act on m5, which is not linear under Kerr\(m5\)",
    ),
    "core": (
        replace(CHAIN, elements=(*CHAIN.elements, *(ly.Kerr(f"m{place}", 0.1) for place in range(4)))),
        "its core of modes m0, m1, m2, m3 has more than 120 dimensions",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_one_way_device_is_refused(name: str) -> None:
    device, reason = REFUSED[name]
    with pytest.raises(ly.ParameterError, match=f"`method` must be another one or None here, because .*{reason}"):
        ly.steady_state(device, method="one_way")


def test_rests_beyond_memory_are_refused_before_they_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 100 quadratures there are 5050 second moments, and so many rows of 64 x 101 and 5050 numbers."""
    device = ly.catalog.reference_device("cascade", modes=51)
    device = replace(device, elements=(*device.elements, ly.Kerr("m0", 0.1)))
    assert without_room(50, [8]) == ""
    monkeypatch.setattr(memory, "free_bytes", lambda: 1e9)
    assert without_room(50, [8]).startswith("moments of 50 modes in time need about 1.7 GiB")
    with pytest.raises(ly.ParameterError, match=r"moments of 50 modes in time need about .* GiB of memory"):
        ly.charge(device, TIMES, method="one_way")
    assert ly.steady_state(device, method="one_way").attrs["method"] == "one_way"


def test_initial_states_are_refused() -> None:
    device = directed(ly.Kerr("charger", 1.0))
    with pytest.raises(ly.ParameterError, match="it starts from the vacuum"):
        ly.charge(device, TIMES, initial=ly.states.vacuum(2), method="one_way")


def test_a_core_that_remembers_its_start_settles_as_the_vacuum_does() -> None:
    """Two-photon loss alone keeps the parity: an even cat of 2 eps/eta quanta, n = tanh 1."""
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.TwoPhotonDrive("a", 0.5), ly.TwoPhotonLoss("a", 1.0), ly.LocalBath("b", 0.3)],
        charger="a",
        battery="b",
    )
    found = ly.steady_state(device, method="one_way")
    assert float(found.charger_energy) == pytest.approx(np.tanh(1.0), abs=1e-12)
    assert found.attrs["conserved"] == "even quanta of a, as of a start in the vacuum"
    run = ly.charge(device, [40.0], method="one_way")
    assert float(run.charger_energy[-1]) == pytest.approx(np.tanh(1.0), abs=1e-9)


def test_a_rest_that_nothing_damps_is_refused() -> None:
    device = directed(ly.Kerr("charger", 1.0), ly.TwoPhotonDrive("battery", 0.5))
    with pytest.raises(ly.UnstableError, match="must be stable"):
        ly.steady_state(device, method="one_way")
    several = directed(ly.Kerr("charger", 1.0), ly.TwoPhotonDrive("battery", np.array([0.0, 0.5])))
    found = ly.steady_state(several)
    assert found.is_stable.values.tolist() == [True, False]
    assert np.isfinite(found.stored_energy[0])
    assert np.isnan(found.stored_energy[1])


def test_a_batch_of_which_some_are_one_way_names_both_methods() -> None:
    """Where the coupling does not cancel the back-action, both modes go to Fock space."""
    strength = xr.DataArray([-0.25j, -0.2j], dims="coupling")
    device = directed(ly.Kerr("charger", 2.0), drive=0.05).replace(
        **{"CoherentCoupling(charger, battery).strength": strength}
    )
    found = ly.steady_state(device)
    assert found.attrs["method"] == "one_way, fock"
    assert np.isfinite(found.stored_energy).all()


def test_what_no_method_takes_names_its_element() -> None:
    with pytest.raises(ly.NonGaussianError, match="none takes") as caught:
        ly.evolve(directed(ly.Kerr("charger", 1.0)), TIMES)
    assert caught.value.element == ly.Kerr("charger", 1.0)


def test_a_hump_far_from_the_vacuum_is_not_given_up_early() -> None:
    """On 18 levels nothing falls yet of a charger of 29.7 quanta, whose series is known and whose mean field is 30."""
    rates = {"drive": 0.3, "charger_damping": 0.1, "battery_damping": 0.1}
    pair = ly.catalog.two_photon_battery(**rates)
    loss = ly.TwoPhotonLoss("charger", 0.01)
    network = ly.Network(pair.modes, [*pair.elements, loss], charger="charger", battery="battery")
    mode = closed_form.AnharmonicMode(damping=0.6, two_photon_loss=0.01, two_photon_drive=0.3)
    exact = float(closed_form.anharmonic_energy(mode))
    assert float(ly.steady_state(network).charger_energy) == pytest.approx(exact, rel=1e-9)
    assert exact == pytest.approx((2 * 0.3 - 0.3) / 0.01, rel=0.01)


def test_a_member_that_is_too_excited_loses_nothing_but_itself() -> None:
    drive = xr.DataArray([0.05, 3.0], dims="drive")
    device = directed(ly.Kerr("charger", 1e-3), drive=drive)
    found = ly.steady_state(device)
    alone = ly.steady_state(directed(ly.Kerr("charger", 1e-3), drive=0.05))
    assert float(found.stored_energy[0]) == pytest.approx(float(alone.stored_energy), rel=1e-12)
    assert np.isnan(found.stored_energy[1])
    assert "must fit into its Fock levels" in found.attrs["unsolved"]
    with pytest.raises(ly.TruncationError, match="must fit into its Fock levels"):
        ly.steady_state(directed(ly.Kerr("charger", 1e-3), drive=3.0))


def test_a_huge_nonlinearity_is_a_matter_of_scale_and_not_of_where_it_starts() -> None:
    """Pairs hardly excite such a charger: p_2 = 2 (eps/K)^2, and p_1 = 2 p_2, which it decays to at twice the rate."""
    found = ly.steady_state(directed(ly.Kerr("charger", 1e10)), whole_state=False)
    assert float(found.charger_energy) == pytest.approx(4 * 2 * (0.1 / 1e10) ** 2, rel=1e-6)
    with pytest.raises(
        ly.ConvergenceError, match=r"rates that double precision tells apart.*Give a mode .* few `levels`"
    ):
        ly.steady_state(directed(ly.TwoPhotonLoss("charger", 1e100)), whole_state=False)


def test_what_is_missing_is_named() -> None:
    """A core that nothing damps, behind which is a battery that is damped."""
    bent = [ly.OnePhotonDrive("a", 0.3), ly.Kerr("a", -0.1), ly.LocalBath("b", 1.0)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], bent, "a", "b")
    with pytest.raises(ly.UnstableError, match=r"Nothing damps 'a': let baths act on it"):
        ly.steady_state(device, method="one_way")


def test_levels_of_several_modes_that_do_not_suffice_for_all_digits_tell_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pump that depletes: what it drives is one core with it."""
    monkeypatch.setattr("leyden.one_way.method._LARGEST", 100)
    elements = [
        ly.OnePhotonDrive("pump", 0.2),
        ly.LocalBath("pump", 4.0),
        ly.ThreeWaveMixing("pump", "charger", 0.3),
        ly.LocalBath("charger", 0.5),
        ly.LocalBath("battery", 0.5),
        ly.SharedBath({"charger": 1.0, "battery": 1.0}, 0.5),
        ly.CoherentCoupling("charger", "battery", -0.25j),
    ]
    modes = [ly.Mode(name) for name in ("pump", "charger", "battery")]
    found = ly.steady_state(ly.Network(modes, elements, charger="charger", battery="battery"))
    assert found.attrs["method"] == "one_way"
    assert found.attrs["tolerance"] == 1e-7
    assert found.attrs["largest_change"] <= 1e-7
    assert float(found.stored_energy) == pytest.approx(0.004590644718, abs=1e-7)  # on 10 x 13 levels
