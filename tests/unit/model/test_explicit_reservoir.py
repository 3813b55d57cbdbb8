"""`with_explicit_reservoir`: a damped mode in place of a bath, its limit, how fast that is reached, and its traps.

The witnesses: a closed form of the steady state at any linewidth, found by computer algebra from the equations of three
modes written out by hand; the Markovian device in the limit; the resolvent of a pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
import xarray as xr

import leyden as ly
from leyden.dense import steady_state
from leyden.errors import ParameterError

C = ly.catalog
BATH = "SharedBath(charger, battery)"


def pair(drive: float = 0.1, damping: float = 0.2, photons: int = 2, **more: Any) -> ly.Network:
    """The paper's pair with weights of 1."""
    build = {1: C.one_photon_battery, 2: C.two_photon_battery}[photons]
    given = {"charger_damping": damping, "battery_damping": damping, "charger_weight": 1.0, "battery_weight": 1.0}
    return build(drive=drive, **(given | more))


def stored(device: ly.Network) -> float:
    return float(ly.steady_state(device).stored_energy)


@pytest.fixture(scope="module")
def variance() -> Any:
    """Excess of the battery's variance along a quadrature of the drive s, Gamma = 1, as a rational function.

    With c = -i sqrt(Gamma/kappa_c) d the equations are real: d' = (kappa_c/2)(a + b - d), and a and b feel -Gamma d/2.
    """
    k, s, x = sp.symbols("kappa s x")  # x = 1/kappa_c
    half = sp.Rational(1, 2)
    drift = sp.Matrix([[s - k / 2, half, -half], [-half, -k / 2, -half], [half / x, half / x, -half / x]])
    unknown = sp.symbols("v0:6")
    v = sp.Matrix(3, 3, lambda i, j: unknown[(0, 1, 2, 1, 3, 4, 2, 4, 5)[3 * i + j]])
    residual = drift * v + v * drift.T
    residual[0, 0] += s
    equations = [sp.expand(x * residual[i, j]) for i in range(3) for j in range(i, 3)]
    (found,) = sp.linsolve(equations, unknown)
    return sp.Lambda((k, s, x), sp.cancel(found[3]))


def exact_energy(variance: Any, damping: Any, drive: Any, linewidth: Any) -> float:
    values = [
        variance(sp.Rational(damping), sign * 2 * sp.Rational(drive), 1 / sp.Rational(linewidth)) for sign in (1, -1)
    ]
    return float(sum(values) / 2)


@pytest.mark.parametrize("linewidth", [Fraction(1, 4), Fraction(1), Fraction(4), Fraction(100), Fraction(10**6)])
@pytest.mark.parametrize(("damping", "drive"), [(Fraction(1, 5), Fraction(1, 10)), (Fraction(1), Fraction(1, 50))])
def test_the_stored_energy_at_any_linewidth_is_the_closed_form(
    variance: Any, linewidth: Fraction, damping: Fraction, drive: Fraction
) -> None:
    device = pair(float(drive), float(damping)).with_explicit_reservoir(BATH, float(linewidth))
    # The steady state is off by 1e-16 |A|/r.
    tolerance = 1e-15 * max(1.0, float(linewidth)) / float(damping) + 1e-14
    assert stored(device) == pytest.approx(exact_energy(variance, damping, drive, linewidth), rel=tolerance)


def rate(damping: float, drive: float) -> float:
    """The relative error times kappa_c for weights 1 and Gamma = 1, in the limit."""
    total = damping + 1.0
    above = (1 - 3 * damping) * total**2 + 4 * drive**2 * (5 + 3 * damping)
    return -above / (3 * total * (total**2 - 4 * drive**2))


