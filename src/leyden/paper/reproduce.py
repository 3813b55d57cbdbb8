"""The whole paper into one folder: figures, their data, the verdicts, the report."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leyden.atomic import atomic_path, refuse_unwritable
from leyden.errors import ParameterError

if TYPE_CHECKING:
    import xarray as xr

    from leyden.page import Illustration
    from leyden.paper.claims import Finding
    from leyden.paper.figures import PaperFigure

__all__ = ["reproduce"]

_REPORT = "report.html"


def reproduce(out: str | os.PathLike[str], *, progress: Callable[..., None] | None = None) -> Path:
    """Reproduce the paper: figures 1 to 6, the data of every panel, the audit of the claims, the report; its path."""
    folder = _writable_folder(out)
    # matplotlib and jinja2 come in here, so that `leyden audit` need not wait for them.
    from leyden.paper.claims import audit
    from leyden.paper.figures import FIGURES
    from leyden.paper.report import render_report

    report: Callable[..., None] = progress or (lambda *_parts: None)
    illustrations: list[Illustration] = []
    for figure in FIGURES:
        report("figure", figure.number)
        illustrations.append(_write_figure(folder, figure))
    findings = audit(progress=progress)
    report("report")
    _write_text(folder / "claims.json", _json_of(findings))
    _write_text(folder / _REPORT, render_report(illustrations, findings))
    return folder / _REPORT


def _writable_folder(out: str | os.PathLike[str]) -> Path:
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ParameterError.of("out", f"be a folder that can be written ({reason.lower()})", str(out)) from None
    refuse_unwritable(folder / _REPORT, name="out")
    return folder


def _write_figure(folder: Path, figure: PaperFigure) -> Illustration:
    """Write a figure's drawings and data; what the report shows of it."""
    from leyden.page import Illustration, svg_of
    from leyden.page.pictures import drawn
    from leyden.plots import publication

    panels = figure.panels()
    for letter, data in panels.items():
        _write_data(folder / f"{figure.stem}{letter}.nc", data)
    with publication():
        page = figure.draw(panels, "page")
        for ending in (".png", ".pdf"):
            with atomic_path(folder / f"{figure.stem}{ending}") as temporary:
                temporary.write_bytes(drawn(page, ending[1:]))
        narrow = svg_of(figure.draw(panels, "narrow")) if panels else None
        return Illustration(
            number=figure.number,
            title=figure.title,
            caption=figure.caption(panels),
            description=figure.description(panels),
            page=svg_of(page),
            narrow=narrow,
            panels=tuple(f"{figure.stem}{letter}.nc" for letter in panels),
            size="full" if panels else "small",
        )


def _write_data(path: Path, data: xr.Dataset) -> None:
    packed: dict[str, dict[str, Any]] = {str(name): {"zlib": True} for name in data.data_vars}
    with atomic_path(path) as temporary:
        data.to_netcdf(temporary, engine="h5netcdf", encoding=packed)


def _write_text(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _json_of(findings: Mapping[str, Finding]) -> str:
    entries = {name: dataclasses.asdict(finding) for name, finding in findings.items()}
    for entry in entries.values():
        del entry["claim"]
    return json.dumps(entries, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
