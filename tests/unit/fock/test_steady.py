"""Steady states in Fock space: exact answers, Gaussian and not, and every way in which there is none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock
from leyden.errors import LeydenError, TruncationError, UnstableError
from leyden.fock import stationary

qutip = pytest.importorskip("qutip")

TOLERANCE = 1e-7


def pair(**changes: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**({"drive": 0.02, "charger_damping": 0.3, "battery_damping": 0.3} | changes))


def one(*elements: Any, frequency: float = 1.0, detuning: float = 0.0) -> ly.Network:
    """A device of one mode."""
    return ly.Network([ly.Mode("a", frequency, detuning)], elements, charger="a", battery="a")


def test_the_papers_steady_state() -> None:
    """Eq. (14), with g = 1/2 and Lambda = 0.8."""
    eps, total = 0.02, 0.8
    low, high = total**2 - 16 * eps**2, total**2 - 4 * eps**2
    found = fock.steady_state(pair())
    stored = 6 * eps**2 / (low * high)
    anomalous = eps * (total**2 + 8 * eps**2) / (total * low * high)
    assert float(found.charger_energy) == pytest.approx(8 * eps**2 / low, abs=TOLERANCE)
    assert float(found.stored_energy) == pytest.approx(stored, abs=TOLERANCE)
    passive = math.sqrt((stored + 0.5) ** 2 - anomalous**2) - 0.5
    assert float(found.passive_energy) == pytest.approx(passive, abs=TOLERANCE)
    assert float(found.ergotropy) == pytest.approx(stored - passive, abs=TOLERANCE)
    assert float(found.charging_power) == pytest.approx(0.0, abs=1e-10)
    assert bool(found.is_stable)


def test_coherent_drive() -> None:
    """|<a>|^2 = F^2/(kappa^2/4 + Delta^2), all of it extractable; quanta are counted as of Poisson's law."""
    device = one(ly.LocalBath("a", 1.0), ly.OnePhotonDrive("a", 0.8, 0.4), detuning=0.3, frequency=2.0)
    found = fock.steady_state(device)
    quanta = 0.64 / (0.25 + 0.09)
    assert float(found.stored_energy) == pytest.approx(2 * quanta, rel=TOLERANCE)
    assert float(found.ergotropy) == pytest.approx(2 * quanta, rel=TOLERANCE)
    assert float(found.number_variance) == pytest.approx(quanta, rel=1e-6)
    assert float(found.energy_variance) == pytest.approx(4 * quanta, rel=1e-6)
    assert float(ly.steady_state(device).number_variance) == pytest.approx(quanta, rel=1e-13)
    assert float(found.charger_energy) == pytest.approx(float(found.stored_energy), rel=1e-14)


def hypergeometric(first: complex, second: complex, argument: float) -> complex:
    """0F2(first, second; argument) by its series."""
    total, term = 0.0j, 1.0 + 0.0j
    for k in range(200):
        total += term
        term *= argument / ((first + k) * (second + k) * (k + 1))
    return total


def test_a_driven_kerr_mode(kerr: Any) -> None:
    """Drummond and Walls' solution: no Gaussian state, and no moment equations to ask.

    With c = (Delta - i kappa/2)/U and g = F/U for H = Delta n + U a^dag^2 a^2 + F (a + a^dag):
    <n> = |g/c|^2 0F2(c + 1, c* + 1; 2 |g|^2)/0F2(c, c*; 2 |g|^2).
    """
    strength, drive, detuning, rate = 0.4, 0.5, -0.6, 0.3
    found = fock.steady_state(
        one(kerr("a", strength), ly.OnePhotonDrive("a", drive), ly.LocalBath("a", rate), detuning=detuning)
    )
    c, g = (detuning - 0.5j * rate) / strength, drive / strength
    upper = hypergeometric(c + 1, c.conjugate() + 1, 2 * g**2)
    exact = abs(g / c) ** 2 * upper / hypergeometric(c, c.conjugate(), 2 * g**2)
    assert abs(exact.imag) < 1e-12
    assert float(found.stored_energy) == pytest.approx(exact.real, rel=TOLERANCE)
    assert 0.1 < float(found.ergotropy) < float(found.stored_energy) - 0.1


def test_a_kerr_battery_in_a_pair(kerr: Any) -> None:
    """Two modes with a Hamiltonian of four operators: the charger, which feels nothing of it, stays as it was."""
    device = pair(drive=0.03)
    anharmonic = replace(device, elements=[*device.elements, kerr("battery", 1.0)])
    found, plain = fock.steady_state(anharmonic), fock.steady_state(device)
    assert float(found.charger_energy) == pytest.approx(float(plain.charger_energy), abs=TOLERANCE)
    assert abs(float(found.stored_energy) - float(plain.stored_energy)) > 1e-3


