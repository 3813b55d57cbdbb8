"""Critical drive: closed forms, and where there is none the edge of stability itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form as cf
from leyden.drift import critical_drive, threshold_of
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, create

catalog = ly.catalog
PAIR = {"charger_damping": 0.1, "battery_damping": 0.3}


def with_drive(network: ly.Network, mode: str, amplitude) -> ly.Network:
    elements = [
        element.with_parameters({"amplitude": amplitude})
        if isinstance(element, ly.TwoPhotonDrive) and element.mode == mode
        else element
        for element in network.elements
    ]
    return ly.Network(network.modes, elements, network.charger, network.battery)


@pytest.mark.parametrize("occupation", [0.0, 0.5])
def test_directed_devices(occupation: float) -> None:
    """(Lambda_a^2/4 + Delta^2)^(1/2)/2, whatever the battery, the weights and the phase."""
    rng = np.random.default_rng(1)
    count = 1000
    weight = rng.normal(size=count) + 1j * rng.normal(size=count)
    damping, detuning = rng.uniform(0.1, 2, count), rng.normal(size=count)
    network = catalog.two_photon_battery(
        drive=0.3,
        charger_damping=damping,
        battery_damping=rng.uniform(0.1, 2, count),
        charger_weight=weight,
        battery_weight=1j * rng.normal(size=count),
        phase=rng.uniform(0, 6, count),
        detuning=detuning,
        occupation=occupation,
    )
    expected = cf.directed_critical_drive(total_charger_damping=damping + np.abs(weight) ** 2, detuning=detuning)
    np.testing.assert_allclose(ly.critical_drive(network), expected, rtol=1e-14)


def test_reciprocal_devices() -> None:
    """The root of the spectral abscissa against min{(kappa_a + kappa_b)/4, kappa_a/4 + G^2/kappa_b}."""
    rng = np.random.default_rng(2)
    charger, battery, size = 10 ** rng.uniform(-2, 1, (3, 60))
    size[:10] = battery[:10] / 2  # both conditions at once, at an exceptional point
    coupling = size * np.exp(2j * np.pi * rng.random(60))
    network = catalog.reciprocal_battery(
        drive=7.0, charger_damping=charger, battery_damping=battery, coupling=coupling, phase=rng.uniform(0, 6, 60)
    )
    expected = cf.reciprocal_critical_drive(charger_damping=charger, battery_damping=battery, coupling=coupling)
    # An eigenvalue is known to 1e-16 |A|, and |A| is up to 1e3 times the threshold here; at the exceptional point it
    # moves as the square root of the distance, which only sharpens the crossing.
    np.testing.assert_allclose(ly.critical_drive(network), expected, rtol=1e-12)


def test_reciprocal_devices_driven_at_the_battery() -> None:
    """The same device with its modes exchanged."""
    parameters = {"charger_damping": np.array([0.1, 2.0]), "battery_damping": np.array([2.0, 0.1]), "coupling": 0.3j}
    network = catalog.reciprocal_battery(drive=0.0, **parameters)
    found = ly.critical_drive(network, "battery")
    np.testing.assert_allclose(found, ly.critical_drive(network)[::-1], rtol=1e-14)


@pytest.mark.parametrize("coupling", [0.4 - 0.3j, 0.2j, 0.25])
def test_partly_directed_devices(coupling: complex) -> None:
    """A shared bath beside any coupling: no closed form in general, the edge of stability in all cases."""
    dampings = np.array([0.05, 0.5, 3.0])
    given = {"charger_damping": dampings, "battery_damping": 0.2, "phase": 0.4, "coupling": coupling}
    found = ly.critical_drive(catalog.two_photon_battery(drive=0.0, **given))
    for share, verdict in ((0.999999, True), (1.000001, False)):
        stable = ly.stability(catalog.two_photon_battery(drive=share * found, **given)).is_stable
        assert stable.values.tolist() == [verdict] * 3


@pytest.mark.parametrize("seed", range(6))
def test_the_edge_of_stability(random_network, seed: int) -> None:
    """Three coupled, detuned, driven modes: stable just below, unstable just above, and the first such edge."""
    network = random_network(seed)
    for mode in network.mode_names:
        found = float(critical_drive(network, mode)[0])
        assert 0 < found < math.inf
        for share, verdict in ((0.999999, True), (1.000001, False)):
            assert bool(ly.stability(with_drive(network, mode, share * found)).is_stable) is verdict
        shares = np.linspace(0, 0.999, 500)
        assert ly.stability(with_drive(network, mode, shares * found)).is_stable.all()


def test_narrow_windows_of_instability_are_not_stepped_over() -> None:
    """Unstable from 3.319 to 3.377, stable again, then unstable from 3.494 on: a grid of amplitudes sees the last."""
    elements = [
        ly.LocalBath("a", 0.0018380935611887032),
        ly.LocalBath("b", 0.0014333887033525696),
        ly.CoherentCoupling("a", "b", -0.08827068506632758),
        ly.TwoPhotonDrive("a", 0.0),
    ]
    modes = [ly.Mode("a", detuning=6.9844521737669485), ly.Mode("b", detuning=-1.9899784748787521)]
    network = ly.Network(modes, elements, charger="a", battery="b")
    found = ly.critical_drive(network)
    assert found == pytest.approx(3.3184, abs=1e-3)
    for amplitude, verdict in ((found * 0.999999, True), (found * 1.000001, False), (3.43, True), (3.5, False)):
        assert bool(ly.stability(with_drive(network, "a", amplitude)).is_stable) is verdict


@pytest.mark.parametrize("seed", range(4))
def test_no_instability_below(seed: int) -> None:
    """Weakly damped, detuned, coupled pairs, each looked at on two thousand amplitudes below its threshold."""
    rng = np.random.default_rng(seed)
    for _ in range(10):
        elements = [ly.LocalBath(name, 10 ** rng.uniform(-3, 0)) for name in "ab"]
        elements += [ly.CoherentCoupling("a", "b", 2 * rng.normal()), ly.TwoPhotonDrive("a", 0.0)]
        modes = [ly.Mode(name, detuning=3 * rng.normal()) for name in "ab"]
        network = ly.Network(modes, elements, charger="a", battery="b")
        amplitudes = np.linspace(0, 0.9999, 2000) * ly.critical_drive(network)
        assert ly.stability(with_drive(network, "a", amplitudes)).is_stable.all()


def test_large_devices_are_searched_as_small_ones_are() -> None:
    """Eleven modes with a way back from the last to the first."""
    chain = catalog.cascade(11, drive=0.0, damping=0.2)
    network = ly.Network(chain.modes, [*chain.elements, ly.CoherentCoupling("m10", "m0", 0.3)], "m0", "m1")
    found = ly.critical_drive(network)
    assert 0.05 < found < 1
    for share, verdict in ((0.999999, True), (1.000001, False)):
        assert bool(ly.stability(with_drive(network, "m0", share * found)).is_stable) is verdict


def test_the_present_amplitude_does_not_matter(random_network) -> None:
    network = random_network(1)
    expected = critical_drive(network, "m0")[0]
    for amplitude in (0.0, 5.0):
        assert critical_drive(with_drive(network, "m0", amplitude), "m0")[0] == expected


def test_an_undriven_mode_can_be_asked_about() -> None:
    """The battery's own threshold: it moves nothing in the charger, so Lambda_b/4 = (0.3 + 0.5)/4."""
    network = catalog.two_photon_battery(drive=0.0, **PAIR)
    assert ly.critical_drive(network, "battery") == pytest.approx(0.2, rel=1e-14)
    assert ly.critical_drive(network, "charger") == ly.critical_drive(network) == pytest.approx(0.15, rel=1e-14)


