"""Network: checked when it is built."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import xarray as xr

import leyden as ly

A, B, C = (ly.Mode(name) for name in "abc")
BATH = ly.LocalBath("a", 1.0)


def network(modes=(A, B), elements=(BATH,), charger="a", battery="b", **more) -> ly.Network:
    return ly.Network(modes, elements, charger=charger, battery=battery, **more)


def test_sequences_become_tuples() -> None:
    found = ly.Network([A, B], [BATH], charger="a", battery=["a", "b"])
    assert found.modes == (A, B)
    assert found.elements == (BATH,)
    assert found.battery == ("a", "b")
    assert ly.Network((mode for mode in (A, B)), iter([BATH]), "a", "b").modes == (A, B)


def test_one_battery_or_several() -> None:
    assert network().batteries == ("b",)
    assert network(battery=("b", "a")).batteries == ("b", "a")
    assert network(charger="a", battery="a").batteries == ("a",)


def test_positions_follow_the_order(refuses) -> None:
    found = network(modes=(C, A, B))
    assert found.mode_names == ("c", "a", "b")
    assert [found.position(name) for name in "cab"] == [0, 1, 2]
    for unknown in ("z", None, 3):
        refuses("mode", lambda unknown=unknown: found.position(unknown), "be one of c, a, b")


def test_a_device_may_have_no_elements() -> None:
    assert network(elements=()).elements == ()
    assert network().name == "network"


@pytest.mark.parametrize(
    ("argument", "change", "words"),
    [
        ("modes", {"modes": ()}, "at least one Mode"),
        ("modes", {"modes": None}, "sequence of Mode"),
        ("modes", {"modes": A}, "sequence of Mode"),
        ("modes", {"modes": "ab"}, "Mode records only, but is 'a'"),
        ("modes", {"modes": (A, BATH)}, "Mode records only"),
        ("modes", {"modes": (A, B, A)}, "unlike names, but is 'a'. Rename"),
        ("elements", {"elements": None}, "sequence of Element"),
        ("elements", {"elements": BATH}, "sequence of Element"),
        ("elements", {"elements": "x"}, "Element records only"),
        ("elements", {"elements": (A,)}, "Element records only"),
        ("elements", {"elements": [ly.LocalBath("z", 1.0)]}, "in LocalBath(z), but is 'z'. The modes are a, b."),
        ("elements", {"elements": [ly.CoherentCoupling("a", "z", 1.0)]}, "in CoherentCoupling(a, z), but is 'z'"),
        ("elements", {"elements": [ly.SharedBath({"a": 1.0, "z": 1.0}, 1.0)]}, "'z'"),
        ("charger", {"charger": "z"}, "The modes are a, b."),
        ("charger", {"charger": None}, "be a string"),
        ("charger", {"charger": ["a"]}, "be a string"),
        ("battery", {"battery": "z"}, "The modes are a, b."),
        ("battery", {"battery": ["b", "z"]}, "'z'"),
        ("battery", {"battery": []}, "at least one"),
        ("battery", {"battery": None}, "sequence of names"),
        ("battery", {"battery": 3}, "sequence of names"),
        ("battery", {"battery": [["b"]]}, "sequence of names"),
        ("battery", {"battery": ["b", "a", "b"]}, "each mode once, but is 'b'"),
        ("name", {"name": 3}, "be a string"),
    ],
    ids=str,
)
def test_bad_devices_are_refused(refuses, argument: str, change: dict, words: str) -> None:
    refuses(argument, lambda: network(**change), words)


def test_long_lists_of_modes_are_cut_short(refuses) -> None:
    modes = [ly.Mode(f"m{place}") for place in range(2000)]
    listed = f"{', '.join(f'm{place}' for place in range(16))}, ... 2000 in all"
    refuses("charger", lambda: network(modes, (), "z", "m1"), f"but is 'z'. The modes are {listed}.")
    names = [mode.name for mode in modes]
    refuses("battery", lambda: network(modes, (), "m0", [*names, "m1999"]), "but is 'm1999'")
    refuses("mode", lambda: network(modes, (), "m0", "m1").position("z"), f"be one of {listed}, but")


def test_a_mistyped_mode_is_answered_by_the_nearest(refuses) -> None:
    modes = [ly.Mode(name) for name in ("charger", "storage")]
    nearest = "Did you mean 'storage'?"
    found = network(modes, (), "charger", "storage")
    error = refuses("mode", lambda: found.position("storge"), nearest)
    assert str(error).startswith("Argument `mode` must be one of charger, storage, but is 'storge'.")
    refuses("battery", lambda: network(modes, (), "charger", "storge"), nearest)
    refuses("charger", lambda: network(modes, (), "storge", "storage"), nearest)
    refuses("elements", lambda: network(modes, [ly.LocalBath("storge", 0.1)], "charger", "storage"), nearest)


def test_among_very_many_modes_none_is_searched_for(refuses, monkeypatch) -> None:
    """A comparison with a million names would take seconds; it is left out, and the rest of the message stays."""

    def never(*_names: object, **_options: object) -> list[str]:
        raise AssertionError

    found = ly.catalog.cascade(20_001, drive=0.1, damping=0.1)
    monkeypatch.setattr("difflib.get_close_matches", never)
    refuses("mode", lambda: found.position("m2x"), "m15, ... 20001 in all, but is 'm2x'.")


def test_the_common_shape_is_that_of_plain_arrays() -> None:
    wide = ly.LocalBath("a", np.ones((3, 1)), occupation=np.zeros(2))
    assert network().plain_shape == ()
    assert network(elements=[wide]).plain_shape == (3, 2)
    labelled = ly.LocalBath("b", xr.DataArray(np.ones(5), dims="x"))
    assert network(elements=[wide, labelled]).plain_shape == (3, 2)


def test_arrays_that_do_not_broadcast_are_refused(refuses) -> None:
    elements = [ly.LocalBath("a", np.ones(3)), ly.LocalBath("b", np.ones(2))]
    refuses("LocalBath(b).rate", lambda: network(elements=elements), "broadcasts against (3,)", "is (2,)", "DataArray")


def test_parameters_are_mapped_everywhere() -> None:
    elements = [BATH, ly.SharedBath({"a": 1.0, "b": 1j}, 3.0), ly.CoherentCoupling("a", "b", 2j)]
    found = network(elements=elements, battery=["a", "b"], name="mine").map_parameters(lambda value: 2 * value)
    assert [mode.frequency for mode in found.modes] == [2.0, 2.0]
    assert found.elements[0].rate == 2.0
    assert found.elements[1] == ly.SharedBath({"a": 2.0, "b": 2j}, 6.0)
    assert found.elements[2].strength == 4j
    assert (found.name, found.batteries, found.charger) == ("mine", ("a", "b"), "a")


def test_a_network_is_printed_in_a_line() -> None:
    """Whether its parts are families or single: nobody reads a million names."""
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    kinds = "TwoPhotonDrive, 2 LocalBath, SharedBath, CoherentCoupling"
    assert repr(device) == f"<Network two_photon_battery: 2 modes, charger charger, battery battery; {kinds}>"
    large = ly.catalog.cascade(100_000, drive=0.1, damping=0.1)
    assert "100000 modes, charger m0, battery m1, m2, m3, m4, ... 99999 in all; TwoPhotonDrive, 100000 Loc" in repr(
        large
    )
    small = ly.catalog.cascade(100, drive=0.1, damping=0.1)
    single = ly.Network(list(small.modes), list(small.elements), charger="m0", battery=small.battery, name="cascade")
    assert repr(single) == repr(small)


ODD = ["a\nb", "\x1b[31m", "a\0", "\ud800", "\u202e", "x" * 256]


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_names_are_printable(refuses, name: str) -> None:
    """Tables, terminals, netCDF and SVG show them: control characters and halves of characters fit in none."""
    allowed = "a printable string of 1 to 255 characters"
    refuses("name", lambda: ly.Mode(name), allowed)
    refuses("mode", lambda: ly.LocalBath(name, 1.0), allowed)
    refuses("second", lambda: ly.CoherentCoupling("a", name, 1.0), allowed)
    refuses("weights", lambda: ly.SharedBath({"a": 1.0, name: 1.0}, 1.0), allowed)
    refuses("names", lambda: ly.Modes(["a", name]), allowed)
    refuses("name", lambda: ly.Network([ly.Mode("a")], (), charger="a", battery="a", name=name), allowed)


def test_a_device_needs_no_name() -> None:
    assert ly.Network([ly.Mode("a")], (), charger="a", battery="a", name="").name == ""


def test_what_was_derived_of_a_device_stays_with_it() -> None:
    """Other parameters are another device; what is sent to a worker or copied takes nothing along."""
    found = network()
    found.derived["equations"] = "its own"
    others = [found.replace(**{"LocalBath(a).rate": 2.0}), pickle.loads(pickle.dumps(found)), copy.copy(found)]
    assert [other.derived for other in others] == [{}] * 3
    assert others[1] == found
    assert found.derived == {"equations": "its own"}


def test_arrays_are_told_from_numbers() -> None:
    assert network().arrays == ()
    labelled = xr.DataArray([1.0, 2.0], dims="rate")
    found = network(elements=(BATH, ly.LocalBath("b", labelled), ly.TwoPhotonDrive("a", np.array([0.1, 0.2]))))
    assert [(element.label, name) for element, name, _ in found.arrays] == [
        ("LocalBath(b)", "rate"),
        ("TwoPhotonDrive(a)", "amplitude"),
    ]
