"""What no bath damps, and what pumps: why a device has no steady state, in the names of its modes and elements.

Of a device, what does not ask for the phase of a drive obeys a' = C a. Without gain C = -i H - Gamma/2 with Gamma >= 0,
and what keeps its energy for ever is the largest invariant subspace of H in the kernel of Gamma: modes that nothing
damps, and dark combinations of modes that a bath does not see.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.model.families import Family

__all__ = ["Undamped", "pumps", "undamped"]

Places = NDArray[np.intp]

_EPSILON = float(np.finfo(float).eps)
# Decay that rounding may leave to an undamped mode, relative to the largest column of C.
_ROUNDING = 32 * _EPSILON
# A pump raises the energy of some state by more than rounding of its own terms.
_PUMPING = 1e-12
# Modes of one connected part up to which its eigenvectors are computed, and how much of that work is worth a sentence.
_MOST_MODES, _MOST_WORK = 500, 2e9
# Entries of a combination below this are rounding, and a mode with this much of itself in a subspace is all in it.
_NOTHING, _WHOLLY = 1e-6, 1 - 1e-9
_MOST_NAMED, _MOST_TERMS, _LONGEST_NAME = 3, 4, 16


class Undamped(NamedTuple):
    """What keeps its energy for ever, once the pumps are off."""

    modes: tuple[str, ...]  # modes that nothing damps, directly or through others
    combinations: tuple[str, ...]  # dark combinations of other modes, such as `a - b`; the shortest that were seen

    @property
    def cause(self) -> str:
        """A sentence, and empty where all is damped."""
        if self.combinations:
            first, *others = self.combinations
            more = f" (nor {len(others)} more)" if others else ""
            return f"No bath sees the combination {first}{more}: it is dark."
        if not self.modes:
            return ""
        names = ", ".join(map(repr, self.modes[:_MOST_NAMED]))
        if len(self.modes) > _MOST_NAMED:
            return f"Nothing damps {len(self.modes)} modes, among them {names}."
        return f"Nothing damps mode{'s' if len(self.modes) > 1 else ''} {names}."

    @property
    def remedy(self) -> str:
        """What to do about it, and empty where all is damped."""
        if self.combinations:
            return "Give one of these modes a bath of its own."
        if not self.modes:
            return ""
        one = len(self.modes) == 1
        return f"Damp {'it' if one else 'them'}, or couple {'it' if one else 'them'} to a damped mode."


def _blocks(share: Share) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Drift of each member, shape (m, 2k, 2k), and the size of its terms, shape (m,)."""
    numbers, drift = share.numbers, share.basis.drift
    if not drift.size:
        size = 2 * len(share.modes)
        return np.zeros((len(numbers), size, size)), np.zeros(len(numbers))
    return np.tensordot(numbers, drift, 1), np.tensordot(np.abs(numbers), np.abs(drift), 1).max(axis=(1, 2))


