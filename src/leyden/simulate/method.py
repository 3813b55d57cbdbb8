"""Dense matrices or a few vectors: which method takes a device, and whether there is memory for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from leyden.arrays import Array, is_concrete, namespace_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.low_rank import SparseEquations, sparse_equations
from leyden.memory import dense_bytes, result_bytes, shortage
from leyden.model.labels import Labels
from leyden.model.members import members_of
from leyden.model.network import Network

__all__ = [
    "METHODS",
    "Solution",
    "checked_method",
    "chosen_equations",
    "is_one_by_one",
    "members",
    "most_steps",
    "refuse_large_result",
    "refuse_unaffordable",
    "stacked",
    "takes_over",
    "without_memory",
]

METHODS = ("dense", "sparse")

Solution = tuple[dict[str, Array], dict[str, Any]]
"""Variables of a device or a batch, and what computed them."""

# Modes from which the sparse method is the faster one, on chains as on lattices.
_LEAST_MODES = 150
# Modes up to which the dense method is a matter of minutes for a steady state, and of one for a curve, and takes over
# where the sparse one gives up; and the steps of the sparse one that take as long as it does, for so many modes.
_MOST_MODES, _MOST_MODES_IN_TIME = 2000, 1000
_STEPS, _LEAST_STEPS = 20_000, 400


def checked_method(method: Any) -> str | None:
    """The method that was asked for, or None to choose.

    Parameters
    ----------
    method : str or None
        What was given.

    Returns
    -------
    str or None

    Raises
    ------
    ParameterError
        If there is no such method.
    """
    if method is not None and not (isinstance(method, str) and method in METHODS):
        raise ParameterError.of("method", 'be "dense", "sparse", or None to choose', method)
    return method


def _is_plain(equations: MomentEquations) -> bool:
    """Whether all parameters are NumPy's, or numbers."""
    return namespace_of(*equations.arrays) is np and all(map(is_concrete, equations.arrays))


def _is_batch(equations: MomentEquations) -> bool:
    return any(np.ndim(value) for value in equations.frequencies) or any(share.arrays for share in equations.shares)


def is_one_by_one(equations: MomentEquations, labels: Labels, method: str | None) -> bool:
    """Whether the devices of a batch are computed one after the other: large ones, by the sparse method.

    Parameters
    ----------
    equations : MomentEquations
        Of the batch.
    labels : Labels
        Of the batch.
    method : str or None
        What the user insists on.

    Returns
    -------
    bool
    """
    wanted = method == "sparse" or (method is None and len(equations.mode_names) >= _LEAST_MODES)
    return bool(labels.dims) and wanted and _is_plain(equations)


def members(network: Network, labels: Labels) -> Iterator[Network]:
    """The devices of a batch.

    Parameters
    ----------
    network : Network
        With plain parameters.
    labels : Labels
        Of the batch.

    Returns
    -------
    iterator of Network
        In the order of the batch, the last axis fastest; like elements are put together as families.
    """
    return members_of(network, labels.shape)


def stacked(found: Sequence[Solution], labels: Labels) -> Solution:
    """Results of the devices of a batch as one.

    Parameters
    ----------
    found : sequence of (values, about)
        Of each of them, in order.
    labels : Labels
        Of the batch.

    Returns
    -------
    values : dict of str to array
        With the batch axes in front.
    about : dict
        The method, and the largest of what is known about it.
    """
    values = {
        name: np.stack([one[name] for one, _ in found]).reshape(*labels.shape, *np.shape(value))
        for name, value in found[0][0].items()
    }
    about: dict[str, Any] = {"method": "dense" if any(one["method"] == "dense" for _, one in found) else "sparse"}
    for name in dict.fromkeys(name for _, one in found for name in one if name != "method"):
        about[name] = max(one[name] for _, one in found if name in one)
    return values, about


