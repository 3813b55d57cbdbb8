"""Records: equal by content, hashed where they are equal, and nobody changes them from outside."""

from __future__ import annotations

import copy
import functools
import pickle
from dataclasses import dataclass, replace
from typing import Any

import array_api_strict
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.elements import Element
from leyden.model.elements.record import parameter
from leyden.records import FrozenDict, frozen, hash_of, is_same

GRID = np.array([0.05, 0.1])
LABELLED = xr.DataArray(GRID, dims="drive", coords={"drive": [1.0, 2.0]})


def battery(drive: Any = 0.05, **change: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(**{"drive": drive, "charger_damping": 0.1, "battery_damping": 0.1} | change)


PAIRS = [
    battery,
    lambda: battery(GRID),
    lambda: battery(LABELLED),
    lambda: battery(array_api_strict.asarray([0.05, 0.1])),
    lambda: ly.catalog.cascade(5, drive=0.1, damping=0.1),
    lambda: ly.LocalBath("a", np.array([0.1, 0.2])),
    lambda: ly.SharedBath({"a": GRID, "b": 1j}, 1.0),
    lambda: ly.Family(ly.LocalBath, [0, 1], rate=GRID),
    lambda: ly.states.vacuum(1),
    lambda: ly.states.thermal([0.1, 0.2]),
    lambda: ly.LocalBath("a", GRID).jumps()[0],
    lambda: ly.TwoPhotonDrive("a", GRID).hamiltonian()[0],
]


@pytest.mark.parametrize("make", PAIRS)
def test_records_of_equal_content_are_equal_and_share_their_hash(make: Any) -> None:
    first, second = make(), make()
    assert (first == second) is True
    assert (first != second) is False
    assert hash(first) == hash(second)
    assert {first: 1}[second] == 1
    assert pickle.loads(pickle.dumps(first)) == first
    assert (first == "something else") is False


@pytest.mark.parametrize(
    "other",
    [
        battery(0.06),
        battery(GRID),
        battery(GRID + 1e-17 * 8),
        battery(GRID[:1]),
        battery(LABELLED),
        battery(LABELLED.assign_coords(drive=[1.0, 3.0])),
        battery(LABELLED.rename(drive="x")),
        battery(phase=GRID),
        battery(coupling=0.1),
        replace(battery(), name="other"),
        replace(battery(), battery="charger"),
        ly.catalog.one_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1),
    ],
    ids=range(12),
)
def test_one_difference_is_enough(other: ly.Network) -> None:
    for known in (battery(), battery(np.array([0.05, 0.2])), battery(LABELLED * 1.5)):
        assert (known == other) is False
        assert (other == known) is False


def test_states_differ_by_one_number() -> None:
    assert ly.states.thermal(0.1) != ly.states.thermal(0.2)
    assert ly.states.coherent(0.1) != ly.states.vacuum(1)
    assert ly.states.vacuum(1) != ly.states.vacuum(2)


def test_devices_are_keys_of_a_cache() -> None:
    calls = []

    @functools.lru_cache
    def energy(network: ly.Network) -> float:
        calls.append(network)
        return float(ly.steady_state(network).stored_energy)

    assert [energy(battery(drive)) for drive in (0.05, 0.1, 0.05)][2] == energy(battery(0.05))
    assert len(calls) == 2


def test_devices_of_a_loop_have_hashes_of_their_own() -> None:
    """Else a cache of them would be searched one by one."""
    loops = (battery, lambda x: ly.catalog.cascade(500, drive=x, damping=0.1), lambda x: battery(GRID * x))
    for make in loops:
        assert len({hash(make(x)) for x in (0.1, 0.2, 0.3)}) == 3


def test_equal_numbers_have_equal_hashes() -> None:
    """As Python has it for 1, 1.0 and 1 + 0j; and zero has no sign."""
    one, other = ly.LocalBath("a", np.array([0.0, 1.0])), ly.LocalBath("a", np.array([-0.0, 1.0]))
    assert one == other
    assert hash(one) == hash(other)
    real, complex_ = (ly.CoherentCoupling("a", "b", np.array([1.0, 2.0], dtype=kind)) for kind in (float, complex))
    assert real == complex_
    assert hash(real) == hash(complex_)
    assert hash_of(np.int64(3)) == hash_of(3.0)
    assert is_same(np.float64(3), 3)


