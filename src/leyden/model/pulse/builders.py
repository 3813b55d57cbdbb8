"""The functions that make pulses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import is_concrete, is_labelled
from leyden.errors import ParameterError
from leyden.markup import number_words
from leyden.model.changing import Pulse, Real, Shape, Term
from leyden.model.pulse.shapes import Cosine, Gaussian, Piecewise, Ramp, Sampled, Square
from leyden.model.rules import checked_number
from leyden.records import frozen

__all__ = ["cosine", "gaussian", "piecewise", "ramp", "sampled", "square"]


def _known(name: str, value: Any, rule: str) -> Any:
    """A number of a pulse, which steps are cut by: JAX cannot trace it."""
    found = checked_number(name, value, rule)
    if not is_concrete(found.data if is_labelled(found) else found):
        remedy = "Pulses are followed by NumPy: take differences of runs in place of a derivative."
        raise ParameterError.of(name, "be a concrete number, not a traced one", type(value).__name__, remedy)
    return found


def _single(height: Any, shape: Shape) -> Pulse:
    return Pulse((Term(_known("height", height, "complex"), (shape,)),))


def _rising(first: str, start: Any, last: str, stop: Any) -> tuple[Any, Any]:
    """Two times, of which the second is the later one, in every member of a batch."""
    begin, end = _known(first, start, "real"), _known(last, stop, "real")
    if not np.all(np.asarray(end - begin) > 0):
        raise ParameterError.of(last, f"be later than `{first}`, {number_words(begin)}", stop)
    return begin, end


def square(height: Any, start: Any, stop: Any) -> Pulse:
    """A pulse of constant height from start to stop.

    Parameters
    ----------
    height : float, complex or array
        In the unit of the parameter that it stands for.
    start, stop : float or array
        In units of 1/rate, the second later than the first.

    Returns
    -------
    Pulse

    Raises
    ------
    ParameterError
        If a number is not finite, or stop is not later than start.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.pulse.square(0.1, 1.0, 2.0)([0.5, 1.0, 1.5, 2.0]).tolist()
    [0.0, 0.1, 0.1, 0.0]
    """
    return _single(height, Square(*_rising("start", start, "stop", stop)))


def gaussian(height: Any, centre: Any, width: Any) -> Pulse:
    """A Gaussian pulse, height exp(-(t - centre)^2/(2 width^2)).

    Parameters
    ----------
    height : float, complex or array
        At its centre, in the unit of the parameter that it stands for. Its area is height width sqrt(2 pi).
    centre : float or array
        In units of 1/rate.
    width : float or array
        Standard deviation, in units of 1/rate, positive.

    Returns
    -------
    Pulse

    Raises
    ------
    ParameterError
        If a number is not finite, or the width not positive.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.pulse.gaussian(1.0, centre=2.0, width=0.5)([2.0, 2.5]).round(6).tolist()
    [1.0, 0.606531]
    """
    shape = Gaussian(_known("centre", centre, "real"), _known("width", width, "positive"))
    return _single(height, shape)


def ramp(first: Any, last: Any, start: Any, stop: Any) -> Pulse:
    """A straight ramp from one value, held before start, to another, held from stop on.

    Parameters
    ----------
    first, last : float, complex or array
        In the unit of the parameter that it stands for.
    start, stop : float or array
        In units of 1/rate, the second later than the first.

    Returns
    -------
    Pulse

    Raises
    ------
    ParameterError
        If a number is not finite, or stop is not later than start.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.pulse.ramp(0.0, 0.4, 1.0, 3.0)([0.0, 2.0, 5.0]).tolist()
    [0.0, 0.2, 0.4]
    """
    begin, end = _known("first", first, "complex"), _known("last", last, "complex")
    shape = Ramp(*_rising("start", start, "stop", stop))
    return Pulse((Term(begin), Term(end - begin, (shape,))))


def cosine(height: Any, frequency: Any, phase: Any = 0.0) -> Pulse:
    """A carrier, height cos(frequency t + phase), without end; times a pulse it is a wave packet.

    Parameters
    ----------
    height : float, complex or array
        In the unit of the parameter that it stands for.
    frequency : float or array
        Angular, in the rate unit.
    phase : float or array
        In radians.

    Returns
    -------
    Pulse

    Raises
    ------
    ParameterError
        If a number is not finite.

    Examples
    --------
    >>> import leyden as ly
    >>> packet = ly.pulse.cosine(1.0, 3.0) * ly.pulse.gaussian(0.1, 0.0, 1.0)
    >>> float(packet([0.0])[0])
    0.1
    """
    shape = Cosine(_known("frequency", frequency, "real"), _known("phase", phase, "real"))
    return _single(height, shape)


def piecewise(times: Any, values: Any) -> Pulse:
    """One constant value between each two times.

    Parameters
    ----------
    times : array, shape (k + 1,)
        Edges, increasing, in units of 1/rate. A device is asked about no other times than those between them.
    values : array, shape (k,)
        Real or complex, in the unit of the parameter that it stands for.

    Returns
    -------
    Pulse

    Raises
    ------
    ParameterError
        If times do not increase, or there is not one value less than there are times.

    Notes
    -----
    Constant pieces are propagated exactly, in one step each.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.pulse.piecewise([0.0, 1.0, 3.0], [0.1, 0.2])([0.0, 1.0, 3.0]).tolist()
    [0.1, 0.2, 0.2]
    """
    edges, numbers = _column("times", times), _column("values", values)
    _check_increasing(edges)
    if len(numbers) != len(edges) - 1:
        remedy = "Times are the edges: each value stands between two of them."
        raise ParameterError.of("values", f"be {len(edges) - 1}, one less than the times", len(numbers), remedy)
    return _in_parts(numbers, lambda column: Piecewise(edges, column))


def sampled(times: Any, values: Any, *, interpolation: str = "cubic") -> Pulse:
    """Values at some times, and a curve through them.

    Parameters
    ----------
    times : array, shape (k,)
        At least two, increasing, in units of 1/rate. A device is asked about no other times than those between them.
    values : array, shape (k,)
        Real or complex, in the unit of the parameter that it stands for.
    interpolation : str
        "cubic", a spline that is smooth up to its second derivative, without further conditions at the ends ("not a
        knot"); or "linear", straight lines.

    Returns
    -------
    Pulse
        Which says how it interpolates.

    Raises
    ------
    ParameterError
        If times do not increase, there are not as many values, or the interpolation has another name.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.pulse.sampled([0.0, 1.0, 2.0], [0.0, 1.0, 0.0], interpolation="linear")([0.5, 1.5]).tolist()
    [0.5, 0.5]
    """
    knots, numbers = _column("times", times), _column("values", values)
    _check_increasing(knots)
    if len(numbers) != len(knots):
        raise ParameterError.of("values", f"be as many as the times, {len(knots)}", len(numbers))
    if interpolation not in ("cubic", "linear"):
        raise ParameterError.of("interpolation", 'be "cubic" or "linear"', interpolation)
    return _in_parts(numbers, lambda column: Sampled(knots, column, interpolation))


def _in_parts(numbers: NDArray[Any], shape_of: Callable[[Real], Shape]) -> Pulse:
    """A pulse of values, whose imaginary parts are a shape of their own."""
    terms = [Term(1.0, (shape_of(frozen(np.real(numbers).copy())),))]
    if numbers.dtype.kind == "c":
        terms.append(Term(1j, (shape_of(frozen(np.imag(numbers).copy())),)))
    return Pulse(tuple(terms))


def _column(name: str, values: Any) -> NDArray[Any]:
    found = _known(name, values, "complex" if name == "values" else "real")
    if isinstance(found, (float, complex)) or np.ndim(found) != 1:
        raise ParameterError.of(name, "be a sequence of numbers", values)
    return np.asarray(found)


def _check_increasing(times: Real) -> None:
    if len(times) < 2:
        raise ParameterError.of("times", "be at least two", len(times))
    falling = np.flatnonzero(np.diff(times) <= 0)
    if len(falling):
        pair = times[falling[0] : falling[0] + 2].tolist()
        raise ParameterError.of("times", "increase", pair, "Sort them and drop repeated ones.")
