"""Nothing that is sent to the explorer breaks it: strangers, floods, nonsense and numbers out of range are refused."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from leyden.explorer.guard import LARGEST_BODY

PAIR: dict[str, Any] = {"catalog": "two_photon_battery"}
JSON = {"Content-Type": "application/json"}


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:300]
    error = answer.json()["error"]
    assert set(error) == {"message", "field", "kind"}
    assert 0 < len(error["message"]) <= 300
    assert "\n" not in error["message"]
    return error


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "127.0.0.1.example.org:1", ""])
def test_other_names_for_this_machine_are_refused(client: httpx.Client, host: str) -> None:
    for path in ("/", "/api/catalog", "/page/index.html"):
        refused(client.get(path, headers={"Host": host}), 421)


@pytest.mark.parametrize("origin", ["http://example.org", "null", "http://127.0.0.1", "file://"])
def test_pages_from_elsewhere_are_refused(client: httpx.Client, origin: str) -> None:
    refused(client.post("/api/answer", json={"device": PAIR}, headers={"Origin": origin}), 403)


def test_the_page_itself_may_ask(client: httpx.Client, address: str) -> None:
    assert client.post("/api/device", json={"device": PAIR}, headers={"Origin": address}).status_code == 200


def test_every_answer_has_strict_headers(client: httpx.Client) -> None:
    for path in ("/", "/api/catalog", "/nothing", "/page/nothing.js"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_large_body_is_refused_with_the_limit(client: httpx.Client) -> None:
    body = json.dumps({"device": {"text": "#" * LARGEST_BODY}})
    assert "1 MiB" in refused(client.post("/api/device", content=body, headers=JSON), 413)["message"]


def test_a_large_body_in_pieces_is_refused_too(client: httpx.Client) -> None:
    pieces = (b"x" * 2**16 for _ in range(40))
    refused(client.post("/api/device", content=pieces, headers=JSON), 413)


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", "3", '"a"', "{}", '{"device": 3}', '{"device": {}}', "\ufeff{}", '{"device": null}'],
)
def test_what_is_no_question_is_refused(client: httpx.Client, body: str) -> None:
    refused(client.post("/api/answer", content=body.encode(), headers=JSON), 422)


def test_bytes_that_are_no_text_and_other_types_are_refused(client: httpx.Client) -> None:
    assert client.post("/api/answer", content=b"\xff\xfe\x00", headers=JSON).status_code in (400, 422)
    assert client.post("/api/answer", content=b"a=1", headers={"Content-Type": "text/plain"}).status_code == 422


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400, "-1", "1e150", "[1]", "{}"])
def test_a_number_out_of_range_names_its_parameter(client: httpx.Client, number: str) -> None:
    body = '{"device": {"catalog": "two_photon_battery", "parameters": {"drive": ' + number + "}}}"
    answer = client.post("/api/answer", content=body.encode(), headers=JSON)
    if answer.status_code != 200:
        assert refused(answer, 422)["field"].startswith(("drive", "times", "network"))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"times": {"until": 0}}, "times.until"),
        ({"times": {"points": 10**6}}, "times.points"),
        ({"times": {"until": "soon"}}, "times.until"),
        ({"detail": "everything"}, "detail"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_fault_names_its_field(client: httpx.Client, more: dict[str, Any], field: str) -> None:
    assert refused(client.post("/api/answer", json={"device": PAIR, **more}), 422)["field"] == field


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fapp.py", "%2e%2e/app.py", "C:\\x", "/etc/passwd"])
def test_no_file_but_those_of_the_page(client: httpx.Client, name: str) -> None:
    assert client.get(f"/page/{name}").status_code in (404, 405)
    answer = client.post("/api/device", json={"device": {"catalog": name}})
    assert refused(answer, 422)["field"] == "device"


@pytest.mark.parametrize("count", [0, -1, 201, 10**9, 2**60])
def test_too_many_modes_are_refused_before_they_are_made(client: httpx.Client, count: int) -> None:
    device = {"catalog": "cascade", "parameters": {"modes": count}}
    refused(client.post("/api/answer", json={"device": device}), 422)


def test_a_device_file_that_is_none_is_told(client: httpx.Client) -> None:
    for text in ("x", "[[modes]]", 'import = "os"', "format = 1\n" * 3, "[" * 5000):
        refused(client.post("/api/device", json={"device": {"text": text}}), 422)


def test_fifty_at_once_all_get_their_own_answer(client: httpx.Client) -> None:
    def energy(number: int) -> float:
        device = {**PAIR, "parameters": {"drive": 0.002 * (number + 1)}}
        answer = client.post("/api/answer", json={"device": device})
        assert answer.status_code == 200
        return next(row["steady"] for row in answer.json()["steady"] if row["name"] == "stored_energy")

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(energy, range(50)))
    # Eq. (14) at kappa = 0.1: total damping 0.6, transport 1/2.
    width, drives = 0.6, [0.002 * (number + 1) for number in range(50)]
    assert found == pytest.approx([_stored(drive, width) for drive in drives], rel=1e-9)


def _stored(drive: float, width: float) -> float:
    """Steady energy of the battery by the closed form."""
    from leyden import closed_form

    device = closed_form.DirectedDevice(
        drive=drive, total_charger_damping=width, total_battery_damping=width, transport_rate=0.5
    )
    return float(closed_form.steady_stored_energy(device))


def test_cut_connections_leave_it_well(client: httpx.Client, address: str) -> None:
    place = urlsplit(address)
    assert place.hostname is not None
    assert place.port is not None
    for rest in (b"", b"{", b'{"device": {"catalog"'):
        with socket.create_connection((place.hostname, place.port), timeout=5) as line:
            head = f"POST /api/answer HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
            line.sendall(f"{head}Content-Length: 500\r\n\r\n".encode() + rest)
    assert client.get("/api/catalog").status_code == 200


def test_ctrl_c_ends_the_server_and_what_it_computes() -> None:
    words = [sys.executable, "-m", "leyden", "explore", "--no-browser", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = re.search(r"http://[0-9.:]+", server.stderr.readline())
        assert found is not None
        with httpx.Client(base_url=found[0], timeout=30) as own:
            device = {"catalog": "tavis_cummings_battery", "parameters": {"cells": 4}}
            assert own.post("/api/answer", json={"device": device}).status_code == 202
        again = [*words[:-1], found[0].rpartition(":")[2]]
        taken = subprocess.run(again, capture_output=True, text=True, check=False)
        assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
        assert "must be free" in taken.stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 130
        assert server.stderr.read().count("\n") == 1
    with pytest.raises(httpx.ConnectError):
        httpx.get(found[0])


@pytest.mark.filterwarnings("default")
def test_whatever_the_schema_allows_is_answered(address: str) -> None:
    """Requests made of the server's own description: no failure inside, and answers that are as described."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from hypothesis import HealthCheck, Phase, given, settings
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    checks = [not_a_server_error, content_type_conformance, response_schema_conformance]
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) >= 9
    for operation in operations:
        # Files are drawn, which takes long, and is tried elsewhere.
        count = 4 if operation.path == "/api/export" else 12

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tried(case: Any) -> None:
            case.call_and_validate(checks=checks)

        tried()
