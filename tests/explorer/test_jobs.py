"""Long answers: progress, the same answer as in Python, an end on demand, and no more of them than a machine bears."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np
import pytest

import leyden as ly
from leyden.errors import ParameterError
from leyden.explorer import jobs as room
from leyden.explorer.asked import AnswerAsked, DeviceAsked
from leyden.explorer.jobs import Jobs

Report = Callable[[str], dict[str, Any]]
KERR = {"catalog": "two_photon_battery", "parameters": {"drive": 0.1, "charger_kerr": 2.0}}
LONG = {"catalog": "tavis_cummings_battery", "parameters": {"cells": 4}}


def question(device: dict[str, Any], points: int = 401) -> str:
    asked = AnswerAsked.model_validate({"device": device, "times": {"points": points}})
    return asked.model_dump_json()


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    found = Jobs()
    yield found
    found.close()


def ended(jobs: Jobs, name: str, seconds: float = 30.0) -> room.Job:
    for _ in range(int(seconds / 0.02)):
        job = jobs.look(name)
        assert job is not None
        if not job.is_open:
            return job
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def running(jobs: Jobs, name: str) -> None:
    for _ in range(500):
        job = jobs.look(name)
        assert job is not None
        if job.state == "running":
            return
        time.sleep(0.02)
    raise AssertionError("the job does not begin")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_map_beyond_the_gaussian_tells_how_far_it_is(client: httpx.Client) -> None:
    axes = {
        "x": {"parameter": "drive", "low": 0.05, "high": 0.2},
        "y": {"parameter": "charger_kerr", "low": 1.0, "high": 2.0},
    }
    answer = client.post("/api/map", json={"device": KERR, **axes, "points": 4, "merit": "stored_energy"})
    assert answer.status_code == 202
    seen: list[float] = []
    report: dict[str, Any] = {"state": "running"}
    while report["state"] == "running":
        report = client.get(f"/api/jobs/{answer.json()['job']}").json()
        if report["progress"] is not None:
            seen.append(report["progress"])
        time.sleep(0.01)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    values = np.asarray(report["answer"]["values"])
    pair = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", 2.0)], charger="charger", battery="battery")
    assert values[3, 3] == pytest.approx(float(ly.steady_state(device).stored_energy), rel=1e-9)
    again = client.post("/api/map", json={"device": KERR, **axes, "points": 4, "merit": "stored_energy"})
    assert again.status_code == 200
    assert again.json() == report["answer"]


def test_an_error_of_a_job_names_its_field(client: httpx.Client) -> None:
    axes = {
        "x": {"parameter": "drive", "low": 0.05, "high": 0.2},
        "y": {"parameter": "charger_kerr", "low": 1.0, "high": 2.0},
    }
    answer = client.post("/api/map", json={"device": KERR, **axes, "points": 99})
    report: dict[str, Any] = {"state": "running"}
    while report["state"] == "running":
        report = client.get(f"/api/jobs/{answer.json()['job']}").json()
        time.sleep(0.02)
    assert report["state"] == "failed"
    assert report["error"]["field"] == "points"


PLANE = {
    "x": {"parameter": "drive", "low": 0.05, "high": 0.2},
    "y": {"parameter": "charger_kerr", "low": 1.0, "high": 2.0},
    "merit": "stored_energy",
}


def exported(client: httpx.Client, device: dict[str, Any], what: str, kind: str, **request: Any) -> httpx.Response:
    return client.post("/api/export", json={"device": device, "what": what, "format": kind, "request": request})


def test_a_file_beyond_the_gaussian_is_a_job(client: httpx.Client, report_of: Report) -> None:
    answer = exported(client, KERR, "map", "csv", **PLANE, points=3)
    assert answer.status_code == 202
    name = answer.json()["job"]
    report = report_of(name)
    assert report["answer"] == {"file": "two_photon_battery-map.csv"}
    assert report["progress"] == 1
    file = client.get(f"/api/jobs/{name}/file")
    assert file.headers["content-disposition"] == 'attachment; filename="two_photon_battery-map.csv"'
    lines = file.text.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("charger_kerr,drive,stored_energy")
    pair = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", 2.0)], charger="charger", battery="battery")
    assert float(lines[-1].split(",")[2]) == pytest.approx(float(ly.steady_state(device).stored_energy), rel=1e-9)
    again = exported(client, KERR, "map", "csv", **PLANE, points=3)
    assert (again.status_code, again.content) == (200, file.content)


def test_a_picture_of_curves_beyond_the_gaussian_is_a_job(client: httpx.Client, report_of: Report) -> None:
    answer = exported(client, KERR, "curves", "png", times={"until": 5.0, "points": 11})
    assert answer.status_code == 202
    name = answer.json()["job"]
    assert report_of(name)["answer"] == {"file": "two_photon_battery-curves.png"}
    assert client.get(f"/api/jobs/{name}/file").content.startswith(b"\x89PNG")


def test_a_file_of_too_many_points_and_what_is_no_file(client: httpx.Client, report_of: Report) -> None:
    name = exported(client, KERR, "map", "csv", **PLANE, points=41).json()["job"]
    assert report_of(name)["error"]["field"] == "points"
    assert client.get(f"/api/jobs/{name}/file").status_code == 404
    assert client.get("/api/jobs/nobody/file").status_code == 404
    assert exported(client, KERR, "device", "toml").status_code == 200
    answer = client.post("/api/answer", json={"device": KERR, "times": {"points": 13}})
    if answer.status_code == 202:
        report_of(answer.json()["job"])
        assert client.get(f"/api/jobs/{answer.json()['job']}/file").status_code == 404


def test_a_map_that_ends_beyond_the_gaussian_is_a_job(client: httpx.Client, report_of: Report) -> None:
    axes = PLANE | {"y": {"parameter": "charger_kerr", "low": 0.0, "high": 2.0}}
    answer = client.post("/api/map", json={"device": {"catalog": "two_photon_battery"}, **axes, "points": 3})
    assert answer.status_code == 202
    values = report_of(answer.json()["job"])["answer"]["values"]
    device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    assert values[0][0] == pytest.approx(float(ly.steady_state(device).stored_energy), rel=1e-9)


def test_cancel_ends_the_process(jobs: Jobs) -> None:
    name, _ = jobs.submit("answer", question(LONG))
    running(jobs, name)
    (worker,) = jobs._workers
    process = worker.process.pid
    assert process is not None
    assert jobs.cancel(name)
    assert ended(jobs, name).state == "cancelled"
    assert not alive(process)
    assert not jobs.cancel("nobody")


def test_what_nobody_asks_for_is_given_up(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PATIENCE", 0.2)
    name, job = jobs.submit("answer", question(LONG))
    for _ in range(500):
        if not job.is_open:
            break
        time.sleep(0.02)
    assert job.state == "cancelled"
    assert jobs.look(name) is not None


def test_what_takes_too_long_is_ended_with_the_limit(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST", 0.1)
    job = ended(jobs, jobs.submit("answer", question(LONG))[0])
    assert job.state == "failed"
    assert "0.1 s" in job.answer["message"]


def test_a_killed_process_is_told_and_replaced(jobs: Jobs) -> None:
    name, _ = jobs.submit("answer", question(LONG))
    running(jobs, name)
    jobs._workers[0].process.kill()
    assert "has ended" in ended(jobs, name).answer["message"]
    quick = ended(jobs, jobs.submit("answer", question(KERR, 11))[0])
    assert quick.state == "done"


def test_there_are_only_so_many(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_WAITING", 2)
    jobs.submit("answer", question(LONG, 11))
    jobs.submit("answer", question(LONG, 12))
    same, _ = jobs.submit("answer", question(LONG, 12))
    assert same == jobs.submit("answer", question(LONG, 12))[0]
    with pytest.raises(ParameterError, match="among 2"):
        jobs.submit("answer", question(LONG, 13))


def test_a_device_of_numbers_survives_the_way_to_the_process() -> None:
    asked = AnswerAsked(device=DeviceAsked.model_validate(KERR))
    assert AnswerAsked.model_validate_json(asked.model_dump_json()) == asked


def test_no_job_of_that_name(client: httpx.Client, asked: Callable[..., dict[str, Any]]) -> None:
    del asked
    assert client.get("/api/jobs/nobody").status_code == 404
    assert client.delete("/api/jobs/nobody").json()["error"]["kind"] == "Request"