def test_the_rate_of_convergence_is_derived(variance: Any) -> None:
    """-[(Gamma - 3 kappa) L^2 + 4 eps^2 (5 Gamma + 3 kappa)] Gamma/[3 L (L^2 - 4 eps^2)] with L = kappa + Gamma."""
    k, e, x = sp.symbols("kappa epsilon x")
    energy = (variance(k, 2 * e, x) + variance(k, -2 * e, x)) / 2
    found = sp.cancel((sp.diff(energy, x) / energy).subs(x, 0))
    above = (1 - 3 * k) * (k + 1) ** 2 + 4 * e**2 * (5 + 3 * k)
    assert sp.cancel(found + above / (3 * (k + 1) * ((k + 1) ** 2 - 4 * e**2))) == 0
    assert found.subs({k: sp.Rational(1, 5), e: sp.Rational(1, 10)}) == sp.Rational(-10, 63)  # -0.1587


@pytest.mark.parametrize(("damping", "drive"), [(0.2, 0.1), (0.05, 0.2), (1.0, 0.1)])
def test_the_rate_of_convergence_is_reached(damping: float, drive: float) -> None:
    """The error is E_1/kappa_c + E_2/kappa_c^2: what two linewidths leave of the second is a tenth of a per cent."""
    device = pair(drive, damping)
    markov = stored(device)
    errors = [stored(device.with_explicit_reservoir(BATH, width)) / markov - 1 for width in (1e3, 1e4)]
    slopes = [1e3 * errors[0], 1e4 * errors[1]]
    assert (10 * slopes[1] - slopes[0]) / 9 == pytest.approx(rate(damping, drive), rel=1e-4)
    assert np.log10(errors[0] / errors[1]) == pytest.approx(1.0, abs=5e-3)


def test_a_broad_reservoir_may_help() -> None:
    """With kappa > Gamma/3 and a weak drive more is stored than through the Markovian bath."""
    assert rate(1.0, 0.1) > 0 > rate(0.2, 0.1)
    assert stored(pair(0.1, 1.0).with_explicit_reservoir(BATH, 20.0)) > stored(pair(0.1, 1.0))
    assert stored(pair(0.1, 0.2).with_explicit_reservoir(BATH, 20.0)) < stored(pair(0.1, 0.2))


@pytest.mark.parametrize("linewidth", [0.01, 1.0, 30.0])
def test_a_coherent_drive_on_resonance_does_not_see_it(linewidth: float) -> None:
    """The trap: these steady states are the Markovian ones at every linewidth, and witness nothing."""
    device = pair(0.3, photons=1)
    explicit = device.with_explicit_reservoir(BATH, linewidth)
    for name in ("stored_energy", "ergotropy", "charger_energy"):
        found = float(ly.steady_state(explicit)[name])
        assert found == pytest.approx(float(ly.steady_state(device)[name]), rel=1e-13), name
    # It is the resonance with the reservoir that counts: then it answers as if at once.
    detuned = pair(0.3, photons=1, detuning=0.2)
    tuned = detuned.with_explicit_reservoir(BATH, linewidth, detuning=0.0)
    assert stored(tuned) == pytest.approx(stored(detuned), rel=1e-13)
    assert abs(stored(detuned.with_explicit_reservoir(BATH, linewidth)) / stored(detuned) - 1) > 1e-3


@pytest.mark.parametrize("photons", [1, 2])
def test_transients_converge(photons: int) -> None:
    device, times = pair(photons=photons), np.linspace(0.5, 10, 20)
    markov = ly.charge(device, times).stored_energy
    gaps = [
        float(abs(ly.charge(device.with_explicit_reservoir(BATH, width), times).stored_energy / markov - 1).max())
        for width in (1e2, 1e3, 1e4)
    ]
    assert gaps[0] > 9 * gaps[1] > 80 * gaps[2] > 0
    assert gaps[2] < 1e-3


@pytest.mark.parametrize("linewidth", [0.5, 10.0])
def test_the_isolation_is_that_of_a_pole(linewidth: float) -> None:
    omega = np.asarray([0.05, 1.0, 7.0])
    device = pair(0.0).with_explicit_reservoir(BATH, linewidth)
    found = ly.response(device, omega)
    np.testing.assert_allclose(found.isolation, 1 + (linewidth / omega) ** 2, rtol=1e-11)


