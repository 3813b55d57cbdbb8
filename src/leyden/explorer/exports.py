"""What is shown as a file: data as CSV or netCDF, pictures as leyden draws them for print."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from leyden.errors import ParameterError
from leyden.explorer.asked import AnswerAsked, ExportAsked, MapAsked, ProtocolAsked, SpectrumAsked, WignerAsked
from leyden.explorer.devices import network_of
from leyden.explorer.phases import mode_of, spectra_of
from leyden.explorer.planes import is_slow, plane_of
from leyden.explorer.protocols import protocol_run, stages_of
from leyden.model.files import device_text
from leyden.portrait import Portrait
from leyden.portrait.phase_space import wigner_over
from leyden.results.netcdf import netcdf_bytes

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["file_of", "takes_long"]

Told = Callable[[float], None] | None

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "nc": "application/x-netcdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "toml": "application/toml; charset=utf-8",
}
_DOTS = 200


def _curves(asked: AnswerAsked, _: Told) -> xr.Dataset:
    return Portrait(network_of(asked.device), asked.times.until, asked.times.points).run_dataset()


def _steady(asked: AnswerAsked, _: Told) -> xr.Dataset:
    return Portrait(network_of(asked.device)).steady_dataset()


def _map(asked: MapAsked, told: Told) -> xr.Dataset:
    values, abscissa = plane_of(asked, told)
    return values.to_dataset().assign(spectral_abscissa=abscissa)


def _wigner(asked: WignerAsked, _: Told) -> xr.Dataset:
    network = network_of(asked.device)
    found = wigner_over(Portrait(network), mode_of(asked, network), asked.time, asked.points)
    return found.rename("wigner").to_dataset()


def _spectrum(asked: SpectrumAsked, _: Told) -> xr.Dataset:
    """What both results have over frequency, port and battery: of pairs of modes there would be too many rows."""
    ways, leaving = (
        found[[name for name, values in found.data_vars.items() if {*values.dims} <= {"frequency", "port", "mode"}]]
        for found in spectra_of(asked)
    )
    # Which mode a port belongs to is in its name; batteries are the other result's.
    return leaving.drop_vars("mode", errors="ignore").merge(ways, combine_attrs="drop_conflicts", compat="override")


def _protocol(asked: ProtocolAsked, _: Told) -> xr.Dataset:
    return protocol_run(asked)


def _draw_curves(found: xr.Dataset) -> Figure:
    from leyden import plots

    return plots.charging_curves(found)


def _draw_map(found: xr.Dataset) -> Figure:
    from leyden import plots
    from leyden.plots.asked import why_missing

    name = next(str(one) for one in found.data_vars if one != "spectral_abscissa")
    up, across = map(str, found[name].dims)
    with plots.publication():
        figure = plots.sheet(plots.SINGLE_COLUMN, 2.7, layout="constrained")
        axes = figure.add_subplot()
        plots.draw_map(figure, axes, found[name], across=across, up=up)
        label = why_missing(found)
        patch = plots.mark_missing(axes, found["spectral_abscissa"], across=across, up=up, label=label)
        if patch is not None:
            axes.legend(handles=[patch], loc="upper right", frameon=True)
    return figure


def _draw_wigner(found: xr.Dataset) -> Figure:
    from leyden import plots

    with plots.publication():
        figure = plots.sheet(plots.SINGLE_COLUMN, 2.7, layout="constrained")
        plots.draw_wigner(figure, figure.add_subplot(), found["wigner"])
    return figure


def _draw_spectrum(found: xr.Dataset) -> Figure:
    from leyden import plots

    # Of several batteries the first: each way has one line.
    several = "mode" in found["forward_transfer"].dims
    ways = found[["forward_transfer", "backward_transfer"]]
    with plots.publication():
        figure = plots.sheet(plots.DOUBLE_COLUMN, 2.9, layout="constrained")
        left, right = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2)
        plots.spectrum(ways.isel(mode=0) if several else ways, ax=left)
        if several:
            left.set_title(f"to {ways['mode'].values[0]}".replace("$", r"\$"), loc="left", pad=18)
        plots.spectrum(found[["squeezed_variance", "amplified_variance"]], ax=right)
    return figure


_SHOWN: Mapping[str, tuple[type[Any], Callable[[Any, Told], xr.Dataset], Callable[[xr.Dataset], Figure] | None]] = {
    "curves": (AnswerAsked, _curves, _draw_curves),
    "steady": (AnswerAsked, _steady, None),
    "map": (MapAsked, _map, _draw_map),
    "wigner": (WignerAsked, _wigner, _draw_wigner),
    "spectrum": (SpectrumAsked, _spectrum, _draw_spectrum),
    "protocol": (ProtocolAsked, _protocol, _draw_curves),
}


def _in_bytes(found: xr.Dataset, asked: ExportAsked, draw: Callable[[xr.Dataset], Figure] | None) -> bytes:
    if asked.format == "csv":
        if not found.dims:
            found = found.expand_dims("device")
        return found.to_dataframe().to_csv().encode()
    if asked.format == "nc":
        return netcdf_bytes(found)
    if draw is None:
        raise ParameterError.of("format", "be csv or nc for this", asked.format)
    written = io.BytesIO()
    draw(found).savefig(written, format=asked.format, dpi=_DOTS)
    return written.getvalue()


def _inner(asked: ExportAsked) -> Any:
    """What was asked of what is shown, as it would be asked without a file."""
    form, *_ = _SHOWN[asked.what]
    try:
        return form.model_validate({"device": asked.device.model_dump(), **asked.request})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise ParameterError(
            f"Argument `request` must be what was asked: {field}: {first['msg']}", name=field
        ) from None


def takes_long(asked: ExportAsked) -> bool:
    """Whether moments do not close for what is to be saved: then it may take minutes."""
    if asked.what in ("device", "spectrum"):
        return False
    inner = _inner(asked)
    if isinstance(inner, MapAsked):
        return is_slow(inner)
    networks = [network_of(asked.device)]
    if isinstance(inner, ProtocolAsked):
        networks = [stage.network for stage in stages_of(inner)]
    return any(Portrait(network).beyond for network in networks)


def file_of(asked: ExportAsked, told: Told = None) -> tuple[bytes, str, str]:
    """A file's content, its type and its name."""
    network = network_of(asked.device)
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", network.name)[:60] or "device"
    if (asked.what == "device") != (asked.format == "toml"):
        allowed = "be toml for a device" if asked.what == "device" else "be csv, nc, png or svg here"
        raise ParameterError.of("format", allowed, asked.format)
    if asked.what == "device":
        return device_text(network).encode(), _TYPES["toml"], f"{stem}.toml"
    _, found, draw = _SHOWN[asked.what]
    content = _in_bytes(found(_inner(asked), told), asked, draw)
    return content, _TYPES[asked.format], f"{stem}-{asked.what}.{asked.format}"
