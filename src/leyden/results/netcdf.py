"""Datasets as the bytes of a netCDF file."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["netcdf_bytes"]


def netcdf_bytes(dataset: xr.Dataset) -> bytes:
    """The file as it will be, in memory: where a disk is full, HDF5 has much to say, and says it after it is gone."""
    import h5netcdf
    import xarray as xr
    from xarray.backends import H5NetCDFStore

    written = io.BytesIO()
    with h5netcdf.File(written, "w") as file, warnings.catch_warnings():
        # Addresses have blanks, which lists of coordinates in such files do not know: they are written as variables.
        warnings.filterwarnings("ignore", "coordinate .* has a space in its name", xr.SerializationWarning)
        dataset.dump_to_store(H5NetCDFStore(file))
    return written.getvalue()
