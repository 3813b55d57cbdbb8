"""Families: one record for many elements must be those elements, in every respect."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import leyden as ly

PARTS = ("drift", "diffusion", "source", "forcing")
NAMES = ("m0", "m1", "m2", "m3")


def mixed(values: np.ndarray) -> ly.Network:
    """A device of families with unlike members."""
    pairs = np.array([[0, 1], [2, 1], [3, 0]])
    return ly.Network(
        ly.Modes(4, frequency=1.0 + values[:4], detuning=values[4:8] - 0.5),
        [
            ly.TwoPhotonDrive("m1", 0.03, 0.4),
            ly.Family(ly.OnePhotonDrive, [0, 3], amplitude=values[:2], phase=values[2:4]),
            ly.Family(ly.LocalBath, range(4), rate=0.2 + values[:4], occupation=values[4:8]),
            ly.Family(ly.CoherentCoupling, pairs, strength=values[:3] + 1j * values[3:6]),
            ly.Family(ly.SharedBath, pairs, weights=(0.5, values[:3] - 1j), rate=values[5:8]),
        ],
        charger="m0",
        battery=["m1", "m3"],
    )


def one_by_one(network: ly.Network) -> ly.Network:
    return ly.Network(tuple(network.modes), tuple(network.elements), network.charger, network.battery)


@given(st.lists(st.floats(0.01, 1.0), min_size=8, max_size=8).map(np.array))
def test_a_family_is_its_members(values: np.ndarray) -> None:
    network = mixed(values)
    single = one_by_one(network)
    found, expected = ly.moment_equations(network), ly.moment_equations(single)
    for part in PARTS:
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), rtol=0, atol=1e-15, err_msg=part)
    assert [part.element for part in found.contributions] == [
        *network.modes,
        *network.elements,
    ]
    for one, other in zip(found.contributions, expected.contributions, strict=True):
        assert one.element == other.element
        assert one.modes == other.modes
        np.testing.assert_array_equal(one.drift, other.drift)


def test_members_are_a_sequence_of_elements() -> None:
    network = mixed(np.linspace(0.1, 0.8, 8))
    members = network.elements
    assert len(members) == 1 + 2 + 4 + 3 + 3
    assert members[0] == ly.TwoPhotonDrive("m1", 0.03, 0.4)
    assert members[-1] == ly.SharedBath(
        {"m3": 0.5, "m0": members[-1].weights["m0"]}, rate=network.parts[-1].pattern.rate[-1]
    )
    assert members[3:5] == tuple(members)[3:5]
    assert members == tuple(members)
    assert tuple(members) == members
    assert members != tuple(members)[1:]
    assert list(members) == [members[place] for place in range(len(members))]
    with pytest.raises(IndexError):
        members[13]
    assert len(network.parts) == 5


def test_modes_are_a_sequence_of_modes() -> None:
    modes = ly.Modes(["a", "b"], frequency=[1.0, 2.0] @ np.eye(2), detuning=0.5)
    assert modes[1] == ly.Mode("b", 2.0, 0.5)
    assert modes[:1] == (ly.Mode("a", 1.0, 0.5),)
    assert modes == [ly.Mode("a", 1.0, 0.5), ly.Mode("b", 2.0, 0.5)]
    assert modes != ly.Modes(["a", "b"])
    assert ly.Modes(2) == ly.Modes(["m0", "m1"])
    assert ly.Modes(2) != ly.Modes(["m0", "m2"])
    assert ly.Modes(2) != ly.Modes(3)
    assert [mode.name for mode in ly.Modes(3)] == ["m0", "m1", "m2"]


def test_networks_of_families_are_equal_travel_and_are_replaced() -> None:
    network = mixed(np.linspace(0.1, 0.8, 8))
    assert pickle.loads(pickle.dumps(network)) == network
    assert network == one_by_one(network)
    assert network != mixed(np.linspace(0.1, 0.9, 8))
    assert network.map_parameters(lambda value: value) == network


def test_device_files_hold_families_member_by_member(tmp_path: Any) -> None:
    network = ly.catalog.lattice(2, 2, drive=0.02, damping=0.1, coupling=0.25 + 0.1j)
    ly.write_device(network, tmp_path / "lattice.toml")
    assert ly.read_device(tmp_path / "lattice.toml") == network


def test_a_family_cannot_be_changed() -> None:
    family = ly.Family(ly.LocalBath, [0, 1], rate=0.1)
    with pytest.raises(AttributeError, match="frozen"):
        family.places = np.zeros((1, 1))  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        family.places[0] = 1
    assert repr(family) == "Family(LocalBath, 2 members)"


@pytest.mark.parametrize(
    ("name", "kind", "places", "parameters"),
    [
        ("kind", ly.Network, [0], {"rate": 0.1}),
        ("places", ly.LocalBath, [0.5], {"rate": 0.1}),
        ("places", ly.LocalBath, [-1], {"rate": 0.1}),
        ("places", ly.LocalBath, [], {"rate": 0.1}),
        ("places", ly.LocalBath, None, {"rate": 0.1}),
        ("places", ly.LocalBath, "ab", {"rate": 0.1}),
        ("places", ly.LocalBath, [True, False], {"rate": 0.1}),
        ("places", ly.LocalBath, [[0], [1, 2]], {"rate": 0.1}),
        ("places", ly.LocalBath, [2**70], {"rate": 0.1}),
        ("places", ly.LocalBath, np.array([2**63], dtype=np.uint64), {"rate": 0.1}),
        ("places", ly.LocalBath, np.zeros((1, 1, 1), dtype=int), {"rate": 0.1}),
        ("kind", ly.LocalBath("a", 0.1), [0], {"rate": 0.1}),
        ("kind", ly.Mode, [0], {"detuning": 0.1}),
        ("rate", ly.LocalBath, [0, 1], {"rate": xr.DataArray([0.1, 0.2, 0.3], dims="cell")}),
        ("rate", ly.LocalBath, [0], {"rate": "fast"}),
        ("rate", ly.LocalBath, [0], {"rate": 0.1j}),
        ("weights", ly.SharedBath, [[0, 1]], {"rate": 0.1}),
        ("weights[0]", ly.SharedBath, [[0, 1]], {"weights": (np.nan, 1.0), "rate": 0.1}),
        ("places", ly.LocalBath, [[0, 1]], {"rate": 0.1}),
        ("places", ly.CoherentCoupling, [0, 1], {"strength": 0.1}),
        ("places", ly.CoherentCoupling, [[0, 1], [2, 2]], {"strength": 0.1}),
        ("rate", ly.LocalBath, [0, 1], {"rate": -0.1}),
        ("rate", ly.LocalBath, [0, 1], {"rate": np.array([0.1, np.nan])}),
        ("rate", ly.LocalBath, [0, 1], {"rate": np.array([0.1, 0.2, 0.3])}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": {"a": 1.0}, "rate": 0.1}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": (1.0,), "rate": 0.1}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": np.ones((3, 2)), "rate": 0.1}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": np.array(1.0), "rate": 0.1}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": "12", "rate": 0.1}),
        ("weights", ly.SharedBath, [[0, 1]], {"weights": xr.DataArray([1.0, 2.0], dims="x"), "rate": 0.1}),
    ],
)
def test_bad_families_are_refused(refuses: Any, name: str, kind: Any, places: Any, parameters: dict[str, Any]) -> None:
    refuses(name, lambda: ly.Family(kind, places, **parameters))


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        (
            "parameters",
            {"rat": 0.1},
            "those of LocalBath (rate, occupation, squeezing, squeezing_phase), but is 'rat'. Did you mean 'rate'?",
        ),
        (
            "parameters",
            {"rate": 0.1, "mode": "m0"},
            "those of LocalBath (rate, occupation, squeezing, squeezing_phase), but is 'mode'.",
        ),
        (
            "rate",
            {"occupation": 0.1},
            "given for a family of LocalBath (rate, occupation, squeezing, squeezing_phase), but is None.",
        ),
    ],
)
def test_unknown_and_missing_parameters_are_named(
    refuses: Any, name: str, parameters: dict[str, Any], words: str
) -> None:
    """The constructor of the pattern, which the user never called, is not what complains."""
    error = refuses(name, lambda: ly.Family(ly.LocalBath, [0, 1], **parameters), words)
    assert str(error).endswith(words)


@pytest.mark.parametrize("weights", [np.array([0.5, 1j]), np.array([[0.5, 0.25], [1j, 2j]]), np.array([1, 2])])
def test_weights_may_be_an_array(weights: np.ndarray) -> None:
    """Rows belong to the columns of places, as the entries of a sequence do."""
    found = ly.Family(ly.SharedBath, [[0, 1], [2, 3]], weights=weights, rate=0.1)
    assert found == ly.Family(ly.SharedBath, [[0, 1], [2, 3]], weights=tuple(weights), rate=0.1)
    assert found.member(1, NAMES).weights == {"m2": weights[0].flat[-1], "m3": weights[1].flat[-1]}


def test_modes_take_numbers_and_names_of_numpy() -> None:
    assert ly.Modes(np.int64(3)).names == ("m0", "m1", "m2")
    assert ly.Modes(np.array(["a", "b"])).names == ("a", "b")  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [0, -1, np.int64(-1), np.float64(2.0), np.bool_(True)], ids=repr)
def test_the_number_of_modes_is_said_as_given(refuses: Any, number: Any) -> None:
    refuses("names", lambda: ly.Modes(number), f"at least one, but is {number!r}.")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("names", (0,)),
        ("names", ("ab",)),
        ("names", (["a", ""],)),
        ("names", (True,)),
        ("frequency", (2, -1.0)),
        ("frequency", (2, np.ones(3))),
        ("detuning", (2, 1.0, np.array([0.0, np.inf]))),
        ("frequency", (2, xr.DataArray([1.0, 2.0, 3.0], dims="cell"))),
    ],
)
def test_bad_modes_are_refused(refuses: Any, name: str, arguments: tuple[Any, ...]) -> None:
    refuses(name, lambda: ly.Modes(*arguments))


def test_networks_refuse_places_beyond_their_modes(refuses: Any) -> None:
    family = ly.Family(ly.LocalBath, [0, 4], rate=0.1)
    refuses("elements", lambda: ly.Network(ly.Modes(4), [family], "m0", "m1"), "below 4")
    refuses("modes", lambda: ly.Network(ly.Modes(["a", "a"]), [], "a", "a"), "unlike names")


def test_members_of_other_modes_are_other_elements() -> None:
    family = ly.Family(ly.LocalBath, [0, 1], rate=0.1)
    first = ly.Network(ly.Modes(["a", "b"]), [family], "a", "b")
    second = ly.Network(ly.Modes(["c", "d"]), [family], "c", "d")
    assert first.elements != second.elements
    assert list(first.elements) != list(second.elements)
    renamed = replace(first, modes=second.modes, charger="c", battery="d")
    assert renamed.elements == second.elements


def test_members_are_reached_as_in_any_sequence() -> None:
    members = mixed(np.linspace(0.1, 0.8, 8)).elements
    assert members[np.int64(2)] == members[2]
    assert members[-13] == members[0]
    assert members[::-1] == tuple(members)[::-1]
    assert members.index(members[5]) == 5
    assert members[5] in members
    assert (members == 3) is False
    for index in (13, -14):
        with pytest.raises(IndexError):
            members[index]
    with pytest.raises(TypeError):
        members[0.5]  # type: ignore[call-overload]


def test_messages_name_members_and_no_columns_of_their_pattern(refuses: Any) -> None:
    """A pattern stands on no modes of the device: "0" and "1" would be the columns of its places."""
    baths = ly.Family(ly.LocalBath, [0, 1, 2, 3], rate=0.5)
    kerr = ly.Network(ly.Modes(4), [baths, ly.Family(ly.Kerr, [1, 2], strength=[0.1, 0.2])], "m0", "m1")
    with pytest.raises(ly.NonGaussianError, match=r"Kerr\(m1\) has 4") as caught:
        ly.moment_equations(kerr)
    assert caught.value.element == ly.Kerr("m1", 0.1)
    assert "Kerr(m1) and 1 more" in ly.stability(kerr).attrs["linear_part"]
    dephased = ly.Network(ly.Modes(4), [baths, ly.Family(ly.Dephasing, [2, 1, 3], rate=0.1)], "m0", "m1")
    assert ly.steady_state(dephased).attrs["not_gaussian"].startswith("Dephasing(m2) and 2 more leaves")
    fast = ly.Family(ly.LocalBath, [0, 1, 2, 3], rate=[0.5, 0.5, 1e200, 0.5])
    refuses(
        "network", lambda: ly.steady_state(ly.Network(ly.Modes(4), [fast], "m0", "m1")), "LocalBath(m2) with 1e+200"
    )