def test_a_family_equals_its_members_with_one_hash() -> None:
    many = ly.Network(ly.Modes(2), [ly.Family(ly.LocalBath, [0, 1], rate=0.1)], "m0", "m1")
    single = ly.Network([ly.Mode("m0"), ly.Mode("m1")], [ly.LocalBath("m0", 0.1), ly.LocalBath("m1", 0.1)], "m0", "m1")
    assert many == single
    assert hash(many) == hash(single)


@dataclass(frozen=True)
class Own(Element):
    """An element as a user writes it."""

    mode: str
    rate: Any = parameter("nonnegative")


def test_elements_of_users_are_equal_by_content_too() -> None:
    assert Own("a", GRID) == Own("a", GRID)
    assert Own("a", GRID) != Own("a", 2 * GRID)
    assert len({Own("a", 0.1), Own("a", 0.1)}) == 1


@pytest.mark.parametrize(
    "read",
    [
        lambda given: ly.TwoPhotonDrive("a", given).amplitude,
        lambda given: battery(given).elements[0].amplitude,
        lambda given: battery(xr.DataArray(given, dims="x")).elements[0].amplitude.values,
        lambda given: ly.SharedBath({"a": given}, 1.0).weights["a"],
        lambda given: ly.Family(ly.LocalBath, [0, 1], rate=given).pattern.rate,
        lambda given: ly.Modes(2, frequency=given).family.pattern.frequency,
        lambda given: ly.GaussianState.from_moments(given, np.eye(2)).mean,
        lambda given: ly.GaussianState(mean=given, excess=np.zeros((2, 2))).mean,
        lambda given: ly.charge(battery(), given).time.values,
        lambda given: ly.LocalBath("a", array_api_strict.asarray(given, copy=False)).rate,
    ],
    ids=range(10),
)
def test_what_the_caller_does_to_his_array_changes_no_record(read: Any) -> None:
    given = np.array([0.1, 0.2])
    found = read(given)
    given[0] = -5.0
    assert float(found[0]) == 0.1


def test_arrays_of_records_cannot_be_written() -> None:
    found = battery(GRID).elements[0].amplitude
    with pytest.raises(ValueError, match="read-only"):
        found[0] = -1.0
    for state in (ly.states.vacuum(1), ly.states.thermal(0.1)):
        with pytest.raises(ValueError, match="read-only"):
            state.excess[0, 0] = -1.0
    weights = ly.SharedBath({"a": 1.0}, 1.0).weights
    for change in (
        lambda: weights.__setitem__("a", 2.0),
        lambda: weights.update(b=1.0),
        lambda: weights.pop("a"),
        weights.clear,
    ):
        with pytest.raises(TypeError, match="frozen record"):
            change()
    assert weights == {"a": 1.0}


def test_a_copy_is_made_once() -> None:
    """A grid of a million numbers goes through several records on its way to the engine."""
    found = ly.TwoPhotonDrive("a", GRID).amplitude
    assert found is not GRID
    assert ly.TwoPhotonDrive("b", found).amplitude is found
    assert frozen(found[::2]).base is found  # a view of what is frozen is frozen


def test_an_array_that_repeats_itself_stays_small() -> None:
    wide = np.broadcast_to(np.array([[0.1], [0.2]]), (2, 10**6))
    found = frozen(wide)
    assert found.shape == wide.shape
    assert found.strides[1] == 0
    assert found[1, 5] == 0.2
    assert frozen(np.broadcast_to(0.5, (3,))).tolist() == [0.5] * 3


def test_a_frozen_dict_is_a_dict() -> None:
    found = FrozenDict({"a": GRID, "b": 1.0})
    assert isinstance(found, dict)
    assert found == {"a": GRID.copy(), "b": 1.0}
    assert found != {"a": GRID}
    assert hash(found) == hash(FrozenDict({"b": 1.0, "a": GRID.copy()}))
    assert type(copy.deepcopy(found)) is FrozenDict
    assert pickle.loads(pickle.dumps(found)) == found
