"""Moment equations d<r>/dt = A <r> + f, dV/dt = A V + V A^T + D as a labelled sum over the elements of a device.

Each element contributes small blocks on the modes that it touches. A block is a sum of real coefficients (the element's
parameters) times constant matrices (the element's operators): the matrices are computed once for each kind of element,
and a batch of a million devices is one matrix product of coefficients and matrices.

Beside the diffusion D stands the *excess source* Q = D + (A + A^T)/2, which drives S = V - 1/2, the covariance above
the vacuum: dS/dt = A S + S A^T + Q. It is exactly zero for every cold bath and every coherent coupling, so that a
weakly driven battery keeps all its digits where V itself would lose them against 1/2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Array, imaginary_part, namespace_of, real_part
from leyden.conventions import quadratures_of, symplectic_form
from leyden.errors import NonGaussianError
from leyden.model.elements import Element, Mode
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.model.operators import HamiltonianTerm, Jump

__all__ = ["Contribution", "MomentEquations", "moment_equations"]

Part = Literal["drift", "diffusion", "source", "forcing"]
# An operator on the k modes of an element: (position of its mode among them, whether it is a creation operator).
LocalLadder = tuple[int, bool]


@dataclass(frozen=True)
class Basis:
    """Constant blocks of one kind of element, one for each real coefficient.

    Parameters
    ----------
    drift, diffusion, source : array, shape (c, 2k, 2k)
        Blocks of A, D and Q.
    forcing : array, shape (c, 2k)
        Blocks of f.
    """

    drift: NDArray[np.float64]
    diffusion: NDArray[np.float64]
    source: NDArray[np.float64]
    forcing: NDArray[np.float64]


def _ladder(modes: int, operator: LocalLadder) -> NDArray[np.complex128]:
    """sqrt2 times the coefficients of a ladder operator in the quadratures: exact, so that sums cancel exactly."""
    position, is_creation = operator
    vector = np.zeros(2 * modes, dtype=np.complex128)
    vector[2 * position : 2 * position + 2] = (1.0, -1.0j if is_creation else 1.0j)
    return vector


def _hamiltonian_blocks(modes: int, operators: tuple[LocalLadder, ...]) -> list[tuple[Any, Any, Any]]:
    """(A, D, f) of H = c o + h.c. and H = c o o' + h.c. for c = 1 and c = i."""
    omega = symplectic_form(modes)
    zero = np.zeros((2 * modes, 2 * modes))
    if len(operators) == 1:
        linear = np.sqrt(2.0) * _ladder(modes, operators[0])
        return [(zero, zero, omega @ linear.real), (zero, zero, -omega @ linear.imag)]
    first, second = (_ladder(modes, operator) for operator in operators)
    # H = r^T M r + h.c. = r^T G r / 2 with G = 2 (Re M + Re M^T), and d<r>/dt = Omega G <r>.
    form = np.outer(first, second) / 2
    return [(2 * omega @ (part + part.T), zero, np.zeros(2 * modes)) for part in (np.real(form), np.real(1.0j * form))]


def _jump_blocks(modes: int, operators: tuple[LocalLadder, ...]) -> list[tuple[Any, Any, Any]]:
    """(A, D, f) of the dissipator of sum_j w_j o_j: for |w_j|^2, then for Re and Im of w_j* w_k with j < k."""
    omega = symplectic_form(modes)
    ladders = [_ladder(modes, operator) for operator in operators]
    forms = [np.outer(ladder.conj(), ladder) / 2 for ladder in ladders]
    for j, first in enumerate(ladders):
        for second in ladders[j + 1 :]:
            pair = np.outer(first.conj(), second) / 2
            forms += [pair + pair.conj().T, 1.0j * pair + (1.0j * pair).conj().T]
    # For jumps C r: A = Omega Im(C^dag C), D = Omega Re(C^dag C) Omega^T.
    return [(omega @ form.imag, omega @ form.real @ omega.T, np.zeros(2 * modes)) for form in forms]


@lru_cache(maxsize=512)
def _basis(modes: int, terms: tuple[tuple[LocalLadder, ...], ...], jumps: tuple[tuple[LocalLadder, ...], ...]) -> Basis:
    blocks = [block for term in terms for block in _hamiltonian_blocks(modes, term)]
    blocks += [block for jump in jumps for block in _jump_blocks(modes, jump)]
    size = 2 * modes
    drift = np.array([block[0] for block in blocks]).reshape(-1, size, size)
    diffusion = np.array([block[1] for block in blocks]).reshape(-1, size, size)
    forcing = np.array([block[2] for block in blocks]).reshape(-1, size)
    return Basis(drift, diffusion, diffusion + (drift + drift.transpose(0, 2, 1)) / 2, forcing)


