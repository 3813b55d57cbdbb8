"""Stages in a row, each with its own network: charge, hold, discharge."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of, with_texts
from leyden.dense.ledger import Ledger
from leyden.errors import ParameterError
from leyden.model.files import device_record
from leyden.model.labels import Labels, refuse_time_series, take_off_all
from leyden.model.network import Network
from leyden.model.rules import checked_tolerance
from leyden.quantities import attributes_of
from leyden.results import dataset, with_all_axes, with_ratios, with_states, without_state_rows
from leyden.simulate.charging import charged
from leyden.simulate.evolve import checked_initial, state_among
from leyden.simulate.stages import Stage, checked_points, checked_stages
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import moment_shapes
from leyden.task import TOLERANCE, Task

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["protocol"]

Real = NDArray[np.float64]

_POINTS = 200


@dataclass(frozen=True)
class _Run:
    """What is known of one stage."""

    values: Mapping[str, Array]  # with all axes
    states: GaussianState  # (..., t)
    heat: Mapping[str, Array]  # of each bath, (..., t)
    coupling_work: Array  # (..., t)
    about: Mapping[str, Any]


def protocol(
    stages: Sequence[Stage],
    *,
    points: int | Sequence[int] = _POINTS,
    initial: GaussianState | None = None,
    keep_state: bool = False,
    tolerance: float = TOLERANCE,
) -> xr.Dataset:
    """Stages in a row, as charge, hold and discharge: each begins in the state in which the one before it ends.

    Parameters
    ----------
    stages : sequence of Stage
        At least one; all of the same modes, charger and batteries. What a stage lacks, as a drive, its network lacks.
        Parameters may be numbers, arrays, DataArrays and pulses; the labels of all stages make one batch.
    points : int or sequence of int
        Times in each stage, equidistant, its end among them; the time 0 comes before all.
    initial : GaussianState or None
        State at time 0 of all modes in the networks' order; vacuum by default.
    keep_state : bool
        Whether the Dataset holds the state of all modes, as of `charge`.
    tolerance : float
        For stages with pulses, as of `charge`.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time), the variables of `charge`. Along `time` stand two coordinates: `stage`, the name, and
        `stage_number`, from 0; the time at which one stage ends and the next begins belongs to the former, and so do
        power and rates then. `drive_work` runs on through all stages, and so do `bath_energy` over (..., bath, time),
        what each bath has put in so far, and `coupling_work`, that of couplings of modes of unlike frequencies and of
        positions: the three add up to what the energy of all modes has gained. `is_stable`, over time, is
        that of the stage's device. The attribute `stages` holds name, duration and device file of each, as JSON.

    Raises
    ------
    UnphysicalStateError
        If the initial state breaks the uncertainty relation.
    ParameterError
        If stages have other modes, frequencies, charger or batteries than the first, or labels that do not fit; else as
        of `charge`, with the name of the stage.

    Notes
    -----
    `leyden.cycle` tells what each stage, and the whole, is worth. Switching from one stage to the next takes no time
    and moves no quanta. Accuracy is that of `charge`; states are handed on with the digits that weak excitations have.
    After a stage with pure dephasing the state is not Gaussian any more, and what asks for the whole state stays NaN.
    Devices are computed densely: some hundred modes.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5), (6), (9)-(11), in each stage.

    Examples
    --------
    A mode is charged far above its threshold for a short time, and then held, when energy leaks out of it:

    >>> import leyden as ly
    >>> full = ly.catalog.squeezed_bath_battery(drive=0.5, damping=0.3, squeezing=0.0)
    >>> idle = ly.catalog.squeezed_bath_battery(drive=0.0, damping=0.3, squeezing=0.0)
    >>> run = ly.protocol([ly.Stage("charge", full, 1.0), ly.Stage("hold", idle, 2.0)])
    >>> run.stored_energy.sel(time=[1.0, 3.0]).round(6).values.tolist()
    [1.120271, 0.614818]
    """
    stages = checked_stages(stages)
    counts = checked_points(points, len(stages))
    networks, labels = take_off_all([stage.network for stage in stages], may_change=True)
    start = checked_initial(initial, len(networks[0].modes))
    labels = labels.behind(start.shape)
    labels.refuse({"stage", "stage_number", "bath", "time"})
    exact = checked_tolerance(tolerance)
    runs: list[_Run] = []
    parts = [np.linspace(0.0, stage.duration, count + 1) for stage, count in zip(stages, counts, strict=True)]
    axis = _times(stages, parts)
    for stage, network, times in zip(stages, networks, parts, strict=True):
        with _named(stage):
            refuse_time_series(stage.network, len(times))
            # The vacuum is told apart from any other state: nothing has to be looked at of it.
            given = start if runs or initial is not None else None
            runs.append(_run(Task(network, labels, times, given, None, "both", exact)))
        start = runs[-1].states[..., -1]
    found = _joined(networks[0], labels, runs, axis)
    names = np.repeat(np.asarray([stage.name for stage in stages]), counts)
    numbers = np.repeat(np.arange(len(stages)), counts)
    along = {
        "stage": ("time", np.concatenate([names[:1], names]), {"long_name": "stage"}),
        "stage_number": ("time", np.concatenate([numbers[:1], numbers]), {"long_name": "number of the stage, from 0"}),
    }
    found = with_texts(found.assign_coords(along))
    if keep_state:
        found = with_states(found, networks[0], labels, _all_states([run.states for run in runs]))
    records = [
        {"name": stage.name, "duration": stage.duration, "device_file": device_record(network)}
        for stage, network in zip(stages, networks, strict=True)
    ]
    return found.assign_attrs(stages=json.dumps(records))


@contextmanager
def _named(stage: Stage) -> Generator[None]:
    """What fails in a stage, with its name."""
    try:
        yield
    except ParameterError as error:
        raise type(error)(f"In stage {stage.name!r}: {error.message}", **error.details) from None


def _run(task: Task) -> _Run:
    """One stage: its merits, its states, and where its energy came from."""
    values, about = charged(task)
    moments = {name: values.pop(name) for name in moment_shapes(0) if name in values}
    times = np.asarray(task.times)
    states = state_among(moments, task.network, task.labels, times)
    with np.errstate(over="ignore", invalid="ignore"):
        ledger = Ledger(task.equations, task.network.frequencies, task.start, states, times, task.tolerance)
        heat, work = ledger.heat(), ledger.coupling_work()
    stable = values.pop("is_stable")
    full = with_all_axes(task.network, task.labels, values, times)
    shape = (*task.labels.shape, len(times))
    xp = namespace_of(stable)
    full["is_stable"] = xp.broadcast_to(xp.asarray(stable)[..., None], shape)
    return _Run(
        full,
        states,
        {name: _broadcast(value, shape) for name, value in heat.items()},
        _broadcast(work, shape),
        about,
    )


def _broadcast(value: Array, shape: tuple[int, ...]) -> Array:
    return namespace_of(value).broadcast_to(value, shape)


def _times(stages: Sequence[Stage], parts: Sequence[Real]) -> Real:
    """Times since the beginning of the first stage."""
    with np.errstate(over="ignore"):
        begins = np.cumsum([0.0, *(part[-1] for part in parts[:-1])])
        shifted = [begin + part for begin, part in zip(begins, parts, strict=True)]
    for stage, begin, part in zip(stages, begins, shifted, strict=True):
        if not (np.isfinite(part[-1]) and np.all(np.diff(part) > 0)):
            allowed = f"last long enough for {len(part) - 1} times that differ, at {begin:g} in stage {stage.name!r}"
            remedy = "Give fewer points, or run it from the state before it, as `initial`."
            raise ParameterError.of("stages", allowed, stage.duration, remedy)
    return np.concatenate([np.zeros(1), *(part[1:] for part in shifted)])


def _end_to_end(curves: Sequence[Array], axis: int = -1) -> Array:
    """Curves of all stages as one; a boundary stands in it once, as the end of a stage."""
    xp = namespace_of(*curves)
    later = [xp.asarray(curve)[(..., slice(1, None), *(slice(None),) * (-1 - axis))] for curve in curves[1:]]
    return xp.concat([xp.asarray(curves[0]), *later], axis=axis)


def _summed(curves: Sequence[Array]) -> Array:
    """Curves that begin at zero in each stage, running on."""
    whole = [curves[0]]
    for curve in curves[1:]:
        whole.append(whole[-1][..., -1:] + curve)
    return _end_to_end(whole)


def _joined(network: Network, labels: Labels, runs: Sequence[_Run], times: Real) -> xr.Dataset:
    """The Dataset of all stages."""
    values: dict[str, Array] = {}
    for name in runs[0].values:
        curves = [run.values[name] for run in _of_known_states(runs)]
        values[name] = _summed(curves) if name == "drive_work" else _end_to_end(curves)
    stable = values.pop("is_stable")
    about = reduce(_together, (dict(run.about) for run in runs))
    found = dataset(network, labels, with_ratios(values, 1), about, times)
    dims = (*labels.dims, "time")
    baths = list(dict.fromkeys(name for run in runs for name in run.heat))
    heat: list[Array] = [_summed([run.heat.get(name, 0 * run.coupling_work) for run in runs]) for name in baths]
    unit = network.energy_unit
    more: dict[str, Any] = {
        "is_stable": (dims, stable, attributes_of("is_stable")),
        "coupling_work": (dims, _summed([run.coupling_work for run in runs]), attributes_of("coupling_work", unit)),
    }
    if baths:
        stacked = namespace_of(*heat).stack(heat, axis=-2)
        more["bath_energy"] = ((*labels.dims, "bath", "time"), stacked, attributes_of("bath_energy", unit))
        found = found.assign_coords(bath=("bath", np.asarray(baths), {"long_name": "bath"}))
    return found.assign(more)


def _of_known_states(runs: Sequence[_Run]) -> Iterator[_Run]:
    """The runs; from a dephasing on, what asks for the whole state is missing."""
    is_gaussian = True
    for run in runs:
        is_gaussian = is_gaussian and "not_gaussian" not in run.about
        yield run if is_gaussian else replace(run, values=without_state_rows(run.values))


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What is said of two runs in a row."""
    found = {**other, **one}
    if "steps" in one and "steps" in other:  # both have pulses
        found |= {"error": max(one["error"], other["error"]), "steps": one["steps"] + other["steps"]}
    return found


def _all_states(parts: Sequence[GaussianState]) -> GaussianState:
    """States at all times, those of a boundary once."""
    xp = namespace_of(parts[0].mean)
    own = [xp.stack([xp.stack(part.own_of(mode), axis=-1) for mode in range(part.modes)], axis=-2) for part in parts]
    return GaussianState.holding(
        mean=_end_to_end([part.mean for part in parts], -2),
        excess=_end_to_end([part.excess for part in parts], -3),
        own=_end_to_end(own, -3),
    )
