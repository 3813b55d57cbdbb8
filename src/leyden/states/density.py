"""Density matrices of one mode, which tell any state."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.markup import html_table, number_words
from leyden.records import Record
from leyden.states.characteristic import Frame

if TYPE_CHECKING:
    from leyden.states.gaussian import GaussianState

__all__ = ["DensityMatrix"]

# Levels in a table.
_MOST_SHOWN = 8


@dataclass(frozen=True, eq=False)
class DensityMatrix(Record):
    """The state of one mode, in its number states.

    Parameters
    ----------
    matrix : array, shape (d, d)
        rho, Hermitian, of trace 1 up to what is in levels above.
    error : float
        What energies of it may be off by, in quanta; NaN where the method does not tell.
    method : str
        Method that found it.

    Notes
    -----
    `leyden.states.wigner`, `leyden.fock.ergotropy` and the like take it as it is, and `numpy.asarray` gives its matrix;
    `qutip.Qobj(state.matrix)` is QuTiP's.

    Examples
    --------
    One quantum or none, by chance:

    >>> import numpy as np
    >>> import leyden as ly
    >>> state = ly.states.DensityMatrix(np.diag([0.5, 0.5]))
    >>> state
    <DensityMatrix of 2 levels, 0.5 quanta, purity 0.5>
    >>> state.populations.tolist()
    [0.5, 0.5]
    """

    matrix: Any
    error: float = math.nan
    method: str = ""

    def __post_init__(self) -> None:
        matrix = np.asarray(self.matrix)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "biufc":
            raise ParameterError.of("matrix", "be a square array of numbers", matrix.shape)
        kept = matrix.astype(np.complex128)
        kept.flags.writeable = False
        object.__setattr__(self, "matrix", kept)

    def __repr__(self) -> str:
        levels, quanta = len(self.matrix), number_words(self.quanta)
        return f"<DensityMatrix of {levels} levels, {quanta} quanta, purity {number_words(self._purity)}>"

    def _repr_html_(self) -> str:
        rows = [[str(level), number_words(float(one))] for level, one in enumerate(self.populations[:_MOST_SHOWN])]
        return html_table(repr(self).strip("<>"), ("level", "population"), rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.matrix, dtype=dtype, copy=True if copy is None else copy)

    @property
    def populations(self) -> NDArray[np.float64]:
        """Distribution of the number of quanta, shape (d,)."""
        return np.real(np.diagonal(self.matrix)).copy()

    @cached_property
    def spectrum(self) -> NDArray[np.float64]:
        """Eigenvalues, shape (d,), the largest first."""
        return np.asarray(np.linalg.eigvalsh(self.matrix)[::-1], dtype=np.float64)

    @property
    def quanta(self) -> float:
        """Mean number of quanta."""
        return float(self.populations @ np.arange(len(self.matrix)))

    @property
    def _purity(self) -> float:
        return float(np.sum(np.abs(self.matrix) ** 2))

    @classmethod
    def of_gaussian(cls, state: GaussianState, mode: int = 0) -> DensityMatrix:
        """Number states of one mode of a Gaussian state.

        Parameters
        ----------
        state : GaussianState
            A single state of N modes.
        mode : int
            Which mode.

        Returns
        -------
        DensityMatrix
            On as many levels as hold all but 1e-11 of it.

        Raises
        ------
        ParameterError
            If the state is a batch, or there is no such mode.

        Notes
        -----
        A thermal state of the quanta that no Gaussian unitary extracts, squeezed and displaced.

        Examples
        --------
        >>> import leyden as ly
        >>> ly.states.DensityMatrix.of_gaussian(ly.states.thermal([0.5]))
        <DensityMatrix of 24 levels, 0.5 quanta, purity 0.5>
        """
        if state.shape or not 0 <= mode < state.modes:
            found = f"mode {mode} of {state!r}"
            raise ParameterError.of("state", "be a single one, with that mode", found, "Take `state[index]`.")
        own = state.reduced([mode])
        frame = Frame.of(np.asarray(own.mean), np.asarray(own.covariance))
        return cls(frame.laboratory(frame.thermal(np.asarray(own.covariance))), error=0.0, method="dense")
