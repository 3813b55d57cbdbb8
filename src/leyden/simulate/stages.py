"""Stages of a protocol: what they are, and whether they follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.network import Network
from leyden.model.rules import checked_number
from leyden.text import NAME_RULE, is_name

__all__ = ["Stage", "checked_points", "checked_stages"]

_MOST = 10_000_000


@dataclass(frozen=True)
class Stage:
    """A part of a protocol: a device for some time.

    Parameters
    ----------
    name : str
        What the coordinate `stage` calls it; stages that repeat may share one.
    network : Network
        The device meanwhile. Its pulses count time from the beginning of the stage.
    duration : float
        Positive, in units of 1/rate.

    Raises
    ------
    ParameterError
        If the name is not printable, the network is none, or the duration is not a positive finite number.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.OnePhotonDrive("a", 0.5), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> ly.Stage("charge", device, 2.0).duration
    2.0
    """

    name: str
    network: Network
    duration: float

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ParameterError.of("name", f"be {NAME_RULE}", self.name)
        if not isinstance(self.network, Network):
            raise ParameterError.of("network", "be a Network", self.network)
        duration = checked_number("duration", self.duration, "positive")
        if not isinstance(duration, float):
            remedy = "Run one protocol for each duration."
            raise ParameterError.of("duration", "be one number", self.duration, remedy)
        object.__setattr__(self, "duration", duration)


def checked_stages(stages: Any) -> list[Stage]:
    """Stages of one protocol, of the same modes."""
    given = [stages] if isinstance(stages, Stage) else list(stages) if isinstance(stages, Sequence) else []
    if not given or not all(isinstance(stage, Stage) for stage in given):
        wrong = next((stage for stage in given if not isinstance(stage, Stage)), stages)
        raise ParameterError.of("stages", "be a sequence of Stage, at least one", wrong)
    first, *others = given
    for stage in others:
        for what in ("mode_names", "charger", "battery"):
            mine, known = getattr(stage.network, what), getattr(first.network, what)
            if mine != known:
                word = "modes" if what == "mode_names" else what
                allowed = f"have the {word} of stage {first.name!r}, {known!r}, in stage {stage.name!r}"
                raise ParameterError.of("stages", allowed, mine, "A mode that rests is a mode without elements.")
        _refuse_other_frequencies(first, stage)
    return given


def _refuse_other_frequencies(first: Stage, stage: Stage) -> None:
    pairs = zip(first.network.mode_names, first.network.frequencies, stage.network.frequencies, strict=True)
    for mode, known, mine in pairs:
        if not (mine is known or np.array_equal(np.asarray(mine), np.asarray(known))):
            allowed = f"have {known!r} as frequency of mode {mode!r} in stage {stage.name!r}, as in {first.name!r}"
            remedy = "A mode is shifted by its `detuning`; `frequency` is the energy of a quantum."
            raise ParameterError.of("stages", allowed, mine, remedy)


def checked_points(points: Any, stages: int) -> list[int]:
    """Number of times in each stage."""
    counts = list(points) if isinstance(points, (Sequence, np.ndarray)) else [points] * stages
    is_whole = all(isinstance(count, (int, np.integer)) and not isinstance(count, bool) for count in counts)
    if not is_whole or len(counts) != stages or not all(count >= 1 for count in counts) or sum(counts) > _MOST:
        allowed = f"be a number of times, at least 1, or one for each of {stages} stages, {_MOST} in all"
        raise ParameterError.of("points", allowed, points)
    return [int(count) for count in counts]
