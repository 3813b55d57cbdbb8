"""What is known of all modes, from the core's matrix and the moments of the rest: a state by its moments, and rates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.one_way.equations import Equations
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates

__all__ = ["Moments", "core_moments", "state_of"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]


class Moments:
    """Moments of every mode by itself along leading axes: <a>, <a^2> and <a^dag a>, or their rates."""

    def __init__(self, shape: tuple[int, ...], modes: int) -> None:
        self.values: Complex = np.zeros((*shape, modes, 3), dtype=np.complex128)

    def set_core(self, equations: Equations, flat: Complex) -> None:
        """Those of the core, from flattened matrices (..., d^2)."""
        self.values[..., list(equations.split.core), :] = core_moments(equations, flat)

    def set_rest(self, equations: Equations, mean: Real, second: Real) -> None:
        """Those of the rest, from means (..., 2R) and second moments (..., 2R, 2R) above the vacuum."""
        for number, place in enumerate(equations.split.rest):
            x, p = 2 * number, 2 * number + 1
            xx, pp, xp = second[..., x, x], second[..., p, p], second[..., x, p]
            own = [(mean[..., x] + 1j * mean[..., p]) / np.sqrt(2.0), (xx - pp) / 2 + 1j * xp, (xx + pp) / 2]
            self.values[..., place, :] = np.stack(own, axis=-1)


def core_moments(equations: Equations, flat: Complex) -> Complex:
    """<a>, <a^2> and <a^dag a> of each mode of the core, (..., modes, 3)."""
    core = equations.core
    rows = [[core.expectation(one) for one in core.moments(name)] for name in core.names]
    return np.einsum("mkd,...d->...mk", np.asarray(rows), flat)


def state_of(moments: Moments, changes: Moments | None = None) -> tuple[GaussianState, MomentRates]:
    """The Gaussian state of the same moments, modes without correlations, and its rates."""
    mean, square, number = np.moveaxis(moments.values, -1, 0)
    state = _of(mean, square - mean**2, number - np.abs(mean) ** 2)
    if changes is None:
        return GaussianState.holding(*state), MomentRates(*(0 * part for part in state))
    mean_rate, square_rate, number_rate = np.moveaxis(changes.values, -1, 0)
    rates = _of(mean_rate, square_rate - 2 * mean * mean_rate, number_rate - 2 * (mean.conj() * mean_rate).real)
    return GaussianState.holding(*state), MomentRates(*rates)


def _of(mean: Complex, squeezing: Complex, number: Complex) -> tuple[Any, Any, Any]:
    """Means, excess covariance and own digits."""
    modes = mean.shape[-1]
    quadratures = np.sqrt(2.0) * np.stack([mean.real, mean.imag], axis=-1).reshape(*mean.shape[:-1], 2 * modes)
    n, re, im = number.real, squeezing.real, squeezing.imag
    excess = np.zeros((*mean.shape[:-1], 2 * modes, 2 * modes))
    for mode in range(modes):
        x, p = 2 * mode, 2 * mode + 1
        excess[..., x, x], excess[..., p, p] = n[..., mode] + re[..., mode], n[..., mode] - re[..., mode]
        excess[..., x, p] = excess[..., p, x] = im[..., mode]
    return quadratures, excess, np.stack([n, re, im], axis=-1)
