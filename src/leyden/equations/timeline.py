"""When the coefficients of a device change: where its pulses are constant, smooth, or jump."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.changing import Pulse, Term
from leyden.model.elements import Element

__all__ = ["Stretch", "refuse_negative_rates", "stretches"]

Real = NDArray[np.float64]

# Steps that a stretch begins with, so that curves through their ends have as many as they can use.
_FEWEST = 6
# Steps beyond which nobody would wait, or have the memory.
_MOST = 1_000_000
# Times inside of a step at which a rate is looked at.
_LOOKED_AT = 5


@dataclass(frozen=True)
class Stretch:
    """Times between which no pulse has an edge."""

    nodes: Real  # (k + 1,), from its beginning to its end: ends of steps to begin with
    is_constant: bool  # whether all pulses are constant in it
    widths: float = 0.0  # its length, in times over which pulses are nearly polynomials


def stretches(pulses: Sequence[Pulse], end: float) -> Iterator[Stretch]:
    """What the times from 0 to `end` fall into."""
    shapes = [shape for pulse in pulses for shape in pulse.shapes]
    for shape in shapes:
        first, last = shape.span()
        if first > 0 or last < end:
            known = f"from {first:g} to {last:g}"
            remedy = "Give it values up to the last of the times, or ask for earlier ones."
            raise ParameterError.of("times", f"lie where all pulses are known, {known}", end, remedy)
    edges = np.unique(np.concatenate([np.zeros(0), *(shape.edges() for shape in shapes)]))
    edges = edges[(edges > 0) & (edges < end)]
    windows = [shape.scale() for shape in shapes]
    # Far from its centre a pulse is nothing: the times at which it begins and ends to be something are edges, too.
    bounds = [time for first, last, _ in windows for time in (first, last) if 0 < time < end]
    marks = np.unique(np.concatenate([[0.0, end], edges, bounds]))
    terms = [term for pulse in pulses for term in pulse.terms]
    for start, stop in zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True):
        changing = [term for term in terms if not _is_constant(term, start, stop)]
        if not changing:
            yield Stretch(np.asarray([start, stop]), is_constant=True)
            continue
        width = min((shape.scale()[2] for term in changing for shape in term.shapes), default=np.inf)
        if (stop - start) / width > _MOST:
            remedy = "Ask for earlier times, or take a fast carrier into the frame that turns with it."
            raise ParameterError.of(
                "times", f"take at most {_MOST} steps of {width:.3g}, as pulses change", end, remedy
            )
        count = max(_FEWEST, int(np.ceil((stop - start) / width)))
        yield Stretch(np.linspace(start, stop, count + 1), is_constant=False, widths=float((stop - start) / width))


def _is_constant(term: Term, start: float, stop: float) -> bool:
    """Whether a term is the same number between two times without an edge between them."""
    # Each shape says so itself: values at some times may be equal by chance, as those of a carrier often are.
    if all(shape.is_constant(start, stop) for shape in term.shapes):
        return True
    return any(shape.is_nothing(start, stop) for shape in term.shapes)


def refuse_negative_rates(elements: Iterable[Any], plan: Sequence[Stretch]) -> None:
    """Refuse baths that would give back what they never took, at the times that steps begin with and between them."""
    rates = [(one, jump.rate) for one in elements if isinstance(one, Element) for jump in one.jumps()]
    pulses = [(one, rate) for one, rate in rates if isinstance(rate, Pulse)]
    if not pulses or not plan:
        return
    between = [np.linspace(first, last, _LOOKED_AT + 1) for one in plan for first, last in pairwise(one.nodes.tolist())]
    times = np.concatenate(between)
    for element, rate in pulses:
        values = np.asarray(rate(times)).reshape(-1, len(times)).min(axis=0)
        place = int(np.argmin(values))
        if values[place] < 0:
            found = f"{element.label}.rate = {values[place]:.3g} at time {times[place]:.3g}"
            raise ParameterError.of("network", "have rates that do not turn negative", found)
