"""What makes a study this one and no other, in words: its axes to the last bit, and what sets two studies apart."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from leyden.runner.axes import Points

__all__ = ["described", "differences"]


def described(points: Points) -> dict[str, str]:
    """Axes of a study in words, exact to the last bit."""
    words: dict[str, str] = {}
    for name, axis in points.axes.items():
        values = axis.values
        digest = sha256(f"{axis.dim} {values.dtype.str}".encode() + values.tobytes()).hexdigest()[:16]
        words[f"axis {name}"] = f"{len(values)} values from {values[0].item()} to {values[-1].item()} ({digest})"
    # Their order is that of the result's dims.
    return {**words, "order of axes": ", ".join(points.axes)}


def differences(known: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What sets two studies apart, each difference in words."""
    names = dict.fromkeys([*wanted, *known])
    return [
        f"{name} was {known.get(name, 'absent')}, is {wanted.get(name, 'absent')}"
        for name in names
        if known.get(name) != wanted.get(name)
    ]
