"""One charging curve of the two-mode device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device, engine, fock_libraries, moment_libraries
from leyden import states

TIMES = np.linspace(0, 40, 401)
SETTING = device.Setting()


def _charge() -> Callable[[], Any]:
    network = SETTING.device()
    return lambda: ly.charge(network, TIMES)


def _engine() -> Callable[[], Any]:
    equations, start = ly.moment_equations(SETTING.device()), states.vacuum(2)
    return lambda: engine.propagate(equations, start, TIMES)


def _exact() -> Any:
    return device.exact_curve(SETTING, TIMES)


def _by(function: Any, *more: Any) -> Callable[[], Callable[[], Any]]:
    return lambda: partial(function, SETTING, TIMES, *more)


def contenders(quick: bool) -> list[Contender]:
    plain = device.judged(lambda answer: answer, _exact)
    found = [
        Contender(
            "leyden, charge: Dataset of all merits",
            _charge,
            device.judged(device.from_dataset, _exact),
            target=4e-3,
            rivals=(("SciPy solve_ivp, as usual", 3), ("SciPy expm and a loop", 1)),
        ),
        Contender(
            "leyden, array engine: states alone",
            _engine,
            device.judged(device.from_state, _exact),
            target=0.3e-3,
            rivals=(("SciPy solve_ivp, as usual", 30), ("gaussian-open-systems", 500)),
        ),
        Contender("SciPy solve_ivp, as usual", _by(by_hand.by_solve_ivp), plain, how="RK45, rtol 1e-8, atol 1e-10"),
        Contender(
            "SciPy solve_ivp, tuned",
            _by(by_hand.by_tuned_solve_ivp),
            plain,
            how="LSODA on one matrix for the flattened covariance, rtol 1e-8, atol 1e-10",
        ),
        Contender("SciPy expm and a loop", _by(by_hand.by_expm), plain, how="one step's propagator, equidistant times"),
        Contender(
            "gaussian-open-systems",
            _by(moment_libraries.by_gaussian_systems),
            plain,
            needs="gaussian-open-systems",
            how="evolve_state",
        ),
    ]
    # At cutoff 16 these two take seconds, at 24 QuTiP takes a minute; 8 is far off and shows that they run.
    dynamiqs_cutoff, qutip_cutoffs = (8, (8,)) if quick else (16, (16, 24))
    found.append(
        Contender(
            f"dynamiqs mesolve, cutoff {dynamiqs_cutoff}",
            lambda: fock_libraries.dynamiqs_curve(SETTING, TIMES, dynamiqs_cutoff),
            plain,
            needs="dynamiqs",
            how="Tsit5, single precision, sparse diagonals, its own threads",
            compiles=True,
        )
    )
    for cutoff in qutip_cutoffs:
        found.append(
            Contender(
                f"QuTiP mesolve, cutoff {cutoff}",
                lambda cutoff=cutoff: fock_libraries.qutip_curve(SETTING, TIMES, cutoff),
                plain,
                needs="qutip",
                how="tsit5, default tolerances",
            )
        )
    return found


CASE = Case(
    "charging_curve",
    "Stored energy and ergotropy of the two-photon battery (drive 0.1, damping 0.1, Gamma = 1) at 401 times up to 40. "
    "Error against the paper's closed form.",
    contenders=contenders,
)
