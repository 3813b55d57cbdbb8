"""The moment equations of a device: put together once where that is safe, and never written to by others."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

import leyden as ly
from leyden.equations.device import equations_of


def test_a_small_device_keeps_its_equations() -> None:
    """They are put together once, whatever is asked; another device, a batch or a large one has its own each time."""
    pair = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    kept = equations_of(pair)
    first = ly.steady_state(pair)
    run = ly.charge(pair, [0.0, 1.0])
    assert equations_of(pair) is kept
    driven = pair.replace(**{"TwoPhotonDrive(charger).amplitude": 0.05})
    assert equations_of(driven) is not kept
    assert float(ly.steady_state(driven).ergotropy) < float(first.ergotropy)
    assert ly.steady_state(pair).identical(first)
    assert ly.charge(pair, [0.0, 1.0]).identical(run)
    batch = pair.replace(**{"TwoPhotonDrive(charger).amplitude": np.array([0.05, 0.1])})
    assert equations_of(batch) is not equations_of(batch)
    chain = ly.catalog.cascade(9, drive=0.05, damping=0.1)
    assert equations_of(chain) is not equations_of(chain)


def test_equations_that_are_handed_out_are_nobody_elses() -> None:
    pair = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    before = ly.steady_state(pair)
    ly.moment_equations(pair).drift[...] = 0.0
    assert ly.steady_state(pair).identical(before)


def test_a_parameter_that_jax_traces_is_kept_nowhere() -> None:
    """Inside a function that JAX compiles, sums of numbers are its own: they must not outlive it."""
    pair = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)

    def stored(drive: Any) -> Any:
        plain = ly.steady_state(pair).stored_energy.data
        driven = pair.replace(**{"TwoPhotonDrive(charger).amplitude": drive})
        return ly.steady_state(driven).stored_energy.data + plain

    with jax.enable_x64(True):
        found = jax.jit(stored)(0.1)
        assert np.isclose(float(found), 2 * float(ly.steady_state(pair).stored_energy), rtol=1e-13)
    assert isinstance(equations_of(pair).drift, np.ndarray)
