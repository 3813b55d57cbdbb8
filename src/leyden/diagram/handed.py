"""Who turns a device into a diagram: a higher room that knows equations, and hands its function down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leyden.diagram.record import Diagram
from leyden.errors import ParameterError

__all__ = ["diagram_of", "hand_down"]

_makers: list[Callable[[Any], Diagram]] = []


def hand_down(maker: Callable[[Any], Diagram]) -> None:
    """Register the function that makes a diagram of a device."""
    _makers[:] = [maker]


def diagram_of(device: Any) -> Diagram:
    """Diagram of a device; one that is a diagram is its own."""
    if isinstance(device, Diagram):
        return device
    if not hasattr(device, "mode_names"):
        raise ParameterError.of("device", "be a Network", device)
    return _makers[0](device)
