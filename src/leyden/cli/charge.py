"""`leyden charge` and `leyden steady`: what a device does."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from leyden.cli.device import Device, Setting, device_of
from leyden.quantities import QUANTITIES
from leyden.text import shortened

__all__ = ["charge", "steady"]

_MOST_POINTS = 1_000_000
_TIME = QUANTITIES["time"].unit


def _time(text: str) -> float:
    """A time from the command line; Typer's own message would not say what was found."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found > 0):
        raise typer.BadParameter(f"must be a finite time above 0, in {_TIME}, but is {shortened(text)}")
    return found


def _count(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        found = 0
    if not 2 <= found <= _MOST_POINTS:
        raise typer.BadParameter(f"must be a whole number between 2 and {_MOST_POINTS}, but is {shortened(text)}")
    return found


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.nc", help="Write the data as netCDF, too.")]


def charge(
    device: Device,
    *,
    until: Annotated[
        float | None,
        typer.Option(
            "--until",
            metavar="T",
            help=f"Last time, in {_TIME}. By default ten of the slowest relaxation times, or four growth times.",
            parser=_time,
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        int, typer.Option("--points", metavar="N", help="Number of times, equidistant from 0 to T.", parser=_count)
    ] = 401,
    settings: Setting = None,
    json: Json = False,
    out: Out = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw the curves (png, pdf or svg).")
    ] = None,
) -> None:
    """Charge a device from the vacuum: energy, ergotropy, power and ratios in time, exactly.

    A device above its threshold has no steady state, but its transient is computed all the same.
    """
    from leyden.cli.answers import (
        check_data_file,
        check_picture_file,
        portrait_fields,
        print_json,
        write_data,
        write_picture,
    )
    from leyden.cli.portrait import Portrait

    check_data_file(out)
    check_picture_file(plot)
    portrait = Portrait(device_of(device, settings), until, points)
    write_data(portrait.run, portrait, out)
    write_picture(portrait, plot)
    if json:
        print_json(portrait_fields(portrait, portrait.run))
    else:
        from leyden.cli.tables import print_portrait

        print_portrait(portrait)


def steady(device: Device, *, settings: Setting = None, json: Json = False, out: Out = None) -> None:
    """Steady state of a device: energy, ergotropy and ratios, once it has settled.

    Exit status 3 if it has none: its drive is above threshold, or something is undamped.
    """
    import leyden as ly
    from leyden.cli.answers import check_data_file, portrait_fields, print_json, write_data
    from leyden.cli.portrait import Portrait

    check_data_file(out)
    portrait = Portrait(device_of(device, settings))
    found = ly.steady_state(portrait.network)
    write_data(found, portrait, out)
    if json:
        print_json(portrait_fields(portrait, found))
    else:
        from leyden.cli.tables import print_portrait

        print_portrait(portrait)
