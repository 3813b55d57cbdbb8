r"""An anharmonic mode at rest: Kerr term, two-photon loss, and drives by one and by two photons, solved exactly.

    H = Delta a^dag a + (K/2) a^dag^2 a^2 + (F a^dag + h.c.) + (eps a^dag^2 + h.c.),    kappa L[a] + eta L[a^2].

It is where the paper's charger goes when it is not quite linear: with kappa = Lambda_a it is the charger of a directed
device beyond its threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leyden.closed_form.absorber import absorber_amplitudes
from leyden.closed_form.arguments import Array, complex_numbers, nonnegative, positive, real
from leyden.errors import ParameterError
from leyden.numeric import whole_number

__all__ = ["AnharmonicMode", "anharmonic_coherence", "anharmonic_density", "anharmonic_energy", "anharmonic_moment"]

_MOST_LEVELS = 4000
_BLOCK = 256  # columns of M at once


@dataclass(frozen=True, eq=False)
class AnharmonicMode:
    """One mode with a Kerr term and two-photon loss, driven by one photon, by two, or by both.

    Parameters
    ----------
    damping : float or array, in rate units
        kappa, rate of losing single quanta, above 0.
    kerr : float or array, in rate units
        K of (K/2) a^dag^2 a^2, of either sign.
    two_photon_loss : float or array, in rate units
        eta, rate of losing pairs, at least 0.
    detuning : float or array, in rate units
        Delta, of either sign.
    one_photon_drive : complex or array, in rate units
        F of F a^dag + h.c.
    two_photon_drive : complex or array, in rate units
        eps of eps a^dag^2 + h.c.

    Raises
    ------
    ParameterError
        If the damping is not positive, the loss negative, a rate complex, an argument not finite, or if shapes do not
        broadcast.

    Notes
    -----
    Without any damping of single quanta the steady state depends on the parity of the start, see `even_cat_energy`.

    References
    ----------
    Bartolo, Minganti, Casteels and Ciuti, Phys. Rev. A 94, 033841 (2016).

    Examples
    --------
    >>> mode = AnharmonicMode(damping=1.0, kerr=[0.1, 1.0], two_photon_drive=0.25)
    >>> mode.kerr.tolist()
    [0.1, 1.0]
    """

    damping: Array
    kerr: Array
    two_photon_loss: Array
    detuning: Array
    one_photon_drive: NDArray[np.complex128]
    two_photon_drive: NDArray[np.complex128]

    def __init__(
        self,
        *,
        damping: ArrayLike,
        kerr: ArrayLike = 0.0,
        two_photon_loss: ArrayLike = 0.0,
        detuning: ArrayLike = 0.0,
        one_photon_drive: ArrayLike = 0.0,
        two_photon_drive: ArrayLike = 0.0,
    ) -> None:
        values = {
            "damping": positive("damping", damping),
            "kerr": real("kerr", kerr),
            "two_photon_loss": nonnegative("two_photon_loss", two_photon_loss),
            "detuning": real("detuning", detuning),
            "one_photon_drive": complex_numbers("one_photon_drive", one_photon_drive),
            "two_photon_drive": complex_numbers("two_photon_drive", two_photon_drive),
        }
        try:
            np.broadcast_shapes(*(value.shape for value in values.values()))
        except ValueError:
            shapes = {name: value.shape for name, value in values.items() if value.shape}
            raise ParameterError.of("kerr", "fit the other arguments", shapes) from None
        for name, value in values.items():
            object.__setattr__(self, name, value)


def anharmonic_moment(mode: AnharmonicMode, creations: int, annihilations: int) -> NDArray[np.complex128]:
    r"""Steady normally ordered moment <a^dag^j a^k> of an anharmonic mode.

    With u = eta + i K, v = kappa/2 + i Delta and b_0 = 1, b_(n+1) = -i (F b_n + eps n b_(n-1))/(v + n u/2),

        <a^dag^j a^k> = S_jk/S_00,    S_jk = sum_m (2^m/m!) b_(m+k) b*_(m+j).

    Driven by two photons alone, b_n = l^n B((n+1)/2, v/u)/B(1/2, v/u) for even n, with l^2 = -2i eps/u; by one photon
    alone, S_jk is a hypergeometric function 0F2.

    Parameters
    ----------
    mode : AnharmonicMode
        Its rates.
    creations : int
        j, 0 to 40.
    annihilations : int
        k, 0 to 40.

    Returns
    -------
    complex array, dimensionless
        NaN where a mode without Kerr term and two-photon loss is at its threshold or above.

    Raises
    ------
    ParameterError
        If an order is not a whole number from 0 to 40.
    ConvergenceError
        If the series needs more than four million terms.

    Notes
    -----
    Sums of amplitudes, which for j = k are sums of positive terms: with one of the two drives the relative error is a
    few 1e-16 times the square root of the number of terms, below 1e-12 up to 1e4 quanta, at any strength. With both, a
    detuning that balances them may make the amplitudes cancel. A term takes 2 microseconds; there are about 30
    for each quantum at threshold, and 2 far above.

    References
    ----------
    Bartolo, Minganti, Casteels and Ciuti, Phys. Rev. A 94, 033841 (2016); Drummond and Walls, J. Phys. A 13, 725
    (1980), for one photon. The recurrence is derived from the complex P function, and from the absorber of
    `anharmonic_density`.

    Examples
    --------
    A linear mode: <a> = -i F/(kappa/2), <a^2> of a parametric amplifier -2i eps kappa/(kappa^2 - 16 eps^2).

    >>> print(f"{anharmonic_moment(AnharmonicMode(damping=1.0, one_photon_drive=0.5), 0, 1):.12f}")
    0.000000000000-1.000000000000j
    >>> print(f"{anharmonic_moment(AnharmonicMode(damping=1.0, two_photon_drive=0.125), 0, 2):.12f}")
    0.000000000000-0.333333333333j
    """
    raised = whole_number("creations", creations, 0, 40)
    lowered = whole_number("annihilations", annihilations, 0, 40)
    least, more = min(raised, lowered), abs(raised - lowered)

    def value_of(amplitudes: NDArray[np.complex128] | None) -> complex:
        if amplitudes is None:
            return complex(np.nan, np.nan)
        # Quanta are in the sum of mode and absorber: a acts as the annihilator of the sum over sqrt2.
        n = np.arange(len(amplitudes) - more, dtype=np.float64)
        factor = np.ones_like(n)
        for place in range(least):
            factor *= np.maximum(n - place, 0.0) / 2
        for place in range(more):
            factor *= np.sqrt((n + 1 + place) / 2)
        found = complex(np.sum(factor * (amplitudes[: len(n)].conj() * amplitudes[more:])))
        return found if lowered >= raised else found.conjugate()

    names = list(mode.__dataclass_fields__)
    columns = np.broadcast_arrays(*(getattr(mode, name) for name in names))
    rows = zip(*(column.reshape(-1).tolist() for column in columns), strict=True)
    values = [value_of(absorber_amplitudes(**dict(zip(names, row, strict=True)))) for row in rows]
    return np.asarray(values, dtype=np.complex128).reshape(columns[0].shape)[()]


def anharmonic_energy(mode: AnharmonicMode) -> Array:
    r"""Steady energy <a^dag a> (in hbar omega_0) of an anharmonic mode.

    Half the mean of n under probabilities p_n = (2^n/n!) |b_n|^2/S_00, see `anharmonic_moment`. Driven by two photons
    alone n is even, n = 2 m, and

        p_(m+1)/p_m = 4 |eps|^2 (m + 1/2)/[(m + 1) |v + (m + 1/2) u|^2].

    Parameters
    ----------
    mode : AnharmonicMode
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        At least 0; NaN where a mode without Kerr term and two-photon loss has no steady state.

    Raises
    ------
    ConvergenceError
        If the series needs more than four million terms.

    Notes
    -----
    Accuracy and time as of `anharmonic_moment`. Far above threshold it approaches the classical energy.

    References
    ----------
    Bartolo, Minganti, Casteels and Ciuti, Phys. Rev. A 94, 033841 (2016).

    Examples
    --------
    The charger of the directed device at a drive of 0.2, above its threshold of 0.15, with Lambda_a = 0.6 and K = 1:

    >>> print(f"{anharmonic_energy(AnharmonicMode(damping=0.6, kerr=1.0, two_photon_drive=0.2)):.12f}")
    0.208557370549
    """
    return anharmonic_moment(mode, 1, 1).real[()]


def anharmonic_coherence(mode: AnharmonicMode) -> Array:
    r"""Second-order coherence g2(0) = <a^dag^2 a^2>/<a^dag a>^2 of an anharmonic mode at rest.

    Parameters
    ----------
    mode : AnharmonicMode
        Its rates.

    Returns
    -------
    array, dimensionless
        At least 0, 1 for coherent light; NaN without a drive.

    Raises
    ------
    ConvergenceError
        If the series needs more than four million terms.

    Notes
    -----
    Relative error a few 1e-16 times the square root of the number of terms.

    References
    ----------
    Drummond and Walls, J. Phys. A 13, 725 (1980), for a drive by one photon.

    Examples
    --------
    A blockade: where K is large, no second photon comes in.

    >>> blocked = AnharmonicMode(damping=1.0, kerr=1000.0, one_photon_drive=0.1)
    >>> print(f"{anharmonic_coherence(blocked):.2e}")
    1.08e-06
    """
    energy = anharmonic_energy(mode)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(energy > 0, anharmonic_moment(mode, 2, 2).real / energy**2, np.nan)[()]


def anharmonic_density(mode: AnharmonicMode, levels: int) -> NDArray[np.complex128]:
    r"""Steady density matrix of an anharmonic mode, its lowest levels in closed form.

    rho = M M^dag with M_jm = beta_(j+m) [C(j+m, j)/2^(j+m)]^(1/2) and beta_n = (2^n/n!)^(1/2) b_n/S_00^(1/2): each
    of the n quanta of the pair of mode and absorber is found in the mode with probability 1/2.

    Parameters
    ----------
    mode : AnharmonicMode
        Its rates, numbers.
    levels : int
        How many levels, 2 to 4000. What is above them is left out, not squeezed in: the trace tells how much.

    Returns
    -------
    complex array, (levels, levels), dimensionless
        <j| rho |k>, positive semidefinite, of trace at most 1; NaN where there is no steady state.

    Raises
    ------
    ParameterError
        If the mode is a batch, or the levels are no whole number of that range.
    ConvergenceError
        If the series needs more than four million terms.

    Notes
    -----
    Sums, of positive terms on the diagonal, to a few 1e-15 up to 1e3 quanta; the cost is levels^2 times the number of
    terms.

    References
    ----------
    Stannigel, Rabl and Zoller, New J. Phys. 14, 063014 (2012), for the absorber; Roberts and Clerk, Phys. Rev. X 10,
    021022 (2020), for Kerr modes.

    Examples
    --------
    A coherent state of one quantum holds the vacuum with probability 1/e:

    >>> found = anharmonic_density(AnharmonicMode(damping=1.0, one_photon_drive=0.5), 20)
    >>> print(f"{found[0, 0].real:.12f}, {found.trace().real:.12f}")
    0.367879441171, 1.000000000000
    """
    count = whole_number("levels", levels, 2, _MOST_LEVELS)
    shapes = [getattr(mode, name).shape for name in mode.__dataclass_fields__]
    if any(shapes):
        raise ParameterError.of("mode", "be one mode, given in numbers", np.broadcast_shapes(*shapes), "Take a loop.")
    amplitudes = absorber_amplitudes(**{name: getattr(mode, name)[()] for name in mode.__dataclass_fields__})
    if amplitudes is None:
        return np.full((count, count), complex(np.nan, np.nan))
    logs = np.asarray([lgamma(n + 1) for n in range(len(amplitudes) + count + _BLOCK)])
    padded = np.concatenate([amplitudes, np.zeros(count + _BLOCK)])
    j = np.arange(count)[:, None]
    found = np.zeros((count, count), dtype=np.complex128)
    for first in range(0, len(amplitudes), _BLOCK):
        m = np.arange(first, first + _BLOCK)
        n = j + m
        half = padded[n] * np.exp((logs[n] - logs[j] - logs[m] - n * np.log(2.0)) / 2)
        found += half @ half.conj().T
    return found
