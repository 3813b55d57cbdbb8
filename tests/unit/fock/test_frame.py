"""Displaced frames: operators, the way back, and bright states whose energies are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import closed_form, fock
from leyden.fock import steady
from leyden.fock.frame import Frame, displaced

qutip = pytest.importorskip("qutip")


def one(*elements: Any, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, "a", "a")


def pair(drive: float, kerr: float) -> ly.Network:
    modes, baths = [ly.Mode("a"), ly.Mode("b")], [ly.LocalBath("a", 0.5), ly.LocalBath("b", 0.5)]
    nonlinear = [ly.Kerr("a", kerr), ly.Kerr("b", kerr), ly.CoherentCoupling("a", "b", 0.5)]
    return ly.Network(modes, [ly.OnePhotonDrive("a", drive), *nonlinear, *baths], "a", "b")


def test_the_way_back_is_a_displacement() -> None:
    frame = Frame((1.3 - 0.4j, 0j))
    levels, alpha = 5, 1.3 - 0.4j
    state = qutip.rand_dm(levels, seed=3).full()
    back = frame.in_laboratory(state, 0)
    large = np.zeros((80, 80), dtype=complex)
    large[:levels, :levels] = state
    exact = (qutip.displace(80, alpha) @ qutip.Qobj(large) @ qutip.displace(80, alpha).dag()).full()
    assert np.max(np.abs(back[:40, :40] - exact[:40, :40])) < 1e-12
    assert np.trace(back).real == pytest.approx(1.0, abs=1e-12)
    lower = frame.lowering((levels, 3))[0].full() - np.kron(alpha * np.eye(levels), np.eye(3))
    assert np.max(np.abs(lower - np.kron(qutip.destroy(levels).full(), np.eye(3)))) < 1e-14


def test_which_devices_have_one() -> None:
    assert displaced(one(ly.TwoPhotonDrive("a", 0.5), ly.LocalBath("a", 1.0), ly.Kerr("a", 0.1))) is None
    assert displaced(one(ly.OnePhotonDrive("a", 0.1), ly.LocalBath("a", 1.0))) is None
    assert displaced(one(ly.OnePhotonDrive("a", 0.1), ly.LocalBath("a", 1e-6))) is None
    found = displaced(one(ly.OnePhotonDrive("a", 2.0), ly.LocalBath("a", 1.0)))
    assert found is not None
    assert found.displacements[0] == pytest.approx(-4j, rel=1e-9)
    assert found.told(["a"]) == "a displaced by 0-4i"
    few = ly.Network([ly.Mode("a", levels=2)], [ly.OnePhotonDrive("a", 2.0), ly.LocalBath("a", 1.0)], "a", "a")
    assert displaced(few) is None


def test_a_hundred_quanta_take_few_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drummond and Walls' series knows how many they are; in the laboratory 170 levels would be needed."""
    monkeypatch.setattr(steady, "_CHEAP", 20)
    device = one(ly.OnePhotonDrive("a", 5.5), ly.Kerr("a", 1e-3), ly.LocalBath("a", 1.0))
    found = fock.steady_state(device, tolerance=1e-6)
    mode = closed_form.AnharmonicMode(damping=1.0, kerr=1e-3, one_photon_drive=5.5)
    assert float(found.stored_energy) > 100
    assert float(found.stored_energy) == pytest.approx(float(closed_form.anharmonic_energy(mode)), rel=1e-9)
    assert found.attrs["dimension"] < 25
    assert found.attrs["frame"].startswith("a displaced by ")
    own = steady.reduced_matrix(device, "a")
    assert np.diagonal(own).real @ np.arange(len(own)) == pytest.approx(float(found.stored_energy), rel=1e-7)


def test_a_bright_pair_is_the_same_in_either_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Squeezed a little by Kerr: all variables agree, and the frame needs fewer levels."""
    device = pair(0.6, 0.02)
    found = fock.steady_state(device, tolerance=1e-4)
    assert found.attrs["frame"].startswith("a displaced by ")
    monkeypatch.setattr(steady, "displaced", lambda _network: None)
    plain = fock.steady_state(device, tolerance=1e-4)
    assert "frame" not in plain.attrs
    assert found.attrs["dimension"] < 0.8 * plain.attrs["dimension"]
    for name in ("stored_energy", "charger_energy", "ergotropy", "gaussian_ergotropy", "number_variance", "entropy"):
        assert float(found[name]) == pytest.approx(float(plain[name]), abs=1e-4), name
    assert float(found.charging_power) == pytest.approx(0.0, abs=1e-4)


def test_what_does_not_fit_into_a_frame_is_found_in_the_laboratory(monkeypatch: pytest.MonkeyPatch) -> None:
    device = pair(0.3, 0.5)
    plain = fock.steady_state(device, tolerance=1e-5)
    monkeypatch.setattr(steady, "_attempts", lambda *_: [(Frame((9.0, 9.0)), 100), (None, 800)])
    found = fock.steady_state(device, tolerance=1e-5)
    assert float(found.stored_energy) == pytest.approx(float(plain.stored_energy), abs=1e-5)
    assert "frame" not in found.attrs
