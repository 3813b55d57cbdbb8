"""Where the sparse method gives up the dense one takes over, if nobody insisted and it does not take long."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.model.labels import UNLABELLED
from leyden.task import Task

C = ly.catalog
STEADY = import_module("leyden.low_rank.steady")
RESPONSE = import_module("leyden.low_rank.response")
METHOD = import_module("leyden.low_rank.method")
LATTICE = C.lattice(11, 14, drive=0.05, damping=0.1, coupling=0.3)


def task(modes: int, **asked: Any) -> Task:
    return Task(C.cascade(modes, drive=0.05, damping=0.1), UNLABELLED, **asked)


def test_a_steady_state_that_does_not_converge_is_computed_densely(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ly.steady_state(LATTICE)
    assert expected.attrs["method"] == "low_rank"
    monkeypatch.setattr(STEADY, "_MOST_STEPS", 3)
    found = ly.steady_state(LATTICE)
    assert found.attrs["method"] == "dense"
    np.testing.assert_allclose(found.stored_energy, expected.stored_energy, rtol=1e-10)
    with pytest.raises(ly.ConvergenceError, match=r'after 3 steps .* use method="dense"'):
        ly.steady_state(LATTICE, method="sparse")
    monkeypatch.setattr(METHOD, "_MOST_MODES", 100)
    with pytest.raises(ly.ConvergenceError, match="after 3 steps"):
        ly.steady_state(LATTICE)


def test_members_of_a_batch_are_taken_over_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STEADY, "_MOST_STEPS", 3)
    found = ly.steady_state(C.lattice(11, 14, drive=np.array([0.0, 0.05]), damping=0.1, coupling=0.3))
    assert found.attrs["method"] == "dense"
    assert not found.stored_energy[0].any()
    assert (found.stored_energy[1] > 0).all()


def test_what_stands_still_is_given_up_soon() -> None:
    """A chain that is hardly damped: quanta run to and fro a million times, and no shift helps."""
    parameters = {"drive": 1e-7, "damping": 1e-6, "coupling": 1.0}
    found = ly.steady_state(C.reciprocal_chain(150, **parameters))
    assert found.attrs["method"] == "dense"
    short = C.reciprocal_chain(40, **parameters)
    run = ly.charge(short, [0.0, 1e8])
    np.testing.assert_allclose(ly.steady_state(short).stored_energy, run.stored_energy[..., -1], rtol=1e-6)
    with pytest.raises(ly.ConvergenceError, match="steps the relative residual is") as caught:
        ly.steady_state(short, method="sparse")
    steps = int(str(caught.value).split("after ")[1].split(" steps")[0])
    assert steps < 5000
    assert [METHOD.most_steps(task(modes)) for modes in (150, 500, 1000, 2001)] == [400, 2500, 20_000, 20_000]
    assert METHOD.most_steps(task(150, method="low_rank")) == 20_000
    assert METHOD.hands_over(task(2000))
    assert not METHOD.hands_over(task(2000, times=np.ones(2)))


def test_an_endless_response_is_computed_densely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RESPONSE, "_MOST_STEPS", 5)
    times = np.array([0.0, 20.0])
    found = ly.charge(LATTICE, times)
    assert found.attrs["method"] == "dense"
    with pytest.raises(ly.ParameterError, match='Use method="dense"'):
        ly.charge(LATTICE, times, method="sparse")
    monkeypatch.undo()
    expected = ly.charge(LATTICE, times)
    assert expected.attrs["method"] == "low_rank"
    np.testing.assert_allclose(found.stored_energy, expected.stored_energy, rtol=0, atol=1e-13)


def test_unstable_networks_are_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the dense method must not be tried")

    monkeypatch.setattr("leyden.dense.method.steady_state", never)
    with pytest.raises(ly.UnstableError):
        ly.steady_state(C.cascade(200, drive=0.3, damping=0.1))


@pytest.mark.parametrize("method", [["dense"], np.array(["dense", "sparse"]), 1, "Dense", b"dense"], ids=repr)
def test_methods_are_words(refuses, method) -> None:
    refuses("method", lambda: ly.steady_state(C.cascade(3, drive=0.05, damping=0.1), method=method))
