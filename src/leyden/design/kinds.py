"""What kind of device it is: what it costs to measure one, and how long it takes to settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.design.question import Question
from leyden.design.space import Space
from leyden.equations.device import equations_of
from leyden.errors import LeydenError, NonGaussianError, ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.portrait.horizon import default_horizon, pleasing
from leyden.simulate import stability
from leyden.simulate.choice import name_of
from leyden.text import listed, one_line

__all__ = ["Kind", "kind_of", "times_of"]

Real = NDArray[np.float64]

# Places that are tried for one where a device can be built.
_TRIALS = 16
# Devices from whose spectra the time of a run is taken, and its samples.
_SPECTRA, _SAMPLES = 16, 401
# Methods whose results are noise below some digits.
_NOISY = ("fock", "one_way", "truncated_wigner", "mean_field")


@dataclass(frozen=True)
class Kind:
    """What it costs to measure a device."""

    modes: int
    is_beyond: bool  # whether it takes a method that estimates, or more than moments
    has_pulses: bool


def kind_of(question: Question, space: Space, points: Real) -> Kind:
    """Kind of the devices, from the first one that can be built."""
    first: Exception | None = None
    for place in points[:_TRIALS]:
        try:
            network = question.device({name: float(one[0]) for name, one in space.values(place[None]).items()})
        except Exception as error:  # whatever a function of the user's raises
            first = first or error
            continue
        if dims := take_off(network, may_change=True)[1].dims:
            remedy = "Give it numbers where it has arrays."
            raise ParameterError.of("build", "make one device of numbers", f"a batch over {listed(dims)}", remedy)
        return _kind(network, question.method)
    raise _nothing_built(first)


def _kind(network: Network, method: Any) -> Kind:
    is_beyond = name_of(method) in _NOISY
    if not network.pulses and not is_beyond:
        try:
            equations_of(take_off(network)[0])
        except NonGaussianError:
            is_beyond = True
    return Kind(len(network.modes), is_beyond, bool(network.pulses))


def _nothing_built(error: Exception | None) -> LeydenError:
    if isinstance(error, LeydenError):
        return error
    words = one_line(f"{type(error).__name__}: {error}")
    allowed = "make a device of numbers within the bounds"
    sentence = f"Argument `build` must {allowed}, but raises {words}."
    found = ParameterError(sentence, name="build", value=words, allowed=allowed)
    found.__cause__ = error
    return found


def times_of(question: Question, space: Space, points: Real) -> NDArray[np.float64]:
    """Times at which a peak is looked for, where none are given: until most devices within the bounds have settled."""
    ends: list[float] = []
    for place in points[:_SPECTRA]:
        try:
            network = question.device({name: float(one[0]) for name, one in space.values(place[None]).items()})
        except Exception:  # whatever a function of the user's own raises, as it may outside of what it can make
            continue
        try:
            found = stability(network, eigenvalues=True)
        except LeydenError:  # such a device has no say
            continue
        spectrum = found.eigenvalues.values[..., 0] + 1j * found.eigenvalues.values[..., 1]
        ends.append(default_horizon(spectrum, bool(found.is_stable)))
    if not ends:
        raise ParameterError.of("times", "be given: the spectrum tells of no device how long it takes", None)
    return np.linspace(0.0, pleasing(float(np.median(ends))), _SAMPLES)
