"""Steady states of many unlike devices, per device."""

from __future__ import annotations

import numpy as np

import leyden as ly
from benchmarks import contenders
from benchmarks.case import Case, Contender, Result, compared

DEVICES = 2000


def _run(quick: bool) -> list[Result]:
    generator = np.random.default_rng(1)
    damping = 10 ** generator.uniform(-2, 0.3, DEVICES)
    threshold = (damping + 0.5) / 4
    setting = contenders.Setting(threshold * generator.uniform(0, 0.99, DEVICES), damping)
    entrants = [
        Contender(
            "leyden, steady_state: one batch", lambda: ly.steady_state(setting.device()), contenders.from_dataset
        ),
        Contender("SciPy solve_continuous_lyapunov, a loop", lambda: contenders.by_lyapunov_loop(setting), once=quick),
    ]
    exact = contenders.exact_steady(setting)
    return compared(entrants, exact, quick=quick, share=DEVICES)


CASE = Case(
    "steady_batch",
    f"Steady states of {DEVICES:,} two-photon batteries, damping 0.01 to 2, drive up to 0.99 of threshold; time "
    "per device. Error against the paper's closed form, relative to the largest value.",
    _run,
)
