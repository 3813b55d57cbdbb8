"""The drift as an object against what others published, and what can be derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly


@pytest.mark.parametrize("omega", [0.0, 0.3, 2.0])
def test_the_spectrum_of_a_parametric_oscillator(omega: float) -> None:
    """M26: 1 - 4x/((1 + x)^2 + 4 omega^2/kappa^2) with x = 4 eps/kappa (Collett and Gardiner 1984)."""
    drive, damping = 0.1, 1.0
    elements = [ly.TwoPhotonDrive("m", drive), ly.LocalBath("m", damping)]
    device = ly.Network([ly.Mode("m")], elements, "m", "m")
    x = 4 * drive / damping
    found = ly.spectrum(device, [omega])
    quiet = 1 - 4 * x / ((1 + x) ** 2 + 4 * omega**2 / damping**2)
    loud = 1 + 4 * x / ((1 - x) ** 2 + 4 * omega**2 / damping**2)
    assert float(found.squeezed_variance.squeeze()) == pytest.approx(quiet, abs=1e-10)
    assert float(found.amplified_variance.squeeze()) == pytest.approx(loud, abs=1e-10)
    if not omega:
        assert float(found.squeezed_variance.squeeze()) == pytest.approx(0.18367346938775497, abs=1e-10)


def explicit_link(linewidth: float, shared_rate: float = 1.0) -> ly.Network:
    """The one-way pair with its shared bath as a damped mode of its own."""
    weight = 2**-0.5
    pull = np.sqrt(shared_rate * linewidth) / 2 * weight
    elements = [
        ly.LocalBath("a", 0.1),
        ly.LocalBath("b", 0.3),
        ly.LocalBath("c", linewidth),
        ly.CoherentCoupling("a", "b", -0.5j * shared_rate * weight**2),
        ly.CoherentCoupling("a", "c", pull),
        ly.CoherentCoupling("b", "c", pull),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b"), ly.Mode("c")], elements, "a", "b")


@pytest.mark.parametrize(("linewidth", "omega"), [(10.0, 1.0), (10.0, 0.1), (3.0, -2.0)])
def test_the_isolation_of_a_link_with_an_explicit_reservoir(linewidth: float, omega: float) -> None:
    """M27: |a->b|^2/|b->a|^2 = 1 + (kappa_c/omega)^2, 101 at kappa_c = 10 and omega = 1."""
    found = ly.response(explicit_link(linewidth), [omega])
    ratio = 1 + (linewidth / omega) ** 2
    assert float(found.isolation[0]) == pytest.approx(ratio, rel=1e-11)
    assert float(found.isolation_db[0]) == pytest.approx(10 * np.log10(ratio), rel=1e-11)


@pytest.mark.parametrize(("kappa_a", "kappa_b"), [(0.3, 0.2), (0.1, 0.5)])
def test_the_exponent_is_two_where_a_threshold_meets_an_exceptional_point(kappa_a: float, kappa_b: float) -> None:
    """Trace and determinant of [[2 eps - kappa_a/2, G], [-G, -kappa_b/2]] vanish together at G = kappa_b/2.

    The energy is a polynomial over their product, so that it has a pole of second order at 4 eps = kappa_a + kappa_b,
    and of first order for every other G.
    """
    for coupling, exponent in ((kappa_b / 2, 2.0), (kappa_b, 1.0), (kappa_b / 4, 1.0)):
        device = ly.catalog.reciprocal_battery(
            drive=0.0, charger_damping=kappa_a, battery_damping=kappa_b, coupling=coupling
        )
        found = ly.critical_exponent(device, "TwoPhotonDrive(charger).amplitude")
        assert float(found.critical_exponent) == pytest.approx(exponent, abs=1e-6)
        if exponent == 2.0:
            assert float(found.critical) == pytest.approx((kappa_a + kappa_b) / 4, rel=1e-12)


@pytest.mark.parametrize("damping", [0.4, 1.0])
def test_the_threshold_of_a_parametric_pair(damping: float) -> None:
    """|chi| = sqrt(kappa_a kappa_b)/2 (physics.md, section 7)."""
    parts = [ly.LocalBath("a", 0.3), ly.LocalBath("b", damping), ly.ParametricCoupling("a", "b", 0.01j)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b")
    found = ly.critical(device, "ParametricCoupling(a, b).strength")
    assert found == pytest.approx(np.sqrt(0.3 * damping) / 2, rel=1e-12)


def test_the_exceptional_point_of_a_one_way_pair() -> None:
    """M30: eps = (Lambda_a - Lambda_b)/4 = 0.1 at dampings 0.5 and 0.1."""
    device = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.5, battery_damping=0.1)
    found = ly.exceptional_points(device, "TwoPhotonDrive(charger).amplitude", (0.0, 0.2))
    assert found.exceptional_value.values.tolist() == pytest.approx([0.1], abs=1e-10)
    assert found.exceptional_order.values.tolist() == [2]
