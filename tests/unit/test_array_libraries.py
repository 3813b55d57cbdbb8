"""Arrays of another library: the same numbers as NumPy, and they stay in that library from end to end.

array-api-strict offers the array API standard and nothing else, and refuses to mix with NumPy: what it takes, any
library takes. Tolerances: the same operations in the same order, but for sums, where a few roundings may differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import array_api_strict
import numpy as np
import pytest

import leyden as ly
from leyden import dense, merit, states
from leyden.arrays import namespace_of, to_numpy

STRICT = namespace_of(array_api_strict.asarray(1.0))
RNG = np.random.default_rng(3)
COUNT = 5
PARAMETERS: dict[str, Any] = {
    "drive": RNG.uniform(0.01, 0.1, COUNT),
    "charger_damping": RNG.uniform(0.1, 1, COUNT),
    "battery_damping": RNG.uniform(0.1, 1, COUNT),
    "shared_rate": RNG.uniform(0.5, 1, COUNT),
    "charger_weight": RNG.normal(size=COUNT) + 1j * RNG.normal(size=COUNT),
    "battery_weight": RNG.normal(size=COUNT),
    "detuning": RNG.normal(size=COUNT),
    "phase": RNG.normal(size=COUNT),
    "occupation": RNG.random(COUNT),
    "frequency": 1 + RNG.random(COUNT),
}
BUILDERS = [ly.catalog.two_photon_battery, ly.catalog.one_photon_battery]
GRIDS = {"even": np.linspace(0, 5, 9), "odd": np.array([0.0, 0.2, 1.0, 7.0]), "later": np.array([2.0, 3.0, 4.0])}
STARTS = {
    "vacuum": states.vacuum(2),
    "displaced": states.product(states.coherent(1 - 2j), states.squeezed(0.4, 0.3)),
    "strict": states.thermal(STRICT.asarray([0.5, 1.0])),
}
SINGLE = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.3}


def pair(build, names=tuple(PARAMETERS), given: Any = None) -> tuple[ly.Network, ly.Network]:
    """The device with the named parameters in the other library, and all in NumPy."""
    given = PARAMETERS if given is None else given
    strict = {name: STRICT.asarray(value) if name in names else value for name, value in given.items()}
    return build(**strict), build(**given)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, states.GaussianState):
        yield from (value.mean, value.excess)
    else:
        yield value


def assert_same(found: Any, expected: Any) -> None:
    pairs = list(zip(leaves(found), leaves(expected), strict=True))
    assert pairs
    for one, other in pairs:
        assert namespace_of(one) is STRICT
        np.testing.assert_allclose(to_numpy(one), to_numpy(other), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("part", ["drift", "diffusion", "source", "forcing"])
def test_moment_equations(build, part: str) -> None:
    strict, plain = pair(build)
    assert_same(getattr(ly.moment_equations(strict), part), getattr(ly.moment_equations(plain), part))
    for one, other in zip(
        ly.moment_equations(strict).contributions, ly.moment_equations(plain).contributions, strict=True
    ):
        assert_same(getattr(one, part), getattr(other, part))


@pytest.mark.parametrize("name", PARAMETERS)
def test_one_array_carries_the_rest_along(name: str) -> None:
    """All other parameters are NumPy arrays, or numbers."""
    for given in (PARAMETERS, SINGLE | {name: PARAMETERS[name]}):
        strict, plain = pair(BUILDERS[0], (name,), given)
        equations = ly.moment_equations(strict)
        if name != "frequency" or given is PARAMETERS:  # energies alone depend on frequencies
            assert_same(equations.drift, np.broadcast_to(ly.moment_equations(plain).drift, equations.drift.shape))
        found = ly.steady_state(strict)
        assert_same(found.stored_energy.data, ly.steady_state(plain).stored_energy.values)


@pytest.mark.parametrize("build", BUILDERS)
def test_steady_states(build) -> None:
    strict, plain = pair(build)
    found, expected = (dense.steady_state(ly.moment_equations(network)) for network in (strict, plain))
    assert_same(found[0], expected[0])
    assert namespace_of(found[1]) is STRICT
    assert to_numpy(found[1]).all()


def test_unstable_and_singular_members() -> None:
    drives = {"drive": np.array([0.1, 0.3, 0.05]), "charger_damping": 0.1, "battery_damping": np.array([0.1, 0.1, 0.0])}
    strict, plain = pair(BUILDERS[0], ("drive", "battery_damping"), drives | {"shared_rate": 0.5})
    found, expected = (dense.steady_state(ly.moment_equations(network)) for network in (strict, plain))
    assert_same(found[0], expected[0])
    assert to_numpy(found[1]).tolist() == expected[1].tolist()
    dead = {"drive": np.array([0.0, 0.01]), "charger_damping": np.array([0.0, 1.0]), "battery_damping": 1.0}
    strict, _ = pair(BUILDERS[0], ("drive", "charger_damping"), dead | {"shared_rate": 0.0})
    assert to_numpy(dense.steady_state(ly.moment_equations(strict))[1]).tolist() == [False, True]


@pytest.mark.parametrize("modes", [2, 4, 7])
def test_chains_of_any_length(modes: int) -> None:
    damping = np.linspace(0.1, 0.2, 5)
    strict, plain = (
        ly.catalog.cascade(modes, drive=0.05, damping=kind(damping)) for kind in (STRICT.asarray, np.asarray)
    )
    assert_same(dense.steady_state(ly.moment_equations(strict))[0], dense.steady_state(ly.moment_equations(plain))[0])


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("build", BUILDERS)
def test_propagation_work_and_merits(build, start: str, grid: str) -> None:
    times = GRIDS[grid]
    results = []
    for network in pair(build):
        equations = ly.moment_equations(network)
        initial = STARTS[start]
        if network is not None and namespace_of(equations.drift) is np:
            initial = states.GaussianState(mean=to_numpy(initial.mean), excess=to_numpy(initial.excess))
        state, rates = dense.propagate_with_rates(equations, initial, times)
        frequencies = [mode.frequency for mode in network.modes]
        late = [frequency[:, None] for frequency in frequencies]
        results.append(
            [
                state,
                *rates,
                dense.propagate(equations, initial, times),
                dense.drive_work(equations, frequencies, initial, state, times),
                *(
                    evaluate(state, 1, late[1])
                    for evaluate in (
                        merit.energy,
                        merit.ergotropy,
                        merit.passive_energy,
                        merit.squeezing_ergotropy,
                        merit.displacement_ergotropy,
                    )
                ),
                merit.power(state, rates, 1, late[1]),
                merit.energy_flows(equations.over_time(), state, late),
                merit.ratio(merit.ergotropy(state, 1), merit.energy(state, 1)),
            ]
        )
    assert_same(*results)


@pytest.mark.parametrize("modes", [[0], [1, 0]], ids=str)
@pytest.mark.parametrize(
    "evaluate", [states.symplectic_eigenvalues, states.purity, states.entropy, states.thermal_quanta]
)
def test_properties_of_states(evaluate, modes: list[int]) -> None:
    strict, plain = (dense.steady_state(ly.moment_equations(network))[0] for network in pair(BUILDERS[0]))
    assert_same(evaluate(strict.reduced(modes)), evaluate(plain.reduced(modes)))
    assert_same(strict.covariance, plain.covariance)


def test_moments_from_outside() -> None:
    mean, covariance = np.array([1.0, 2.0]), np.array([[0.8, 0.1], [0.1, 0.7]])
    found = states.GaussianState.from_moments(STRICT.asarray(mean), STRICT.asarray(covariance))
    assert_same(found, states.GaussianState.from_moments(mean, covariance))
    mixed = states.GaussianState.from_moments(mean, STRICT.asarray(covariance))
    assert_same(mixed, states.GaussianState.from_moments(mean, covariance))


@pytest.mark.parametrize("start", STARTS)
def test_numbers_with_a_state_of_the_other_library(start: str) -> None:
    """A device of numbers takes the library of its initial state."""
    network = BUILDERS[0](**SINGLE)
    initial = STARTS[start]
    strict = states.GaussianState(mean=STRICT.asarray(initial.mean), excess=STRICT.asarray(initial.excess))
    plain = states.GaussianState(mean=to_numpy(initial.mean), excess=to_numpy(initial.excess))
    for times in GRIDS.values():
        found, expected = ly.charge(network, times, initial=strict), ly.charge(network, times, initial=plain)
        for name in ("stored_energy", "ergotropy", "charging_power", "drive_work"):
            assert_same(found[name].data, expected[name].values)
    equations = ly.moment_equations(network)
    assert_same(merit.energy_flows(equations, strict, [1.0, 2.0]), merit.energy_flows(equations, plain, [1.0, 2.0]))
    assert_same(equations.rates(strict.mean, strict.excess), equations.rates(plain.mean, plain.excess))


@pytest.mark.parametrize("build", BUILDERS)
def test_datasets_hold_the_arrays(build) -> None:
    strict, plain = pair(build)
    for measure in (ly.steady_state, lambda network: ly.charge(network, GRIDS["even"])):
        found, expected = measure(strict), measure(plain)
        assert found.sizes == expected.sizes
        for name, value in expected.data_vars.items():
            assert namespace_of(found[name].data) is STRICT, name
            np.testing.assert_allclose(to_numpy(found[name].data), value.values, rtol=1e-12, atol=1e-14, err_msg=name)
    assert ly.stability(strict).is_stable.values.tolist() == ly.stability(plain).is_stable.values.tolist()
    np.testing.assert_allclose(ly.critical_drive(strict), ly.critical_drive(plain), rtol=1e-14)


def test_single_devices_of_arrays_without_axes() -> None:
    strict = BUILDERS[0](**{name: STRICT.asarray(value) for name, value in SINGLE.items()})
    plain = BUILDERS[0](**SINGLE)
    assert_same(ly.steady_state(strict).stored_energy.data, ly.steady_state(plain).stored_energy.values)
    with pytest.raises(ly.UnstableError, match="critical amplitude"):
        ly.steady_state(BUILDERS[0](**(SINGLE | {"drive": STRICT.asarray(0.3)})))


def test_several_batteries() -> None:
    drive = np.array([0.01, 0.05])
    strict, plain = (ly.catalog.cascade(3, drive=kind(drive), damping=0.1) for kind in (STRICT.asarray, np.asarray))
    for name in ("total_ergotropy", "total_charging_power", "ergotropy", "total_conversion_ratio"):
        found, expected = (ly.charge(network, [0.0, 1.0, 2.0])[name] for network in (strict, plain))
        assert_same(found.data, expected.values)


def test_larger_networks() -> None:
    """Sixteen modes: too many unknowns for one dense solve of them all."""

    def energies(drive: Any) -> Any:
        return ly.steady_state(ly.catalog.cascade(16, drive=drive, damping=0.3)).stored_energy.data

    drives = np.array([0.02, 0.1, 0.3])  # the last is beyond the threshold
    found = energies(STRICT.asarray(drives))
    assert namespace_of(found) is STRICT
    np.testing.assert_allclose(to_numpy(found), energies(drives), rtol=1e-11)
