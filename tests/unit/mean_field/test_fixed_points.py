"""All fixed points: against the roots of one polynomial in the number of quanta, and against an index theorem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import leyden as ly
from leyden.mean_field.field import field_of
from leyden.mean_field.fixed_points import FixedPoints, fixed_points


def lone(*elements: ly.Element, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def found_of(network: ly.Network) -> FixedPoints:
    return fixed_points(field_of(network, (1,)))[0]


def by_quanta(linear: complex, pair: complex, cubic: complex, force: complex) -> NDArray[np.complex128]:
    """Zeros of A alpha + B alpha* + u n alpha + F for n = |alpha|^2, by the companion matrix of a polynomial in n.

    With M = A + u n, D = |M|^2 - |B|^2 and T = B F* - F M* it is alpha = T/D, and n D^2 = |T|^2.
    """
    slope = np.poly1d([abs(cubic) ** 2, 2 * (linear * np.conj(cubic)).real, abs(linear) ** 2 - abs(pair) ** 2])
    shift, rise = pair * np.conj(force) - force * np.conj(linear), -force * np.conj(cubic)
    above = np.poly1d([abs(rise) ** 2, 2 * (shift * np.conj(rise)).real, abs(shift) ** 2])
    roots = (np.poly1d([1, 0]) * slope * slope - above).roots
    # A simple root is right to some 1e-12; tests stay away from double ones.
    real = roots[(np.abs(roots.imag) < 1e-8 * (1 + np.abs(roots))) & (roots.real > 0)].real
    others = np.abs(roots[:, None] - roots[None]) + 9 * np.eye(len(roots))
    assume(others.min() > 1e-3)
    return np.array([(shift + rise * n) / slope(n) for n in real])


@settings(max_examples=25)
@given(
    detuning=st.floats(-4, 2),
    kerr=st.floats(-1, 1),
    loss=st.floats(0.05, 0.5),
    drive=st.floats(0.0, 1.5),
    force=st.floats(0.05, 2.0),
    phase=st.floats(0, 6),
)
def test_one_mode_has_the_roots_of_one_polynomial(
    *, detuning: float, kerr: float, loss: float, drive: float, force: float, phase: float
) -> None:
    elements = [
        ly.Kerr("a", kerr),
        ly.TwoPhotonLoss("a", loss),
        ly.TwoPhotonDrive("a", drive),
        ly.OnePhotonDrive("a", force, phase=phase),
        ly.LocalBath("a", 1.0),
    ]
    expected = by_quanta(-0.5 - 1j * detuning, -2j * drive, -loss - 1j * kerr, -1j * force * np.exp(-1j * phase))
    found = found_of(lone(*elements, detuning=detuning))
    assert len(found.amplitudes) == len(expected)
    order = np.argsort(np.abs(expected))
    np.testing.assert_allclose(found.amplitudes[:, 0], expected[order], atol=1e-8)
    # Two-photon loss brings all amplitudes in from infinity: the signs of the determinants add up to 1.
    assert found.index == 1


def test_the_middle_branch_of_a_driven_kerr_mode_is_unstable() -> None:
    """n [(Delta + K n)^2 + kappa^2/4] = eps^2; the slope of eps^2 over n is negative where it is unstable."""
    network = lone(ly.OnePhotonDrive("a", 1.2), ly.Kerr("a", 0.4), ly.LocalBath("a", 1.0), detuning=-2.0)
    found = found_of(network)
    cubic = np.poly1d([0.4**2, 2 * -2.0 * 0.4, 2.0**2 + 0.25, -(1.2**2)])
    np.testing.assert_allclose(np.abs(found.amplitudes[:, 0]) ** 2, np.sort(cubic.roots.real), rtol=1e-10)
    assert found.is_stable.tolist() == [True, False, True]
    assert (np.polyder(cubic)(np.abs(found.amplitudes[:, 0]) ** 2) > 0).tolist() == [True, False, True]
    # Eigenvalues of the Jacobian: -kappa/2 +- sqrt(K^2 n^2 - (Delta + 2 K n)^2).
    n = np.abs(found.amplitudes[:, 0]) ** 2
    root = np.sqrt((0.16 * n**2 - (-2.0 + 0.8 * n) ** 2).astype(complex)).real
    np.testing.assert_allclose(found.growth, -0.5 + root, atol=1e-9)


@settings(max_examples=6)
@given(
    detunings=st.tuples(st.floats(-2, 1), st.floats(-2, 1)),
    kerr=st.floats(0.1, 1.0),
    coupling=st.floats(-1, 1),
    force=st.floats(0.1, 2.0),
    drive=st.floats(0.0, 1.0),
)
def test_two_modes_obey_the_index_theorem(
    *, detunings: tuple[float, float], kerr: float, coupling: float, force: float, drive: float
) -> None:
    network = ly.Network(
        [ly.Mode(name, detuning=detuning) for name, detuning in zip("ab", detunings, strict=True)],
        [
            *(ly.Kerr(name, kerr) for name in "ab"),
            *(ly.TwoPhotonLoss(name, 0.1) for name in "ab"),
            *(ly.LocalBath(name, 0.5) for name in "ab"),
            ly.CoherentCoupling("a", "b", coupling),
            ly.OnePhotonDrive("a", force),
            ly.TwoPhotonDrive("b", drive),
        ],
        charger="a",
        battery="b",
    )
    found = found_of(network)
    field = field_of(network)
    points = np.concatenate([found.amplitudes, found.amplitudes.conj()], axis=-1)
    assert np.abs(field(points)).max() < 1e-9
    assert found.index == 1


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
def test_units_of_the_amplitudes_do_not_matter(size: float) -> None:
    """Kerr and loss smaller by a factor, quanta larger by it."""
    found = found_of(lone(ly.TwoPhotonDrive("a", 1.0), ly.Kerr("a", 0.5 / size), ly.LocalBath("a", 1.0)))
    n = 2 * size * np.sqrt(4 - 0.25)
    np.testing.assert_allclose(np.abs(found.amplitudes[:, 0]) ** 2, [0.0, n, n], rtol=1e-10, atol=1e-10 * size)


def test_points_at_a_fold_are_one() -> None:
    """Where two branches meet, n = -(2 Delta + sqrt(Delta^2 - 3 kappa^2/4))/(3 K)."""
    detuning, kerr = -2.0, 0.4
    n = -(2 * detuning + np.sqrt(detuning**2 - 0.75)) / (3 * kerr)
    force = np.sqrt(n * ((detuning + kerr * n) ** 2 + 0.25))
    found = found_of(lone(ly.OnePhotonDrive("a", force), ly.Kerr("a", kerr), ly.LocalBath("a", 1.0), detuning=detuning))
    np.testing.assert_allclose(np.abs(found.amplitudes[0, 0]) ** 2, n, rtol=1e-6)
    assert found.is_stable.tolist() == [False, True]
    assert abs(found.growth[0]) < 1e-6


@pytest.mark.parametrize("size", [1.0, 1e6])
def test_at_a_threshold_all_points_are_one(size: float) -> None:
    """2 eps = kappa/2: all five zeros are the vacuum, known to the fifth root of rounding."""
    found = found_of(lone(ly.TwoPhotonDrive("a", 0.25), ly.Kerr("a", 0.5 / size), ly.LocalBath("a", 1.0)))
    assert len(found.amplitudes) == 1
    assert np.abs(found.amplitudes[0, 0]) ** 2 < 1e-6 * size
    assert found.is_stable.tolist() == [False]
