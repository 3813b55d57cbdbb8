"""Every result carries its device, as a text that reads back as the device; what no text holds is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.errors import ParameterError
from leyden.model.files import device_record, device_text, parse_device

PAIR = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1, phase=0.3)
STRANGE = ly.Network(
    [ly.Mode('a "b"'), ly.Mode("c\\d", 2.0, 1e-300), ly.Mode("\u00e9")],
    [
        ly.Family(ly.SharedBath, [[0, 1], [2, 1]], weights=([1.0, 0.1j], 0.5), rate=[1.0, 2.0]),
        ly.Family(ly.CoherentCoupling, [[0, 2]], strength=np.array([1 - 0.5j])),
        ly.LocalBath("\u00e9", 1e22),
    ],
    "c\\d",
    ["\u00e9", 'a "b"'],
    name="",
)


@pytest.mark.parametrize("name", ly.catalog.DEVICES)
def test_devices_of_the_catalog_read_back(name: str) -> None:
    device = ly.catalog.reference_device(name)
    assert parse_device(device_record(device)) == device == ly.read_device(device_text(device))


def test_strange_names_and_families_read_back() -> None:
    assert parse_device(device_record(STRANGE)) == STRANGE == parse_device(device_text(STRANGE))


@pytest.mark.parametrize(
    "result",
    [
        lambda: ly.charge(PAIR, [0.0, 1.0]),
        lambda: ly.steady_state(PAIR),
        lambda: ly.stability(PAIR),
    ],
    ids=["charge", "steady_state", "stability"],
)
def test_results_carry_their_device(result: Any) -> None:
    assert ly.read_device(result()) == PAIR


def test_what_carries_no_device_is_refused(refuses) -> None:
    bare = ly.steady_state(PAIR).drop_attrs()
    refuses("path", lambda: ly.read_device(bare), "have the attribute `device_file`, but is 'Dataset'")
    refuses("path", lambda: ly.read_device(3))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Unlisted(ly.LocalBath):
    """An element that has no row among the kinds."""


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (
            ly.catalog.two_photon_battery(
                drive=xr.DataArray([0.1, 0.2], dims="drive"), charger_damping=0.1, battery_damping=np.array([0.1, 0.2])
            ),
            "leaves out TwoPhotonDrive(charger).amplitude, LocalBath(battery).rate. ",
        ),
        (
            ly.Network([ly.Mode("a")], [ly.SharedBath({"a": np.ones(2)}, 1.0)], "a", "a"),
            "leaves out SharedBath(a).weights. ",
        ),
        (ly.Network([ly.Mode("a")], [Unlisted("a", 1.0)], "a", "a"), "leaves out Unlisted(a). "),
        (
            ly.Network(
                [ly.Mode(f"m{place}") for place in range(70)],
                [ly.Family(ly.LocalBath, range(70), rate=1.0)],
                "m0",
                "m1",
            ),
            "leaves out modes, elements. ",
        ),
    ],
    ids=["batch", "batch of weights", "element of one's own", "large"],
)
def test_what_no_text_holds_is_named(device: ly.Network, words: str) -> None:
    """And the rest is there to be read: a batch keeps the parameters that are numbers."""
    with pytest.raises(ParameterError, match="must be a device file") as caught:
        ly.read_device(ly.steady_state(device))
    assert words in str(caught.value)


def test_a_batch_keeps_what_is_a_number() -> None:
    device = ly.catalog.two_photon_battery(drive=[0.1, 0.2], charger_damping=0.125, battery_damping=0.1, phase=0.5)
    assert 'mode = "charger"\nrate = 0.125\n' in device_record(device)
    assert 'mode = "charger"\nphase = 0.5\n' in device_record(device)
