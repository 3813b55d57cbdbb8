"""Anharmonic devices, steady and in time: the paper's beyond its threshold, and a pair without a shortcut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import beyond, trajectories
from leyden import fock

TIMES, QUICK_TIMES = np.linspace(0, 20, 401), np.linspace(0, 2, 41)
PAIR_TIMES, QUICK_PAIR_TIMES = np.linspace(0, 5, 101), np.linspace(0, 1, 21)
LEVELS, QUICK_LEVELS = (10, 13), (8, 8)


def _judge(found: Any) -> float:
    return abs(float(found) / beyond.STORED - 1)


def _steady() -> Callable[[], float]:
    device = beyond.device()
    return lambda: float(ly.steady_state(device, whole_state=False).stored_energy)


def steady(quick: bool) -> list[Contender]:
    levels = QUICK_LEVELS if quick else LEVELS
    return [
        Contender(
            "leyden, steady_state: one_way, Dataset", _steady, _judge, rivals=(("QuTiP steadystate, direct", 1000),)
        ),
        Contender(
            "QuTiP steadystate, direct",
            lambda: beyond.qutip_steady(levels),
            _judge,
            needs="qutip",
            how=f"{levels[0]} x {levels[1]} levels",
        ),
    ]


def _judge_ergotropy(found: float) -> float:
    return abs(found - beyond.ERGOTROPY)


def _ergotropy() -> Callable[[], float]:
    device = beyond.device()
    return lambda: float(ly.steady_state(device, whole_state=True).ergotropy)


def ergotropy(quick: bool) -> list[Contender]:
    levels = QUICK_LEVELS if quick else LEVELS
    rivals = (("QuTiP steadystate, ptrace", 50),)
    return [
        Contender("leyden, steady_state: one_way, whole state", _ergotropy, _judge_ergotropy, rivals=rivals),
        Contender(
            "QuTiP steadystate, ptrace",
            lambda: beyond.qutip_ergotropy(levels),
            _judge_ergotropy,
            needs="qutip",
            how=f"{levels[0]} x {levels[1]} levels",
        ),
    ]


def curve(quick: bool) -> list[Contender]:
    times, levels = (QUICK_TIMES, QUICK_LEVELS) if quick else (TIMES, LEVELS)

    def exact() -> np.ndarray:
        # Two more levels of the charger change nothing in the 11th digit; of the battery none is cut off.
        return np.asarray(ly.charge(beyond.device(), times, tolerance=1e-12).stored_energy)

    def judge(found: np.ndarray) -> float:
        known = exact()
        return float(np.max(np.abs(found - known)) / np.max(known))

    def ours() -> Callable[[], np.ndarray]:
        device = beyond.device()
        return lambda: np.asarray(ly.charge(device, times, tolerance=1e-8).stored_energy)

    return [
        Contender("leyden, charge: one_way, Dataset", ours, judge, rivals=(("QuTiP mesolve", 100),)),
        Contender(
            "QuTiP mesolve",
            lambda: beyond.qutip_curve(levels, times),
            judge,
            needs="qutip",
            how=f"{levels[0]} x {levels[1]} levels, tsit5, rtol 1e-8",
        ),
    ]


def _judge_pair(found: Any) -> float:
    return abs(float(found) / beyond.PAIR_STORED - 1)


def _pair() -> Callable[[], float]:
    device = beyond.pair()
    return lambda: float(ly.steady_state(device).stored_energy)


def pair_steady(quick: bool) -> list[Contender]:
    direct, iterative = (8, 8) if quick else (14, 16)
    return [
        Contender(
            "leyden, steady_state: fock, Dataset", _pair, _judge_pair, rivals=(("QuTiP steadystate, direct", 10),)
        ),
        Contender(
            "QuTiP steadystate, direct",
            lambda: beyond.qutip_pair_steady(direct),
            _judge_pair,
            needs="qutip",
            how=f"{direct} x {direct} levels: more ask for more memory than most have",
        ),
        Contender(
            "QuTiP steadystate, iterative",
            lambda: beyond.qutip_pair_steady(iterative, method="iterative-bicgstab", use_precond=True),
            _judge_pair,
            needs="qutip",
            how=f"{iterative} x {iterative} levels, bicgstab behind an incomplete factorization",
        ),
    ]


def pair_curve(quick: bool) -> list[Contender]:
    times, levels = (QUICK_PAIR_TIMES, 8) if quick else (PAIR_TIMES, 20)

    def judge(found: np.ndarray) -> float:
        known = np.asarray(fock.charge(beyond.pair(), times, tolerance=1e-10).stored_energy)
        return float(np.max(np.abs(found - known)) / np.max(known))

    def ours() -> Callable[[], np.ndarray]:
        device = beyond.pair()
        return lambda: np.asarray(ly.charge(device, times).stored_energy)

    setting = f"{levels} x {levels} levels, Tsit5, rtol 1e-8"
    return [
        Contender("leyden, charge: fock, Dataset", ours, judge, rivals=(("QuTiP mesolve", 5),)),
        Contender("QuTiP mesolve", lambda: beyond.qutip_pair_curve(levels, times), judge, needs="qutip", how=setting),
        Contender(
            "dynamiqs mesolve",
            lambda: beyond.dynamiqs_pair_curve(levels, times),
            judge,
            needs="dynamiqs",
            how=setting,
            compiles=True,
        ),
    ]


STEADY = Case(
    "beyond_steady",
    "Steady stored energy of the two-photon battery at drive 0.2, above its threshold of 0.15, with a Kerr term K = 1 "
    "on its charger. Error against the exact series.",
    contenders=steady,
)
ERGOTROPY = Case(
    "beyond_ergotropy",
    "Ergotropy of that battery, by its whole state. Error, not relative, against two modes on more levels.",
    contenders=ergotropy,
)
CURVE = Case(
    "beyond_curve",
    "Its charging curve, 401 times up to 20. Error against our own at a tolerance of 1e-12.",
    contenders=curve,
)


def wigner(quick: bool) -> list[Contender]:
    count, duration = (500, 1.0) if quick else (10_000, 10.0)
    # Both steps leave an error of 0.03 to 0.04 quanta of 39: ours by its own estimate, the other by pairs of runs in
    # steps of 0.0025 and 0.005 with the same noise. The statistical error is 0.08 quanta for both.
    ours, theirs = 0.025, 0.0025

    def judge(found: float) -> float:
        many = ly.TruncatedWigner(trajectories=4 * count, seed=9, step=ours)
        known = float(ly.charge(trajectories.ring(), [duration], method=many).charger_energy[0])
        return abs(found / known - 1)

    def leyden() -> Callable[[], float]:
        device = trajectories.ring()
        method = ly.TruncatedWigner(trajectories=count, seed=1, step=ours)
        return lambda: float(ly.charge(device, [duration], method=method).charger_energy[0])

    by_hand = "NumPy by hand, Euler-Maruyama"
    return [
        Contender(
            "leyden, charge: truncated_wigner, Dataset", leyden, judge, rivals=((by_hand, 5),), how=f"steps of {ours}"
        ),
        Contender(
            by_hand,
            lambda: trajectories.by_euler_maruyama(duration, theirs, count),
            judge,
            how=f"steps of {theirs}",
        ),
    ]


WIGNER = Case(
    "beyond_trajectories",
    "Energy at one time of a driven mode in a ring of ten, all with a Kerr term, by 10,000 truncated Wigner "
    "trajectories, in steps of equal error, 0.1 %. Error against other trajectories: 0.2 % of scatter in both.",
    contenders=wigner,
)
PAIR_STEADY = Case(
    "beyond_pair_steady",
    "Steady stored energy of two modes with Kerr on both that pass their quanta to and fro, one driven by two photons. "
    "Error against our own at 24 x 24 levels.",
    contenders=pair_steady,
)
PAIR_CURVE = Case(
    "beyond_pair_curve",
    "Its charging curve, 101 times up to 5. Error against our own at a tolerance of 1e-10.",
    contenders=pair_curve,
)
