"""The catalog's large networks: who is linked to whom, and what their builders refuse."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.families import Family

jax.config.update("jax_enable_x64", True)

C = ly.catalog
COMMON: dict[str, Any] = {"drive": 0.02, "damping": 0.1}
ARRAY: dict[str, Any] = {"drive": 0.02, "charger_damping": 0.1, "battery_damping": 0.2}
BUILDERS: dict[str, Any] = {
    "cascade": lambda **given: C.cascade(4, **(COMMON | given)),
    "reciprocal_chain": lambda **given: C.reciprocal_chain(4, **(COMMON | {"coupling": 0.2 + 0.1j} | given)),
    "ring": lambda **given: C.ring(4, **(COMMON | {"coupling": 0.2, "flux": 1.0} | given)),
    "parallel_array": lambda **given: C.parallel_array(3, **(ARRAY | given)),
    "coherent_array": lambda **given: C.parallel_array(3, **(ARRAY | {"coupling": 0.1j} | given)),
    "lattice": lambda **given: C.lattice(2, 3, **(COMMON | {"coupling": 0.2} | given)),
    "random_directed_graph": lambda **given: C.random_directed_graph(5, **(COMMON | given)),
}


def links_of(network: ly.Network, kind: type) -> list[tuple[int, int]]:
    return [
        (network.position(part.modes[0]), network.position(part.modes[1]))
        for part in network.elements
        if isinstance(part, kind)
    ]


def test_each_builder_links_whom_it_says() -> None:
    assert links_of(C.cascade(4, **COMMON), ly.SharedBath) == [(0, 1), (1, 2), (2, 3)]
    assert links_of(C.cascade(4, **COMMON), ly.CoherentCoupling) == [(0, 1), (1, 2), (2, 3)]
    chain = C.reciprocal_chain(3, coupling=0.2, **COMMON)
    assert links_of(chain, ly.CoherentCoupling) == [(0, 1), (1, 2)]
    assert links_of(chain, ly.SharedBath) == []
    assert links_of(C.ring(3, coupling=0.2, **COMMON), ly.CoherentCoupling) == [(0, 1), (1, 2), (2, 0)]
    assert links_of(C.parallel_array(3, **ARRAY), ly.SharedBath) == [(0, 1), (0, 2), (0, 3)]
    lattice = C.lattice(2, 3, coupling=0.2, **COMMON)
    assert sorted(links_of(lattice, ly.CoherentCoupling)) == [(0, 1), (0, 3), (1, 2), (1, 4), (2, 5), (3, 4), (4, 5)]
    assert (lattice.charger, lattice.name) == ("m4", "lattice")
    assert lattice.batteries == ("m0", "m1", "m2", "m3", "m5")


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("photons", [1, 2])
def test_drives_stand_where_they_are_told(name: str, photons: int) -> None:
    kind = {1: ly.OnePhotonDrive, 2: ly.TwoPhotonDrive}[photons]
    found = BUILDERS[name](photons=photons)
    drives = [part for part in found.elements if part.is_drive]
    assert [type(drive) for drive in drives] == [kind]
    assert drives[0].amplitude == 0.02
    assert drives[0].mode == found.charger
    assert set(found.batteries) == set(found.mode_names) - {found.charger}
    if "array" in name:
        return
    several = BUILDERS[name](photons=photons, driven=[3, 1])
    assert several.charger == "m3"
    assert [part.mode for part in several.elements if part.is_drive] == ["m3", "m1"]


def test_the_flux_goes_round_the_ring() -> None:
    """Each link carries its share; a whole turn is no flux at all to a one-photon device, and a quarter is."""
    ring = C.ring(5, coupling=0.2j, flux=1.5, **COMMON)
    strengths = [part.strength for part in ring.elements if isinstance(part, ly.CoherentCoupling)]
    np.testing.assert_allclose(np.prod(np.array(strengths) / 0.2j), np.exp(1.5j), rtol=1e-14)
    still, turned, quarter = (
        ly.steady_state(C.ring(5, coupling=0.2, flux=flux, photons=1, **COMMON)) for flux in (0.0, 2 * np.pi, np.pi / 2)
    )
    np.testing.assert_allclose(turned.stored_energy, still.stored_energy, rtol=1e-12)
    assert float(quarter.stored_energy[0]) != pytest.approx(float(still.stored_energy[0]), rel=1e-3)


@pytest.mark.parametrize("links", [1, 20, 60, 100, 190])
@pytest.mark.parametrize("acyclic", [False, True])
def test_random_graphs_have_unlike_links(links: int, acyclic: bool) -> None:
    """Few of all pairs or nearly all; the same seed is the same graph, another one another."""
    graph = C.random_directed_graph(20, links=links, seed=3, acyclic=acyclic, **COMMON)
    pairs = links_of(graph, ly.CoherentCoupling)
    assert len({frozenset(pair) for pair in pairs}) == links
    assert pairs == links_of(graph, ly.SharedBath)
    if acyclic:
        assert all(first < second for first, second in pairs)
    elif links > 20:
        assert 0.2 < np.mean([first < second for first, second in pairs]) < 0.8
    again, other = (C.random_directed_graph(20, links=links, seed=seed, acyclic=acyclic, **COMMON) for seed in (3, 4))
    assert again == graph
    assert other != graph


def test_numbers_make_families_and_arrays_single_elements() -> None:
    assert sum(isinstance(part, Family) for part in C.cascade(1000, **COMMON).parts) == 3
    assert len(C.cascade(1000, driven=range(500), **COMMON).parts) == 4
    batch = C.cascade(4, drive=0.02, damping=np.array([0.1, 0.2]))
    assert sum(isinstance(part, Family) for part in batch.parts) == 2


@pytest.mark.parametrize("name", BUILDERS)
def test_batches_are_their_members(name: str) -> None:
    """Over plain arrays, labelled ones, and, of the smallest, those of JAX."""
    build, rates = BUILDERS[name], np.array([0.15, 0.3])
    damping = "battery_damping" if "array" in name else "damping"
    alone = [ly.steady_state(build(**{damping: rate, "drive": 0.03, "occupation": 0.1})) for rate in rates.tolist()]
    plain = ly.steady_state(build(**{damping: rates, "drive": 0.03, "occupation": 0.1}))
    labelled = ly.steady_state(
        build(
            **{
                damping: xr.DataArray(rates, dims="damping"),
                "drive": xr.DataArray([0.01, 0.03], dims="drive"),
                "occupation": 0.1,
            }
        )
    )
    assert set(labelled.stored_energy.dims) == {"damping", "drive", "mode"}
    for found in (plain, labelled.isel(drive=1).transpose("damping", "mode")):
        for index, one in enumerate(alone):
            np.testing.assert_allclose(found.stored_energy.values[index], one.stored_energy, rtol=1e-11)
            np.testing.assert_allclose(found.ergotropy.values[index], one.ergotropy, rtol=1e-9, atol=1e-16)


@pytest.mark.parametrize("name", ["cascade", "ring", "coherent_array"])
def test_arrays_of_jax_pass_through_networks(name: str) -> None:
    """To the equations; that the engine takes them from there is tested on the pair."""
    given = "flux" if name == "ring" else "drive"
    found, expected = (
        ly.moment_equations(BUILDERS[name](**{given: kind([0.1, 0.3])})).drift for kind in (jnp.asarray, np.array)
    )
    assert isinstance(found, jax.Array)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=1e-15)


BAD_DRIVEN = [[[0], [1, 2]], [], "m0", None, [0.5], [True], [[0, 1]], -1, 9, [0, 0], [2**70], {0, 1}]


@pytest.mark.parametrize("driven", BAD_DRIVEN, ids=repr)
def test_driven_modes_are_positions(refuses: Any, driven: Any) -> None:
    refuses("driven", lambda: C.cascade(4, driven=driven, **COMMON))


@pytest.mark.parametrize("name", BUILDERS)
def test_errors_name_the_builders_arguments(refuses: Any, name: str) -> None:
    rates = ["drive", "occupation", *(["charger_damping", "battery_damping"] if "array" in name else ["damping"])]
    rates += ["shared_rate"] if name in ("cascade", "parallel_array", "random_directed_graph") else []
    for argument in rates:
        for value in (-0.1, np.nan, None, "x", 0.1j, [0.1, -0.1]):
            refuses(argument, lambda value=value, argument=argument: BUILDERS[name](**{argument: value}))
    if name in ("reciprocal_chain", "ring", "lattice", "coherent_array"):
        for value in (np.inf, None, "strong" if name == "coherent_array" else "x", [[1.0], [1.0, 2.0]]):
            refuses("coupling", lambda value=value: BUILDERS[name](coupling=value))
    refuses("photons", lambda: BUILDERS[name](photons=3))


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("modes", lambda: C.ring(2, coupling=0.1, **COMMON)),
        ("modes", lambda: C.reciprocal_chain(1, coupling=0.1, **COMMON)),
        ("modes", lambda: C.random_directed_graph(True, **COMMON)),
        ("cells", lambda: C.parallel_array(0, **ARRAY)),
        ("rows", lambda: C.lattice(0, 2, coupling=0.1, **COMMON)),
        ("rows", lambda: C.lattice(2.0, 2, coupling=0.1, **COMMON)),
        ("columns", lambda: C.lattice(1, 1, coupling=0.1, **COMMON)),
        ("links", lambda: C.random_directed_graph(4, links=7, **COMMON)),
        ("links", lambda: C.random_directed_graph(4, links=0, **COMMON)),
        ("seed", lambda: C.random_directed_graph(4, seed=-1, **COMMON)),
        ("seed", lambda: C.random_directed_graph(4, seed=None, **COMMON)),
        ("flux", lambda: C.ring(3, coupling=0.1, flux=np.nan, **COMMON)),
        ("flux", lambda: C.ring(3, coupling=np.ones(2), flux=np.ones(3), **COMMON)),
        ("flux", lambda: C.ring(3, coupling=np.ones(2), flux=xr.DataArray([0.0, 1.0], dims="flux"), **COMMON)),
        (
            "flux",
            lambda: C.ring(
                3,
                coupling=xr.DataArray([0.1, 0.2], dims="x", coords={"x": [1, 2]}),
                flux=xr.DataArray([0.1, 0.2], dims="x", coords={"x": [2, 3]}),
                **COMMON,
            ),
        ),
    ],
)
def test_bad_networks_are_refused(refuses: Any, name: str, call: Any) -> None:
    refuses(name, call)


def test_cells_of_an_array_can_be_driven_themselves() -> None:
    """A driven cell is a lone mode to itself: E = 8 eps^2/(L^2 - 16 eps^2) with L = kappa_b + Gamma/2, undisturbed."""
    array = ly.catalog.parallel_array(3, drive=0.05, charger_damping=0.1, battery_damping=0.2, driven=2)
    found = ly.steady_state(array)
    assert array.charger == "m2"
    assert float(found.charger_energy) == pytest.approx(8 * 0.05**2 / (0.7**2 - 16 * 0.05**2), rel=1e-12)
    assert (found.stored_energy == 0).all()


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("damping", lambda value: ly.catalog.cascade(4, drive=0.1, damping=value[:4])),
        ("shared_rate", lambda value: ly.catalog.cascade(4, drive=0.1, damping=0.1, shared_rate=value[:3])),
        ("occupation", lambda value: ly.catalog.cascade(4, drive=0.1, damping=0.1, occupation=value[:4])),
        ("drive", lambda value: ly.catalog.cascade(6, drive=value[:2], damping=0.1, driven=[0, 3])),
        ("coupling", lambda value: ly.catalog.reciprocal_chain(4, drive=0.1, damping=0.1, coupling=value[:3] * 1j)),
        ("coupling", lambda value: ly.catalog.ring(4, drive=0.1, damping=0.1, coupling=value[:4])),
        ("drive", lambda value: ly.catalog.cascade(4, drive=value[:4], damping=0.1)),
        ("drive", lambda value: star(drive=value[:3])),
        ("battery_damping", lambda value: star(battery_damping=value[:3])),
        ("shared_rate", lambda value: star(shared_rate=value[:3])),
        ("coupling", lambda value: star(coupling=value[:3])),
        ("coupling", lambda value: ly.catalog.lattice(2, 3, drive=0.1, damping=0.1, coupling=value[:7])),
        ("damping", lambda value: ly.catalog.lattice(2, 3, drive=0.1, damping=value[:6], coupling=0.1)),
        ("shared_rate", lambda value: graph(shared_rate=value[:6])),
    ],
)
def test_a_list_with_a_number_for_each_part_is_no_batch(refuses, name: str, build: Any) -> None:
    """It would silently make as many devices as there are parts; a label says that this is meant."""
    values = np.linspace(0.1, 0.8, 8)
    error = refuses(name, lambda: build(values), "be labelled", f"dims='{name}'")
    assert len(str(error)) <= 300
    labelled = build(xr.DataArray(values, dims=name))
    assert ly.stability(labelled).is_stable.dims == (name,)


def graph(**change: Any) -> ly.Network:
    return ly.catalog.random_directed_graph(4, drive=0.1, damping=0.1, **change)


def star(**change: Any) -> ly.Network:
    given = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1} | change
    return ly.catalog.parallel_array(3, **given)


def test_lists_of_other_lengths_are_batches() -> None:
    assert ly.catalog.cascade(4, drive=0.1, damping=np.full(5, 0.1)).plain_shape == (5,)
    assert ly.catalog.cascade(4, drive=np.full(3, 0.1), damping=0.1).plain_shape == (3,)
    assert ly.catalog.cascade(2, drive=0.1, damping=0.1, shared_rate=[1.0]).plain_shape == (1,)
    assert ly.catalog.cascade(4, drive=0.1, damping=np.full((4, 1), 0.1)).plain_shape == (4, 1)
    assert star(charger_damping=np.full(3, 0.1)).plain_shape == (3,)


@pytest.mark.parametrize("photons", [1, 2])
@pytest.mark.parametrize("occupation", [0.0, 0.4])
def test_a_matched_end_continues_the_series(photons: int, occupation: float) -> None:
    """A chain that goes on: nothing comes back, so that its modes are those of the matched one, exactly."""
    rest: dict[str, Any] = {"drive": 0.05, "damping": 0.1, "photons": photons, "occupation": occupation}
    matched, longer, open_end = (
        ly.steady_state(ly.catalog.cascade(modes, end=end, **rest)).stored_energy.values
        for modes, end in ((5, "matched"), (6, "open"), (5, "open"))
    )
    np.testing.assert_allclose(matched, longer[:4], rtol=1e-12)
    np.testing.assert_allclose(open_end[:3], matched[:3], rtol=1e-12)
    if photons == 1 and occupation == 0.0:
        # b_{j+1} = -(Gamma/Lambda) b_j, with Lambda = kappa + Gamma within the chain and kappa + Gamma/2 at its end.
        np.testing.assert_allclose(matched[1:] / matched[:-1], 1.1**-2, rtol=1e-12)
        assert open_end[-1] / open_end[-2] == pytest.approx(0.6**-2, rel=1e-12)


def test_a_matched_end_is_one_bath_and_takes_arrays(refuses: Any) -> None:
    device = ly.catalog.cascade(4, drive=0.05, damping=0.1, end="matched")
    assert [bath.rate for bath in device.elements if isinstance(bath, ly.LocalBath)] == [0.1, 0.1, 0.1, 0.6]
    assert ly.catalog.cascade(4, drive=0.05, damping=0.1) == ly.catalog.cascade(4, drive=0.05, damping=0.1, end="open")
    damping = xr.DataArray([0.1, 0.2], dims="damping")
    batch = ly.steady_state(ly.catalog.cascade(3, drive=0.05, damping=damping, end="matched"))
    one = ly.steady_state(ly.catalog.cascade(3, drive=0.05, damping=0.2, end="matched"))
    np.testing.assert_allclose(batch.stored_energy.isel(damping=1), one.stored_energy, rtol=1e-12)
    swept = ly.sweep("cascade", {"damping": [0.1, 0.2]}, fixed={"modes": 3, "end": "matched"})
    np.testing.assert_allclose(swept.stored_energy.isel(damping=1), one.stored_energy, rtol=1e-12)
    refuses("end", lambda: ly.catalog.cascade(3, drive=0.05, damping=0.1, end="closed"), "matched")
    refuses("end", lambda: ly.catalog.cascade(3, drive=0.05, damping=0.1, end=np.array([0, 1])), "matched")
