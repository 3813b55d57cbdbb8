"""Second moments as one linear system: what random turns of a mode, pure dephasing, leave closed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.equations.moments import MomentEquations

__all__ = ["LARGEST_TURNED", "moments_abscissa", "moments_generator", "turns_of"]

# With M = S + <r><r>^T, above the vacuum,
#
#     dM/dt = A M + M A^T + Q + f <r>^T + <r> f^T + sum_j gamma_j K_j M K_j^T,
#
# and the last term is not of Lyapunov form. So M is followed by its components, d = N (2N + 1) of them, and a matrix
# (d, d) moves them. It keeps what is positive positive: its rightmost eigenvalue is real, and second moments are lost
# before first ones are.

Real = NDArray[np.float64]

LARGEST_TURNED = 20
"""Modes up to which this is done: 820 components."""


def turns_of(equations: MomentEquations) -> Iterator[tuple[Any, Real]]:
    """Rates (...) and what each turn M -> K M K^T does to the components, (d, d)."""
    modes = len(equations.mode_names)
    for share in equations.shares:
        if share.basis.turning is None:
            continue
        for member, quadratures in enumerate(share.quadratures.tolist()):
            for value, turn in zip(share.coefficients, share.basis.turning, strict=True):
                if turn.any():
                    rate = value if share.members is None else float(np.broadcast_to(value, len(share.places))[member])
                    yield rate, _turned(modes, tuple(quadratures), turn.tobytes())


@lru_cache(maxsize=64)
def _turned(modes: int, quadratures: tuple[int, ...], turn: bytes) -> Real:
    width = len(quadratures)
    whole = np.zeros((2 * modes, 2 * modes))
    whole[np.ix_(quadratures, quadratures)] = np.frombuffer(turn).reshape(width, width)
    return ladder.components_of(whole @ ladder.basis(modes) @ whole.T).T.copy()


def moments_generator(equations: MomentEquations) -> Real:
    """Matrix (..., d, d) that moves the components of the second moments."""
    parts = np.asarray(equations.drift_parts)
    modes = parts.shape[-1]
    action = ladder.action(modes)
    found = np.tensordot(parts.reshape(*parts.shape[:-3], 4 * modes**2), action, axes=1)
    for rate, turn in turns_of(equations):
        found = found + np.asarray(rate)[..., None, None] * turn
    return found


def moments_abscissa(equations: MomentEquations) -> Real:
    """Largest real part (...) of the rates at which second moments change; negative where they settle."""
    spectrum = np.linalg.eigvals(moments_generator(equations))
    return np.max(spectrum.real, axis=-1)
