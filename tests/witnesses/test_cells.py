"""Batteries of few levels, against closed formulas: Farina et al.'s pairs, cells around a cavity, fluorescence."""

from __future__ import annotations

import numpy as np
import pytest
import qutip
import xarray as xr

import leyden as ly
from leyden import fock


@pytest.mark.parametrize(("drive", "damping", "coupling"), [(0.3, 0.8, 0.5), (0.05, 2.0, 0.3), (1.5, 0.4, 1.0 - 0.5j)])
def test_two_driven_two_level_systems(drive: float, damping: float, coupling: complex) -> None:
    """The fifteen linear equations of the pair, solved by computer algebra."""
    g = abs(coupling)
    below = 16 * drive**4 + 2 * drive**2 * damping**2 + g**2 * damping**2
    energy, coherence = drive**2 * (8 * drive**2 + damping**2) / below, drive * g * damping**2 / below
    device = ly.catalog.few_level_battery(drive=drive, charger_damping=damping, coupling=coupling)
    found = ly.steady_state(device)
    assert found.attrs["method"] == "fock"
    assert found.attrs["cutoff"] == [2, 2]
    assert float(found.stored_energy) == pytest.approx(energy, abs=1e-10)
    assert float(found.charger_energy) == pytest.approx(8 * drive**4 / below, abs=1e-10)
    length = np.sqrt((1 - 2 * energy) ** 2 + 4 * coherence**2)
    assert float(found.ergotropy) == pytest.approx(energy - (1 - length) / 2, abs=1e-10)
    assert float(found.purity) == pytest.approx((1 + length**2) / 2, abs=1e-10)


@pytest.mark.parametrize("levels", [2, 3, None])
def test_an_oscillator_ends_in_a_coherent_state_whatever_charges_it(levels: int | None) -> None:
    """F^2/g^2, all of it ergotropy (Farina et al.): the charger is dark."""
    device = ly.catalog.few_level_battery(
        drive=0.3, charger_damping=0.8, coupling=0.5, charger_levels=levels, battery_levels=None
    )
    found = ly.steady_state(device)
    assert float(found.stored_energy) == pytest.approx(0.36, abs=1e-7)
    assert float(found.ergotropy) == pytest.approx(0.36, abs=1e-7)
    assert abs(float(found.charger_energy)) < 1e-7


@pytest.mark.parametrize("charger", [2, None])
@pytest.mark.parametrize("battery", [2, 3])
def test_a_warm_charger_brings_its_temperature(charger: int | None, battery: int) -> None:
    """Populations fall by N/(N + 1) from level to level."""
    device = ly.catalog.few_level_battery(
        drive=0.0, charger_damping=0.8, coupling=0.5, occupation=0.2, charger_levels=charger, battery_levels=battery
    )
    found = ly.steady_state(device)
    shares = (0.2 / 1.2) ** np.arange(battery)
    assert float(found.stored_energy) == pytest.approx(np.arange(battery) @ shares / shares.sum(), abs=1e-6)
    assert abs(float(found.ergotropy)) < 1e-6


def charged(cells: int, quanta: int, times: np.ndarray, coupling: complex = 1.0) -> xr.Dataset:
    start = qutip.tensor(qutip.basis(quanta + 1, quanta), *[qutip.basis(2, 0)] * cells)
    return fock.charge(ly.catalog.tavis_cummings_battery(cells, coupling=coupling), times, initial=start)


@pytest.mark.parametrize("cells", [1, 2, 3])
def test_one_quantum_goes_over_faster_into_more_cells(cells: int) -> None:
    times = np.linspace(0.0, 3.0, 13)
    run = charged(cells, 1, times, coupling=0.6 + 0.8j)
    np.testing.assert_allclose(run.stored_energy.sum("mode"), np.sin(np.sqrt(cells) * times) ** 2, atol=1e-7)
    np.testing.assert_allclose(run.charger_energy, np.cos(np.sqrt(cells) * times) ** 2, atol=1e-7)


def test_several_quanta_in_one_cell_and_two_in_two() -> None:
    """Rabi oscillations at sqrt(n) g; two cells pass (2, 0), (1, 1), (0, 2) at sqrt(6) g."""
    times = np.linspace(0.0, 3.0, 13)
    np.testing.assert_allclose(charged(1, 4, times).stored_energy.sum("mode"), np.sin(2 * times) ** 2, atol=1e-7)
    angle = np.sqrt(6) * times
    expected = 2 / 3 * np.sin(angle) ** 2 + 4 / 9 * (1 - np.cos(angle)) ** 2
    np.testing.assert_allclose(charged(2, 2, times).stored_energy.sum("mode"), expected, atol=1e-7)


def test_undamped_cells_keep_what_is_dark() -> None:
    device = ly.catalog.tavis_cummings_battery(2, coupling=1.0, drive=0.1, charger_damping=1.0)
    with pytest.raises(ly.UnstableError, match="must have one steady state"):
        ly.steady_state(device)


@pytest.mark.parametrize(("drive", "detuning"), [(0.05, 0.0), (0.3, 0.2), (1.0, -0.4)])
def test_an_oscillator_collects_fluorescence(drive: float, detuning: float) -> None:
    """Bloch's equations and the quantum regression theorem: <b^dag b> = (2 g^2/Lambda) Re C(Lambda/2)."""
    loss, collected, own = 0.5, 0.4, 0.1  # of the charger alone; shared rate; of the battery alone
    elements = [
        ly.OnePhotonDrive("charger", drive),
        ly.LocalBath("charger", loss),
        ly.LocalBath("battery", own),
        ly.SharedBath({"charger": 1.0, "battery": 1.0}, collected),
        ly.CoherentCoupling("charger", "battery", -0.5j * collected),
    ]
    modes = [ly.Mode("charger", detuning=detuning, levels=2), ly.Mode("battery")]
    found = ly.steady_state(ly.Network(modes, elements, charger="charger", battery="battery"))
    assert found.attrs["method"] == "one_way"
    # d(s, s*, p)/dt of s = <sigma_->, p = <sigma_+ sigma_->, driven by F: the last column is what the vacuum adds.
    gamma, turn = loss + collected, 1j * detuning
    bloch = np.array(
        [[-gamma / 2 - turn, 0, 2j * drive], [0, -gamma / 2 + turn, -2j * drive], [1j * drive, -1j * drive, -gamma]]
    )
    source = np.array([-1j * drive, 1j * drive, 0])
    lower, upper, energy = np.linalg.solve(bloch, -source)
    assert float(found.charger_energy) == pytest.approx(energy.real, abs=1e-10)
    # <sigma_+(0) X(t)> obeys the same equations, its source times <sigma_+>; the filter is Lambda/2 wide.
    start = np.array([energy, 0, 0])
    width = collected + own
    transformed = np.linalg.solve(width / 2 * np.eye(3) - bloch, start + source * upper / (width / 2))
    stored = 2 * collected**2 / width * transformed[0].real
    assert lower == pytest.approx(np.conj(upper))
    assert float(found.stored_energy) == pytest.approx(stored, rel=1e-9)
