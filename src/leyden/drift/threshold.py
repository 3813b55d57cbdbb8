"""Critical drive: the two-photon amplitude at which a device loses its steady state."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread, reached
from leyden.algebra.sparse_graph import components, influences
from leyden.arrays import Part, cut, is_concrete, to_numpy
from leyden.conventions import quadratures_of
from leyden.drift.crossing import first_crossing
from leyden.drift.second_moments import critical_turned
from leyden.drift.spectrum import bounds
from leyden.drift.stability import drift_decays, is_decaying, stability_of
from leyden.equations.affordable import refuse_unaffordable
from leyden.equations.basis import blocks_of
from leyden.equations.batches import in_parts
from leyden.equations.device import linear_part
from leyden.equations.low_rank import drift_and_rounding
from leyden.equations.moments import MomentEquations
from leyden.equations.rounding import without_rounding
from leyden.equations.shares import Contribution
from leyden.errors import ParameterError
from leyden.model.elements import Element, TwoPhotonDrive
from leyden.model.families import Family
from leyden.model.labels import Labels, take_off
from leyden.model.members import members_of
from leyden.model.network import Network

__all__ = ["critical_drive", "threshold_of"]

Matrix = NDArray[np.float64]

# Modes above which a device is a sparse matrix, and the largest group of them that act on each other, a minute's work.
_WHOLE_MODES = 24
_LARGEST_COMPONENT = 200
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
    counts = Counter(drive.mode for drive in drives)
    if mode is None:
        if len(counts) > 1:
            names = ", ".join(list(counts)[:8]) + (", ..." if len(counts) > 8 else "")
            raise ParameterError.of("mode", f"name one of the driven modes {names}", mode)
        if not drives:
            return None
    else:
        network.position(mode)
    name = drives[0].mode if mode is None else mode
    if counts[name] > 1:
        count = "Two" if counts[name] == 2 else str(counts[name])
        remedy = f"{count} drives act on {name!r}: merge them, so that one amplitude is meant."
        raise ParameterError.of("mode", "name a mode with one two-photon drive", mode, remedy)
    return next((drive for drive in drives if drive.mode == name), TwoPhotonDrive(name, 0.0))


def _undriven(network: Network, parts: list[Element | Family], drive: TwoPhotonDrive) -> Network:
    """The device at amplitude zero, one for all times that its threshold is asked for."""
    key = f"undriven {drive.mode}"
    if key not in network.derived:
        others = [part for part in parts if part is not drive]
        resting = TwoPhotonDrive(drive.mode, 0.0, drive.phase)
        network.derived[key] = Network(network.modes, [*others, resting], drive.mode, drive.mode)
    return network.derived[key]


def _felt(undriven: Matrix) -> NDArray[np.bool_]:
    """Entries that are more than what two rates of a warm bath leave behind where they cancel against a coupling."""
    return np.abs(undriven) > _ROUNDING * np.max(np.abs(undriven), axis=(-2, -1), keepdims=True, initial=0.0)


def _lone_mode_threshold(undriven: Matrix, place: slice) -> NDArray[np.float64] | None:
    """(l^2 + Delta^2)^(1/2)/2 where the driven mode feels no other, or moves no other, and has no other squeezing."""
    # Then the drift is block triangular and the driven block, [[-l, Delta], [-Delta, -l]] plus the drive, decides.
    rest = np.ones(undriven.shape[-1], dtype=bool)
    rest[place] = False
    felt = _felt(undriven)
    if np.any(felt[..., place, :][..., rest]) and np.any(felt[..., rest, :][..., place]):
        return None
    block = undriven[..., place, place]
    if np.any(block[..., 0, 0] != block[..., 1, 1]) or np.any(block[..., 0, 1] != -block[..., 1, 0]):
        return None
    return np.hypot(block[..., 0, 0], block[..., 0, 1]) / 2


def _resonant_pair_threshold(undriven: Matrix, place: slice) -> NDArray[np.float64] | None:
    """Threshold of two resonant modes whose mutual couplings u, v have a real product, reciprocal ones among them."""
    # Each squeezed quadrature s of the driven mode then sees only one of the other mode, and their 2 x 2 drift [[s - l,
    # u], [v, -l']] is stable exactly if s < l + l' and (l - s) l' > u v.
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
    with np.errstate(over="ignore"):  # a partner that is hardly damped
        bound = np.where(partner > 0, lone - product / np.where(partner > 0, partner, 1.0), np.inf)
    return np.minimum(lone + partner, bound) / 2


@on_one_thread
def critical_drive(network: Network, mode: str | None = None) -> tuple[NDArray[np.float64], Labels]:
    """Critical amplitude eps_c of the two-photon drive on a mode, all else equal, and the labels of its batch axes."""
    # Closed form eps_c = (Lambda^2/4 + Delta^2)^(1/2)/2 wherever the driven mode feels no back-action (or moves
    # nothing), and for two resonant modes with reciprocal coupling; elsewhere the first root of the spectral abscissa,
    # to about 1e-16 |A|/r relative, where -r is the spectral abscissa without the drive. Stability may come back at
    # stronger drive. (Xu and Ren, arXiv:2511.12118, Eq. (8))
    _, labels = take_off(network)
    parts = _parts(network)
    drive = _drive_on(network, parts, mode)
    if drive is None:
        plain, labels = take_off(network)
        mode_place, phase = -1, 0.0
    else:
        plain, labels = take_off(_undriven(network, parts, drive))
        mode_place, phase = plain.position(drive.mode), plain.singles[-1].parameters()["phase"]
    equations, _ = linear_part(plain)
    if not all(is_concrete(value) for share in equations.shares for value in share.arrays):
        raise ParameterError.of("network", "have concrete parameters for its threshold", "traced by JAX")
    is_large = len(plain.modes) > _WHOLE_MODES
    refuse_unaffordable(1 if is_large else len(plain.modes), labels)
    if equations.is_turned:
        devices = members_of(plain, labels.shape) if labels.dims else (plain,)
        found = [_with_turns(one, None if drive is None else drive.mode) for one in devices]
        return np.asarray(found, dtype=np.float64).reshape(labels.shape), labels
    if is_large:
        phases = np.broadcast_to(to_numpy(phase), labels.shape).reshape(-1).tolist()
        devices = members_of(plain, labels.shape) if labels.dims else (plain,)
        found = [
            _of_component(linear_part(one)[0], mode_place, phase) for one, phase in zip(devices, phases, strict=True)
        ]
        return np.asarray(found, dtype=np.float64).reshape(labels.shape), labels

    def work(part: Part) -> dict[str, Any]:
        one = equations.at(part).of_numbers()
        drift = without_rounding(one.drift, one.drift_rounding)
        stable = drift_decays(drift, one.drift_rounding)
        if mode_place < 0:
            return {"threshold": np.where(stable, np.inf, 0.0)}
        unit = _unit_drive(cut(phase, part))
        shape = np.broadcast_shapes(drift.shape[:-2], unit.shape[:-2])
        undriven = np.broadcast_to(drift, (*shape, *drift.shape[-2:]))
        stable = np.broadcast_to(stable, shape)
        return {"threshold": _threshold(undriven, np.broadcast_to(unit, (*shape, 2, 2)), mode_place, stable)}

    found = in_parts(work, equations, labels.shape, lambda _: (), others=(phase,))["threshold"]
    return np.broadcast_to(found, labels.shape).copy(), labels


def _with_turns(network: Network, mode: str | None) -> float:
    """Critical amplitude of a single device with dephasing; the phase of the drive on a mode stays."""
    if mode is None:
        return np.inf if bool(is_decaying(linear_part(network)[0])) else 0.0
    address = f"TwoPhotonDrive({mode}).amplitude"
    return critical_turned(lambda value: network.replace(**{address: value}))


def _unit_drive(phase: Any) -> Matrix:
    """Drift of a two-photon drive of amplitude 1, shape (..., 2, 2)."""
    drive = TwoPhotonDrive("m", 1.0, phase)
    return to_numpy(Contribution(drive, (0,), *blocks_of(drive)).drift)


def _of_component(equations: MomentEquations, mode: int, phase: float) -> float:
    """Threshold of one large device: its drive acts on the spectrum of one strongly connected component alone."""
    drift, rounding = drift_and_rounding(equations)
    is_stable = bounds(drift, rounding).upper < 0
    if mode < 0 or not is_stable:
        return float("inf") if is_stable else 0.0
    _, labels = components(influences(drift))
    modes = np.flatnonzero(labels == labels[mode])
    if len(modes) > _LARGEST_COMPONENT:
        raise ParameterError.of(
            "network",
            f"have at most {_LARGEST_COMPONENT} modes that act on each other and on the driven one, for its threshold",
            len(modes),
            "Whether it is stable at a given drive is in `steady_state`.",
        )
    inside = quadratures_of(modes)
    undriven = drift[inside][:, inside].toarray()
    found = _of_coupled(undriven, _unit_drive(phase), int(np.searchsorted(modes, mode)), np.asarray(True))
    return float(found)


def _abscissa(drift: Matrix) -> float:
    return float(stability_of(drift).abscissa)


def _threshold(undriven: Matrix, unit: Matrix, mode: int, stable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of a batch of small devices: 0 where there is nothing to be lost."""
    return np.where(stable, _of_coupled(undriven, unit, mode, stable), 0.0)


