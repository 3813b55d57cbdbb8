"""Parameters by address: of networks large and small the same ones, without opening what nobody names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.families import Family
from leyden.study import addresses
from leyden.study.devices import builder_of
from leyden.study.identity import network_words

LARGE = ly.catalog.cascade(5, drive=0.05, damping=np.float64(0.1))
# The same one, each element by itself.
SMALL = ly.Network(tuple(LARGE.modes), tuple(LARGE.elements), "m0", LARGE.battery, "cascade")


def test_a_family_has_the_addresses_of_its_members() -> None:
    assert any(isinstance(part, Family) for part in LARGE.parts)
    assert not any(isinstance(part, Family) for part in SMALL.parts)
    assert addresses(LARGE) == addresses(SMALL)
    assert len(LARGE.parameters) == len(addresses(SMALL))
    known = LARGE.parameters
    assert all(address in known for address in addresses(SMALL))


@pytest.mark.parametrize(
    "address",
    [
        "LocalBath(m5).rate",
        "LocalBath(m0, m1).rate",
        "LocalBath(m0).strength",
        "LocalBath(m0)",
        "SharedBath(m1, m0).rate",
        "SharedBath(m0, m1).weights[m2]",
        "SharedBath(m0, m1).weights[0]",
        "Mode(m9).frequency",
        "Mode(m0).name",
        "Mode(m0, m1).frequency",
        "Nothing(m0).rate",
        "",
        ").",
        "(",
    ],
)
def test_other_texts_are_no_address(address: str) -> None:
    for network in (LARGE, SMALL):
        assert network.parameters.places(address) == []
        assert address not in network.parameters
    assert 7 not in LARGE.parameters


VALUES: dict[str, Any] = {
    "LocalBath(m2).rate": 0.3,
    "LocalBath(m4).occupation": 0.2,
    "LocalBath(m0).rate": 0.4,
    "SharedBath(m1, m2).weights[m2]": 0.6j,
    "SharedBath(m1, m2).rate": 1.2,
    "CoherentCoupling(m2, m3).strength": 0.1 - 0.2j,
    "TwoPhotonDrive(m0).amplitude": 0.07,
    "Mode(m3).detuning": 0.2,
}


@pytest.mark.parametrize("names", [*([name] for name in VALUES), list(VALUES)])
def test_members_that_are_named_change(names: list[str]) -> None:
    """Every element as in the network of single ones, in the same order; and the same steady state."""
    chosen = {name: VALUES[name] for name in names}
    large, small = LARGE.replace(**chosen), SMALL.replace(**chosen)
    assert tuple(large.elements) == tuple(small.elements)
    assert tuple(large.modes) == tuple(small.modes)
    assert tuple(small.elements) != tuple(SMALL.elements) or tuple(small.modes) != tuple(SMALL.modes)
    xr.testing.assert_allclose(ly.steady_state(large), ly.steady_state(small), rtol=1e-12)
    assert LARGE.replace() == LARGE


def test_parameters_of_each_member_stay_its_own() -> None:
    rates = np.linspace(0.1, 0.5, 5)
    baths = ly.Family(ly.LocalBath, range(5), rate=rates)
    network = ly.Network(ly.Modes(5), [baths, ly.TwoPhotonDrive("m0", 0.01)], "m0", "m1")
    changed = network.replace(**{"LocalBath(m1).rate": 0.9, "LocalBath(m2).rate": 0.8})
    assert [part.rate for part in changed.elements[:5]] == [0.1, 0.9, 0.8, rates[3], 0.5]
    assert len(changed.parts) == 5  # what is left before, two members, what is left behind, the drive


def test_names_that_read_like_two() -> None:
    """The comma of a name is no comma between names: such networks are opened, and every address is one."""
    names = ["a", "a, a", "a).rate"]
    elements = [
        ly.Family(ly.LocalBath, [[0], [1], [2]], rate=0.1),
        ly.Family(ly.CoherentCoupling, [[0, 1]], strength=0.2),
    ]
    network = ly.Network(ly.Modes(names), elements, "a", "a, a")
    assert "LocalBath(a, a).rate" in network.parameters
    assert "LocalBath(a).rate).rate" in network.parameters
    changed = network.replace(**{"CoherentCoupling(a, a, a).strength": 0.5, "LocalBath(a).rate).rate": 0.7})
    assert (changed.elements[2].rate, changed.elements[3].strength) == (0.7, 0.5)
    assert [element.rate for element in changed.elements[:2]] == [0.1, 0.1]


def test_what_a_family_shares_with_another_element_is_no_address() -> None:
    network = ly.Network(
        ly.Modes(3), [ly.Family(ly.LocalBath, range(3), rate=0.1), ly.LocalBath("m1", 0.2)], "m0", "m1"
    )
    assert "LocalBath(m0).rate" in network.parameters
    assert "LocalBath(m1).rate" not in network.parameters
    assert "LocalBath(m1).rate" not in addresses(network)
    with pytest.raises(ParameterError, match="2 elements share the address"):
        builder_of(network).refuse_names(["LocalBath(m1).rate"], [])


def test_no_member_is_made_that_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2,000 modes and 6,000 elements, one: the rest stays in its families from the axes to the result."""
    network = ly.catalog.cascade(2000, drive=0.1, damping=0.1)
    made: list[int] = []
    member = Family.member

    def counted(self: Family, index: int, names: Any) -> Any:
        made.append(index)
        return member(self, index, names)

    monkeypatch.setattr(Family, "member", counted)
    found = ly.sweep(network, {"LocalBath(m7).rate": [0.1, 0.2]})
    assert set(made) == {7}
    monkeypatch.undo()
    # What comes before the seventh mode feels nothing of it, and neither does a chain of eight of what comes behind.
    short = ly.catalog.cascade(9, drive=0.1, damping=0.1)
    one = ly.sweep(short, {"LocalBath(m7).rate": [0.1, 0.2]})
    np.testing.assert_allclose(
        found.stored_energy.sel(mode=[f"m{place}" for place in range(1, 8)]),
        one.stored_energy.sel(mode=[f"m{place}" for place in range(1, 8)]),
        rtol=1e-8,
    )


