"""States out of a Dataset that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.arrays import namespace_of
from leyden.conventions import VACUUM_VARIANCE
from leyden.errors import ParameterError
from leyden.states.gaussian import GaussianState, check_physical

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["MODES", "MOMENT", "MOMENTS", "QUADRATURE", "WITH_QUADRATURE", "from_dataset"]

# Dims behind those of the batch and of time; `mode` is that of the batteries.
QUADRATURE, WITH_QUADRATURE, MODES, MOMENT = "quadrature", "with_quadrature", "network_mode", "moment"
MOMENTS = ("quanta", "squeezing_real", "squeezing_imaginary")
# Times that differ by less of themselves are the same: they were written in decimals, perhaps.
_ALIKE = 1e-9


def from_dataset(dataset: xr.Dataset, time: float | None = None) -> GaussianState:
    """State of all modes from a Dataset that keeps it, as `leyden.charge(..., keep_state=True)` does.

    Parameters
    ----------
    dataset : xarray.Dataset
        With `mean` and `covariance`, and `own_moments` where more digits are known; also one that was written to a file
        and read again, or a part of it.
    time : float or None
        One of its times, in 1/rate; all of them, as the last batch axis, if it is left out.

    Returns
    -------
    GaussianState
        Batch axes in the order of the Dataset's dims.

    Raises
    ------
    ParameterError
        If it keeps no state, or none of that time.
    UnphysicalStateError
        If what it keeps breaks the uncertainty relation.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> run = ly.charge(device, [0.0, 10.0, 500.0], keep_state=True)
    >>> state = ly.states.from_dataset(run, time=500.0)
    >>> round(float(ly.merit.energy(state, mode=1)), 9)
    0.9375
    """
    names = getattr(dataset, "data_vars", {})
    missing = [name for name in ("mean", "covariance") if name not in names]
    if missing:
        remedy = "Charge with `keep_state=True`."
        raise ParameterError.of("dataset", "hold `mean` and `covariance`", f"none named {missing[0]!r}", remedy)
    if time is not None:
        dataset = _at(dataset, time)
    dims = [dim for dim in dataset["mean"].dims if dim != QUADRATURE]
    mean = _numbers(dataset["mean"].transpose(*dims, QUADRATURE))
    covariance = _numbers(dataset["covariance"].transpose(*dims, QUADRATURE, WITH_QUADRATURE))
    xp = namespace_of(mean, covariance)
    excess = covariance - VACUUM_VARIANCE * xp.eye(covariance.shape[-1], dtype=covariance.dtype)
    own = None
    if "own_moments" in names:
        own = _numbers(dataset["own_moments"].transpose(*dims, MODES, MOMENT))
    state = GaussianState.holding(mean=mean, excess=excess, own=own)
    check_physical(state, "dataset")
    return state


def _numbers(variable: Any) -> Any:
    """Numbers of a variable; those that Dask has not read yet are read."""
    return np.asarray(variable.data) if hasattr(variable.data, "compute") else variable.data


def _at(dataset: xr.Dataset, time: float) -> xr.Dataset:
    """The part of one time."""
    if "time" not in dataset.dims:
        raise ParameterError.of("time", "be left out", time, "The Dataset has no axis of times.")
    times = np.asarray(dataset["time"], dtype=np.float64)
    place = int(np.argmin(np.abs(times - time))) if len(times) else 0
    if not len(times) or not abs(times[place] - time) <= _ALIKE * max(abs(time), abs(times[place])):
        nearest = f"The nearest is {times[place]:g}." if len(times) else "There is none."
        raise ParameterError.of("time", "be one of the Dataset's times", time, nearest)
    return dataset.isel(time=place)
