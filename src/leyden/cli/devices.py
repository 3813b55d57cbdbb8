"""`leyden devices`: the catalog."""

from __future__ import annotations

import sys

from leyden.cli.device import CatalogName, Setting, catalog_device
from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES

__all__ = ["devices"]


def devices(name: CatalogName = None, settings: Setting = None) -> None:
    """List the catalog; with NAME, print that device as a device file (TOML) to start from.

    Comments in the printed file say which units its numbers have.
    """
    if name is not None:
        from leyden.model.files import device_text

        sys.stdout.write(device_text(catalog_device(name, settings)))
        return
    if settings:
        raise ParameterError.of("--set", "go with the NAME of a device", settings[0])
    from rich.padding import Padding
    from rich.text import Text

    from leyden.cli.tables import stdout

    console = stdout()
    for device, entry in DEVICES.items():
        console.print(Text(device, style="bold"))
        console.print(Padding(entry.meaning, (0, 0, 0, 4)))
        reference = "  ".join(f"{parameter}={value}" for parameter, value in entry.reference.items())
        console.print(Padding(Text(reference, style="dim"), (0, 0, 0, 4)))
