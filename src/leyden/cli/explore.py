"""`leyden explore`: a page in the browser on which a device answers while its parameters are moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leyden.cli.device import Device, Setting, device_of, parser
from leyden.cli.over import FORM
from leyden.errors import ParameterError

if TYPE_CHECKING:
    from leyden.explorer.asked import DeviceAsked
    from leyden.model.network import Network

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
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            metavar="FILE.html",
            help="Write one page with sliders over computed frames, for offline.",
        ),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option("--over", metavar=FORM, help="With --export: what its sliders move, one parameter or two."),
    ] = None,
) -> None:
    """Explore a device on a page in the browser: move its parameters, and see what it does.

    The server answers to this machine alone and ends with Ctrl-C. With --export there is none: the page becomes a file.
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
    if export is not None:
        _write(export, asked, over, network)
        return
    if over:
        raise ParameterError.of("--over", "go with --export", over[0])
    serve(host, port, device=asked, opens_browser=browser, tell=tell)


def _write(path: Path, asked: DeviceAsked, over: list[str] | None, network: Network) -> None:
    """The page as a file."""
    from leyden.atomic import atomic_path, refuse_unwritable
    from leyden.cli.over import axes_of
    from leyden.cli.progress import Pauses, on_stderr
    from leyden.cli.streams import tell
    from leyden.explorer.offline import offline_page

    if path.suffix.lower() not in (".html", ".htm"):
        raise ParameterError.of("--export", "end in .html", str(path))
    refuse_unwritable(path, name="--export")
    found = axes_of(over or (), network)
    axes = {name: values.values() if hasattr(values, "points") else values for name, values in found.items()}
    with on_stderr("exporting") as message:
        pauses = Pauses()

        def told(done: int, total: int) -> None:
            if pauses.is_over(done, total):
                message("devices", done, total)

        text = offline_page(asked, axes or None, told, name=network.name)
    with atomic_path(path, name="--export") as temporary:
        temporary.write_text(text, encoding="utf-8")
    tell(f"wrote {path}")


def _in_json(values: dict[str, object]) -> dict[str, object]:
    return {
        name: {"re": value.real, "im": value.imag} if isinstance(value, complex) else value
        for name, value in values.items()
    }
