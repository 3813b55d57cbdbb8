"""Power of the drives of a huge network, a form on the few quadratures that they act on, and its integral, the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.exponential import legendre
from leyden.conventions import quadratures_of
from leyden.equations.moments import MomentEquations
from leyden.low_rank.groups import Frame

__all__ = ["PowerForm", "Work", "power_form"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class PowerForm:
    """Power of all drives, tr(C (S + <r><r>^T)) + 2 l <r>, on the quadratures that they act on."""

    places: Places  # (d,), quadratures of the modes that are driven by pairs of quanta
    block: Real  # (d, d), C
    forced: Places  # (f,), quadratures of the modes that are driven by single quanta, which may be all of them
    linear: Real  # (f,), l


def power_form(equations: MomentEquations, frequencies: Sequence[float] | Real) -> PowerForm:
    """Power of all drives of a single device."""
    energies = np.asarray(frequencies, dtype=np.float64)
    forms: list[tuple[Places, Real]] = []
    forces: list[tuple[Places, Real]] = []
    for share in equations.drives:
        place = quadratures_of(share.places)
        weight = np.repeat(energies[share.places], 2, axis=-1)
        if share.basis.drift.any():
            drift = weight[..., None] * np.tensordot(share.numbers, share.basis.drift, 1)
            forms += zip(place, (drift + drift.transpose(0, 2, 1)) / 2, strict=True)
        if share.basis.forcing.any():
            forces.append((place.reshape(-1), (weight * (share.numbers @ share.basis.forcing)).reshape(-1) / 2))
    nowhere = np.zeros(0, dtype=np.intp)
    places = np.unique(np.concatenate([nowhere, *(place for place, _ in forms)]))
    block = np.zeros((len(places), len(places)))
    for place, form in forms:
        own = np.searchsorted(places, place)
        block[np.ix_(own, own)] += form
    forced, order = np.unique(np.concatenate([nowhere, *(place for place, _ in forces)]), return_inverse=True)
    linear = np.bincount(order, np.concatenate([np.zeros(0), *(force for _, force in forces)]), len(forced))
    return PowerForm(places, block, forced, linear.astype(np.float64, copy=False))


@lru_cache(maxsize=64)
def _running(count: int) -> Real:
    """Matrix that takes values at Gauss-Legendre nodes to their integrals from 0 to each node."""
    nodes, _ = legendre(count)
    powers = np.polynomial.legendre.legvander(2 * nodes - 1, count)
    # The integral of P_k from -1 is (P_{k+1} - P_{k-1})/(2 k + 1).
    order = np.arange(1, count)
    integrals = np.empty((count, count))
    integrals[:, 0] = nodes
    integrals[:, 1:] = (powers[:, 2:] - powers[:, :-2]) / (2 * (2 * order + 1))
    return integrals @ np.linalg.inv(powers[:, :count])


def _integrals(since: Real, gaps: Real, rates: Real) -> tuple[Real, Real]:
    """What something is at the nodes of some intervals in a row, and at the end of the last, from its rates there."""
    nodes = rates.shape[1]
    shape = (-1, *(1,) * (rates.ndim - 2))
    gained = gaps.reshape(shape) * np.tensordot(rates, legendre(nodes)[1], (1, 0))
    ends = since + np.cumsum(gained, axis=0)
    begins = np.concatenate([np.broadcast_to(since, (1, *ends.shape[1:])), ends[:-1]])
    within = np.moveaxis(np.tensordot(rates, _running(nodes), (1, 1)), -1, 1) * gaps.reshape(*shape, 1)
    return begins[:, None] + within, ends


class Work:
    """Work of the drives so far, from the rates at which what their power depends on changes."""

    def __init__(self, form: PowerForm, position: Places, frame: Frame) -> None:
        self.places = position[form.places]
        own = Frame(frame.turn[self.places[::2] // 2])
        self.block = own.into(own.into(form.block).T)
        force = np.zeros(2 * len(frame.turn))
        force[position[form.forced]] = form.linear
        self.force = frame.into(force)
        self.mean = np.zeros(len(self.places))
        self.fluctuations = self.pull = self.done = 0.0

    @property
    def power(self) -> float:
        """Power now."""
        return self.fluctuations + float(self.mean @ self.block @ self.mean) + 2 * self.pull

    def advance(self, gaps: Real, fluctuations: Real, pull: Real, mean: Real) -> Real:
        """Work (t,) since time 0 at the end of intervals in a row, from rates of change at Gauss-Legendre nodes."""
        power, ends = _integrals(np.asarray(self.fluctuations), gaps, fluctuations)
        self.fluctuations = float(ends[-1])
        pulled, ends = _integrals(np.asarray(self.pull), gaps, pull)
        self.pull = float(ends[-1])
        power = power + 2 * pulled
        if mean.shape[2]:
            means, ends = _integrals(self.mean, gaps, mean)
            self.mean = ends[-1]
            power = power + np.sum((means @ self.block) * means, axis=-1)
        _, works = _integrals(np.asarray(self.done), gaps, power)
        self.done = float(works[-1])
        return works
