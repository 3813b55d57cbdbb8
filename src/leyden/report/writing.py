"""The report of a device into a folder: the page, its pictures, its numbers and the device itself."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import leyden as ly
from leyden.atomic import atomic_path, refuse_unwritable
from leyden.errors import ParameterError
from leyden.model.files import device_text
from leyden.portrait import Portrait

if TYPE_CHECKING:
    import xarray as xr

    from leyden.report.drawing import Drawing
    from leyden.report.material import Material

__all__ = ["write_report"]

_PAGE = "report.html"


def write_report(
    network: ly.Network,
    out: str | os.PathLike[str],
    *,
    until: float | None = None,
    command: str = "",
    progress: Callable[..., None] | None = None,
) -> Path:
    """Write the report of a device: what it is, what it does, verdicts with their criteria, pictures, and data.

    Parameters
    ----------
    network : Network
        A single device of any size, Gaussian or not, with pulses or without, stable or not.
    out : str or path
        Folder to write into, made if it is missing. Files of an earlier report are replaced, each whole or not at all.
    until : float or None
        End of the run in 1/rate; by default what shows the slowest rate.
    command : str
        What made it on the command line, to be shown; by default that of the device file beside the page.
    progress : callable or None
        Called with words before each step.

    Returns
    -------
    Path
        Of the page, `report.html`, which needs nothing beside it. `device.toml`, `charge.nc`, `steady.nc` where there
        is a steady state, and each picture as PNG and PDF, a drawing of more than two modes as SVG, lie beside it.

    Raises
    ------
    ParameterError
        If the folder cannot be written, or the device is a batch.

    Notes
    -----
    The same device gives the same bytes. What a device does not have, or would take minutes, is left out with the
    reason.

    Examples
    --------
    >>> import tempfile
    >>> import leyden as ly
    >>> from leyden.report import write_report
    >>> device = ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_report(device, folder)
    ...     "squeezed_bath_battery" in page.read_text()
    True
    """
    if network.arrays:
        element, name, _ = network.arrays[0]
        raise ParameterError.of(
            "network", "be a single device", f"a batch by {element.label}.{name}", "Take one of its members."
        )
    folder = _writable_folder(out)
    # matplotlib and jinja2 come in here, after all that can be refused.
    from leyden.report.drawings import drawings
    from leyden.report.material import Material
    from leyden.report.paging import report_page

    tell: Callable[..., None] = progress or (lambda *_parts: None)
    material = Material(Portrait(network, until))
    drawn: list[Drawing] = []
    with material.heard():
        tell("charging")
        _ = material.run
        for drawing in drawings(material):
            tell(drawing.title.lower())
            drawn.append(drawing)
        page = report_page(material, drawn, command)
    tell("writing")
    _write_all(folder, material, drawn, page)
    return folder / _PAGE


def _writable_folder(out: str | os.PathLike[str]) -> Path:
    try:
        folder = Path(out)
        if folder.suffix.lower() in (".html", ".htm") and not folder.is_dir():
            raise ParameterError.of("out", f"be a folder, in which the page is called {_PAGE}", str(out))
        folder.mkdir(parents=True, exist_ok=True)
    except ParameterError:
        raise
    except (OSError, TypeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ParameterError.of("out", f"be a folder that can be written ({reason.lower()})", str(out)) from None
    refuse_unwritable(folder / _PAGE, name="out")
    return folder


def _write_all(folder: Path, material: Material, drawn: Sequence[Drawing], page: str) -> None:
    from leyden.page.pictures import drawn as bytes_of

    # All of it in memory first, the page last: where it stands, all the rest does.
    files: dict[str, bytes] = {
        "device.toml": device_text(material.network).encode(),
        "charge.nc": _netcdf(material.run),
    }
    if material.steady is not None:
        files["steady.nc"] = _netcdf(material.steady)
    if material.diagram:
        files["device.svg"] = material.diagram.encode()
    for drawing in drawn:
        for form in ("png", "pdf"):
            files[f"{drawing.stem}.{form}"] = bytes_of(drawing.page, form)
    files[_PAGE] = page.encode()
    for name, content in files.items():
        with atomic_path(folder / name, name="out") as temporary:
            temporary.write_bytes(content)


def _netcdf(dataset: xr.Dataset) -> bytes:
    target = io.BytesIO()
    packed: dict[str, dict[str, Any]] = {str(name): {"zlib": True} for name in dataset.data_vars}
    dataset.to_netcdf(target, engine="h5netcdf", encoding=packed)
    return target.getvalue()
