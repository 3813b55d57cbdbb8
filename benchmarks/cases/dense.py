"""One device of N modes, its whole covariance: the dense solvers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from scipy.linalg import solve_continuous_lyapunov

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import chains, engine, moment_libraries

SIZES, QUICK_SIZES = (50, 100, 200, 500), (50, 100)


def _steady_state(build: Any, modes: int) -> Callable[[], Any]:
    network = build(modes)
    return lambda: ly.steady_state(network)


def _engine(build: Any, modes: int) -> Callable[[], Any]:
    equations = ly.moment_equations(build(modes))
    return lambda: engine.steady_state(equations)[0]


def _scipy(by_hand: Any, modes: int) -> Callable[[], Any]:
    drift, diffusion = by_hand(modes)
    return lambda: solve_continuous_lyapunov(drift, -diffusion)


def _slycot(by_hand: Any, modes: int) -> Callable[[], Any]:
    drift, diffusion = by_hand(modes)
    return lambda: moment_libraries.slycot_covariance(drift, diffusion)


def _of(build: Any, by_hand: Any, exact: Any, modes: int) -> list[Contender]:
    def judge(read: Any) -> Any:
        return lambda answer: chains.error_of(read(answer), exact(modes))

    of_matrix, of_dataset = judge(chains.batteries_of), judge(chains.from_dataset)
    of_state = judge(lambda state: chains.batteries_of(state.covariance))
    return [
        Contender(
            "leyden, steady_state: Dataset of all merits",
            partial(_steady_state, build, modes),
            of_dataset,
            size=modes,
            remark=chains.method_of,
        ),
        Contender(
            "leyden, array engine: state alone",
            partial(_engine, build, modes),
            of_state,
            size=modes,
            rivals=(("SciPy solve_continuous_lyapunov", 1 / 1.2),),
        ),
        Contender("SciPy solve_continuous_lyapunov", partial(_scipy, by_hand, modes), of_matrix, size=modes),
        Contender("slycot sb03md", partial(_slycot, by_hand, modes), of_matrix, needs="slycot", size=modes),
    ]


def _contenders(build: Any, by_hand: Any, exact: Any, quick: bool) -> list[Contender]:
    sizes = QUICK_SIZES if quick else SIZES
    return [contender for modes in sizes for contender in _of(build, by_hand, exact, modes)]


CASCADE = Case(
    "dense_cascade",
    f"Steady state of a directed cascade of N modes (drive {chains.DRIVE}, damping {chains.CASCADE_DAMPING}, Gamma = "
    "1). leyden's steady_state chooses its method; the others return the whole covariance, SciPy and slycot from given "
    "A and D. Error of all batteries against an exact recursion.",
    contenders=partial(_contenders, chains.cascade, chains.cascade_by_hand, chains.exact_cascade),
)
CHAIN = Case(
    "dense_chain",
    f"Steady state of a reciprocal chain of N modes (drive {chains.DRIVE}, damping {chains.CHAIN_DAMPING}, coupling "
    f"{chains.COUPLING}). leyden's steady_state chooses its method; the others return the whole covariance, SciPy and "
    "slycot from given A and D. Error of all batteries against an N x N diagonalisation.",
    contenders=partial(_contenders, chains.reciprocal_chain, chains.chain_by_hand, chains.exact_chain),
)
