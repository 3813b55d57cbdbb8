"""A device on more and more levels, on the way to its steady state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.drift.damping import undamped
from leyden.equations.device import equations_of, linear_part
from leyden.equations.moments import MomentEquations
from leyden.errors import ConvergenceError, NonGaussianError, UnstableError
from leyden.fock.cutoff import BYTES, refuse_beyond_memory
from leyden.fock.frame import Frame
from leyden.fock.generator import Generator, generator_of
from leyden.fock.liouville import flow_of
from leyden.fock.observe import observe
from leyden.fock.operators import load_qutip, own_levels
from leyden.fock.prepare import density_matrix, embedded
from leyden.fock.sector import sectors_of
from leyden.fock.stationary import bytes_needed, factorized_matrix, remembered_matrix, stationary_matrix
from leyden.fock.sylvester import effective_of, sectors
from leyden.model.network import Network
from leyden.model.operators import Jump
from leyden.truncation.conserved import conserved
from leyden.truncation.cutoff import Solution, largest_change

__all__ = ["Search"]

Matrix = NDArray[np.complex128]

# Levels for each of three modes or more where it is tried whether there are several steady states.
_TRIAL_LEVELS = 3
# Shares of the fastest rate that count as no decay, and as turning.
_STILL, _TURNS = 1e-10, 1e-7
# What the residual of several modes leaves in their energies, as a share of the fastest rate over the slowest, measured
# on slow batteries; of rates that only turn a tenth counts, as they do in the residual that is accepted.
_SOLVED, _TURNING = 1e-14, 0.1


def _refuse_undamped(network: Network, cause: str, remedy: str) -> None:
    raise UnstableError(
        f"Argument `network` must have one steady state, but where {network.name!r} settles depends on where it "
        f"starts. {cause} {remedy} Its transient can still be had with `charge`.",
        spectral_abscissa=0.0,
        remedy=f"{cause} {remedy}",
    )


def _refuse_several(network: Network) -> None:
    """What its linear part and its jumps tell of a device that settles at no single state even from the vacuum."""
    acting = {operator.mode for jump in _jumps_of(network) for one in jump.operators for operator in one.factors}
    kept = undamped(linear_part(network)[0])
    idle = [name for name in kept.modes if name not in acting]
    if idle or kept.combinations:
        found = kept._replace(modes=tuple(idle))
        _refuse_undamped(network, found.cause, found.remedy)
    _refuse_undamped(network, "Not all that is driven is lost.", "Let baths act on it, directly or through others.")


def _jumps_of(network: Network) -> list[Jump]:
    elements = (*network.modes, *network.elements)
    jumps = [one for element in elements for jump in element.jumps() for one in jump.directions()]
    return [jump for jump in jumps if isinstance(jump.rate, (int, float)) and jump.rate > 0]


def _trial_levels(network: Network, cutoff: tuple[int, ...]) -> tuple[int, ...]:
    most = _TRIAL_LEVELS + (len(cutoff) < 3)
    pairs = zip(cutoff, own_levels(network), strict=True)
    return tuple(min(most, kept) if own is None else own for kept, own in pairs)


def _refuse_turning(network: Network, cutoff: tuple[int, ...]) -> None:
    """Between sectors coherence may turn for ever; what is left then is no state at rest."""
    levels = _trial_levels(network, cutoff)
    size = math.prod(levels)
    generator = flow_of(*generator_of(network, levels).at(0.0), np.ones((size, size), dtype=np.complex128)).generator
    values = np.linalg.eigvals(generator.toarray())
    scale = float(np.max(np.abs(values), initial=0.0))
    if np.any((values.real > -_STILL * scale) & (np.abs(values.imag) > _TURNS * scale)):
        raise UnstableError(
            f"Argument `network` must come to rest, but from this `initial` {network.name!r} keeps turning: a "
            "coherence between what is conserved does not decay. Start in one sector, or follow it with `charge`.",
            spectral_abscissa=0.0,
            remedy="Start in one sector, or follow it with `charge`.",
        )


def _refuse_several_of_several_modes(network: Network, cutoff: tuple[int, ...]) -> None:
    """On a few levels it is seen at once whether a start in the vacuum settles at one state alone."""
    levels = _trial_levels(network, cutoff)
    hamiltonian, jumps = generator_of(network, levels).at(0.0)
    (states,) = sectors_of(hamiltonian, jumps).of(np.arange(hamiltonian.shape[0]) == 0)
    inside = _restricted(hamiltonian, jumps, states)
    if len(states) > 1 and np.isinf(factorized_matrix(*inside, _mixture(len(states)))[1]):
        _refuse_several(network)


def _restricted(hamiltonian: Any, jumps: Sequence[Any], states: NDArray[np.intp]) -> tuple[Any, list[Any]]:
    """Operators on some basis states, that lead to no others."""
    inside = [jump[states][:, states] for jump in jumps]
    return hamiltonian[states][:, states], [jump for jump in inside if jump.nnz]


def _mixture(size: int) -> Matrix:
    return np.eye(size, dtype=np.complex128) / size


def _refuse_too_slow(network: Network, drift: NDArray[np.float64], tolerance: float) -> None:
    """The solver's residual, over a rate that is slow enough, is an error that no cutoff mends."""
    slowest = -float(np.max(np.linalg.eigvals(drift).real))
    fastest = max(-float(np.trace(drift)), _TURNING * float(np.max(np.sum(np.abs(drift), axis=0))))
    if slowest > 0 and (error := _SOLVED * fastest / slowest) > tolerance:
        raise ConvergenceError(
            f"Argument `network` must settle fast enough for the solver, but its slowest rate {slowest:.2g} against "
            f"{fastest:.2g} leaves errors of about {error:.1g} quanta where {tolerance:.1g} is allowed. Raise "
            "`tolerance`, or use its moments (`leyden.steady_state`).",
            residual=error,
            tolerance=tolerance,
        )


