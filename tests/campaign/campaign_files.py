"""Device and study files with everything wrong with them: each is read, or refused in one short line, soon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from tests.campaign.mutation import damaged_bytes, damaged_text, mutated_document

import leyden as ly
from leyden.model.files import device_text, parse_device, read_device
from leyden.study import Study, read_study, sweep

EVERY_KIND = """\
format = 1
name = "every kind of element"
charger = "a"
battery = ["b", "c"]
modes = [{ name = "a", frequency = 2.0, detuning = -0.5 }, { name = "b" }, { name = "c", frequency = 0.5 }]

[[elements]]
kind = "one_photon_drive"
mode = "a"
amplitude = 0.1
phase = 1.5

[[elements]]
kind = "two_photon_drive"
mode = "b"
amplitude = 0.01

[[elements]]
kind = "local_bath"
mode = "a"
rate = 0.5
occupation = 0.1

[[elements]]
kind = "local_bath"
mode = "c"
rate = 0.5

[[elements]]
kind = "shared_bath"
weights = { a = 1.0, b = { re = 0.0, im = 1.0 }, c = -0.5 }
rate = 1.0

[[elements]]
kind = "coherent_coupling"
first = "a"
second = "b"
strength = { re = 0.1, im = -0.25 }
"""
PULSED = (
    EVERY_KIND
    + """
[[elements]]
kind = "gain"
mode = "b"
rate = { product = [0.1, { sum = [{ gaussian = { centre = 3, width = 0.5 } }, { square = { start = 1, stop = 2 } }] }] }

[[elements]]
kind = "position_coupling"
first = "a"
second = "c"
strength = { sum = [0.1, { sampled = { times = [0, 1, 4], values = [0.0, 0.1, 0.0], interpolation = "linear" } }] }
"""
)
MANY = """\
charger = "m0"
battery = { first = 1, members = 9, step = 1 }

[modes]
names = 10
detuning = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

[[families]]
kind = "shared_bath"
after = 0
places = [[0, 1], [2, 3], [4, 5]]
weights = [1.0, [0.5, { re = 0.0, im = 1.0 }, 0.2]]
rate = 0.5

[[families]]
kind = "coherent_coupling"
places = { first = [0, 1], members = 4, step = 2 }
strength = { re = [0.1, 0.2, 0.3, 0.4], im = -0.5 }

[[elements]]
kind = "one_photon_drive"
mode = "m0"
amplitude = 0.1
"""
STUDIES = [
    """\
device = "two_photon_battery"
measure = "charge"

[times]
stop = 10
points = 5

[fixed]
battery_damping = 0.1
coupling = { re = 0.0, im = -0.25 }

[axes.drive]
start = 0.01
stop = 0.1
points = 3
spacing = "log"

[axes.detuning]
values = [0.0, 0.5, 1]
""",
    """\
device = "cascade"
sampling = "sobol"
points = 4
seed = 3
fixed.modes = 3

[axes.drive]
start = 0
stop = 0.1

[axes.both]
parameters = ["damping", "shared_rate"]
start = 0.1
stop = 1.0
""",
    """\
device = "mine.toml"
sampling = "zip"

[axes."TwoPhotonDrive(b).amplitude"]
values = [0.01, 0.02]

[axes.warmth]
parameters = ["LocalBath(a).occupation", "LocalBath(c).occupation"]
values = [0.0, 1.0]

[axes."SharedBath(a, b, c).weights[b]"]
values = [0.5, { re = 0.5, im = 0.5 }]
""",
]


def devices() -> list[str]:
    names = ("two_photon_battery", "one_photon_battery", "reciprocal_battery", "ring", "random_directed_graph")
    return [EVERY_KIND, PULSED, MANY, *(device_text(ly.catalog.reference_device(name)) for name in names)]


def variants(random: np.random.Generator, seeds: list[str], count: int) -> Iterator[str | bytes]:
    """Mutated files, as text and as bytes; the good ones come first."""
    yield from seeds
    for number in range(count):
        text, donor = (seeds[int(place)] for place in random.integers(0, len(seeds), 2))
        kind = number % 5
        if kind < 2:
            yield mutated_document(random, text, donor)
        elif kind < 4:
            yield damaged_text(random, text, donor)
        else:
            yield damaged_bytes(random, text)


def test_device_files(judge: Any, random: np.random.Generator, size: int, tmp_path: Path) -> None:
    """A network that comes out is written and read again as the same network."""
    path = tmp_path / "device.toml"
    for found in variants(random, devices(), size * 4 // 5):
        if isinstance(found, bytes):
            path.write_bytes(found)
            network = judge.answer(lambda: read_device(path), found)
        else:
            network = judge.answer(lambda text=found: parse_device(text, "my.toml"), found)
        if network is not None:
            assert isinstance(network, ly.Network)
            assert parse_device(device_text(network)) == network, found
    assert judge.refused > judge.good / 10, "too little is wrong with these files"


def test_study_files(judge: Any, random: np.random.Generator, size: int, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(EVERY_KIND)
    path = tmp_path / "study.toml"
    for number, found in enumerate(variants(random, STUDIES, size // 5)):
        raw = found if isinstance(found, bytes) else found.encode("utf-8", "surrogatepass")
        path.write_bytes(raw)
        asked = judge.answer(lambda: read_study(path), raw)
        if asked is not None:
            assert isinstance(asked, Study)
            if number % 10 == 0 and is_small(asked):
                dataset = judge.answer(lambda study=asked: sweep(**study.arguments()), raw)
                assert dataset is None or isinstance(dataset, xr.Dataset)
    assert judge.refused > judge.good / 10, "too little is wrong with these files"


def is_small(study: Study) -> bool:
    """Whether a study may be run on the way: nothing in it asks for many points or for a large device."""
    lengths = [getattr(axis, "points", None) or np.size(axis) for axis in study.axes.values()]
    sizes = [study.fixed.get(name, 2) for name in ("modes", "cells", "rows", "columns", "links")]
    numbers = [*lengths, study.points or 1, np.size(study.times), *(size for size in sizes if isinstance(size, int))]
    return all(number <= 60 for number in numbers) and np.prod(lengths, dtype=float) <= 200