def test_close_to_the_threshold_of_one_mode() -> None:
    """Eps = 0.96 of threshold: n = 8 eps^2/(kappa^2 - 16 eps^2) in some hundred levels."""
    found = fock.steady_state(one(ly.LocalBath("a", 1.0), ly.TwoPhotonDrive("a", 0.22)), tolerance=1e-5)
    assert float(found.stored_energy) == pytest.approx(8 * 0.22**2 / (1 - 16 * 0.22**2), rel=1e-5)
    assert found.attrs["dimension"] > 60


def test_a_device_at_rest_has_no_ratios() -> None:
    found = fock.steady_state(pair(drive=0.0))
    assert float(found.stored_energy) == 0.0
    assert all(math.isnan(float(found[name])) for name in ("utilization_ratio", "conversion_ratio", "transfer_ratio"))


def test_where_the_numbers_come_from() -> None:
    found = fock.steady_state(pair(), tolerance=1e-6)
    assert found.attrs["dimension"] == math.prod(found.attrs["cutoff"])
    assert 0 < found.attrs["tail_population"] < 1e-6
    assert 0 < found.attrs["largest_change"] < 1e-6
    assert found.attrs["tolerance"] == 1e-6


def test_a_given_cutoff() -> None:
    found = fock.steady_state(pair(), cutoff=(6, 7), tolerance=1e-3)
    assert found.attrs["cutoff"] == [6, 7]
    assert math.isnan(found.attrs["largest_change"])
    with pytest.raises(TruncationError, match=r"cutoff \(4, 4\)"):
        fock.steady_state(pair(), cutoff=4, tolerance=1e-6)


def test_bad_arguments(refuses: Any) -> None:
    refuses("cutoff", lambda: fock.steady_state(pair(), cutoff=1))
    refuses("cutoff", lambda: fock.steady_state(pair(), cutoff=9, largest_dimension=80), "at most 80")
    refuses("tolerance", lambda: fock.steady_state(pair(), tolerance=0.0))
    refuses("largest_dimension", lambda: fock.steady_state(pair(), largest_dimension=1))
    refuses("TwoPhotonDrive(charger).amplitude", lambda: fock.steady_state(pair(drive=np.array([0.01, 0.02]))))


@pytest.mark.parametrize("drive", [0.21, 0.5, 3.0])
def test_an_unstable_pair_gives_no_number(drive: float) -> None:
    """The threshold is Lambda/4 = 0.2: above it the population runs to the highest levels, wherever they are."""
    with pytest.raises(TruncationError, match="no steady state") as caught:
        fock.steady_state(pair(drive=drive), largest_dimension=300)
    assert caught.value.population > 1e-3
    assert math.prod(caught.value.cutoff) <= 300


@pytest.mark.parametrize("drive", [0.2501, 0.4])
def test_an_unstable_mode_gives_no_number(drive: float) -> None:
    with pytest.raises(TruncationError):
        fock.steady_state(one(ly.LocalBath("a", 1.0), ly.TwoPhotonDrive("a", drive)), largest_dimension=150)


def test_a_hardly_damped_mode_is_solved_and_found_too_bright() -> None:
    """Its decay is lost in the rounding of its drive; that is no reason not to settle on the few levels tried first."""
    with pytest.raises(TruncationError, match="largest_dimension"):
        fock.steady_state(one(ly.LocalBath("a", 1e-6), ly.OnePhotonDrive("a", 0.3)), largest_dimension=200)


def test_an_unstable_device_gives_no_number_at_a_given_cutoff_either() -> None:
    with pytest.raises(TruncationError):
        fock.steady_state(pair(drive=0.5), cutoff=8)


def test_a_stable_device_may_be_too_much() -> None:
    with pytest.raises(TruncationError, match="largest_dimension"):
        fock.steady_state(pair(drive=0.19), largest_dimension=300)


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (one(), "Nothing damps mode 'a'"),
        (one(ly.OnePhotonDrive("a", 0.1)), "Nothing damps mode 'a'"),
        (one(ly.LocalBath("a", 0.0)), "Nothing damps mode 'a'"),
        (pair(drive=0.0, charger_damping=0.0, battery_damping=0.0, coupling=0.0), "the combination charger - battery"),
        (
            ly.Network([ly.Mode("a", 1.0, 0.3), ly.Mode("b")], [ly.LocalBath("b", 1.0)], charger="b", battery="a"),
            "Nothing damps mode 'a'",
        ),
    ],
    ids=["empty", "driven", "rate zero", "dark mode", "bystander"],
)
def test_what_nothing_damps_has_no_steady_state(device: ly.Network, words: str) -> None:
    """Population in a mode, or in a superposition of modes, that no bath sees stays there."""
    with pytest.raises(UnstableError, match=rf"depends on where it starts\. (No bath sees )?{words}") as caught:
        fock.steady_state(device)
    assert caught.value.spectral_abscissa == 0.0