def _hamiltonian_coefficients(term: HamiltonianTerm) -> Iterator[Any]:
    yield real_part(term.coefficient)
    yield imaginary_part(term.coefficient)


def _conjugate_product(first: Any, second: Any) -> tuple[Any, Any]:
    """Real and imaginary part of first* second."""
    real, imaginary = real_part(first), imaginary_part(first)
    other_real, other_imaginary = real_part(second), imaginary_part(second)
    return real * other_real + imaginary * other_imaginary, real * other_imaginary - imaginary * other_real


def _jump_coefficients(jump: Jump) -> Iterator[Any]:
    for weight in jump.weights:
        yield jump.rate * _conjugate_product(weight, weight)[0]
    for j, first in enumerate(jump.weights):
        for second in jump.weights[j + 1 :]:
            real, imaginary = _conjugate_product(first, second)
            yield jump.rate * real
            yield jump.rate * imaginary


@dataclass(frozen=True)
class Contribution:
    """What one element adds to the moment equations, on the k modes that it touches.

    Parameters
    ----------
    element : Element
        The mode, coupling, drive or bath.
    modes : tuple of int
        Positions of its modes in the network.
    coefficients : tuple of float or array, each of shape (...)
        Real parameters, in the rate unit.
    basis : Basis
        The constant block that each coefficient multiplies.
    """

    element: Element
    modes: tuple[int, ...]
    coefficients: tuple[Any, ...]
    basis: Basis

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Positions of its quadratures among the network's, shape (2k,)."""
        return quadratures_of(self.modes)

    @cached_property
    def is_plain(self) -> bool:
        """Whether all coefficients are Python numbers: no batch, nothing traced."""
        return all(type(value) is float for value in self.coefficients)

    def _sum(self, blocks: NDArray[np.float64]) -> Array:
        xp = namespace_of(*self.coefficients)
        tail = (None,) * (blocks.ndim - 1)
        total = xp.zeros(blocks.shape[1:], dtype=xp.float64)
        for coefficient, block in zip(self.coefficients, blocks, strict=True):
            total = total + xp.asarray(coefficient)[(..., *tail)] * xp.asarray(block)
        return total

    @property
    def drift(self) -> Array:
        """Block of A, shape (..., 2k, 2k)."""
        return self._sum(self.basis.drift)

    @property
    def diffusion(self) -> Array:
        """Block of D, shape (..., 2k, 2k)."""
        return self._sum(self.basis.diffusion)

    @property
    def source(self) -> Array:
        """Block of the excess source Q, shape (..., 2k, 2k)."""
        return self._sum(self.basis.source)

    @property
    def forcing(self) -> Array:
        """Block of f, shape (..., 2k)."""
        return self._sum(self.basis.forcing)


