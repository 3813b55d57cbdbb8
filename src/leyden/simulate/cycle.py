"""What the stages of a protocol are worth, and all of them together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import is_concrete, with_texts
from leyden.errors import ParameterError
from leyden.merit.curves import half_life
from leyden.quantities import ENERGY, QUANTITIES, TIME, attributes_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["cycle"]

_AT_THE_END = ("charger_energy", "stored_energy", "ergotropy", "passive_energy")
_SO_FAR = ("drive_work", "coupling_work", "bath_energy")
_COARSE = "NaN where more than half of what is left is lost between two times: give that stage more `points`"
_HALF_LIVES = {"energy_half_life": "stored_energy", "ergotropy_half_life": "ergotropy"}


def cycle(run: xr.Dataset) -> xr.Dataset:
    """What each stage of a protocol does, and what the whole cycle yields.

    Parameters
    ----------
    run : xarray.Dataset
        As `leyden.protocol` gives it.

    Returns
    -------
    xarray.Dataset
        Over `stage` (names, in order): `duration`; `drive_work`, `coupling_work` and, over `bath`, `bath_energy`, what
        they put in during the stage; `charger_energy`, `stored_energy`, `passive_energy` and `ergotropy` at its end;
        `energy_half_life` and `ergotropy_half_life`, in 1/rate, after which the battery has lost half of what it had
        at the beginning of the stage, NaN where it does not within the stage, or where the run has too few times to
        tell, which the attribute `reason` says then. And of the whole, without `stage`:
        `work_in`, summed over the stages in which drives and couplings put work in; `work_out`, over those in which
        they take it out; `cycle_yield`, work out and ergotropy gained over work in. For several batteries `mode`
        is kept, and the yield counts the sum of their ergotropies.

    Raises
    ------
    ParameterError
        If the Dataset is not that of a protocol, or has lost the times at which its stages begin and end.

    Notes
    -----
    Energy that a stage gives to a load, a bath of its own, is minus the `bath_energy` of that bath. A half-life is
    found between the times of the run, give enough of them.

    Examples
    --------
    >>> import leyden as ly
    >>> rates = dict(charger_damping=0.1, battery_damping=0.1)
    >>> charge = ly.Stage("charge", ly.catalog.two_photon_battery(drive=0.1, **rates), 20.0)
    >>> modes = [ly.Mode("charger"), ly.Mode("battery")]
    >>> rest = ly.Network(modes, [ly.LocalBath("battery", 0.1)], charger="charger", battery="battery")
    >>> found = ly.cycle(ly.protocol([charge, ly.Stage("hold", rest, 10.0)]))
    >>> found.energy_half_life.round(6).values.tolist()  # ln 2 over the damping
    [nan, 6.931472]
    """
    import xarray as xr

    names = getattr(run, "data_vars", ())
    needed = ("stage_number", "drive_work", "stored_energy", "ergotropy")
    if not (isinstance(run, xr.Dataset) and all(name in names or name in run.coords for name in needed)):
        raise ParameterError.of("run", "be the Dataset of a protocol", run, "See leyden.protocol.")
    last = _ends_of(run)
    first = [0, *last[:-1]]
    spans = [(begin, end + 1) for begin, end in zip(first, last, strict=True)]
    stages = [str(run["stage"].values[place]) for place in last]
    bare = run.drop_vars(["stage", "stage_number"])
    times = np.asarray(run["time"], dtype=np.float64)
    unit = str(run["stored_energy"].attrs.get("units", ENERGY))
    in_time = {"units": str(run["time"].attrs.get("units", TIME))}

    def at(name: str, places: list[int]) -> xr.DataArray:
        return bare[name].isel(time=places).drop_vars("time").rename(time="stage")

    found: dict[str, Any] = {"duration": ("stage", times[last] - times[first], attributes_of("duration") | in_time)}
    for name in _SO_FAR:
        if name in run:
            # The description of the run says "so far".
            found[name] = (at(name, last) - at(name, first)).assign_attrs(
                run[name].attrs | {"description": f"{QUANTITIES[name].meaning.removesuffix(' so far')} in the stage"}
            )
    found |= {name: at(name, last).assign_attrs(run[name].attrs) for name in _AT_THE_END if name in run}
    for name, of in _HALF_LIVES.items():
        curves = [bare[of].isel(time=slice(*pair)) for pair in spans]
        parts = [_half_life(curve, times[slice(*pair)]) for curve, pair in zip(curves, spans, strict=True)]
        found[name] = xr.concat(parts, dim="stage").assign_attrs(attributes_of(name) | in_time)
        if any(map(_is_coarse, curves, parts)):
            found[name].attrs["reason"] = _COARSE
    work = found["drive_work"] + found.get("coupling_work", 0.0)
    ergotropy = bare["total_ergotropy" if "total_ergotropy" in run else "ergotropy"]
    gained = ergotropy.isel(time=-1, drop=True) - ergotropy.isel(time=0, drop=True)
    put_in, taken = work.clip(min=0.0).sum("stage", skipna=False), (-work).clip(min=0.0).sum("stage", skipna=False)
    attributes = {"units": unit}
    found["work_in"] = put_in.assign_attrs(attributes_of("work_in") | attributes)
    found["work_out"] = taken.assign_attrs(attributes_of("work_out") | attributes)
    found["cycle_yield"] = ((taken + gained) / put_in.where(put_in > 0)).assign_attrs(attributes_of("cycle_yield"))
    order = ("stage",)
    whole = xr.Dataset(found, coords={"stage": ("stage", stages, {"long_name": "stage"})})
    return with_texts(whole.transpose(..., *order).assign_attrs(run.attrs))


def _ends_of(run: xr.Dataset) -> list[int]:
    """Places of the last time of each stage, of a run that has them all from its beginning."""
    numbers, times = np.asarray(run["stage_number"]), np.asarray(run["time"], dtype=np.float64)
    spans = [stage["duration"] for stage in json.loads(run.attrs.get("stages", "[]"))]
    if numbers.ndim == times.ndim == 1 and len(times) > 0:
        last = [int(np.flatnonzero(numbers == number)[-1]) for number in np.unique(numbers)]
        is_whole = bool(
            times[0] == 0 and np.all(np.diff(times) > 0) and np.array_equal(np.unique(numbers), range(len(last)))
        )
        ends, known = np.cumsum(spans[: len(last)]), times[last]
        if spans and is_whole and known[-1] > 0:
            # In lab units times are those of the stages, but for one factor.
            own = 1.0 if run["time"].attrs.get("units", TIME) == TIME else known[-1] / ends[-1]
            is_whole = len(ends) == len(known) and np.allclose(known, own * ends, rtol=1e-9, atol=0)
        if is_whole:
            return last
    remedy = "Select along time from what `cycle` has found."
    raise ParameterError.of(
        "run", "begin at time 0 and have the end of each of its stages", np.asarray(run["time"]), remedy
    )


def _is_coarse(curve: xr.DataArray, found: xr.DataArray) -> bool:
    """Whether a curve falls to half of what it was, and nobody knows when; what is traced tells nothing."""
    if not is_concrete(found.data):
        return False
    start = curve.isel(time=0, drop=True)
    is_lost = np.isnan(found) & (start > 0) & (curve <= start / 2).any("time") & curve.notnull().all("time")
    return bool(is_lost.any())


def _half_life(curves: xr.DataArray, times: NDArray[np.float64]) -> xr.DataArray:
    """Of curves in one stage."""
    import xarray as xr

    def found(values: Any) -> Any:
        return half_life(times, values)

    return xr.apply_ufunc(found, curves, input_core_dims=[["time"]])
