"""A squeezed mode at rest: its merits from its two principal variances, given as excess over the vacuum.

The two-photon device never displaces its battery, so that two numbers are its whole state: V_+ and V_-, the variances
along and across the amplified direction. At weak drive both are 1/2 to many digits; what counts is x = V - 1/2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leyden.closed_form.arguments import Array
from leyden.conventions import VACUUM_VARIANCE

__all__ = ["PrincipalPair", "ergotropy_of_excess", "passive_energy_of_excess", "sum_of_spreads", "variances_of_excess"]


class PrincipalPair(NamedTuple):
    """A value for each principal quadrature of a squeezed mode.

    Parameters
    ----------
    amplified : array, dimensionless
        Along the direction that the drive amplifies (s = +2 eps).
    squeezed : array, dimensionless
        Along the direction that the drive squeezes (s = -2 eps).
    """

    amplified: Array
    squeezed: Array


def variances_of_excess(excess: PrincipalPair) -> PrincipalPair:
    """Principal variances V_+- = 1/2 + x_+-, of x_+ >= 0 and x_- in (-1/2, 0]."""
    # A nearly pure, strongly squeezed state has V_- of the size of the rounding in x_-; it may not fall below zero.
    squeezed = np.maximum(VACUUM_VARIANCE + excess.squeezed, 0.0)[()]
    return PrincipalPair(VACUUM_VARIANCE + excess.amplified, squeezed)


def sum_of_spreads(excess: PrincipalPair) -> Array:
    """Sum of the standard deviations, sqrt(V_+) + sqrt(V_-)."""
    variances = variances_of_excess(excess)
    return np.sqrt(variances.amplified) + np.sqrt(variances.squeezed)


def ergotropy_of_excess(excess: PrincipalPair) -> Array:
    """Ergotropy W = (sqrt(V_+) - sqrt(V_-))^2 / 2 of a squeezed mode at rest, in hbar omega_0."""
    # As (x_+ - x_-)^2 / [2 (sqrt(V_+) + sqrt(V_-))^2], which keeps all digits of weak squeezing.
    with np.errstate(invalid="ignore"):
        ergotropy = ((excess.amplified - excess.squeezed) / sum_of_spreads(excess)) ** 2 / 2
    return _infinite_with(excess.amplified, ergotropy)


def passive_energy_of_excess(stored_energy: Array, excess: PrincipalPair) -> Array:
    """Passive energy sqrt(V_+ V_-) - 1/2 of a squeezed mode at rest of energy (x_+ + x_-)/2, in hbar omega_0."""
    # As (E + x_+ x_-) / [sqrt(V_+ V_-) + 1/2], with E from a formula that does not subtract. The one difference left, E
    # - x_+ |x_-|, is how far the state is from pure: a property of the device, not of the formula. A device whose
    # battery stays nearly pure fixes this number only that well.
    variances = variances_of_excess(excess)
    with np.errstate(invalid="ignore", over="ignore"):
        symplectic_eigenvalue = np.sqrt(variances.amplified) * np.sqrt(variances.squeezed)
        impurity = stored_energy + excess.amplified * excess.squeezed
        passive = impurity / (symplectic_eigenvalue + VACUUM_VARIANCE)
    # Of a pure state only rounding is left, of either sign.
    return _infinite_with(excess.amplified, np.maximum(passive, 0.0))


def _infinite_with(amplified: Array, value: Array) -> Array:
    """Energies are infinite where the amplified variance left the range of floats, not `inf - inf`."""
    return np.where(np.isposinf(amplified), np.inf, value)[()]
