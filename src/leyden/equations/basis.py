"""Blocks of the moment equations that one kind of element adds: real coefficients times constant matrices.

The matrices depend on the element's operators alone and are made once for each kind; the coefficients are its
parameters, numbers or arrays of any library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.arrays import imaginary_part, real_part
from leyden.conventions import symplectic_form
from leyden.errors import NonGaussianError, ParameterError
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, Jump, Ladder

__all__ = ["LARGEST_RATE", "Basis", "blocks_of", "closes"]

# Largest coefficients: of a drift, which is multiplied by itself, and of what excites.
LARGEST_RATE, _MOST_SOURCE = 1e140, 1e250
_REMEDY = "Choose a larger unit of rates."
_BEYOND = "use `charge` or `steady_state`, which have methods beyond moments."
# An operator on the k modes of an element: (position of its mode among them, whether it is a creation operator).
LocalLadder = tuple[int, bool]
# The operators of a jump, each a product, whether it has a way back, and whether it is squeezed.
LocalJump = tuple[tuple[tuple[LocalLadder, ...], ...], bool, bool]
Entries = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Basis:
    """Constant blocks of one kind of element, one for each real coefficient."""

    drift: NDArray[np.float64]  # (c, 2k, 2k)
    diffusion: NDArray[np.float64]
    source: NDArray[np.float64]
    forcing: NDArray[np.float64]  # (c, 2k)
    # (c, 2k, 2k): K with K (V + <r><r>^T) K^T in the second moments, of what turns a mode at random; None without any.
    turning: NDArray[np.float64] | None = None

    @cached_property
    def most(self) -> tuple[float, ...]:
        """Largest size of each coefficient that leaves room for what is computed of it."""
        return tuple(LARGEST_RATE if block.any() else _MOST_SOURCE for block in self.drift)

    @cached_property
    def _entries(self) -> dict[str, Entries]:
        return {}

    def entries(self, part: str) -> Entries:
        """Rows and columns of a part's blocks that any coefficient touches, and the blocks there, shape (c, z)."""
        if part not in self._entries:
            blocks: NDArray[np.float64] = getattr(self, part)
            rows, *columns = np.nonzero(blocks.any(axis=0))
            column = columns[0] if columns else np.zeros_like(rows)
            self._entries[part] = rows, column, blocks[:, rows, *columns]
        return self._entries[part]

    @cached_property
    def drift_parts(self) -> NDArray[np.float64]:
        """Blocks of A by linear and antilinear parts, shape (c, 4, k, k), exactly."""
        return ladder.parts_of(self.drift)

    @cached_property
    def source_parts(self) -> NDArray[np.float64]:
        """Blocks of Q by linear and antilinear parts, shape (c, 4, k, k), exactly."""
        return ladder.parts_of(self.source)


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


def _jump_blocks(modes: int, jump: LocalJump) -> list[tuple[Any, Any, Any]]:
    """(A, D, f) of a dissipator: for |w_j|^2, then for Re and Im of w_j* w_k with j < k; then for n times these."""
    operators, is_warm, is_squeezed = jump
    omega = symplectic_form(modes)
    if len(operators[0]) > 1:
        turn = _turn(modes, operators[0])
        return [(turn @ turn / 2, np.zeros_like(turn), np.zeros(2 * modes))]
    ladders = [_ladder(modes, operator) for (operator,) in operators]
    forms = [np.outer(ladder.conj(), ladder) / 2 for ladder in ladders]
    for j, first in enumerate(ladders):
        for second in ladders[j + 1 :]:
            pair = np.outer(first.conj(), second) / 2
            forms += [pair + pair.conj().T, 1.0j * pair + (1.0j * pair).conj().T]
    # For jumps C r: A = Omega Im(C^dag C), D = Omega Re(C^dag C) Omega^T.
    blocks = [(omega @ form.imag, omega @ form.real @ omega.T, np.zeros(2 * modes)) for form in forms]
    # The way back has C* for C: in n L[c] + n L[c^dag] the drifts cancel, here and not in numbers.
    back = [(np.zeros_like(drift), 2 * diffusion, forcing) for drift, diffusion, forcing in blocks if is_warm]
    return blocks + back + (_pair_blocks(modes, ladders) if is_squeezed else [])


