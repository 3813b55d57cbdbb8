"""The explorer's server: a page, and answers in JSON to what it asks."""

from __future__ import annotations

import gzip
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from leyden.errors import LeydenError
from leyden.explorer.answers import answer_of
from leyden.explorer.asked import (
    AnswerAsked,
    DeviceAsked,
    DeviceOnly,
    ExportAsked,
    MapAsked,
    ProtocolAsked,
    SpectrumAsked,
    WignerAsked,
)
from leyden.explorer.devices import network_of
from leyden.explorer.exports import file_of, takes_long
from leyden.explorer.guard import Guard, refusal
from leyden.explorer.jobs import Jobs
from leyden.explorer.phases import spectrum_of, wigner_of
from leyden.explorer.planes import is_slow, map_of
from leyden.explorer.protocols import protocol_of
from leyden.explorer.scripts import command_of, script_of
from leyden.explorer.sliders import sliders_of
from leyden.mathml import mathml_of
from leyden.model.catalog import DEVICES
from leyden.model.files import device_text
from leyden.portrait import Portrait, diagram_svg
from leyden.quantities import QUANTITIES
from leyden.results.table import merits
from leyden.version import __version__

__all__ = ["create_app"]

_PAGE = Path(__file__).parent / "page"
_FOREVER = "public, max-age=31536000, immutable"


class Packed(JSONResponse):
    """Thousands of numbers as JSON, in a tenth of the time that they take elsewhere."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return orjson.dumps(content)


class Fault(BaseModel):
    """What was wrong, in one line, and the field that it concerns."""

    message: str
    field: str | None
    kind: str


class Refused(BaseModel):
    """An answer that is none."""

    error: Fault


_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused} for status in (400, 403, 404, 405, 413, 415, 421, 422)
}


_LATER: dict[int | str, dict[str, Any]] = {202: {"description": "a job, whose answer is to be had later"}}
_WORDS = {
    "waiting": "waiting for its turn",
    "running": "computing",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


@lru_cache(maxsize=1)
def _plotly() -> bytes:
    """The drawing library of the installed plotly package, compressed once."""
    from plotly.offline import get_plotlyjs

    return gzip.compress(get_plotlyjs().encode(), 6)


def _field_of(error: Mapping[str, Any]) -> str:
    """The field that a fault of the request concerns, as the page names it."""
    parts = [str(part) for part in error["loc"] if part not in ("body", "device", "parameters")]
    return ".".join(parts[:3])


def leyden_error(_: Request, error: Exception) -> Response:
    """Bad input, as leyden says it."""
    name = getattr(error, "name", "") or None
    return JSONResponse(refusal(str(error), type(error).__name__, name), 422)


def bad_request(_: Request, error: Exception) -> Response:
    """A request that is not of the form that is known."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": str(error)}
    field, words = _field_of(first), str(first["msg"]).removeprefix("Value error, ")
    return JSONResponse(refusal(f"{field}: {words}"[:300] if field else words[:300], "Request", field or None), 422)


def http_error(_: Request, error: Exception) -> Response:
    """What the server itself refuses: an address that is not there, a body that is no JSON."""
    status, headers = getattr(error, "status_code", 400), dict(getattr(error, "headers", None) or {})
    return JSONResponse(refusal(str(getattr(error, "detail", error)), "Request"), status, headers)


def too_large(_: Request, error: Exception) -> Response:
    """More than the machine can hold."""
    words = f"out of memory: {str(error) or 'use fewer points or modes'}"
    return JSONResponse(refusal(words, "MemoryError"), 422)


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    LeydenError: leyden_error,
    RequestValidationError: bad_request,
    HTTPException: http_error,
    MemoryError: too_large,
}
_pages = APIRouter(include_in_schema=False)
_answers = APIRouter(prefix="/api", responses=_REFUSALS)


@_pages.get("/")
def index() -> FileResponse:
    """The page."""
    return FileResponse(_PAGE / "index.html")


@_pages.get("/plotly.min.js")
def plotly() -> Response:
    """The drawing library."""
    headers = {"content-encoding": "gzip", "cache-control": _FOREVER, "vary": "accept-encoding"}
    return Response(_plotly(), media_type="text/javascript", headers=headers)


def _described(name: str, symbol: str, unit: str, meaning: str) -> dict[str, str]:
    return {"name": name, "label": name.replace("_", " "), "symbol": symbol, "unit": unit, "meaning": meaning}


def _since(begin: float) -> float:
    """Milliseconds that have passed."""
    return round(1e3 * (perf_counter() - begin), 3)


@_answers.get("/catalog")
def catalog(request: Request) -> dict[str, Any]:
    """All devices of the catalog, all quantities, and the device that is shown first."""
    first: DeviceAsked | None = request.app.state.first
    return {
        "version": __version__,
        "first": None if first is None else first.model_dump(exclude_none=True, exclude_defaults=True),
        "devices": [{"name": name, "meaning": entry.meaning} for name, entry in DEVICES.items()],
        "merits": [_described(one.name, one.symbol, one.unit, one.meaning) for one in merits()],
        "quantities": {name: _described(name, one.symbol, one.unit, one.meaning) for name, one in QUANTITIES.items()},
    }


