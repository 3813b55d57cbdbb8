"""Quanta that an element, or a family of elements, brings into each mode, normal moments apart from anomalous ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.model.changing import Pulse
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import LadderState

__all__ = [
    "Amplitudes",
    "amplitudes_of",
    "by_member",
    "exchanged_quanta",
    "fluctuations_of",
    "total_quanta",
    "values_of_parameter",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


class Amplitudes(NamedTuple):
    """Moments of a state in amplitudes a_j, normally ordered and about nothing."""

    mean: Complex  # <a_j>, (..., N)
    normal: Complex  # <a_k^dag a_j> at [j, k], (..., N, N)
    anomalous: Complex  # <a_j a_k>, (..., N, N)


def fluctuations_of(state: GaussianState) -> tuple[Complex, Complex]:
    """Normal and anomalous moments of a state about its mean, with all the digits that it has."""
    modes = state.modes
    if not isinstance(state, LadderState):
        linear, turning, anti, cross = np.moveaxis(ladder.parts_of(np.asarray(state.excess)), -3, 0)
        normal, anomalous = linear + 1j * turning, anti + 1j * cross
        if state.own is not None:
            own, places = np.asarray(state.own), np.arange(modes)
            normal[..., places, places] = own[..., 0]
            anomalous[..., places, places] = own[..., 1] + 1j * own[..., 2]
        return normal, anomalous
    components = np.asarray(ladder.behind_batch(state.components))
    parts = np.zeros((*components.shape[:-1], 4 * modes**2))
    parts[..., ladder.part_places(modes)] = components
    linear, turning, anti, cross = np.moveaxis(parts.reshape(*components.shape[:-1], 4, modes, modes), -3, 0)
    normal, anomalous = linear + 1j * turning, anti + 1j * cross
    # Of a Hermitian and of a symmetric matrix the components hold the upper triangle.
    normal = normal + np.conj(np.swapaxes(np.triu(normal, 1), -1, -2))
    return normal, anomalous + np.swapaxes(np.triu(anomalous, 1), -1, -2)


def amplitudes_of(state: GaussianState) -> Amplitudes:
    """Moments of a state in amplitudes, with all the digits that it has."""
    normal, anomalous = fluctuations_of(state)
    quadratures = np.asarray(state.mean)
    mean = (quadratures[..., ::2] + 1j * quadratures[..., 1::2]) / np.sqrt(2.0)
    normal = normal + mean[..., :, None] * np.conj(mean)[..., None, :]
    return Amplitudes(mean, normal, anomalous + mean[..., :, None] * mean[..., None, :])


def by_member(value: Any, *, is_family: bool, is_timed: bool) -> Any:
    """A number for each device and time and, behind them, each member of a family, or the one that there is."""
    if np.ndim(value) == 0:
        return value
    found = np.asarray(value)
    if is_family:
        return found
    return found[..., None, None] if is_timed else found[..., None]


def values_of_parameter(value: Any, times: Real | None, *, is_family: bool) -> Any:
    """The same of a parameter, which may be a pulse, at some times."""
    if isinstance(value, Pulse):
        return np.asarray(value(times))[..., None]
    return by_member(value, is_family=is_family, is_timed=times is not None)


def exchanged_quanta(share: Share, kept: slice, moments: Amplitudes, times: Real | None) -> Real:
    """Quanta per time (..., m, k) that some coefficients of a share bring into the k modes of its m members."""
    # 2 Re (L N + M B*)_jj + Q_jj + 2 Re <a_j>* f_j, with L and M linear and antilinear part of the drift of amplitudes,
    # N = <a^dag a> and B = <a a>: every term is as small as the sum, however weak the drive.
    share = _without_turns(share)
    basis, places = share.basis, share.places
    drift, source = basis.drift_parts[kept], basis.source_parts[kept]
    forcing = (basis.forcing[kept, ::2] + 1j * basis.forcing[kept, 1::2]) / np.sqrt(2.0)
    rows, columns = places[:, :, None], places[:, None, :]
    normal, anomalous = moments.normal[..., rows, columns], moments.anomalous[..., rows, columns]
    mean = moments.mean[..., places]
    found: Any = np.zeros((1, places.shape[1]))
    is_family = share.members is not None
    for place, coefficient in enumerate(share.coefficients[kept]):
        rate = values_of_parameter(coefficient, times, is_family=is_family)
        linear, anti = drift[place, 0] + 1j * drift[place, 1], drift[place, 2] + 1j * drift[place, 3]
        one: Any = np.diagonal(source[place, 0]).copy()
        # The matrices are constant and mostly zero: entry by entry, each over all of the batch.
        for j, k in np.argwhere(linear != 0).tolist():
            one = _added(one, j, 2 * (linear[j, k] * normal[..., k, j]).real)
        for j, k in np.argwhere(anti != 0).tolist():
            one = _added(one, j, 2 * (anti[j, k] * np.conj(anomalous[..., k, j])).real)
        for (j,) in np.argwhere(forcing[place] != 0).tolist():
            one = _added(one, j, 2 * (np.conj(mean[..., j]) * forcing[place, j]).real)
        if np.any(one):
            found = found + np.asarray(rate)[..., None] * one
    return found


def total_quanta(equations: MomentEquations, moments: Amplitudes, times: Real) -> Real:
    """Quanta per time (..., t, N) that all elements together bring into each mode, by the drift of the whole device."""
    equations = replace(equations, shares=tuple(map(_without_turns, equations.shares)))
    found: list[Real] = []
    for place, time in enumerate(times.tolist()):
        one = equations.at_time(time)
        (linear, turning, anti, cross), source = np.moveaxis(one.drift_parts, -3, 0), one.source_parts[..., 0, :, :]
        forcing = (one.forcing[..., ::2] + 1j * one.forcing[..., 1::2]) / np.sqrt(2.0)
        own = (linear + 1j * turning) @ moments.normal[..., place, :, :]
        own = own + (anti + 1j * cross) @ np.conj(moments.anomalous[..., place, :, :])
        moved = np.conj(moments.mean[..., place, :]) * forcing
        brought = np.diagonal(own, axis1=-2, axis2=-1) + moved
        found.append(2 * brought.real + np.diagonal(source, axis1=-2, axis2=-1))
    return np.stack(found, axis=-2)


def _without_turns(share: Share) -> Share:
    """What a share adds but random turns, which leave the quanta of every mode as they are."""
    if share.basis.turning is None:
        return share
    is_turning: Any = share.basis.turning.any(axis=(-2, -1))
    pairs = zip(share.coefficients, is_turning, strict=True)
    return replace(share, coefficients=tuple(0.0 if turns else value for value, turns in pairs))


def _added(quanta: Real, mode: int, rate: Real) -> Real:
    """Quanta (..., m, k) with what one more term brings into a mode."""
    found = np.array(np.broadcast_to(quanta, (*rate.shape, quanta.shape[-1])))
    found[..., mode] += rate
    return found
