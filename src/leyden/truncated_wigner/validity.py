"""What truncation leaves out, measured on the trajectories themselves: third derivatives, and negative diffusion."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.mean_field.field import SYMMETRIC, field_of
from leyden.mean_field.polynomials import Polynomials
from leyden.model.network import Network
from leyden.truncated_wigner.ensemble import quanta_of
from leyden.truncated_wigner.walk import Stepper

__all__ = ["Validity"]

Real = NDArray[np.float64]

# Third derivatives, and share of the noise that is negative, from which estimates may be off by more than some percent.
_DOUBTFUL = 0.05
# Share of negative noise that is worth a word.
_TOLD = 1e-3


class Validity:
    """Largest size of what is left out, over all times that are looked at."""

    # A Hamiltonian H moves the Wigner function by derivatives of first and of third order, with the coefficients
    # d_j H = i A_j and (1/24) d_j d_a d_b H: what is left out is (1/24) |d_a d_b A_j| over the widths of the three
    # modes, per time, and has the time that noise needs to blur it, one over twice the diffusion. Losses of pairs have
    # terms of the same size. With K and kappa of one mode it is K/[4 kappa (n + 1/2)], and about the relative error of
    # the energy, as the page on methods beyond the Gaussian shows.

    def __init__(self, network: Network, longest: float) -> None:
        field = field_of(network, (), SYMMETRIC)
        self.modes, self.longest = field.variables // 2, longest
        self.second = field.derivative.derivative
        self.third = 0.0
        self.negative = 0.0

    def look_at(self, stepper: Stepper, r: Real) -> None:
        """Take note of some trajectories at one time."""
        n = self.modes
        self.negative = max(self.negative, stepper.noises.negative(r))
        if not self.second.targets.size:
            return
        point = np.sqrt(0.5) * np.concatenate([r[:n] + 1j * r[n:], r[:n] - 1j * r[n:]])
        width = np.sqrt(np.mean(quanta_of(r), axis=-1))
        rates = _rates(stepper, r)
        rates = np.maximum(rates, 1 / self.longest)
        left: Any = np.zeros(n)
        for (j, a, b), size in _sizes(self.second, point.T, n).items():
            left[j] += size / (24 * width[j] * width[a % n] * width[b % n])
        self.third = max(self.third, float(np.max(left / rates)))

    @property
    def told(self) -> dict[str, Any]:
        """Attributes."""
        if not self.second.targets.size:
            return {"validity": "exact: no word has more than two ladder operators"}
        is_doubtful = max(self.third, self.negative) > _DOUBTFUL
        verdict = "doubtful" if is_doubtful else "good"
        why = f"third derivatives, left out, come to {self.third:.2g} of what is kept"
        lost = f"; {self.negative:.2g} of the noise is negative, and left out, too" if self.negative > _TOLD else ""
        remedy = "; compare with another method" if is_doubtful else ""
        found: dict[str, Any] = {"validity": f"{verdict}: {why}{lost}{remedy}", "third_derivatives": self.third}
        return found


def _rates(stepper: Stepper, r: Real) -> Real:
    """Twice the diffusion of each mode, in quanta per time: of a cold bath its rate."""
    n = stepper.equations.modes
    trace = stepper.equations.diffusion.diagonal()
    found = trace[:n] + trace[n:]
    if stepper.noises.parts:
        found = found + 2 * np.mean(stepper.noises.spread(r), axis=-1)
    return found


def _sizes(second: Polynomials, points: Any, modes: int) -> dict[tuple[int, int, int], float]:
    """Root mean square over points (trajectories, 2N) of d_a d_b A_j that are not zero."""
    found: dict[tuple[int, int, int], float] = {}
    width = 2 * modes
    for target in np.unique(second.targets).tolist():
        j, a, b = target // width**2, target // width % width, target % width
        if j >= modes:
            continue
        chosen = second.targets == target
        total: Any = 0.0
        for value, factors in zip(second.coefficients[chosen], second.factors[chosen], strict=True):
            product: Any = value
            for one in factors[factors > 0]:
                product = product * points[:, one - 1]
            total = total + product
        found[j, a, b] = float(np.sqrt(np.mean(np.abs(total) ** 2)))
    return found
