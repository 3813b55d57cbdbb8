"""Families in a batch: devices of many like elements must be those of a loop, and those of single elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly

SIZE, SAMPLES = 9, 3
LINKS = [[place, place + 1] for place in range(SIZE - 1)]
TIMES = np.linspace(0.0, 6.0, 5)
RANDOM = np.random.default_rng(7)
RATES = xr.DataArray(0.2 + 0.1 * RANDOM.random((SIZE, SAMPLES)), dims=("cell", "sample"))
DETUNINGS = xr.DataArray(RANDOM.normal(0.0, 0.2, (SAMPLES, SIZE)), {"sample": [10, 20, 30]}, ("sample", "cell"))
DRIVES = xr.DataArray([0.01, 0.05], {"drive": [0.01, 0.05]}, ("drive",))


def chain(rates: Any, detunings: Any, amplitude: Any, weights: Any = (2**-0.5, 2**-0.5)) -> ly.Network:
    return ly.Network(
        ly.Modes(SIZE, detuning=detunings),
        [
            ly.Family(ly.TwoPhotonDrive, [0, 4], amplitude=amplitude),
            ly.Family(ly.LocalBath, range(SIZE), rate=rates),
            ly.Family(ly.SharedBath, LINKS, weights=weights, rate=np.linspace(0.5, 1.0, SIZE - 1)),
            ly.Family(ly.CoherentCoupling, LINKS, strength=-0.25j),
        ],
        charger="m0",
        battery=["m1", f"m{SIZE - 1}"],
    )


def batch() -> ly.Network:
    return chain(RATES, DETUNINGS, DRIVES)


def member(drive: int, sample: int) -> ly.Network:
    """One device of the batch, of plain numbers."""
    return chain(RATES.values[:, sample], DETUNINGS.values[sample], float(DRIVES[drive]))


def close(found: xr.Dataset, expected: xr.Dataset) -> None:
    for name in ("stored_energy", "ergotropy", "charger_energy"):
        # Products of the same numbers in another order; ergotropies are roots of the smallest energies' squares.
        np.testing.assert_allclose(found[name].values, expected[name].values, rtol=1e-9, atol=1e-15, err_msg=name)


MEASURES: dict[str, Callable[..., xr.Dataset]] = {
    "steady_state": ly.steady_state,
    "charge": lambda network, **options: ly.charge(network, TIMES, **options),
}


@pytest.mark.parametrize("method", ["dense", "low_rank"])
@pytest.mark.parametrize("measure", list(MEASURES))
def test_a_batch_of_families_is_the_loop_over_its_devices(measure: str, method: str) -> None:
    found = MEASURES[measure](batch(), method=method)
    assert (found.sizes["drive"], found.sizes["sample"], "cell" in found.dims) == (2, SAMPLES, False)
    assert found.sample.values.tolist() == [10, 20, 30]
    for drive in range(2):
        for sample in range(SAMPLES):
            alone = MEASURES[measure](member(drive, sample), method="dense")
            close(found.isel(drive=drive, sample=sample), alone)


def test_a_batch_of_families_is_that_of_single_elements() -> None:
    network = batch()
    single = ly.Network(
        [ly.Mode(f"m{place}", detuning=DETUNINGS.isel(cell=place)) for place in range(SIZE)],
        [
            *(ly.TwoPhotonDrive(f"m{place}", DRIVES) for place in (0, 4)),
            *(ly.LocalBath(f"m{place}", RATES.isel(cell=place)) for place in range(SIZE)),
            *network.elements[2 + SIZE :],
        ],
        charger="m0",
        battery=["m1", f"m{SIZE - 1}"],
    )
    assert network == single
    xr.testing.assert_identical(ly.steady_state(network), ly.steady_state(single))


def test_stability_and_thresholds_are_those_of_the_loop() -> None:
    network = chain(RATES, DETUNINGS, 0.05)
    found, thresholds = ly.stability(network), ly.critical_drive(network, "m4")
    for sample in range(SAMPLES):
        alone = member(1, sample)
        one = ly.stability(alone)
        np.testing.assert_allclose(found.spectral_abscissa[sample], one.spectral_abscissa, rtol=1e-12)
        np.testing.assert_allclose(thresholds[sample], ly.critical_drive(alone, "m4"), rtol=1e-9)


def test_weights_may_be_a_batch_column_by_column() -> None:
    weight = xr.DataArray([0.6, 0.8], dims="weight")
    each = xr.DataArray(np.linspace(0.5, 0.9, SIZE - 1), dims="cell")
    found = ly.steady_state(chain(0.3, 0.0, 0.05, (weight, each)))
    for place in range(2):
        alone = ly.steady_state(chain(0.3, 0.0, 0.05, (float(weight[place]), each.values)))
        close(found.isel(weight=place), alone)


def test_sweeps_fill_families() -> None:
    def build(drive: Any) -> ly.Network:
        return chain(RATES.isel(sample=0), 0.0, drive)

    found = ly.sweep(build, {"drive": [0.01, 0.02, 0.05]})
    for place, drive in enumerate([0.01, 0.02, 0.05]):
        close(found.isel(drive=place), ly.steady_state(chain(RATES.values[:, 0], 0.0, drive)))
    over = ly.sweep(batch(), {"LocalBath(m3).rate": [0.1, 0.4]})
    changed = ly.steady_state(batch().replace(**{"LocalBath(m3).rate": 0.4}))
    close(over.isel({"LocalBath(m3).rate": 1}).transpose(*changed.stored_energy.dims), changed)


def test_parameters_of_members_are_reached_and_replaced() -> None:
    network = batch()
    rate = "LocalBath(m3).rate"
    assert network.parameters[rate].identical(RATES.isel(cell=3, drop=True))
    assert network.parameters["SharedBath(m0, m1).rate"] == 0.5
    changed = network.replace(**{rate: 0.7, "Mode(m2).detuning": 0.0})
    assert changed.parameters[rate] == 0.7
    assert changed.parameters["LocalBath(m2).rate"].identical(RATES.isel(cell=2, drop=True))


def test_device_files_hold_no_batch(refuses: Any, tmp_path: Any) -> None:
    """As of single elements: what is written is one device."""
    refuses(
        "network",
        lambda: ly.write_device(batch(), tmp_path / "batch.toml"),
        "TwoPhotonDrive(m0).amplitude of shape (2,)",
    )
    text = ly.steady_state(batch()).attrs["device_file"]
    assert "left_out" in text
    assert "LocalBath(m0).rate" in text


def test_numbers_along_cell_alone_are_the_members_own() -> None:
    """A family of them stays one record, in the network and in its file."""
    labelled = chain(RATES.isel(sample=0), DETUNINGS.isel(sample=0), 0.05)
    plain = chain(RATES.values[:, 0], DETUNINGS.values[0], 0.05)
    assert labelled == plain
    assert len(labelled.parts) == 4
    assert isinstance(labelled.modes, ly.Modes)


def test_pulses_of_families_differ_from_member_to_member_and_from_device_to_device() -> None:
    starts = xr.DataArray([[0.0, 1.0], [2.0, 0.5]], dims=("cell", "shift"))
    found = ly.charge(chain(0.3, 0.0, ly.pulse.square(0.05, starts, starts + 2.0)), TIMES)
    plain = ly.charge(chain(0.3, 0.0, ly.pulse.square(0.05, starts.values[:, 0], starts.values[:, 0] + 2.0)), TIMES)
    close(found.isel(shift=0), plain)
    for shift in range(2):
        drives = [
            ly.TwoPhotonDrive(mode, ly.pulse.square(0.05, start, start + 2.0))
            for mode, start in zip(("m0", "m4"), starts.values[:, shift].tolist(), strict=True)
        ]
        base = chain(0.3, 0.0, 0.05)
        alone = ly.Network(base.modes, [*drives, *base.parts[1:]], "m0", ["m1", f"m{SIZE - 1}"])
        close(found.isel(shift=shift), ly.charge(alone, TIMES))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.ones(4), ("array of shape (2,)", "is (4,)", "dims='rate'", "dims=('cell', 'rate')")),
        (np.ones((3, 2)), ("is (3, 2)", "dims='rate'")),
        (xr.DataArray(np.ones(3), dims="cell"), ("2 values along `cell`, one for each member", "{'cell': 3}")),
        (xr.DataArray(np.ones((3, 5)), dims=("cell", "sample")), ("2 values along `cell`", "make a batch")),
    ],
)
def test_lengths_that_fit_neither_members_nor_labels_are_refused(
    refuses: Any, values: Any, words: tuple[str, ...]
) -> None:
    refuses("rate", lambda: ly.Family(ly.LocalBath, [0, 1], rate=values), *words)


def test_pulses_and_modes_of_another_length_are_refused(refuses: Any) -> None:
    heights = xr.DataArray(np.ones(3), dims="cell")
    drive = ly.pulse.square(heights, 0.0, 1.0)
    refuses("amplitude", lambda: ly.Family(ly.OnePhotonDrive, [0, 1], amplitude=drive), "along `cell`")
    plain = ly.pulse.square(heights.values, 0.0, 1.0)
    refuses("amplitude", lambda: ly.Family(ly.OnePhotonDrive, [0, 1], amplitude=plain), "shape (2,)")
    refuses("detuning", lambda: ly.Modes(2, detuning=heights), "2 values along `cell`, one for each member")
