"""What a task needs of memory, and what there is: the one model for parts of a batch, for sweeps and for refusals."""

from __future__ import annotations

import os

__all__ = [
    "CACHE_BYTES",
    "KEPT_BYTES",
    "STATE_BYTES",
    "TERM_BYTES",
    "dense_bytes",
    "device_bytes",
    "fitting",
    "free_bytes",
    "members_at_once",
    "result_bytes",
    "shortage",
]

CACHE_BYTES = 2**20
"""Of values that are worked on at once and should stay in a cache."""
STATE_BYTES = 2**27
"""Of the states of a large network at some times in a row."""
TERM_BYTES = 2**30
"""Of the terms of a series that are held at once."""
KEPT_BYTES = 2**31
"""Of factorisations that are kept: of a lattice of 300 x 300 some ten."""
# Bytes of a number.
_NUMBER = 8
# Two-mode devices, and points in time of such devices, that are worked on at once: 1.5 and 8 MB for each matrix.
_MEMBERS, _POINTS = 12288, 65536
# Times up to which the propagator of a member counts for more than its states.
_FEW_TIMES = 30
# Matrices of a device that the dense method holds at once, and at each time of a charging curve: measured on cascades
# of 2 to 100 modes, 5 to 8 in a batch and twice that in a device alone, up to 10 at equidistant times, and 19 to 39 at
# others, each of which has a series of its own.
_MATRICES, _MATRICES_IN_TIME, _MATRICES_OF_A_TIME = 14, 10, 40
# Variables of a charging curve, and what computing them takes beside.
_CURVES = 12
# Small things always fit, and to ask the system costs more than they do.
_SMALL = 2**28


def members_at_once(modes: int, times: int = 0) -> int:
    """Devices of a batch that are worked on at once, so that their matrices stay near the processor."""
    most = _POINTS // max(times, _FEW_TIMES) if times else _MEMBERS
    return max(1, 4 * most // modes**2)


def fitting(room: int, numbers: int) -> int:
    """How many things of so many numbers each fit into a room of so many bytes, one at least."""
    return max(1, room // (_NUMBER * max(1, numbers)))


def device_bytes(modes: int, times: int = 0, *, is_even: bool = True) -> int:
    """About the memory that the dense method takes for a device while it computes, at equidistant times or others."""
    each = _MATRICES_IN_TIME if is_even else _MATRICES_OF_A_TIME
    return _NUMBER * (2 * modes) ** 2 * (_MATRICES + each * times)


def result_bytes(modes: int, times: int = 0) -> int:
    """About the memory that results of so many modes take."""
    return _NUMBER * _CURVES * modes * max(times, 1)


def dense_bytes(modes: int, members: int, times: int = 0, *, is_even: bool = True) -> int:
    """About the memory that the dense method takes for a batch of devices, results included."""
    at_once = min(members, members_at_once(modes, times))
    return at_once * device_bytes(modes, times, is_even=is_even) + members * result_bytes(modes, times)


def free_bytes() -> float:
    """Memory that can be had now; infinite where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            entries = {line.split(":")[0]: line.split()[1] for line in lines if len(line.split()) > 1}
        return float(entries["MemAvailable"]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return float("inf")


def shortage(needed: float) -> tuple[str, str] | None:
    """What is needed and what is free, for a message, where the one does not fit into the other."""
    if needed < _SMALL or needed <= (free := free_bytes()):
        return None
    return f"{needed / 2**30:,.1f} GiB", f"{free / 2**30:,.1f} GiB"
