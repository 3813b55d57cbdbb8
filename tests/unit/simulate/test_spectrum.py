"""Spectra and thresholds of large networks: batches are their members, and what is dear is left out or asked for."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import memory

C = ly.catalog
WIDE = C.lattice(18, 18, drive=0.05, damping=0.2, coupling=0.25)
DRIVE = xr.DataArray([0.05, 0.1, 0.3], dims="drive", coords={"drive": [0.05, 0.1, 0.3]})
DAMPING = xr.DataArray([0.1, 0.3], dims="damping")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spectra of 324 modes are too dear already."""
    monkeypatch.setattr(sys.modules["leyden.drift.rightmost"], "_AFFORDABLE", 600)


def exact(network: ly.Network) -> np.ndarray:
    return np.linalg.eigvals(ly.moment_equations(network).drift)


@pytest.mark.parametrize("modes", [5, 60])
def test_a_batch_of_spectra_is_those_of_its_members(modes: int) -> None:
    """As one dense batch, and one by one."""

    def build(drive: Any, damping: Any) -> ly.Network:
        return C.reciprocal_chain(modes, drive=drive, damping=damping, coupling=0.25)

    found = ly.stability(build(DRIVE, DAMPING))
    assert found.eigenvalues.dims == ("drive", "damping", "eigenvalue", "part")
    assert found.sizes["eigenvalue"] == 2 * modes
    assert 0 < found.attrs["spectral_abscissa_error"] < 1e-12
    for i, drive in enumerate(DRIVE.values):
        for k, damping in enumerate(DAMPING.values):
            expected = exact(build(drive, damping))
            np.testing.assert_allclose(found.spectral_abscissa[i, k], expected.real.max(), atol=1e-12)
            assert bool(found.is_stable[i, k]) == (expected.real.max() < 0)
            ours = np.sort_complex(np.round(found.eigenvalues[i, k].values @ [1, 1j], 9))
            np.testing.assert_allclose(ours.real, np.sort_complex(np.round(expected, 9)).real, atol=1e-8)
    xr.testing.assert_equal(found.coords["drive"], DRIVE.coords["drive"])


def test_large_batches_need_no_large_matrices() -> None:
    """Five devices of 10,000 modes; one matrix of each would be 15 GiB."""
    found = ly.stability(C.cascade(10_000, drive=0.1, damping=np.linspace(0.1, 0.5, 5)))
    # The charger's 2 eps - (kappa + Gamma/2)/2, as every other mode decays faster.
    np.testing.assert_allclose(found.spectral_abscissa, 0.2 - (np.linspace(0.1, 0.5, 5) + 0.5) / 2, rtol=1e-12)
    assert found.is_stable.values.all()
    assert found.eigenvalues.shape == (5, 20_000, 2)


def test_empty_batches_have_their_dims() -> None:
    for modes in (2, 60):
        found = ly.stability(C.cascade(modes, drive=np.zeros(0), damping=0.1))
        assert found.sizes == {"batch": 0, "eigenvalue": 2 * modes, "part": 2}
        assert ly.critical_drive(C.cascade(modes, drive=0.1, damping=np.zeros(0))).shape == (0,)


@pytest.mark.usefixtures("impatient")
def test_spectra_that_take_long_are_left_out_unless_they_are_asked_for() -> None:
    found = ly.stability(WIDE)
    assert set(found.data_vars) == {"spectral_abscissa", "is_stable"}
    assert "324 modes act on each other" in found.attrs["eigenvalues"]
    assert 0 <= found.attrs["spectral_abscissa_error"] < 1e-8
    whole = exact(WIDE)
    assert float(found.spectral_abscissa) == pytest.approx(whole.real.max(), rel=1e-7)
    assert bool(found.is_stable)
    asked = ly.stability(WIDE, eigenvalues=True)
    assert "eigenvalues" not in asked.attrs
    np.testing.assert_allclose(np.sort(asked.eigenvalues.sel(part="real")), np.sort(whole.real), atol=1e-6)
    assert float(asked.spectral_abscissa) == pytest.approx(float(found.spectral_abscissa), rel=1e-7)


@pytest.mark.usefixtures("impatient")
def test_of_a_batch_all_or_none_are_left_out() -> None:
    """Without coupling the modes of a lattice are alone, and their spectra cheap; with it they are not."""
    coupling = np.array([0.0, 0.25])
    found = ly.stability(C.lattice(18, 18, drive=0.11, damping=0.2, coupling=coupling))
    assert set(found.data_vars) == {"spectral_abscissa", "is_stable"}
    assert "324 modes act on each other" in found.attrs["eigenvalues"]
    assert found.is_stable.values.tolist() == [False, True]
    assert float(found.spectral_abscissa[0]) == pytest.approx(2 * 0.11 - 0.1, rel=1e-12)
    alone = ly.stability(C.lattice(18, 18, drive=0.11, damping=0.2, coupling=0.25))
    assert float(found.spectral_abscissa[1]) == pytest.approx(float(alone.spectral_abscissa), rel=1e-9)


@pytest.mark.parametrize("modes", [4, 60])
def test_nobody_has_to_take_the_spectrum(modes: int) -> None:
    device = C.reciprocal_chain(modes, drive=DRIVE, damping=0.1, coupling=0.25)
    found, whole = ly.stability(device, eigenvalues=False), ly.stability(device)
    assert set(found.data_vars) == {"spectral_abscissa", "is_stable"}
    assert found.attrs["eigenvalues"] == "left out: not asked for"
    np.testing.assert_allclose(found.spectral_abscissa, whole.spectral_abscissa, rtol=1e-9)
    np.testing.assert_array_equal(found.is_stable, whole.is_stable)