def test_no_two_photon_drive_no_threshold() -> None:
    assert ly.critical_drive(catalog.one_photon_battery(drive=0.1, **PAIR)) == math.inf
    damping = np.array([0.1, 0.2])
    several = catalog.one_photon_battery(drive=0.1, charger_damping=damping, battery_damping=0.1)
    assert ly.critical_drive(several).tolist() == [math.inf, math.inf]


def test_what_is_not_stable_without_drive_has_threshold_zero() -> None:
    bare = {"drive": 0.1, "charger_damping": 1.0, "battery_damping": 0.0, "shared_rate": 0.0}
    assert ly.critical_drive(catalog.two_photon_battery(**bare)) == 0.0
    assert ly.critical_drive(catalog.two_photon_battery(**(bare | {"battery_damping": 1.0}))) == 0.25
    couplings = np.array([0.0, 0.3])
    found = ly.critical_drive(
        catalog.reciprocal_battery(drive=0.1, charger_damping=1.0, battery_damping=0.0, coupling=couplings)
    )
    assert found[0] == 0.0
    assert found[1] == pytest.approx(0.25, rel=1e-12)


@dataclass(frozen=True)
class Stretch(Element):
    """H = c (x^2 - p^2)/2 of one mode, in words of its own."""

    mode: str
    size: float

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        return (HamiltonianTerm(self.size / 2, (create(self.mode), create(self.mode))),)


