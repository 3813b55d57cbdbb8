"""Pulses in Fock space, against exact transients: what is driven, turned, exchanged and lost while a number changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock, pulse

qutip = pytest.importorskip("qutip")

TOLERANCE = 1e-7
TIMES = np.array([0.0, 0.5, 1.0, 1.7, 2.0, 2.9, 3.0])


def one(*elements: Any, detuning: Any = 0.0) -> ly.Network:
    """A device of one mode."""
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def close(found: Any, expected: Any) -> None:
    assert np.max(np.abs(np.asarray(found) - expected)) < TOLERANCE


def test_a_square_drive_ends_at_its_edge() -> None:
    """alpha' = -i eps(t) - kappa alpha/2: filled up to time 1.7, and then left alone."""
    drive = pulse.square(0.3, 0.5, 1.7)
    found = fock.charge(one(ly.OnePhotonDrive("a", drive), ly.LocalBath("a", 0.8)), TIMES)
    driven = 0.3 / 0.4 * (1 - np.exp(-0.4 * np.clip(TIMES - 0.5, 0.0, 1.2)))
    alpha = driven * np.exp(-0.4 * np.clip(TIMES - 1.7, 0.0, None))
    close(found.stored_energy, alpha**2)
    close(found.ergotropy, alpha**2)
    # At an edge rates are those of what comes after it: d|alpha|^2/dt = 2 alpha eps - kappa |alpha|^2.
    close(found.charging_power, 2 * alpha * drive(TIMES) - 0.8 * alpha**2)
    # The drive's power is 2 eps alpha: its work up to t is int 2 eps alpha dt.
    spent = np.clip(TIMES - 0.5, 0.0, 1.2)
    close(found.drive_work, 2 * 0.3 * 0.3 / 0.4 * (spent - (1 - np.exp(-0.4 * spent)) / 0.4))
    assert bool(found.is_stable)


def test_a_smooth_drive_adds_up_to_its_area() -> None:
    """Without a bath alpha is the integral of the drive, here that of a Gaussian over all its widths."""
    drive = pulse.gaussian(0.4, centre=1.5, width=0.1)
    found = fock.charge(one(ly.OnePhotonDrive("a", drive)), [3.0])
    close(found.stored_energy, (0.4 * 0.1 * np.sqrt(2 * np.pi)) ** 2)


def test_no_narrow_pulse_is_passed_over() -> None:
    drive = pulse.gaussian(20.0, centre=20.0, width=0.002)
    found = fock.charge(one(ly.OnePhotonDrive("a", drive)), [0.0, 40.0])
    close(found.stored_energy[-1], (20.0 * 0.002 * np.sqrt(2 * np.pi)) ** 2)


def test_a_detuning_turns_what_two_kicks_add_up_to() -> None:
    """|1 + e^{-i delta}|^2 eps^2: a turn by 2 pi/3 between the kicks leaves as much as one of them makes."""
    kicks = pulse.square(0.3, 0.0, 1.0) + pulse.square(0.3, 2.0, 3.0)
    turn = pulse.square(2 * np.pi / 3, 1.0, 2.0)
    found = fock.charge(one(ly.OnePhotonDrive("a", kicks), detuning=turn), [1.0, 3.0])
    close(found.stored_energy, [0.09, 0.09])


def test_a_complex_coupling_exchanges_by_its_area() -> None:
    """E_B = sin^2 of the integral of |J|, its phase being constant."""
    strength = pulse.ramp(0.0, 0.6 - 0.8j, start=0.5, stop=2.5)
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [ly.CoherentCoupling("a", "b", strength)], "a", "b")
    found = fock.charge(device, TIMES, initial=qutip.basis([2, 2], [1, 0]))
    risen = np.clip(TIMES - 0.5, 0.0, 2.0)
    area = risen**2 / 4 + np.clip(TIMES - 2.5, 0.0, None)
    close(found.stored_energy, np.sin(area) ** 2)


@pytest.mark.parametrize("occupation", [0.0, 0.2])
def test_a_quantum_decays_by_the_integral_of_a_rate(occupation: float) -> None:
    """n' = -kappa(t) (n - n_th), through a rate that is zero for a while."""
    rate = pulse.piecewise([0.0, 1.0, 2.0, 4.0], [0.5, 0.0, 0.9])
    start = qutip.basis(2, 1)
    found = fock.charge(one(ly.LocalBath("a", rate, occupation)), TIMES, initial=start)
    lost = 0.5 * np.clip(TIMES, 0.0, 1.0) + 0.9 * np.clip(TIMES - 2.0, 0.0, None)
    close(found.stored_energy, occupation + (1 - occupation) * np.exp(-lost))


def test_a_batch_of_pulses_comes_one_by_one() -> None:
    starts = xr.DataArray([0.0, 1.0], {"start": [0.0, 1.0]}, ("start",))
    device = one(ly.OnePhotonDrive("a", pulse.square(0.3, starts, starts + 1.0)), ly.LocalBath("a", 0.5))
    found = ly.charge(device, TIMES, method="fock")
    assert found.stored_energy.dims == ("start", "time")
    close(found.stored_energy, ly.charge(device, TIMES, method="dense").stored_energy)
    assert found.attrs["method"] == "fock"


def test_pulses_of_what_is_not_gaussian(kerr: Any) -> None:
    """A Kerr cavity fills under a pulse as under a constant drive, and then only loses what it has."""
    device = one(kerr("a", 0.5), ly.OnePhotonDrive("a", pulse.square(0.2, 0.0, 1.0)), ly.LocalBath("a", 0.3))
    whole = one(kerr("a", 0.5), ly.OnePhotonDrive("a", 0.2), ly.LocalBath("a", 0.3))
    pulsed, constant = fock.charge(device, TIMES), fock.charge(whole, TIMES)
    close(pulsed.stored_energy[:3], constant.stored_energy[:3])
    after = np.exp(-0.3 * (TIMES[2:] - 1.0)) * float(constant.stored_energy[2])
    close(pulsed.stored_energy[2:], after)
    assert "left out" in pulsed.attrs["is_stable"]


def test_what_changes_is_refused_where_one_generator_is_asked_for(refuses: Any) -> None:
    device = one(ly.OnePhotonDrive("a", pulse.square(0.3, 0.0, 1.0)), ly.LocalBath("a", 0.5))
    for call in (
        lambda: fock.steady_state(device),
        lambda: ly.steady_state(device, method="fock"),
        lambda: fock.hamiltonian(device, 3),
    ):
        refuses("network", call, "constant in time here", "OnePhotonDrive(a).amplitude", "`charge`")


def test_times_and_rates_that_no_pulse_allows_are_refused(refuses: Any) -> None:
    sampled = pulse.sampled([0.0, 1.0, 2.0], [0.0, 0.1, 0.0])
    refuses("times", lambda: fock.charge(one(ly.OnePhotonDrive("a", sampled)), [0.0, 3.0]), "from 0 to 2")
    rate = pulse.ramp(0.5, -0.5, start=0.0, stop=2.0)
    refuses("network", lambda: fock.charge(one(ly.LocalBath("a", rate)), TIMES), "do not turn negative")
