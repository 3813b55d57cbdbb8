"""The drift of a device along one of its parameters, all else equal."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import is_concrete, is_labelled, to_numpy
from leyden.equations.device import linear_part
from leyden.equations.rounding import EPSILON, without_rounding
from leyden.errors import ParameterError
from leyden.model.addresses import Addresses
from leyden.model.changing import Pulse
from leyden.model.network import Network
from leyden.text import listed, nearest

__all__ = ["Line", "Polynomial", "checked_address", "direction_of", "line_of", "polynomial_of", "with_single_value"]

Real = NDArray[np.float64]

# Coefficients, and what is left of a polynomial of degree two, that are within so many units of rounding of the largest
# entry are none.
_ROUNDING = 64 * EPSILON


class Line(NamedTuple):
    """A device whose parameter takes the values `direction` times a number."""

    network: Network  # a single device, of numbers
    address: str
    direction: complex | float

    def at(self, value: float) -> Network:
        """The device with one value."""
        return self.network.replace(**{self.address: self.direction * value})

    def drift(self, values: Real) -> tuple[Real, Real]:
        """Drift (m, 2N, 2N) at some values, and what rounding leaves in its entries."""
        moved = self.network.replace(**{self.address: self.direction * np.asarray(values)})
        numbers = linear_part(moved)[0].of_numbers()
        shape = (len(values), *numbers.drift.shape[-2:])
        drift, rounding = (np.broadcast_to(part, shape) for part in (numbers.drift, numbers.drift_rounding))
        return without_rounding(drift, rounding), rounding


class Polynomial(NamedTuple):
    """A drift A_0 + t A_1 + t^2 A_2, and where its parameter is of the size of all else."""

    coefficients: tuple[Real, ...]
    scale: float


def checked_address(network: Network, parameter: Any) -> str:
    """The address of one parameter of a device."""
    if not hasattr(network, "map_parameters"):
        raise ParameterError.of("network", "be a Network", network)
    known = network.parameters
    if not isinstance(parameter, str) or parameter not in known:
        remedy = nearest(parameter, known) if isinstance(parameter, str) else ""
        raise ParameterError.of("parameter", f"be among {listed(known, 8)}", parameter, remedy)
    return parameter


def direction_of(value: Any) -> complex | float:
    """Phase of a parameter's present value; 1 of zero, and of a batch the one of its first value."""
    numbers = value.data if is_labelled(value) else value
    if isinstance(numbers, Pulse) or not is_concrete(numbers):
        return 1.0
    flat = np.ravel(to_numpy(numbers))
    first = flat[0] if len(flat) else 1.0
    if not first:
        return 1.0
    found = complex(first / np.abs(first))
    return found if found.imag else found.real


def with_single_value(network: Network, address: str) -> tuple[Network, complex | float]:
    """The device without the axes of a parameter that takes other values anyway, and in which direction it did."""
    direction = direction_of(network.parameters[address])
    return network.replace(**{address: direction}), direction


def line_of(network: Network, address: str, direction: complex | float = 1.0) -> Line:
    """A single device along one of its parameters."""
    return Line(network, address, direction)


def polynomial_of(line: Line) -> Polynomial | None:
    """The drift as a polynomial of degree two at most; None where it is none, as of an angle."""
    first = line.drift(np.asarray([0.0, 1.0]))[0]
    largest, move = np.max(np.abs(first[0]), initial=0.0), np.max(np.abs(first[1] - first[0]), initial=0.0)
    # A power of two, so that it rounds nothing.
    scale = 2.0 ** round(np.log2(largest / move)) if largest > 0 and move > 0 else 1.0
    values = line.drift(scale * np.asarray([0.0, 1.0, 2.0, 4.0]))[0]
    slack = _ROUNDING * np.max(np.abs(values), initial=0.0)
    square = (values[2] - 2 * values[1] + values[0]) / 2
    square = np.where(np.abs(square) > slack, square, 0.0)
    slope = values[1] - values[0] - square
    slope = np.where(np.abs(slope) > slack, slope, 0.0)
    if np.any(np.abs(values[0] + 4 * slope + 16 * square - values[3]) > 16 * slack):
        return None
    coefficients = (values[0], slope / scale, square / scale**2)
    return Polynomial(coefficients if square.any() else coefficients[:2], scale)


def addresses_of(network: Network) -> Addresses:
    """The parameters of a device by address, with the elements that own them."""
    return Addresses(network.modes, network.parts, network.positions)
