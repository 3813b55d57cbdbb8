"""Catalog: the devices of physics.md section 2, their parameters one by one, and their one-way coupling."""

from __future__ import annotations

import array_api_strict
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.catalog import DEVICES, nonreciprocal_strength, reference_device

catalog = ly.catalog
PAIR = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.2}
LOCAL = {"detuning": 0.3, "phase": 0.4, "frequency": 2.0, "occupation": 0.5}
SHARED = {"shared_rate": 1.5, "charger_weight": 0.6j, "battery_weight": 0.8}


@pytest.mark.parametrize(
    ("build", "drive", "name"),
    [
        (catalog.two_photon_battery, ly.TwoPhotonDrive, "two_photon_battery"),
        (catalog.one_photon_battery, ly.OnePhotonDrive, "one_photon_battery"),
    ],
)
def test_the_pair_is_the_papers_device(build, drive, name: str) -> None:
    found = build(**PAIR, **LOCAL, **SHARED)
    assert found == ly.Network(
        [ly.Mode("charger", 2.0, 0.3), ly.Mode("battery", 2.0, 0.3)],
        [
            drive("charger", 0.05, 0.4),
            ly.LocalBath("charger", 0.1, 0.5),
            ly.LocalBath("battery", 0.2, 0.5),
            ly.SharedBath({"charger": 0.6j, "battery": 0.8}, 1.5, 0.5),
            ly.CoherentCoupling("charger", "battery", -0.5j * 1.5 * 0.6j * 0.8),
        ],
        charger="charger",
        battery="battery",
        name=name,
    )


@pytest.mark.parametrize("build", [catalog.two_photon_battery, catalog.one_photon_battery])
def test_defaults_are_the_symmetric_device_on_resonance(build) -> None:
    weight = 2**-0.5
    explicit = {"detuning": 0.0, "phase": 0.0, "frequency": 1.0, "occupation": 0.0, "coupling": "nonreciprocal"}
    weights = {"shared_rate": 1.0, "charger_weight": weight, "battery_weight": weight}
    assert build(**PAIR) == build(**PAIR, **explicit, **weights)
    assert build(**PAIR).elements[-1].strength == pytest.approx(-0.25j, rel=1e-15)


def test_any_other_coupling_will_do() -> None:
    assert catalog.two_photon_battery(**PAIR, coupling=0.2 - 0.1j).elements[-1].strength == 0.2 - 0.1j
    assert catalog.one_photon_battery(**PAIR, coupling=0).elements[-1].strength == 0.0


@pytest.mark.parametrize(("photons", "drive"), [(1, ly.OnePhotonDrive), (2, ly.TwoPhotonDrive)])
def test_the_reciprocal_baseline_has_no_shared_bath(photons: int, drive) -> None:
    found = catalog.reciprocal_battery(**PAIR, **LOCAL, coupling=0.25j, photons=photons)
    assert found == ly.Network(
        [ly.Mode("charger", 2.0, 0.3), ly.Mode("battery", 2.0, 0.3)],
        [
            drive("charger", 0.05, 0.4),
            ly.LocalBath("charger", 0.1, 0.5),
            ly.LocalBath("battery", 0.2, 0.5),
            ly.CoherentCoupling("charger", "battery", 0.25j),
        ],
        charger="charger",
        battery="battery",
        name="reciprocal_battery",
    )
    assert isinstance(catalog.reciprocal_battery(**PAIR, coupling=0.1).elements[0], ly.TwoPhotonDrive)


@pytest.mark.parametrize(("photons", "drive"), [(1, ly.OnePhotonDrive), (2, ly.TwoPhotonDrive)])
def test_the_cascade_is_a_directed_chain(photons: int, drive) -> None:
    found = catalog.cascade(4, drive=0.05, damping=0.1, shared_rate=2.0, photons=photons, occupation=0.5)
    assert found.mode_names == ("m0", "m1", "m2", "m3")
    assert (found.charger, found.batteries, found.name) == ("m0", ("m1", "m2", "m3"), "cascade")
    assert found.elements[0] == drive("m0", 0.05)
    assert [element for element in found.elements if isinstance(element, ly.LocalBath)] == [
        ly.LocalBath(name, 0.1, 0.5) for name in found.mode_names
    ]
    baths = [element for element in found.elements if isinstance(element, ly.SharedBath)]
    weight = 2**-0.5
    pairs = [("m0", "m1"), ("m1", "m2"), ("m2", "m3")]
    assert baths == [ly.SharedBath({first: weight, second: weight}, 2.0, 0.5) for first, second in pairs]
    drift = ly.moment_equations(found).drift
    # Inner modes belong to two shared baths: kappa/2 + Gamma/4 and kappa/2 + Gamma/2.
    np.testing.assert_allclose(np.diag(drift)[::2], [-0.55, -1.05, -1.05, -0.55], rtol=1e-15)
    # Nothing flows back: exactly, where the baths are cold; up to rounding, where loss and gain nearly cancel.
    assert np.max(np.abs(np.triu(drift, 2))) < 1e-15
    assert not np.any(np.triu(ly.moment_equations(catalog.cascade(4, drive=0.05, damping=0.1)).drift, 2))
    assert len(found.elements) == 1 + 4 + 3 + 3


