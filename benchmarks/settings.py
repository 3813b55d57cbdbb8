"""What a contender's process is given: linear algebra threads, and which leyden it imports."""

from __future__ import annotations

import compileall
import io
import os
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import leyden
from benchmarks.measure import ROOT

# Of what stood at an earlier commit, this much more time or memory is allowed: the noise of a shared machine.
ALLOWED = 1.05


@dataclass(frozen=True)
class Setting:
    """Threads and source of a process.

    Parameters
    ----------
    name : str
        What stands behind the contender's name; empty for one thread and this checkout.
    has_default_threads : bool
        Whether the libraries choose their own number of threads, as they do for whoever sets nothing.
    commit, source : str
        An earlier commit and the folder of its package; empty for this checkout.
    """

    name: str = ""
    has_default_threads: bool = False
    commit: str = ""
    source: str = ""

    def environment(self) -> dict[str, str]:
        """Variables of a process."""
        # Compiled code is kept, as of every installed package.
        found = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        if self.has_default_threads:
            found = {name: value for name, value in found.items() if not name.endswith("_NUM_THREADS")}
            found["BENCHMARK_THREADS"] = "default"
        if self.source:
            # What an earlier commit runs is not what our tests cover.
            found = {name: value for name, value in found.items() if not name.startswith("COVERAGE_")}
            found["PYTHONPATH"] = self.source
        return found

    def labelled(self, name: str) -> str:
        """Name of a contender under this setting."""
        return f"{name}; {self.name}" if self.name else name

    @property
    def before(self) -> Setting:
        """The same threads with this checkout's source."""
        return replace(self, name=DEFAULT.name if self.has_default_threads else "", commit="", source="")


PLAIN = Setting()
DEFAULT = Setting("default threads", has_default_threads=True)


@contextmanager
def settings_against(commit: str | None) -> Iterator[Sequence[Setting]]:
    """Every setting of a run; with those of an earlier commit, whose package lies in a temporary folder meanwhile."""
    if commit is None:
        yield PLAIN, DEFAULT
        return
    packed = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        raise SystemExit(f"--against {commit}: {packed.stderr.decode(errors='replace').strip()}")
    with TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(folder, filter="data")
        source = str(Path(folder) / "src")
        # Neither side compiles in its runs, as no installed package does.
        for package in (source, str(Path(leyden.__file__).parent)):
            compileall.compile_dir(package, quiet=2)
        earlier = [
            replace(one, name=", ".join(filter(None, [f"at {commit}", one.name])), commit=commit, source=source)
            for one in (PLAIN, DEFAULT)
        ]
        yield PLAIN, earlier[0], DEFAULT, earlier[1]
