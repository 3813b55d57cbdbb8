"""Values and names in sentences: short, printable, and at no cost that grows with what is left out."""

from __future__ import annotations

from collections import UserDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leyden.text import LONGEST_MESSAGE, are_names, bounded, is_name, listed, nearest, one_line, shortened


class Unprintable:
    """A value of someone else, whose `repr` fails."""

    def __repr__(self) -> str:
        raise RuntimeError


class Untouchable(UserDict[str, int]):
    """A collection that is never to be gone through as a whole."""

    def __len__(self) -> int:
        return 10**9

    def __iter__(self):
        for place in range(17):
            yield f"m{place}"
        raise AssertionError("looked at all of it")


def nested(depth: int) -> list[object]:
    found: list[object] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, "0.1"),
        (True, "True"),
        ("a\nb", "'a\\nb'"),
        ("\x1b[31m", "'\\x1b[31m'"),
        ([1, 2], "[1, 2]"),
        ({"re": 1, "im": 2.0}, "{'re': 1, 'im': 2.0}"),
        (np.array([[1, 2], [3, 4]]), "array([[1, 2], [3, 4]])"),
        (10**400, "a whole number of about 401 digits"),
        (-(16**9000), "a whole number of about 10838 digits"),
        (Unprintable(), "<Unprintable"),
        (nested(5000), "[[[[...]]]]"),
        (range(10**12), "range(0, 1000000000000)"),
    ],
    ids=lambda _: "",
)
def test_values_are_shown_as_python_writes_them(value: object, expected: str) -> None:
    assert shortened(value).startswith(expected)
    assert len(shortened(value)) <= 80


def test_large_values_are_not_gone_through() -> None:
    """Of a million members ten are looked at: the others would fail."""
    many = [0.5] * 10 + [Unprintable()] * 10**6
    assert shortened(many) == "[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, ...]"
    assert shortened({"a": many, **{str(key): 0 for key in range(9)}}, 200).endswith("...}")
    assert listed(Untouchable(), 3) == "m0, m1, m2, ... 1000000000 in all"
    assert listed(["x" * 10**6]) == "x" * 37 + "..."
    assert (listed([]), listed(iter("ab"))) == ("none", "a, b")


def test_names_that_come_near() -> None:
    assert nearest("drvie", ["drive", "damping"]) == "Did you mean 'drive'?"
    assert nearest("nonsense", ["drive"]) == nearest(3, ["drive"]) == ""


def test_long_or_many_names_are_not_compared() -> None:
    """The search takes the product of two names' lengths, for each of them."""
    long = "m" * 101
    assert nearest(long, [long]) == nearest("m" * 100, [long]) == ""
    assert nearest("m" * 100, ["m" * 99])
    assert nearest("m1", (f"m{place}" for place in range(10**12))) == ""


def test_one_line() -> None:
    assert one_line("a\n  b\tc\x1b[31m\x07é") == "a b c\\x1b[31m\\x07é"


@pytest.mark.parametrize("name", ["m0", "é m_1 [/x]", " ", "電池", "\N{SMILING FACE WITH SUNGLASSES}", "x" * 255])
def test_names(name: str) -> None:
    assert is_name(name) == are_names(["a", name]) == bool(name.strip())


@pytest.mark.parametrize(
    "name", ["", "a\nb", "a\0b", "\x1b[31m", "\ud800", "\u202e", "\u200b", "x" * 256, b"a", 3, None]
)
def test_what_is_no_name(name: object) -> None:
    assert not is_name(name)
    assert not are_names(["a", name, "b"])


@given(st.text(max_size=1000) | st.builds(lambda word, times: word * times, st.text(min_size=1), st.integers(1, 400)))
def test_messages_are_bounded(text: str) -> None:
    found = bounded(text)
    assert len(found) <= LONGEST_MESSAGE
    assert found.isprintable()
    assert bounded(found) == found


def test_what_was_found_stays() -> None:
    where, remedy = f"{'folder/' * 20}my.toml, line 3", f"The modes are {', '.join(['mode'] * 99)}. The nearest is 'a'."
    allowed = f"be one of {', '.join(['parameter'] * 99)}"
    found = bounded(f"{where}: Argument `rate` must {allowed}, but is 'bad, but quoted'. {remedy}")
    assert len(found) == LONGEST_MESSAGE
    assert found.startswith("folder/folder/")
    assert ", but is 'bad, but quoted'. The modes are " in found
    assert found.endswith("The nearest is 'a'.")
    assert bounded(f"Argument `rate` must {allowed}, but is 3.").startswith("Argument `rate` must be one of parameter,")
    assert bounded(f"Argument `rate` must be short, but is {'x' * 9999}.").count("...") == 1


def test_a_long_message_is_cut_before_it_is_looked_at() -> None:
    assert bounded("first" + "\n" * 10**7 + "last").startswith("first ... last")


def test_a_word_of_a_longer_name_is_enough() -> None:
    names = ["Mode(a).detuning", "TwoPhotonDrive(a).amplitude"]
    assert nearest("drive", names) == "Did you mean 'TwoPhotonDrive(a).amplitude'?"
    assert nearest("dri", names) == nearest("damping", names) == ""
    # A name that is nearly right comes first.
    assert nearest("drvie", ["overdrive", "drive"]) == "Did you mean 'drive'?"
