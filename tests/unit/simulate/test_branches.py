"""Classical branches as a Dataset: labels, order, energies, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.quantities import attributes_of


def lone(*elements: ly.Element, detuning: object = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def test_the_bistable_region_of_a_driven_kerr_mode() -> None:
    """Between the folds, n = -(2 Delta -+ sqrt(Delta^2 - 3 kappa^2/4))/(3 K), two branches of three are stable."""
    kerr, detuning = 0.4, -2.0
    folds = -(2 * detuning + np.array([1, -1]) * np.sqrt(detuning**2 - 0.75)) / (3 * kerr)
    edges = np.sort(np.sqrt(folds * ((detuning + kerr * folds) ** 2 + 0.25)))
    drive = xr.DataArray(np.linspace(0.0, 2.0, 21), dims="drive", coords={"drive": np.linspace(0.0, 2.0, 21)})
    found = ly.branches(
        lone(ly.OnePhotonDrive("a", drive), ly.Kerr("a", kerr), ly.LocalBath("a", 1.0), detuning=detuning)
    )
    inside = (drive > edges[0]) & (drive < edges[1])
    assert 2 < int(inside.sum()) < 12
    np.testing.assert_array_equal(found.stable_branches, np.where(inside, 2, 1))
    assert found.stored_energy.dims == ("drive", "branch")
    np.testing.assert_array_equal(np.isfinite(found.stored_energy).sum("branch"), np.where(inside, 3, 1))
    assert (np.diff(found.stored_energy.where(inside, drop=True), axis=-1) > 0).all()
    n = found.stored_energy
    np.testing.assert_allclose((n * ((detuning + kerr * n) ** 2 + 0.25)).isel(branch=0), drive**2, atol=1e-9)


def test_pairs_of_branches_are_listed_apart() -> None:
    found = ly.branches(lone(ly.TwoPhotonDrive("a", 1.0), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0)))
    amplitudes = found.amplitude.isel(network_mode=0).values
    np.testing.assert_allclose(amplitudes[1], -amplitudes[2], atol=1e-12)
    assert int(found.stable_branches) == 2
    assert found.attrs["paths"] == 5
    for name, variable in found.data_vars.items():
        assert variable.attrs == attributes_of(str(name))


def test_several_batteries_behind_a_charger() -> None:
    """A one-way chain whose head alone is anharmonic: |b| = g/(Lambda_b/2) |a|, and no more paths than of the head."""
    modes = [ly.Mode("a", frequency=2.0), ly.Mode("b", frequency=3.0), ly.Mode("c")]
    elements = [
        ly.TwoPhotonDrive("a", 1.0),
        ly.Kerr("a", 0.5),
        *(ly.SharedBath({"a": 0.6, name: 0.6}, 1.0) for name in "bc"),
        *(ly.CoherentCoupling("a", name, -0.18j) for name in "bc"),
        *(ly.LocalBath(name, 0.28) for name in "abc"),
    ]
    found = ly.branches(ly.Network(modes, elements, charger="a", battery=["b", "c"]))
    n = 2 * np.sqrt(4 - 0.5**2)
    assert found.attrs["paths"] == 5
    assert found.stored_energy.dims == ("branch", "mode")
    np.testing.assert_allclose(found.charger_energy, [0, 2 * n, 2 * n], atol=1e-9)
    np.testing.assert_allclose(found.stored_energy[1], n * (0.36 / 0.32) ** 2 * np.array([3.0, 1.0]), rtol=1e-10)


REFUSED = {
    "circles": (lone(ly.Gain("a", 1.0), ly.TwoPhotonLoss("a", 0.4)), "fix all phases"),
    "stays": (
        ly.Network([ly.Mode("a"), ly.Mode("b")], [ly.LocalBath("a", 1.0)], charger="a", battery="a"),
        "of 'b' stays",
    ),
    "paths": (
        ly.Network(
            [ly.Mode(name) for name in "abcd"],
            [element for name in "abcd" for element in (ly.Kerr(name, 1.0), ly.LocalBath(name, 1.0))],
            charger="a",
            battery="b",
        ),
        "at most 600 paths",
    ),
    "levels": (
        ly.Network([ly.Mode("a", levels=3)], [ly.LocalBath("a", 1.0)], charger="a", battery="a"),
        "a few levels",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    device, reason = REFUSED[name]
    with pytest.raises(ly.ParameterError, match=f"`network` must .*{reason}"):
        ly.branches(device)