def test_memory_for_spectra_is_asked_for_first(refuses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 2.0**28)
    many = C.cascade(2, drive=np.full(2_000_000, 0.1), damping=0.1)
    refuses("eigenvalues", lambda: ly.stability(many, eigenvalues=True), "0.5 GiB, and 0.2 GiB are free", "2000000")
    wide = C.lattice(60, 60, drive=0.01, damping=0.2, coupling=0.25)
    refuses("eigenvalues", lambda: ly.stability(wide, eigenvalues=True), "3600 modes", "1.2 GiB")
    # Less of everything: where there is little room, few are too many.
    monkeypatch.setattr(memory, "_SMALL", 0)
    monkeypatch.setattr(memory, "free_bytes", lambda: 2.0**21)
    chain = ly.stability(C.cascade(1000, drive=np.full(40, 0.1), damping=0.1))
    assert "GiB" in chain.attrs["eigenvalues"]
    np.testing.assert_allclose(chain.spectral_abscissa, -0.1, rtol=1e-12)


def test_only_yes_no_or_none(refuses: Any) -> None:
    refuses("eigenvalues", lambda: ly.stability(WIDE, eigenvalues="all"), "True or False")


@pytest.mark.parametrize("modes", [12, 26])
def test_thresholds_of_a_batch_are_those_of_its_members(modes: int) -> None:
    """With a way back from the last mode to the first, and a phase of the drive that matters for it."""
    phase = xr.DataArray([0.0, 0.4, 2.0], dims="phase")

    def build(phase: Any, damping: Any) -> ly.Network:
        chain = C.reciprocal_chain(modes, drive=0.0, damping=damping, coupling=0.25)
        others = [part for part in chain.parts if not isinstance(part, ly.TwoPhotonDrive)]
        squeezed = ly.TwoPhotonDrive("m1", 0.03, 0.1)
        drive = ly.TwoPhotonDrive("m0", 0.0, phase)
        return ly.Network(chain.modes, [drive, *others, squeezed], "m0", "m1")

    found = ly.critical_drive(build(phase, DAMPING), "m0")
    assert found.dims == ("damping", "phase")
    for i, angle in enumerate(phase.values):
        for k, damping in enumerate(DAMPING.values):
            assert float(found[k, i]) == pytest.approx(ly.critical_drive(build(angle, damping), "m0"), rel=1e-12)
    assert len(np.unique(np.round(found, 6))) > 2


def test_thresholds_of_large_batches_need_no_large_matrices() -> None:
    damping = xr.DataArray(np.linspace(0.1, 0.5, 5), dims="damping")
    found = ly.critical_drive(C.cascade(3000, drive=0.1, damping=damping))
    np.testing.assert_allclose(found, (damping + 0.5) / 4, rtol=1e-12)


def test_many_small_thresholds_are_found_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    count = 40_000
    damping, detuning = rng.uniform(0.1, 1, count), rng.normal(size=count)
    network = C.two_photon_battery(drive=0.1, charger_damping=damping, battery_damping=0.2, detuning=detuning)
    sizes: list[int] = []
    threshold = ly.drift.threshold
    inner = threshold._threshold

    def watched(undriven: Any, *others: Any) -> Any:
        sizes.append(len(undriven))
        return inner(undriven, *others)

    monkeypatch.setattr(threshold, "_threshold", watched)
    np.testing.assert_allclose(ly.critical_drive(network), np.hypot((damping + 0.5) / 2, detuning) / 2, rtol=1e-13)
    assert max(sizes) <= 16384
    assert sum(sizes) == count


def test_one_device_is_labelled_as_a_batch_of_one_is() -> None:
    """The Dataset of a single device fills a form that is kept: what one result is told, the next does not hear."""
    drive = "TwoPhotonDrive(charger).amplitude"
    pair = C.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2)
    for wanted in (None, False):
        batch = ly.stability(pair.replace(**{drive: xr.DataArray([0.1], dims="one")}), eigenvalues=wanted)
        first = ly.stability(pair, eigenvalues=wanted)
        expected = batch.isel(one=0)
        xr.testing.assert_identical(first.drop_attrs(deep=False), expected.drop_attrs(deep=False))
        assert {name: value.dtype for name, value in first.variables.items()} == {
            name: value.dtype for name, value in expected.variables.items()
        }
        first.attrs["note"] = first.spectral_abscissa.attrs["note"] = "mine"
        first.spectral_abscissa.values[...] = 1.0
        other = ly.stability(pair, eigenvalues=wanted)
        assert float(other.spectral_abscissa) == float(expected.spectral_abscissa)
        assert "note" not in other.attrs
        assert "note" not in other.spectral_abscissa.attrs


def test_thresholds_of_another_drive_are_asked_anew() -> None:
    """A device keeps what it is without its drive: by mode, and for itself alone."""
    pair = C.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2)
    found = [ly.critical_drive(pair, mode) for mode in ("charger", None, "battery", "charger")]
    assert found[0] == found[1] == found[3] != found[2]
    damped = pair.replace(**{"LocalBath(charger).rate": 0.3})
    assert ly.critical_drive(damped) == pytest.approx(0.2, rel=1e-14)
    assert ly.critical_drive(pair) == found[0] == pytest.approx(0.15, rel=1e-14)
