"""One steady state of the two-mode device."""

from __future__ import annotations

import leyden as ly
from benchmarks import contenders
from benchmarks.case import Case, Contender, Result, compared
from leyden import dynamics

CUTOFF = 10


def _run(quick: bool) -> list[Result]:
    setting = contenders.Setting()
    device = setting.device()
    equations = ly.moment_equations(device)
    entrants = [
        Contender(
            "leyden, steady_state: Dataset of all merits", lambda: ly.steady_state(device), contenders.from_dataset
        ),
        Contender(
            "leyden, array engine: state alone",
            lambda: dynamics.steady_state(equations)[0],
            contenders.from_state,
        ),
        Contender("SciPy solve_continuous_lyapunov", lambda: contenders.by_lyapunov(setting)),
    ]
    if not quick:
        contenders.fock_system(setting, 2)  # loads QuTiP, which is not the work
        entrants.append(
            Contender(
                f"QuTiP steadystate, cutoff {CUTOFF}", lambda: contenders.by_steadystate(setting, CUTOFF), once=True
            )
        )
    exact = contenders.exact_steady(setting)
    return compared(entrants, exact, quick=quick)


CASE = Case(
    "steady_state",
    "Steady state of the two-photon battery (drive 0.1, damping 0.1, Gamma = 1). "
    "Error against the paper's closed form.",
    _run,
)
