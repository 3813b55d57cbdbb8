"""The laws of networks of families and single elements, however they are computed: dense, or by the few vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import leyden as ly

TIMES = np.array([0.0, 0.3, 2.0, 9.0])
MERITS = ("stored_energy", "passive_energy", "ergotropy", "charger_energy", "charging_power")


@st.composite
def networks(draw: st.DrawFn, *, warm: bool = True, stable: bool = True) -> ly.Network:
    """Families and single elements in any mixture, on two to nine modes, with all kinds of links between them.

    A coupling only turns the state and a bath only damps it: drives below a quarter of the smallest local damping keep
    any such network stable.
    """
    modes = draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    damping = rng.uniform(0.2, 2.0, modes)
    occupation = draw(st.sampled_from([0.0, 0.3, 2.0])) if warm else 0.0
    pairs = np.array([(a, b) for a in range(modes) for b in range(modes) if a != b and rng.random() < 2 / modes])
    pairs = pairs.reshape(-1, 2)
    parts: list[Any] = [ly.Family(ly.LocalBath, range(modes), rate=damping, occupation=occupation)]
    if len(pairs):
        couplings = rng.normal(size=len(pairs)) + 1j * rng.normal(size=len(pairs))
        parts.append(ly.Family(ly.CoherentCoupling, pairs, strength=draw(st.sampled_from([0.2, 1.0])) * couplings))
        weights = (rng.normal(size=len(pairs)) + 0.1j, rng.normal(size=len(pairs)))
        parts.append(ly.Family(ly.SharedBath, pairs[::-1], weights=weights, rate=0.3, occupation=occupation))
    largest = 0.9 * damping.min() / 4 if stable else 1.0
    for mode in rng.permutation(modes)[: draw(st.integers(0, modes))].tolist():
        parts.append(ly.TwoPhotonDrive(f"m{mode}", largest * rng.random(), rng.uniform(0, 6)))
    if draw(st.booleans()):
        driven = rng.permutation(modes)[: draw(st.integers(1, modes))]
        parts.append(ly.Family(ly.OnePhotonDrive, driven, amplitude=rng.random(len(driven)), phase=0.7))
    if draw(st.booleans()):
        parts.append(ly.LocalBath("m0", 0.4, occupation + 0.5 * warm))
    parts = draw(st.permutations(parts))
    boxes = ly.Modes(modes, frequency=rng.uniform(0.5, 2.0, modes), detuning=draw(st.sampled_from([0.0, 1.0])))
    return ly.Network(boxes, parts, charger="m0", battery=[f"m{mode}" for mode in range(1, modes)])


def close(found: Any, expected: Any, names: tuple[str, ...], within: float) -> None:
    for name in names:
        scale = max(float(np.abs(expected[name]).max()), 1e-6)
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=within * scale, err_msg=name)


@given(networks())
def test_few_vectors_and_matrices_reach_one_steady_state(network: ly.Network) -> None:
    found, expected = (ly.steady_state(network, method=method) for method in ("sparse", "dense"))
    assert found.attrs["method"] == "low_rank"
    assert found.attrs["relative_residual"] <= 1e-10
    close(found, expected, MERITS, 1e-9)


@given(networks(warm=False, stable=False))
def test_few_vectors_and_matrices_charge_alike(network: ly.Network) -> None:
    """Stable or not; where a state is stretched far, det V = (passive + 1/2)^2 cancels to a rounding of E^2."""
    found, expected = (ly.charge(network, TIMES, method=method) for method in ("sparse", "dense"))
    assert found.attrs["method"] == "low_rank"
    close(found, expected, ("stored_energy", "charger_energy", "charging_power", "drive_work"), 1e-10)
    rounding = 1e-13 * expected.stored_energy**2 / (expected.passive_energy + 0.5) + 1e-13
    for name in ("passive_energy", "ergotropy"):
        assert (np.abs(found[name] - expected[name]) <= rounding).all()
    assert bool(found.is_stable) == bool(expected.is_stable)


@given(networks())
def test_each_modes_own_state_is_one_of_nature(network: ly.Network) -> None:
    """det V >= 1/4 for every mode, and 0 <= W <= E."""
    found = ly.steady_state(network, method="sparse")
    rounding = 1e-10 * max(1.0, float(found.stored_energy.max()))
    assert (found.passive_energy >= -rounding).all()
    assert (found.ergotropy >= 0).all()
    assert (found.ergotropy <= found.stored_energy + rounding).all()


@given(networks(warm=False))
def test_long_responses_are_steady_states(network: ly.Network) -> None:
    """What is left after t is exp(-2 a t) with a half of the smallest damping, 0.1, less twice 0.9/4 of it: 0.01."""
    late = ly.charge(network, [3000.0], method="sparse").isel(time=0)
    close(late, ly.steady_state(network, method="sparse"), MERITS, 1e-9)


@given(networks(warm=False, stable=False))
def test_what_the_drives_put_in_is_kept_or_lost(network: ly.Network) -> None:
    """With quanta of one energy in a cold network: work = energy stored + what the baths took, at all times.

    What they take is the integral of the flows of all baths, here from states that the dense method gives.
    """
    boxes = ly.Modes(len(network.modes), frequency=1.5)
    network = ly.Network(boxes, network.parts, network.charger, network.battery)
    times = np.linspace(0.0, 2.0, 41)
    found = ly.charge(network, times, method="sparse")
    stored = found.charger_energy + found.total_stored_energy if "total_stored_energy" in found else None
    if stored is None:
        stored = found.charger_energy + found.stored_energy
    equations = ly.moment_equations(network)
    state = ly.dense.propagate(equations, ly.states.vacuum(len(boxes)), times)
    flows = ly.merit.energy_flows(equations, state, network.frequencies)
    taken = sum(
        flow.sum(axis=-1)
        for flow, entry in zip(flows, equations.contributions, strict=True)
        if isinstance(entry.element, (ly.LocalBath, ly.SharedBath))
    )
    # Boole's rule over four intervals of width h: off by about h^6 times the sixth derivative, (2 |A| h)^6/2000.
    weights = np.array([7, 32, 12, 32, 7]) * 2 / 45 * (times[1] - times[0])
    lost = -np.array([weights @ taken[place : place + 5] for place in range(0, 40, 4)]).cumsum()
    reach = np.abs(equations.drift).sum(axis=0).max() * 2 * (times[1] - times[0])
    scale = max(float(np.abs(found.drive_work).max()), float(np.abs(lost).max()), 1e-3)
    balance = found.drive_work.values[4::4] - stored.values[4::4] - lost
    np.testing.assert_allclose(balance, 0.0, rtol=0, atol=scale * (reach**6 / 100 + 1e-12))


@given(networks(), st.randoms(use_true_random=False))
def test_relabelling_members_relabels_results(network: ly.Network, random: Any) -> None:
    order = list(range(len(network.modes)))
    random.shuffle(order)
    place = np.argsort(order)
    boxes = [network.modes[mode] for mode in order]

    def moved(part: Any) -> Any:
        if not isinstance(part, ly.Family):
            return part
        kind, numbers = type(part.pattern), part.pattern.parameters()
        if kind is ly.SharedBath:
            columns = part.places.shape[1]
            numbers = {"weights": tuple(numbers.pop(f"weights[{column}]") for column in range(columns)), **numbers}
        return ly.Family(kind, place[part.places], **numbers)

    other = ly.Network(boxes, [moved(part) for part in network.parts], network.charger, network.battery)
    one, two = (ly.steady_state(device, method="sparse") for device in (network, other))
    close(two, one, MERITS, 1e-9)


@given(networks())
def test_a_network_of_families_is_one_of_elements(network: ly.Network) -> None:
    single = ly.Network(tuple(network.modes), tuple(network.elements), network.charger, network.battery)
    assert single == network
    found, expected = ly.moment_equations(network), ly.moment_equations(single)
    for part in ("drift", "diffusion", "source", "forcing"):
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), rtol=0, atol=1e-14)
    assert [entry.element for entry in found.contributions] == [*network.modes, *network.elements]
