"""Lines of classical states along a parameter: made up ones, a fold and a pitchfork."""

from __future__ import annotations

import numpy as np
import xarray as xr

import leyden as ly
from leyden.mean_field.lines import lines_of


def test_states_keep_their_lines_when_others_come_and_go() -> None:
    nan = np.nan
    rows = np.array(
        [[0.0, 5.0, nan], [0.1, 2.9, 5.1], [0.2, 2.0, 5.2], [5.3, nan, nan], [nan, nan, nan], [5.4, nan, nan]]
    )
    found = lines_of(rows[..., None].astype(np.complex128))
    assert found.tolist() == [[0, 1, -1], [0, 2, 1], [0, 2, 1], [1, -1, -1], [-1, -1, -1], [3, -1, -1]]
    assert lines_of(np.zeros((0, 0, 1), dtype=np.complex128)).shape == (0, 0)


def test_a_kerr_mode_is_bistable_between_its_folds() -> None:
    """n = [-2 Delta +- (Delta^2 - 3 kappa^2/4)^(1/2)]/(3 K): there eps^2(n) turns round."""
    kerr, detuning, damping = 0.4, -2.0, 1.0
    quanta = (-2 * detuning + np.array([1, -1]) * np.sqrt(detuning**2 - 0.75 * damping**2)) / (3 * kerr)
    low, high = np.sqrt(quanta * ((detuning + kerr * quanta) ** 2 + damping**2 / 4))
    drive = np.concatenate([np.linspace(0.9, 2.0, 23), low + np.array([-1e-6, 1e-6]), high + np.array([-1e-6, 1e-6])])
    drive = np.sort(drive)
    elements = [
        ly.OnePhotonDrive("a", xr.DataArray(drive, dims="drive")),
        ly.Kerr("a", kerr),
        ly.LocalBath("a", damping),
    ]
    found = ly.branches(ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a"))
    inside = (drive > low) & (drive < high)
    np.testing.assert_array_equal(found.stable_branches == 2, inside)
    line, energy = found.branch_line.values, found.stored_energy.values
    assert set(line[inside].ravel().tolist()) == {0, 1, 2}
    for number, stable, kept in ((0, True, drive < high), (1, False, inside), (2, True, drive > low)):
        step, place = np.nonzero(line == number)
        np.testing.assert_array_equal(step, np.flatnonzero(kept))
        assert (found.is_stable.values[step, place] == stable).all()
        rises = np.diff(energy[step, place])
        assert (rises > 0).all() if stable else (rises < 0).all()


def test_the_vacuum_stays_one_line_through_a_threshold() -> None:
    drive = np.linspace(0.1, 0.5, 9)
    elements = [ly.TwoPhotonDrive("a", xr.DataArray(drive, dims="drive")), ly.Kerr("a", 0.1), ly.LocalBath("a", 1.0)]
    device = ly.Network([ly.Mode("a")], elements, charger="a", battery="a")
    found = ly.branches(device)
    above = drive > 0.25 + 1e-9
    assert (found.branch_line[:, 0] == 0).all()
    np.testing.assert_array_equal(found.branch_line.values[above, 1:], np.tile([1, 2], (above.sum(), 1)))
    # +alpha and -alpha do not change places.
    amplitude = found.amplitude.isel(network_mode=0).values[above]
    assert (np.diff(np.sign(amplitude[:, 1, 0])) == 0).all()
    assert "branch_line" not in ly.branches(device.replace(**{"TwoPhotonDrive(a).amplitude": 0.3}))
