"""Other libraries in Fock space, which has to be cut off: QuTiP and dynamiqs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import Merits
from benchmarks.contenders.device import Setting


def merits_of(states: np.ndarray) -> Merits:
    """Energy and, by the spectrum, ergotropy of the battery's reduced density matrices, shape (..., cutoff, cutoff)."""
    levels = np.arange(states.shape[-1])
    energy = np.einsum("n,...nn->...", levels, states).real
    return energy, energy - np.linalg.eigvalsh(states)[..., ::-1] @ levels


# QuTiP.


def qutip_system(setting: Setting, cutoff: int) -> tuple[Any, list[Any]]:
    """Hamiltonian and jumps."""
    import qutip

    a = qutip.tensor(qutip.destroy(cutoff), qutip.qeye(cutoff))
    b = qutip.tensor(qutip.qeye(cutoff), qutip.destroy(cutoff))
    coupling = -0.25j * a * b.dag()
    hamiltonian = coupling + coupling.dag() + setting.drive * (a.dag() ** 2 + a**2)
    local = np.sqrt(setting.damping)
    return hamiltonian, [local * a, local * b, np.sqrt(0.5) * (a + b)]


def qutip_curve(setting: Setting, times: np.ndarray, cutoff: int) -> Callable[[], Merits]:
    """`mesolve` at its default tolerances, which are far below the error of the cutoff.

    Tried at cutoff 16: tsit5 12 s, matrix form 14 s, adams (its default) 18 s; at cutoff 10 dop853 and vern7 were
    slower than each of these.
    """
    import qutip

    hamiltonian, jumps = qutip_system(setting, cutoff)
    vacuum = qutip.tensor(qutip.basis(cutoff, 0), qutip.basis(cutoff, 0))
    kept = [lambda _, state: state.ptrace(1).full()]

    def work() -> Merits:
        run = qutip.mesolve(hamiltonian, vacuum, times, jumps, e_ops=kept, options={"method": "tsit5"})
        return merits_of(np.array(run.expect[0]))

    return work


def qutip_steady(setting: Setting, cutoff: int) -> Callable[[], Merits]:
    """`steadystate` with an iterative solver to 1e-8.

    Tried at cutoff 10: bicgstab 0.1 s, lgmres 0.26 s, gmres 0.45 s, the direct solver (its default) 2 to 3 s, with
    reordering too. That grows fast: at cutoff 14 the direct solver took 46 s.
    """
    import qutip

    hamiltonian, jumps = qutip_system(setting, cutoff)

    def work() -> Merits:
        state = qutip.steadystate(hamiltonian, jumps, solver="bicgstab", rtol=1e-8)
        return merits_of(state.ptrace(1).full())

    return work


# dynamiqs.


def dynamiqs_curve(setting: Setting, times: np.ndarray, cutoff: int) -> Callable[[], Merits]:
    """`mesolve` with its defaults: Tsit5, single precision, sparse diagonals. It compiles on the first run only.

    Tried at cutoff 16: these 2 s, tolerances of 1e-4 instead of 1e-6 the same steps, Dopri8 4 s, double precision
    6 s, reduced states kept by `save_extra` 6 s, dense matrices 43 s; the error was that of the cutoff each time.
    """
    import dynamiqs as dq

    dq.set_progress_meter(False)
    a, b = dq.destroy(cutoff, cutoff)
    coupling = -0.25j * a @ b.dag()
    hamiltonian = coupling + coupling.dag() + setting.drive * (a.dag() @ a.dag() + a @ a)
    jumps = [np.sqrt(setting.damping) * a, np.sqrt(setting.damping) * b, np.sqrt(0.5) * (a + b)]
    vacuum = dq.fock((cutoff, cutoff), (0, 0))

    def work() -> Merits:
        run = dq.mesolve(hamiltonian, jumps, vacuum, times, method=dq.method.Tsit5())
        reduced = dq.ptrace(run.states, 1, dims=(cutoff, cutoff))
        return merits_of(np.asarray(reduced.to_jax(), dtype=complex))

    return work
