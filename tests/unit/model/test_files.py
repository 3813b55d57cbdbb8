"""Device files: exact round trips, one documented form, every fault one line that says where it is."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
import xarray as xr
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden.errors import ParameterError
from leyden.model import elements
from leyden.model.files import device_tables, device_text, parse_device, read_device, schema, write_device
from leyden.model.files.lines import line_of, line_of_long_key
from leyden.text import is_name

BASE = """\
charger = "a"
battery = "b"

[[modes]]
name = "a"

[[modes]]
name = "b"
"""
COUPLING = BASE + '\n[[elements]]\nkind = "coherent_coupling"\nfirst = "a"\nsecond = "b"\n'
BATH = BASE + '\n[[elements]]\nkind = "shared_bath"\nrate = 1.0\n'


def refusal(text: str) -> str:
    with pytest.raises(ParameterError) as caught:
        parse_device(text, "my.toml")
    message = str(caught.value)
    assert "\n" not in message
    assert "my.toml" in message
    assert len(message) <= 300
    return message


# Strategies for devices of every kind of element.

finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=1e-300, max_value=1e300)
nonnegative = st.floats(min_value=0.0, allow_infinity=False)
numbers = finite | st.complex_numbers(allow_nan=False, allow_infinity=False)
# Whatever is printable: quotes, backslashes, other scripts.
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(is_name)


def records(names: list[str]) -> st.SearchStrategy[ly.CoherentCoupling | Any]:
    name = st.sampled_from(names)
    weights = st.dictionaries(name, numbers, min_size=1).filter(lambda found: any(found.values()))
    kinds = [
        st.builds(ly.OnePhotonDrive, name, nonnegative, finite),
        st.builds(ly.TwoPhotonDrive, name, nonnegative, finite),
        st.builds(ly.LocalBath, name, nonnegative, nonnegative),
        st.builds(ly.LocalBath, name, nonnegative, nonnegative, st.floats(-250, 250), finite),
        st.builds(ly.SharedBath, weights, nonnegative, nonnegative),
        st.builds(ly.Gain, name, nonnegative, nonnegative),
    ]
    if len(names) > 1:
        pairs = st.permutations(names)
        for kind, values in ((ly.CoherentCoupling, numbers), (ly.PositionCoupling, finite)):
            kinds.append(st.builds(lambda order, value, kind=kind: kind(*order[:2], value), pairs, values))
    return st.one_of(kinds)


@st.composite
def networks(draw: st.DrawFn) -> ly.Network:
    names = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    battery = draw(st.sampled_from(names) | st.lists(st.sampled_from(names), min_size=1, unique=True))
    return ly.Network(
        [ly.Mode(name, draw(positive), draw(finite)) for name in names],
        draw(st.lists(records(names), max_size=5)),
        charger=draw(st.sampled_from(names)),
        battery=battery,
        name=draw(words | st.just("")),
    )


def bits(network: ly.Network) -> list[Any]:
    """All names and numbers to the last bit: equality alone would not tell 0.0 from -0.0, or 1.0 from 1 + 0j."""
    found: list[Any] = [network.name, network.charger, network.battery]
    for record in (*network.modes, *network.elements):
        found += [type(record), record.modes]
        for name, value in record.parameters().items():
            parts = (value.real, value.imag) if isinstance(value, complex) else (value,)
            found.append((name, type(value), *(part.hex() for part in parts)))
    return found


@settings(max_examples=100)
@given(networks())
def test_the_round_trip_is_exact(network: ly.Network) -> None:
    again = parse_device(device_text(network))
    assert again == network
    assert bits(again) == bits(network)


@pytest.mark.parametrize("name", ly.catalog.DEVICES)
def test_a_file_gives_the_same_device(name: str, tmp_path: Path) -> None:
    network = ly.catalog.reference_device(name)
    write_device(network, tmp_path / "device.toml")
    assert bits(read_device(tmp_path / "device.toml")) == bits(network)
    assert os.listdir(tmp_path) == ["device.toml"]


def test_every_public_element_has_a_kind() -> None:
    """The schema is read off the records: what the front door offers, files can hold."""
    public = {getattr(ly, name) for name in ly.__all__}
    kinds = {one for one in public if isinstance(one, type) and issubclass(one, elements.Element)} - {ly.Mode}
    assert {*elements.KINDS.values()} - {elements.Element} == kinds - {elements.Element}
    assert elements.kind_of(ly.TwoPhotonDrive) == "two_photon_drive"


@dataclass(frozen=True)
class Kerr(ly.LocalBath):
    """An element of tomorrow, with kinds of fields that none has today."""

    order: int = 2
    is_shared: bool = False
    shift: Any = field(default=0.5, metadata={"rule": "complex", "remedy": ""})


def test_a_new_element_needs_no_line_in_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(elements.KINDS, "kerr", Kerr)
    records = [Kerr("a", 1.0, 0.5, order=3, is_shared=True, shift=1 - 2j), Kerr("a", 1.0)]
    network = ly.Network([ly.Mode("a")], records, charger="a", battery="a")
    text = device_text(network)
    again, message = parse_device(text), refusal(text.replace("order = 3", "order = 3.5"))
    assert bits(again) == bits(network)
    assert again == network
    assert "`elements[0].order` must be a whole number, but is 3.5." in message


def test_the_documented_form() -> None:
    """By hand, with every liberty that the format allows: no name, whole numbers, defaults left out."""
    text = (
        BASE
        + """