def test_another_squeezing_on_the_same_mode() -> None:
    """Then the closed form does not hold: along the same axis the two add up, 2 eps + c = kappa/2."""
    elements = [ly.LocalBath("a", 1.0), Stretch("a", 0.1), ly.TwoPhotonDrive("a", 0.7)]
    network = ly.Network([ly.Mode("a")], elements, charger="a", battery="a")
    assert ly.critical_drive(network) == pytest.approx(0.2, rel=1e-12)


def test_what_is_not_stable_without_any_drive_has_threshold_zero() -> None:
    """An undamped mode, and an amplifier of another make far above its own threshold: there is nothing to be lost."""
    undamped = ly.Network([ly.Mode("a"), ly.Mode("b")], [ly.LocalBath("a", 1.0)], "a", "b")
    assert ly.critical_drive(undamped) == 0.0
    for size, threshold in ((0.49, math.inf), (0.51, 0.0), (1e3, 0.0), (1e100, 0.0)):
        amplifier = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0), Stretch("a", size)], "a", "a")
        assert ly.critical_drive(amplifier) == threshold
    chain = catalog.cascade(30, drive=0.1, damping=0.1, photons=1)
    assert ly.critical_drive(chain) == math.inf
    assert ly.critical_drive(ly.Network([*chain.modes, ly.Mode("free")], chain.elements, "m0", "m1")) == 0.0


def test_back_action_within_a_part_of_a_device() -> None:
    """A pair that drives a third mode one way keeps its own threshold, to the last digit that the pair has."""
    strength = catalog.two_photon_battery(drive=0.1, **PAIR).elements[-1].strength
    elements = [ly.LocalBath(name, rate) for name, rate in (("a", 0.5), ("b", 0.3), ("c", 0.2))]
    elements += [ly.CoherentCoupling("a", "b", 0.3), ly.TwoPhotonDrive("a", 0.0)]
    tail = [ly.SharedBath({"b": 2**-0.5, "c": 2**-0.5}, 1.0), ly.CoherentCoupling("b", "c", strength)]
    modes = [ly.Mode(name, detuning=0.1) for name in "abc"]
    pair = ly.Network(modes[:2], [elements[0], ly.LocalBath("b", 0.8), *elements[3:]], "a", "b")
    found = ly.critical_drive(ly.Network(modes, [*elements, *tail], "a", "c"))
    assert found == pytest.approx(ly.critical_drive(pair), rel=1e-13)


