"""Answers for programs: one strict JSON object on standard output, netCDF and pictures in files."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.atomic import atomic_path, refuse_unwritable
from leyden.cli.streams import tell
from leyden.errors import ParameterError
from leyden.model.files import device_text
from leyden.results.netcdf import netcdf_bytes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from leyden.model.network import Network

__all__ = [
    "DATA_SUFFIXES",
    "check_file",
    "out_told",
    "print_json",
    "write_data",
    "write_netcdf",
    "write_picture",
    "write_sweep_picture",
]

DATA_SUFFIXES = (".nc", ".nc4", ".h5")
_SUFFIXES = {"--out": DATA_SUFFIXES, "--plot": (".png", ".pdf", ".svg")}


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
    """Print one JSON object, a line for each of its members."""
    lines = [f"{json.dumps(name)}: {json.dumps(_plain(value), allow_nan=False)}" for name, value in fields.items()]
    sys.stdout.write("{\n  " + ",\n  ".join(lines) + "\n}\n")


def check_file(option: str, path: Path | None) -> None:
    """Refuse an option's file that could not be written, before anything is computed for it."""
    if path is None:
        return
    if path.suffix.lower() not in _SUFFIXES[option]:
        raise ParameterError.of(option, f"end in {', '.join(_SUFFIXES[option])}", str(path))
    refuse_unwritable(path, name=option)


@contextmanager
def out_told() -> Generator[None]:
    """Say `--out` in messages about where to write."""
    try:
        yield
    except ParameterError as error:
        raise error.about("--out") if error.name == "out" else error from None


def write_data(dataset: xr.Dataset, network: Network, path: Path) -> None:
    """Write a Dataset to a netCDF file, with the device file that it came from."""
    write_netcdf(dataset.assign_attrs(device_file=device_text(network)), path)


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a Dataset to a netCDF file, whole or not at all."""
    # In memory first, so that the file is whole or not there.
    content = netcdf_bytes(dataset)
    with atomic_path(path, name="--out") as temporary:
        temporary.write_bytes(content)
    tell(f"wrote {path}")


def write_picture(dataset: xr.Dataset, path: Path) -> None:
    """Draw charging curves into a file; its suffix chooses the format."""
    from leyden import plots

    _write_figure(plots.charging_curves(dataset), path)


def write_sweep_picture(dataset: xr.Dataset, path: Path) -> None:
    """Draw a sweep into a file, as `write_picture` does."""
    from leyden import plots

    _write_figure(plots.sweep_figure(dataset), path)


def _write_figure(figure: Figure, path: Path) -> None:
    drawn = io.BytesIO()
    figure.savefig(drawn, format=path.suffix.lower()[1:])
    # matplotlib's own writers end in errors of their own where a disk is full.
    with atomic_path(path, name="--plot") as temporary:
        temporary.write_bytes(drawn.getvalue())
    tell(f"wrote {path}")