BATHS = [
    ly.LocalBath("a", 0.8, 0.3, 0.6, 0.7),
    ly.LocalBath("a", 0.8, 0.3),
    ly.Gain("a", 0.1, 0.2),
    ly.SharedBath({"a": 0.6 + 0.3j, "b": -0.4j}, 0.9, 0.2, 0.5, -1.1),
    ly.SharedBath({"a": 0.6, "b": 0.0}, 0.9),
    ly.SharedBath({"a": 0.6, "b": 1.0}, 0.0),
]


@pytest.mark.parametrize("detuning", [0.0, 0.4])
@pytest.mark.parametrize("bath", BATHS, ids=lambda bath: bath.label)
def test_any_bath_comes_back(bath: ly.Element, detuning: float) -> None:
    """Means and covariances of a device with phases, squeezing and heat; no other phase of the squeezing would do."""
    device = ly.Network(
        [ly.Mode("a", detuning=detuning), ly.Mode("b", detuning=detuning)],
        [
            bath,
            ly.LocalBath("a", 0.3),
            ly.LocalBath("b", 0.4),
            ly.CoherentCoupling("a", "b", 0.4 + 0.1j),
            ly.TwoPhotonDrive("a", 0.05, 0.4),
            ly.OnePhotonDrive("b", 0.3, 0.2),
        ],
        charger="a",
        battery="b",
    )
    there = steady_state(ly.moment_equations(device))[0]
    gaps = []
    for width in (1e3, 1e5):
        explicit = device.with_explicit_reservoir(bath if bath.label == "LocalBath(a)" else bath.label, width)
        found = steady_state(ly.moment_equations(explicit))[0]
        gaps.append(
            max(
                np.abs(found.covariance[:4, :4] - there.covariance).max(),
                np.abs(found.mean[:4] - there.mean).max(),
            )
        )
    assert gaps[1] < 1e-4
    assert gaps[1] < gaps[0] / 50 or gaps[0] < 1e-12


def test_an_own_element_will_do() -> None:
    """A jump that holds a and b^dag; its words are all that is asked for."""

    @dataclass(frozen=True)
    class PairLoss(ly.Element):
        first: str
        second: str
        rate: Any = ly.words.parameter("nonnegative")

        def jumps(self) -> tuple[ly.words.Jump, ...]:
            operators = ly.words.annihilate(self.first), ly.words.create(self.second)
            return (ly.words.Jump(self.rate, (1.0, 0.5), operators),)

    parts = [PairLoss("a", "b", 0.5), ly.LocalBath("a", 0.4), ly.LocalBath("b", 0.6), ly.OnePhotonDrive("a", 0.2)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, charger="a", battery="b")
    explicit = device.with_explicit_reservoir("PairLoss(a, b)", 1e6)
    assert stored(explicit) == pytest.approx(stored(device), rel=1e-5)
    assert {"CoherentCoupling(a, reservoir).strength", "ParametricCoupling(b, reservoir).strength"} <= set(
        explicit.parameters
    )


def test_the_reservoir_turns_with_its_modes() -> None:
    device = pair(detuning=0.3, frequency=2.0)
    mode = device.with_explicit_reservoir(BATH, 5.0).modes[-1]
    assert mode == ly.Mode("reservoir", 2.0, 0.3)
    other = device.with_explicit_reservoir(BATH, 5.0, name="c", frequency=3.0, detuning=-0.1).modes[-1]
    assert other == ly.Mode("c", 3.0, -0.1)
    fed = ly.Network(
        [ly.Mode("a", detuning=0.3)], [ly.Gain("a", 0.1), ly.LocalBath("a", 1.0)], charger="a", battery="a"
    )
    assert fed.with_explicit_reservoir("Gain(a)", 5.0).modes[-1].detuning == -0.3


