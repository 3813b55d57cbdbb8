"""Steady states of many unlike devices, per device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device, engine, moment_libraries

SIZES, QUICK_SIZES = (100, 1_000, 10_000, 100_000, 1_000_000), (1_000, 100_000)
# A loop takes the same for each device: so many of them are enough to know it.
SAMPLE = 2_000


def _steady_state(count: int) -> Callable[[], Any]:
    network = device.unlike(count).device()
    return lambda: ly.steady_state(network)


def _engine(count: int) -> Callable[[], Any]:
    equations = ly.moment_equations(device.unlike(count).device())
    return lambda: engine.steady_state(equations)[0]


def _by(function: Any, count: int) -> Callable[[], Any]:
    return partial(function, device.unlike(count))


def _judge(read: Any, count: int) -> Any:
    return device.judged(read, lambda: device.exact_steady(device.unlike(count)))


def _of(count: int) -> list[Contender]:
    looped = min(count, SAMPLE)
    sample = "" if looped == count else f"{looped:,} of the devices, scaled"
    per_device = {"size": count, "share": count}

    def loop(name: str, function: Any, needs: str = "") -> Contender:
        # The sample is a batch of its own, of the same kind.
        prepare, judge = partial(_by, function, looped), _judge(lambda answer: answer, looped)
        return Contender(name, prepare, judge, needs, sample, count, looped)

    return [
        Contender(
            "leyden, steady_state: Dataset of all merits",
            partial(_steady_state, count),
            _judge(device.from_dataset, count),
            target=2.5e-6 if count >= 1_000_000 else None,
            **per_device,
        ),
        Contender(
            "leyden, array engine: states alone",
            partial(_engine, count),
            _judge(device.from_state, count),
            **per_device,
        ),
        loop("SciPy solve_continuous_lyapunov, a loop", by_hand.by_lyapunov_loop),
        loop("slycot sb03md, a loop", moment_libraries.by_slycot_loop, "slycot"),
        Contender(
            "NumPy, batched 10 x 10 LAPACK solve",
            partial(_by, by_hand.by_batched_solve, count),
            _judge(lambda answer: answer, count),
            how=f"blocks of {by_hand.BLOCK:,}",
            **per_device,
        ),
    ]


def contenders(quick: bool) -> list[Contender]:
    return [contender for count in (QUICK_SIZES if quick else SIZES) for contender in _of(count)]


CASE = Case(
    "steady_batch",
    "Steady states of many unlike two-photon batteries at once, damping 0.01 to 2, drive up to 0.99 of threshold; time "
    "per device, memory of the whole batch. Error against the paper's closed form, relative to the largest value.",
    contenders=contenders,
)
