"""Elements beyond the Gaussian: their operators against QuTiP's, few levels, and who refuses them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import qutip

import leyden as ly
from leyden import fock

CUTOFF = (4, 5)
A = qutip.tensor(qutip.destroy(4), qutip.qeye(5))
B = qutip.tensor(qutip.qeye(4), qutip.destroy(5))
DAGGER_A, DAGGER_B = A.dag(), B.dag()


def pair(*elements: Any, **levels: int) -> ly.Network:
    modes = [ly.Mode(name, levels=levels.get(name)) for name in "ab"]
    return ly.Network(modes, elements, charger="a", battery="b")


HAMILTONIANS: dict[str, tuple[Any, Any]] = {
    "kerr": (ly.Kerr("a", -0.7), -0.35 * DAGGER_A**2 * A**2),
    "cross_kerr": (ly.CrossKerr("a", "b", 0.3), 0.3 * DAGGER_A * A * DAGGER_B * B),
    "radiation_pressure": (ly.RadiationPressure("a", "b", -0.2), -0.2 * DAGGER_A * A * (B + DAGGER_B)),
    "three_wave_mixing": (
        ly.ThreeWaveMixing("a", "b", 0.1 + 0.4j),
        (0.1 + 0.4j) * DAGGER_A * B**2 + (0.1 - 0.4j) * A * DAGGER_B**2,
    ),
}


@pytest.mark.parametrize("name", HAMILTONIANS)
def test_hamiltonians_are_those_of_the_page(name: str) -> None:
    element, expected = HAMILTONIANS[name]
    assert abs((fock.hamiltonian(pair(element), CUTOFF) - expected).full()).max() < 1e-14


def test_pairs_are_lost_at_once() -> None:
    (jump,) = fock.collapse_operators(pair(ly.TwoPhotonLoss("b", 0.25)), CUTOFF)
    assert abs((jump - 0.5 * B**2).full()).max() < 1e-15


@pytest.mark.parametrize("element", [value for value, _ in HAMILTONIANS.values()], ids=list(HAMILTONIANS))
def test_none_of_them_is_a_drive(element: Any) -> None:
    assert not element.is_drive


def test_few_levels_are_no_cutoff() -> None:
    """Two two-level cells that exchange a quantum: |10> turns into |01> and back."""
    cells = pair(ly.CoherentCoupling("a", "b", 0.5), a=2, b=2)
    start = qutip.basis([2, 2], [1, 0])
    times = np.linspace(0.0, 3.0, 7)
    run = fock.charge(cells, times, initial=start)
    np.testing.assert_allclose(run.stored_energy, np.sin(0.5 * times) ** 2, atol=1e-7)
    assert run.attrs["cutoff"] == [2, 2]
    assert run.attrs["tail_population"] == 0.0
    assert np.isnan(run.gaussian_ergotropy).all()


def test_states_above_the_levels_of_a_cell_are_refused(refuses: Any) -> None:
    """Without its upper levels a thermal state has another trace, and the energies of all modes would be too small."""
    cell = pair(ly.LocalBath("b", 1.0), a=2)
    refuses(
        "initial", lambda: ly.charge(cell, [1.0], initial=ly.states.thermal([0.1, 0.1])), "2 levels that mode 'a' has"
    )
    run = ly.charge(cell, [0.0, 1.0], initial=ly.states.thermal([0.0, 0.1]))
    np.testing.assert_allclose(run.stored_energy, [0.1, 0.1 * np.exp(-1)], rtol=1e-6)
    assert float(fock.charge(cell, [0.0], initial=qutip.basis([2, 3], [1, 2])).stored_energy[0]) == pytest.approx(2.0)


def test_a_cell_and_an_oscillator() -> None:
    """A driven oscillator grows its levels, the cell beside it does not."""
    parts = ly.OnePhotonDrive("b", 0.2), ly.LocalBath("b", 1.0), ly.LocalBath("a", 0.5)
    device = pair(*parts, ly.CoherentCoupling("a", "b", 0.3), a=2)
    steady = ly.steady_state(device, method="fock")
    assert steady.attrs["cutoff"][0] == 2
    assert steady.attrs["cutoff"][1] > 4
    generator = fock.hamiltonian(device, (2, 12))
    state = qutip.steadystate(generator, fock.collapse_operators(device, (2, 12)))
    cell = qutip.tensor(qutip.destroy(2), qutip.qeye(12))
    assert float(steady.charger_energy) == pytest.approx(qutip.expect(cell.dag() * cell, state), abs=1e-7)


def test_a_lone_cell_in_a_warm_bath() -> None:
    """n/(1 + 2 n), and no more than half."""
    device = ly.Network([ly.Mode("a", levels=2)], [ly.LocalBath("a", 1.0, 3.0)], charger="a", battery="a")
    assert float(fock.steady_state(device).stored_energy) == pytest.approx(3 / 7, abs=1e-9)


@pytest.mark.parametrize("cutoff", [(3, 4), (2, 2, 2)])
def test_a_cutoff_that_contradicts_the_levels_is_refused(cutoff: tuple[int, ...]) -> None:
    with pytest.raises(ly.ParameterError, match="`cutoff` must be"):
        fock.hamiltonian(pair(a=2), cutoff)


@pytest.mark.parametrize("levels", [1, 0, -2, 2.5, True, "2", 10**6, [2]])
def test_levels_that_are_refused(levels: Any) -> None:
    with pytest.raises(ly.ParameterError, match="`levels` must be a whole number, from 2 to 10000"):
        ly.Mode("a", levels=levels)


DEVICES: dict[str, ly.Network] = {
    "levels": pair(ly.LocalBath("a", 1.0), a=3),
    **{
        name: pair(element, ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0))
        for name, (element, _) in HAMILTONIANS.items()
    },
    "two_photon_loss": pair(ly.TwoPhotonLoss("a", 0.1), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)),
}


@pytest.mark.parametrize("name", DEVICES)
def test_methods_by_moments_refuse_them(name: str) -> None:
    with pytest.raises(ly.NonGaussianError, match="do not close"):
        ly.moment_equations(DEVICES[name])


@pytest.mark.parametrize("name", DEVICES)
def test_stability_is_that_of_the_linear_part_and_says_so(name: str) -> None:
    found = ly.stability(DEVICES[name])
    assert "not quadratic" in found.attrs["linear_part"]


@pytest.mark.parametrize(
    "element", [ly.Kerr("charger", 1.0), ly.TwoPhotonLoss("charger", 0.3), ly.Kerr("battery", 2.0)]
)
def test_thresholds_are_those_of_the_linear_part(element: Any) -> None:
    pair = ly.catalog.reciprocal_battery(drive=0.1, charger_damping=0.4, battery_damping=0.3, coupling=0.2)
    for turned in ([], [ly.Dephasing("battery", 0.1)]):
        linear = ly.Network(pair.modes, [*pair.elements, *turned], charger="charger", battery="battery")
        modes = [ly.Mode("charger", levels=3), ly.Mode("battery")]
        bent = ly.Network(modes, [*linear.elements, element], charger="charger", battery="battery")
        assert ly.critical_drive(bent) == ly.critical_drive(linear)


def test_a_million_anharmonic_modes_are_refused_in_one_line() -> None:
    places = np.arange(1_000_000)[:, None]
    parts = [ly.Family(ly.Kerr, places, strength=1.0), ly.Family(ly.LocalBath, places, rate=1.0)]
    device = ly.Network(ly.Modes(1_000_000), parts, charger="m0", battery=["m1"])
    # Nothing of it is left out, however long a line it is.
    reasons = r"close under Kerr\(m0\); not one_way: .*; not fock: 1000000 modes have more than 800 dimensions"
    for ask in (ly.steady_state, lambda network: ly.charge(network, [1.0])):
        with pytest.raises(ly.NonGaussianError, match=reasons):
            ask(device)
    for method in ("one_way", "fock", "mean_field"):
        with pytest.raises(ly.ParameterError, match=r"because (it takes|1000000 modes have)"):
            ly.steady_state(device, method=method)


@pytest.mark.parametrize("name", DEVICES)
def test_devices_are_written_and_read(name: str, tmp_path: Any) -> None:
    path = tmp_path / "device.toml"
    ly.write_device(DEVICES[name], path)
    assert ly.read_device(path) == DEVICES[name]
    assert ly.read_device(ly.stability(DEVICES[name])) == DEVICES[name]


def test_levels_are_kept_through_batches_and_replacements() -> None:
    device = pair(ly.LocalBath("a", np.array([0.5, 1.0]), 3.0), ly.LocalBath("b", 1.0), a=2)
    assert device.replace(**{"LocalBath(b).rate": 2.0}).modes[0].levels == 2
    found = ly.steady_state(device, method="fock")
    np.testing.assert_allclose(found.charger_energy, 3 / 7, atol=1e-9)
