"""`leyden charge` and `leyden steady`: what a device does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leyden.cli.device import Device, Setting, device_of, parser
from leyden.cli.lab import LabOption, in_lab_units
from leyden.cli.methods import MethodName, MethodOption, method_told, way_of
from leyden.cli.quantities import Until, until_of

if TYPE_CHECKING:
    from leyden.portrait import Portrait

__all__ = ["charge", "steady"]

_MOST_POINTS = 1_000_000

_count = parser(int, lambda count: 2 <= count <= _MOST_POINTS, f"must be a whole number between 2 and {_MOST_POINTS},")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.nc", help="Write the data as netCDF, too.")]


def charge(
    device: Device,
    *,
    until: Until = None,
    points: Annotated[
        int, typer.Option("--points", metavar="N", help="Number of times, equidistant from 0 to T.", parser=_count)
    ] = 401,
    settings: Setting = None,
    method: MethodName = None,
    options: MethodOption = None,
    lab: LabOption = False,
    json: Json = False,
    out: Out = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw the curves (png, pdf or svg).")
    ] = None,
) -> None:
    """Charge a device from the vacuum: energy, ergotropy, power and ratios in time, exactly.

    A device above its threshold has no steady state, but its transient is computed all the same.
    """
    from leyden.cli.answers import check_file, write_data, write_picture
    from leyden.portrait import Portrait

    check_file("--out", out)
    check_file("--plot", plot)
    way = way_of(method, options, over_time=True)
    network = device_of(device, settings)
    portrait = _told(Portrait(network, until_of(until, network), points, **way), lab=lab)
    with method_told():
        if out is not None:
            write_data(portrait.run_dataset(), portrait.network, out)
        if plot is not None:
            write_picture(portrait.run_dataset(), plot)
        _print(portrait, portrait.run, json=json, over_time=True)


def steady(
    device: Device,
    *,
    settings: Setting = None,
    method: MethodName = None,
    options: MethodOption = None,
    lab: LabOption = False,
    json: Json = False,
    out: Out = None,
) -> None:
    """Steady state of a device: energy, ergotropy and ratios, once it has settled.

    Exit status 3 if it has none: its drive is above threshold, or something is undamped.
    """
    from leyden.cli.answers import check_file, write_data
    from leyden.portrait import Portrait

    check_file("--out", out)
    way = way_of(method, options, over_time=False)
    portrait = _told(Portrait(device_of(device, settings), at_rest=True, **way), lab=lab)
    with method_told():
        values = portrait.settled_values
        if out is not None:
            write_data(portrait.steady_dataset(), portrait.network, out)
        _print(portrait, values, json=json, over_time=False)


def _told(portrait: Portrait, *, lab: bool) -> Portrait:
    return in_lab_units(portrait) if lab else portrait


def _print(portrait: Portrait, values: Mapping[str, Any], *, json: bool, over_time: bool) -> None:
    """For people as tables, or for programs as one JSON object that has these values, too."""
    if json:
        from leyden.cli.answers import print_json
        from leyden.portrait import portrait_fields

        print_json(portrait_fields(portrait, values, over_time=over_time))
    else:
        from leyden.cli.tables import print_portrait

        print_portrait(portrait)