def test_nothing_flows_back_exactly() -> None:
    """Not even rounding, for any complex weights: the closed threshold and the audit of claim C2 rest on zero."""
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(4, 10_000))
    more = {"shared_rate": rng.uniform(0, 3, 10_000), "phase": rng.uniform(0, 6, 10_000)}
    first, second = weights[0] + 1j * weights[1], weights[2] + 1j * weights[3]
    network = catalog.two_photon_battery(**PAIR, charger_weight=first, battery_weight=second, **more)
    drift = ly.moment_equations(network).drift
    assert not np.any(drift[:, :2, 2:])
    # Forward, the battery is driven through -Gamma mu a, mu = p_a p_b*.
    rate = -more["shared_rate"] * first * second.conj()
    np.testing.assert_allclose(drift[:, 2, 0] + 1j * drift[:, 3, 0], rate, rtol=1e-14)
    for place in range(20):
        single = {name: value[place].item() for name, value in more.items()}
        pair = {"charger_weight": first[place].item(), "battery_weight": second[place].item()}
        assert not np.any(ly.moment_equations(catalog.two_photon_battery(**PAIR, **pair, **single)).drift[:2, 2:])


@pytest.mark.parametrize(
    "kind", [float, np.asarray, xr.DataArray, array_api_strict.asarray], ids=["float", "numpy", "xarray", "strict"]
)
def test_the_nonreciprocal_strength_of_any_library(kind) -> None:
    found = nonreciprocal_strength(kind(2.0), kind(0.5), kind(0.25))
    assert complex(np.asarray(found)) == -0.125j
    found = nonreciprocal_strength(2.0, 0.5 + 0.5j, 0.25j)
    assert found == pytest.approx(-1j * (0.5 + 0.5j) * (-0.25j), rel=1e-15)


def test_labelled_parameters_of_the_coupling_meet_by_name() -> None:
    rate = xr.DataArray([1.0, 2.0], dims="rate")
    weight = xr.DataArray([0.5, 0.6, 0.7j], dims="weight")
    strength = nonreciprocal_strength(rate, weight, 0.5)
    assert strength.dims == ("rate", "weight")
    np.testing.assert_allclose(strength, -0.25j * np.outer(rate, weight), rtol=1e-15)
    network = catalog.two_photon_battery(**PAIR, shared_rate=rate, charger_weight=weight)
    assert ly.steady_state(network).sizes == {"rate": 2, "weight": 3}


@pytest.mark.parametrize(
    ("rate", "weight", "words"),
    [
        (np.ones(2), np.ones(3), "[(2,), (3,), ()]"),
        (np.ones(3), xr.DataArray(np.ones(3), dims="x"), "Label all of them, or none"),
        (xr.DataArray(np.ones(3), dims="x"), np.ones(3), "Label all of them, or none"),
        (xr.DataArray(np.ones(3), dims="x"), xr.DataArray(np.ones(2), dims="x"), "[{'x': 3}, {'x': 2}, ()]"),
        (
            xr.DataArray(np.ones(2), dims="x", coords={"x": [1, 2]}),
            xr.DataArray(np.ones(2), dims="x", coords={"x": [2, 3]}),
            "one set of coordinates along each dim",
        ),
    ],
    ids=["shapes", "plain rate", "plain weight", "sizes", "coordinates"],
)
def test_parameters_of_the_coupling_must_fit(refuses, rate, weight, words: str) -> None:
    """A product takes an unlabelled axis for the labelled one beside it, and shared points for all points."""
    refuses("shared_rate", lambda: catalog.two_photon_battery(**PAIR, shared_rate=rate, charger_weight=weight), words)


NOT_NEGATIVE = ("drive", "charger_damping", "battery_damping", "shared_rate", "occupation")


BUILDERS = {
    catalog.two_photon_battery: (*PAIR, *LOCAL, *SHARED, "coupling"),
    catalog.one_photon_battery: (*PAIR, *LOCAL, *SHARED, "coupling"),
    catalog.reciprocal_battery: (*PAIR, *LOCAL, "coupling"),
}


