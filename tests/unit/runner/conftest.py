"""A toy without physics for the tests of runner/: what it builds is its own parameters, what it measures is known."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr

from leyden.runner import Blocks, Job, Points, Recipe, Store, combine, template_of

# A module of its own, because other processes must be able to import it.
TOY = '''
import os
import signal
import time
from pathlib import Path

import numpy as np
import xarray as xr


def build(a, b, bad=None, gate=None, grave=None, always=False):
    """The parameters; fails where a is `bad`, waits for the file `gate`, dies once (or always) where a is `grave`."""
    if bad is not None and np.any(np.asarray(a) == bad):
        raise RuntimeError(f"{bad} is bad")
    while gate is not None and not Path(gate).exists():
        time.sleep(0.01)
    if grave is not None and np.any(np.asarray(a) == 3.0) and (always or not Path(grave).exists()):
        Path(grave).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"a": a, "b": b}


def measure(device):
    """a b, its powers along a dim of its own, whether it is large, and a, which does not depend on b."""
    product = device["a"] * device["b"]
    powers = product ** xr.DataArray([1.0, 2.0, 3.0], dims="power")
    found = xr.Dataset({"product": product, "powers": powers, "is_large": product > 4, "first": device["a"]})
    found["product"].attrs = {"units": "s", "symbol": "ab"}
    return found.assign_coords(power=["one", "two", "three"], scalar=2.5).assign_attrs(device="toy")
'''


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module, importable by this process and by those that it starts."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "leyden_toy.py").write_text(TOY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("leyden_toy")


class Study:
    """The toy on a grid of 6 x 5 points in blocks, with or without a store."""

    def __init__(self, toy: ModuleType, store: Path | None = None, largest: int = 4, **fixed: object) -> None:
        self.points: Points = combine({"a": np.arange(6.0), "b": np.linspace(0.5, 1.5, 5)})
        self.recipe = Recipe(toy.build, toy.measure, fixed)
        # The template comes from a point that neither waits nor dies.
        self.template, _ = template_of(Recipe(toy.build, toy.measure, {}), self.points)
        # Rows, so that a value of `a` has blocks of its own.
        self.blocks = Blocks(self.points.sizes, {"a": min(6, max(1, largest // 5)), "b": min(5, largest)})
        self.store = None if store is None else Store.at(store)
        self.job = Job(self.recipe, self.template, self.store)

    def create(self) -> Study:
        """Make the store."""
        assert self.store is not None
        with self.store.begun({"device": "toy"}, self.points, self.blocks, self.template):
            pass
        return self

    def expected(self) -> xr.Dataset:
        """What it must come to, from the definition."""
        a = xr.DataArray(np.arange(6.0), dims="a", coords={"a": np.arange(6.0)})
        b = xr.DataArray(np.linspace(0.5, 1.5, 5), dims="b", coords={"b": np.linspace(0.5, 1.5, 5)})
        powers = xr.concat([a * b, (a * b) ** 2, (a * b) ** 3], "power")
        return xr.Dataset(
            {
                "product": a * b,
                "powers": powers.transpose("a", "b", "power"),
                "is_large": a * b > 4,
                "first": a.expand_dims(b=b).transpose("a", "b"),
            },
            {"power": ["one", "two", "three"], "scalar": 2.5},
        )


@pytest.fixture
def study(toy: ModuleType) -> type[Study]:
    """Studies of the toy."""

    class Bound(Study):
        def __init__(self, store: Path | None = None, largest: int = 4, **fixed: object) -> None:
            super().__init__(toy, store, largest, **fixed)

    return Bound
