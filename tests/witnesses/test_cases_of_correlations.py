"""Numbers of correlations, energy variances and monitored devices, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import merit, states

Agrees = Callable[..., None]


def test_correlations_of_a_parametric_coupling(agrees: Agrees) -> None:
    def answer(strength: float, charger_damping: float, battery_damping: float) -> Mapping[str, Any]:
        elements = [ly.ParametricCoupling("a", "b", strength)]
        elements += [ly.LocalBath("a", charger_damping), ly.LocalBath("b", battery_damping)]
        found = ly.correlations(ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b"))
        assert float(found.local_ergotropy) == pytest.approx(0.0, abs=1e-15)
        return found

    agrees("M04a", answer, only=("log_negativity", "global_ergotropy"))


def test_the_variance_of_a_displaced_squeezed_thermal_state(agrees: Agrees) -> None:
    def answer(
        occupation: float = 0.4, squeezing: float = 0.6, alpha: Any = (0.5, 0.3), **_device: float
    ) -> Mapping[str, Any]:
        squeezed = states.squeezed(squeezing)
        hot = (2 * occupation + 1) * squeezed.covariance
        state = states.from_moments(np.sqrt(2) * np.array(alpha), hot)
        device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
        own = ly.steady_state(device).energy_variance
        return {"energy_variance": merit.energy_variance(state, 0), "battery_energy_variance": own}

    agrees("M23", answer)


def test_correlations_of_the_papers_device(agrees: Agrees) -> None:
    def answer(drive: float, damping: float) -> Mapping[str, Any]:
        found = ly.correlations(
            ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)
        )
        return {**found, "local_ergotropy_sum": found.local_ergotropy}

    agrees("M24", answer)


def test_a_monitored_parametric_oscillator(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, efficiency: float, quadrature: str) -> Mapping[str, Any]:
        angle = {"amplified": -np.pi / 4}[quadrature]
        elements = [ly.TwoPhotonDrive("a", drive), ly.LocalBath("a", damping)]
        device = ly.Network([ly.Mode("a")], elements, charger="a", battery="a")
        found = ly.monitor(device, "a", efficiency=efficiency, angle=angle)
        assert float(found.ergotropy) == pytest.approx(0.0496934, abs=1e-7)
        return found

    agrees("M28", answer)


def test_what_the_battery_is_worth_in_fock_space() -> None:
    """Purity, entropy and energy variance of the density matrix, with a frequency of 2."""
    pytest.importorskip("qutip")
    rates = {"charger_damping": 0.3, "battery_damping": 0.3}
    device = ly.catalog.two_photon_battery(drive=0.05, frequency=2.0, **rates)
    full, moments = ly.steady_state(device, method="fock"), ly.steady_state(device)
    for name in ("gaussian_ergotropy", "energy_variance", "purity", "entropy"):
        # As far as the cutoff of the Fock space goes.
        assert float(full[name]) == pytest.approx(float(moments[name]), rel=1e-4), name
        assert full[name].attrs == moments[name].attrs


def test_dephasing_leaves_the_gaussian_ergotropy_alone() -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    turned = ly.Network(device.modes, [*device.elements, ly.Dephasing("charger", 0.02)], "charger", "battery")
    found = ly.steady_state(turned)
    assert all(np.isnan(found[name]) for name in ("ergotropy", "purity", "entropy", "energy_variance"))
    assert 0 < float(found.gaussian_ergotropy) < float(ly.steady_state(device).gaussian_ergotropy)
