"""Groups of quadratures that do not act on each other, and the phases of the modes in which they show.

Without detunings the drift often falls apart: in an array of couplings that are all real, or all imaginary, the drive
stretches one quadrature of each mode and squeezes the other, and these never mix. Which quadratures they are depends
on the phases of couplings and drives. Here those phases are followed from mode to mode; where they fit around every
loop of the network, each mode is turned to its own axes, and what is then not connected is solved apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.sparse_graph import parts, tree

__all__ = ["Frame", "Group", "groups_of"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Places = NDArray[np.intp]

# Units of rounding by which a phase may miss: one for each step of a walk around a loop adds up to some tens.
_ROUNDING, _CANCELLED = 64 * float(np.finfo(float).eps), 16 * float(np.finfo(float).eps)
# Groups beyond so many are solved as one: each costs its own factorisations.
_MOST_GROUPS = 8


@dataclass(frozen=True, eq=False)
class Frame:
    """Axes of each mode: a_j = u_j c_j, and the quadratures of c_j are what the groups are made of."""

    turn: Complex  # (m,), u, complex, of size 1

    def into(self, rows: Real) -> Real:
        """Quadratures x1, p1, x2, p2, ... (2m, ...) in these axes."""
        return _turned(np.conj(self.turn), rows)

    def back(self, rows: Real) -> Real:
        """Quadratures as they were before `into`."""
        return _turned(self.turn, rows)

    def matrix(self) -> Any:
        """The matrix of `back`."""
        from scipy.sparse import bsr_array

        count = len(self.turn)
        c, s = self.turn.real, self.turn.imag
        blocks = np.stack([c, -s, s, c], axis=-1).reshape(-1, 2, 2)
        return bsr_array((blocks, np.arange(count), np.arange(count + 1)), shape=(2 * count, 2 * count)).tocsr()

    def blocks(self, squares: Real, cross: Real) -> Real:
        """xx, xp and pp (3, ..., m) of each mode, from a covariance's diagonal (..., 2m) and cross terms (..., m)."""
        c, s = self.turn.real, self.turn.imag
        x, p = squares[..., 0::2], squares[..., 1::2]
        mixed = 2 * c * s * cross
        return np.stack(
            [c * c * x + s * s * p - mixed, c * s * (x - p) + (c * c - s * s) * cross, s * s * x + c * c * p + mixed]
        )


@dataclass(frozen=True, eq=False)
class Group:
    """Quadratures that act on each other and on no others, and their share of the source."""

    rows: Places  # positions among those of all modes; first modes of which both are here, x and p in turn
    both: int  # number of these modes
    drift: Any  # (n, n), A
    source: Real  # (n, r), G
    weights: Real  # (r,), s


def _turned(turn: Complex, rows: Real) -> Real:
    shape = (-1, *(1,) * (rows.ndim - 1))
    c, s = turn.real.reshape(shape), turn.imag.reshape(shape)
    x, p = rows[0::2], rows[1::2]
    turned = np.empty_like(rows)
    turned[0::2], turned[1::2] = c * x - s * p, s * x + c * p
    return turned


def _unit_square(values: Complex) -> Complex:
    """(z/|z|)^2, exact for numbers on an axis or a diagonal."""
    return values * values / (values.real**2 + values.imag**2)


def _turns(links: Any, own: Complex) -> Complex:
    """Phases u that make every link of a tree real, and the drive of the mode at its root."""
    # Each u is known up to its sign, or a factor i where there is no drive: so u^2 is followed, in which real and
    # imaginary couplings are exact.
    count = len(own)
    before = tree(links, np.flatnonzero(own))
    rooted = before < 0
    place = np.arange(count)
    entries = links.tocoo()
    keys, order = np.unique(entries.row.astype(np.int64) * count + entries.col, return_index=True)
    values = entries.data[order]

    def link(to: Places, since: Places) -> Complex:
        """Entry of each pair, zero where there is none."""
        wanted = to.astype(np.int64) * count + since
        index = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[index] == wanted, values[index], 0)

    squares = np.ones(count, dtype=np.complex128)
    if len(keys):
        inner, outer = place[~rooted], before[~rooted]
        forth, back = link(inner, outer), link(outer, inner)
        squares[inner] = _unit_square(np.where(forth != 0, forth, np.conj(back)))
    driven = rooted & (own != 0)
    squares[driven] = own[driven] / np.abs(own[driven])
    ahead = np.where(rooted, place, before)
    last = rooted.copy()
    # Of the walk to the root twice as much is known after each round.
    while not last.all():
        squares = np.where(last, squares, squares * squares[ahead])
        last, ahead = last | last[ahead], ahead[ahead]
    return np.sqrt(squares / np.abs(squares))


