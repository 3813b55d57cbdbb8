"""The state of one mode by itself: of Gaussian devices in closed form, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden import fock

PAIR = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)


def test_of_a_gaussian_device_it_is_the_gaussian_state() -> None:
    state, found = ly.reduced_state(PAIR), ly.steady_state(PAIR)
    assert fock.ergotropy(state) == pytest.approx(float(found.ergotropy), rel=1e-8)
    assert fock.purity(state) == pytest.approx(float(found.purity), rel=1e-9)
    assert state.quanta == pytest.approx(0.9375, rel=1e-8)


@pytest.mark.parametrize("mean", [(0.0, 0.0), (1.2, -0.7)])
@pytest.mark.parametrize("phase", [0.0, 1.0, 2.5])
def test_number_states_of_a_gaussian_state_have_its_wigner_function(mean: tuple[float, float], phase: float) -> None:
    thermal = 0.8 * ly.states.squeezed([0.6], [phase]).covariance * 2
    state = ly.states.from_moments(mean, thermal)
    x = np.linspace(-3.0, 3.0, 7)
    matrix = ly.states.DensityMatrix.of_gaussian(state)
    np.testing.assert_allclose(ly.states.wigner(matrix, x, x), ly.states.wigner(state, x, x), atol=1e-9)
    assert matrix.spectrum[0] == pytest.approx(1 / 1.3, rel=1e-9)  # a thermal state of 0.3 quanta, squeezed


def test_the_vacuum_has_one_level() -> None:
    assert ly.states.DensityMatrix.of_gaussian(ly.states.vacuum(2), 1).matrix.tolist() == [[1.0]]


def test_an_unstable_device_has_none() -> None:
    with pytest.raises(ly.UnstableError):
        ly.reduced_state(ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1))


def test_what_is_no_single_device_and_no_mode_is_refused() -> None:
    batch = ly.catalog.two_photon_battery(drive=np.asarray([0.01, 0.02]), charger_damping=0.1, battery_damping=0.1)
    with pytest.raises(ly.ParameterError, match="`network` must be a single device"):
        ly.reduced_state(batch)
    with pytest.raises(ly.ParameterError, match="`mode` must be one of charger, battery"):
        ly.reduced_state(PAIR, "cell")
    listed = ly.Network(PAIR.modes, PAIR.elements, charger="charger", battery=["charger", "battery"])
    with pytest.raises(ly.ParameterError, match="`mode` must name one of several batteries"):
        ly.reduced_state(listed)
    with pytest.raises(ly.NonGaussianError, match="mean_field: it tells no whole states"):
        ly.reduced_state(PAIR, method="mean_field")
    scattered = ly.Network(
        PAIR.modes, [*PAIR.elements, ly.Dephasing("battery", 0.1)], charger="charger", battery="battery"
    )
    with pytest.raises(ly.NonGaussianError, match="Dephasing"):
        ly.reduced_state(scattered)


@pytest.mark.parametrize("matrix", [[1.0], np.zeros((2, 3)), [["a"]]])
def test_what_is_no_matrix_is_named(matrix: object) -> None:
    with pytest.raises(ly.ParameterError, match="`matrix` must be a square array of numbers"):
        ly.states.DensityMatrix(matrix)


def test_a_density_matrix_speaks_for_itself() -> None:
    state = ly.states.DensityMatrix(np.diag([0.25, 0.75]), error=1e-9)
    assert repr(state) == "<DensityMatrix of 2 levels, 0.75 quanta, purity 0.625>"
    assert "population" in state._repr_html_()
    assert state.spectrum.tolist() == [0.75, 0.25]
    assert np.asarray(state).tolist() == state.matrix.tolist()


@pytest.mark.parametrize("mode", ["charger", "battery"])
def test_two_methods_tell_the_same_state(mode: str) -> None:
    weak = PAIR.replace(**{"TwoPhotonDrive(charger).amplitude": 0.08})
    device = ly.Network(weak.modes, [*weak.elements, ly.Kerr("charger", 2.0)], charger="charger", battery="battery")
    one, other = (ly.reduced_state(device, mode, method=method) for method in ("one_way", "fock"))
    assert (one.method, other.method) == ("one_way", "fock")
    both = min(len(one.matrix), len(other.matrix))
    np.testing.assert_allclose(one.matrix[:both, :both], other.matrix[:both, :both], atol=3e-8)
    assert one.populations[both:].sum() + other.populations[both:].sum() < 1e-7


def test_an_anharmonic_battery_has_its_state_from_fock_space() -> None:
    device = ly.Network(
        [ly.Mode("a"), ly.Mode("b", levels=2)],
        [
            ly.OnePhotonDrive("a", 0.2),
            ly.CoherentCoupling("a", "b", 0.3),
            ly.LocalBath("a", 1.0),
            ly.LocalBath("b", 1.0),
        ],
        charger="a",
        battery="b",
    )
    state = ly.reduced_state(device)
    assert state.method == "fock"
    assert len(state.matrix) == 2
    assert fock.ergotropy(state) == pytest.approx(float(ly.steady_state(device).ergotropy), abs=1e-10)


@pytest.mark.parametrize("method", ["dense", "low_rank"])
def test_a_method_that_tells_no_state_is_refused_with_those_that_do(method: str) -> None:
    with pytest.raises(ly.ParameterError, match=r'`method` must be "one_way", "fock".*but is') as error:
        ly.reduced_state(
            ly.Network([ly.Mode("a")], [ly.Kerr("a", 1.0), ly.LocalBath("a", 1.0)], "a", "a"), method=method
        )
    assert error.value.value == method
