"""Laws of one-way devices: random ones agree with Fock space, with moments where those close, and the exact series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden import closed_form, fock

TIMES = np.array([0.0, 0.4, 1.5, 4.0])
WHOLE = ("ergotropy", "passive_energy", "purity")
ENERGIES = ("stored_energy", "charger_energy", "gaussian_ergotropy")
SEEDS = st.integers(0, 2**32 - 1)


def one_way_link(
    first: str, second: str, weights: tuple[complex, complex], rate: float, occupation: float
) -> list[Any]:
    """A shared bath, and the coherent coupling that cancels what it lets through from the second to the first."""
    strength = -0.5j * rate * weights[0] * np.conj(weights[1])
    bath = ly.SharedBath({first: weights[0], second: weights[1]}, rate, occupation=occupation)
    return [bath, ly.CoherentCoupling(first, second, strength)]


def random_weights(rng: np.random.Generator) -> tuple[complex, complex]:
    sizes, angles = rng.uniform(0.4, 0.9, 2), rng.uniform(0.0, 2 * np.pi, 2)
    first, second = sizes * np.exp(1j * angles)
    return complex(first), complex(second)


def fed(rng: np.random.Generator, first: str, second: str, occupation: float) -> list[Any]:
    """What feeds a battery and what damps it."""
    link = one_way_link(first, second, random_weights(rng), rng.uniform(0.3, 1.2), occupation)
    return [*link, ly.LocalBath(second, rng.uniform(0.2, 1.0), occupation=occupation * rng.uniform(0.0, 2.0))]


@st.composite
def anharmonic_pairs(draw: st.DrawFn) -> ly.Network:
    """A charger of any kind that holds a fraction of a quantum, and a battery that may be warm and detuned."""
    rng = np.random.default_rng(draw(SEEDS))
    kind = draw(st.sampled_from(["kerr", "two-photon loss", "both", "two levels", "three levels"]))
    occupation = draw(st.sampled_from([0.0, 0.03]))
    charger: list[Any] = [
        ly.LocalBath("charger", rng.uniform(0.5, 1.0), occupation=occupation * rng.uniform(0.0, 2.0)),
        ly.OnePhotonDrive("charger", rng.uniform(0.05, 0.2), phase=rng.uniform(0, 6)),
    ]
    levels = {"two levels": 2, "three levels": 3}.get(kind)
    if levels != 2:
        charger.append(ly.TwoPhotonDrive("charger", rng.uniform(0.02, 0.12), phase=rng.uniform(0, 6)))
    if kind in ("kerr", "both", "three levels"):
        charger.append(ly.Kerr("charger", float(rng.choice([-1, 1])) * rng.uniform(0.5, 3.0)))
    if kind in ("two-photon loss", "both"):
        charger.append(ly.TwoPhotonLoss("charger", rng.uniform(0.1, 1.0)))
    modes = [
        ly.Mode("charger", detuning=rng.uniform(-0.6, 0.6), levels=levels),
        ly.Mode("battery", detuning=rng.uniform(-0.6, 0.6), frequency=rng.uniform(0.5, 2.0)),
    ]
    elements = [*charger, *fed(rng, "charger", "battery", occupation)]
    return ly.Network(modes, elements, charger="charger", battery="battery")


@settings(max_examples=8, deadline=None)
@given(device=anharmonic_pairs())
def test_anharmonic_chargers_in_fock_space(device: ly.Network) -> None:
    """To 1e-8 quanta: Fock space grows until no energy moves by 1e-9, and one_way until none does by 1e-10."""
    found = ly.steady_state(device)
    assert found.attrs["method"] == "one_way"
    whole = fock.steady_state(device, tolerance=1e-9)
    # The whole state of a battery without a cutoff, against its density matrix; the energy of a quantum is up to 2.
    for name in (*ENERGIES, *WHOLE):
        if not np.isnan(found[name]):
            assert float(found[name]) == pytest.approx(
                float(whole[name]), rel=0, abs=1e-8 if name in ENERGIES else 2e-8
            ), name


@settings(max_examples=3, deadline=None)
@given(device=anharmonic_pairs())
def test_anharmonic_chargers_in_time(device: ly.Network) -> None:
    run, whole = ly.charge(device, TIMES), fock.charge(device, TIMES, tolerance=1e-9)
    assert run.attrs["method"] == "one_way"
    for name in ("stored_energy", "charger_energy", "charging_power"):
        np.testing.assert_allclose(run[name], whole[name], rtol=0, atol=1e-8, err_msg=name)


@st.composite
def linear_trees(draw: st.DrawFn) -> ly.Network:
    """A linear charger and one to three batteries, each fed by the charger or by another battery before it."""
    rng = np.random.default_rng(draw(SEEDS))
    count = draw(st.integers(1, 3))
    occupation = draw(st.sampled_from([0.0, 0.2]))
    names = ["charger", *(f"b{place}" for place in range(count))]
    elements: list[Any] = [
        ly.LocalBath("charger", rng.uniform(0.6, 1.0), occupation=occupation, squeezing=0.2, squeezing_phase=1.0),
        ly.TwoPhotonDrive("charger", rng.uniform(0.02, 0.1), phase=rng.uniform(0, 6)),
        ly.OnePhotonDrive("charger", rng.uniform(0.0, 0.3), phase=rng.uniform(0, 6)),
    ]
    for place, name in enumerate(names[1:], start=1):
        elements += fed(rng, names[rng.integers(0, place)], name, occupation)
    if draw(st.booleans()):
        elements += [ly.OnePhotonDrive(names[-1], 0.2), ly.TwoPhotonDrive(names[-1], 0.04, phase=2.0)]
    modes = [ly.Mode(name, detuning=rng.uniform(-0.6, 0.6), frequency=rng.uniform(0.5, 2.0)) for name in names]
    return ly.Network(modes, elements, charger="charger", battery=names[1:])


@settings(max_examples=6, deadline=None)
@given(device=linear_trees())
def test_where_moments_close_they_are_what_it_finds(device: ly.Network) -> None:
    found, exact = (ly.steady_state(device, method=method) for method in ("one_way", "dense"))
    run, curves = (ly.charge(device, TIMES, method=method) for method in ("one_way", "dense"))
    for name in ENERGIES:
        np.testing.assert_allclose(found[name], exact[name], rtol=1e-10, atol=1e-10, err_msg=name)
    for name in (*ENERGIES, "charging_power", "drive_work"):
        np.testing.assert_allclose(run[name], curves[name], rtol=1e-10, atol=1e-10, err_msg=name)


@settings(max_examples=15, deadline=None)
@given(
    kerr=st.floats(-4.0, 4.0),
    loss=st.floats(0.0, 2.0),
    detuning=st.floats(-2.0, 2.0),
    single=st.floats(0.0, 1.0),
    pairs=st.floats(0.0, 1.0),
    phases=st.tuples(st.floats(0.0, 6.0), st.floats(0.0, 6.0)),
    seed=SEEDS,
)
def test_the_charger_is_the_exact_one(
    *, kerr: float, loss: float, detuning: float, single: float, pairs: float, phases: tuple[float, float], seed: int
) -> None:
    """Below, at and above threshold, to 1e-9 of one quantum or of all: that is how far the levels have grown."""
    loss = max(loss, 0.4 - abs(kerr))  # not more than some ten quanta
    rng = np.random.default_rng(seed)
    weights, rate = random_weights(rng), rng.uniform(0.3, 1.2)
    elements = [
        ly.LocalBath("charger", 0.3),
        ly.OnePhotonDrive("charger", single, phase=phases[0]),
        ly.TwoPhotonDrive("charger", pairs, phase=phases[1]),
        ly.Kerr("charger", kerr),
        ly.TwoPhotonLoss("charger", loss),
        *one_way_link("charger", "battery", weights, rate, 0.0),
        ly.LocalBath("battery", 0.4, occupation=0.7),
    ]
    modes = [ly.Mode("charger", detuning=detuning), ly.Mode("battery", detuning=0.3)]
    device = ly.Network(modes, elements, charger="charger", battery="battery")
    exact = closed_form.anharmonic_energy(
        closed_form.AnharmonicMode(
            damping=0.3 + rate * abs(weights[0]) ** 2,
            kerr=kerr,
            two_photon_loss=loss,
            detuning=detuning,
            one_photon_drive=single * np.exp(-1j * phases[0]),
            two_photon_drive=pairs * np.exp(-1j * phases[1]),
        )
    )
    found = ly.steady_state(device, method="one_way").charger_energy
    assert float(found) == pytest.approx(float(exact), rel=1e-9, abs=1e-9)
