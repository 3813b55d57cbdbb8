"""Whose parameters vary: names of the catalog, functions, networks by address; and names that are none."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import leyden as ly
from leyden.errors import ParameterError
from leyden.study import addresses
from leyden.study.devices import builder_of, with_aliases


def pair(*, drive: Any = 0.05, damping: Any) -> ly.Network:
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)


def test_a_name_of_the_catalog() -> None:
    builder = builder_of("two_photon_battery")
    builder.refuse_names(["drive"], ["coupling"])
    assert builder.call(drive=0.1) == ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    assert builder.words == "two_photon_battery"


def test_a_function() -> None:
    builder = builder_of(pair)
    assert builder.call is pair
    assert builder.words.startswith(f"{__name__}.pair (")
    builder.refuse_names(["drive"], ["damping"])


def test_a_function_of_anything() -> None:
    builder = builder_of(lambda first, **others: first)
    builder.refuse_names(["anything"], ["first"])
    with pytest.raises(ParameterError, match="but is 'first'"):
        builder.refuse_names(["anything"], [])


def test_a_callable_without_a_signature() -> None:
    builder_of(type).refuse_names(["x"], [])


@pytest.mark.parametrize("build", [1, None, "no_such_device", ["two_photon_battery"]])
def test_what_builds_nothing(refuses, build: Any) -> None:
    refuses("build", lambda: builder_of(build))


def test_a_network_by_address() -> None:
    network = pair(damping=0.1)
    assert addresses(network) == [
        "Mode(charger).frequency",
        "Mode(charger).detuning",
        "Mode(battery).frequency",
        "Mode(battery).detuning",
        "TwoPhotonDrive(charger).amplitude",
        "TwoPhotonDrive(charger).phase",
        "LocalBath(charger).rate",
        "LocalBath(charger).occupation",
        "LocalBath(charger).squeezing",
        "LocalBath(charger).squeezing_phase",
        "LocalBath(battery).rate",
        "LocalBath(battery).occupation",
        "LocalBath(battery).squeezing",
        "LocalBath(battery).squeezing_phase",
        "SharedBath(charger, battery).rate",
        "SharedBath(charger, battery).occupation",
        "SharedBath(charger, battery).squeezing",
        "SharedBath(charger, battery).squeezing_phase",
        "SharedBath(charger, battery).weights[charger]",
        "SharedBath(charger, battery).weights[battery]",
        "CoherentCoupling(charger, battery).strength",
    ]
    builder = builder_of(network)
    assert builder.call(**{"LocalBath(charger).rate": 0.2, "LocalBath(battery).rate": 0.2}) == pair(damping=0.2)
    changed = builder.call(**{"SharedBath(charger, battery).weights[battery]": 0.5j, "Mode(battery).detuning": 1.0})
    assert changed.elements[3].weights["battery"] == 0.5j
    assert changed.modes[1].detuning == 1.0
    assert builder.call() == network


def test_networks_are_told_apart_by_any_number() -> None:
    words = {builder_of(pair(damping=damping)).words for damping in (0.1, 0.2, 0.2)}
    assert len(words) == 2


def test_an_ambiguous_address_is_none() -> None:
    baths = [ly.LocalBath("a", 1.0), ly.LocalBath("a", 2.0)]
    network = ly.Network([ly.Mode("a")], baths, charger="a", battery="a")
    assert addresses(network) == ["Mode(a).frequency", "Mode(a).detuning"]
    with pytest.raises(ParameterError) as caught:
        builder_of(network).refuse_names(["LocalBath(a).rate"], [])
    assert "2 elements share the address 'LocalBath(a).rate'" in str(caught.value)


def test_builders_can_be_sent() -> None:
    for build in ("cascade", pair(damping=0.1), pair):
        builder = with_aliases(builder_of(build), {"x": ["y"]})
        assert pickle.loads(pickle.dumps(builder)).words == builder.words


def test_an_alias_sets_several_parameters() -> None:
    plain = builder_of("two_photon_battery")
    builder = with_aliases(plain, {"damping": ["charger_damping", "battery_damping"]})
    builder.refuse_names(["drive", "damping"], ["phase"])
    assert builder.call(drive=0.05, damping=0.3) == pair(damping=0.3)
    assert builder.words != plain.words
    assert with_aliases(plain, {}) is plain
    assert builder_of(builder) is builder


@pytest.mark.parametrize(
    ("axes", "fixed", "aliases", "words"),
    [
        (["drvie"], [], {}, "but names 'drvie'. Did you mean 'drive'?"),
        ([], ["x"], {}, "Argument `fixed` must name parameters of the device (drive, charger_damping, "),
        (
            ["drive"],
            ["drive"],
            {},
            "Argument `fixed` must set no parameter twice (axes set it already), but is 'drive'",
        ),
        (["kappa"], ["battery_damping"], {"kappa": ["battery_damping"]}, "must set no parameter twice"),
        (["kappa", "drive"], [], {"kappa": ["drive"]}, "must set no parameter twice"),
        (["kappa"], [], {"kappa": ["nothing"]}, "but names 'nothing'."),
    ],
)
def test_names_are_checked(axes: list[str], fixed: list[str], aliases: dict[str, list[str]], words: str) -> None:
    builder = with_aliases(builder_of("two_photon_battery"), aliases)
    with pytest.raises(ParameterError) as caught:
        builder.refuse_names(axes, fixed)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("cascade", "modes"),
        ("cascade", "driven"),
        ("reciprocal_battery", "photons"),
        ("random_directed_graph", "seed"),
        ("parallel_array", "cells"),
        ("lattice", "rows"),
    ],
)
def test_what_sets_the_structure_cannot_vary(device: str, name: str) -> None:
    builder = builder_of(device)
    with pytest.raises(ParameterError) as caught:
        builder.refuse_names([name], [])
    assert f"`{name}` sets the structure of the device and cannot." in str(caught.value)
    with pytest.raises(ParameterError, match="sets the structure"):
        with_aliases(builder, {"size": [name]}).refuse_names(["size"], [])
    builder.refuse_names(["drive"], [name])


def test_a_function_says_why_its_structure_cannot_vary() -> None:
    with pytest.raises(ParameterError, match=r"`modes` must be a whole number.*It is the same for a whole batch"):
        ly.sweep(lambda modes: ly.catalog.cascade(modes, drive=0.1, damping=0.1), {"modes": [2, 3]})


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ParameterError, match="but is 'damping'"):
        builder_of(pair).refuse_names(["drive"], [])
