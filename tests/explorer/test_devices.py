"""Every device of the catalog on the page: sliders, and a map of the two parameters that the page begins with."""

from __future__ import annotations

import httpx
import pytest

from leyden.model.catalog import DEVICES


@pytest.mark.parametrize("name", DEVICES)
def test_first_map_of_each_device(client: httpx.Client, name: str) -> None:
    device = {"catalog": name, "parameters": {}}
    described = client.post("/api/device", json={"device": device}).json()
    real = [one for one in described["parameters"] if one["kind"] == "real" and not one["is_pulsed"]]
    assert all(one["low"] < one["high"] and one["low"] <= one["value"] <= one["high"] for one in real)
    x, y = ({"parameter": one["name"], "low": max(one["low"], 0.0), "high": one["high"]} for one in real[:2])
    answer = client.post("/api/map", json={"device": device, "x": x, "y": y, "points": 7, "merit": "ergotropy"})
    if answer.status_code == 202:  # beyond the Gaussian: a job, tried in test_jobs.py
        assert client.delete(f"/api/jobs/{answer.json()['job']}").status_code == 200
        return
    assert answer.status_code == 200, answer.text
    values = [value for row in answer.json()["values"] for value in row if value is not None]
    assert values
    assert min(values) >= 0
