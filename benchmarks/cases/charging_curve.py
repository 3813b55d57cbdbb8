"""One charging curve of the two-mode device."""

from __future__ import annotations

import numpy as np

import leyden as ly
from benchmarks import contenders
from benchmarks.case import Case, Contender, Result, compared
from leyden import dynamics, states

TIMES = np.linspace(0, 40, 401)
CUTOFF = 16


def _run(quick: bool) -> list[Result]:
    setting = contenders.Setting()
    device = setting.device()
    equations = ly.moment_equations(device)
    entrants = [
        Contender(
            "leyden, charge: Dataset of all merits", lambda: ly.charge(device, TIMES), contenders.from_dataset, 4e-3
        ),
        Contender(
            "leyden, array engine: states alone",
            lambda: dynamics.propagate(equations, states.vacuum(2), TIMES),
            contenders.from_state,
            0.3e-3,
        ),
        Contender("SciPy solve_ivp (RK45, rtol 1e-8)", lambda: contenders.by_solve_ivp(setting, TIMES)),
        Contender("SciPy solve_ivp, tuned (LSODA)", lambda: contenders.by_tuned_solve_ivp(setting, TIMES)),
        Contender("SciPy expm and a loop", lambda: contenders.by_expm(setting, TIMES)),
    ]
    if not quick:
        contenders.fock_system(setting, 2)  # loads QuTiP, which is not the work
        entrants.append(
            Contender(
                f"QuTiP mesolve, cutoff {CUTOFF}", lambda: contenders.by_mesolve(setting, TIMES, CUTOFF), once=True
            )
        )
    exact = contenders.exact_curve(setting, TIMES)
    return compared(entrants, exact, quick=quick)


CASE = Case(
    "charging_curve",
    "Stored energy and ergotropy of the two-photon battery (drive 0.1, damping 0.1, Gamma = 1) at 401 times up to 40. "
    "Error against the paper's closed form.",
    _run,
)
