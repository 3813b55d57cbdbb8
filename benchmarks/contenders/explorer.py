"""`leyden explore` as the page asks it: a server in a process of its own, and readers that move sliders."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any

from benchmarks.measure import ROOT, resident_memory

DAMPING = 0.1
# Of the whole device, and of what a reader's hand runs over; the threshold is at 0.15.
DEVICE = {"catalog": "two_photon_battery", "parameters": {"charger_damping": DAMPING, "battery_damping": DAMPING}}
DRIVES = [round(0.01 + 0.001 * step, 3) for step in range(120)]
# Between two questions of one hand, as of a slider that follows the pointer.
PAUSE = 0.15


@dataclass(frozen=True)
class Server:
    """Where a server listens, and the process that it is."""

    host: str
    port: int
    process: int

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def memory(self) -> float | None:
        """Bytes that it holds."""
        return resident_memory(self.process)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[Server]:
    """A server while it is asked."""
    command = [sys.executable, "-m", "leyden", "explore", "--no-browser", "--port", "0"]
    how = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen(command, **how) as process:
        try:
            told = process.stderr.readline() if process.stderr else ""
            found = re.search(r"http://([0-9.]+):(\d+)", told)
            if found is None:
                raise RuntimeError(told.strip() or "the server has not come up")
            yield Server(found[1], int(found[2]), process.pid)
        finally:
            process.terminate()


def answer(connection: http.client.HTTPConnection, address: str, question: dict[str, Any]) -> dict[str, Any]:
    """What the server answers; RuntimeError where it refuses."""
    connection.request("POST", f"/api/{address}", json.dumps(question), {"Content-Type": "application/json"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {body[:200].decode(errors='replace')}")
    return json.loads(body)


def device(**parameters: float) -> dict[str, Any]:
    return DEVICE | {"parameters": DEVICE["parameters"] | parameters}


def curves(connection: http.client.HTTPConnection, drive: float) -> dict[str, Any]:
    """What the page asks while a slider moves."""
    return answer(connection, "answer", {"device": device(drive=drive), "detail": "curves"})["curves"]


def plane(connection: http.client.HTTPConnection, points: int) -> dict[str, Any]:
    """A map of the ergotropy, as fine as it gets."""
    across = {"parameter": "drive", "low": 0.01, "high": 0.14}
    up = {"parameter": "charger_damping", "low": 0.1, "high": 1.0}
    return answer(connection, "map", {"device": device(), "x": across, "y": up, "points": points})


@dataclass
class Load:
    """What many readers at once lived to see."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: list[float | None] = field(default_factory=list)

    def slowest(self, share: float) -> float:
        """Seconds that this share of the answers took at most."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def _drag(server: Server, number: int, until: float, load: Load, begun: Barrier) -> None:
    connection = server.connection()
    begun.wait()
    time.sleep(PAUSE * number / begun.parties)
    step = 7 * number
    while time.perf_counter() < until:
        start = time.perf_counter()
        try:
            curves(connection, DRIVES[step % len(DRIVES)])
        except (OSError, RuntimeError, ValueError, http.client.HTTPException) as error:
            load.failures.append(f"{type(error).__name__}: {error}"[:100])
            connection.close()
        else:
            load.seconds.append(time.perf_counter() - start)
        step += 1
        time.sleep(PAUSE)


def dragged(server: Server, readers: int, seconds: float) -> Load:
    """Readers who all drag a slider for some seconds; memory after a third, two thirds and all of them."""
    load, begun = Load(), Barrier(readers)
    begin = time.perf_counter()
    threads = [Thread(target=_drag, args=(server, k, begin + seconds, load, begun)) for k in range(readers)]
    for thread in threads:
        thread.start()
    for part in (1, 2, 3):
        time.sleep(max(0.0, begin + part * seconds / 3 - time.perf_counter()))
        load.memory.append(server.memory())
    for thread in threads:
        thread.join()
    return load
