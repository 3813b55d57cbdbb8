"""`ly.monitor`: conditional states by the Riccati equation, against records drawn by chance and closed forms."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg
import xarray as xr

import leyden as ly
from leyden.conventions import symplectic_form
from leyden.drift.ports import Ports, ports_of
from leyden.simulate.monitor import incoming_of, rows_of

jax.config.update("jax_enable_x64", True)

C = ly.catalog
RATES = {"charger_damping": 0.1, "battery_damping": 0.3}
SHARED = "SharedBath(charger, battery)"


def lone(*elements: Any, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def warm() -> ly.Network:
    return C.two_photon_battery(drive=0.1, occupation=0.4, detuning=0.2, **RATES)


@pytest.mark.parametrize("occupation", [0.0, 0.7])
def test_a_mode_that_only_loses_is_known_in_the_end(occupation: float) -> None:
    """A thermal field seen whole: dS/dt = -kappa S + kappa n - 2 kappa (S - n)^2/(1 + 2 n) rests at S = n."""
    found = ly.monitor(lone(ly.LocalBath("a", 0.4, occupation)), "a", efficiency=1.0, angle=0.3)
    assert float(found.conditional_variance) == pytest.approx(0.5 + occupation, rel=1e-13)
    assert float(found.daemonic_ergotropy) == pytest.approx(0.0, abs=1e-14)


def test_efficient_detection_of_a_pure_mode_finds_it_pure() -> None:
    device = lone(ly.TwoPhotonDrive("a", 0.2), ly.LocalBath("a", 1.0), detuning=0.1)
    found = ly.monitor(device, "a", efficiency=1.0, angle=0.3)
    determinant = np.linalg.det(found.conditional_covariance.values)
    assert determinant == pytest.approx(0.25, rel=1e-12)
    # Then all energy is work.
    energy = float(ly.steady_state(device).stored_energy)
    assert float(found.daemonic_ergotropy) == pytest.approx(energy, rel=1e-12)


@pytest.mark.parametrize("mode", ["charger", "battery", SHARED])
def test_without_efficiency_there_is_no_record(mode: str) -> None:
    found = ly.monitor(warm(), mode, efficiency=0.0, angle=0.3)
    assert float(found.daemonic_ergotropy) == pytest.approx(float(found.ergotropy), rel=1e-12)
    assert float(found.ergotropy) == pytest.approx(float(ly.steady_state(warm()).ergotropy), rel=1e-12)


@pytest.mark.parametrize("mode", ["charger", "battery", SHARED])
def test_a_better_detector_tells_more_and_time_leads_to_rest(mode: str) -> None:
    worth = [float(ly.monitor(warm(), mode, efficiency=eta, angle=0.3).daemonic_ergotropy) for eta in (0, 0.3, 0.6, 1)]
    assert np.all(np.diff(worth) > 0)
    late = ly.monitor(warm(), mode, efficiency=0.6, angle=0.3, times=[0.0, 1.0, 2000.0])
    rest = ly.monitor(warm(), mode, efficiency=0.6, angle=0.3)
    assert rest.attrs["relative_residual"] < 1e-12
    np.testing.assert_allclose(late.conditional_covariance[-1], rest.conditional_covariance, rtol=0, atol=1e-12)
    np.testing.assert_allclose(late.conditional_covariance[0], np.eye(4) / 2, atol=0)
    assert late.daemonic_ergotropy.dims == ("time",)
    assert (late.daemonic_ergotropy >= late.ergotropy - 1e-14).all()


@pytest.mark.parametrize("squeezing", [0.0, 0.5])
def test_the_noise_of_a_port_is_its_share_of_the_diffusion(squeezing: float) -> None:
    """B V_in B^T of all ports is D, and what couples in is what leaves: [x_out, p_out] stays."""
    bath = ly.SharedBath({"a": 0.6, "b": 0.8j}, 0.7, 0.3, squeezing=squeezing, squeezing_phase=0.4)
    elements = [bath, ly.LocalBath("a", 0.2, 0.5, squeezing=squeezing, squeezing_phase=-1.0), ly.Gain("b", 0.05, 0.1)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    form, total = symplectic_form(2), np.zeros((4, 4))
    for port in ports_of(device):
        ports = Ports.of([port])
        first, second = rows_of(ports)
        shaken = np.stack([second @ form, -(first @ form)], axis=-1)
        total += shaken @ (np.eye(2) / 2 + incoming_of(ports)) @ shaken.T
    np.testing.assert_allclose(total, ly.moment_equations(device).diffusion, rtol=1e-13, atol=1e-15)


def records(device: ly.Network, mode: str, efficiency: float, angle: float) -> tuple[Any, Any]:
    """Many runs of a classical twin: quadratures and a detector that share the noise of a port, and a linear fit.

    The conditional covariance of a Gaussian process is what is left of it after regression on its record.
    """
    equations = ly.moment_equations(device)
    [port] = [port for port in ports_of(device) if mode in (port.name, *port.modes[: len(port.modes) == 1])]
    ports = Ports.of([port])
    first, second = rows_of(ports)
    form = symplectic_form(len(first) // 2)
    shaken = np.stack([second @ form, -(first @ form)], axis=-1)
    aim = np.array([np.cos(angle), np.sin(angle)])
    incoming = np.eye(2) / 2 + incoming_of(ports)
    drift, size = np.asarray(equations.drift), len(first)
    rest = np.asarray(equations.diffusion) - shaken @ incoming @ shaken.T
    # Moments of (r, record increments) in small steps, exactly: the joint covariance, and its Schur complement.
    step, count = 0.02, 300
    output = efficiency**0.5 * (first * aim[0] + second * aim[1])
    both = shaken @ incoming @ aim * efficiency**0.5
    noise = efficiency * aim @ incoming @ aim + (1 - efficiency) / 2
    middle = np.zeros((size + 1, size + 1))
    middle[:size, :size], middle[size, :size] = drift, output
    spread = np.zeros_like(middle)
    spread[:size, :size] = rest + shaken @ incoming @ shaken.T
    spread[:size, size] = spread[size, :size] = both
    spread[size, size] = noise
    block = scipy.linalg.expm(step * np.block([[-middle, spread], [np.zeros_like(middle), middle.T]]))
    onward = block[size + 1 :, size + 1 :].T
    added = onward @ block[: size + 1, size + 1 :]
    covariance = np.eye(size) / 2
    for _ in range(count):
        start = scipy.linalg.block_diag(covariance, 0.0)
        joint = onward @ start @ onward.T + added
        covariance = joint[:size, :size] - np.outer(joint[:size, size], joint[size, :size]) / joint[size, size]
    return step * count, covariance


@pytest.mark.parametrize("squeezing", [0.0, 0.4])
@pytest.mark.parametrize("mode", ["a", "b", "shared"])
def test_it_is_what_a_filter_of_the_sampled_record_leaves(mode: str, squeezing: float) -> None:
    """A Kalman filter of increments over short steps knows a little less than of the whole record: by O(step^2)."""
    bath = ly.SharedBath({"a": 0.6, "b": 0.8}, 0.7, 0.3, squeezing=squeezing, squeezing_phase=0.4)
    elements = [
        ly.TwoPhotonDrive("a", 0.05),
        bath,
        ly.LocalBath("a", 0.4, 0.5, squeezing=squeezing, squeezing_phase=-1.0),
        ly.LocalBath("b", 0.2),
    ]
    device = ly.Network([ly.Mode("a", detuning=0.2), ly.Mode("b")], elements, charger="a", battery="b")
    port = bath.label if mode == "shared" else mode
    time, sampled = records(device, port, 0.8, 0.3)
    found = ly.monitor(device, port, efficiency=0.8, angle=0.3, times=[time]).conditional_covariance.values[0]
    np.testing.assert_allclose(found, sampled, rtol=0, atol=1e-6)
    free = np.asarray(ly.evolve(device, [time]).covariance)[0]
    assert np.max(np.abs(free - found)) > 0.008


def test_batches_are_their_devices_and_unstable_ones_are_missing() -> None:
    drive = xr.DataArray([0.01, 0.1, 0.4], dims="drive", coords={"drive": [0.01, 0.1, 0.4]})

    def seen(drive: Any, times: Any = None) -> xr.Dataset:
        device = C.two_photon_battery(drive=drive, frequency=1.5, **RATES)
        return ly.monitor(device, "charger", efficiency=0.5, angle=0.3, times=times)

    steady, curves = seen(drive), seen(drive, [1.0, 5.0])
    assert steady.is_stable.values.tolist() == [True, True, False]
    assert steady.conditional_covariance.dims == ("drive", "quadrature", "with_quadrature")
    assert steady.daemonic_ergotropy.units == "hbar * frequency unit"
    for place, value in enumerate(drive.values):
        for name in ("conditional_covariance", "conditional_variance", "daemonic_ergotropy", "ergotropy"):
            one = seen(float(value), [1.0, 5.0])[name]
            np.testing.assert_allclose(curves[name].isel(drive=place), one, rtol=1e-10, atol=1e-14)
            if place < 2:
                np.testing.assert_allclose(
                    steady[name].isel(drive=place), seen(float(value))[name], rtol=1e-10, atol=1e-14
                )
            else:
                assert np.isnan(steady[name].isel(drive=place)).all()
    with pytest.raises(ly.UnstableError):
        seen(0.4)


def test_listed_batteries_have_their_own_entries() -> None:
    chain = C.cascade(4, drive=0.05, damping=0.1)
    first = chain.mode_names[0]
    found = ly.monitor(chain, first, efficiency=0.9, angle=0.2)
    assert found.daemonic_ergotropy.dims == ("mode",)
    assert found.mode.values.tolist() == list(chain.batteries)
    timed = ly.monitor(chain, first, efficiency=0.9, angle=0.2, times=[0.0, 3.0])
    assert timed.daemonic_ergotropy.dims == ("mode", "time")


def test_what_is_refused(refuses) -> None:
    device = warm()

    def seen(mode: str = "charger", efficiency: Any = 0.5, angle: Any = 0.0, on: ly.Network = device) -> None:
        ly.monitor(on, mode, efficiency=efficiency, angle=angle)

    for efficiency in (-0.1, 1.1, float("nan"), [0.5], True):
        refuses("efficiency", lambda efficiency=efficiency: seen(efficiency=efficiency))
    for angle in (float("inf"), [0.1]):
        refuses("angle", lambda angle=angle: seen(angle=angle))
    refuses("mode", lambda: seen("wheel"))
    twice = lone(ly.LocalBath("a", 0.2), ly.LocalBath("a", 0.3, 1.0))
    refuses("mode", lambda: seen("a", on=twice), "LocalBath(a) 1", "LocalBath(a) 2")
    seen("LocalBath(a) 2", on=twice)
    refuses("mode", lambda: seen("a", on=lone(ly.Gain("a", 0.1))))
    with pytest.raises(ly.NonGaussianError):
        seen("a", on=lone(ly.LocalBath("a", 0.2), ly.Dephasing("a", 0.1)))
    traced = C.two_photon_battery(drive=jnp.asarray([0.1]), **RATES)
    assert np.isfinite(ly.monitor(traced, "charger", efficiency=0.5, angle=0.0).daemonic_ergotropy).all()
