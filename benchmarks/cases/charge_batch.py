"""Charging curves of many unlike devices, per device and time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device, engine, moment_libraries
from leyden import states

TIMES = np.linspace(0, 40, 101)
COUNT, QUICK_COUNT = 10_000, 1_000
SAMPLE, SMALL_SAMPLE = 50, 4


def _charge(count: int) -> Callable[[], Any]:
    network = device.unlike(count).device()
    return lambda: ly.charge(network, TIMES)


def _engine(count: int) -> Callable[[], Any]:
    equations, start = ly.moment_equations(device.unlike(count).device()), states.vacuum(2)
    return lambda: engine.propagate(equations, start, TIMES)


def _gaussian_loop(setting: device.Setting, times: np.ndarray) -> Any:
    return by_hand.gathered([moment_libraries.by_gaussian_systems(member, times) for member in setting.members()])


def _by(function: Any, count: int) -> Callable[[], Any]:
    return partial(function, device.unlike(count), TIMES)


def _judge(read: Any, count: int) -> Any:
    batch = device.unlike(count)
    columns = device.Setting(batch.drive[:, None], batch.damping[:, None])
    return device.judged(read, lambda: device.exact_curve(columns, TIMES))


def contenders(quick: bool) -> list[Contender]:
    count = QUICK_COUNT if quick else COUNT

    def one(name: str, work: Any, read: Any = lambda answer: answer, part: int = count, **more: Any) -> Contender:
        how = f"{part:,} of the devices, scaled" if part < count else ""
        share = part * len(TIMES)
        return Contender(name, partial(work, part), _judge(read, part), how=how, size=count, share=share, **more)

    return [
        one("leyden, charge: Dataset of all merits", _charge, device.from_dataset),
        one("leyden, array engine: states alone", _engine, device.from_state, target=0.4e-6),
        one("SciPy solve_ivp, tuned, a loop", partial(_by, by_hand.by_curve_loop), part=SAMPLE),
        one("SciPy expm, all devices at once", partial(_by, by_hand.by_batched_expm)),
        one(
            "gaussian-open-systems, a loop",
            partial(_by, _gaussian_loop),
            part=SMALL_SAMPLE,
            needs="gaussian-open-systems",
        ),
    ]


CASE = Case(
    "charge_batch",
    f"Charging curves of many unlike two-photon batteries at once (as in steady_batch), {len(TIMES)} times each; time "
    "per device and time, memory of the whole batch. Error against the paper's closed form, relative to the largest "
    "value.",
    contenders=contenders,
)
