"""Mean field as a method: where it is exact, how it nears the quantum answer, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock

TIMES = np.linspace(0.0, 8.0, 9)


def lone(*elements: ly.Element, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def test_of_coherent_states_it_is_exact() -> None:
    """One-photon drives and linear loss keep states coherent, whatever the frequencies."""
    device = ly.Network(
        [ly.Mode("a", detuning=0.3, frequency=2.0), ly.Mode("b", detuning=-0.2), ly.Mode("c", frequency=0.5)],
        [
            ly.OnePhotonDrive("a", 0.4, phase=0.3),
            ly.SharedBath({"a": 0.7, "b": 0.5j}, 0.9),
            ly.CoherentCoupling("a", "c", 0.3j),
            *(ly.LocalBath(name, 0.3) for name in "abc"),
        ],
        charger="a",
        battery=["b", "c"],
    )
    run, exact = ly.charge(device, TIMES, method="mean_field"), ly.charge(device, TIMES)
    for name in ("stored_energy", "charger_energy", "ergotropy", "charging_power", "drive_work", "total_ergotropy"):
        np.testing.assert_allclose(run[name], exact[name], atol=1e-9, err_msg=name)
    steady, whole = ly.steady_state(device, method="mean_field"), ly.steady_state(device)
    np.testing.assert_allclose(steady.stored_energy, whole.stored_energy, rtol=1e-10)
    assert bool(steady.is_stable)
    assert np.isnan(steady.purity).all()
    assert "knows nothing" in steady.attrs["fluctuations"]


def test_far_above_threshold_the_density_matrix_nears_it() -> None:
    """Weaker anharmonicity, more quanta: the relative difference falls as their inverse."""
    apart: list[float] = []
    for kerr in (0.8, 0.4, 0.2):
        device = lone(
            ly.TwoPhotonDrive("a", 1.0), ly.Kerr("a", kerr), ly.TwoPhotonLoss("a", kerr), ly.LocalBath("a", 1.0)
        )
        exact = float(fock.steady_state(device).stored_energy)
        found = float(ly.steady_state(device, method="mean_field").stored_energy)
        apart.append(abs(exact / found - 1))
    assert apart[2] < 0.1
    assert apart[0] / apart[1] > 1.5
    assert apart[1] / apart[2] > 1.5


def test_a_start_decides_between_two_stable_branches() -> None:
    device = lone(ly.OnePhotonDrive("a", 1.2), ly.Kerr("a", 0.4), ly.LocalBath("a", 1.0), detuning=-2.0)
    branches = ly.branches(device)
    low, _, high = branches.stored_energy.values
    assert float(ly.steady_state(device, method="mean_field").stored_energy) == pytest.approx(low, rel=1e-10)
    amplitude = complex(*branches.amplitude.isel(branch=2, network_mode=0).values)
    run = ly.charge(device, [60.0], method="mean_field", initial=ly.states.coherent([1.05 * amplitude]))
    assert float(run.stored_energy[0]) == pytest.approx(high, rel=1e-8)


def test_an_unstable_vacuum_is_not_left_by_itself() -> None:
    device = lone(ly.TwoPhotonDrive("a", 1.0), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0))
    run = ly.charge(device, TIMES, method="mean_field")
    assert not run.stored_energy.any()
    assert run.attrs["start"].startswith("an unstable fixed point")
    pushed = ly.charge(device, [0.0, 90.0], method="mean_field", initial=ly.states.coherent([0.01]))
    assert "start" not in pushed.attrs
    assert float(pushed.stored_energy[-1]) == pytest.approx(np.sqrt(15.0), rel=1e-9)


def test_a_batch_goes_device_by_device() -> None:
    drive = xr.DataArray([0.1, 1.0], dims="drive")
    elements = ly.TwoPhotonDrive("a", drive), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0)
    found = ly.steady_state(lone(*elements), method="mean_field")
    np.testing.assert_allclose(found.stored_energy, [0.0, np.sqrt(15.0)], atol=1e-12)
    grown = ly.steady_state(lone(ly.TwoPhotonDrive("a", drive), ly.LocalBath("a", 1.0)), method="mean_field")
    assert grown.is_stable.values.tolist() == [True, False]
    assert np.isnan(grown.stored_energy[1])


def test_it_is_never_chosen_by_itself() -> None:
    assert ly.steady_state(lone(ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0))).attrs["method"] != "mean_field"


REFUSED = {
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
    "squeezed": (lone(ly.LocalBath("a", 1.0)), ly.states.squeezed(0.3), "coherent states alone"),
    "starts": (lone(ly.LocalBath("a", 1.0)), ly.states.coherent(np.ones((2, 1))), "not from a batch"),
    "many": (ly.catalog.reciprocal_chain(300, drive=0.1, coupling=0.1, damping=1.0), None, "at most 200 modes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_cannot_take(name: str) -> None:
    device, initial, reason = REFUSED[name]
    with pytest.raises(ly.ParameterError, match=f"`method` must be another one or None here, because .*{reason}"):
        ly.charge(device, TIMES, initial=initial, method="mean_field")


def test_what_does_not_settle() -> None:
    with pytest.raises(ly.UnstableError, match="grow without end"):
        ly.steady_state(lone(ly.TwoPhotonDrive("a", 1.0), ly.LocalBath("a", 1.0)), method="mean_field")
