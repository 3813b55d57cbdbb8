"""What is known of the stability of a device or a batch, by the way that suits its size."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.arrays import Part, is_concrete, namespace_of
from leyden.drift.rightmost import has_small_components, largest_component, rightmost
from leyden.drift.spectrum import bounds, spectrum
from leyden.drift.stability import stability_of
from leyden.equations.affordable import refuse_unaffordable
from leyden.equations.batches import in_parts
from leyden.equations.device import linear_part
from leyden.equations.low_rank import drift_and_rounding
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.memory import shortage
from leyden.model.labels import Labels
from leyden.model.members import members_of
from leyden.model.network import Network

__all__ = ["Spectrum", "spectrum_of"]

# Modes from which the spectrum is taken component by component.
_LEAST_SPARSE = 50
# Bytes of an eigenvalue while a spectrum is computed and sorted, and of an entry of a component's drift.
_EIGENVALUE, _ENTRY = 64, 24


class Spectrum(NamedTuple):
    """What is known of a device or of a batch; `reason` says why there are no eigenvalues."""

    abscissa: NDArray[np.float64]
    is_stable: NDArray[np.bool_]
    eigenvalues: NDArray[np.complex128] | None
    error: float = 0.0
    reason: str = ""


def spectrum_of(network: Network, equations: MomentEquations, labels: Labels, wanted: bool | None = None) -> Spectrum:
    """Of a device or of a batch, by the way that suits its size."""
    count, modes = prod(labels.shape), len(network.modes)
    lacking = "" if wanted is False else _without_memory(_EIGENVALUE * count * 2 * modes)
    if lacking and wanted:
        raise ParameterError.of(
            "eigenvalues",
            f"leave room for {2 * modes} of each of {count} devices: {lacking}",
            wanted,
            "Leave them out, or give fewer devices at once.",
        )
    wanted = False if lacking else wanted
    if not all(is_concrete(value) for share in equations.shares for value in share.arrays):
        remedy = "Under jit and grad, `is_stable` of `steady_state` and of `charge` tells."
        raise ParameterError.of("network", "have concrete parameters for its spectrum", "traced by JAX", remedy)
    if modes >= _LEAST_SPARSE and labels.dims and namespace_of(*equations.arrays) is np:
        found = _each(network, labels, wanted)
    elif modes >= _LEAST_SPARSE and not labels.dims and not any(share.arrays for share in equations.shares):
        found = _of_large(equations, wanted)
    else:
        refuse_unaffordable(modes, labels)
        found = _dense(equations, labels, wanted)
    return found._replace(reason=lacking) if lacking else found


def _without_memory(needed: float) -> str:
    """What to say where so many bytes are not there; empty where they are."""
    short = shortage(needed)
    return f"they need about {short[0]}, and {short[1]} are free" if short else ""


def _sorted(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """From the slowest decay to the fastest."""
    return np.take_along_axis(spectrum, np.lexsort((spectrum.imag, -spectrum.real), axis=-1), axis=-1)


def _dense(equations: MomentEquations, labels: Labels, wanted: bool | None) -> Spectrum:
    """Of a small device, or a batch of them, part by part."""

    def work(part: Part) -> dict[str, Any]:
        one = equations.at(part).of_numbers()
        judged = stability_of(one.drift, one.drift_rounding)
        found = {"abscissa": judged.abscissa, "is_stable": judged.is_stable, "error": judged.error}
        return found if wanted is False else found | {"eigenvalues": _sorted(judged.eigenvalues)}

    def tails(name: str) -> tuple[int, ...]:
        return (2 * len(equations.mode_names),) if name == "eigenvalues" else ()

    found = in_parts(work, equations, labels.shape, tails)
    error = float(np.max(found["error"], initial=0.0))
    return Spectrum(found["abscissa"], found["is_stable"], found.get("eigenvalues"), error, "not asked for")


@on_one_thread
def _of_large(equations: MomentEquations, wanted: bool | None) -> Spectrum:
    """Of a single device of many modes, component by component; with its whole spectrum where that is cheap."""
    drift, rounding = drift_and_rounding(equations)
    reason = "not asked for"
    if wanted is not False:
        largest = largest_component(drift)
        reason = _without_memory(_ENTRY * (2 * largest) ** 2)
        if reason and wanted:
            raise ParameterError.of(
                "eigenvalues",
                f"leave room for a matrix of the {largest} modes that act on each other: {reason}",
                wanted,
                "Leave them out.",
            )
        if wanted or (not reason and has_small_components(drift)):
            found = spectrum(drift, rounding)
            error = max(found.upper - found.abscissa, found.abscissa - found.lower)
            return Spectrum(found.abscissa[0], found.upper[0] < 0, _sorted(found.values[0]), float(error[0]))
        reason = reason or f"up to {largest} modes act on each other, and `eigenvalues=True` would take long"
    guess = bounds(drift, rounding)
    found = rightmost(drift, guess.abscissa, rounding)
    return Spectrum(np.asarray(found.abscissa), np.asarray(guess.upper < 0), None, found.error, reason)


@on_one_thread
def _each(network: Network, labels: Labels, wanted: bool | None) -> Spectrum:
    """Of the devices of a batch, one by one; of all or none the whole spectrum."""
    found: list[Spectrum] = []
    for one in members_of(network, labels.shape):
        found.append(_of_large(linear_part(one)[0], wanted))
        if found[-1].eigenvalues is None:
            wanted = False
    spectra = [one.eigenvalues for one in found if one.eigenvalues is not None]
    size = 2 * len(network.modes)
    return Spectrum(
        np.asarray([one.abscissa for one in found], dtype=np.float64).reshape(labels.shape),
        np.asarray([one.is_stable for one in found], dtype=np.bool_).reshape(labels.shape),
        np.reshape(spectra, (*labels.shape, size)) if len(spectra) == len(found) else None,
        max((one.error for one in found), default=0.0),
        next((one.reason for one in found if one.reason), ""),
    )
