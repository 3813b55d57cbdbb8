"""Devices of the literature: what they are made of, and numbers on paper; couplings at which they store most."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

import leyden as ly

jax.config.update("jax_enable_x64", True)

C = ly.catalog
RATES: dict[str, Any] = {"drive": 0.1, "charger_damping": 0.3, "battery_damping": 0.2}
CAVITY = {"cavity_damping": 4.0, "cavity_coupling": 1.0}
GUIDE = {"right_rate": 0.8, "left_rate": 0.2, "propagation_phase": 0.7}
BATH = {"damping": 1.0, "squeezing": 0.5, "squeezing_phase": 0.3, "occupation": 0.2, "drive": 0.1, "phase": 0.4}
BUILDERS: dict[str, Any] = {
    "bad_cavity_battery": (C.bad_cavity_battery, RATES | CAVITY),
    "waveguide_battery": (C.waveguide_battery, RATES | GUIDE),
    "squeezed_bath_battery": (C.squeezed_bath_battery, BATH),
    "parabolic_line": (lambda **given: C.parabolic_line(4, **given), {"drive": 0.02, "damping": 0.2, "coupling": 0.5}),
}
EACH = [pytest.param(name, argument, id=f"{name}-{argument}") for name in BUILDERS for argument in BUILDERS[name][1]]


def test_the_cavity_is_a_mode() -> None:
    more = {"detuning": 0.1, "phase": 0.2, "frequency": 2.0, "occupation": 0.3}
    assert C.bad_cavity_battery(**RATES, **CAVITY, **more) == ly.Network(
        [ly.Mode("charger", 2.0, 0.1), ly.Mode("battery", 2.0, 0.1), ly.Mode("cavity", 2.0)],
        [
            ly.OnePhotonDrive("charger", 0.1, 0.2),
            ly.LocalBath("charger", 0.3, 0.3),
            ly.LocalBath("battery", 0.2, 0.3),
            ly.LocalBath("cavity", 4.0, 0.3),
            ly.CoherentCoupling("charger", "cavity", 1.0),
            ly.CoherentCoupling("battery", "cavity", 1.0),
            ly.CoherentCoupling("charger", "battery", -0.5j),
        ],
        charger="charger",
        battery="battery",
        name="bad_cavity_battery",
    )


def test_a_broad_cavity_is_a_shared_bath() -> None:
    """Under a two-photon drive the distance from it falls as one over the linewidth."""
    paper = C.two_photon_battery(**RATES, charger_weight=1.0, battery_weight=1.0)
    expected = float(ly.steady_state(paper).ergotropy)
    widths = np.array([1e2, 1e3, 1e4])
    links = C.bad_cavity_battery(**RATES, cavity_damping=widths, cavity_coupling=np.sqrt(widths) / 2, photons=2)
    off = np.abs(ly.steady_state(links).ergotropy.values / expected - 1)
    assert off[0] < 0.05
    np.testing.assert_allclose(off[1:] / off[:-1], 0.1, rtol=0.05)


@pytest.mark.parametrize("linewidth", [0.01, 4.0, 100.0])
def test_a_coherent_drive_cannot_tell_the_cavity_from_a_bath(linewidth: float) -> None:
    """E_B/E_A = 4 Gamma^2/(kappa_b + Gamma)^2 on resonance at any linewidth, Gamma = 4 G^2/kappa_c."""
    link = C.bad_cavity_battery(**RATES, cavity_damping=linewidth, cavity_coupling=math.sqrt(0.6 * linewidth) / 2)
    assert float(ly.steady_state(link).transfer_ratio) == pytest.approx(4 * 0.36 / 0.64, rel=1e-11)


@pytest.mark.parametrize("angle", [0.0, 0.7, math.pi / 2])
def test_the_waveguide_carries_both_ways(angle: float) -> None:
    """Means as in the docstring, for unlike dampings."""
    device = C.waveguide_battery(**RATES, right_rate=0.8, left_rate=0.2, propagation_phase=angle)
    first, second = 0.3 + 1.0, 0.2 + 1.0
    expected = 0.01 * 0.64 / abs(first * second / 4 - 0.16 * np.exp(2j * angle)) ** 2
    assert float(ly.steady_state(device).stored_energy) == pytest.approx(expected, rel=1e-12)
    drift = ly.moment_equations(device).drift
    there, back = drift[2, 0] + 1j * drift[3, 0], drift[0, 2] + 1j * drift[1, 2]
    np.testing.assert_allclose([there, back], np.array([-0.8, -0.2]) * np.exp(1j * angle), rtol=0, atol=1e-15)


def test_a_waveguide_without_a_way_back_is_the_directed_pair() -> None:
    found = C.waveguide_battery(**RATES, right_rate=0.8, left_rate=0.0)
    paper = C.one_photon_battery(**RATES, shared_rate=0.8, charger_weight=1.0, battery_weight=1.0)
    np.testing.assert_array_equal(ly.moment_equations(found).drift, ly.moment_equations(paper).drift)
    turned = C.waveguide_battery(**RATES, right_rate=0.8, left_rate=0.0, propagation_phase=1.1, photons=2)
    assert not np.any(ly.moment_equations(turned).drift[:2, 2:])
    straight = C.two_photon_battery(**RATES, shared_rate=0.8, charger_weight=1.0, battery_weight=1.0)
    found, expected = ly.steady_state(turned), ly.steady_state(straight)
    assert float(found.ergotropy) == pytest.approx(float(expected.ergotropy), rel=1e-11)


@pytest.mark.parametrize("phase", [0.0, 1.3])
def test_the_bath_squeezes_its_mode(phase: float) -> None:
    """N cosh 2r + sinh^2 r, of which (2N + 1) sinh^2 r is work, along whatever direction."""
    device = C.squeezed_bath_battery(damping=0.7, squeezing=0.8, squeezing_phase=phase, occupation=0.3)
    steady = ly.steady_state(device)
    squared = math.sinh(0.8) ** 2
    assert float(steady.stored_energy) == pytest.approx(0.3 * math.cosh(1.6) + squared, rel=1e-12)
    assert float(steady.ergotropy) == pytest.approx(1.6 * squared, rel=1e-12)
    assert float(ly.critical_drive(device)) == pytest.approx(0.7 / 4, rel=1e-12)
    assert (device.charger, device.batteries) == ("battery", ("battery",))


@pytest.mark.parametrize("modes", [2, 3, 7])
def test_a_parabolic_line_mirrors_its_state(modes: int) -> None:
    """Whatever mode is filled, at J t = pi all of it is in the mode opposite."""
    device = C.parabolic_line(modes, coupling=0.5)
    for place in range(modes):
        start = ly.states.squeezed(np.eye(modes)[place] * 0.6)
        end = ly.evolve(device, [2 * math.pi], initial=start)[-1]
        opposite = modes - 1 - place
        assert float(ly.merit.ergotropy(end, mode=opposite)) == pytest.approx(math.sinh(0.6) ** 2, rel=1e-11)
    strengths = [part.strength for part in device.elements if isinstance(part, ly.CoherentCoupling)]
    np.testing.assert_allclose(strengths, strengths[::-1], rtol=1e-15)


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_batches_are_their_members(name: str, argument: str) -> None:
    """Plain and labelled ones, along any of the parameters."""
    build, given = BUILDERS[name]
    values = np.array([0.8, 1.1]) * given[argument]
    alone = [float(np.sum(ly.steady_state(build(**(given | {argument: v}))).stored_energy)) for v in values.tolist()]
    labelled = ly.steady_state(build(**(given | {argument: xr.DataArray(values, dims="x")}))).stored_energy
    plain = ly.steady_state(build(**(given | {argument: values}))).stored_energy
    rest = [dim for dim in labelled.dims if dim != "x"]
    np.testing.assert_allclose(labelled.sum(rest), alone, rtol=1e-12)
    np.testing.assert_array_equal(plain, labelled.transpose("x", ...))


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_arrays_of_jax_pass_through(name: str, argument: str) -> None:
    build, given = BUILDERS[name]
    values = np.array([0.8, 1.1]) * given[argument]
    equations = [ly.moment_equations(build(**(given | {argument: kind(values)}))) for kind in (jnp.asarray, np.array)]
    for part in ("drift", "source", "forcing"):
        found, expected = (getattr(each, part) for each in equations)
        np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_errors_name_the_arguments(refuses: Any, name: str, argument: str) -> None:
    build, given = BUILDERS[name]
    for value in (math.nan, None, "x"):
        refuses(argument, lambda value=value: build(**(given | {argument: value})))


def test_what_cannot_be(refuses: Any) -> None:
    refuses("cavity_damping", lambda: C.bad_cavity_battery(**RATES, **(CAVITY | {"cavity_damping": 0.0})))
    refuses("squeezing", lambda: C.squeezed_bath_battery(**(BATH | {"squeezing": 251.0})), "250")
    refuses("photons", lambda: C.waveguide_battery(**RATES, **GUIDE, photons=3))
    unfit = {"right_rate": np.ones(2), "propagation_phase": np.ones(3)}
    refuses("propagation_phase", lambda: C.waveguide_battery(**RATES, **(GUIDE | unfit)), "[(2,), (), (3,)]")
    unfit = {"cavity_damping": np.ones(2), "cavity_coupling": xr.DataArray([0.1, 0.2], dims="x")}
    refuses("cavity_coupling", lambda: C.bad_cavity_battery(**RATES, **unfit), "Label all of them, or none")
    for modes in (1, 2.5, 10**9):
        refuses("modes", lambda modes=modes: C.parabolic_line(modes, coupling=1.0))


def test_pulses_drive_them() -> None:
    """As they drive all devices: charge follows, and the bad cavity's drive is as short as told."""
    kick = ly.pulse.square(0.5, 0.0, 1.0)
    for build, given in ((C.bad_cavity_battery, CAVITY), (C.waveguide_battery, GUIDE)):
        run = ly.charge(build(**(RATES | {"drive": kick}), **given), [1.0, 2.0, 40.0])
        assert float(run.drive_work[1]) == float(run.drive_work[2]) > 0
        assert float(run.stored_energy[2]) < 1e-3 * float(run.stored_energy[0])


