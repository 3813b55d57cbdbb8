"""`leyden explore`: a page in the browser on which a device answers while its parameters are moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leyden.cli.device import Device, Setting, device_of, parser
from leyden.errors import ParameterError

__all__ = ["explore"]

_port = parser(int, lambda port: 0 <= port <= 65535, "must be a whole number between 0 and 65535,")


def explore(
    device: Device = "two_photon_battery",
    *,
    settings: Setting = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", help="Port of the server; by default a free one.", parser=_port, show_default=False
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at. Any but a loopback one lets other machines in.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Explore a device on a page in the browser: move its parameters, and see what it does.

    The server answers to this machine alone and ends with Ctrl-C.
    """
    from leyden.extras import command_for, extra_packages

    packages = extra_packages()["explore"].values()
    if missing := command_for(packages):
        raise ParameterError(f"The explorer needs packages that are not installed. Get them: {missing}")
    from leyden.cli.streams import tell
    from leyden.explorer.asked import DeviceAsked
    from leyden.explorer.serving import serve
    from leyden.model.catalog import DEVICES

    network = device_of(device, settings)  # complains at once of what is wrong
    if device in DEVICES:
        from leyden.cli.device import settings_of

        asked = DeviceAsked.model_validate({"catalog": device, "parameters": _in_json(settings_of(settings or ()))})
    else:
        asked = DeviceAsked(text=Path(device).read_text(encoding="utf-8-sig"))
    del network
    serve(host, port, device=asked, opens_browser=browser, tell=tell)


def _in_json(values: dict[str, object]) -> dict[str, object]:
    return {
        name: {"re": value.real, "im": value.imag} if isinstance(value, complex) else value
        for name, value in values.items()
    }
