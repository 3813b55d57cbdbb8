"""`leyden report`: a page about a device of one's own."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from leyden.cli.device import Device, Setting, device_of
from leyden.cli.quantities import Until, until_of
from leyden.model.catalog import DEVICES

__all__ = ["report"]


def report(
    device: Device,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Folder to write into; made if missing.")] = Path(
        "report"
    ),
    until: Until = None,
    settings: Setting = None,
) -> None:
    """Write a page about a device: what it is, what it does, verdicts with their criteria, pictures, and its data.

    FOLDER/report.html needs nothing beside it; device file, data (netCDF) and pictures (PNG, PDF) lie beside it.
    """
    from leyden.cli.answers import out_told
    from leyden.cli.progress import on_stderr
    from leyden.report import write_report

    network = device_of(device, settings)
    end, command = until_of(until, network), _command(device, until, settings or ())
    with out_told(), on_stderr("reporting") as progress:
        page = write_report(network, out, until=end, command=command, progress=progress)
    print(page)


def _command(device: str, until: float | str | None, settings: Sequence[str]) -> str:
    """What makes the same page; of a device file the copy beside it, wherever the first one lies."""
    words = ["leyden", "report", device if device in DEVICES else "device.toml"]
    if isinstance(until, str):
        words += ["--until", until]
    elif until is not None:
        words += ["--until", f"{until:g}" if float(f"{until:g}") == until else repr(until)]
    for setting in settings:
        words += ["--set", setting]
    return shlex.join(words)
