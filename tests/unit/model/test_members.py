"""The devices of a batch one by one: they are those that could have been built alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.labels import take_off
from leyden.model.members import members_of
from leyden.model.modes import Modes
from leyden.model.operators import HamiltonianTerm, annihilate, create

C = ly.catalog
COUNT = 12
RNG = np.random.default_rng(5)
RATES = RNG.uniform(0.1, 1, (COUNT, 3))


@dataclass(frozen=True)
class Shift(Element):
    """A detuning whose size is no parameter, as far as leyden knows."""

    mode: str
    size: float

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        return (HamiltonianTerm(self.size / 2, (create(self.mode), annihilate(self.mode))),)


def names(count: int = COUNT) -> list[str]:
    return [f"m{place}" for place in range(count)]


def by_hand(index: int | None) -> ly.Network:
    """Unlike numbers in every element, kinds mixed in the list, one bath listed twice; a batch of three, or one."""

    def pick(value: Any) -> Any:
        return value if index is None else value[index]

    modes = [ly.Mode(name, detuning=pick(RATES[place] - 0.5)) for place, name in enumerate(names())]
    twice = ly.LocalBath("m3", pick(RATES[3]))
    elements: list[Any] = [twice, twice, Shift("m1", 0.2)]
    for place in range(COUNT - 1):
        here, there = f"m{place}", f"m{place + 1}"
        elements += [
            ly.LocalBath(here, pick(RATES[place]), 0.3),
            ly.CoherentCoupling(here, there, pick(RATES[place] * np.exp(1j * place))),
            ly.SharedBath({there: 0.5j, here: pick(RATES[place + 1])}, 0.7),
            ly.OnePhotonDrive(here, 0.1, pick(RATES[place])),
            Shift(here, 0.01 * place),
        ]
    elements.append(ly.TwoPhotonDrive("m0", pick(RATES[0] / 10)))
    return ly.Network(modes, elements, charger="m0", battery="m1")


def same(first: ly.Network, second: ly.Network) -> None:
    ours, theirs = ly.moment_equations(first), ly.moment_equations(second)
    for part in ("drift", "diffusion", "source", "forcing"):
        np.testing.assert_allclose(getattr(ours, part), getattr(theirs, part), rtol=1e-14, atol=1e-15, err_msg=part)
    assert first.frequencies == second.frequencies


def test_members_are_the_devices_that_were_meant() -> None:
    plain, labels = take_off(by_hand(None))
    found = list(members_of(plain, labels.shape))
    assert len(found) == 3
    for index, member in enumerate(found):
        same(member, by_hand(index))


def test_like_elements_become_families_and_all_others_stay() -> None:
    """Also twice the same record, which counts twice."""
    plain, labels = take_off(by_hand(None))
    parts = next(members_of(plain, labels.shape)).parts
    sizes = {type(part.pattern).__name__: len(part) for part in parts if isinstance(part, Family)}
    assert sizes == {
        "LocalBath": COUNT + 1,
        "CoherentCoupling": COUNT - 1,
        "SharedBath": COUNT - 1,
        "OnePhotonDrive": COUNT - 1,
    }
    assert sorted({type(part).__name__ for part in parts if not isinstance(part, Family)}) == [
        "Shift",
        "TwoPhotonDrive",
    ]


@pytest.mark.parametrize("modes", [3, 40])
def test_grids_are_walked_with_the_last_axis_fastest(modes: int) -> None:
    drive = xr.DataArray([0.05, 0.1], dims="drive")
    damping = xr.DataArray([0.1, 0.3, 0.5], dims="damping")
    plain, labels = take_off(C.cascade(modes, drive=drive, damping=damping, shared_rate=damping + 1))
    found = list(members_of(plain, labels.shape))
    expected = [C.cascade(modes, drive=d, damping=k, shared_rate=k + 1) for d in drive.values for k in damping.values]
    assert len(found) == 6
    for member, alone in zip(found, expected, strict=True):
        same(member, alone)
        assert isinstance(member.modes, Modes)
        assert len(member.parts) == len(alone.parts) or modes == 3


def test_frequencies_alone_can_make_a_batch() -> None:
    modes = [ly.Mode(name, frequency=np.asarray([1.0, 2.0]) + place) for place, name in enumerate(names())]
    plain, labels = take_off(ly.Network(modes, [ly.LocalBath(name, 0.3) for name in names()], "m0", "m1"))
    assert [one.frequencies[1] for one in members_of(plain, labels.shape)] == [2.0, 3.0]
