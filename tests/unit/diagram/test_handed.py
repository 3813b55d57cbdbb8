"""Devices become diagrams by a function that a higher room hands down."""

from __future__ import annotations

import pytest

import leyden as ly
from leyden.diagram.handed import diagram_of
from leyden.diagram.record import Diagram, Node


def test_the_front_door_has_handed_it_down() -> None:
    found = diagram_of(ly.catalog.cascade(3, drive=0.1, damping=0.1))
    assert [node.name for node in found.nodes] == ["m0", "m1", "m2"]


def test_a_diagram_is_its_own() -> None:
    diagram = Diagram("d", (Node("a"),))
    assert diagram_of(diagram) is diagram


def test_what_is_no_device_is_refused() -> None:
    with pytest.raises(ly.ParameterError, match="`device` must be a Network"):
        diagram_of(3.0)
