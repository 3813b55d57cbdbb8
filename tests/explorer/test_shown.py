"""Wigner functions, spectra, protocols and files of the explorer are those of leyden."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.catalog import reference_device

Asked = Callable[..., dict[str, Any]]
PAIR: dict[str, Any] = {"catalog": "two_photon_battery"}
PLANE: dict[str, Any] = {
    "x": {"parameter": "drive", "low": 0.01, "high": 0.3},
    "y": {"parameter": "battery_damping", "low": 0.05, "high": 0.5},
    "points": 12,
}
STAGES = [
    {"name": "charge", "duration": 20.0},
    {"name": "hold", "duration": 10.0, "parameters": {"drive": 0.0, "charger_damping": 0.3}},
]


def exported(client: httpx.Client, what: str, kind: str, **request: Any) -> httpx.Response:
    return client.post("/api/export", json={"device": PAIR, "what": what, "format": kind, "request": request})


def test_a_wigner_function_has_the_moments_of_its_time(asked: Asked) -> None:
    found = asked("wigner", PAIR, time=7.0)
    x, p, values = (np.asarray(found[name]) for name in ("x", "p", "values"))
    area = (x[1] - x[0]) * (p[1] - p[0])
    quanta = area * np.sum(values * (x[None, :] ** 2 + p[:, None] ** 2)) / 2 - 0.5
    assert area * values.sum() == pytest.approx(1, abs=3e-3)
    run = ly.charge(reference_device("two_photon_battery"), [0.0, 7.0])
    assert quanta == pytest.approx(float(run.stored_energy[-1]), abs=5e-3)
    assert found["negativity"] == 0


def test_a_vacuum_is_round_and_a_settled_battery_is_squeezed(asked: Asked) -> None:
    start = np.asarray(asked("wigner", PAIR, time=0.0, points=51)["values"])
    assert start.max() == pytest.approx(1 / np.pi, rel=1e-12)
    np.testing.assert_allclose(start, start.T, atol=1e-15)
    rest = np.asarray(asked("wigner", PAIR, points=51)["values"])
    assert rest.max() < 1 / np.pi


def test_a_few_level_battery_has_one_at_rest_and_says_so_of_others(client: httpx.Client, asked: Asked) -> None:
    device = {"catalog": "two_photon_battery", "parameters": {"drive": 0.1, "charger_kerr": 2.0}}
    assert asked("wigner", device, points=41)["mode"] == "battery"
    answer = client.post("/api/wigner", json={"device": device, "time": 1.0})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "time")


def test_eigenvalues_and_transfer(asked: Asked) -> None:
    found = asked("spectrum", PAIR, points=101)
    drift = ly.moment_equations(reference_device("two_photon_battery")).drift
    ours = sorted(one["re"] for one in found["eigenvalues"])
    np.testing.assert_allclose(ours, sorted(np.linalg.eigvals(drift).real), atol=1e-12)
    assert max(found["response"]["backward_transfer"]) == 0
    middle = found["response"]["forward_transfer"][50]
    there = ly.response(reference_device("two_photon_battery"), [0.0])
    assert middle == pytest.approx(float(there.forward_transfer[0]), rel=1e-12)
    assert len(found["emission"]) == 4


def test_above_threshold_there_are_eigenvalues_and_a_reason(asked: Asked) -> None:
    found = asked("spectrum", {"catalog": "two_photon_battery", "parameters": {"drive": 0.2}})
    assert max(one["re"] for one in found["eigenvalues"]) == pytest.approx(0.1)
    assert found["response"] is None
    assert "stable" in found["left_out"]


def test_stages_are_those_of_a_protocol(asked: Asked) -> None:
    found = asked("protocol", PAIR, stages=STAGES, points=51)
    first, second = (
        reference_device("two_photon_battery"),
        reference_device("two_photon_battery", drive=0.0, charger_damping=0.3),
    )
    run = ly.protocol([ly.Stage("charge", first, 20.0), ly.Stage("hold", second, 10.0)], points=51)
    np.testing.assert_allclose(found["curves"]["ergotropy"], run.ergotropy, rtol=1e-12)
    assert [(one["start"], one["stop"]) for one in found["stages"]] == [(0.0, 20.0), (20.0, 30.0)]


def test_data_come_as_netcdf_and_as_text(client: httpx.Client) -> None:
    answer = exported(client, "curves", "nc", times={"until": 30.0, "points": 31})
    with xr.open_dataset(io.BytesIO(answer.content), engine="h5netcdf") as found:
        run = ly.charge(reference_device("two_photon_battery"), np.linspace(0, 30, 31))
        np.testing.assert_allclose(found.ergotropy, run.ergotropy, rtol=1e-12)
        assert found.ergotropy.attrs["units"] == "hbar omega_0"
    lines = exported(client, "curves", "csv", times={"until": 30.0, "points": 31}).text.splitlines()
    assert lines[0].startswith("time,")
    assert len(lines) == 32
    values = exported(client, "map", "csv", **PLANE).text.splitlines()
    assert len(values) == 145


@pytest.mark.parametrize(
    ("what", "request_of"),
    [("curves", {}), ("map", PLANE), ("wigner", {"time": 5.0}), ("protocol", {"stages": STAGES})],
    ids=["curves", "map", "wigner", "protocol"],
)
def test_pictures(client: httpx.Client, what: str, request_of: dict[str, Any]) -> None:
    picture = exported(client, what, "png", **request_of)
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["content-disposition"] == f'attachment; filename="two_photon_battery-{what}.png"'
    assert b"<svg" in exported(client, what, "svg", **request_of).content[:1000]


def test_spectra_come_as_data_and_as_a_picture(client: httpx.Client) -> None:
    answer = exported(client, "spectrum", "nc", points=21)
    with xr.open_dataset(io.BytesIO(answer.content), engine="h5netcdf") as found:
        device = reference_device("two_photon_battery")
        frequencies = found["frequency"].values
        np.testing.assert_allclose(found.forward_transfer, ly.response(device, frequencies).forward_transfer)
        np.testing.assert_allclose(found.output_flux, ly.spectrum(device, frequencies).output_flux)
        assert found.output_flux.sizes == {"frequency": 21, "port": 3}
    assert "forward_transfer" in exported(client, "spectrum", "csv", points=21).text.splitlines()[0]
    for device in (PAIR, {"catalog": "ring"}, {"catalog": "cascade"}):
        body = {"device": device, "what": "spectrum", "format": "png", "request": {"points": 21}}
        picture = client.post("/api/export", json=body)
        assert picture.status_code == 200, picture.text
        assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("parameters", "words"), [({"drive": 0.2}, "stable"), ({"drive": 0.1, "charger_kerr": 2.0}, "moments")]
)
def test_spectra_that_are_not_there_are_refused(client: httpx.Client, parameters: dict[str, float], words: str) -> None:
    device = {"catalog": "two_photon_battery", "parameters": parameters}
    body = {"device": device, "what": "spectrum", "format": "csv", "request": {}}
    answer = client.post("/api/export", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["error"]["message"]


def test_the_device_as_a_file_is_the_device(client: httpx.Client, asked: Asked) -> None:
    text = exported(client, "device", "toml").text
    assert asked("device", {"text": text})["toml"] == text


@pytest.mark.parametrize(
    ("what", "kind", "request_of", "field"),
    [
        ("device", "png", {}, "format"),
        ("curves", "toml", {}, "format"),
        ("steady", "svg", {}, "format"),
        ("map", "csv", {"points": 3}, "x"),
        ("map", "csv", PLANE | {"merit": "nothing"}, "merit"),
        ("wigner", "csv", {"mode": "nobody"}, "mode"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    client: httpx.Client, what: str, kind: str, request_of: dict[str, Any], field: str
) -> None:
    answer = exported(client, what, kind, **request_of)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
