"""Whether there is memory for matrices of all modes."""

from __future__ import annotations

from math import prod

from leyden.errors import ParameterError
from leyden.memory import dense_bytes, shortage
from leyden.model.labels import Labels

__all__ = ["refuse_unaffordable", "without_room"]


def without_room(modes: int, labels: Labels, times: int = 0, *, is_even: bool = True) -> str:
    """What to say where there is no memory for the matrices of a device or a batch; empty where there is."""
    count = prod(labels.shape)
    short = shortage(dense_bytes(modes, count, times, is_even=is_even))
    if not short:
        return ""
    batch, long = f" in a batch of {count}" if count > 1 else "", f" at {times} times" if times else ""
    return f"the matrices of {modes} modes{batch}{long} need about {short[0]} of memory, and {short[1]} are free"


def refuse_unaffordable(modes: int, labels: Labels, remedy: str = "Give fewer members.") -> None:
    """Refuse what there is no memory for, of devices whose matrices are needed."""
    if reason := without_room(modes, labels):
        allowed = f"leave matrices to what fits into memory: {reason}"
        raise ParameterError.of("network", allowed, f"{modes} modes", remedy)