def test_the_device_file_holds_it(tmp_path: Any) -> None:
    device = pair(occupation=0.2).with_explicit_reservoir(BATH, 4.0)
    ly.write_device(device, tmp_path / "device.toml")
    again = ly.read_device(tmp_path / "device.toml")
    assert again == device
    assert stored(again) == stored(device)


def test_linewidths_may_be_a_labelled_batch() -> None:
    widths = xr.DataArray([1.0, 4.0, 10.0], dims="linewidth", coords={"linewidth": [1.0, 4.0, 10.0]})
    rates = xr.DataArray([0.5, 1.0], dims="rate")
    device = pair().replace(**{f"{BATH}.rate": rates, "CoherentCoupling(charger, battery).strength": -0.5j * rates})
    found = ly.steady_state(device.with_explicit_reservoir(BATH, widths)).stored_energy
    assert dict(found.sizes) == {"rate": 2, "linewidth": 3}
    xr.testing.assert_equal(found.coords["linewidth"], widths.coords["linewidth"])
    assert float(found.sel(linewidth=4.0)[1]) == pytest.approx(0.1317786069651734, rel=1e-12)


def test_two_baths_may_be_made_explicit() -> None:
    device = pair().with_explicit_reservoir(BATH, 1e6)
    device = device.with_explicit_reservoir("LocalBath(battery)", 1e6, name="loss")
    assert device.mode_names == ("charger", "battery", "reservoir", "loss")
    assert stored(device) == pytest.approx(stored(pair()), rel=1e-5)


def baths_of(device: ly.Network, label: str) -> list[ly.Element]:
    return [element for element in device.elements if element.label == label]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_member_of_a_family_leaves_it(place: int) -> None:
    chain = C.cascade(5, drive=0.05, damping=0.2)
    explicit = chain.with_explicit_reservoir(f"SharedBath(m{place}, m{place + 1})", 1e8)
    assert sum(element.label.startswith("SharedBath") for element in explicit.elements) == 3
    np.testing.assert_allclose(ly.steady_state(explicit).stored_energy, ly.steady_state(chain).stored_energy, rtol=1e-6)
    rates = [0.3, 0.5, 0.7, 1.1]
    links = [[place, place + 1] for place in range(4)]
    baths = ly.Family(ly.SharedBath, links, weights=([1.0, 0.9, 0.8, 0.7], 0.5), rate=rates)
    unlike = ly.Network(ly.Modes(5), [*chain.parts, baths], charger="m0", battery="m4")
    label = f"SharedBath(m{place}, m{place + 1})"
    member = next(one for one in baths_of(unlike, label) if one.weights[f"m{place + 1}"] == 0.5)
    explicit = unlike.with_explicit_reservoir(member, 1e8)
    assert stored(explicit) == pytest.approx(stored(unlike), rel=1e-6)
    only = C.cascade(2, drive=0.05, damping=0.2).with_explicit_reservoir("SharedBath(m0, m1)", 4.0)
    assert not any(element.label.startswith("SharedBath") for element in only.elements)


def test_the_modes_of_a_large_network_stay_one_record() -> None:
    names = [f"m{place}" for place in range(4)]
    baths = ly.Family(ly.SharedBath, [[0, 1], [2, 3]], weights=(1.0, 0.5), rate=0.3)
    drive = ly.TwoPhotonDrive("m0", 0.02)
    modes = ly.Modes(4, frequency=[1.0, 1.0, 2.0, 2.0], detuning=0.1)
    found = [
        ly.Network(given, [baths, drive], "m0", "m1").with_explicit_reservoir("SharedBath(m2, m3)", 3.0)
        for given in (modes, tuple(modes))
    ]
    assert isinstance(found[0].modes, ly.Modes)
    assert found[0] == found[1]
    assert found[0].mode_names == (*names, "reservoir")
    assert found[0].modes[-1] == ly.Mode("reservoir", 2.0, 0.1)


