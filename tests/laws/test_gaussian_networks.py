"""The laws of every Gaussian network (physics.md, section 6), on random networks of one to four modes.

All elements occur, with complex weights and couplings, warm and cold baths, stable devices and devices far above
threshold. A coupling only turns the state and a bath only damps it, so that a device is stable for sure if every
two-photon drive is below a quarter of the smallest local damping.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden import merit, states
from leyden.algebra import eigenvalues
from leyden.conventions import symplectic_form
from leyden.dense import propagate, propagate_with_rates, steady_state

TIMES = np.array([0.0, 0.1, 1.0, 4.0])
COUPLINGS = (ly.CoherentCoupling, ly.ParametricCoupling, ly.PositionCoupling)
BATHS = (ly.LocalBath, ly.SharedBath, ly.Gain)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_subnormal=False).map(lambda value: round(value, 6))


def complex_numbers(size: float) -> st.SearchStrategy[complex]:
    return st.builds(complex, numbers(-size, size), numbers(-size, size))


@dataclass(frozen=True)
class Recipe:
    """Elements over the modes "0", "1", ...; kept apart from the Network, so that it can be changed and stacked."""

    modes: int
    frequencies: tuple[float, ...]
    detunings: tuple[float, ...]
    elements: tuple[Any, ...]

    def network(self, names: tuple[str, ...] | None = None, order: tuple[int, ...] | None = None) -> ly.Network:
        """The device, with its modes called and ordered as one likes."""
        names = names or tuple(str(place) for place in range(self.modes))
        boxes = [
            ly.Mode(names[place], self.frequencies[place], self.detunings[place])
            for place in (order or range(self.modes))
        ]
        elements = [renamed(element, names) for element in self.elements]
        return ly.Network(boxes, elements, charger=names[0], battery=names[-1])

    def equations(self) -> ly.MomentEquations:
        return ly.moment_equations(self.network())

    def without(self, *kinds: type) -> Recipe:
        return replace(self, elements=tuple(entry for entry in self.elements if not isinstance(entry, kinds)))


def renamed(element: Any, names: tuple[str, ...]) -> Any:
    if isinstance(element, ly.SharedBath):
        return replace(element, weights={names[int(mode)]: weight for mode, weight in element.weights.items()})
    if isinstance(element, COUPLINGS):
        return replace(element, first=names[int(element.first)], second=names[int(element.second)])
    return replace(element, mode=names[int(element.mode)])


@st.composite
def recipes(
    draw: st.DrawFn, *, stable: bool = True, occupation: float | None = None, least: int = 1, drives: bool = True
) -> Recipe:
    """Devices of all elements; of passive ones alone, with baths of one temperature, where drives are left out."""
    modes = draw(st.integers(least, 4))
    names = [str(place) for place in range(modes)]
    warmth = numbers(0, 2) if occupation is None else st.just(occupation)
    damping = [draw(numbers(0.2, 2) if stable else numbers(0, 1)) for _ in names]
    is_squeezed = drives and occupation is None

    def squeezing() -> tuple[float, float]:
        return (draw(numbers(-1, 1)), draw(numbers(-4, 4))) if is_squeezed and draw(st.booleans()) else (0.0, 0.0)

    elements: list[Any] = [
        ly.LocalBath(name, rate, draw(warmth), *squeezing()) for name, rate in zip(names, damping, strict=True) if rate
    ]
    for first, second in itertools.combinations(names, 2):
        if draw(st.booleans()):
            elements.append(ly.CoherentCoupling(first, second, draw(complex_numbers(1.5))))
    for _ in range(draw(st.integers(0, 2))):
        weights = {name: draw(complex_numbers(1)) for name in names if draw(st.booleans())}
        if any(weights.values()):
            elements.append(ly.SharedBath(weights, draw(numbers(0, 1)), draw(warmth), *squeezing()))
    # What amplifies stays, taken together, below the damping of every mode: 2 eps + gain/2 + |chi| of all its links.
    largest = 0.45 * min(damping) / 4 if stable else 1.0
    if is_squeezed:
        for first, second in itertools.combinations(names, 2):
            most = 0.06 * min(damping) if stable else 0.5
            if draw(st.booleans()):
                elements.append(ly.ParametricCoupling(first, second, draw(complex_numbers(most / 2))))
            elif draw(st.booleans()):
                elements.append(ly.PositionCoupling(first, second, draw(numbers(-most, most))))
        if draw(st.booleans()):
            elements.append(ly.Gain(draw(st.sampled_from(names)), 0.09 * draw(numbers(0, 1)) * largest, draw(warmth)))
    for name in names if drives else ():
        if draw(st.booleans()):
            elements.append(ly.TwoPhotonDrive(name, largest * draw(numbers(0, 1)), draw(numbers(-4, 4))))
        if draw(st.booleans()):
            elements.append(ly.OnePhotonDrive(name, draw(numbers(0, 1)), draw(numbers(-4, 4))))
    frequencies, detunings = (tuple(draw(numbers(low, 2)) for _ in names) for low in (0.5, -2))
    return Recipe(modes, frequencies, detunings, tuple(draw(st.permutations(elements))))


@st.composite
def prepared(draw: st.DrawFn, modes: int) -> states.GaussianState:
    """Displaced, squeezed or thermal modes side by side."""
    return states.product(
        *(
            draw(
                st.one_of(
                    st.just(states.vacuum(1)),
                    complex_numbers(2).map(states.coherent),
                    st.builds(states.squeezed, numbers(0, 1), numbers(-4, 4)),
                    numbers(0, 2).map(states.thermal),
                )
            )
            for _ in range(modes)
        )
    )


def energies(state: states.GaussianState, recipe: Recipe) -> Any:
    return np.stack([merit.energy(state, mode, recipe.frequencies[mode]) for mode in range(recipe.modes)])


def size_of(*arrays: Any) -> float:
    return max(1.0, *(float(np.max(np.abs(array), initial=0.0)) for array in arrays))


@given(st.data(), st.booleans())
def test_uncertainty_relation(data: st.DataObject, stable: bool) -> None:
    """V + i Omega/2 >= 0 at all times, up to the rounding of V: a hundred times 1e-16 of its size."""
    recipe = data.draw(recipes(stable=stable))
    state = propagate(recipe.equations(), data.draw(prepared(recipe.modes)), TIMES)
    form = 0.5j * symplectic_form(recipe.modes)
    for covariance in state.covariance:
        assert np.linalg.eigvalsh(covariance + form).min() >= -1e-14 * size_of(covariance)


@given(st.data(), st.booleans())
def test_ergotropy_lies_between_nothing_and_all(data: st.DataObject, stable: bool) -> None:
    """0 <= W <= E, W + passive = E, and the parts add up; far above threshold to the rounding of E."""
    recipe = data.draw(recipes(stable=stable))
    state = propagate(recipe.equations(), data.draw(prepared(recipe.modes)), TIMES)
    for mode in range(recipe.modes):
        energy, work, passive = (f(state, mode) for f in (merit.energy, merit.ergotropy, merit.passive_energy))
        rounding = 1e-14 * np.maximum(np.abs(energy), size_of(state.excess) * 1e-2)
        assert (work >= 0).all()
        assert (passive >= 0).all()
        assert (work <= energy + rounding).all()
        assert (np.abs(work + passive - energy) <= 10 * rounding).all()


@given(st.data(), numbers(0, 3))
def test_passive_states_give_nothing(data: st.DataObject, occupation: float) -> None:
    """Thermal modes, and every device that has come to rest with baths of one temperature and no drive."""
    recipe = data.draw(recipes(occupation=occupation, drives=False))
    thermal = states.thermal(np.full(recipe.modes, occupation))
    steady, stable = steady_state(recipe.equations())
    assert bool(stable)
    for mode in range(recipe.modes):
        assert merit.ergotropy(thermal, mode) == 0.0
        # Second order in the rounding of the state.
        assert merit.ergotropy(steady, mode) <= 1e-24


@given(st.data(), st.booleans())
def test_energy_flows_are_complete(data: st.DataObject, stable: bool) -> None:
    """dE/dt of each mode: the sum over all elements, the propagated rate and the slope are one number."""
    recipe = data.draw(recipes(stable=stable))
    equations = recipe.equations()
    start = data.draw(prepared(recipe.modes))
    state, rates = propagate_with_rates(equations, start, TIMES)
    size = size_of(state.excess, state.mean**2) * size_of(equations.drift, equations.forcing)
    total = np.zeros((recipe.modes, len(TIMES)))
    flows = merit.energy_flows(equations, state, recipe.frequencies)
    for entry, flow in zip(equations.contributions, flows, strict=True):
        for place, mode in enumerate(entry.modes):
            total[mode] += flow[:, place]
    power = np.stack([merit.power(state, rates, mode, recipe.frequencies[mode]) for mode in range(recipe.modes)])
    np.testing.assert_allclose(total, power, rtol=0, atol=1e-13 * size * recipe.modes)
    # Central difference of step h = 1e-5: h^2/6 times the third derivative, up to |A|^3 E, plus 1e-16 E/h.
    step = 1e-5
    beside = propagate(equations, start, np.array([1.0 - step, 1.0 + step]))
    slope = np.diff(energies(beside, recipe))[:, 0] / (2 * step)
    np.testing.assert_allclose(power[:, 2], slope, rtol=0, atol=1e-10 * size * size_of(equations.drift) ** 2 * 100)


@given(st.data())
def test_long_propagation_is_the_steady_state(data: st.DataObject) -> None:
    """What is left after forty decay times of the slowest mode is rounding."""
    recipe = data.draw(recipes())
    equations = recipe.equations()
    steady, stable = steady_state(equations)
    assert bool(stable)
    slowest = -np.max(eigenvalues(equations.drift).real)
    late = propagate(equations, data.draw(prepared(recipe.modes)), np.array([40 / slowest]))
    tolerance = 1e-13 * size_of(equations.drift) / slowest * size_of(steady.excess, steady.mean)
    np.testing.assert_allclose(late.excess[0], steady.excess, rtol=0, atol=tolerance)
    np.testing.assert_allclose(late.mean[0], steady.mean, rtol=0, atol=tolerance)


@given(st.data(), st.booleans())
def test_propagation_composes(data: st.DataObject, stable: bool) -> None:
    """From 0 to 1 and from there to 4 is from 0 to 4."""
    recipe = data.draw(recipes(stable=stable))
    equations, start = recipe.equations(), data.draw(prepared(recipe.modes))
    whole = propagate(equations, start, TIMES)
    half = states.GaussianState(mean=whole.mean[2], excess=whole.excess[2])
    rest = propagate(equations, half, np.array([3.0]))
    for found, expected in ((rest.excess[0], whole.excess[3]), (rest.mean[0], whole.mean[3])):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * size_of(whole.excess, whole.mean) * 10)


@given(st.data(), st.booleans())
def test_a_batch_is_the_loop_over_its_members(data: st.DataObject, stable: bool) -> None:
    """Every second parameter becomes an array of three values; the others stay numbers."""
    recipe = data.draw(recipes(stable=stable))
    scales = np.array([1.0, 0.7, 0.9])

    def scaled(element: Any, factor: Any) -> Any:
        chosen = list(element.parameters().items())[::2]
        return element.with_parameters({name: value * factor for name, value in chosen})

    batch = replace(recipe, elements=tuple(scaled(element, scales) for element in recipe.elements))
    start = data.draw(prepared(recipe.modes))
    found = propagate(batch.equations(), start, TIMES)
    resting, stability = steady_state(batch.equations())
    for index, scale in enumerate(scales):
        one = replace(recipe, elements=tuple(scaled(element, scale) for element in recipe.elements))
        single = propagate(one.equations(), start, TIMES)
        shape = (*np.broadcast_shapes(found.shape, (3, len(TIMES))), 2 * recipe.modes)
        mean = np.broadcast_to(found.mean, shape)[index]
        excess = np.broadcast_to(found.excess, (*shape, 2 * recipe.modes))[index]
        size = size_of(single.excess, single.mean)
        np.testing.assert_allclose(mean, single.mean, rtol=0, atol=1e-12 * size)
        np.testing.assert_allclose(excess, single.excess, rtol=0, atol=1e-12 * size)
        alone, verdict = steady_state(one.equations())
        assert bool(np.broadcast_to(stability, (3,))[index]) == bool(verdict)
        if bool(verdict):
            both = np.broadcast_to(resting.excess, (3, *alone.excess.shape))[index]
            slowest = -np.max(eigenvalues(one.equations().drift).real)
            tolerance = 1e-14 * size_of(one.equations().drift) / slowest * size_of(alone.excess)
            np.testing.assert_allclose(both, alone.excess, rtol=0, atol=10 * tolerance)


@given(st.data())
def test_relabelling_modes_relabels_results(data: st.DataObject) -> None:
    """Other names and another order of the quadratures: the same numbers under the new names."""
    recipe = data.draw(recipes(least=2))
    names = tuple("wxyz"[: recipe.modes])
    order = tuple(data.draw(st.permutations(range(recipe.modes))))
    for measure in (ly.steady_state, lambda network: ly.charge(network, TIMES)):
        one = measure(recipe.network())
        other = measure(recipe.network(names, order))
        # Ratios of energies that rounding alone makes are no numbers worth comparing.
        for name in ("stored_energy", "ergotropy", "passive_energy", "charger_energy", "charging_power", "is_stable"):
            expected = np.asarray(one[name], dtype=float)
            scale = max(1.0, float(np.max(np.abs(expected))))
            np.testing.assert_allclose(other[name], expected, rtol=0, atol=1e-12 * scale, err_msg=name)
    permuted = ly.moment_equations(recipe.network(names, order)).drift
    place = [2 * mode + quadrature for mode in order for quadrature in (0, 1)]
    np.testing.assert_allclose(permuted, recipe.equations().drift[np.ix_(place, place)], rtol=0, atol=1e-14)


@given(st.data())
def test_phases_of_the_modes_are_a_matter_of_taste(data: st.DataObject) -> None:
    """a_j -> a_j e^{i phi_j} turns couplings, weights, drives and squeezing, and leaves every energy alone."""
    # Positions single out a phase.
    recipe = data.draw(recipes()).without(ly.PositionCoupling)
    turns = [data.draw(numbers(-4, 4)) for _ in range(recipe.modes)]

    def turned(element: Any) -> Any:
        if isinstance(element, ly.SharedBath):
            weights = {mode: weight * np.exp(1j * turns[int(mode)]) for mode, weight in element.weights.items()}
            return replace(element, weights=weights)
        if isinstance(element, ly.LocalBath):
            return replace(element, squeezing_phase=element.squeezing_phase - 2 * turns[int(element.mode)])
        if isinstance(element, ly.ParametricCoupling):
            angle = turns[int(element.first)] + turns[int(element.second)]
            return replace(element, strength=element.strength * np.exp(-1j * angle))
        if isinstance(element, ly.CoherentCoupling):
            angle = turns[int(element.first)] - turns[int(element.second)]
            return replace(element, strength=element.strength * np.exp(1j * angle))
        if isinstance(element, ly.TwoPhotonDrive):
            return replace(element, phase=element.phase + 2 * turns[int(element.mode)])
        if isinstance(element, ly.OnePhotonDrive):
            return replace(element, phase=element.phase + turns[int(element.mode)])
        return element

    other = replace(recipe, elements=tuple(turned(element) for element in recipe.elements))
    one, two = (propagate(entry.equations(), states.vacuum(recipe.modes), TIMES) for entry in (recipe, other))
    np.testing.assert_allclose(energies(two, recipe), energies(one, recipe), rtol=1e-12, atol=1e-13)
    for mode in range(recipe.modes):
        np.testing.assert_allclose(merit.ergotropy(two, mode), merit.ergotropy(one, mode), rtol=1e-12, atol=1e-13)


@given(st.data(), st.sampled_from([1e-6, 1e-2, 1e3, 1e9]))
def test_only_products_of_rates_and_times_count(data: st.DataObject, scale: float) -> None:
    recipe = data.draw(recipes())
    rates = ("rate", "amplitude", "strength")

    def faster(element: Any) -> Any:
        return element.with_parameters(
            {name: value * scale for name, value in element.parameters().items() if name in rates}
        )

    fast = Recipe(
        recipe.modes,
        recipe.frequencies,
        tuple(scale * detuning for detuning in recipe.detunings),
        tuple(faster(element) for element in recipe.elements),
    )
    start = data.draw(prepared(recipe.modes))
    for times in (TIMES, np.linspace(0, 4, 5)):
        one = propagate(recipe.equations(), start, times)
        other = propagate(fast.equations(), start, times / scale)
        np.testing.assert_allclose(other.excess, one.excess, rtol=0, atol=1e-13 * size_of(one.excess))
        np.testing.assert_allclose(other.mean, one.mean, rtol=0, atol=1e-13 * size_of(one.mean))


@given(st.data(), st.booleans())
def test_the_vacuum_stays_the_vacuum(data: st.DataObject, stable: bool) -> None:
    """At temperature zero without drives: exactly, not up to rounding."""
    recipe = data.draw(recipes(stable=stable, occupation=0.0, drives=False))
    equations = recipe.equations()
    assert not np.any(equations.source)
    for times in (TIMES, np.linspace(0, 1e3, 5)):
        state, rates = propagate_with_rates(equations, states.vacuum(recipe.modes), times)
        for array in (state.mean, state.excess, *rates):
            assert not np.any(array)
    if stable:
        assert not np.any(steady_state(equations)[0].excess)


@given(st.data(), numbers(0, 3))
def test_thermal_stays_thermal(data: st.DataObject, occupation: float) -> None:
    """One common occupation, no drives, whatever the couplings: each of a few hundred operations rounds n."""
    recipe = data.draw(recipes(occupation=occupation, drives=False))
    start = states.thermal(np.full(recipe.modes, occupation))
    state = propagate(recipe.equations(), start, np.array([0.0, 0.5, 2.0, 20.0]))
    size = size_of(recipe.equations().drift)
    expected = np.broadcast_to(start.excess, state.excess.shape)
    np.testing.assert_allclose(state.excess, expected, rtol=0, atol=1e-14 * size * max(occupation, 0.1))
    steady, _ = steady_state(recipe.equations())
    slowest = -np.max(eigenvalues(recipe.equations().drift).real)
    np.testing.assert_allclose(steady.excess, start.excess, rtol=0, atol=1e-14 * size / slowest * max(occupation, 0.1))


@given(st.data(), numbers(0, 3))
def test_only_drives_feed_the_excess(data: st.DataObject, occupation: float) -> None:
    """With baths of one occupation n, V - (n + 1/2) has the source (n + 1/2)(A_d + A_d^T) of the two-photon drives."""
    recipe = data.draw(recipes(occupation=occupation))
    equations = recipe.equations()
    source = equations.source + occupation * (equations.drift + equations.drift.T)
    drives = Recipe(recipe.modes, recipe.frequencies, (0.0,) * recipe.modes, recipe.elements)
    driven = drives.without(*BATHS, ly.CoherentCoupling).equations().drift
    np.testing.assert_allclose(
        source, (occupation + 0.5) * (driven + driven.T), rtol=0, atol=1e-14 * size_of(source) * 8
    )
    count = sum(isinstance(element, ly.TwoPhotonDrive) for element in recipe.elements)
    assert np.linalg.matrix_rank(source, tol=1e-12) <= 2 * count


@given(st.data())
def test_unitary_devices_keep_their_entropy(data: st.DataObject) -> None:
    """Without baths the symplectic eigenvalues stay; without two-photon drives the purity of each start does."""
    recipe = data.draw(recipes(stable=False)).without(*BATHS)
    start = data.draw(prepared(recipe.modes))
    state = propagate(recipe.equations(), start, TIMES)
    largest = size_of(state.covariance)
    assume(largest < 1e6)
    values = states.symplectic_eigenvalues(state)
    # Rounding of V, its largest entry over its smallest eigenvalue.
    np.testing.assert_allclose(values, np.broadcast_to(values[0], values.shape), rtol=1e-14 * largest**2 * 10, atol=0)


@given(st.data())
def test_couplings_alone_conserve_the_quanta(data: st.DataObject) -> None:
    recipe = data.draw(recipes(drives=False)).without(*BATHS)
    state = propagate(recipe.equations(), data.draw(prepared(recipe.modes)), TIMES)
    quanta = sum(merit.energy(state, mode) for mode in range(recipe.modes))
    np.testing.assert_allclose(quanta, quanta[0], rtol=1e-13, atol=1e-14)


def test_the_recipes_reach_everything() -> None:
    """The strategy itself: all sizes, all elements, both sides of threshold occur among what it draws."""
    seen: set[Any] = set()

    @settings(max_examples=300)
    @given(recipes(stable=False))
    def collect(recipe: Recipe) -> None:
        seen.update({recipe.modes, "stable" if steady_state(recipe.equations())[1] else "unstable"})
        seen.update(type(element) for element in recipe.elements)

    collect()
    kinds = {*BATHS, *COUPLINGS, ly.OnePhotonDrive, ly.TwoPhotonDrive}
    assert {1, 2, 3, 4, "stable", "unstable"} | kinds <= seen
