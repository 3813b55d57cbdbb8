"""Charging curves of the two-mode device under Gaussian pulses, one and many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device, pulsed

TIMES = np.linspace(0, 20, 401)
KICK = pulsed.Kick()
COUNT, QUICK_COUNT, SAMPLE = 10_000, 100, 10


def _charge(kick: pulsed.Kick) -> Callable[[], Any]:
    network = kick.device()
    return lambda: ly.charge(network, TIMES)


def _plain(answer: Any) -> Any:
    return answer


def curve(quick: bool) -> list[Contender]:
    exact = partial(pulsed.exact, KICK, TIMES)
    cutoff = 8 if quick else 16
    return [
        Contender(
            "leyden, charge: Dataset of all merits",
            partial(_charge, KICK),
            device.judged(device.from_dataset, exact),
            rivals=(("SciPy solve_ivp", 10),),
        ),
        Contender(
            "SciPy solve_ivp",
            lambda: partial(pulsed.by_solve_ivp, KICK, TIMES),
            device.judged(_plain, exact),
            how="DOP853, rtol 1e-10, atol 1e-12",
        ),
        Contender(
            f"QuTiP mesolve, cutoff {cutoff}",
            lambda: pulsed.qutip_curve(KICK, TIMES, cutoff),
            device.judged(_plain, exact),
            needs="qutip",
            how="tsit5, default tolerances, steps of half a width at most",
        ),
    ]


def many(quick: bool) -> list[Contender]:
    count = QUICK_COUNT if quick else COUNT

    def looped(part: int) -> Callable[[], Any]:
        members = pulsed.unlike(part).members()
        return lambda: by_hand.gathered([pulsed.by_solve_ivp(member, TIMES) for member in members])

    def first(answer: Any) -> Any:
        energy, work = device.from_dataset(answer)
        return energy[:SAMPLE], work[:SAMPLE]

    def exact() -> Any:
        whole = pulsed.unlike(count)
        columns = (whole.height, whole.centre, whole.width, whole.damping)
        return pulsed.exact(pulsed.Kick(*(column[:SAMPLE] for column in columns)), TIMES)

    return [
        Contender(
            "leyden, charge: Dataset of all merits",
            partial(_charge, pulsed.unlike(count)),
            device.judged(first, exact),
            how=f"error of the first {SAMPLE}",
            size=count,
            share=count,
            rivals=(("SciPy solve_ivp, a loop", 300),),
        ),
        Contender(
            "SciPy solve_ivp, a loop",
            partial(looped, SAMPLE),
            device.judged(_plain, partial(pulsed.exact, pulsed.unlike(SAMPLE), TIMES)),
            how=f"DOP853, rtol 1e-10, atol 1e-12; {SAMPLE} of the devices, scaled",
            size=count,
            share=SAMPLE,
        ),
    ]


CURVE = Case(
    "pulsed_curve",
    "Stored energy and ergotropy of the two-photon battery under one Gaussian pulse (height 0.12, width 1, at 6), 401 "
    "times up to 20. Error against DOP853 at a tolerance of 3e-14.",
    contenders=curve,
)
MANY = Case(
    "pulsed_batch",
    "The same of many unlike pulses on unlike batteries, for each of them.",
    contenders=many,
)
