"""Families and many modes in device files: one table each, exact round trips, sizes checked before anything is made."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.files import device_record, device_tables, device_text, parse_device, read_device, write_device

HEAD = 'charger = "m0"\nbattery = "m1"\n[modes]\nnames = 5\n'
BATHS = HEAD + '[[families]]\nkind = "local_bath"\nrate = 1.0\nplaces = '
LINKS = HEAD + '[[families]]\nkind = "coherent_coupling"\nplaces = { first = [0, 1], members = 4 }\nstrength = '


def family_of(text: str) -> Any:
    return parse_device(text + "\n", "my.toml").parts[0]


def refusal(text: str) -> str:
    with pytest.raises(ParameterError) as caught:
        parse_device(text, "my.toml")
    message = str(caught.value)
    assert "my.toml" in message
    assert "\n" not in message
    assert len(message) <= 300
    return message


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("[4, 0, 2]", [4, 0, 2]),
        ("[[4], [0]]", [4, 0]),
        ("{ first = 1, members = 3 }", [1, 2, 3]),
        ("{ first = [0], members = 3, step = 2 }", [0, 2, 4]),
    ],
)
def test_the_forms_of_places(places: str, expected: list[int]) -> None:
    assert family_of(BATHS + places) == ly.Family(ly.LocalBath, expected, rate=1.0)


@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        ("0.5", 0.5),
        ("{ re = 0, im = 1 }", 1j),
        ("[1, 2.5, 3, 4]", np.array([1, 2.5, 3, 4])),
        ("[1, { re = 0, im = 1 }, 3, 4]", np.array([1, 1j, 3, 4])),
        ("{ re = [1, 2, 3, 4], im = -0.5 }", np.array([1, 2, 3, 4]) - 0.5j),
        ("{ re = [1, 2, 3, 4], im = [0, 1, 0, 1] }", np.array([1, 2 + 1j, 3, 4 + 1j])),
    ],
)
def test_the_forms_of_numbers(strength: str, expected: Any) -> None:
    places = [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert family_of(LINKS + strength) == ly.Family(ly.CoherentCoupling, places, strength=expected)


def test_the_whole_of_a_device() -> None:
    text = """
    charger = "a"
    battery = { first = 1, members = 2 }
    [modes]
    names = ["a", "b", "c"]
    detuning = [0.0, 0.1, 0.2]
    [[elements]]
    kind = "one_photon_drive"
    mode = "a"
    amplitude = 0.1
    [[families]]
    kind = "local_bath"
    after = 0
    places = [0, 1, 2]
    rate = [1, 2, 3]
    [[families]]
    kind = "shared_bath"
    places = [[0, 1], [1, 2]]
    weights = [1.0, [0.5, { re = 0.0, im = 1.0 }]]
    rate = 0.5
    """
    found = parse_device(text, "device.toml")
    expected = ly.Network(
        ly.Modes(["a", "b", "c"], detuning=np.array([0.0, 0.1, 0.2])),
        [
            ly.Family(ly.LocalBath, [0, 1, 2], rate=np.array([1.0, 2.0, 3.0])),
            ly.OnePhotonDrive("a", 0.1),
            ly.Family(ly.SharedBath, [[0, 1], [1, 2]], weights=(1.0, np.array([0.5, 1j])), rate=0.5),
        ],
        charger="a",
        battery=["b", "c"],
        name="device",
    )
    assert found == expected
    assert found.parts == expected.parts


# Round trips.

numbers = st.floats(allow_nan=False, allow_infinity=False)
rates = st.floats(min_value=0.0, allow_infinity=False)


def some(value: st.SearchStrategy[float], members: int) -> st.SearchStrategy[Any]:
    return value | st.lists(value, min_size=members, max_size=members).map(np.asarray)


@st.composite
def networks(draw: st.DrawFn) -> ly.Network:
    """Of families just above and just below the size from which they have tables of their own."""
    modes = draw(st.integers(66, 70))
    parts: list[Any] = []
    for _ in range(draw(st.integers(0, 4))):
        members = draw(st.integers(63, 66))
        kind = draw(st.sampled_from(["bath", "link", "shared", "single"]))
        first = draw(st.integers(0, modes - members))
        places = np.arange(members) + first
        if draw(st.booleans()):
            places = np.random.default_rng(members).permutation(places)
        pairs = np.stack([places, (places + 1) % modes], axis=1)
        if kind == "bath":
            parts.append(
                ly.Family(
                    ly.LocalBath,
                    places,
                    rate=draw(some(rates, members)),
                    squeezing=draw(some(st.floats(-2, 2), members)),
                )
            )
        elif kind == "link":
            strength = draw(some(numbers, members)) + 1j * np.asarray(draw(some(numbers, members)))
            parts.append(ly.Family(ly.CoherentCoupling, pairs, strength=strength))
        elif kind == "shared":
            parts.append(ly.Family(ly.SharedBath, pairs, weights=(1.0, draw(some(numbers, members))), rate=1.0))
        else:
            parts.append(ly.OnePhotonDrive("m0", 0.5))
    names: Any = modes if draw(st.booleans()) else [f"a.{place}" for place in range(modes)]
    several = ly.Modes(names, detuning=draw(some(numbers, modes)))
    parts = [part if isinstance(part, ly.Family) else ly.OnePhotonDrive(several.names[0], 0.5) for part in parts]
    battery = draw(st.sampled_from([several.names[1], several.names[1:], several.names[::2], several.names[1:][::-1]]))
    return ly.Network(several, parts, several.names[0], battery)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_the_round_trip_is_exact(network: ly.Network) -> None:
    text = device_text(network)
    again = parse_device(text)
    assert again == network
    assert {"elements": []} | tomllib.loads(text) == device_tables(network)
    assert max(line.count(".") for line in text.splitlines()) < 32
    kept = device_record(network)
    if "left_out" not in kept:
        assert parse_device(kept) == network


def test_a_family_that_stands_before_elements_stays_there() -> None:
    parts = [
        ly.OnePhotonDrive("m0", 0.1),
        ly.Family(ly.LocalBath, range(100), rate=1.0),
        ly.OnePhotonDrive("m1", 0.1),
        ly.Family(ly.Gain, range(100), rate=0.1),
        ly.Family(ly.LocalBath, range(100), rate=2.0),
    ]
    network = ly.Network(ly.Modes(100), parts, "m0", "m1")
    for text in (device_text(network), device_record(network)):
        assert parse_device(text).parts == network.parts
    assert [family.get("after") for family in device_tables(network)["families"]] == [1, None, None]


def test_few_members_have_tables_of_their_own() -> None:
    """As before there were families in files: people change single elements of such a file."""
    text = device_text(ly.catalog.cascade(8, drive=0.1, damping=0.1))
    assert "families" not in text
    assert text.count('kind = "local_bath"') == 8


@pytest.mark.parametrize("modes", [100, 100_000])
def test_a_long_chain_is_a_short_file(modes: int) -> None:
    chain = ly.catalog.cascade(modes, drive=0.1, damping=0.1)
    for text in (device_text(chain), device_record(chain)):
        assert len(text) < 2000
        again = parse_device(text)
        assert again == chain
        assert again.parts == chain.parts


def test_results_of_long_chains_carry_them() -> None:
    chain = ly.catalog.cascade(200, drive=0.01, damping=1.0)
    assert ly.read_device(ly.steady_state(chain)) == chain


def test_results_of_long_arrays_do_not() -> None:
    baths = ly.Family(ly.LocalBath, range(5000), rate=np.linspace(1.0, 2.0, 5000))
    network = ly.Network(ly.Modes(5000), [baths], "m0", "m1")
    assert 'left_out = ["modes", "elements"]' in device_record(network)


def test_a_hundred_thousand_modes_of_their_own_take_a_second(tmp_path: Path) -> None:
    """Every number another one: 6 10^5 of them. The limit is wide, for machines that are busy."""
    random, modes = np.random.default_rng(1), 100_000
    network = ly.Network(
        ly.Modes(modes, detuning=random.normal(size=modes)),
        [
            ly.Family(ly.LocalBath, random.permutation(modes), rate=random.random(modes)),
            ly.Family(ly.PositionCoupling, np.stack([np.arange(modes - 1), np.arange(1, modes)], 1), strength=0.1),
        ],
        "m0",
        "m1",
    )
    begin = time.process_time()
    write_device(network, tmp_path / "large.toml")
    again = read_device(tmp_path / "large.toml")
    assert time.process_time() - begin < 10.0
    assert again == network


# Faults.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BATHS + "[]", ", line 8: Argument `families[0].places` must be positions of modes"),
        (BATHS + "[0, true]", "`families[0].places` must be positions of modes"),
        (BATHS + "[[0], [1, 2]]", "`families[0].places` must be positions of modes"),
        (BATHS + "[-1]", "`families[0].places` must be positions of modes"),
        (BATHS + "[1e3]", "`families[0].places` must be positions of modes"),
        (BATHS + f"[1{'0' * 30}]", "`families[0].places` must be positions of modes"),
        (BATHS + "[0, 5]", "`families[0].places` must have places below 5, the number of modes, but is 5."),
        (BATHS + "[[0, 1]]", "`families[0].places` must have 1 column"),
        (BATHS + "{ first = 0, members = 6 }", "must have places below 5, the number of modes, but is 5."),
        (BATHS + "{ first = 0, members = 1000000000000 }", "must have places below 5, the number of modes, but"),
        (BATHS + "{ first = 0 }", "`families[0].places` must have the key 'members', but has only first."),
        (BATHS + "{ first = 0, members = 0 }", "`families[0].places.members` must be a whole number from 1, but is 0"),
        (BATHS + "{ first = 0, members = 1, step = 0 }", "`families[0].places.step` must be a whole number from 1"),
        (BATHS + "{ first = -1, members = 1 }", "`families[0].places.first` must hold whole numbers from 0, but is -1"),
        (BATHS + "{ first = 0, member = 1 }", "but has 'member'. Did you mean 'members'?"),
        (
            BATHS + "[0]\nafter = 1",
            "`families[0].after` must be the number of elements before it, at most 0, but is 1.",
        ),
        (
            BATHS + "[0]\nmode = 1",
            "must have no keys but kind, after, places, rate, occupation, squeezing, squeezing_p",
        ),
        (BATHS.replace("1.0", "[1.0, 2.0]") + "[0]", "`families[0].rate` must be a number, or an array of shape (1,)"),
        (BATHS.replace("1.0", "[1.0, true]") + "[0, 1]", "`families[0].rate[1]` must be a number, but is True."),
        (
            BATHS.replace("1.0", "[1.0, -1.0]") + "[0, 1]",
            "`families[0].rate` must be finite and not negative",
        ),
        (BATHS.replace("1.0", f"[1{'0' * 400}]") + "[0]", "`families[0].rate[0]` must be a number below 1.8e308"),
        (BATHS.replace("rate = 1.0", "") + "[0]", "`families[0]` must have the key 'rate'"),
        (BATHS.replace("local_bath", "lokal_bath") + "[0]", "Did you mean 'local_bath'?"),
        (
            BATHS + "[0]\noccupation = { square = { start = 0, stop = 1 } }",
            "`families[0].occupation` must be a number, but is",
        ),
        (LINKS + "{ re = [1, 2], im = [1, 2, 3] }", "`families[0].strength.im` must be as many as the real parts, 2"),
        (LINKS + "{ re = [1, 2], in = 3 }", "must be a number or a table { re = ..., im = ... } of two"),
        (LINKS + '[1, "x", 3, 4]', "`families[0].strength[1]` must be a number"),
        (HEAD.replace("5", "0"), "`modes.names` must be the number of modes, or a sequence of names, at least one"),
        (HEAD.replace("5", "1000000000000"), "`modes.names` must be at most 4000000 modes, but is 1000000000000."),
        (HEAD.replace("5", '["m0", 1]'), "`modes.names[1]` must be a string, but is 1."),
        (HEAD.replace("5", '["m0", "m0"]'), "Rename one of the modes."),
        (HEAD + "detuning = [1, 2]", "`modes.detuning` must be a number, or an array of shape (5,)"),
        (HEAD + "damping = 1", "`modes` must have no keys but names, frequency, detuning, but has 'damping'."),
        (HEAD.replace("names = 5", ""), "`modes` must have the key 'names', but has none."),
        (HEAD.replace('"m1"', "{ first = 1, members = 5 }"), "`battery` must have places below 5, the number of modes"),
        ("families = 3\n" + HEAD, ", line 1: Argument `families` must be an array, but is 3."),
    ],
)
def test_faults_are_one_line_that_says_where(text: str, expected: str) -> None:
    assert expected in refusal(text)


def test_many_runs_do_not_fill_the_memory() -> None:
    """Each of them asks for 32 MB."""
    family = '[[families]]\nkind = "local_bath"\nrate = 1.0\nplaces = { first = 0, members = 1000000 }\n'
    text = 'charger = "m0"\nbattery = "m1"\n[modes]\nnames = 1000000\n' + family * 100
    assert "'my.toml' has families of more than 40000000 places" in refusal(text)


def test_quantities_may_stand_for_all_members() -> None:
    text = 'rate_unit = "1 MHz"\n' + BATHS.replace("1.0", '"5 kHz"') + "[0, 1]"
    assert family_of(text).pattern.rate == pytest.approx(5e-3)


PULSED = """
charger = "m0"
battery = "m1"

