"""One steady state of the two-mode device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device, engine, fock_libraries, moment_libraries

SETTING = device.Setting()


def _steady_state() -> Callable[[], Any]:
    network = SETTING.device()
    return lambda: ly.steady_state(network)


def _engine() -> Callable[[], Any]:
    equations = ly.moment_equations(SETTING.device())
    return lambda: engine.steady_state(equations)[0]


def _exact() -> Any:
    return device.exact_steady(SETTING)


def _by(function: Any) -> Callable[[], Callable[[], Any]]:
    return lambda: partial(function, SETTING)


def contenders(quick: bool) -> list[Contender]:
    plain = device.judged(lambda answer: answer, _exact)
    found = [
        Contender(
            "leyden, steady_state: Dataset of all merits",
            _steady_state,
            device.judged(device.from_dataset, _exact),
            rivals=(("SciPy solve_continuous_lyapunov", 1 / 6),),
        ),
        Contender("leyden, array engine: state alone", _engine, device.judged(device.from_state, _exact)),
        Contender("SciPy solve_continuous_lyapunov", _by(by_hand.by_lyapunov), plain),
        Contender("slycot sb03md", _by(moment_libraries.by_slycot), plain, needs="slycot", how="sb03md57"),
        Contender(
            "gaussian-open-systems",
            _by(moment_libraries.by_gaussian_systems_late),
            plain,
            needs="gaussian-open-systems",
            how=f"it has no steady-state solver: evolve_state to t = {moment_libraries.LATE:.0f}",
        ),
    ]
    for cutoff in (10,) if quick else (10, 16, 24):
        found.append(
            Contender(
                f"QuTiP steadystate, cutoff {cutoff}",
                lambda cutoff=cutoff: fock_libraries.qutip_steady(SETTING, cutoff),
                plain,
                needs="qutip",
                how="iterative solver bicgstab, rtol 1e-8",
            )
        )
    return found


CASE = Case(
    "steady_state",
    "Steady state of the two-photon battery (drive 0.1, damping 0.1, Gamma = 1). "
    "Error against the paper's closed form.",
    contenders=contenders,
)
