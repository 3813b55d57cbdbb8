"""What `ly.optimize` refuses: each with its argument, what was found and what helps, on one line."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly

PAIR = ly.catalog.two_photon_battery
RATES = {"charger_damping": 0.1, "battery_damping": 0.1}


def search(build=PAIR, bounds=None, merit="ergotropy", **more):
    given = {"fixed": RATES, "starts": 1} | more
    return ly.optimize(build, bounds if bounds is not None else {"drive": (0.01, 0.1)}, merit, **given)


def raising(drive):
    raise ZeroDivisionError("no room")


REFUSALS = [
    ({"merit": "ergotopy"}, "merit", "Did you mean 'ergotropy'?"),
    ({"merit": 3}, "merit", "a function of them"),
    ({"merit": lambda data: np.ones(3)}, "merit", "shape (3,)"),
    ({"bounds": {}}, "bounds", "at least one"),
    ({"bounds": {"drive": (0.1, 0.01)}}, "bounds[drive]", "Did you mean (0.01, 0.1)?"),
    ({"bounds": {"drive": (0.1, 0.1)}}, "bounds[drive]", "`fixed`: {'drive': 0.1}"),
    ({"bounds": {"drive": (0.1, np.inf)}}, "bounds[drive]", "finite"),
    ({"bounds": {"drive": (0.1, np.nan)}}, "bounds[drive]", "finite"),
    ({"bounds": {"drive": 0.1}}, "bounds[drive]", "Range"),
    ({"bounds": {"drive": ("0.1", "0.2")}}, "bounds[drive]", "finite"),
    ({"bounds": {"drive": ly.Range(0.1, 0.2, 3)}}, "bounds[drive]", "without points"),
    ({"bounds": {3: (0.1, 0.2)}}, "bounds", "names of parameters"),
    ({"bounds": {"drive": (-1e308, 1e308)}}, "bounds[drive]", "span a finite interval"),
    ({"bounds": {f"p{place}": (0, 1) for place in range(201)}}, "bounds", "at most 200"),
    ({"bounds": {"charger_damping": (0.1, 0.2)}}, "fixed", "set it already"),
    ({"fixed": {"charger_damping": 0.1}}, "fixed", "`two_photon_battery` needs beside the bounds"),
    ({"fixed": {**RATES, "charger_damping": np.array([0.1, 0.2])}}, "fixed[charger_damping]", "not a batch"),
    ({"fixed": 3}, "fixed", "mapping"),
    ({"at": "stedy"}, "at", "Did you mean 'steady'?"),
    ({"at": -1.0}, "at", "positive time"),
    ({"at": 5.0, "times": [0.0, 1.0]}, "times", '"peak"'),
    ({"times": [0.0, 1.0]}, "times", '"peak"'),
    ({"at": 5.0, "measure": ly.correlations}, "at", "its own times"),
    ({"measure": 3}, "measure", "function of the network"),
    ({"measure": ly.correlations, "method": "dense"}, "method", "its own"),
    ({"method": "dens"}, "method", '"dense"'),
    ({"constraints": [1]}, "constraints", "mapping"),
    ({"constraints": {"stored_energy": 3}}, "constraints[stored_energy]", "pair"),
    ({"constraints": {"stored_energy": (2, 1)}}, "constraints[stored_energy]", "Did you mean (1.0, 2.0)?"),
    ({"constraints": {"stored_energy": (1, 1)}}, "constraints[stored_energy]", "narrow"),
    ({"constraints": {"stored_energy": (None, None)}}, "constraints[stored_energy]", "have an end"),
    ({"constraints": {"stored_energy": (np.nan, 1)}}, "constraints[stored_energy]", "real numbers"),
    ({"margin": 0.0}, "margin", "positive rate"),
    ({"minimize": "yes"}, "minimize", "True or False"),
    ({"gradient": "jxa"}, "gradient", '"jax"'),
    ({"starts": 0}, "starts", "1"),
    ({"budget": 19}, "budget", "20"),
    ({"merit": lambda data: data}, "merit", "'Dataset'"),
    ({"merit": lambda data: None}, "merit", "'NoneType'"),
    ({"merit": lambda data: 1j * data.ergotropy}, "merit", "real numbers"),
    ({"merit": "charging_efficiency"}, "merit", "give `at`"),
    ({"constraints": {"enrgy": (None, 1)}}, "constraints", "Did you mean"),
    (
        {
            "build": PAIR(drive=np.array([0.01, 0.1]), **RATES),
            "bounds": {"LocalBath(battery).rate": (0.1, 1)},
            "fixed": {},
        },
        "build",
        "numbers where it has arrays",
    ),
    ({"seed": -1}, "seed", "0"),
    ({"tolerance": 0.0}, "tolerance", "positive"),
    ({"progress": 3}, "progress", "function"),
    ({"build": lambda drive: 3, "fixed": {}}, "build", "return a Network"),
    ({"build": 3}, "build", "function"),
]


@pytest.mark.parametrize(
    ("given", "name", "word"), REFUSALS, ids=[f"{place}-{row[1]}" for place, row in enumerate(REFUSALS)]
)
def test_refusals(refuses, given, name: str, word: str) -> None:
    refuses(name, lambda: search(**given), word)


def said(call, *words: str) -> str:
    with pytest.raises(ly.LeydenError) as caught:
        call()
    text = str(caught.value)
    assert len(text) <= 300
    assert "\n" not in text
    for word in words:
        assert word in text
    return text


def test_unknown_parameters() -> None:
    said(lambda: search(bounds={"drve": (0.01, 0.1)}), "`bounds`", "Did you mean 'drive'?")


def test_whole_numbers_do_not_vary() -> None:
    fixed = {"drive": 0.1, "damping": 0.1}
    said(lambda: search(ly.catalog.cascade, {"modes": (2, 5)}, fixed=fixed), "`bounds`", "`modes`", "fixed")

    def chain(count: int, drive):
        return ly.catalog.cascade(count, drive=drive, damping=0.1)

    said(lambda: search(chain, {"count": (2, 5)}, fixed={"drive": 0.1}), "`bounds`", "`count`")


def test_several_batteries_are_no_single_merit() -> None:
    fixed = {"modes": 3, "damping": 0.1}
    said(lambda: search(ly.catalog.cascade, {"drive": (0.01, 0.03)}, fixed=fixed), "`merit`", "total_ergotropy")


def test_nothing_stable() -> None:
    with pytest.raises(ly.UnstableError, match=r"drive = 0\.2, with an abscissa of 0\.1") as caught:
        search(bounds={"drive": (0.2, 0.4)})
    assert caught.value.spectral_abscissa == pytest.approx(0.1)


def test_constraints_that_cannot_be_met() -> None:
    text = said(
        lambda: search(constraints={"stored_energy": (5, None)}), "`constraints`", "stored_energy >= 5", "0.9375"
    )
    assert "drive = 0.1" in text


def test_a_function_that_raises() -> None:
    said(lambda: search(raising, fixed={}), "`build`", "ZeroDivisionError: no room")


def test_a_merit_that_raises_or_is_nowhere() -> None:
    def lost(data):
        return data.ergotropy.sel(mode="x")

    said(lambda: search(merit=lost), "`build`", "KeyError")
    said(lambda: search(merit=lambda data: data.ergotropy * np.nan), "`merit`", "NaN")


def test_pulses_cannot_be_traced() -> None:
    def kicked(height):
        return ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", ly.pulse.square(height, 0, 1))], "a", "a")

    said(
        lambda: search(kicked, {"height": (0.1, 1)}, at=2.0, fixed={}, gradient="jax"), "`gradient`", "cannot be traced"
    )
    said(lambda: search(kicked, {"height": (0.1, 1)}, at=2.0, fixed={}, margin=0.1), "`margin`", "spectrum")
