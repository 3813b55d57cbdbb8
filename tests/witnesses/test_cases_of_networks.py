"""Numbers of chains, arrays, lines and waveguides, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import leyden as ly

Agrees = Callable[..., None]
Answer = Mapping[str, Any]
C = ly.catalog


def last_energy(device: ly.Network) -> float:
    return float(ly.steady_state(device).stored_energy[-1])


def best(energy: Callable[[float], float], low: float, high: float) -> float:
    """Where an energy is largest."""
    bounds = (np.log(low), np.log(high))
    found = minimize_scalar(
        lambda place: -energy(np.exp(place)), bounds=bounds, method="bounded", options={"xatol": 1e-9}
    )
    return float(np.exp(found.x))


def test_a_directed_chain_of_one_photon(agrees: Agrees) -> None:
    """Its gain over coherent couplings alone, J = Gamma/4, at 1/100 of the damping and 5 links."""

    def answer(modes: int, drive: float, damping: float, shared_rate: float) -> Answer:
        one_way = C.cascade(modes, drive=drive, damping=damping, shared_rate=shared_rate, photons=1)
        weak = {"drive": drive, "damping": 1.0, "photons": 1}
        gain = last_energy(C.cascade(modes + 1, shared_rate=0.01, **weak)) / last_energy(
            C.reciprocal_chain(modes + 1, coupling=0.0025, **weak)
        )
        return {"last_stored_energy": last_energy(one_way), "gain": gain}

    agrees("T18", answer)


def test_the_best_couplings_of_directed_cascades_and_arrays(agrees: Agrees) -> None:
    """Found by search, and by the catalog in closed form."""

    def answer(cells: int, damping: float, drive: float) -> Answer:
        given = {"drive": drive, "photons": 1}

        def chain(rate: float) -> float:
            return last_energy(C.cascade(cells + 1, damping=damping, shared_rate=rate, **given))

        def array(rate: float) -> float:
            both = {"charger_damping": damping, "battery_damping": damping}
            return last_energy(C.parallel_array(cells, shared_rate=rate, **both, **given))

        searched = best(chain, 1.0, 100.0)
        assert searched == pytest.approx(C.optimal_cascade_rate(cells + 1, damping), rel=1e-6)
        spread = C.optimal_array_rate(cells, damping, damping)
        assert best(array, 0.01, 10.0) == pytest.approx(spread, rel=1e-6)
        assert spread / 4 == pytest.approx(damping / (2 * np.sqrt(cells)), rel=1e-15)
        return {"J_op_cascade": searched / 4, "cell_energy_at_optimum": array(spread)}

    agrees("T19", answer)


def test_the_best_couplings_of_reciprocal_cascades(agrees: Agrees) -> None:
    """An odd chain saturates, an even one has an optimum."""

    def answer(modes: int, drive: float, damping: float, coupling: float) -> Answer:
        def chain(modes: int, coupling: float) -> float:
            return last_energy(C.reciprocal_chain(modes, drive=drive, damping=damping, coupling=coupling, photons=1))

        finite = C.optimal_chain_coupling(modes - 1, damping)
        assert best(lambda strength: chain(modes - 1, strength), 0.01, 100.0) == pytest.approx(finite, rel=1e-6)
        assert C.optimal_chain_coupling(modes, damping) == np.inf
        return {"last_stored_energy": chain(modes, coupling), "last_energy_at_optimum": chain(modes - 1, finite)}

    agrees("T20", answer)


def test_two_modes_on_a_waveguide(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, gamma_R: float, gamma_L: float, phase: float) -> Answer:
        rates = {"right_rate": gamma_R, "left_rate": gamma_L, "propagation_phase": phase}
        device = C.waveguide_battery(drive=drive, charger_damping=damping, battery_damping=damping, **rates)
        return ly.steady_state(device)

    agrees("T29", answer)


def test_a_parabolic_line(agrees: Agrees) -> None:
    def answer(modes: int, r: float) -> Answer:
        start = ly.states.squeezed([r] + [0.0] * (modes - 1))
        run = ly.charge(C.parabolic_line(modes, coupling=1.0), [np.pi / 2, np.pi], initial=start).isel(mode=-1)
        return {"ergotropy_at_pi": run.ergotropy[1], "energy_at_half_pi": run.stored_energy[0]}

    agrees("T31", answer)
