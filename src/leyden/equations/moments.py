"""Moment equations d<r>/dt = A <r> + f, dV/dt = A V + V A^T + D as a labelled sum over the elements of a device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import definiteness
from leyden.arrays import Array, Part, held, is_whole, namespace_of, to_numpy
from leyden.equations.assembly import Assembly, PartName, coefficient_range, largest_coefficient, rounding
from leyden.equations.rounding import without_rounding
from leyden.equations.shares import Contribution, Share
from leyden.model.changing import Pulse
from leyden.model.display import equations_html
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.text import listed

__all__ = ["MomentEquations"]


# Each element contributes small blocks on the modes that it touches, a family of elements one block for each member.
# The dense matrices of a batch, the sparse ones of a huge network, and the energy flow of each element all come from
# that one list.
#
# Beside the diffusion D stands the *excess source* Q = D + (A + A^T)/2, which drives S = V - 1/2, the covariance above
# the vacuum: dS/dt = A S + S A^T + Q. It is exactly zero for every cold bath and every coherent coupling, so that a
# weakly driven battery keeps all its digits where V itself would lose them against 1/2.
@dataclass(frozen=True, eq=False)
class MomentEquations:
    """d<r>/dt = A <r> + f and dV/dt = A V + V A^T + D of a device, as a sum over its elements.

    Parameters
    ----------
    mode_names : tuple of str
        Names of the N modes, in the order of the quadratures.
    shares : tuple of Share
        What each element or family adds; those of the modes first.
    elements : tuple of Element and Family
        The elements and families that the shares belong to, in the same order.
    frequencies : tuple of float or array
        Those parameters of the modes that are in no coefficient: results follow their array library, too.
    watched : tuple of int or None
        Places of the shares whose work is followed in time; those of the drives by default.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5) and (6), here for any quadratic network.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> ly.moment_equations(device).drift
    array([[-0.5,  0. ],
           [ 0. , -0.5]])
    """

    mode_names: tuple[str, ...]
    shares: tuple[Share, ...]
    elements: tuple[Element | Family, ...]
    frequencies: tuple[Any, ...]
    watched: tuple[int, ...] | None = None

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """One for each mode and each element, families member by member."""
        found: list[Contribution] = []
        for share, element in zip(self.shares, self.elements, strict=True):
            if isinstance(element, Family):
                for index, (modes, numbers) in enumerate(zip(share.places, share.numbers, strict=True)):
                    one = element.member(index, self.mode_names)
                    found.append(Contribution(one, tuple(modes.tolist()), tuple(numbers.tolist()), share.basis))
            else:
                found.append(Contribution(element, share.modes, share.coefficients, share.basis))
        return tuple(found)

    def __repr__(self) -> str:
        size = 2 * len(self.mode_names)
        shape = (*self.shape, size, size)
        return f"<MomentEquations of {listed(self.mode_names, 4)}: drift of shape {shape}, {len(self.shares)} parts>"

    def _repr_html_(self) -> str:
        return equations_html(repr(self).strip("<>"), self)

    @cached_property
    def drift(self) -> Array:
        """Drift A, shape (..., 2N, 2N), in the rate unit; of a single device without entries that cancel."""
        found = self._total("drift")
        if self._namespace is not np or any(share.arrays for share in self.shares):
            return found
        sizes = np.abs(found)
        if not ((sizes > 0) & (sizes <= 2 * self.largest_rounding)).any():
            return found
        return without_rounding(found, self.drift_rounding)

    @cached_property
    def drift_rounding(self) -> Array:
        """What rounding of the terms may leave in each entry of A, shape (..., 2N, 2N), in the rate unit."""
        return rounding(self._namespace, len(self.mode_names), self.shares)

    @cached_property
    def _range(self) -> tuple[float, float, int]:
        return coefficient_range(self.shares)

    @cached_property
    def largest(self) -> float:
        """Largest size of a coefficient, of all devices of a batch; 0 of those whose numbers cannot be looked at."""
        if not any(share.arrays for share in self.shares):
            return self._range[1]
        return largest_coefficient(self.shares)

    @property
    def largest_rounding(self) -> float:
        """Bound of all entries of `drift_rounding` of a single device, wide but cheap."""
        _, largest, count = self._range
        # The constant blocks hold halves, ones and twos; each coefficient of a member touches an entry at most once.
        return 2 * float(np.finfo(float).eps) * (8 + count) ** 2 * largest

    @property
    def fastest(self) -> Array:
        """Bound of the sizes of all entries of A, of all devices of a batch, from what is there of it."""
        is_apart = "drift_parts" in self.__dict__ and "drift" not in self.__dict__
        rates = self.drift_parts if is_apart else self.drift
        if not prod(rates.shape):
            return 0.0
        xp = namespace_of(rates)
        # An entry of A is a part, or a sum of two.
        return (2 if is_apart else 1) * xp.maximum(xp.max(rates), -xp.min(rates))

    @property
    def spread(self) -> float:
        """Largest coefficient of a single device over its smallest that is not zero; 0 without any."""
        smallest, largest, _ = self._range
        return largest / smallest

    @cached_property
    def diffusion(self) -> Array:
        """Diffusion D, shape (..., 2N, 2N), in the rate unit."""
        return self._total("diffusion")

    @cached_property
    def noise(self) -> tuple[Array, Array]:
        """Smallest pivot of D, positive where noise reaches all directions, and its largest entry, each (...)."""
        return definiteness(self.diffusion)

    @cached_property
    def source(self) -> Array:
        """Excess source Q = D + (A + A^T)/2, shape (..., 2N, 2N), in the rate unit."""
        return self._total("source")

    @cached_property
    def forcing(self) -> Array:
        """Forcing f, shape (..., 2N), in the rate unit."""
        return self._total("forcing")

    @cached_property
    def drift_parts(self) -> Array:
        """Linear and antilinear parts of A, see `leyden.algebra.ladder`, shape (..., 4, N, N), in the rate unit."""
        found = self._total("drift_parts")
        if self._namespace is not np or any(share.arrays for share in self.shares):
            return found
        # Modes that do not act on each other in the drift do not do so here.
        modes = len(self.mode_names)
        is_felt = (self.drift.reshape(modes, 2, modes, 2) != 0).any(axis=(1, 3))
        return found if is_felt.all() else np.where(is_felt, found, 0.0)

    @cached_property
    def source_parts(self) -> Array:
        """Linear and antilinear parts of Q, see `leyden.algebra.ladder`, shape (..., 4, N, N), in the rate unit."""
        return self._total("source_parts")

    @cached_property
    def drives(self) -> tuple[Share, ...]:
        """What the drives alone add."""
        pairs = zip(self.shares, self.elements, strict=True)
        return tuple(share for share, part in pairs if (part.pattern if isinstance(part, Family) else part).is_drive)

    @property
    def followed(self) -> tuple[Share, ...]:
        """What adds the energy that is followed in time."""
        return self.drives if self.watched is None else tuple(self.shares[place] for place in self.watched)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch: () for a single device."""
        return np.broadcast_shapes(*(np.shape(value) for share in self.shares for value in share.arrays))

    @cached_property
    def arrays(self) -> tuple[Any, ...]:
        """All parameters that may have batch axes, or belong to another array library than NumPy."""
        return (*self.frequencies, *(value for share in self.shares for value in share.arrays))

    @cached_property
    def _namespace(self) -> Any:
        """The array library of the whole device: constant parts follow those that are arrays, frequencies included."""
        return namespace_of(*self.arrays)

    def over_time(self) -> MomentEquations:
        """The same equations with an axis of length one behind their batch axes, to meet states over time."""
        if not any(share.arrays for share in self.shares):
            return self
        return replace(self, shares=tuple(share.over_time() for share in self.shares))

    def at(self, part: Part) -> MomentEquations:
        """The equations of a part of the batch.

        Parameters
        ----------
        part : tuple of slice
            One for each batch axis.

        Returns
        -------
        MomentEquations
        """
        if is_whole(part):
            return self
        return replace(self, shares=tuple(share.at(part) for share in self.shares))

    @cached_property
    def is_turned(self) -> bool:
        """Whether a dephasing turns modes at random: second moments then have a term that is not of Lyapunov form."""
        return any(share.basis.turning is not None for share in self.shares)

    @cached_property
    def pulses(self) -> tuple[Pulse, ...]:
        """Coefficients that change in time."""
        return tuple(pulse for share in self.shares for pulse in share.pulses)

    def at_time(self, time: float) -> MomentEquations:
        """The equations as they are at one time.

        Parameters
        ----------
        time : float
            In units of 1/rate.

        Returns
        -------
        MomentEquations
            Without pulses.
        """
        return replace(self, shares=tuple(share.at_time(time) for share in self.shares))

    def held(self) -> MomentEquations:
        """The same equations without derivatives, for what is decided; concrete where JAX does not compile."""
        if self._namespace is np:
            return self
        shares = tuple(
            replace(share, coefficients=tuple(map(held, share.coefficients))) if share.arrays else share
            for share in self.shares
        )
        return replace(self, shares=shares)

    def of_numbers(self, members: NDArray[np.bool_] | None = None) -> MomentEquations:
        """The same equations in NumPy, of all devices of a batch or of some.

        Parameters
        ----------
        members : array of bool, shape (...), or None
            Which ones of a batch, whose axes become one; all, with their axes, if it is left out.

        Returns
        -------
        MomentEquations
        """

        if members is None and self._namespace is np:
            return self

        def chosen(value: Any) -> Any:
            if type(value) is float:
                return value
            numbers = to_numpy(value)
            return numbers if members is None else np.broadcast_to(numbers, members.shape)[members]

        shares = tuple(
            replace(share, coefficients=tuple(map(chosen, share.coefficients))) if share.arrays else share
            for share in self.shares
        )
        return replace(self, shares=shares, frequencies=())

    def _total(self, part: PartName) -> Array:
        return self._assembly.total(self._namespace, part)

    @cached_property
    def _assembly(self) -> Assembly:
        return Assembly(len(self.mode_names), self.shares)

    def rates(self, mean: Array, excess: Array) -> tuple[Array, Array]:
        """Rates of change d<r>/dt = A <r> + f and dS/dt = A S + S A^T + Q at given moments.

        Parameters
        ----------
        mean : array, shape (..., 2N)
            <r>.
        excess : array, shape (..., 2N, 2N)
            S = V - 1/2.

        Returns
        -------
        mean_rate, excess_rate : array, shapes (..., 2N) and (..., 2N, 2N)
            In the rate unit.
        """
        xp = namespace_of(self.drift, mean, excess)
        drift, mean = xp.asarray(self.drift), xp.asarray(mean)
        half = drift @ xp.asarray(excess)
        return (drift @ mean[..., None])[..., 0] + xp.asarray(self.forcing), half + half.mT + xp.asarray(self.source)
