"""Curves where rounding is all there is: refused for one device, NaN in a batch."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly


def mode(detuning: object) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], [ly.TwoPhotonDrive("a", 0.1)], "a", "a")


@pytest.mark.parametrize("detuning", [1e16, 1e20, 1e99])
def test_times_beyond_known_phases_are_refused(refuses, detuning: float) -> None:
    for times in ([0.0, 1.0, 2.0], [0.0, 1.0, 7.0]):
        text = f"end by {1e15 / detuning:.2g}, until when the phases"
        refuses("times", lambda times=times: ly.charge(mode(detuning), times), text)


def test_in_a_batch_such_times_are_missing() -> None:
    run = ly.charge(mode(np.asarray([1.0, 1e16])), [0.0, 0.05, 2.0])
    known = [[True, True, True], [True, True, False]]
    for name in ("stored_energy", "ergotropy", "charger_energy", "drive_work"):
        assert np.isfinite(run[name].values).tolist() == known, name


def test_listed_batteries_are_missing_with_the_device() -> None:
    device = ly.Network([ly.Mode("a", detuning=np.asarray([1.0, 1e16])), ly.Mode("b")], mode(1.0).elements, "a", ["b"])
    run = ly.charge(device, [0.0, 0.05, 2.0])
    assert np.isfinite(run.stored_energy.values).tolist() == [[[True, True, True]], [[True, True, False]]]
    assert np.isfinite(run.total_stored_energy.values).tolist() == [[True, True, True], [True, True, False]]


def test_a_mode_squeezed_without_end_gives_no_more_than_it_stores() -> None:
    for drive in (4.52, 92.5, 1e50):
        device = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", drive, 2.9)], "a", "a")
        for times in (np.linspace(0, 3 / drive, 7), np.asarray([0.0, 1.0, 2.9]) / drive):
            run = ly.charge(device, times)
            assert (run.ergotropy <= run.stored_energy).all()
            # E = sinh^2(2 eps t) of a lone drive.
            np.testing.assert_allclose(run.stored_energy, np.sinh(2 * drive * times) ** 2, rtol=1e-12)