def _raises(symmetric: NDArray[Any], sizes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each member, whether it can raise the energy: twice the symmetric part of its drift has growth in it."""
    return np.linalg.eigvalsh(symmetric)[:, -1] > _PUMPING * sizes


def pumps(equations: MomentEquations) -> tuple[str, ...]:
    """Elements that bring energy in by themselves, so that a device may grow: drives of two photons, gain."""
    found: dict[str, list[str]] = {}
    for share, part in zip(equations.shares, equations.elements, strict=True):
        blocks, sizes = _blocks(share)
        places = np.flatnonzero(_raises(blocks + blocks.transpose(0, 2, 1), sizes)).tolist()
        if not places:
            continue
        labels = found.setdefault((part.pattern if isinstance(part, Family) else part).noun, [])
        if isinstance(part, Family):
            labels += [part.member(index, equations.mode_names).label for index in islice(places, _MOST_NAMED + 1)]
        else:
            labels += [part.label] * len(places)
    if len(found) == 1:
        ((noun, labels),) = found.items()
        return (f"the {noun}s",) if len(labels) > 1 else tuple(labels)
    return tuple(name for noun, own in found.items() for name in (own if len(own) <= _MOST_NAMED else [f"the {noun}s"]))


def undamped(equations: MomentEquations) -> Undamped:
    """Modes, and combinations of modes, that keep their energy for ever once the pumps are off."""
    size = len(equations.mode_names)
    rows, columns, values = _passive(equations)
    norm = float(np.max(np.bincount(columns, np.abs(values), size), initial=0.0))
    labels = _connected(rows, columns, size)
    order = np.argsort(labels, kind="stable")
    _, starts, sizes = np.unique(labels[order], return_index=True, return_counts=True)
    on_diagonal = rows == columns
    diagonal = np.bincount(rows[on_diagonal], values[on_diagonal].real, size)
    is_damped = np.add.reduceat(diagonal[order] < -_ROUNDING * norm, starts, dtype=np.intp) > 0
    by_part = np.argsort(labels[rows], kind="stable")
    rows, columns, values = rows[by_part], columns[by_part], values[by_part]
    first = np.searchsorted(labels[rows], labels[order[starts]])
    last = np.append(first[1:], len(rows))
    lossless: list[int] = []
    combinations: list[str] = []
    work = 0.0
    for part in np.flatnonzero((sizes > 1) | ~is_damped).tolist():
        places = order[starts[part] : starts[part] + sizes[part]]
        if not is_damped[part]:
            lossless += places.tolist()
            continue
        work += float(sizes[part]) ** 3
        if sizes[part] > _MOST_MODES or work > _MOST_WORK:
            continue
        inside = slice(first[part], last[part])
        block = np.zeros((len(places), len(places)), dtype=np.complex128)
        block[np.searchsorted(places, rows[inside]), np.searchsorted(places, columns[inside])] = values[inside]
        whole, dark = _kept(block, _ROUNDING * norm)
        lossless += places[whole].tolist()
        combinations += [_written(row, [equations.mode_names[place] for place in places]) for row in dark]
    names = tuple(equations.mode_names[place] for place in sorted(lossless))
    return Undamped(names, tuple(sorted(combinations, key=len)))


def _passive(equations: MomentEquations) -> tuple[Places, Places, NDArray[np.complex128]]:
    """Rows, columns and values of C of a' = C a, without what gains; sums that cancel are no entries."""
    size = len(equations.mode_names)
    keys: list[Places] = []
    values: list[NDArray[np.complex128]] = []
    for share in equations.shares:
        blocks, sizes = _blocks(share)
        straight = (blocks[:, ::2, ::2] + blocks[:, 1::2, 1::2]) / 2
        turning = (blocks[:, 1::2, ::2] - blocks[:, ::2, 1::2]) / 2
        found = straight + 1j * turning
        quiet = ~_raises(found + found.conj().transpose(0, 2, 1), sizes)
        found, places = found[quiet], share.places[quiet]
        keys.append((places[:, :, None] * size + places[:, None, :]).reshape(-1))
        values.append(found.reshape(-1))
    entries, key = np.concatenate(values), np.concatenate(keys)
    place, member = np.unique(key, return_inverse=True)
    total = np.bincount(member, entries.real, len(place)) + 1j * np.bincount(member, entries.imag, len(place))
    terms = np.bincount(member, np.abs(entries), len(place))
    here = np.abs(total) > 8 * _EPSILON * terms
    return place[here] // size, place[here] % size, total[here]


def _connected(rows: Places, columns: Places, size: int) -> Places:
    """The first mode of the connected part of each mode."""
    labels = np.arange(size)
    while True:
        # Each label takes the smallest one across an edge, and then that of the mode which it names.
        before = labels
        labels = labels.copy()
        smallest = np.minimum(before[rows], before[columns])
        for ends in (rows, columns):
            np.minimum.at(labels, before[ends], smallest)
            np.minimum.at(labels, ends, smallest)
        while np.any(labels[labels] != labels):
            labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def _kept(block: NDArray[np.complex128], rounding: float) -> tuple[Places, NDArray[np.complex128]]:
    """Modes that are undamped by themselves, and rows of coefficients of dark combinations of the others."""
    values, vectors = np.linalg.eig(block)
    slow = vectors[:, np.real(values) >= -rounding]
    if not slow.size:
        return np.zeros(0, dtype=np.intp), np.zeros((0, len(block)), dtype=np.complex128)
    basis, lengths, _ = np.linalg.svd(slow, full_matrices=False)
    basis = basis[:, lengths > _NOTHING]
    share = np.sum(np.abs(basis) ** 2, axis=1)
    whole = np.flatnonzero(share > _WHOLLY)
    rest = basis.conj().T.copy()
    rest[:, whole] = 0
    return whole, _echelon(rest)


def _echelon(rows: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Reduced echelon form, with few entries in each row; rows of rounding are left out."""
    rows, found = rows.copy(), 0
    while found < len(rows):
        rest = np.abs(rows[found:])
        row, column = divmod(int(np.argmax(rest)), rest.shape[1])
        if rest[row, column] < _NOTHING:
            break
        rows[[found, found + row]] = rows[[found + row, found]]
        rows[found] /= rows[found, column]
        others = np.arange(len(rows)) != found
        rows[others] -= rows[others, column][:, None] * rows[found]
        found += 1
    return rows[:found]


def _written(row: NDArray[np.complex128], names: list[str]) -> str:
    """A combination of modes as one writes it: `a - b`, `a + 0.5 b`."""
    used = np.flatnonzero(np.abs(row) > _NOTHING)
    coefficients = row[used] / row[used[0]]
    text = ""
    for place, value in islice(zip(used.tolist(), coefficients.tolist(), strict=True), _MOST_TERMS):
        is_real = abs(value.imag) < _NOTHING * abs(value)
        sign = " - " if is_real and value.real < 0 else " + "
        size = f"{abs(value.real):.3g} " if is_real else f"({value:.3g}) "
        name = names[place] if len(names[place]) <= _LONGEST_NAME else names[place][: _LONGEST_NAME - 3] + "..."
        text += (sign if text else "") + ("" if size == "1 " else size) + name
    return text + (f" + {len(used) - _MOST_TERMS} more" if len(used) > _MOST_TERMS else "")
