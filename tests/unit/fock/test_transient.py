"""Charging in Fock space, against exact transients: decay, exchange, squeezing, and states that are not Gaussian."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock
from leyden.errors import ConvergenceError, TruncationError
from leyden.states import coherent, product, vacuum

qutip = pytest.importorskip("qutip")

TOLERANCE = 1e-7
TIMES = np.linspace(0.0, 3.0, 13)


def one(*elements: Any, frequency: float = 1.0) -> ly.Network:
    """A device of one mode."""
    return ly.Network([ly.Mode("a", frequency)], elements, charger="a", battery="a")


def pair(**changes: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**({"drive": 0.02, "charger_damping": 0.3, "battery_damping": 0.3} | changes))


def test_a_quantum_decays() -> None:
    """|1> becomes p |1><1| + (1 - p)|0><0| with p = e^{-kappa t}: W = 2p - 1 as long as the levels are inverted."""
    found = fock.charge(one(ly.LocalBath("a", 0.5)), TIMES, initial=qutip.basis(2, 1))
    p = np.exp(-0.5 * TIMES)
    assert np.max(np.abs(found.stored_energy - p)) < TOLERANCE
    assert np.max(np.abs(found.ergotropy - np.maximum(2 * p - 1, 0))) < TOLERANCE
    assert np.max(np.abs(found.passive_energy - np.minimum(p, 1 - p))) < TOLERANCE
    assert np.max(np.abs(found.charging_power + 0.5 * p)) < TOLERANCE


def test_a_quantum_is_exchanged() -> None:
    """No bath at all: E_B = sin^2 G t, P = G sin 2 G t."""
    coupling = ly.CoherentCoupling("a", "b", 0.7j)
    device = ly.Network([ly.Mode("a", 2.0), ly.Mode("b", 3.0)], [coupling], charger="a", battery="b")
    found = fock.charge(device, TIMES, initial=qutip.basis([2, 2], [1, 0]))
    assert np.max(np.abs(found.stored_energy - 3 * np.sin(0.7 * TIMES) ** 2)) < 3 * TOLERANCE
    assert np.max(np.abs(found.charger_energy - 2 * np.cos(0.7 * TIMES) ** 2)) < 2 * TOLERANCE
    assert np.max(np.abs(found.charging_power - 3 * 0.7 * np.sin(1.4 * TIMES))) < 3 * TOLERANCE


def test_undamped_squeezing() -> None:
    """H = eps (a^dag^2 + a^2): n = sinh^2 2 eps t, pure, so that all of it can be had back."""
    found = fock.charge(one(ly.TwoPhotonDrive("a", 0.15, 0.9)), TIMES)
    assert np.max(np.abs(found.stored_energy - np.sinh(0.3 * TIMES) ** 2)) < TOLERANCE
    assert np.max(np.abs(found.passive_energy)) < TOLERANCE
    assert np.max(np.abs(found.charging_power - 0.3 * np.sinh(0.6 * TIMES))) < TOLERANCE


def test_the_power_is_the_slope_of_the_energy() -> None:
    step = 1e-3
    found = fock.charge(pair(occupation=0.05), [1.0 - step, 1.0, 1.0 + step], tolerance=1e-9)
    slope = (found.stored_energy[2] - found.stored_energy[0]) / (2 * step)
    assert float(found.charging_power[1]) == pytest.approx(float(slope), abs=1e-7)
    assert float(found.charging_power[1]) > 1e-3


def test_kerr_revives(kerr: Any) -> None:
    """H = U n (n - 1) turns a superposition of |0> and |2> at 2 U: ergotropy stays, as for any unitary."""
    start = (qutip.basis(3, 0) + qutip.basis(3, 2)).unit()
    found = fock.charge(one(kerr("a", 0.8)), TIMES, initial=start)
    assert np.max(np.abs(found.ergotropy - 1.0)) < TOLERANCE


def test_it_ends_in_the_steady_state() -> None:
    device = pair()
    late, steady = fock.charge(device, [80.0]), fock.steady_state(device)
    for name in ("stored_energy", "ergotropy", "charger_energy", "passive_energy"):
        assert float(late[name][0]) == pytest.approx(float(steady[name]), abs=2 * TOLERANCE)


def test_the_same_start_in_three_ways() -> None:
    device = pair()
    ket = qutip.tensor(qutip.coherent(14, 0.3j, method="analytic").unit(), qutip.basis(2, 0))
    gaussian = product(coherent(0.3j), vacuum(1))
    runs = [fock.charge(device, TIMES, initial=initial) for initial in (gaussian, ket, ket.proj())]
    for run in runs[1:]:
        assert np.max(np.abs(run.stored_energy - runs[0].stored_energy)) < TOLERANCE
        assert np.max(np.abs(run.ergotropy - runs[0].ergotropy)) < TOLERANCE
    assert float(runs[0].charger_energy[0]) == pytest.approx(0.09, abs=TOLERANCE)


def test_nothing_happens_to_the_vacuum() -> None:
    found = fock.charge(pair(drive=0.0), [0.0, 100.0])
    assert not found.stored_energy.values.any()
    assert np.isnan(found.utilization_ratio.values).all()


def test_times_need_not_begin_at_zero_nor_be_many() -> None:
    device = one(ly.LocalBath("a", 1.0))
    found = fock.charge(device, 0.7, initial=qutip.basis(2, 1))
    assert found.stored_energy.dims == ("time",)
    assert float(found.stored_energy[0]) == pytest.approx(math.exp(-0.7), abs=TOLERANCE)
    assert float(fock.charge(device, [0.0], initial=qutip.basis(3, 2)).stored_energy[0]) == 2.0


def test_a_tighter_tolerance_is_kept() -> None:
    found = fock.charge(one(ly.LocalBath("a", 0.5)), TIMES, initial=qutip.basis(2, 1), tolerance=1e-10)
    assert np.max(np.abs(found.stored_energy - np.exp(-0.5 * TIMES))) < 1e-10


def test_an_unstable_device_has_a_short_transient_and_no_long_one() -> None:
    device = pair(drive=0.5)
    short = fock.charge(device, [0.2])
    assert float(short.charger_energy[0]) == pytest.approx(float(ly.charge(device, [0.2]).charger_energy[0]), abs=1e-7)
    with pytest.raises(TruncationError) as caught:
        fock.charge(device, [0.0, 6.0], largest_dimension=300)
    assert caught.value.population > 1e-3


def test_a_bright_start_needs_room() -> None:
    with pytest.raises(TruncationError, match="no room to grow"):
        fock.charge(pair(), [1.0], initial=coherent([4.0, 4.0]))
    with pytest.raises(TruncationError, match=r"must fit into 60 Fock levels.*mode 'charger'"):
        fock.charge(pair(), [1.0], initial=coherent([9.0, 0.0]), largest_dimension=60)


def test_bad_arguments(refuses: Any) -> None:
    refuses("times", lambda: fock.charge(pair(), [0.0, 0.0]), "Sort them")
    refuses("times", lambda: fock.charge(pair(), [-1.0, 0.0]))
    refuses("times", lambda: fock.charge(pair(), "now"))
    refuses("initial", lambda: fock.charge(pair(), TIMES, initial=vacuum(3)), "2 modes")
    refuses("cutoff", lambda: fock.charge(pair(), TIMES, cutoff=[4, 4, 4]))
    refuses("tolerance", lambda: fock.charge(pair(), TIMES, tolerance=-1.0))
    refuses("Mode(charger).detuning", lambda: fock.charge(pair(detuning=np.zeros(3)), TIMES))


def test_a_stiff_run_is_announced() -> None:
    """Rates of 1e3 for long, told before it begins; here, where warnings are errors, that ends it."""
    elements = [ly.LocalBath("a", 1e3), ly.LocalBath("b", 0.1), ly.CoherentCoupling("a", "b", 5.0)]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [*elements, ly.TwoPhotonDrive("a", 50.0)], "a", "b")
    with pytest.raises(UserWarning, match=r"rates of .* up to time 1e\+03, and takes minutes"):
        fock.charge(device, [0.0, 300.0, 1000.0], cutoff=14)
    assert fock.charge(device, [0.0, 1e-4], cutoff=3, tolerance=1e-3).stored_energy[0] == 0


@pytest.mark.parametrize("rate", [1e12, 1e52, 1e120])
def test_a_run_that_would_hardly_end_is_refused(rate: float) -> None:
    """Before it begins, with what it would need and until when it would do."""
    device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0), ly.Kerr("a", -rate)], "a", "a")
    start = (qutip.basis(3, 0) + qutip.basis(3, 2)).unit()
    with pytest.raises(ConvergenceError, match=r"hours at cutoff .* End by .*steady state") as caught:
        fock.charge(device, np.geomspace(0.1, 10.0, 9), initial=start)
    assert len(str(caught.value)) <= 300
    assert caught.value.residual > caught.value.tolerance


def test_few_levels_at_equal_steps_are_no_matter_of_rates() -> None:
    """One exponential serves all of them, until its rounding would show: e^(-t) beside a phase that turns 1e6 times."""
    device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0), ly.Kerr("a", -1e6)], "a", "a")
    times = np.linspace(0.0, 2.0, 5)
    start = (qutip.basis(3, 0) + qutip.basis(3, 2)).unit()
    found = fock.charge(device, times, initial=start).stored_energy
    np.testing.assert_allclose(found, np.exp(-times), atol=1e-7)


@pytest.mark.parametrize("times", [TIMES, np.array([0.3, 4.0])], ids=["equidistant", "late"])
@pytest.mark.parametrize("photons", [1, 2])
def test_the_work_of_the_drives_is_that_of_the_moments(photons: int, times: np.ndarray) -> None:
    """By quadrature of their power here, in closed form there; so is what becomes of it, and whether it settles."""
    build = ly.catalog.one_photon_battery if photons == 1 else ly.catalog.two_photon_battery
    rates = {"charger_damping": 0.3, "battery_damping": 0.4, "detuning": 0.4, "phase": 0.3, "frequency": 2.0}
    device = build(drive=0.05, **rates)
    found, moments = fock.charge(device, times), ly.charge(device, times)
    assert set(found.data_vars) == set(moments.data_vars)
    assert found.drive_work.attrs == moments.drive_work.attrs
    assert np.max(np.abs(found.drive_work - moments.drive_work)) < TOLERANCE
    later = times > 0
    np.testing.assert_allclose(found.charging_efficiency[later], moments.charging_efficiency[later], atol=1e-4)
    assert bool(found.is_stable)
    assert not fock.charge(one(ly.TwoPhotonDrive("a", 0.15)), [0.0, 1.0]).is_stable


def test_what_drives_put_in_is_kept_or_lost(kerr: Any) -> None:
    """Without a bath the work is what the mode holds: H_Kerr commutes with its quanta. Without a drive nobody works."""
    device = one(ly.OnePhotonDrive("a", 0.3, 0.4), kerr("a", 0.5))
    run = fock.charge(device, TIMES)
    assert np.max(np.abs(run.drive_work - run.stored_energy)) < TOLERANCE
    assert "is_stable" not in run
    assert run.attrs["is_stable"].startswith("left out")
    idle = fock.charge(one(kerr("a", 0.5), ly.LocalBath("a", 0.1)), TIMES, initial=qutip.basis(2, 1))
    assert not idle.drive_work.any()
    assert np.isnan(idle.charging_efficiency).all()