[[elements]]
kind = "two_photon_drive"
mode = "a"
amplitude = 1

[[elements]]
kind = "coherent_coupling"
first = "a"
second = "b"
strength = { re = 0, im = -0.25 }

[[elements]]
kind = "shared_bath"
weights = { a = 0.5, b = { re = 0.0, im = 1e-3 } }
rate = 2.0
"""
    )
    expected = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [
            ly.TwoPhotonDrive("a", 1.0),
            ly.CoherentCoupling("a", "b", -0.25j),
            ly.SharedBath({"a": 0.5, "b": 1e-3j}, 2.0),
        ],
        charger="a",
        battery="b",
        name="cavity",
    )
    assert parse_device(text, "folder/cavity.toml") == expected
    assert parse_device("format = 1\n" + text.replace("\n", "\r\n"), "cavity.toml") == expected


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(BASE, encoding="utf-8-sig")
    assert read_device(path).mode_names == ("a", "b")


def test_the_text_explains_itself() -> None:
    text = device_text(ly.catalog.reference_device("cascade"))
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert any("{ re = 0.0, im = -0.25 }" in line for line in comments)
    assert any("share one unit" in line for line in comments)
    assert len([line for line in comments if line.startswith("# Damping of one mode")]) == 1
    assert max(map(len, text.splitlines())) <= 120


def test_the_text_is_what_the_tables_say() -> None:
    network = ly.catalog.reference_device("two_photon_battery", coupling=0.1 - 0.2j)
    tables = device_tables(network)
    assert tomllib.loads(device_text(network)) == tables
    assert tables["elements"][-1]["strength"] == {"re": 0.1, "im": -0.2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ": Argument `path` must have the key 'charger', but has none."),
        ("x = 1\n" + BASE, ", line 1: Argument `path` must have no keys but format, name, charger"),
        (
            BASE + "x = 1",
            "`modes[1]` must have no keys but name, frequency, detuning, levels, but has 'x'.",
        ),
        (BASE + "detunning = 1", "Did you mean 'detuning'?"),
        (BASE + 'name2 = 1\n[[elements]]\nkind = "x"', ", line 9: "),
        (BASE + "elements = []", "Keys of the device itself stand above the first [[modes]]"),
        (
            "format = 2\n" + BASE,
            ", line 1: Argument `format` must be 1, the version of the format that this leyden reads",
        ),
        ("format = true\n" + BASE, "but is True."),
        ("format = 1.0\n" + BASE, "but is 1.0."),
        ("name = 3\n" + BASE, ", line 1: Argument `name` must be a string, but is 3."),
        (BASE.replace('"a"', '["a"]', 1), ", line 1: Argument `charger` must be a string, but is ['a']."),
        (BASE.replace('"b"', "[1]", 1), "`battery` must be the name of a mode, or an array of names, but is [1]."),
        (BASE.replace('"b"', "[]", 1), ", line 2: Argument `battery` must name at least one mode"),
        (BASE.replace('"a"', '"z"', 1), ", line 1: Argument `charger` must name a mode of the network, but is 'z'."),
        (BASE.replace('name = "b"', 'name = "a"'), ", line 8: Argument `modes[1].name` must differ from"),
        (BASE.replace('name = "b"', 'name = ""'), ", line 8: Argument `modes[1].name` must be the name of a mode"),
        (BASE + "frequency = 0.0", ", line 9: Argument `modes[1].frequency` must be finite and positive, but is 0.0."),
        ('charger = "a"\nbattery = "a"\nmodes = 3', ", line 3: Argument `modes` must be an array, but is 3."),
        ('charger = "a"\nbattery = "a"\nmodes = [3]', ", line 3: Argument `modes[0]` must be a table, but is 3."),
        ('charger = "a"\nbattery = "a"', ": Argument `path` must have the key 'modes', but has only charger, battery."),
        (
            BASE + "[[elements]]\nrate = 1",
            ", line 9: Argument `elements[0]` must have the key 'kind', but has only ra",
        ),
        (BASE + "[[elements]]", ", line 9: Argument `elements[0]` must have the key 'kind', but has none."),
        (BASE + '[[elements]]\nkind = "kerrr"', ", line 10: Argument `elements[0].kind` must be one of coherent_coup"),
        (BASE + "[[elements]]\nkind = 3", ", line 10: Argument `elements[0].kind` must be one of"),
        (COUPLING, ", line 10: Argument `elements[0]` must have the key 'strength', but has only kind, first, second."),
        (
            COUPLING + "strenght = 1",
            "`elements[0]` must have no keys but kind, first, second, strength, but has 'strengh",
        ),
        (COUPLING + "strenght = 1", ", line 14: "),
        (COUPLING + "strenght = 1", "Did you mean 'strength'?"),
        (COUPLING + "strength = true", ", line 14: Argument `elements[0].strength` must be a number or a table { re"),
        (COUPLING + 'strength = "1j"', "but is '1j'."),
        (COUPLING + "strength = { re = 1 }", "but is {'re': 1}."),
        (
            COUPLING + "strength = { re = 1, im = 1, of = 1 }",
            "must be a number or a table { re = ..., im = ... } of two",
        ),
        (COUPLING + 'strength = { re = 1, im = "1" }', "must be a number or a table { re = ..., im = ... } of two"),
        (
            COUPLING + "strength = nan",
            ", line 14: Argument `elements[0].strength` must be a finite complex number, but",
        ),
        (COUPLING + "strength = { re = 0, im = inf }", "must be a finite complex number, but is infj."),
        (COUPLING + f"strength = 1{'0' * 400}", "must be a number below 1.8e308"),
        (COUPLING + f"strength = 1{'0' * 9000}", "holds a number of thousands of digits."),
        (COUPLING + f"strength = 0x1{'0' * 9000}", "but is a whole number of about 10838 digits."),
        (COUPLING + "strength = 2000-01-01", "but is datetime.date(2000, 1, 1)."),
        (
            COUPLING.replace('second = "b"', "second = 4") + "strength = 1",
            "`elements[0].second` must be a string, but is 4.",
        ),
        (COUPLING.replace('second = "b"', 'second = "a"') + "strength = 1", ", line 13: Argument `elements[0].second`"),
        (
            COUPLING.replace('second = "b"', 'second = "c"') + "strength = 1",
            ", line 13: Argument `elements[0].second` must name a mode of the device in CoherentCoupling(a, c), but is",
        ),
        (BATH + "weights = { a = 1, c = 1 }", ", line 13: Argument `elements[0].weights.c` must name a mode of the"),
        (BASE.replace('= "a"', '= "a\\u0007"'), "a printable string of 1 to 255 characters, but is 'a\\x07'."),
        ("a" + ".a" * 32 + " = 1", "'my.toml' has a key of more than 32 dotted parts (line 1). Quote a name"),
        (BASE + "x = [\n0.5]\n[a" + ' . "b.c"' * 32 + "]", "more than 32 dotted parts (line 11)."),
        (BASE + "x = [" + "0.5, " * 40 + "]", ", line 9: Argument `modes[1]` must have no keys but"),
        (BASE + f"[[elements]]\nkind = 0x1{'0' * 9000}", ", line 10: Argument `elements[0].kind` must be one of"),
        (BASE.replace('"b"', f"[0x1{'0' * 9000}]", 1), "but is [a whole number of about 10838 digits]."),
        (BATH + "weights = 3", ", line 13: Argument `elements[0].weights` must be a table, but is 3."),
        (BATH + "weights = {}", ", line 13: Argument `elements[0].weights` must be a mapping of mode names"),
        (BATH + "weights = { a = 1, b = [1] }", ", line 13: Argument `elements[0].weights.b` must be a number or"),
        (BATH + "weights = { a = 1, b = nan }", ", line 13: Argument `elements[0].weights[b]` must be a finite"),
        (BATH + "weights = { a = 1 }\noccupation = -1", ", line 14: Argument `elements[0].occupation` must be finite"),
        (
            BATH + "weights = { a = 1 }\noccupation = { re = 1, im = 0 }",
            "`elements[0].occupation` must be a number",
        ),
        ("a = [[", "'my.toml' is not TOML: invalid value (at end of document)."),
        (BASE + "x 1", "(at line 9, column 3)"),
        (BASE + 'charger = "a"\ncharger = "b"\n', "(at line 10, column 14)"),
        ("a = " + "[" * 5000, "is nested too deeply."),
        ("a = 1\0", "is not TOML"),
    ],
)
def test_faults_are_one_line_that_says_where(text: str, expected: str) -> None:
    assert expected in refusal(text)


def test_an_error_carries_what_was_found() -> None:
    with pytest.raises(ParameterError) as caught:
        parse_device(BATH.replace("rate = 1.0", "rate = -1.0") + "weights = { a = 1 }")
    assert (caught.value.name, caught.value.value) == ("elements[0].rate", -1.0)


# Files that are no device files at all.


def contents(path: Path, found: bytes) -> Path:
    path.write_bytes(found)
    return path


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda folder: folder / "missing.toml", "cannot be read: no such file or directory."),
        (lambda folder: folder, "cannot be read: is a directory."),
        (lambda folder: f"{folder}/a\0b.toml", "cannot be read: embedded null byte."),
        (lambda folder: folder / ("x" * 300), "cannot be read: file name too long."),
        (lambda folder: contents(folder / "a.toml", b""), "is empty."),
        (lambda folder: contents(folder / "a.toml", b" \n\t\r\n"), "is empty."),
        (lambda folder: contents(folder / "a.toml", b"\x7fELF\0\0"), "it holds null bytes."),
        (lambda folder: contents(folder / "a.toml", BASE.encode("utf-16")), "is no text"),
        (lambda folder: contents(folder / "a.toml", b'# caf\xc3\xa9\n"caf\xe9"'), "is not UTF-8 text (line 2)."),
        (lambda folder: contents(folder / "a.toml", b"\x89PNG\r\n\x1a\n"), "is not UTF-8 text (line 1)."),
    ],
    ids=["missing", "folder", "null byte", "long", "empty", "blank", "binary", "utf-16", "latin-1", "png"],
)
def test_other_files_are_refused(make: Any, expected: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as caught:
        read_device(make(tmp_path))
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> Any:
        raise PermissionError(13, "Permission denied")  # root, who may run the tests, is never refused

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ParameterError, match="cannot be read: permission denied"):
        read_device(tmp_path / "a.toml")


def test_a_huge_file_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(65 * 2**20)  # takes no room on the disk
    with pytest.raises(ParameterError, match=r"has 65\.0 MiB, more than 64"):
        read_device(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without end")
def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"goes on for more than 64 MiB"):
        read_device("/dev/zero")


# Writing.


@pytest.mark.parametrize(
    "value", [np.array([0.1, 0.2]), [0.1, 0.2], xr.DataArray([0.1], dims="drive")], ids=["array", "list", "labelled"]
)
def test_a_batch_is_refused(value: Any, tmp_path: Path) -> None:
    network = ly.catalog.two_photon_battery(drive=value, charger_damping=0.1, battery_damping=0.1)
    with pytest.raises(ParameterError, match=r"one device.*TwoPhotonDrive\(charger\).amplitude of shape"):
        write_device(network, tmp_path / "a.toml")
    assert os.listdir(tmp_path) == []


def test_a_batch_of_weights_is_refused() -> None:
    network = ly.catalog.two_photon_battery(
        drive=0.1, charger_damping=0.1, battery_damping=0.1, charger_weight=np.ones(2), coupling=0.1
    )
    with pytest.raises(ParameterError, match=r"SharedBath\(charger, battery\).weights\[charger\] of shape"):
        device_text(network)


def test_arrays_of_no_axis_are_numbers() -> None:
    """A scalar of another array library stays one in the network; in a file it is its number."""
    import array_api_strict as xp

    network = ly.Network(
        [ly.Mode("a", detuning=xr.DataArray(0.25))],
        [ly.SharedBath({"a": xp.asarray(0.5 - 0.25j)}, 1.0), ly.TwoPhotonDrive("a", xp.asarray(2.0))],
        charger="a",
        battery="a",
    )
    again = parse_device(device_text(network))
    assert again.modes[0].detuning == 0.25
    assert again.elements[0].parameters()["weights[a]"] == 0.5 - 0.25j
    assert again.elements[1].parameters()["amplitude"] == 2.0


def test_unknown_elements_are_refused() -> None:
    class Kerr(ly.LocalBath):
        pass

    class LocalBath(ly.LocalBath):
        """Of the same name as a known kind, but another."""

    for kind in (Kerr, LocalBath):
        network = ly.Network([ly.Mode("a")], [kind("a", 1.0)], charger="a", battery="a")
        with pytest.raises(ParameterError, match=r"must hold elements of the \d+ kinds that files know, but"):
            device_text(network)


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")

    def interrupt(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:20])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_device(ly.catalog.reference_device("cascade"), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.toml"]


# Lines.

LINED = """\
a = 1
text = \"\"\"
b = 2
\"\"\"
b = [
  1,
  2,
]
[t]
c = 3
[[list]]
d = 1
[[list]]
d = 2
"quoted key" = 1
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("a",), 1),
        (("b",), 5),
        (("t", "c"), 10),
        (("list", 0, "d"), 12),
        (("list", 1), 13),
        (("list", 1, "d"), 14),
        (("list", 1, "quoted key"), 15),
        (("list", 2, "d"), None),
        (("missing",), None),
        (("a", "b"), None),
        ((), None),
    ],
)
def test_lines_of_keys(keys: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(LINED, keys) == line


def test_a_value_over_many_lines_stands_where_it_begins() -> None:
    text = "a = [\n" + "1,\n" * 1000 + "]\nb = 1\n"
    assert [line_of(text, keys) for keys in (("a",), ("a", 0), ("a", 999), ("b",))] == [1, 2, 1001, 1003]


@pytest.mark.parametrize("form", ["[[elements]]", "elements = ["])
def test_a_typo_among_many_elements_is_told_in_its_line(form: str) -> None:
    """By one pass: asking the parser about beginnings of such a file took half a minute."""
    lines = [*BASE.splitlines()[:2], "modes = [", *(f'  {{ name = "m{place}" }},' for place in range(1000)), "]"]
    lines[0], lines[1] = 'charger = "m0"', 'battery = "m1"'
    wrong = 1505
    if form == "[[elements]]":
        for place in range(1000):
            lines += ["[[elements]]", 'kind = "local_bath"', f'mode = "m{place}"', "rate = 1.0"]
        wrong = lines.index("rate = 1.0", wrong)
    else:
        lines += [form, *(f'  {{ kind = "local_bath", mode = "m{place}", rate = 1.0 }},' for place in range(1000)), "]"]
    lines[wrong] = lines[wrong].replace("rate", "raet")
    assert f"my.toml, line {wrong + 1}: Argument `elements[" in refusal("\n".join(lines))
    assert "but has 'raet'. Did you mean 'rate'?" in refusal("\n".join(lines))


def holds(document: Any, keys: tuple[str | int, ...]) -> bool:
    for key in keys:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def paths(value: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, member in members for path in ((*before, key), *paths(member, (*before, key)))]


@settings(max_examples=20)
@given(networks())
def test_each_key_stands_where_the_parser_first_knows_it(network: ly.Network) -> None:
    """The oracle: the shortest beginning of the text, in lines, that holds the key."""
    text = device_text(network)
    beginnings = [tomllib.loads("\n".join(text.split("\n")[:count])) for count in range(text.count("\n") + 1)]
    for path in paths(tomllib.loads(text)):
        first = next(count for count, document in enumerate(beginnings) if holds(document, path))
        assert line_of(text, path) == first


@given(st.text("ab.=[]{},'\"\\\n# 1_", max_size=60))
def test_what_is_no_toml_is_gone_through_as_well(text: str) -> None:
    """The limit on keys is looked at before the parser is asked, and agrees with it where that likes the text."""
    longest = line_of_long_key("." * 40 + "\n" + text)
    assert longest is None
    try:
        document = tomllib.loads(text)
    except ValueError:
        return
    assert all(line_of(text, path) for path in paths(document))


def test_the_limit_on_keys_sees_through_strings_and_comments() -> None:
    harmless = [
        "# " + "a." * 99,
        "x = '" + "a." * 99 + "'",
        'x = """\n' + "a." * 99 + '"""',
        "x = [" + "1.5," * 99 + "]",
    ]
    assert [line_of_long_key(text) for text in harmless] == [None] * 4
    assert line_of_long_key("\n".join(harmless[:1]) + "\n" + "a." * 99) == 2
    assert line_of_long_key("x = { " + "a." * 32 + "a = 1 }") == 1
    assert line_of_long_key("a." * 31 + "a = 1.5") is None


WRONG = {
    "unknown keys": lambda many: "".join(f"k{place} = 1\n" for place in range(many)) + BASE,
    "unknown keys of a mode": lambda many: BASE + "".join(f"k{place} = 1\n" for place in range(many)),
    "modes": lambda many: f'charger = "a"\nbattery = "a"\nmodes = [{"3, " * many}]',
    "elements": lambda many: f"elements = [{'3, ' * many}]\n{BASE}",
    "batteries": lambda many: BASE.replace('"b"', f"[{'3, ' * many}]", 1),
    "weights": lambda many: BATH + f"weights = {{ {', '.join(f'k{place} = []' for place in range(many))} }}",
    "nesting": lambda many: BASE.replace('"b"', "[" * 50 + "'a'," * many + "]" * 50, 1),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_is_read_up_to_its_first_fault(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many wrong entries one is looked at: a million of them took a gigabyte."""
    looked = 0
    wrong = schema.WrongError.__init__

    def count(self: Any, *arguments: Any) -> None:
        nonlocal looked
        looked += 1
        wrong(self, *arguments)

    monkeypatch.setattr(schema.WrongError, "__init__", count)
    message = refusal(WRONG[case](5000))
    assert len(message) <= 300
    assert looked <= 2


# Whatever stands in a file, the answer is a network or one line.


def judged(text: str) -> None:
    try:
        found = parse_device(text, "my.toml")
    except ParameterError as error:
        message = str(error)
    else:
        assert isinstance(found, ly.Network)
        return
    assert "\n" not in message
    assert "my.toml" in message
    assert len(message) <= 300


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
def test_random_bytes_never_break_out(tmp_path: Path, found: bytes) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(found)
    with pytest.raises(ParameterError) as caught:
        read_device(path)
    assert "\n" not in str(caught.value)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes() | st.dates()
toml_scalars = scalars.filter(lambda value: value is not None)
keys = st.sampled_from(
    ["format", "name", "charger", "battery", "modes", "elements", "kind", "mode", "rate", "weights", "re", "im", "a"]
)
values = st.recursive(
    toml_scalars | st.sampled_from([*elements.KINDS, "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80)
@given(st.dictionaries(keys, values, max_size=6))
def test_random_toml_never_breaks_out(document: dict[str, Any]) -> None:
    try:
        text = tomli_w.dumps(document)
        text.encode()
    except UnicodeEncodeError:
        return
    judged(text)


@settings(max_examples=80)
@given(st.data())
def test_damaged_files_never_break_out(data: st.DataObject) -> None:
    """A good file with one value replaced: the schema and the records judge what plain noise never reaches."""
    tables = device_tables(ly.catalog.reference_device("two_photon_battery"))
    place: Any = tables
    while True:
        options = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(options))
        if isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        if data.draw(st.booleans()):
            place[key] = data.draw(values)
        else:
            del place[key]
        break
    try:
        text = tomli_w.dumps(tables)
        text.encode()
    except UnicodeEncodeError:
        return
    judged(text)


@settings(max_examples=80)
@given(st.data())
def test_truncated_files_never_break_out(data: st.DataObject) -> None:
    text = device_text(ly.catalog.reference_device("reciprocal_battery"))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    judged(text[:start] + text[end:])


@pytest.mark.parametrize("path", [None, 5, b"name", ["name"], True])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(ParameterError, match=r"path of a device file, a string or a pathlib\.Path"):
        read_device(path)


@pytest.mark.parametrize("network", [None, "two_photon_battery", ly.catalog.two_photon_battery])
def test_only_a_network_is_written(network: Any, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="be a Network"):
        write_device(network, tmp_path / "device.toml")