@pytest.mark.parametrize(
    ("build", "argument"),
    [pytest.param(build, name, id=f"{build.__name__}-{name}") for build, names in BUILDERS.items() for name in names],
)
def test_errors_name_the_catalogs_arguments(refuses, build, argument: str) -> None:
    given = PAIR | ({"coupling": 0.1} if build is catalog.reciprocal_battery else {})
    bad = [np.nan, None, [1.0, np.inf], [[1.0], [1.0, 2.0]]]
    bad += [-0.1, 0.1j] if argument in NOT_NEGATIVE else []
    bad += [0.0, -1.0] if argument == "frequency" else []
    bad += ["x"]
    for value in bad:
        refuses(argument, lambda value=value: build(**(given | {argument: value})))


@pytest.mark.parametrize("argument", ["drive", "damping", "shared_rate", "occupation"])
def test_errors_name_the_cascades_arguments(refuses, argument: str) -> None:
    given = {"drive": 0.1, "damping": 0.1}
    for value in (-1.0, np.nan, "x", None):
        refuses(argument, lambda value=value: catalog.cascade(3, **(given | {argument: value})))


@pytest.mark.parametrize("modes", [1, 0, -2, 2.0, "3", None, True, np.int64(1)], ids=repr)
def test_a_chain_has_two_links(refuses, modes) -> None:
    refuses("modes", lambda: catalog.cascade(modes, drive=0.1, damping=0.1), "from 2 to 4000000")


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("modes", lambda: catalog.cascade(10**9, drive=0.1, damping=0.1)),
        ("modes", lambda: catalog.reciprocal_chain(10**9, drive=0.1, damping=0.1, coupling=0.1)),
        ("modes", lambda: catalog.ring(10**9, drive=0.1, damping=0.1, coupling=0.1)),
        ("modes", lambda: catalog.random_directed_graph(10**9, drive=0.1, damping=0.1)),
        ("acyclic", lambda: catalog.random_directed_graph(4, drive=0.1, damping=0.1, acyclic="maybe")),
        ("links", lambda: catalog.random_directed_graph(10**6, drive=0.1, damping=0.1, links=10**9)),
        ("cells", lambda: catalog.parallel_array(10**9, drive=0.1, charger_damping=0.1, battery_damping=0.1)),
        ("columns", lambda: catalog.lattice(10**5, 10**4, drive=0.1, damping=0.1, coupling=0.1)),
        ("columns", lambda: catalog.lattice(10**4999, 1, drive=0.1, damping=0.1, coupling=0.1)),
        ("names", lambda: ly.Modes(10**9)),
        ("names", lambda: ly.Modes(range(10**9))),
    ],
)
def test_sizes_are_looked_at_before_anything_is_built(refuses, monkeypatch, argument, call) -> None:
    """A thousand million modes would take hundreds of gigabytes to write down."""

    def never(*_arguments: object) -> None:
        raise AssertionError("builds it")

    monkeypatch.setattr("numpy.arange", never)
    refuses(argument, call)


@pytest.mark.parametrize("photons", [0, 3, "2", None, [2], True, 2.0], ids=repr)
def test_photons_are_one_or_two(refuses, photons) -> None:
    refuses("photons", lambda: catalog.cascade(2, drive=0.1, damping=0.1, photons=photons))
    refuses("photons", lambda: catalog.reciprocal_battery(**PAIR, coupling=0.1, photons=photons))


def test_a_wrong_word_for_the_coupling(refuses) -> None:
    refuses("coupling", lambda: catalog.two_photon_battery(**PAIR, coupling="reciprocal"), '"nonreciprocal"')


@pytest.mark.parametrize("name", DEVICES)
def test_every_device_has_a_reference(name: str) -> None:
    found = reference_device(name)
    assert found.name == name
    assert bool(ly.steady_state(found).is_stable)
    assert DEVICES[name].meaning
    assert reference_device(name, drive=0.0).elements[0].amplitude == 0.0


def test_unknown_devices_and_parameters(refuses) -> None:
    for name in ("battery", None, ["cascade"]):
        refuses("device", lambda name=name: reference_device(name), "two_photon_battery, one_photon_battery")
    refuses("parameter of cascade", lambda: reference_device("cascade", kappa=0.1), "be one of modes, drive")


def test_devices_of_few_levels_say_what_they_refuse(refuses) -> None:
    rates = {"drive": 0.1, "charger_damping": 0.1, "coupling": 0.1}
    for levels in (1, 2.0, "two", True):
        refuses("levels", lambda levels=levels: ly.catalog.few_level_battery(**rates, battery_levels=levels))
    refuses("cells", lambda: ly.catalog.tavis_cummings_battery(0, coupling=1.0))
    refuses("cells", lambda: ly.catalog.tavis_cummings_battery(31, coupling=1.0))
    refuses("coupling", lambda: ly.catalog.tavis_cummings_battery(2, coupling=float("nan")))