def largest(energy: Any, best: float) -> None:
    """An energy is highest at a coupling: lower a thousandth beside it, by the second order."""
    below, there, above = (energy(best * factor) for factor in (0.999, 1.0, 1.001))
    assert there > max(below, above)
    assert abs(above - below) < 0.01 * (2 * there - above - below)


@pytest.mark.parametrize("modes", [2, 3, 30])
def test_the_best_rate_of_a_cascade(modes: int) -> None:
    def energy(rate: float) -> float:
        device = C.cascade(modes, drive=0.1, damping=0.3, shared_rate=rate, photons=1)
        return float(ly.steady_state(device).stored_energy.values.reshape(-1)[-1])

    largest(energy, C.optimal_cascade_rate(modes, 0.3))


@pytest.mark.parametrize("cells", [1, 2, 12])
@pytest.mark.parametrize("one_way", [True, False])
def test_the_best_coupling_of_an_array(cells: int, one_way: bool) -> None:
    def energy(rate: float) -> float:
        links = {"shared_rate": rate} if one_way else {"coupling": rate / 4}
        device = C.parallel_array(cells, **RATES, photons=1, **links)
        return float(ly.steady_state(device).stored_energy.values.reshape(-1)[-1])

    largest(energy, C.optimal_array_rate(cells, 0.3, 0.2))