def _equations_of(network: Network) -> MomentEquations | None:
    try:
        return equations_of(network)
    except NonGaussianError:
        return None


@dataclass
class Search:
    """The steady state of a device, on more and more levels."""

    device: Network
    tolerance: float
    start: Any = None
    frame: Frame | None = None

    def __post_init__(self) -> None:
        self.matrix: Matrix | None = None
        self.levels: tuple[int, ...] = ()
        self.told: dict[str, Any] = {} if self.frame is None else {"frame": self.frame.told(self.device.mode_names)}
        self.equations = _equations_of(self.device)

    def at(self, levels: tuple[int, ...]) -> Solution:
        """Its steady state on some levels."""
        refuse_beyond_memory(levels, BYTES * float(math.prod(levels)) ** 2)
        if self.matrix is None:
            self._check(levels)
        return self._at(levels)

    def _at(self, levels: tuple[int, ...]) -> Solution:
        generator = generator_of(self.device, levels, self.frame)
        begin = density_matrix(self.start, levels).full()
        parts = self._parts(generator, begin)
        if len(parts) > 1:
            if self.matrix is None:
                _refuse_turning(self.device, levels)
            matrix, change = remembered_matrix(*generator.at(0.0), begin)
            kept = "; ".join(conserved(states, levels, self.device.mode_names) for states in parts[:2])
            self.told |= {"conserved": f"{kept}: shares and coherences as of a start in `initial`", "error": change}
        else:
            matrix = self._in_sector(generator, parts[0], begin, levels)
        self.matrix, self.levels = matrix, levels
        return self._observed(generator, matrix)

    def _check(self, levels: tuple[int, ...]) -> None:
        if self.equations is not None:
            kept = undamped(self.equations)
            if kept.cause:
                _refuse_undamped(self.device, kept.cause, kept.remedy)
            if len(levels) > 1:
                _refuse_too_slow(self.device, self.equations.drift, self.tolerance)
        elif len(levels) > 1 and self.start is None:
            _refuse_several_of_several_modes(self.device, levels)

    def _parts(self, generator: Generator, begin: Matrix) -> list[NDArray[np.intp]]:
        """Basis states of the sectors that a start occupies; all of them where nothing is conserved."""
        sectors = sectors_of(*generator.at(0.0))
        return sectors.of(np.diagonal(begin).real > 0)

    def _in_sector(
        self, generator: Generator, states: NDArray[np.intp], begin: Matrix, levels: tuple[int, ...]
    ) -> Matrix:
        place, whole = np.ix_(states, states), np.zeros_like(begin)
        if len(states) < len(begin):
            from_where = "the vacuum" if self.start is None else "`initial`"
            kept = conserved(states, levels, self.device.mode_names)
            self.told["conserved"] = f"{kept}, as of a start in {from_where}"
        hamiltonian, jumps = _restricted(*generator.at(0.0), states)
        if len(states) == 1:
            whole[place] = 1.0
            return whole
        if not jumps:
            _refuse_several(self.device)
        start = begin[place]
        if len(levels) == 1:
            # One mode's L is quickly factorized, close to a threshold as well, where the series of jumps is long.
            whole[place], error = factorized_matrix(hamiltonian, jumps, start)
            if np.isinf(error):
                _refuse_several(self.device)
            _refuse_rounding(error * len(states), self.tolerance)
            return whole
        if self.matrix is not None:  # each cutoff starts from the answer of the one before
            start = embedded(self.matrix, self.levels, levels)[place]
        blocks = len(sectors(effective_of(hamiltonian, jumps), jumps))
        refuse_beyond_memory(levels, bytes_needed(len(states), blocks))
        whole[place] = stationary_matrix(hamiltonian, jumps, start)
        return whole

    def _observed(self, generator: Generator, matrix: Matrix) -> Solution:
        state = load_qutip().Qobj(matrix, dims=[list(self.levels)] * 2)
        return observe(self.device, generator, self.levels, [state], [0.0], frame=self.frame)

    def refuse_loose_ends(self, solution: Solution) -> None:
        """Where no moments tell how slowly a device of several modes settles, another start must lead to the same."""
        if "error" in self.told:
            _refuse_rounding(self.told["error"] * len(self.levels), self.tolerance)
        if self.equations is not None or len(self.levels) == 1 or self.start is not None or self.matrix is None:
            return
        generator = generator_of(self.device, self.levels, self.frame)
        (states,) = self._parts(generator, self.matrix)
        hamiltonian, jumps = _restricted(*generator.at(0.0), states)
        if len(states) == 1:
            return
        quanta = np.sum(np.unravel_index(states, self.levels), axis=0)
        weights = 0.5**quanta
        other = np.zeros_like(self.matrix)
        start = np.diag(weights / weights.sum()).astype(np.complex128)
        other[np.ix_(states, states)] = stationary_matrix(hamiltonian, jumps, start)
        again = self._observed(generator, other)
        error = largest_change(again, solution)
        self.told["error"] = error
        _refuse_rounding(error, self.tolerance)


def _refuse_rounding(error: float, tolerance: float) -> None:
    if error > tolerance:
        raise ConvergenceError(
            f"Argument `network` must settle fast enough for the solver, but a decay that is slow beside its rates "
            f"leaves errors of about {error:.1g} quanta where {tolerance:.1g} is allowed. Raise `tolerance`, damp what "
            "is slow, or follow it in time with `charge`.",
            residual=error,
            tolerance=tolerance,
        )