def _turn(modes: int, product: tuple[LocalLadder, ...]) -> NDArray[np.float64]:
    """K with dr/ds = K r under a Hermitian product c = r^T G r/2 as a Hamiltonian; L[c] turns by it at random."""
    first, second = (_ladder(modes, operator) for operator in product)
    form = np.outer(first, second) / 2
    return symplectic_form(modes) @ (form + form.T).real


def _pair_blocks(modes: int, ladders: list[NDArray[np.complex128]]) -> list[tuple[Any, Any, Any]]:
    """(A, D, f) of the pairs of a squeezed bath, D = 2 Omega Re(m W W^T) Omega^T: for Re and Im of m w_j w_k."""
    omega = symplectic_form(modes)
    blocks: list[tuple[Any, Any, Any]] = []
    for j, first in enumerate(ladders):
        for second in ladders[j:]:
            form = np.outer(first, second) / 2
            form = form if second is first else form + form.T
            for part in (form.real, -form.imag):
                blocks.append((np.zeros_like(part), 2 * omega @ part @ omega.T, np.zeros(2 * modes)))
    return blocks


@lru_cache(maxsize=512)
def _basis(modes: int, terms: tuple[tuple[LocalLadder, ...], ...], jumps: tuple[LocalJump, ...]) -> Basis:
    blocks = [block for term in terms for block in _hamiltonian_blocks(modes, term)]
    blocks += [block for jump in jumps for block in _jump_blocks(modes, jump)]
    size = 2 * modes
    drift = np.array([block[0] for block in blocks]).reshape(-1, size, size)
    diffusion = np.array([block[1] for block in blocks]).reshape(-1, size, size)
    forcing = np.array([block[2] for block in blocks]).reshape(-1, size)
    source = diffusion + (drift + drift.transpose(0, 2, 1)) / 2
    if all(len(product) == 1 for operators, *_ in jumps for product in operators):
        return Basis(drift, diffusion, source, forcing)
    turning = np.zeros_like(drift)
    place = len(blocks) - sum(len(_jump_blocks(modes, jump)) for jump in jumps)
    for jump in jumps:
        if len(jump[0][0]) > 1:
            turning[place] = _turn(modes, jump[0][0])
        place += len(_jump_blocks(modes, jump))
    # Turns leave the vacuum alone: what they take of it by the drift comes back turned.
    return Basis(drift, diffusion, source + turning @ turning.transpose(0, 2, 1) / 2, forcing, turning)


def _hamiltonian_coefficients(term: HamiltonianTerm) -> Iterator[Any]:
    yield real_part(term.coefficient)
    yield imaginary_part(term.coefficient)


def _conjugate_product(first: Any, second: Any) -> tuple[Any, Any]:
    """Real and imaginary part of first* second."""
    real, imaginary = real_part(first), imaginary_part(first)
    other_real, other_imaginary = real_part(second), imaginary_part(second)
    return real * other_real + imaginary * other_imaginary, real * other_imaginary - imaginary * other_real


def _jump_coefficients(jump: Jump) -> Iterator[Any]:
    found = [jump.rate * _conjugate_product(weight, weight)[0] for weight in jump.weights]
    for j, first in enumerate(jump.weights):
        for second in jump.weights[j + 1 :]:
            found += [jump.rate * part for part in _conjugate_product(first, second)]
    yield from found
    if jump.is_warm:
        quanta = jump.quanta
        yield from (value * quanta for value in found)
    if jump.is_squeezed:
        pairs = jump.rate * jump.pairs
        for j, first in enumerate(jump.weights):
            for second in jump.weights[j:]:
                product = pairs * first * second
                yield real_part(product)
                yield imaginary_part(product)


def _is_linear(term: HamiltonianTerm) -> bool:
    """Whether a term moves ladder operators by ladder operators alone."""
    return len(term.operators) in (1, 2)


def closes(element: Element) -> bool:
    """Whether first and second moments close under an element."""
    linear = all(map(_is_linear, element.hamiltonian()))
    return linear and all(map(_closes, element.jumps())) and not element.beyond_moments


