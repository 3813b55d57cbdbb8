"""What workers need before their first block: importing this module, and leyden with it, imports it."""

from contextlib import suppress
from importlib import import_module

import_module("xarray")
# With Dask's base, xarray asks of each array whether it is one of Dask's.
for _name in ("zarr", "threadpoolctl", "dask.base"):
    with suppress(ImportError):
        import_module(_name)
