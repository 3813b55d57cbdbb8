"""The whole state of what a core feeds: against Fock space, and against Gaussian states where the core is linear."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock

ASKING = ("ergotropy", "passive_energy", "energy_variance", "number_variance", "purity", "entropy")


def directed(*elements: Any, levels: int | None = None, **changes: Any) -> ly.Network:
    parameters = {"drive": 0.1, "charger_damping": 0.4, "battery_damping": 0.3} | changes
    pair = ly.catalog.two_photon_battery(**parameters)
    kept = [one for one in pair.elements if levels is None or not isinstance(one, ly.TwoPhotonDrive)]
    modes = pair.modes if levels is None else [ly.Mode("charger", levels=levels), *list(pair.modes)[1:]]
    return ly.Network(modes, [*kept, *elements], charger="charger", battery="battery")


def cells(*elements: Any) -> ly.Network:
    """Two oscillators, one after the other, behind a cell of two levels."""
    chain = ly.catalog.cascade(3, drive=0.0, damping=0.4)
    first, *others = chain.mode_names
    kept = [one for one in chain.elements if not isinstance(one, ly.TwoPhotonDrive)]
    modes = [ly.Mode(first, levels=2), *(ly.Mode(name) for name in others)]
    return ly.Network(modes, [*kept, *elements], charger=first, battery=others[-1])


DEVICES: dict[str, ly.Network] = {
    "Kerr": directed(ly.Kerr("charger", 2.0)),
    "two-photon loss, displaced": directed(ly.TwoPhotonLoss("charger", 1.0), ly.OnePhotonDrive("charger", 0.1, 0.4)),
    "turned": directed(ly.Kerr("charger", 2.0), detuning=0.2).replace(**{"Mode(battery).detuning": -0.3}),
    "warm and squeezed": directed(ly.Kerr("charger", 2.0), ly.LocalBath("battery", 0.2, 0.1, squeezing=0.2)),
    "two levels": directed(ly.OnePhotonDrive("charger", 0.3), levels=2),
    "curves of their own": directed(
        ly.OnePhotonDrive("charger", 0.3), ly.TwoPhotonDrive("battery", 0.05, 0.3), levels=2
    ),
    "two levels, two oscillators": cells(ly.OnePhotonDrive("m0", 0.3)),
}


@pytest.mark.parametrize("name", DEVICES)
def test_as_the_full_hilbert_space_has_it(name: str) -> None:
    found = ly.steady_state(DEVICES[name], whole_state=True)
    assert found.attrs["method"] == "one_way"
    assert found.attrs["whole_state_error"] < 1e-8
    whole = fock.steady_state(DEVICES[name], tolerance=1e-9)
    for quantity in ASKING:
        np.testing.assert_allclose(found[quantity], whole[quantity], rtol=3e-8, atol=2e-8, err_msg=quantity)


LINEAR: dict[str, ly.Network] = {
    "weak": directed(),
    "near the threshold": directed(drive=0.17),
    "warm, detuned": directed(detuning=0.2, occupation=0.3),
    "far from the vacuum": directed(ly.OnePhotonDrive("charger", 0.5, phase=0.3)),
}


@pytest.mark.parametrize("name", LINEAR)
def test_where_all_is_linear_it_is_gaussian(name: str) -> None:
    exact = ly.steady_state(LINEAR[name])
    found = ly.steady_state(LINEAR[name], method="one_way", whole_state=True)
    for quantity in ASKING:
        np.testing.assert_allclose(found[quantity], exact[quantity], rtol=1e-7, atol=1e-8, err_msg=quantity)


def test_a_battery_that_nothing_feeds_keeps_its_temperature() -> None:
    device = ly.Network(
        [ly.Mode("charger"), ly.Mode("battery")],
        [ly.Kerr("charger", 1.0), ly.LocalBath("charger", 1.0), ly.LocalBath("battery", 0.5, 0.7)],
        charger="charger",
        battery="battery",
    )
    state = ly.reduced_state(device, method="one_way")
    np.testing.assert_allclose(
        state.populations, 0.7 ** np.arange(len(state.matrix)) / 1.7 ** np.arange(1, len(state.matrix) + 1), atol=1e-10
    )
    assert float(ly.steady_state(device, whole_state=True).ergotropy) == pytest.approx(0.0, abs=1e-9)


def test_batches_go_on_to_whole_states_where_they_are_told_to() -> None:
    drive = xr.DataArray([0.1, 0.2], dims="drive", coords={"drive": [0.1, 0.2]})
    batch = directed(ly.Kerr("charger", 2.0), drive=drive)
    quick, whole = ly.steady_state(batch), ly.steady_state(batch, whole_state=True)
    assert np.isnan(quick.ergotropy).all()
    assert "whole_state=True" in quick.attrs["whole_state"]
    assert "whole_state" not in whole.attrs
    alone = ly.steady_state(directed(ly.Kerr("charger", 2.0), drive=0.2))
    assert float(whole.ergotropy[1]) == pytest.approx(float(alone.ergotropy), rel=1e-12)
    left = ly.steady_state(directed(ly.Kerr("charger", 2.0), drive=0.2), whole_state=False)
    assert np.isnan(left.ergotropy)
    assert float(left.stored_energy) == float(alone.stored_energy)


def test_what_is_slow_is_left_to_who_asks_for_it() -> None:
    found = ly.steady_state(cells(ly.OnePhotonDrive("m0", 0.3)))
    assert np.isnan(found.ergotropy)
    assert "whole_state=True" in found.attrs["whole_state"]


def test_the_states_of_all_modes_by_themselves() -> None:
    device = DEVICES["Kerr"]
    charger, battery = (ly.reduced_state(device, name) for name in ("charger", "battery"))
    found = ly.steady_state(device)
    assert charger.quanta == pytest.approx(float(found.charger_energy), rel=1e-9)
    assert battery.quanta == pytest.approx(float(found.stored_energy), rel=1e-7)
    assert fock.ergotropy(battery) == pytest.approx(float(found.ergotropy), abs=1e-12)
    assert battery.error < 1e-8
    assert battery.method == "one_way"
    # Parity over pi at the origin, which alternating populations tell.
    signs = (-1.0) ** np.arange(len(battery.matrix))
    origin = ly.states.wigner(ly.states.DensityMatrix(battery.matrix), [0.0], [0.0]).item()
    assert np.pi * origin == pytest.approx(float(signs @ battery.populations), abs=1e-12)


@pytest.mark.parametrize(("mode", "detuning"), [("charger", 1e4), ("battery", 1e4), ("battery", -1e6)])
def test_a_mode_far_detuned_costs_no_whole_state_that_nobody_asked_for(mode: str, detuning: float) -> None:
    # Its curves turn thousands of times on their way outwards, and rounding leaves less than no quanta of the battery.
    device = directed(ly.Kerr("charger", 2.0)).replace(**{f"Mode({mode}).detuning": detuning})
    found = ly.steady_state(device)
    assert np.isnan(found.ergotropy)
    assert "whole_state=True" in found.attrs["whole_state"]
    assert "whole_state_error" not in found.attrs
    exact = ly.steady_state(device, whole_state=False)
    assert float(found.stored_energy) == float(exact.stored_energy)


def test_a_battery_of_next_to_no_quanta_is_told_where_it_is_asked_for() -> None:
    found = ly.steady_state(directed(ly.Kerr("charger", 2.0), drive=1e-9), whole_state=True)
    assert abs(float(found.stored_energy)) < 1e-15
    assert float(found.purity) == pytest.approx(1.0, abs=1e-9)
