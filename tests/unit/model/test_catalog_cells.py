"""Parameters from cell to cell: what stands along the dim `cell` is one device of unlike parts, not a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly

C = ly.catalog
BATH = ly.LocalBath


def cells(*values: Any) -> xr.DataArray:
    return xr.DataArray(list(values), dims="cell")


def of_kind(network: ly.Network, kind: type, name: str) -> list[Any]:
    return [getattr(part, name) for part in network.elements if isinstance(part, kind)]


def test_every_mode_of_a_cascade_has_its_own_numbers() -> None:
    damping, detuning, rates = [0.1, 0.2, 0.3], [0.0, 0.05, -0.05], [1.0, 0.6]
    found = C.cascade(3, drive=0.05, damping=cells(*damping), detuning=cells(*detuning), shared_rate=cells(*rates))
    weights = [{f"m{place}": 2**-0.5, f"m{place + 1}": 2**-0.5} for place in range(2)]
    by_hand = ly.Network(
        [ly.Mode(f"m{place}", detuning=value) for place, value in enumerate(detuning)],
        [
            ly.TwoPhotonDrive("m0", 0.05),
            *(BATH(f"m{place}", value) for place, value in enumerate(damping)),
            *(ly.SharedBath(pair, rate) for pair, rate in zip(weights, rates, strict=True)),
            *(
                ly.CoherentCoupling(*pair, C.nonreciprocal_strength(rate, 2**-0.5, 2**-0.5))
                for pair, rate in zip(weights, rates, strict=True)
            ),
        ],
        charger="m0",
        battery=["m1", "m2"],
        name="cascade",
    )
    assert found == by_hand
    assert not np.any(np.triu(ly.moment_equations(C.cascade(3, drive=0.05, damping=cells(*damping))).drift, 2))
    assert sum(isinstance(part, ly.Family) for part in found.parts) == 3
    steady = ly.steady_state(found)
    assert steady.stored_energy.dims == ("mode",)


def test_numbers_stand_where_the_docstrings_say() -> None:
    chain = C.reciprocal_chain(3, drive=0.1, damping=0.2, coupling=cells(0.1j, 0.2), occupation=cells(0.0, 0.1, 0.2))
    assert of_kind(chain, ly.CoherentCoupling, "strength") == [0.1j, 0.2]
    assert of_kind(chain, BATH, "occupation") == [0.0, 0.1, 0.2]
    ring = C.ring(3, drive=0.1, damping=cells(0.1, 0.2, 0.3), coupling=cells(0.1, 0.2, 0.3), flux=3 * np.pi / 2)
    np.testing.assert_allclose(of_kind(ring, ly.CoherentCoupling, "strength"), [0.1j, 0.2j, 0.3j], atol=1e-15)
    several = C.cascade(4, drive=cells(0.01, 0.02), damping=0.2, driven=[2, 0])
    assert [(part.mode, part.amplitude) for part in several.elements[:2]] == [("m2", 0.01), ("m0", 0.02)]
    assert C.cascade(4, drive=cells(0.01), damping=0.2).elements[0].amplitude == 0.01
    lattice = C.lattice(2, 2, drive=0.1, damping=cells(1.0, 2.0, 3.0, 4.0), coupling=cells(0.1, 0.2, 0.3, 0.4))
    links = [(*part.modes, part.strength) for part in lattice.elements if isinstance(part, ly.CoherentCoupling)]
    assert links == [("m0", "m1", 0.1), ("m2", "m3", 0.2), ("m0", "m2", 0.3), ("m1", "m3", 0.4)]
    graph = C.random_directed_graph(4, drive=0.1, damping=0.1, links=2, shared_rate=cells(0.5, 0.7))
    assert of_kind(graph, ly.SharedBath, "rate") == [0.5, 0.7]
    line = C.parabolic_line(3, coupling=1.0, damping=cells(0.1, 0.2, 0.3), detuning=cells(0.1, 0.0, 0.1))
    assert of_kind(line, BATH, "rate") == [0.1, 0.2, 0.3]
    assert [mode.detuning for mode in line.modes] == [0.1, 0.0, 0.1]


def test_an_array_has_a_charger_before_its_cells() -> None:
    rates = {"drive": 0.1, "charger_damping": 0.5, "battery_damping": cells(0.1, 0.2)}
    array = C.parallel_array(2, **rates, shared_rate=cells(1.0, 2.0), detuning=cells(0.0, 0.1, 0.2))
    assert of_kind(array, BATH, "rate") == [0.5, 0.1, 0.2]
    assert of_kind(array, ly.SharedBath, "rate") == [1.0, 2.0]
    assert [mode.detuning for mode in array.modes] == [0.0, 0.1, 0.2]
    array = C.parallel_array(2, **rates, coupling=cells(0.1, 0.2j), occupation=cells(0.3, 0.4, 0.5))
    assert of_kind(array, ly.CoherentCoupling, "strength") == [0.1, 0.2j]
    assert of_kind(array, BATH, "occupation") == [0.3, 0.4, 0.5]


def test_a_matched_end_is_that_of_the_last_cell() -> None:
    chain = C.cascade(3, drive=0.1, damping=cells(0.1, 0.2, 0.3), shared_rate=cells(1.0, 0.6), end="matched")
    assert of_kind(chain, BATH, "rate") == pytest.approx([0.1, 0.2, 0.6], rel=1e-15)
    cold = C.cascade(3, drive=0.1, damping=cells(0.1, 0.2, 0.3), shared_rate=1.0, end="matched")
    assert of_kind(cold, BATH, "rate") == pytest.approx([0.1, 0.2, 0.8], rel=1e-15)


@pytest.mark.parametrize("end", ["open", "matched"])
def test_many_samples_of_disorder_are_their_members(end: str) -> None:
    """Other dims beside `cell` make a batch, in whatever order they stand, with coordinates or without."""
    random = np.random.default_rng(3)
    damping = xr.DataArray(random.uniform(0.1, 0.3, (4, 3)), dims=("cell", "sample"), coords={"cell": list("abcd")})
    detuning = xr.DataArray(random.normal(0.0, 0.1, (3, 4)), dims=("sample", "cell"))
    rate = xr.DataArray([0.8, 1.2], dims="shared_rate", coords={"shared_rate": [0.8, 1.2]})
    given: dict[str, Any] = {"drive": 0.05, "end": end}
    found = ly.steady_state(C.cascade(4, damping=damping, detuning=detuning, shared_rate=rate, **given)).stored_energy
    assert set(found.dims) == {"sample", "shared_rate", "mode"}
    for sample in range(3):
        one = {"damping": damping.isel(sample=sample), "detuning": detuning.isel(sample=sample)}
        for value in (0.8, 1.2):
            alone = ly.steady_state(C.cascade(4, **one, shared_rate=value, **given)).stored_energy
            np.testing.assert_allclose(found.sel(shared_rate=value).isel(sample=sample), alone, rtol=1e-11)


def test_a_long_disordered_chain_stays_a_few_records() -> None:
    damping = cells(*np.random.default_rng(1).uniform(0.05, 0.15, 3000))
    chain = C.cascade(3000, drive=0.1, damping=damping, detuning=damping - 0.1)
    assert len(chain.parts) == 4
    assert ly.steady_state(chain).attrs["method"] == "low_rank"


def test_a_detuning_may_be_a_pulse() -> None:
    chain = C.reciprocal_chain(2, drive=0.1, damping=0.2, coupling=0.3, detuning=ly.pulse.square(1.0, 0.0, 5.0))
    still = C.reciprocal_chain(2, drive=0.1, damping=0.2, coupling=0.3, detuning=1.0)
    run, expected = (ly.charge(device, [5.0]).stored_energy for device in (chain, still))
    np.testing.assert_allclose(run, expected, rtol=1e-12)


def test_pulses_may_differ_from_cell_to_cell() -> None:
    """A kick that travels along a chain; other dims of its numbers make a batch, as of any pulse."""
    starts, heights = cells(0.0, 1.0, 2.0), xr.DataArray([0.1, 0.2], dims="height")
    given = {"damping": 0.2, "coupling": 0.3, "driven": [0, 1, 2]}
    found = C.reciprocal_chain(3, drive=ly.pulse.square(heights, starts, starts + 1.0), **given)
    parts = [part for part in found.elements if not part.is_drive]
    for place, height in enumerate(heights.values.tolist()):
        drives = [ly.TwoPhotonDrive(f"m{at}", ly.pulse.square(height, float(at), at + 1.0)) for at in range(3)]
        alone = ly.Network(found.modes, [*drives, *parts], charger="m0", battery=["m1", "m2"])
        run, expected = (ly.charge(device, [0.5, 1.5, 2.5]).stored_energy for device in (found, alone))
        assert set(run.dims) == {"height", "time", "mode"}
        np.testing.assert_allclose(run.isel(height=place), expected, rtol=1e-12)
    damped = C.cascade(3, drive=0.1, damping=ly.pulse.ramp(cells(0.1, 0.2, 0.3), 0.4, 0.0, 1.0), end="matched")
    assert [bath.rate(0.0)[0] for bath in damped.elements if isinstance(bath, BATH)] == [0.1, 0.2, 0.8]


LINKED: dict[str, Any] = {"drive": 0.1, "damping": 0.1, "coupling": 0.2}
ARRAY: dict[str, Any] = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}


@pytest.mark.parametrize(
    ("argument", "call", "words"),
    [
        (
            "damping",
            lambda: C.cascade(4, drive=0.1, damping=cells(0.1, 0.2)),
            "4 values along `cell`, one for each mode",
        ),
        ("shared_rate", lambda: C.cascade(3, drive=0.1, damping=0.1, shared_rate=cells(1, 1, 1)), "2 values"),
        ("occupation", lambda: C.cascade(2, drive=0.1, damping=0.1, occupation=cells(0, 1)), "no dim `cell` here"),
        (
            "drive",
            lambda: C.cascade(3, drive=cells(0.1, 0.2), damping=0.1),
            "1 values along `cell`, one for each driven",
        ),
        ("coupling", lambda: C.reciprocal_chain(3, **(LINKED | {"coupling": cells(1, 2, 3)})), "one for each link"),
        (
            "drive",
            lambda: C.cascade(3, drive=ly.pulse.square(0.1, cells(0.0, 1.0), 9.0), damping=0.1, driven=[0, 1, 2]),
            "3 values along `cell`",
        ),
        ("flux", lambda: C.ring(3, **LINKED, flux=cells(1, 2, 3)), "no dim `cell` here"),
        ("charger_damping", lambda: C.parallel_array(2, **(ARRAY | {"charger_damping": cells(1, 2)})), "no dim"),
        ("battery_damping", lambda: C.parallel_array(2, **(ARRAY | {"battery_damping": cells(1, 2, 3)})), "each cell"),
        ("coupling", lambda: C.parabolic_line(3, coupling=cells(1, 2)), "no dim"),
        ("detuning", lambda: C.lattice(2, 2, **LINKED, detuning=cells(1, 2)), "4 values"),
        ("damping", lambda: C.random_directed_graph(4, drive=0.1, damping=cells(1, 2)), "4 values"),
    ],
)
def test_what_does_not_fit_is_refused(refuses: Any, argument: str, call: Any, words: str) -> None:
    refuses(argument, call, words)


def test_a_plain_list_as_long_as_the_cells_is_told_both_ways_out(refuses: Any) -> None:
    words = "dims='damping'", "dims='cell'"
    refuses("damping", lambda: C.cascade(3, drive=0.1, damping=[0.1, 0.2, 0.3]), *words)
    refuses("detuning", lambda: C.cascade(3, drive=0.1, damping=0.1, detuning=[0.1, 0.2, 0.3]), "dims='cell'")
    kicks = ly.pulse.square(np.array([0.1, 0.2, 0.3]), 0.0, 1.0)
    refuses("drive", lambda: C.cascade(3, drive=kicks, damping=0.1), "dims='drive'")
    heights = xr.DataArray([0.1, 0.2, 0.3], dims="drive")
    labelled = C.cascade(3, drive=ly.pulse.square(heights, 0.0, 1.0), damping=0.1)
    assert dict(ly.charge(labelled, [1.0]).stored_energy.sizes) == {"drive": 3, "time": 1, "mode": 2}