@pytest.mark.parametrize(
    ("damping", "coupling", "is_told"), [(1e-4, 1e-2, False), (1e-8, 1e-4, True), (1e-12, 1e-6, True)]
)
def test_slow_batteries_are_right_or_said_to_be_slow(damping: float, coupling: float, is_told: bool) -> None:
    """Each mode is damped and 0.02 quanta are stored; what hides them is the residual over the slow rate."""
    elements = [ly.TwoPhotonDrive("a", 0.05), ly.LocalBath("a", 1.0), ly.LocalBath("b", damping)]
    modes = [ly.Mode("a"), ly.Mode("b")]
    device = ly.Network(modes, [*elements, ly.CoherentCoupling("a", "b", coupling)], "a", "b")
    if is_told:
        with pytest.raises(ly.ConvergenceError, match="its slowest rate 2") as caught:
            fock.steady_state(device)
        assert caught.value.residual > caught.value.tolerance == 1e-7
    else:
        found = fock.steady_state(device, tolerance=1e-6)
        assert float(found.stored_energy) == pytest.approx(float(ly.steady_state(device).stored_energy), abs=1e-6)


def test_a_solver_that_does_not_settle_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stationary, "_RESIDUAL", 1e-30)
    with pytest.raises(LeydenError, match="must settle"):
        fock.steady_state(pair())


PAIRS = [ly.TwoPhotonDrive("a", 0.3), ly.TwoPhotonLoss("a", 1.0)]
RECIPROCAL = [ly.CoherentCoupling("a", "b", 0.3), ly.TwoPhotonLoss("b", 1.0)]


def test_sectors_of_several_modes_are_settled_in() -> None:
    """Parity of both together is kept; by time, from the vacuum, it comes to the same."""
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [*PAIRS, *RECIPROCAL], "a", "b")
    found = fock.steady_state(device, tolerance=1e-6)
    assert found.attrs["conserved"] == "even quanta of a + b, as of a start in the vacuum"
    assert found.attrs["error"] < 1e-9
    late = fock.charge(device, [60.0], tolerance=1e-6).isel(time=-1)
    for name in ("stored_energy", "charger_energy", "ergotropy"):
        assert float(found[name]) == pytest.approx(float(late[name]), abs=1e-5)


def test_a_start_counts_where_something_is_kept_and_nowhere_else() -> None:
    odd, driven = one(*PAIRS), one(ly.OnePhotonDrive("a", 0.3), ly.LocalBath("a", 1.0), ly.Kerr("a", 1.0))
    quantum = qutip.basis(4, 1)
    found = fock.steady_state(odd, initial=quantum)
    assert found.attrs["conserved"] == "odd quanta of a, as of a start in `initial`"
    # An odd cat of |alpha|^2 = 2 eps/eta: |alpha|^2 coth |alpha|^2.
    assert float(found.stored_energy) == pytest.approx(0.6 / math.tanh(0.6), abs=1e-7)
    same = fock.steady_state(driven, initial=quantum)
    assert float(same.stored_energy) == pytest.approx(float(fock.steady_state(driven).stored_energy), abs=1e-9)
    assert "conserved" not in same.attrs


def test_coherence_that_turns_for_ever_is_no_steady_state() -> None:
    device = one(ly.TwoPhotonLoss("a", 1.0), detuning=1.0)
    with pytest.raises(UnstableError, match="keeps turning: a coherence between what is conserved"):
        fock.steady_state(device, initial=ly.states.coherent(1.2))
    assert float(fock.steady_state(device).stored_energy) == 0.0


def test_what_is_driven_and_not_lost_is_refused_without_wrong_advice() -> None:
    """Two-photon loss cannot act on two levels; and beside an undamped mode a lossy one is not blamed."""
    few = ly.Network([ly.Mode("a", levels=2)], [ly.OnePhotonDrive("a", 0.3), ly.TwoPhotonLoss("a", 1.0)], "a", "a")
    with pytest.raises(UnstableError, match="Not all that is driven is lost"):
        fock.steady_state(few)
    elements = [*PAIRS, ly.OnePhotonDrive("b", 0.3), ly.Kerr("b", 1.0)]
    with pytest.raises(UnstableError, match="Nothing damps mode 'b'"):
        fock.steady_state(ly.Network([ly.Mode("a"), ly.Mode("b")], elements, "a", "b"))


def test_slow_anharmonic_pairs_are_told() -> None:
    """No moments tell how slow they are: another start does."""
    elements = [ly.Kerr("a", 1.0), ly.Kerr("b", 1.0), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1e-9)]
    links = [ly.CoherentCoupling("a", "b", 1e-3), ly.OnePhotonDrive("a", 0.3)]
    with pytest.raises(ly.ConvergenceError, match="a decay that is slow beside its rates") as caught:
        fock.steady_state(ly.Network([ly.Mode("a"), ly.Mode("b")], [*elements, *links], "a", "b"))
    assert caught.value.residual > caught.value.tolerance


def test_memory_is_asked_for_before_it_is_taken(refuses: Any) -> None:
    large = {"cutoff": (400, 400), "largest_dimension": 10**9}
    refuses("cutoff", lambda: fock.steady_state(pair(), **large), "It needs some 1,525.9 GiB")
    refuses("cutoff", lambda: fock.charge(pair(), [0.0, 1.0], **large), "leave room in memory")
