"""Answers for programs: one strict JSON object on standard output, netCDF and pictures in files."""

from __future__ import annotations

import io
import json
import math
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.atomic import atomic_path, refuse_unwritable
from leyden.cli.portrait import Column, Peak, Portrait
from leyden.cli.streams import tell
from leyden.errors import ParameterError
from leyden.merit.settling import BAND
from leyden.model.files import device_tables, device_text
from leyden.quantities import QUANTITIES

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "DATA_SUFFIXES",
    "announce",
    "check_data_file",
    "check_picture_file",
    "portrait_fields",
    "print_json",
    "write_data",
    "write_netcdf",
    "write_picture",
]

DATA_SUFFIXES = (".nc", ".nc4", ".h5")
_PICTURE_SUFFIXES = (".png", ".pdf", ".svg")


def _plain(value: Any) -> Any:
    """A value in JSON's words: no NaN and no infinity, complex numbers as {"re": ..., "im": ...}."""
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, complex):
        return {"re": _plain(value.real), "im": _plain(value.imag)}
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return value


def print_json(fields: Mapping[str, Any]) -> None:
    """Print one JSON object, a line for each of its members.

    Parameters
    ----------
    fields : mapping of str to anything
        Numbers, strings, arrays, nested mappings; NaN and infinities become null.
    """
    lines = [f"{json.dumps(name)}: {json.dumps(_plain(value), allow_nan=False)}" for name, value in fields.items()]
    sys.stdout.write("{\n  " + ",\n  ".join(lines) + "\n}\n")


def _variables(dataset: xr.Dataset) -> dict[str, Any]:
    names = [str(name) for name in (*dataset.coords, *dataset.data_vars)]
    return {name: dataset[name].values for name in names if name != "is_stable"}


def _peak(peak: Peak | None) -> dict[str, Any] | None:
    return None if peak is None else {"value": peak.value, "time": peak.time, "at": peak.place}


def _per_column(portrait: Portrait, one: Callable[[Column], Any]) -> Any:
    """The only battery's answer, or one for each battery and the total by name."""
    columns = portrait.columns
    return one(columns[0]) if len(columns) == 1 else {column.name: one(column) for column in columns}


def portrait_fields(portrait: Portrait, dataset: xr.Dataset) -> dict[str, Any]:
    """Members of the JSON object of `charge` and `steady`.

    Parameters
    ----------
    portrait : Portrait
        The device and its run.
    dataset : Dataset
        Whose variables are members of their own, by name.

    Returns
    -------
    dict
    """
    fields: dict[str, Any] = {name: dataset.attrs[name] for name in ("device", "version", "conventions")}
    fields["parameters"] = device_tables(portrait.network)
    fields["stability"] = {
        "is_stable": portrait.is_stable,
        "condition": portrait.condition,
        "spectral_abscissa": portrait.abscissa,
    }
    fields["threshold"] = {
        found.mode: {
            "drive": found.drive,
            "critical_drive": found.critical,
            "margin": found.critical - found.drive,
        }
        for found in portrait.thresholds
    }
    fields["transport"] = {
        battery: {"words": way.words(portrait.network.charger, battery), "back_action": way.back_action}
        for battery, way in portrait.transport.items()
    }
    fields["settling_time"] = _per_column(portrait, lambda column: portrait.settling[column.name])
    fields["settling_band"] = BAND
    names = portrait.quantities()
    fields["steady"] = (
        _per_column(portrait, lambda column: {name: portrait.steady_value(column, name) for name in names})
        if portrait.is_stable
        else None
    )
    fields["peak"] = _per_column(portrait, lambda column: {name: _peak(portrait.peak(column, name)) for name in names})
    variables = _variables(dataset)
    times = {"settling_time": QUANTITIES["time"].unit, "spectral_abscissa": QUANTITIES["spectral_abscissa"].unit}
    fields["units"] = times | {
        name: dataset[name].attrs["units"] for name in variables if "units" in dataset[name].attrs
    }
    return fields | variables


def announce(text: str) -> None:
    """Say on stderr what has been done.

    Parameters
    ----------
    text : str
        A sentence.
    """
    tell(text)


def _check(path: Path, option: str, suffixes: tuple[str, ...]) -> None:
    if path.suffix.lower() not in suffixes:
        raise ParameterError.of(option, f"end in {', '.join(suffixes)}", str(path))
    refuse_unwritable(path, name=option)


def check_data_file(path: Path | None) -> None:
    """Refuse a data file that could not be written, before anything is computed for it.

    Parameters
    ----------
    path : Path or None
        What --out says.

    Raises
    ------
    ParameterError
        If its suffix is not that of a netCDF file, or it cannot be written.
    """
    if path is not None:
        _check(path, "--out", DATA_SUFFIXES)


def check_picture_file(path: Path | None) -> None:
    """Refuse a picture file that could not be written, before anything is computed for it.

    Parameters
    ----------
    path : Path or None
        What --plot says.

    Raises
    ------
    ParameterError
        If its suffix is none of png, pdf and svg, or it cannot be written.
    """
    if path is not None:
        _check(path, "--plot", _PICTURE_SUFFIXES)


def _annotated(dataset: xr.Dataset, portrait: Portrait) -> xr.Dataset:
    """With the critical drive among the attributes, where there is one."""
    found = [threshold.critical for threshold in portrait.thresholds if math.isfinite(threshold.critical)]
    return dataset.assign_attrs(critical_drive=found[0]) if len(found) == 1 else dataset


def write_data(dataset: xr.Dataset, portrait: Portrait, path: Path | None) -> None:
    """Write a Dataset to a netCDF file, with the device file that it came from.

    Parameters
    ----------
    dataset : Dataset
        What to write.
    portrait : Portrait
        Of the device.
    path : Path or None
        What --out says.
    """
    if path is None:
        return
    write_netcdf(_annotated(dataset, portrait).assign_attrs(device_file=device_text(portrait.network)), path)


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a Dataset to a netCDF file, whole or not at all.

    Parameters
    ----------
    dataset : Dataset
        What to write.
    path : Path
        What --out says.
    """
    import h5netcdf
    import xarray as xr
    from xarray.backends import H5NetCDFStore

    # In memory first: where a disk is full, HDF5 has much to say, and says it after the file is gone, too.
    written = io.BytesIO()
    with h5netcdf.File(written, "w") as file, warnings.catch_warnings():
        # Addresses have blanks, which lists of coordinates in such files do not know: they are written as variables.
        warnings.filterwarnings("ignore", "coordinate .* has a space in its name", xr.SerializationWarning)
        dataset.dump_to_store(H5NetCDFStore(file))
    with atomic_path(path, name="--out") as temporary:
        temporary.write_bytes(written.getbuffer())
    announce(f"wrote {path}")


def write_picture(portrait: Portrait, path: Path | None) -> None:
    """Draw charging curves into a file; its suffix chooses the format.

    Parameters
    ----------
    portrait : Portrait
        Of the device.
    path : Path or None
        What --plot says.
    """
    if path is None:
        return
    from leyden import plots

    drawn = io.BytesIO()
    plots.charging_curves(_annotated(portrait.run, portrait)).savefig(drawn, format=path.suffix.lower()[1:])
    # matplotlib's own writers end in errors of their own where a disk is full.
    with atomic_path(path, name="--plot") as temporary:
        temporary.write_bytes(drawn.getvalue())
    announce(f"wrote {path}")