@pytest.mark.parametrize("modes", [2, 4, 10, 64])
def test_the_best_coupling_of_an_even_chain(modes: int) -> None:
    """By the recursion of the determinants: sparse solvers would lose the second order."""

    def energy(coupling: float) -> float:
        # Ratios D_k/(J D_(k-1)), which stay in the number range.
        ratio, amplitude = 0.15 / coupling, 1.0
        for _ in range(modes - 1):
            amplitude /= ratio
            ratio = 0.15 / coupling + 1 / ratio
        return (amplitude / (ratio * coupling)) ** 2

    best = C.optimal_chain_coupling(modes, 0.3)
    largest(energy, best)
    if modes == 10:
        device = C.reciprocal_chain(modes, drive=0.1, damping=0.3, coupling=best, photons=1)
        assert float(ly.steady_state(device).stored_energy[-1]) == pytest.approx(0.01 * energy(best), rel=1e-9)


def test_best_couplings_of_many_dampings(refuses: Any) -> None:
    damping = xr.DataArray([0.1, 0.4], dims="damping")
    np.testing.assert_allclose(C.optimal_cascade_rate(2, damping), [0.2, 0.8], rtol=1e-15)
    np.testing.assert_allclose(C.optimal_chain_coupling(2, damping.values), [0.05, 0.2], rtol=1e-12)
    np.testing.assert_array_equal(C.optimal_chain_coupling(3, damping), [np.inf, np.inf])
    assert C.optimal_chain_coupling(3, 0.0) == np.inf
    found = C.optimal_array_rate(4, damping, xr.DataArray([0.1, 0.9], dims="battery"))
    np.testing.assert_allclose(found, np.sqrt(np.outer([0.1, 0.4], [0.1, 0.9])), rtol=1e-15)
    refuses("damping", lambda: C.optimal_cascade_rate(3, -1.0))
    refuses("modes", lambda: C.optimal_cascade_rate(1, 1.0))
    refuses("modes", lambda: C.optimal_chain_coupling(66, 1.0))
    refuses("cells", lambda: C.optimal_array_rate(0, 1.0, 1.0))
    refuses("charger_damping", lambda: C.optimal_array_rate(3, np.ones(2), np.ones(3)))