def test_batches_without_memory_are_refused(refuses) -> None:
    """Before anything of their size is made, with a drive and without."""
    damping = np.linspace(0.1, 1, 10**6)
    for build in (catalog.two_photon_battery, catalog.one_photon_battery):
        network = build(drive=0.1, charger_damping=damping, battery_damping=damping[:, None])
        refuses("network", lambda network=network: ly.critical_drive(network), "fits into memory")


def test_labels_come_back_but_for_those_of_the_amplitude() -> None:
    drive = xr.DataArray([0.1, 0.2], dims="drive")
    damping = xr.DataArray([0.1, 0.2, 0.3], dims="damping", coords={"damping": [1, 2, 3]})
    found = ly.critical_drive(catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=0.1))
    assert found.dims == ("damping",)
    assert found.attrs["symbol"] == r"\epsilon_c"
    np.testing.assert_allclose(found, [0.15, 0.175, 0.2], rtol=1e-14)
    xr.testing.assert_identical(found.coords["damping"], damping.coords["damping"].assign_attrs())
    only = ly.critical_drive(catalog.two_photon_battery(drive=drive, **PAIR))
    assert isinstance(only, float)
    mixed = catalog.two_photon_battery(drive=np.zeros(2), charger_damping=damping, battery_damping=np.ones(2))
    assert ly.critical_drive(mixed).sizes == {"batch": 2, "damping": 3}
    unnamed = xr.DataArray([0.1, 0.2], dims="batch")
    assert ly.critical_drive(
        catalog.two_photon_battery(drive=0.1, charger_damping=unnamed, battery_damping=0.1)
    ).dims == ("batch",)


def test_plain_arrays_come_back_as_arrays() -> None:
    damping = np.array([[0.1], [0.2]])
    phases = np.array([0.0, 1.0, 2.0])
    found = ly.critical_drive(
        catalog.two_photon_battery(drive=np.zeros(3), charger_damping=damping, battery_damping=0.1, phase=phases)
    )
    assert type(found) is np.ndarray
    assert found.shape == (2, 3)
    coupled = catalog.two_photon_battery(
        drive=0.1, charger_damping=damping, battery_damping=0.1, phase=phases, coupling=0.2
    )
    assert ly.critical_drive(coupled).shape == (2, 3)
    assert ly.critical_drive(catalog.two_photon_battery(drive=0.1, charger_damping=[], battery_damping=0.1)).size == 0


def test_bad_modes_are_refused(refuses) -> None:
    network = catalog.two_photon_battery(drive=0.1, **PAIR)
    for mode in ("z", 3):
        refuses("mode", lambda mode=mode: ly.critical_drive(network, mode), "charger, battery")
    drives = [ly.TwoPhotonDrive("a", 0.1), ly.TwoPhotonDrive("b", 0.1), ly.TwoPhotonDrive("b", 0.1)]
    several = ly.Network([ly.Mode("a"), ly.Mode("b")], drives, charger="a", battery="b")
    refuses("mode", lambda: ly.critical_drive(several), "one of the driven modes a, b")
    refuses("mode", lambda: ly.critical_drive(several, "b"), "Two drives act on 'b'")
    one = ly.Network([ly.Mode("b")], drives[1:], charger="b", battery="b")
    refuses("mode", lambda: ly.critical_drive(one), "Two drives act on 'b'")
    refuses("network", lambda: ly.critical_drive("x"), "be a Network")


def test_thresholds_for_messages() -> None:
    """A single finite number, or nothing to be said."""
    assert threshold_of(catalog.two_photon_battery(drive=0.1, **PAIR)) == pytest.approx(0.15)
    assert threshold_of(catalog.one_photon_battery(drive=0.1, **PAIR)) is None
    drives = [ly.TwoPhotonDrive("a", 0.1), ly.TwoPhotonDrive("b", 0.1)]
    several = ly.Network([ly.Mode("a"), ly.Mode("b")], drives, charger="a", battery="b")
    assert threshold_of(several) is None