def test_words_change_when_a_device_does() -> None:
    devices = [LARGE, SMALL, *(LARGE.replace(**{name: value}) for name, value in VALUES.items())]
    devices.append(ly.Network(ly.Modes(5, 2.0), LARGE.parts, "m0", LARGE.battery, "cascade"))
    assert len({network_words(device) for device in devices}) == len(devices)
    assert network_words(ly.catalog.cascade(5, drive=0.05, damping=0.1)) == network_words(LARGE)


def test_the_values_of_parameters() -> None:
    for network in (LARGE, SMALL):
        assert network.parameters["LocalBath(m2).rate"] == 0.1
        assert dict(network.parameters) == {address: network.parameters[address] for address in network.parameters}
    assert dict(LARGE.parameters) == dict(SMALL.parameters)
    changed = SMALL.replace(**VALUES)
    assert {address: changed.parameters[address] for address in VALUES} == VALUES
    assert {**changed.parameters, **{address: SMALL.parameters[address] for address in VALUES}} == dict(
        SMALL.parameters
    )
    with pytest.raises(KeyError):
        LARGE.parameters["LocalBath(m9).rate"]


def test_what_is_no_parameter_is_not_replaced(refuses) -> None:
    refuses("parameters", lambda: SMALL.replace(drive=0.1), "be among Mode(m0).frequency, ")
    error = refuses("parameters", lambda: SMALL.replace(**{"LocalBath(m1).rat": 0.1}))
    assert "Did you mean 'LocalBath(m1).rate'?" in str(error)
    twice = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.1), ly.LocalBath("a", 0.2)], "a", "a")
    refuses("parameters", lambda: twice.replace(**{"LocalBath(a).rate": 0.1}), "2 elements share this address")
    refuses("rate", lambda: SMALL.replace(**{"LocalBath(m1).rate": -0.1}))


def test_parameters_are_told_in_a_line() -> None:
    first = "Mode(m0).frequency, Mode(m0).detuning, Mode(m1).frequency, Mode(m1).detuning"
    assert repr(SMALL.parameters) == f"<parameters {first}, ... {len(SMALL.parameters)} in all>"