@pytest.mark.parametrize("linewidth", [0.0, -1.0, np.inf, np.nan, 1j, "4", None, ly.pulse.ramp(1.0, 2.0, 0.0, 1.0)])
def test_linewidths_that_are_none_are_refused(linewidth: Any) -> None:
    with pytest.raises(ParameterError, match="Argument `linewidth` must"):
        pair().with_explicit_reservoir(BATH, linewidth)


@pytest.mark.parametrize(
    ("bath", "words"),
    [
        (
            "SharedBath(charger, batery)",
            r"be among LocalBath\(charger\).*Did you mean 'SharedBath\(charger, battery\)'",
        ),
        ("nothing", "be among"),
        (ly.LocalBath("charger", 0.3), "has other numbers: name it by its label"),
        ("CoherentCoupling(charger, battery)", "whose only word is one jump.*part of the Hamiltonian"),
        (3, "be the label of a bath, or the bath itself"),
        (ly.Family(ly.LocalBath, [0], rate=1.0), "Name one of its members"),
    ],
)
def test_baths_that_are_none_are_refused(bath: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=rf"Argument `bath` must .*{words}"):
        pair().with_explicit_reservoir(bath, 4.0)


def lone(*elements: ly.Element, **mode: Any) -> ly.Network:
    return ly.Network([ly.Mode("a", **mode), ly.Mode("b")], elements, charger="a", battery="a")


def test_baths_that_no_mode_stands_for_are_refused() -> None:
    with pytest.raises(ParameterError, match="linear in ladder operators"):
        lone(ly.Dephasing("a", 0.1)).with_explicit_reservoir("Dephasing(a)", 4.0)
    pulsed = lone(ly.LocalBath("a", ly.pulse.ramp(0.1, 0.2, 0.0, 1.0)))
    with pytest.raises(ParameterError, match="constant in time in its rate"):
        pulsed.with_explicit_reservoir("LocalBath(a)", 4.0)
    twice = lone(ly.LocalBath("a", 0.1), ly.LocalBath("a", 0.2, 1.0))
    with pytest.raises(ParameterError, match="2 elements share it: give the element itself"):
        twice.with_explicit_reservoir("LocalBath(a)", 4.0)
    kept = twice.with_explicit_reservoir(ly.LocalBath("a", 0.2, 1.0), 4.0)
    assert kept.elements[0] == ly.LocalBath("a", 0.1)
    assert kept.elements[-1] == ly.LocalBath("reservoir", 4.0, 1.0)


def test_names_and_frames_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ParameterError, match=r'Argument `name` must be unlike those.*name="c"'):
        pair().with_explicit_reservoir(BATH, 4.0, name="battery")
    with pytest.raises(ParameterError, match="Argument `name` must be the name of a mode"):
        pair().with_explicit_reservoir(BATH, 4.0, name="")
    unlike = lone(ly.SharedBath({"a": 1.0, "b": 1.0}, 0.2), detuning=0.5, frequency=2.0)
    with pytest.raises(ParameterError, match="Argument `frequency` must be given where the modes of Shared"):
        unlike.with_explicit_reservoir("SharedBath(a, b)", 4.0, detuning=0.0)
    with pytest.raises(ParameterError, match="Argument `detuning` must be given where the modes of Shared"):
        unlike.with_explicit_reservoir("SharedBath(a, b)", 4.0, frequency=1.0)
    given = unlike.with_explicit_reservoir("SharedBath(a, b)", 4.0, frequency=1.0, detuning=0.25)
    assert given.modes[-1] == ly.Mode("reservoir", 1.0, 0.25)


def test_batches_that_do_not_fit_are_refused() -> None:
    rates = xr.DataArray([0.5, 1.0], dims="rate")
    device = pair().replace(**{f"{BATH}.rate": rates})
    with pytest.raises(ParameterError, match="Argument `linewidth` must fit the rate and the weights"):
        device.with_explicit_reservoir(BATH, [1.0, 2.0])
    with pytest.raises(ParameterError, match="Argument `linewidth` must fit the rate and the weights"):
        device.with_explicit_reservoir(BATH, xr.DataArray([1.0, 2.0, 3.0], dims="rate"))
