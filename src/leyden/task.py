"""What is asked of a device, and what a method is that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, is_concrete, namespace_of
from leyden.equations.device import equations_of
from leyden.equations.low_rank import SparseEquations, sparse_equations
from leyden.equations.moments import MomentEquations
from leyden.errors import NonGaussianError, ParameterError
from leyden.model.labels import Labels
from leyden.model.members import members_of
from leyden.model.network import Network
from leyden.states.density import DensityMatrix
from leyden.states.gaussian import GaussianState
from leyden.states.prepare import vacuum

__all__ = [
    "CHANGES",
    "Answer",
    "Method",
    "Task",
    "of_many_starts",
    "of_other_libraries",
    "without_amplitudes",
]

TOLERANCE = 1e-10
"""How far off moments of a device that changes in time may be where nothing else is asked for."""

CHANGES = "it does not follow what changes in time"
"""Why methods refuse devices with pulses."""

Answer = tuple[dict[str, Array], dict[str, Any]]
"""Variables of a device or a batch by name, and what computed them."""


@dataclass(frozen=True, eq=False)
class Task:
    """A device, or a batch of them, and what is asked of it."""

    network: Network  # of numbers and arrays, without labels
    labels: Labels  # of its batch
    times: NDArray[np.float64] | None = None  # of a charging curve; without them the steady state is asked for
    initial: Any = None  # state at time 0; None is the vacuum
    method: Any = None  # that the user insists on: a name, or a record with `method_name` that says how
    asked: Literal["merits", "states", "both"] = "merits"  # states: of all modes, in time
    tolerance: float = TOLERANCE  # of devices that change in time, in units of the largest moments
    is_member: bool = False  # whether it is one device of the batch: what fails is missing there, and no error
    # Whether methods that tell moments first go on to the whole states of batteries; None where that is quick.
    whole_state: bool | None = None
    known: MomentEquations | None = None  # of the device, where others have asked for them before

    @cached_property
    def equations(self) -> MomentEquations:
        """Its moment equations; a NonGaussianError where they do not close."""
        return equations_of(self.network) if self.known is None else self.known

    @cached_property
    def not_closing(self) -> Any:
        """The first element under which moments do not close, or None."""
        try:
            _ = self.equations
        except NonGaussianError as error:
            return error.element
        return None

    @cached_property
    def beyond(self) -> str:
        """Why moments do not close, or nothing where they do."""
        element = self.not_closing
        return "" if element is None else f"moments do not close under {element.label}"

    @cached_property
    def sparse_equations(self) -> SparseEquations | None:
        """The same for a low rank, which is no low one where this is None."""
        return sparse_equations(self.equations)

    @property
    def modes(self) -> int:
        """Number N of modes."""
        return len(self.network.mode_names)

    @property
    def count(self) -> int:
        """Number of times, 0 for a steady state."""
        return 0 if self.times is None else len(self.times)

    @property
    def start(self) -> GaussianState:
        """State at time 0, as methods by moments have it."""
        if self.initial is None:
            return vacuum(self.modes)
        if not isinstance(self.initial, GaussianState):
            raise ParameterError.of("initial", "be a GaussianState", self.initial, "See `leyden.states`.")
        return self.initial

    @property
    def is_single(self) -> bool:
        """Whether one device is asked one question: what fails then is an error."""
        return not self.labels.dims and not (isinstance(self.initial, GaussianState) and self.initial.shape)

    def members(self) -> Iterator[Task]:
        """The devices of a batch, in its order; like elements are put together as families."""
        for one in members_of(self.network, self.labels.shape):
            yield replace(self, network=one, known=None, is_member=True)


@dataclass(frozen=True)
class Method:
    """A way to answer: nothing else knows when it can be taken, and how."""

    name: str
    suits: Callable[[Task], bool]  # whether it is tried where no method is insisted on
    refuses: Callable[[Task], str]  # why it cannot answer; empty where it can
    # Both return None where it gives up, and another method had better try.
    steady: Callable[[Task], Answer | None]
    charge: Callable[[Task], Answer | None]
    takes_batches: bool = False  # otherwise the devices of a batch come one by one
    keeps_states: bool = False  # whether it gives `moments_of` states of all modes where they are asked for
    # The state of one mode by itself, where the method can tell it.
    reduced: Callable[[Task, str], DensityMatrix] | None = None
    lacks: Callable[[], str] | None = None  # how to get the package that it needs; empty where that is installed


# What several methods refuse, and why.


def of_other_libraries(network: Network) -> str:
    """Why a method of NumPy does not take a device; empty where it does."""
    arrays = [value for *_, value in network.arrays]
    is_plain = namespace_of(*arrays) is np and all(map(is_concrete, arrays))
    return "" if is_plain else "it takes no arrays of other libraries than NumPy"


def of_many_starts(start: GaussianState | None) -> str:
    """Why a method that follows one device does not take its start; empty where it does."""
    return "it starts from one state, not from a batch of them" if start is not None and start.shape else ""


def without_amplitudes(network: Network, most_modes: int) -> str:
    """Why a device has no amplitudes that a method of so many modes could follow; empty where it has."""
    if network.pulses:
        return CHANGES
    if reason := of_other_libraries(network):
        return reason
    if len(network.mode_names) > most_modes:
        return f"it takes at most {most_modes} modes"
    of_levels = [mode.name for mode in network.modes if mode.levels is not None]
    return f"mode {of_levels[0]!r} has a few levels, which no amplitude describes" if of_levels else ""
