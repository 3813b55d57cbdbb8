"""Groups of quadratures: nothing is lost, nothing is taken apart that belongs together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.factors import products
from leyden.equations.low_rank import sparse_equations
from leyden.low_rank.groups import Frame, Group, groups_of

C = ly.catalog


def chain_of(count: int, *more: Any, strength: Any = 0.5, **modes: Any) -> ly.Network:
    pairs = np.stack([np.arange(count - 1), np.arange(1, count)], axis=1)
    parts = [ly.Family(ly.LocalBath, range(count), rate=0.3), ly.Family(ly.CoherentCoupling, pairs, strength=strength)]
    return ly.Network(ly.Modes(count, **modes), [*parts, *more], charger="m0", battery="m1")


PHASES = np.exp(1j * np.random.default_rng(5).uniform(0, 6, 11))
# Each with the sizes of the groups that the source acts on.
APART = {
    "cascade": (C.cascade(9, drive=0.05, damping=0.1), [9, 9]),
    "lattice, imaginary": (C.lattice(4, 5, drive=0.05, damping=0.1, coupling=0.5j), [20, 20]),
    "lattice, any phase": (C.lattice(4, 5, drive=0.05, damping=0.1, coupling=0.5 * np.exp(0.3j)), [20, 20]),
    "chain of any phases": (chain_of(12, ly.TwoPhotonDrive("m3", 0.05, 0.7), strength=0.5 * PHASES), [12, 12]),
    "ring, even": (C.ring(12, drive=0.03, damping=0.1, coupling=0.5), [12, 12]),
    "ring, pi": (C.ring(12, drive=0.03, damping=0.1, coupling=0.5, flux=np.pi), [12, 12]),
    "drives four apart": (C.reciprocal_chain(12, drive=0.03, damping=0.1, coupling=0.5, driven=[0, 4]), [12, 12]),
    "two devices": (
        ly.Network(
            ly.Modes(4, detuning=np.array([0.0, 0.0, 0.4, 0.0])),
            [
                ly.Family(ly.LocalBath, range(4), rate=0.3),
                ly.Family(ly.CoherentCoupling, [[0, 1], [2, 3]], strength=0.2),
                ly.Family(ly.TwoPhotonDrive, [0, 2], amplitude=0.05),
            ],
            charger="m0",
            battery="m1",
        ),
        [4, 2, 2],
    ),
}
TOGETHER = {
    "ring, odd": C.ring(11, drive=0.03, damping=0.1, coupling=0.5),
    "ring with flux": C.ring(12, drive=0.03, damping=0.1, coupling=0.5, flux=1.0),
    "a flux of a billionth": C.ring(12, drive=0.03, damping=0.1, coupling=0.5, flux=1e-9),
    "drives that do not fit": chain_of(6, ly.TwoPhotonDrive("m0", 0.05), ly.TwoPhotonDrive("m2", 0.05, 0.4)),
    "a detuned mode": chain_of(6, ly.TwoPhotonDrive("m0", 0.05), detuning=np.eye(6)[3]),
}


def split(network: ly.Network) -> tuple[Any, Any, Frame, list[Group]]:
    """Drift and source as matrices, and what they are taken apart into."""
    found = sparse_equations(ly.moment_equations(network))
    assert found is not None
    factor = np.zeros((found.size, len(found.weights)))
    factor[found.places] = found.factor
    frame, groups = groups_of(found.drift, found.places, found.factor, found.weights)
    return found.drift.toarray(), (factor * found.weights) @ factor.T, frame, groups


@pytest.mark.parametrize("name", [*APART, *TOGETHER])
def test_the_parts_make_the_whole(name: str) -> None:
    """Drift and source, back in the old axes, to rounding; every quadrature is in one group, both of a mode first."""
    drift, source, frame, groups = split(APART[name][0] if name in APART else TOGETHER[name])
    size = len(drift)
    turn = frame.back(np.eye(size))
    np.testing.assert_allclose(turn @ turn.T, np.eye(size), rtol=0, atol=1e-15)
    np.testing.assert_allclose(frame.into(np.eye(size)), turn.T, rtol=0, atol=0)
    np.testing.assert_array_equal(frame.matrix().toarray(), turn)
    found, disturbed = np.zeros((size, size)), np.zeros((size, size))
    for group in groups:
        found[np.ix_(group.rows, group.rows)] = group.drift.toarray()
        disturbed[np.ix_(group.rows, group.rows)] = (group.source * group.weights) @ group.source.T
        paired = group.rows[: 2 * group.both].reshape(-1, 2)
        np.testing.assert_array_equal(paired[:, 1], paired[:, 0] + 1)
        assert not paired[:, 0].size or not (paired[:, 0] % 2).any()
        assert len(np.unique(group.rows[2 * group.both :] // 2)) == len(group.rows) - 2 * group.both
    assert sorted(np.concatenate([group.rows for group in groups])) == list(range(size))
    np.testing.assert_allclose(turn @ found @ turn.T, drift, rtol=0, atol=1e-14)
    np.testing.assert_allclose(turn @ disturbed @ turn.T, source, rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", APART)
def test_quadratures_that_do_not_mix_are_apart(name: str) -> None:
    network, sizes = APART[name]
    assert sorted((len(group.rows) for group in split(network)[3] if len(group.weights)), reverse=True) == sizes


@pytest.mark.parametrize("name", TOGETHER)
def test_quadratures_that_mix_stay_together(name: str) -> None:
    (group,) = split(TOGETHER[name])[3]
    assert group.both == len(TOGETHER[name].modes)


def test_many_groups_are_few() -> None:
    """Twenty devices in one network: forty groups, of which all but some are solved as one."""
    network = ly.Network(
        ly.Modes(20),
        [ly.Family(ly.LocalBath, range(20), rate=0.3), ly.Family(ly.TwoPhotonDrive, range(20), amplitude=0.05)],
        charger="m0",
        battery="m1",
    )
    groups = split(network)[3]
    assert len(groups) == 8
    assert sum(len(group.weights) for group in groups) == 40


def test_one_way_links_are_followed_against_their_direction() -> None:
    """Six modes, each acting on the next with a phase of its own, and a drive on the fourth."""
    phases = np.exp(1j * np.random.default_rng(6).uniform(0, 6, 5))
    links = np.diag(0.5 * phases, -1) - 0.4 * np.eye(6)
    drift = np.kron(links.real, np.eye(2)) + np.kron(links.imag, [[0.0, -1.0], [1.0, 0.0]])
    drift[6:8, 6:8] += (drive := np.array([[0.03, 0.04], [0.04, -0.03]]))
    weights, factor = np.linalg.eigh(drive)
    frame, groups = groups_of(csr_array(drift), np.array([6, 7]), factor, weights)
    turned = frame.into(frame.into(drift).T).T
    assert np.abs(turned[::2, 1::2]).max() < 1e-15
    assert np.abs(turned[1::2, ::2]).max() < 1e-15
    assert [len(group.rows) for group in groups] == [6, 6]


def test_a_source_keeps_together_what_the_drift_does_not() -> None:
    """A direction that two modes share: their covariance is not zero, though neither acts on the other."""
    groups = groups_of(csr_array(-np.eye(4)), np.array([0, 2]), np.array([[0.6], [0.8]]), np.array([2.0]))[1]
    (group,) = (group for group in groups if len(group.weights))
    assert sorted(group.rows) == [0, 2]
    np.testing.assert_allclose(
        (group.source * group.weights) @ group.source.T, [[0.72, 0.96], [0.96, 1.28]], rtol=0, atol=1e-15
    )


def test_blocks_of_modes_are_turned_back() -> None:
    rng = np.random.default_rng(1)
    frame = Frame(np.exp(1j * rng.uniform(0, 6, 5)))
    factor = rng.normal(size=(10, 4))
    turned, weights = frame.into(factor), np.array([1.0, -0.5, 2.0, 0.3])
    squares, cross = products(turned, weights, 5)
    whole = (factor * weights) @ factor.T
    for mode, (xx, xp, pp) in enumerate(frame.blocks(squares, cross).T):
        own = whole[2 * mode : 2 * mode + 2, 2 * mode : 2 * mode + 2]
        np.testing.assert_allclose([[xx, xp], [xp, pp]], own, rtol=0, atol=1e-14)


@pytest.mark.parametrize("columns", [1, 3])
def test_products_are_those_of_the_matrix(columns: int) -> None:
    """Of the first two modes both quadratures are there; weights may differ from row to row."""
    rng = np.random.default_rng(2)
    values, weights = rng.normal(size=(7, columns)), rng.normal(size=columns)
    whole = (values * weights) @ values.T
    for own in (weights, np.broadcast_to(weights, (7, columns))):
        squares, cross = products(values, own, 2)
        np.testing.assert_allclose(squares, np.diag(whole), rtol=0, atol=1e-15)
        np.testing.assert_allclose(cross, [whole[0, 1], whole[2, 3]], rtol=0, atol=1e-15)
