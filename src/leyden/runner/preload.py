"""What workers need before their first block: importing this module, and leyden with it, imports it."""

from contextlib import suppress
from importlib import import_module

# xarray looks for Dask when it makes its first array.
import_module("xarray").DataArray(0.0)
with suppress(ImportError):
    import_module("zarr")