@_answers.post("/device")
def described(asked: DeviceOnly) -> dict[str, Any]:
    """A device: its parameters as sliders, its drawing, its equations, and its three texts."""
    network = network_of(asked.device)
    plain = asked.device.model_copy(update={"parameters": {}, "pulses": {}})
    original = network_of(plain) if asked.device.catalog is None else network
    latex, until = network.to_latex(), Portrait(network).horizon
    return {
        "name": network.name,
        "meaning": DEVICES[asked.device.catalog].meaning if asked.device.catalog else "device file",
        "modes": list(network.mode_names),
        "charger": network.charger,
        "batteries": list(network.batteries),
        "parameters": sliders_of(asked.device, network, original),
        "schematic": diagram_svg(network),
        "equations": {"latex": latex, "mathml": mathml_of(latex)},
        "toml": device_text(network),
        "python": script_of(asked.device, network, until),
        "command": command_of(asked.device, until),
    }


def _file(found: Mapping[str, Any]) -> Response:
    """A file to be saved under its name."""
    headers = {"content-disposition": f'attachment; filename="{found["file"]}"'}
    return Response(found["content"], media_type=found["type"], headers=headers)


def _long(request: Request, kind: str, asked: AnswerAsked | MapAsked | WignerAsked | ExportAsked) -> Response | None:
    """The answer of another process, or the job that it is, where moments do not close; None where they do."""
    if isinstance(asked, ExportAsked):
        is_long = takes_long(asked)
    else:
        is_long = is_slow(asked) if isinstance(asked, MapAsked) else bool(Portrait(network_of(asked.device)).beyond)
    if not is_long:
        return None
    jobs: Jobs = request.app.state.jobs
    name, job = jobs.submit(kind, asked.model_dump_json())
    if job.state == "done":
        return _file(job.answer) if kind == "export" else Packed(job.answer)
    return JSONResponse({"job": name}, 202)


@_answers.post("/answer", responses=_LATER)
def answered(asked: AnswerAsked, request: Request) -> Any:
    """What the device does: curves, steady values, facts."""
    begin = perf_counter()
    if (later := _long(request, "answer", asked)) is not None:
        return later
    portrait = Portrait(network_of(asked.device), asked.times.until, asked.times.points)
    found = dict(answer_of(portrait, all_words=asked.detail == "all"))
    return Packed(found | {"milliseconds": _since(begin)})


@_answers.post("/map", responses=_LATER)
def mapped(asked: MapAsked, request: Request) -> Any:
    """A quantity of the steady state over two parameters."""
    begin = perf_counter()
    if (later := _long(request, "map", asked)) is not None:
        return later
    return Packed(dict(map_of(asked)) | {"milliseconds": _since(begin)})


@_answers.get("/jobs/{name}")
def job(name: str, request: Request) -> dict[str, Any]:
    """How far a long answer is, and the answer once it is there."""
    found = request.app.state.jobs.look(name)
    if found is None:
        raise HTTPException(404, "no such job: it was given up, or never asked for")
    report: dict[str, Any] = {"state": found.state, "progress": found.progress, "words": _WORDS[found.state]}
    if found.state == "waiting":
        report["state"] = "running"
    if found.state in ("done", "failed"):
        report["answer" if found.state == "done" else "error"] = found.answer
    if found.kind == "export" and found.state == "done":
        report["answer"] = {"file": found.answer["file"]}  # its content is at its own address
    return report


@_answers.get("/jobs/{name}/file", response_class=Response)
def file_of_job(name: str, request: Request) -> Response:
    """The file of a job that is done."""
    found = request.app.state.jobs.look(name)
    if found is None or found.kind != "export" or found.state != "done":
        raise HTTPException(404, "no such file: its job is not done, was given up, or has none")
    return _file(found.answer)


@_answers.delete("/jobs/{name}")
def cancelled(name: str, request: Request) -> dict[str, Any]:
    """End a long answer."""
    if not request.app.state.jobs.cancel(name):
        raise HTTPException(404, "no such job: it was given up, or never asked for")
    return {"state": "cancelled"}


@_answers.post("/wigner", responses=_LATER)
def in_phase_space(asked: WignerAsked, request: Request) -> Any:
    """The Wigner function of a battery, or of another mode."""
    if asked.time is None and (later := _long(request, "wigner", asked)) is not None:
        return later
    return Packed(dict(wigner_of(asked)))


@_answers.post("/spectrum")
def over_frequency(asked: SpectrumAsked) -> dict[str, Any]:
    """Eigenvalues, transfer and emission."""
    return dict(spectrum_of(asked))


@_answers.post("/protocol")
def in_stages(asked: ProtocolAsked) -> dict[str, Any]:
    """Curves through stages in a row."""
    return dict(protocol_of(asked))


@_answers.post("/export", response_class=Response, responses=_LATER)
def exported(asked: ExportAsked, request: Request) -> Response:
    """What is shown, as a file."""
    if (later := _long(request, "export", asked)) is not None:
        return later
    content, kind, name = file_of(asked)
    return _file({"content": content, "type": kind, "file": name})


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncGenerator[None]:
    """While the server runs; no process outlives it."""
    yield
    app.state.jobs.close()


def create_app(hosts: Iterable[str] | None = None, device: DeviceAsked | None = None) -> FastAPI:
    """The server: names with ports to which it answers, None for any, and the device that is shown first."""
    app = FastAPI(title="leyden explorer", version=__version__, docs_url=None, redoc_url=None, lifespan=_life)
    app.state.first, app.state.jobs = device, Jobs()
    app.add_middleware(Guard, hosts=None if hosts is None else frozenset(name.lower() for name in hosts))
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.mount("/page", StaticFiles(directory=_PAGE), name="page")
    app.include_router(_pages)
    app.include_router(_answers)
    return app
