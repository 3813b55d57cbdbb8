"""`sweep`: a whole study, in memory or in a store, in one sitting or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.numeric import whole_number
from leyden.results.accessor import register
from leyden.runner import Progress, Sampling, Store, combine, executor_of
from leyden.study.axes import axis_attributes
from leyden.study.devices import builder_of, targets_of, with_aliases
from leyden.study.measures import measure_of
from leyden.study.plan import Plan

if TYPE_CHECKING:
    import xarray as xr

    from leyden.truncated_wigner.settings import TruncatedWigner

__all__ = ["sweep"]


def sweep(
    build: Any,
    axes: Mapping[str, Any],
    *,
    measure: Any = "steady_state",
    store: str | os.PathLike[str] | None = None,
    sampling: Sampling = "grid",
    points: int | None = None,
    seed: int = 0,
    fixed: Mapping[str, Any] | None = None,
    parameters: Mapping[str, str | Sequence[str]] | None = None,
    times: Any = None,
    method: str | TruncatedWigner | None = None,
    scheduler: str | None = None,
    workers: int = 1,
    resume: bool = False,
    block: int | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> xr.Dataset:
    """Measure a device over a whole range of its parameters.

    Parameters
    ----------
    build : str, callable or Network
        A name of the catalog, whose other parameters are those of `leyden devices NAME`; a function that takes
        parameters by name, as labelled arrays, and returns a Network; or a Network, whose parameters are called as the
        record that holds them, for example `TwoPhotonDrive(charger).amplitude`.
    axes : mapping of str to sequence, array or Range
        Values of each parameter that varies; a complex axis NAME becomes the coordinates `NAME_real` and
        `NAME_imaginary` over the dim NAME.
    measure : str or callable
        "steady_state", "charge" (with `times`), or a function of the network that returns a Dataset over the dims of
        its parameters, and perhaps more.
    store : str, path or None
        Zarr store to write to, block by block; None keeps everything in memory.
    sampling : str
        "grid" (every combination, one dim for each axis), "zip" (axes of equal length side by side, along the dim
        `point`), or "latin_hypercube" or "sobol" (`points` samples between the ends of the axes, along `point`).
    points : int or None
        Number of samples.
    seed : int
        Of the samples.
    fixed : mapping or None
        Parameters that are the same everywhere.
    parameters : mapping or None
        What an axis with a name of its own stands for: a parameter, or several that are set together, for example
        `{"drive": "TwoPhotonDrive(charger).amplitude"}`.
    times : array or None
        Of the charging curves, in units of 1/rate.
    method : str, TruncatedWigner or None
        As of `charge` and `steady_state`, or None to choose.
    scheduler : str or None
        Address of a Dask scheduler that computes the blocks; the store must be on a file system that its workers see.
    workers : int
        Processes that compute the blocks; 1 computes here.
    resume : bool
        Whether to go on with an unfinished store. Where there is none yet, one is begun.
    block : int or None
        Largest number of points that are computed and written at once; by default what fits about 512 MiB of working
        memory in each process, and at least 32 blocks. To write a block takes some 0.05 s beside its computation:
        where blocks are many and small, a warning says what that comes to.
    progress : callable or None
        Takes a `leyden.study.Progress` after each block.

    Returns
    -------
    xarray.Dataset
        Over the sweep's dims first, in the order of the axes; variables and attributes as the measure gives them.
        Points at which building or measuring raised, or whose Dataset says what is `unsolved`, are NaN; attributes
        `failed_points` and `failures` (JSON) tell which and why. Attribute `fixed` (JSON) tells what was fixed, and
        `device_file` holds the device, which `leyden.read_device` takes back: as it is without the axes, or, where
        `build` is a function, at the first point that works. From a store, values are read where they are looked at.

    Raises
    ------
    ParameterError
        If axes do not go together or name unknown parameters, if no point works, if the scheduler does not answer, if
        the store is not leyden's, holds another study or an unfinished one while `resume` is False, or if the results
        outgrow memory or disk.
    LeydenError
        If the disk runs full, the scheduler is lost, or blocks kill their workers. Finished blocks are kept.

    Notes
    -----
    A store that is finished is opened, and nothing is computed. One that was left unfinished, however its processes
    ended, is finished with `resume=True`, and then holds the same bits as if nothing had happened: blocks are computed
    whole, with one linear algebra thread, wherever they are computed. Other processors and other releases of NumPy may
    differ in the last bits.

    References
    ----------
    McKay, Beckman and Conover (1979) for Latin hypercubes, Sobol (1967) and Owen (1998) for scrambled Sobol points.

    Examples
    --------
    The critical drive is a quarter of the charger's decay rate 0.1 + 1/2:

    >>> from leyden.study import sweep
    >>> result = sweep("two_photon_battery", {"drive": [0.1, 0.2], "charger_damping": [0.1, 0.5]})
    >>> result.is_stable.values.tolist()
    [[True, True], [False, True]]
    """
    register()
    given = dict(fixed or {})
    builder = with_aliases(builder_of(build), targets_of(parameters))
    attributes = axis_attributes(builder, axes) if isinstance(axes, Mapping) else None
    grid = combine(axes, sampling, points=points, seed=seed, attributes=attributes)
    builder.refuse_names(axes, given)
    block = None if block is None else whole_number("block", block, 1)
    plan = Plan(builder, measure_of(measure, times, method), grid, given, block, progress)
    if store is not None:
        place = Store.at(store)
        status = plan.status(place, resume)
        if status is not None and status.is_complete:
            return place.open()
        with executor_of(workers, scheduler) as executor:
            return plan.in_store(place, status, executor)
    if resume:
        raise ParameterError.of("store", "be given to resume from", store)
    with executor_of(workers, scheduler) as executor:
        return plan.in_memory(executor)
