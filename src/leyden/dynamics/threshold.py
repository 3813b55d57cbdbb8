"""Critical drive: the two-photon amplitude at which a device loses its steady state."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import Block, cut, eigenvalues, is_concrete, on_one_thread, to_numpy
from leyden.conventions import quadratures_of
from leyden.dynamics.batches import in_parts
from leyden.dynamics.sparse.equations import sparse_drift
from leyden.dynamics.sparse.graph import components, influences
from leyden.dynamics.sparse.spectrum import drift_abscissa, rounding_of
from leyden.dynamics.stability import is_decaying, spectral_abscissa
from leyden.errors import ParameterError
from leyden.model.elements import Element, Mode, TwoPhotonDrive
from leyden.model.families import Family
from leyden.model.labels import Labels, take_off
from leyden.model.members import members_of
from leyden.model.moments import MomentEquations, equations_of, moment_equations
from leyden.model.network import Network

__all__ = ["critical_drive"]

Matrix = NDArray[np.float64]

# Quadratures up to which crossings are found as singular points of the drift and of its pair sums, whose size grows as
# the square of theirs. Above, the first crossing is looked for on a grid of amplitudes, which may miss a narrow one.
_LARGEST_PENCIL = 20
_SAMPLES_PER_OCTAVE = 8
# Modes above which a device is taken apart into its strongly connected components, and the largest of these.
_WHOLE_MODES = 24
_LARGEST_COMPONENT = 200
_OCTAVES_BELOW, _OCTAVES_ABOVE = 40, 40
# Parts of the drift below this much of its largest entry are rounding.
_ROUNDING = 4 * float(np.finfo(np.float64).eps)


def _parts(network: Network) -> list[Element | Family]:
    """Elements and families, two-photon drives one by one."""
    found: list[Element | Family] = []
    for part in network.parts:
        if isinstance(part, Family) and isinstance(part.pattern, TwoPhotonDrive):
            found += [part.member(index, network.mode_names) for index in range(len(part))]
        else:
            found.append(part)
    return found


def _drive_on(network: Network, parts: list[Element | Family], mode: str | None) -> TwoPhotonDrive | None:
    """The drive in question; one of amplitude zero where the mode has none, None where no drive is meant at all."""
    drives = [part for part in parts if isinstance(part, TwoPhotonDrive)]
    if mode is None:
        if len(drives) > 1:
            names = ", ".join(drive.mode for drive in drives[:8]) + (", ..." if len(drives) > 8 else "")
            raise ParameterError.of("mode", f"name one of the driven modes {names}", mode)
        return drives[0] if drives else None
    network.position(mode)
    matching = [drive for drive in drives if drive.mode == mode]
    if len(matching) > 1:
        raise ParameterError.of("mode", "carry at most one two-photon drive", mode, "Merge the drives on it.")
    return matching[0] if matching else TwoPhotonDrive(mode, 0.0)


def _lone_mode_threshold(undriven: Matrix, place: slice) -> NDArray[np.float64] | None:
    """(l^2 + Delta^2)^(1/2)/2 where the driven mode feels no other, or moves no other, and has no other squeezing.

    Then the drift is block triangular and the driven block, [[-l, Delta], [-Delta, -l]] plus the drive, decides.
    """
    rest = np.ones(undriven.shape[-1], dtype=bool)
    rest[place] = False
    # Where the two rates of a warm bath cancel against a coupling they leave their rounding behind.
    felt = np.abs(undriven) > _ROUNDING * np.max(np.abs(undriven), axis=(-2, -1), keepdims=True, initial=0.0)
    if np.any(felt[..., place, :][..., rest]) and np.any(felt[..., rest, :][..., place]):
        return None
    block = undriven[..., place, place]
    if np.any(block[..., 0, 0] != block[..., 1, 1]) or np.any(block[..., 0, 1] != -block[..., 1, 0]):
        return None
    return np.hypot(block[..., 0, 0], block[..., 0, 1]) / 2


def _resonant_pair_threshold(undriven: Matrix, place: slice) -> NDArray[np.float64] | None:
    """Threshold of two resonant modes whose mutual couplings u, v have a real product, reciprocal ones among them.

    Each squeezed quadrature s of the driven mode then sees only one of the other mode, and their 2 x 2 drift
    [[s - l, u], [v, -l']] is stable exactly if s < l + l' and (l - s) l' > u v.
    """
    if undriven.shape[-1] != 4:
        return None
    other = slice(2, 4) if place.start == 0 else slice(0, 2)
    driven, resting = undriven[..., place, place], undriven[..., other, other]
    ways = undriven[..., place, other] @ undriven[..., other, place]
    rounding = 4 * np.finfo(float).eps * np.abs(ways).max(axis=(-2, -1), initial=0.0)[..., None, None]
    for block, slack in ((driven, 0.0), (resting, 0.0), (ways, rounding)):
        if np.any(np.abs(block - block[..., :1, :1] * np.eye(2)) > slack):
            return None
    lone, partner, product = -driven[..., 0, 0], -resting[..., 0, 0], ways[..., 0, 0]
    # An undamped partner puts no bound of its own, as long as the couplings oppose each other.
    bound = np.where(partner > 0, lone - product / np.where(partner > 0, partner, 1.0), np.inf)
    return np.minimum(lone + partner, bound) / 2


def _pair_sums(matrix: Matrix) -> Matrix:
    """Matrix with the sums of all pairs of A's eigenvalues for eigenvalues, A acting on antisymmetric tensors."""
    first, second = np.triu_indices(len(matrix), 1)
    identity = np.eye(len(matrix))

    def part(*places: NDArray[np.intp]) -> Matrix:
        row, other_row, column, other_column = places
        return matrix[np.ix_(row, column)] * identity[np.ix_(other_row, other_column)]

    straight = part(first, second, first, second) + part(second, first, second, first)
    return straight - part(first, second, second, first) - part(second, first, first, second)


def _candidates(undriven: Matrix, unit: Matrix) -> Matrix:
    """Amplitudes between which the number of growing modes cannot change, in order.

    On the imaginary axis a real eigenvalue is zero, or a complex pair has the sum zero: A_0 + eps A_1 or its matrix of
    pair sums is singular, and both are linear in eps.
    """
    if len(undriven) > _LARGEST_PENCIL:
        scale = float(np.max(np.abs(undriven)))
        steps = np.arange(-_OCTAVES_BELOW * _SAMPLES_PER_OCTAVE, _OCTAVES_ABOVE * _SAMPLES_PER_OCTAVE + 1)
        amplitudes = scale * 2.0 ** (steps / _SAMPLES_PER_OCTAVE)
        # Nothing grows while the symmetric part of the drift is negative, and a drive adds to that at most its own.
        passive, driven = (float(np.linalg.eigvalsh(part + part.T)[-1]) for part in (undriven, unit))
        return amplitudes[amplitudes * driven > -0.99 * passive]
    pencils = ((undriven, unit), (_pair_sums(undriven), _pair_sums(unit)))
    inverses: NDArray[np.complex128] = np.concatenate(
        [eigenvalues(-np.linalg.solve(constant, slope)) for constant, slope in pencils]
    )
    # Generous: where rounding has made a double root complex the point is still wanted, and one too many does no harm.
    is_real = (inverses.real > 0) & (np.abs(inverses.imag) < 1e-3 * inverses.real)
    return np.unique(1 / inverses.real[is_real])


def _crossing(undriven: Matrix, unit: Matrix) -> float:
    """Smallest amplitude at which the abscissa of A_0 + eps A_1 reaches zero, bracketed and then found by Brent."""
    from scipy.optimize import brentq

    def abscissa(amplitude: float) -> float:
        return float(np.max(eigenvalues(undriven + amplitude * unit).real))

    edges = _candidates(undriven, unit)
    below = 0.0
    for left, right in pairwise([*edges, *(2 * edges[-1:])]):
        above = float(left + (right - left) / 2)
        if abscissa(above) >= 0:
            return float(brentq(abscissa, below, above, xtol=1e-300, rtol=4 * np.finfo(float).eps))
        below = above
    return float("inf")


@on_one_thread
def critical_drive(network: Network, mode: str | None = None) -> tuple[NDArray[np.float64], Labels]:
    """Critical amplitude eps_c of the two-photon drive on a mode, all else equal.

    Parameters
    ----------
    network : Network
        The amplitude that its drive has now does not matter.
    mode : str or None
        The driven mode; by default that of the only two-photon drive. A mode without a drive gets one of phase 0.

    Returns
    -------
    threshold : array, shape (...)
        In the rate unit. Infinite where stability is never lost (no two-photon drive), 0 where the device is not
        stable even without this drive.
    labels : Labels
        Of the batch axes.

    Raises
    ------
    ParameterError
        If the mode is unknown, or not named while several are driven, or if too many modes act on it and on each other.

    Notes
    -----
    Closed form eps_c = (Lambda^2/4 + Delta^2)^(1/2)/2 wherever the driven mode feels no back-action (or moves nothing),
    and for two resonant modes with reciprocal coupling; elsewhere the first root of the spectral abscissa, to about
    1e-15 relative where the abscissa crosses with a slope. Stability may come back at stronger drive.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8).
    """
    _, labels = take_off(network)
    parts = _parts(network)
    drive = _drive_on(network, parts, mode)
    if drive is None:
        return np.full(labels.shape, np.inf), labels
    others = [part for part in parts if part is not drive]
    bare = Network(network.modes, [*others, TwoPhotonDrive(drive.mode, 0.0, drive.phase)], drive.mode, drive.mode)
    plain, labels = take_off(bare)
    equations = equations_of(plain)
    if not all(is_concrete(value) for share in equations.shares for value in share.arrays):
        raise ParameterError.of("network", "have concrete parameters for its threshold", "traced by JAX")
    mode_place, phase = plain.position(drive.mode), plain.singles[-1].parameters()["phase"]
    if len(plain.modes) > _WHOLE_MODES:
        phases = np.broadcast_to(to_numpy(phase), labels.shape).reshape(-1).tolist()
        devices = members_of(plain, labels.shape) if labels.dims else (plain,)
        found = [
            _of_component(equations_of(one), mode_place, phase) for one, phase in zip(devices, phases, strict=True)
        ]
        return np.asarray(found, dtype=np.float64).reshape(labels.shape), labels
    place = slice(2 * mode_place, 2 * mode_place + 2)

    def part(block: Block) -> dict[str, Any]:
        drift, unit = to_numpy(equations.at(block).drift), _unit_drive(cut(phase, block))
        shape = np.broadcast_shapes(drift.shape[:-2], unit.shape[:-2])
        undriven = np.broadcast_to(drift, (*shape, *drift.shape[-2:]))
        return {"threshold": _threshold(undriven, np.broadcast_to(unit, (*shape, 2, 2)), place)}

    found = in_parts(part, equations, labels.shape, lambda _: (), others=(phase,))["threshold"]
    return np.broadcast_to(found, labels.shape).copy(), labels


def _unit_drive(phase: Any) -> Matrix:
    """Drift of a two-photon drive of amplitude 1, shape (..., 2, 2)."""
    device = Network([Mode("m")], [TwoPhotonDrive("m", 1.0, phase)], "m", "m")
    return to_numpy(moment_equations(device).contributions[-1].drift)


def _of_component(equations: MomentEquations, mode: int, phase: float) -> float:
    """Threshold of one large device: its drive acts on the spectrum of one strongly connected component alone."""
    drift = sparse_drift(equations)
    _, labels = components(influences(drift))
    modes = np.flatnonzero(labels == labels[mode])
    if len(modes) > _LARGEST_COMPONENT:
        raise ParameterError.of(
            "network",
            f"have at most {_LARGEST_COMPONENT} modes that act on each other and on the driven one, for its threshold",
            len(modes),
            "Whether it is stable at a given drive is in `steady_state`.",
        )
    if not drift_abscissa(drift) < -rounding_of(drift):
        return 0.0
    inside = quadratures_of(modes)
    place = 2 * int(np.searchsorted(modes, mode))
    undriven = drift[inside][:, inside].toarray()
    return float(_threshold(undriven, _unit_drive(phase), slice(place, place + 2)))


def _threshold(undriven: Matrix, unit: Matrix, place: slice) -> NDArray[np.float64]:
    """Closed form where there is one, else the first crossing of the spectral abscissa."""
    threshold = _lone_mode_threshold(undriven, place)
    threshold = _resonant_pair_threshold(undriven, place) if threshold is None else threshold
    stable = np.asarray(is_decaying(undriven, spectral_abscissa(eigenvalues(undriven))))
    if threshold is None:
        threshold = np.empty(undriven.shape[:-2])
        for index in np.ndindex(*threshold.shape):
            wide = np.zeros(undriven.shape[-2:])
            wide[place, place] = unit[index]
            threshold[index] = _crossing(undriven[index], wide) if stable[index] else 0.0
    return np.where(stable, threshold, 0.0)


def threshold_of(network: Network) -> Any:
    """Critical amplitude of a single device's only two-photon drive, for messages; None where it is not defined.

    Parameters
    ----------
    network : Network
        A single device.
    """
    try:
        threshold, _ = critical_drive(network)
    except ParameterError:
        return None
    found = float(threshold) if threshold.ndim == 0 else float("inf")
    return found if np.isfinite(found) else None