def chosen_equations(
    equations: MomentEquations, labels: Labels, method: str | None, *, unfit: str = "", times: int = 0
) -> SparseEquations | None:
    """Sparse equations of a device that the sparse method takes, None for the dense one.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    labels : Labels
        Of its batch.
    method : str or None
        What the user insists on.
    unfit : str
        Why the sparse method cannot take what is asked for, if it cannot.
    times : int
        Number of times of a charging curve.

    Returns
    -------
    SparseEquations or None

    Raises
    ------
    ParameterError
        If the method that was insisted on cannot take the device, or no method can within the memory that there is.
    """
    modes = len(equations.mode_names)
    wanted = method == "sparse" or (method is None and not _is_batch(equations) and modes >= _LEAST_MODES)
    if not wanted:
        refuse_unaffordable(modes, labels, times, method)
        return None
    reason = unfit or ("" if _is_plain(equations) else "arrays of other libraries than NumPy are computed densely")
    found = None if reason else sparse_equations(equations)
    if found is not None and times and found.occupation:
        found, reason = None, "the vacuum is no equilibrium of warm baths, and disturbs every mode"
    if found is not None:
        return found
    reason = reason or "the drives, or baths of unlike occupation, disturb too many modes"
    if method == "sparse":
        raise ParameterError.of("method", f'be "dense" or None here, because {reason}', method)
    refuse_unaffordable(modes, labels, times, method, reason)
    return None


def takes_over(modes: int, method: str | None, *, times: int = 0) -> bool:
    """Whether the dense method takes a device over from a sparse one that gives up.

    Parameters
    ----------
    modes : int
        Number N of modes.
    method : str or None
        What the user insists on.
    times : int
        Number of times of a charging curve.

    Returns
    -------
    bool
    """
    return method is None and modes <= (_MOST_MODES_IN_TIME if times else _MOST_MODES)


def most_steps(modes: int, method: str | None) -> int:
    """Steps after which the sparse method gives up: where the dense one takes over, not many more than that is worth.

    Parameters
    ----------
    modes : int
        Number N of modes.
    method : str or None
        What the user insists on.

    Returns
    -------
    int
    """
    if not takes_over(modes, method):
        return _STEPS
    return min(_STEPS, max(_LEAST_STEPS, round(_STEPS * (modes / _MOST_MODES_IN_TIME) ** 3)))


def without_memory(needed: float) -> str:
    """What to say where there is no memory for something.

    Parameters
    ----------
    needed : float
        Bytes.

    Returns
    -------
    str
        Empty where there is.
    """
    short = shortage(needed)
    return f"they need about {short[0]}, and {short[1]} are free" if short else ""


def refuse_unaffordable(modes: int, labels: Labels, times: int, method: str | None, reason: str = "") -> None:
    """Refuse what the dense method has no memory for, before it begins.

    Parameters
    ----------
    modes : int
        Number N of modes.
    labels : Labels
        Of the batch.
    times : int
        Number of times of a charging curve.
    method : str or None
        What the user insists on.
    reason : str
        Why the sparse method is not there to help.

    Raises
    ------
    ParameterError
        With the memory that it would need.
    """
    count = prod(labels.shape)
    short = shortage(dense_bytes(modes, count, times))
    if not short:
        return
    found = f"{modes} modes"
    found += f" in a batch of {count}" if count > 1 else ""
    found += f" at {times} times" if times else ""
    remedy = f"The sparse method does not take it: {reason}." if reason else 'Leave out method="dense".'
    if not reason and method is None:
        remedy = "Give fewer members or times at once."
    raise ParameterError.of(
        "method" if method else "network",
        f"leave matrices to what fits into memory: {found} need about {short[0]}, and {short[1]} are free",
        method or found,
        remedy,
    )


def refuse_large_result(batteries: int, times: int) -> None:
    """Refuse charging curves of so many batteries that they do not fit into memory.

    Parameters
    ----------
    batteries : int
        Their number.
    times : int
        Number of times.

    Raises
    ------
    ParameterError
        With the memory that they would need.
    """
    short = shortage(result_bytes(batteries, times))
    if not short:
        return
    raise ParameterError.of(
        "times",
        f"leave room for the curves of {batteries} batteries, which need about {short[0]}, with {short[1]} free",
        f"{times} times",
        "Give fewer times, or name fewer modes as batteries.",
    )
