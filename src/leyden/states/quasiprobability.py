"""Wigner functions: of one mode of a Gaussian state in closed form, of a density matrix by a stable recurrence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import is_concrete, labelled, to_numpy
from leyden.conventions import VACUUM_VARIANCE
from leyden.errors import ParameterError
from leyden.numeric import is_whole_number, numbers_of
from leyden.quantities import QUANTITIES
from leyden.states.density import DensityMatrix
from leyden.states.gaussian import GaussianState
from leyden.states.mixedness import root_determinant

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["wigner"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Rounding that a density matrix may have: in its trace, and in what it differs by from its adjoint.
_TRACE, _HERMITIAN = 1e-6, 1e-9
# Logarithms of sizes between which a recurrence is kept.
_LEAST, _LARGEST = -200.0, 200.0


def wigner(state: Any, x: Any, p: Any, *, mode: int = 0) -> xr.DataArray:
    """Wigner function W(x, p) of one mode, of integral 1.

    W(x, p) = (1/pi) integral dy <x - y|rho|x + y> e^{2 i p y}, which is (1/pi) Tr[rho D Pi D^dag] with the parity Pi
    displaced to (x, p): 1/pi at the peak of the vacuum, and nowhere larger in size.

    Parameters
    ----------
    state : GaussianState, DensityMatrix, array of shape (..., d, d), or qutip.Qobj
        N modes, or a density matrix of one mode in its number states, or QuTiP's ket or matrix of one mode.
    x, p : array, shape (n,) and (m,)
        Quadratures in the conventions of leyden, in which the vacuum has the variance 1/2.
    mode : int
        Position of the mode in a GaussianState; a density matrix has one.

    Returns
    -------
    xarray.DataArray
        Over dims (..., x, p), the batch ones called `state`, or `state_0`, `state_1` and so on; between -1/pi and 1/pi.

    Raises
    ------
    ParameterError
        If the state is of another kind, a matrix is not Hermitian of trace 1, or x or p are no real sequences.

    Notes
    -----
    A Gaussian state's is a normal distribution along its principal axes; of a squeezing whose smaller variance is lost
    in rounding (see `thermal_quanta`) it is that of a pure state. Of a density matrix it is the sum of Laguerre
    functions, by a recurrence that is stable because these are its dominant solutions, in d^2/2 steps for each point:
    right to some 1e-14 for matrices of hundreds of levels. Rows of the result are x: transpose it to compare with
    QuTiP's `wigner`, whose rows are p, with its `g=sqrt(2)`.

    References
    ----------
    Cahill and Glauber, Phys. Rev. 177, 1882 (1969), Eqs. (6.22)-(6.24); Leonhardt, Measuring the Quantum State of
    Light (1997), Sec. 3.3.

    Examples
    --------
    At the origin it is the parity over pi, 1/pi for the vacuum and -1/pi for one quantum:

    >>> import numpy as np
    >>> import leyden as ly
    >>> one = np.diag([0.0, 1.0])
    >>> vacuum, quantum = (ly.states.wigner(state, [0.0], [0.0]).item() for state in (ly.states.vacuum(1), one))
    >>> round(np.pi * vacuum, 12), round(np.pi * quantum, 12)
    (1.0, -1.0)
    """
    axes = _axis("x", x), _axis("p", p)
    if isinstance(state, GaussianState):
        if not is_whole_number(mode) or not 0 <= mode < state.modes:
            raise ParameterError.of("mode", f"be a position from 0 to {state.modes - 1}", mode)
        values = _of_gaussian(state, mode, *axes)
    else:
        values = _of_matrix(_matrix(state), *axes)
    batch = values.ndim - 2
    dims = ("state",) if batch == 1 else tuple(f"state_{axis}" for axis in range(batch))
    found = labelled((*dims, "x", "p"), values, QUANTITIES["wigner"].attributes())
    import xarray as xr

    named = {name: xr.Variable((name,), axis, _coordinate(name)) for name, axis in zip("xp", axes, strict=True)}
    return xr.DataArray(found, coords=named, name="wigner")


def _coordinate(name: str) -> dict[str, str]:
    return {"long_name": name, "units": "1", "symbol": name, "description": f"quadrature {name}, vacuum variance 1/2"}


def _axis(name: str, values: Any) -> Real:
    given = numbers_of(name, values, "be a sequence of real numbers")
    found = to_numpy(given) if is_concrete(given) else np.asarray(np.nan)
    if found.ndim != 1 or found.dtype.kind not in "fiu" or not np.all(np.isfinite(found)):
        raise ParameterError.of(name, "be a sequence of finite real numbers", values)
    return found.astype(np.float64)


def _of_gaussian(state: GaussianState, mode: int, x: Real, p: Real) -> Real:
    """A normal distribution; the smaller variance comes from the determinant, in which it has its digits."""
    quanta, real, imaginary = (to_numpy(part)[..., None, None] for part in state.own_of(mode))
    root = to_numpy(root_determinant(state, mode))[..., None, None]
    mean = to_numpy(state.mean)[..., 2 * mode : 2 * mode + 2, None, None]
    larger = quanta + VACUUM_VARIANCE + np.hypot(real, imaginary)
    smaller = root**2 / larger
    angle = np.arctan2(imaginary, real) / 2
    right, up = x[:, None] - mean[..., 0, :, :], p[None, :] - mean[..., 1, :, :]
    along, across = np.cos(angle) * right + np.sin(angle) * up, np.cos(angle) * up - np.sin(angle) * right
    return np.exp(-(along**2 / larger + across**2 / smaller) / 2) / (2 * np.pi * root)


def _matrix(state: Any) -> Complex:
    """A density matrix of one mode, from an array or what QuTiP calls a ket or an operator."""
    if hasattr(state, "full"):
        if len(state.dims[0]) != 1:
            raise ParameterError.of("state", "be of one mode", state.dims[0], "Take `state.ptrace(mode)`.")
        state = (state.proj() if state.isket else state).full()
    state = state.matrix if isinstance(state, DensityMatrix) else state
    allowed = "be a GaussianState, a density matrix (..., d, d), or QuTiP's state of one mode"
    given = numbers_of("state", state, allowed)
    found: Any = to_numpy(given).astype(np.complex128) if is_concrete(given) else np.zeros(0)
    if found.ndim < 2 or found.shape[-1] != found.shape[-2] or not np.all(np.isfinite(found)):
        raise ParameterError.of("state", allowed, np.shape(state))
    apart = np.max(np.abs(found - np.swapaxes(found.conj(), -1, -2)), initial=0.0)
    trace = np.trace(found, axis1=-2, axis2=-1)
    worst = float(np.max(np.abs(trace - 1), initial=0.0))
    if apart > _HERMITIAN or worst > _TRACE:
        off = f"off by {max(apart, worst):.3g}"
        raise ParameterError.of("state", "be Hermitian of trace 1", off, "Normalise it, or keep more levels.")
    return found


def _of_matrix(rho: Complex, x: Real, p: Real) -> Real:
    """Sum over diagonals k of rho_(n+k, n) sqrt(s)^k e^{-ik phi} l_n, of what lies above twice the real part."""
    batch, levels = rho.shape[:-2], rho.shape[-1]
    amplitude = ((x[:, None] + 1j * p[None, :]) / math.sqrt(2.0)).reshape(-1)
    distance = 4 * np.abs(amplitude) ** 2
    turn = np.exp(-1j * np.angle(amplitude))
    total = np.zeros((*batch, len(amplitude)))
    for k in range(levels):
        entries = np.diagonal(rho, -k, axis1=-2, axis2=-1)
        if not entries.any():
            continue
        inner = _laguerre_sum(entries, k, distance)
        total += (1 if k == 0 else 2) * (turn**k * inner).real
    return (total / np.pi).reshape(*batch, len(x), len(p))


def _laguerre_sum(entries: Complex, k: int, s: Real) -> Complex:
    """Sum over n of entries (..., N) times (-1)^n sqrt(n!/(n+k)!) s^{k/2} e^{-s/2} L_n^(k)(s), at points (m,)."""
    with np.errstate(divide="ignore"):
        start = (k / 2 * np.log(s) if k else 0.0) - math.lgamma(k + 1) / 2 - s / 2
    # Far out the first terms are below the number range, and later ones are not: sizes are kept apart.
    kept = np.clip(start, _LEAST, None)
    shift = np.where(np.isfinite(start), start - kept, 0.0)
    before, now = np.zeros_like(s), np.where(np.isfinite(start), np.exp(kept), 0.0)
    weight, is_apart = np.exp(shift), bool((shift < 0).any())
    total = np.zeros((*entries.shape[:-1], len(s)), dtype=np.complex128)
    for n in range(entries.shape[-1]):
        total += entries[..., n, None] * (weight * now)
        after = ((s - 2 * n - 1 - k) * now - math.sqrt(n * (n + k)) * before) / math.sqrt((n + 1) * (n + 1 + k))
        before, now = now, after
        if is_apart:
            large = np.abs(now) > math.exp(_LARGEST)
            if large.any():
                before, now = (np.where(large, one * math.exp(-_LARGEST), one) for one in (before, now))
                shift = np.where(large, shift + _LARGEST, shift)
                weight = np.exp(shift)
    return total
