"""Stages in a row, as charge, hold and discharge: curves of the whole, and where each stage begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.explorer.answers import finite
from leyden.explorer.asked import ProtocolAsked
from leyden.explorer.devices import network_of
from leyden.results.table import merits
from leyden.simulate.protocol import protocol
from leyden.simulate.stages import Stage

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["protocol_of", "protocol_run", "stages_of"]


def stages_of(asked: ProtocolAsked) -> list[Stage]:
    """The stages, each with a device of its own."""
    stages: list[Stage] = []
    for stage in asked.stages:
        device = asked.device.model_copy(
            update={
                "parameters": {**asked.device.parameters, **stage.parameters},
                # What a stage sets to a number is no pulse there.
                "pulses": {key: one for key, one in asked.device.pulses.items() if key not in stage.parameters}
                | stage.pulses,
            }
        )
        stages.append(Stage(stage.name, network_of(device), stage.duration))
    return stages


def protocol_run(asked: ProtocolAsked) -> xr.Dataset:
    """The run through all stages, as `leyden.protocol` gives it."""
    return protocol(stages_of(asked), points=asked.points)


def protocol_of(asked: ProtocolAsked) -> Mapping[str, Any]:
    """Curves over all stages."""
    run = protocol_run(asked)
    curves: dict[str, Any] = {"time": finite(run["time"].values)}
    for merit in merits():
        total = f"total_{merit.name}"
        name = total if total in run else merit.name
        if name in run and run[name].dims == ("time",) and run[name].dtype != bool:
            curves[merit.name] = finite(run[name].values)
    ends = np.cumsum([stage.duration for stage in asked.stages])
    starts = [0.0, *ends[:-1].tolist()]
    stages = [
        {"name": stage.name, "start": start, "stop": stop}
        for stage, start, stop in zip(asked.stages, starts, ends.tolist(), strict=True)
    ]
    return {"curves": curves, "stages": stages, "until": float(ends[-1])}