[modes]
names = 3
detuning = { ramp = { first = 1.0, last = 0.2, start = 0.0, stop = 2.0 } }

[[families]]
kind = "local_bath"
places = [0, 1, 2]
rate = { sum = [{ square = { height = 0.2, start = 0.0, stop = 1.0 } }, 0.1] }

[[families]]
kind = "coherent_coupling"
places = [[0, 1], [1, 2]]
strength = { square = { height = { re = 0.1, im = 0.2 }, start = 0.0, stop = 1.0 } }
"""


def test_many_share_one_pulse(tmp_path: Path) -> None:
    device = ly.read_device(PULSED)
    assert {mode.detuning for mode in device.modes} == {ly.pulse.ramp(1.0, 0.2, start=0.0, stop=2.0)}
    assert {one.rate for one in device.elements[:3]} == {ly.pulse.square(0.2, 0.0, 1.0) + 0.1}
    assert {one.strength for one in device.elements[3:]} == {ly.pulse.square(0.1 + 0.2j, 0.0, 1.0)}
    ly.write_device(device, tmp_path / "again.toml")
    assert ly.read_device(tmp_path / "again.toml") == device


@pytest.mark.parametrize(
    ("old", "new", "name", "words"),
    [
        ("{ square = { height = 0.2", "{ sqare = { height = 0.2", "families[0].rate.sum[0]", "one of the keys square"),
        ("stop = 2.0", "stop = -2.0", "modes.detuning.ramp.stop", "be later than `start`"),
    ],
)
def test_pulses_of_many_that_are_none_are_told(old: str, new: str, name: str, words: str) -> None:
    assert old in PULSED
    with pytest.raises(ly.ParameterError) as caught:
        ly.read_device(PULSED.replace(old, new, 1))
    assert caught.value.name == name
    assert words in str(caught.value)
