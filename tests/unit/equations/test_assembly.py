"""Shares become matrices by two roads, a kept layout or triplets; both are the sum of the blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.arrays import namespace_of
from leyden.equations import assembly
from leyden.equations.assembly import total, triplets
from leyden.equations.basis import blocks_of
from leyden.equations.shares import Share

PARTS = ("drift", "diffusion", "source", "forcing")


def shares_of(seed: int = 0) -> tuple[tuple[Share, ...], int]:
    rng = np.random.default_rng(seed)
    pairs = np.array([[0, 1], [3, 2], [1, 4], [0, 1]])
    network = ly.Network(
        ly.Modes(5, detuning=rng.normal(size=5)),
        [
            ly.TwoPhotonDrive("m2", 0.3, 0.4),
            ly.Family(ly.OnePhotonDrive, [0, 3], amplitude=rng.random(2), phase=0.2),
            ly.Family(ly.LocalBath, range(5), rate=rng.random(5), occupation=0.5),
            ly.Family(ly.CoherentCoupling, pairs, strength=rng.normal(size=4) + 1j),
            ly.Family(ly.SharedBath, pairs, weights=(0.5j, rng.normal(size=4)), rate=rng.random(4)),
        ],
        charger="m0",
        battery="m1",
    )
    return ly.moment_equations(network).shares, 5


def summed(part: str, shares: Any, modes: int) -> Any:
    """The definition: each member's block added where its modes are."""
    found = np.zeros((2 * modes,) if part == "forcing" else (2 * modes, 2 * modes))
    for share in shares:
        for places, numbers in zip(share.places, share.numbers, strict=True):
            where = [2 * place + quadrature for place in places for quadrature in (0, 1)]
            block = np.tensordot(numbers, getattr(share.basis, part), 1)
            found[np.ix_(*[where] * found.ndim)] += block
    return found


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("most", [0, 2**18])
def test_both_roads_are_the_sum_of_the_blocks(part: Any, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "_LARGEST_LAYOUT", most)
    shares, modes = shares_of()
    found = total(np, part, modes, shares)
    np.testing.assert_allclose(found, summed(part, shares, modes), rtol=0, atol=1e-14)


@pytest.mark.parametrize("part", PARTS)
def test_triplets_of_one_place_add_up(part: Any) -> None:
    shares, modes = shares_of(1)
    entries = triplets(part, shares)
    expected = summed(part, shares, modes)
    found = np.zeros_like(expected)
    where = (entries.rows,) if part == "forcing" else (entries.rows, entries.columns)
    np.add.at(found, where, entries.values)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)
    assert part != "forcing" or not entries.columns.any()


def test_families_share_one_block_of_constants() -> None:
    """Of a million members as of one: the basis is made once for each kind."""
    family = ly.Family(ly.LocalBath, range(3), rate=np.array([1.0, 2.0, 3.0]))
    coefficients, basis = blocks_of(family.pattern)
    share = Share.of_family(family.places, coefficients, basis)
    assert basis is blocks_of(ly.LocalBath("a", 0.3))[1]
    assert share.modes == (0,)
    assert share.kinds == ((basis, (0,)), (basis, (1,)), (basis, (2,)))
    assert share.numbers[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert share.arrays == ()
    assert share.over_time() is share
    # A number for all members is a column of it.
    even = Share.of_family(family.places, *blocks_of(ly.Family(ly.LocalBath, range(3), rate=2.0).pattern))
    assert even.numbers[:, 0].tolist() == [2.0, 2.0, 2.0]


def test_batches_and_families_meet_in_one_device() -> None:
    """A single element with an array beside families of numbers: each member of the batch is its own device."""
    rates = np.array([0.1, 0.7])
    pairs = [[0, 1], [1, 2]]

    def device(rate: Any) -> ly.Network:
        parts = [ly.LocalBath("m1", rate), ly.Family(ly.CoherentCoupling, pairs, strength=np.array([0.2, 0.3j]))]
        return ly.Network(ly.Modes(3), [*parts, ly.Family(ly.LocalBath, range(3), rate=0.2)], "m0", "m1")

    together = ly.moment_equations(device(rates))
    assert together.shape == (2,)
    for part in ("drift", "diffusion"):
        found = getattr(together, part)
        assert found.shape == (2, 6, 6)
        for index, rate in enumerate(rates.tolist()):
            alone = getattr(ly.moment_equations(device(rate)), part)
            np.testing.assert_allclose(found[index], alone, rtol=0, atol=1e-15)


def test_constant_parts_follow_the_librarys_arrays() -> None:
    strict = pytest.importorskip("array_api_strict")
    xp = namespace_of(strict.asarray(1.0))
    shares, modes = shares_of()
    assert namespace_of(total(xp, "drift", modes, shares)) is xp