def _of_coupled(undriven: Matrix, unit: Matrix, mode: int, stable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Closed form where there is one, else the first crossing of those modes that act on the driven one and feel it."""
    found = _lone_mode_threshold(undriven, slice(2 * mode, 2 * mode + 2))
    if found is None:
        modes = _together(undriven, mode)
        inside = quadratures_of(modes)
        undriven, mode = undriven[..., inside[:, None], inside], int(np.searchsorted(modes, mode))
        found = _lone_mode_threshold(undriven, slice(2 * mode, 2 * mode + 2))
    place = slice(2 * mode, 2 * mode + 2)
    found = _resonant_pair_threshold(undriven, place) if found is None else found
    if found is None:
        found = np.zeros(undriven.shape[:-2])
        for index in np.argwhere(stable):
            one = tuple(index)
            found[one] = first_crossing(undriven[one], unit[one], place, _abscissa)
    return found


def _together(undriven: Matrix, mode: int) -> NDArray[np.intp]:
    """Modes that act on one, and that it acts on, directly or round about, in any device of a batch."""
    size = undriven.shape[-1]
    felt = _felt(undriven).reshape(-1, size // 2, 2, size // 2, 2)
    graph = np.any(felt, axis=(0, 2, 4))
    start = np.arange(size // 2) == mode
    return np.intersect1d(reached(graph, start), reached(graph.T, start))


def threshold_of(network: Network, *, is_damped: bool = True) -> float | None:
    """Critical amplitude of a single device's only two-photon drive, for messages; None where it is not defined."""
    try:
        if _drive_on(network, _parts(network), None) is None:
            return None
        if not is_damped:
            return 0.0
        threshold, _ = critical_drive(network)
    except ParameterError:
        return None
    found = float(threshold) if threshold.ndim == 0 else float("inf")
    return found if np.isfinite(found) else None
