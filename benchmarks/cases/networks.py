"""Networks of up to a million modes, per-mode merits only: from the builder to the Dataset."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender, Merits
from benchmarks.contenders import chains, response

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000, 1_000_000), (1_000,)
TARGETS = {100_000: 3.0, 1_000_000: 40.0}
# Times by which exp(-2 r t) is below the error by hand, and for the exact answer below 1e-14; the slowest rates r are
# 0.05 in the bulk of the cascade and 0.1 in the lattice.
LATE, LATE_LATTICE, VERY_LATE_LATTICE = 220.0, 120.0, 200.0
# Beyond this many modes the response by hand takes minutes.
MOST_BY_HAND = 100_000
SIDES, QUICK_SIDES = (30, 100, 300), (30,)
TIMES = np.linspace(0, 100, 200)
LONG_SIZES, QUICK_LONG_SIZES = (1_000, 10_000, 100_000), (1_000,)

Answer = tuple[Any, float]
"""What leyden returned, and the seconds that building the network took."""


def _ours(build: Callable[[int], ly.Network], solve: Callable[[ly.Network], Any], size: int) -> Callable[[], Answer]:
    solve(build(2))  # loads what is loaded once, which is not the work

    def work() -> Answer:
        start = time.perf_counter()
        network = build(size)
        built = time.perf_counter() - start
        return solve(network), built

    return work


def _remark(answer: Answer) -> str:
    run, built = answer
    return ", ".join(part for part in (chains.method_of(run), f"of which building the network {built:.2g} s") if part)


def _by_hand(solve: Callable[..., Any], halves: Any, size: int, *more: float) -> Callable[[], Any]:
    return lambda: solve(halves(size), response.USUAL, *more)


# A cascade's steady state.


def _of_cascade(modes: int) -> list[Contender]:
    exact = partial(chains.exact_cascade, modes)
    found = [
        Contender(
            "leyden, steady_state: Dataset of all merits",
            partial(_ours, chains.cascade, ly.steady_state, modes),
            lambda answer: chains.error_of(chains.from_dataset(answer[0]), exact()),
            size=modes,
            target=TARGETS.get(modes),
            remark=_remark,
        ),
    ]
    if modes <= MOST_BY_HAND:
        found.append(
            Contender(
                "SciPy solve_ivp, response to the drive",
                partial(_by_hand, response.steady, lambda size: response.cascade_halves(size, size), modes, LATE),
                lambda answer: chains.error_of([merit[1:] for merit in answer], exact()),
                how=response.HOW,
                size=modes,
            )
        )
    return found


# A lattice's steady state.


def _lattice(side: int) -> ly.Network:
    return ly.catalog.lattice(side, side, drive=chains.DRIVE, damping=chains.CHAIN_DAMPING, coupling=chains.COUPLING)


def _batteries(side: int, merits: Merits) -> list[np.ndarray]:
    """All modes but the charger in the middle."""
    charger = (side // 2) * side + side // 2
    return [np.delete(merit, charger) for merit in merits]


def _of_lattice(side: int) -> list[Contender]:
    def error(found: Any) -> float:
        exact = response.steady(response.lattice_halves(side), response.TIGHT, VERY_LATE_LATTICE)
        return chains.error_of(found, _batteries(side, exact))

    return [
        Contender(
            "leyden, steady_state: Dataset of all merits",
            partial(_ours, _lattice, ly.steady_state, side),
            lambda answer: error(chains.from_dataset(answer[0])),
            size=side**2,
            target=60.0 if side == 300 else None,
            remark=_remark,
        ),
        Contender(
            "SciPy solve_ivp, response to the drive",
            partial(_by_hand, response.steady, response.lattice_halves, side, LATE_LATTICE),
            lambda answer: error(_batteries(side, answer)),
            how=response.HOW,
            size=side**2,
        ),
    ]


# A cascade in time.


def _curves(halves: list[response.Half], tolerance: float) -> Merits:
    return response.merits(halves, TIMES, tolerance)


def _of_transient(modes: int) -> list[Contender]:
    def error(found: Any) -> float:
        # No mode feels those behind it, and at these times little has come past the front.
        front = min(modes, chains.CHECKED)
        exact = _curves(response.cascade_halves(front, modes), response.TIGHT)
        return chains.error_of(found, [merit[1:] for merit in exact])

    return [
        Contender(
            "leyden, charge: Dataset of all merits",
            partial(_ours, chains.cascade, lambda network: ly.charge(network, TIMES), modes),
            lambda answer: error(chains.from_dataset(answer[0])),
            size=modes,
            target=60.0 if modes == 100_000 else None,
            remark=_remark,
        ),
        Contender(
            "SciPy solve_ivp, response to the drive",
            partial(_by_hand, _curves, lambda size: response.cascade_halves(size, size), modes),
            lambda answer: error([merit[1:] for merit in answer]),
            how=response.HOW,
            size=modes,
        ),
    ]


def _each(of: Callable[[int], list[Contender]], sizes: tuple[int, ...], small: tuple[int, ...]) -> Any:
    return lambda quick: [contender for size in (small if quick else sizes) for contender in of(size)]


_CHAIN = f"drive {chains.DRIVE}, damping {chains.CASCADE_DAMPING}, Gamma = 1"
CASCADE = Case(
    "cascade",
    f"Energy and ergotropy of every mode of a directed cascade ({_CHAIN}) in its steady state, building the network "
    f"included; at most 8 GiB for a million modes. Error of the first {chains.CHECKED:,} modes against an exact "
    "recursion; behind them is nothing.",
    contenders=_each(_of_cascade, SIZES, QUICK_SIZES),
)
LATTICE = Case(
    "lattice",
    f"Energy and ergotropy of every mode of a square lattice driven in the middle (drive {chains.DRIVE}, damping "
    f"{chains.CHAIN_DAMPING}, coupling {chains.COUPLING}) in its steady state, building the network included. Error "
    f"against the response by hand at a tolerance of {response.TIGHT:.0e}.",
    contenders=_each(_of_lattice, SIDES, QUICK_SIDES),
)
TRANSIENT = Case(
    "cascade_charging",
    f"Energy and ergotropy of every mode of a directed cascade ({_CHAIN}) at {len(TIMES)} times up to "
    f"{TIMES[-1]:.0f}, building the network included. Error of the first {chains.CHECKED:,} modes against the response "
    f"by hand at a tolerance of {response.TIGHT:.0e}.",
    contenders=_each(_of_transient, LONG_SIZES, QUICK_LONG_SIZES),
)