def _closes(jump: Jump) -> bool:
    """Whether second moments move by themselves: of linear operators, and of a single product a^dag a."""
    products = [operator.factors for operator in jump.operators if len(operator.factors) > 1]
    if not products:
        return True
    is_number = len(products[0]) == 2 and products[0][0] == products[0][1].adjoint
    return len(jump.operators) == 1 and is_number and not jump.is_warm


def blocks_of(element: Element, *, of_linear_part: bool = False) -> tuple[tuple[Any, ...], Basis]:
    """Real coefficients of an element, and the basis that they multiply, one object for all elements of a kind."""
    local = {mode: place for place, mode in enumerate(element.modes)}
    terms, jumps = element.hamiltonian(), element.jumps()
    if of_linear_part:
        _refuse_huge(element, (*terms, *jumps))
        terms, jumps = tuple(filter(_is_linear, terms)), tuple(filter(_closes, jumps))
    elif element.beyond_moments:
        raise NonGaussianError(
            f"Argument `network` must have oscillators for modes, but {element.label} has {element.beyond_moments}. "
            f"Its moments do not close: {_BEYOND}",
            element=element,
            solver="leyden.fock",
        )
    for term in terms:
        if not _is_linear(term):
            raise NonGaussianError(
                f"Argument `network` must have a Hamiltonian of at most two ladder operators per term, but "
                f"{element.label} has {len(term.operators)}. Its moments do not close: {_BEYOND}",
                element=element,
                solver="leyden.fock",
            )

    for jump in jumps:
        if not _closes(jump):
            raise NonGaussianError(
                f"Argument `network` must have jumps that are linear in ladder operators, or numbers of quanta, but "
                f"{element.label} has products of them. Its moments do not close: {_BEYOND}",
                element=element,
                solver="leyden.fock",
            )

    def pattern(operators: Sequence[Ladder]) -> tuple[LocalLadder, ...]:
        return tuple((local[operator.mode], operator.is_creation) for operator in operators)

    ways = tuple(
        (tuple(pattern(one.factors) for one in jump.operators), jump.is_warm, jump.is_squeezed) for jump in jumps
    )
    basis = _basis(len(local), tuple(pattern(term.operators) for term in terms), ways)
    coefficients = [value for term in terms for value in _hamiltonian_coefficients(term)]
    coefficients += [value for jump in jumps for value in _jump_coefficients(jump)]
    numbers = tuple(float(value) if isinstance(value, (int, float, np.floating)) else value for value in coefficients)
    for value, most in zip(numbers, basis.most, strict=True):
        if type(value) is float:
            is_within = -most <= value <= most
        else:  # what JAX traces is not looked at
            is_within = not isinstance(value, np.ndarray) or _is_small(value) or _size(value) <= most
        if not is_within:
            allowed = f"have rates of at most {most:.0e}, with their weights and quanta"
            raise ParameterError.of("network", allowed, f"{element.label} with {_size(value):.3g}", _REMEDY)
    return numbers, basis


def _refuse_huge(element: Element, words: Sequence[HamiltonianTerm | Jump]) -> None:
    """Refuse what does not close and is too large to be multiplied by itself."""
    for word in words:
        if _is_linear(word) if isinstance(word, HamiltonianTerm) else _closes(word):
            continue
        values = (word.coefficient,) if isinstance(word, HamiltonianTerm) else (word.rate, *word.weights)
        for value in values:
            if isinstance(value, (int, float, complex, np.number, np.ndarray)) and not _size(value) <= LARGEST_RATE:
                allowed = f"have rates of at most {LARGEST_RATE:.0e}"
                raise ParameterError.of("network", allowed, f"{element.label} with {_size(value):.3g}", _REMEDY)


def _is_small(numbers: NDArray[np.float64]) -> bool:
    """Whether no number can be too large, for sure, in a fraction of the time that it takes to find the largest."""
    return numbers.dtype == np.float64 and bool(np.vdot(numbers, numbers) <= LARGEST_RATE)


def _size(coefficient: Any) -> float:
    """Largest size of a number or of numbers; NaN, which is what overflow leaves, counts as infinite."""
    if type(coefficient) is float:
        return abs(coefficient)
    largest = float(np.abs(coefficient).max(initial=0.0))
    return math.inf if math.isnan(largest) else largest