@dataclass(frozen=True)
class MomentEquations:
    """d<r>/dt = A <r> + f and dV/dt = A V + V A^T + D of a device, as a sum over its elements.

    Parameters
    ----------
    mode_names : tuple of str
        Names of the N modes, in the order of the quadratures.
    contributions : tuple of Contribution
        One for each mode and element.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5) and (6), here for any quadratic network.
    """

    mode_names: tuple[str, ...]
    contributions: tuple[Contribution, ...]

    @cached_property
    def drift(self) -> Array:
        """Drift A, shape (..., 2N, 2N), in the rate unit."""
        return self._total("drift")

    @cached_property
    def diffusion(self) -> Array:
        """Diffusion D, shape (..., 2N, 2N), in the rate unit."""
        return self._total("diffusion")

    @cached_property
    def source(self) -> Array:
        """Excess source Q = D + (A + A^T)/2, shape (..., 2N, 2N), in the rate unit."""
        return self._total("source")

    @cached_property
    def forcing(self) -> Array:
        """Forcing f, shape (..., 2N), in the rate unit."""
        return self._total("forcing")

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch: () for a single device."""
        shapes = {np.shape(value) for part in self.contributions for value in part.coefficients}
        return np.broadcast_shapes(*shapes)

    @cached_property
    def _namespace(self) -> Any:
        """The array library of the whole device: constant parts follow those that are arrays, frequencies included."""
        frequencies = (part.element.frequency for part in self.contributions if isinstance(part.element, Mode))
        arrays = (value for part in self.contributions if not part.is_plain for value in part.coefficients)
        return namespace_of(*frequencies, *arrays)

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

    def over_time(self) -> MomentEquations:
        """The same equations with an axis of length one behind their batch axes, to meet states over time."""
        if all(part.is_plain for part in self.contributions):
            return self
        return replace(
            self,
            contributions=tuple(
                replace(part, coefficients=tuple(_with_axis(value) for value in part.coefficients))
                for part in self.contributions
            ),
        )

    def _total(self, part: Part) -> Array:
        """Sum of all contributions: numbers at once, arrays as one product of coefficients and constant blocks."""
        size = 2 * len(self.mode_names)
        shape = (size,) if part == "forcing" else (size, size)
        constant = np.zeros(shape)
        coefficients: list[Any] = []
        blocks: list[NDArray[np.float64]] = []
        for contribution in self.contributions:
            place = contribution.place
            index = place if part == "forcing" else (place[:, None], place)
            basis: NDArray[np.float64] = getattr(contribution.basis, part)
            values = contribution.coefficients
            if contribution.is_plain:
                constant[index] += (np.asarray(values) @ basis.reshape(len(values), -1)).reshape(basis.shape[1:])
                continue
            for value, block in zip(values, basis, strict=True):
                if block.any():
                    coefficients.append(value)
                    blocks.append(np.zeros(shape))
                    blocks[-1][index] = block
        xp = self._namespace
        if not coefficients:
            return xp.asarray(constant)
        columns = xp.broadcast_arrays(*(xp.asarray(value, dtype=xp.float64) for value in coefficients))
        matrix = xp.asarray(np.stack(blocks).reshape(len(blocks), -1))
        # One column per coefficient: a stacked copy, because a product of matrices wants them side by side.
        total = xp.stack(columns, axis=-1) @ matrix
        return xp.reshape(total, (*total.shape[:-1], *shape)) + xp.asarray(constant)


def _with_axis(value: Any) -> Any:
    return value if isinstance(value, float) else value[..., None]


def _contribution(element: Element, positions: dict[str, int]) -> Contribution:
    local = {mode: place for place, mode in enumerate(element.modes)}
    terms, jumps = element.hamiltonian(), element.jumps()
    for term in terms:
        if len(term.operators) not in (1, 2):
            raise NonGaussianError(
                f"Argument `network` must have a Hamiltonian of at most two ladder operators per term, but "
                f"{element.label} has {len(term.operators)}. Its moments do not close; use the Fock-space solver.",
                element=element,
                solver="leyden.fock",
            )

    def pattern(part: HamiltonianTerm | Jump) -> tuple[LocalLadder, ...]:
        return tuple((local[operator.mode], operator.is_creation) for operator in part.operators)

    basis = _basis(len(local), tuple(map(pattern, terms)), tuple(map(pattern, jumps)))
    coefficients = [value for term in terms for value in _hamiltonian_coefficients(term)]
    coefficients += [value for jump in jumps for value in _jump_coefficients(jump)]
    numbers = tuple(float(value) if isinstance(value, (int, float, np.floating)) else value for value in coefficients)
    return Contribution(element, tuple(positions[mode] for mode in element.modes), numbers, basis)


def moment_equations(network: Network) -> MomentEquations:
    """Moment equations of a device: d<r>/dt = A <r> + f, dV/dt = A V + V A^T + D.

    Parameters
    ----------
    network : Network
        Labelled parameters lose their labels; the axes are those of `leyden.model.labels.take_off`.

    Returns
    -------
    MomentEquations
        With `drift`, `diffusion`, `forcing` and the `contributions` that they are the sum of.

    Raises
    ------
    NonGaussianError
        If an element's Hamiltonian is not quadratic.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5) and (6).

    Examples
    --------
    A mode with damping rate 2 decays at rate 1:

    >>> import leyden as ly
    >>> network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rate=2.0)], charger="a", battery="a")
    >>> ly.moment_equations(network).drift.tolist()
    [[-1.0, 0.0], [0.0, -1.0]]
    """
    plain, _ = take_off(network)
    positions = {name: place for place, name in enumerate(plain.mode_names)}
    contributions = tuple(_contribution(element, positions) for element in (*plain.modes, *plain.elements))
    return MomentEquations(plain.mode_names, contributions)