def _axes(drift: Any) -> tuple[Frame, Any]:
    """Axes in which quadratures mix as little as they can, and the drift in them."""
    from scipy.sparse import bsr_array, csr_array

    count = drift.shape[0] // 2
    blocks = drift.tobsr((2, 2))
    to = np.repeat(np.arange(count), np.diff(blocks.indptr))
    since = blocks.indices.astype(np.intp)
    (xx, xp), (px, pp) = blocks.data[:, 0].T, blocks.data[:, 1].T
    # da_i/dt = sum_j M_ij a_j + N_ij a_j^*
    keeping, pairing = (xx + pp + 1j * (px - xp)) / 2, (xx - pp + 1j * (px + xp)) / 2
    size = np.abs(keeping) + np.abs(pairing)
    keeping[np.abs(keeping) <= _CANCELLED * size] = 0
    pairing[np.abs(pairing) <= _CANCELLED * size] = 0
    between = (to != since) & (keeping != 0)
    links = csr_array((keeping[between], (to[between], since[between])), shape=(count, count))
    own = np.zeros(count, dtype=np.complex128)
    own[to[to == since]] = pairing[to == since]
    turn = _turns(links, own)
    keeping = np.conj(turn[to]) * keeping * turn[since]
    pairing = np.conj(turn[to]) * pairing * np.conj(turn[since])
    mixes = (np.abs(keeping.imag) > _ROUNDING * np.abs(keeping)) | (np.abs(pairing.imag) > _ROUNDING * np.abs(pairing))
    part = parts(csr_array((np.ones(len(to)), (to, since)), shape=(count, count)))
    mixed = np.zeros(count, dtype=bool)
    mixed[part[to[mixes]]] = True
    straight = ~mixed[part]
    first, second = (keeping + pairing).real, (keeping - pairing).real
    data = blocks.data.copy()
    apart = straight[to]
    data[apart] = 0.0
    for place, value in ((0, first), (1, second)):
        data[apart, place, place] = np.where(np.abs(value) > _CANCELLED * size, value, 0.0)[apart]
    turned = bsr_array((data, blocks.indices, blocks.indptr), shape=drift.shape).tocsr()
    turned.eliminate_zeros()
    return Frame(np.where(straight, turn, 1.0)), turned


def groups_of(drift: Any, places: Places, factor: Real, weights: Real) -> tuple[Frame, list[Group]]:
    """Axes of the modes, and the groups of quadratures to be solved apart: between these no covariance arises."""
    from scipy.sparse import coo_array

    if not drift.shape[0]:
        return Frame(np.ones(0, dtype=np.complex128)), []
    frame, turned = _axes(drift)
    modes = np.unique(places // 2)
    own = (2 * modes[:, None] + np.arange(2)).reshape(-1)
    spread = np.zeros((len(own), len(weights)))
    spread[np.searchsorted(own, places)] = factor
    spread = Frame(frame.turn[modes]).into(spread)
    source = (spread * weights) @ spread.T
    sizes = np.sqrt(spread**2 @ np.abs(weights))
    source[np.abs(source) <= _CANCELLED * np.outer(sizes, sizes)] = 0.0
    row, column = np.nonzero(source)
    mixing = coo_array((np.ones(len(row)), (own[row], own[column])), shape=drift.shape).tocsr()
    labels = parts(abs(turned) + mixing)
    # Those with most of the source apart, all others together.
    ranks = np.argsort(np.argsort(-np.bincount(labels[own[row]], minlength=labels.max(initial=-1) + 1), kind="stable"))
    labels = np.minimum(ranks[labels], _MOST_GROUPS - 1)
    return frame, [_group(turned, labels == label, own, source) for label in np.unique(labels)]


def _group(drift: Any, inside: NDArray[np.bool_], own: Places, source: Real) -> Group:
    both = inside[0::2] & inside[1::2]
    paired = (2 * np.flatnonzero(both)[:, None] + np.arange(2)).reshape(-1)
    single = np.flatnonzero(inside & ~np.repeat(both, 2))
    rows = np.concatenate([paired, single]).astype(np.intp)
    position = np.full(len(inside), -1, dtype=np.intp)
    position[rows] = np.arange(len(rows))
    here = np.flatnonzero(inside[own])
    weights, factor = np.linalg.eigh(source[np.ix_(here, here)])
    used = np.abs(weights) > _CANCELLED * np.max(np.abs(weights), initial=0.0)
    own_source = np.zeros((len(rows), int(np.count_nonzero(used))))
    own_source[position[own[here]]] = factor[:, used]
    return Group(rows, len(paired) // 2, drift[rows][:, rows].tocsr(), own_source, weights[used])
