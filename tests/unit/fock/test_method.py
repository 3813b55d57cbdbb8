"""Fock space as a method of the front door: numbers as from its own room, batches one by one, sweeps."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import fock
from leyden.fock import transient

qutip = pytest.importorskip("qutip")

TIMES = [0.0, 0.5, 2.0]


def cavity(*others: Any, drive: Any = 0.2) -> ly.Network:
    return ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", drive), ly.LocalBath("a", 1.0), *others], "a", "a")


def test_it_is_the_same_solver(kerr: Any) -> None:
    device = cavity(kerr("a", 0.5))
    for found, own in (
        (ly.steady_state(device, method="fock"), fock.steady_state(device)),
        (ly.charge(device, TIMES, method="fock"), fock.charge(device, TIMES)),
    ):
        xr.testing.assert_identical(found, own)
        assert found.attrs["method"] == "fock"
    start = qutip.basis(3, 1)
    found = ly.charge(device, TIMES, initial=start, method="fock")
    assert float(found.stored_energy[0]) == pytest.approx(1.0, abs=1e-12)
    warm = ly.charge(device, TIMES, initial=ly.states.thermal(0.1), method="fock")
    assert float(warm.stored_energy[0]) == pytest.approx(0.1, abs=1e-7)


def test_it_is_taken_where_moments_do_not_close(kerr: Any) -> None:
    device = cavity(kerr("a", 0.5))
    found = ly.steady_state(device)
    assert found.attrs["method"] == "fock"
    told = "not dense: moments do not close under Kerr(a); not one_way: no mode is linear under Kerr(a)"
    assert found.attrs["method_reason"].startswith(told)
    for method in ("dense", "low_rank"):
        for call in (ly.steady_state, lambda network, method: ly.charge(network, TIMES, method=method)):
            with pytest.raises(ly.NonGaussianError, match='use method="fock"'):
                call(device, method=method)


def test_batches_come_one_by_one() -> None:
    drive = xr.DataArray([0.1, 0.2], dims="drive", coords={"drive": [0.1, 0.2]})
    found = ly.charge(cavity(drive=drive), TIMES, method="fock")
    exact = ly.charge(cavity(drive=drive), TIMES)
    assert found.stored_energy.dims == ("drive", "time")
    np.testing.assert_allclose(found.stored_energy, exact.stored_energy, atol=1e-7)
    assert found.attrs["cutoff"] == ly.charge(cavity(drive=0.2), TIMES, method="fock").attrs["cutoff"]
    settled = ly.steady_state(cavity(drive=drive), method="fock")
    np.testing.assert_allclose(settled.ergotropy, 4 * drive**2, rtol=1e-5)
    assert settled.is_stable.values.tolist() == [True, True]


def test_what_does_not_settle_is_missing_in_a_batch() -> None:
    damping = np.array([0.0, 1.0])
    device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", damping, 0.1)], "a", "a")
    found = ly.steady_state(device, method="fock")
    assert found.is_stable.values.tolist() == [False, True]
    assert np.isnan(found.stored_energy.values).tolist() == [True, False]


def test_what_does_not_fit_in_time_is_missing_in_a_batch(monkeypatch: pytest.MonkeyPatch, kerr: Any) -> None:
    """One member runs away within the time, and costs the others nothing."""
    monkeypatch.setattr("leyden.fock.method.charged", partial(transient.charged, largest=30))
    for others in ((kerr("a", 1e-3),), ()):
        device = cavity(ly.TwoPhotonDrive("a", np.array([0.1, 2.0])), *others, drive=0.0)
        found = ly.charge(device, TIMES, method="fock")
        assert np.isnan(found.stored_energy.values).tolist() == [[False] * 3, [True] * 3]
        assert np.isnan(found.drive_work.values).tolist() == [[False] * 3, [True] * 3]
        assert "of some devices, which are NaN" in found.attrs["unsolved"]
    assert found.is_stable.values.tolist() == [True, False]


def test_sweeps_take_it(kerr: Any) -> None:
    axes = {"OnePhotonDrive(a).amplitude": [0.1, 0.2]}
    device = cavity(kerr("a", 0.5))
    for measure, times in (("steady_state", None), ("charge", TIMES)):
        found = ly.sweep(device, axes, measure=measure, times=times, method="fock")
        by_itself = ly.steady_state(device, method="fock") if times is None else ly.charge(device, times, method="fock")
        np.testing.assert_allclose(found.ergotropy[1], by_itself.ergotropy, rtol=1e-12)
        assert found.attrs["method"] == "fock"
    with pytest.raises(ly.ParameterError, match="must be left out where `measure` is a function"):
        ly.sweep(device, axes, measure=ly.steady_state, method="fock")


def test_stability_is_that_of_the_linear_part(kerr: Any) -> None:
    plain = ly.stability(cavity())
    found = ly.stability(cavity(kerr("a", 0.5)))
    assert "linear_part" not in plain.attrs
    assert found.attrs["linear_part"].startswith("of the device without what is not quadratic in ")
    xr.testing.assert_identical(found.drop_attrs(deep=False), plain.drop_attrs(deep=False))
