"""A store: plain Zarr for xarray, made and written whole or not at all, and never anyone else's."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr

from leyden.errors import LeydenError, ParameterError
from leyden.runner import Blocks, Failure, Job, Points, Recipe, Store, combine, tasks_of, template_of
from leyden.runner import store as stores
from leyden.runner.evaluate import Outcome
from leyden.runner.ledger import Ledger


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def create(store: Store, *contents: Any) -> None:
    with store.begun(*contents):
        pass


def fill(study: Any) -> None:
    for task in tasks_of(study.points, study.blocks, range(study.blocks.count)):
        study.job.compute(task)


@pytest.mark.parametrize("largest", [1, 4, 7, 100])
def test_a_filled_store_holds_the_sweep(study, tmp_path: Path, largest: int) -> None:
    case = study(tmp_path / "s.zarr", largest).create()
    assert case.store.ledger.done() == set()
    fill(case)
    found = case.store.open()
    xr.testing.assert_equal(found, case.expected())
    assert list(found.data_vars) == ["product", "powers", "is_large", "first"]
    assert {name: values.dtype for name, values in found.data_vars.items()} == {
        "product": float,
        "powers": float,
        "is_large": bool,
        "first": float,
    }
    assert found["product"].attrs == {"units": "s", "symbol": "ab"}
    assert found.attrs == {"device": "toy", "failed_points": 0, "failures": "[]"}
    assert found["power"].dtype.kind == "U"


@pytest.mark.parametrize("consolidated", [None, True, False])
def test_xarray_opens_it_without_a_warning(study, tmp_path: Path, consolidated: bool | None) -> None:
    """Warnings are errors here; the ledger inside must not disturb."""
    case = study(tmp_path / "s.zarr").create()
    fill(case)
    found = xr.open_zarr(tmp_path / "s.zarr", chunks=None, consolidated=consolidated, decode_times=False)
    assert set(found.coords) == {"a", "b", "power", "scalar"}
    np.testing.assert_array_equal(found["product"], case.expected()["product"])


def test_it_is_read_where_it_is_looked_at(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    fill(case)
    found = case.store.open()
    shutil.rmtree(tmp_path / "s.zarr" / "powers")
    assert found["product"].isel(a=2, b=0).item() == 1.0
    assert "MemoryCached" in type(found["powers"].variable._data).__name__  # nothing of it has been read


def test_each_block_is_one_chunk(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    array: Any = zarr.open_group(str(tmp_path / "s.zarr"), mode="r")["powers"]
    assert array.chunks == (*case.blocks.chunks.values(), 3)
    fill(case)
    assert len(list((tmp_path / "s.zarr" / "powers" / "c").rglob("*/*/*"))) == case.blocks.count


def test_samples_have_their_coordinates(toy, tmp_path: Path) -> None:
    """Axes that share the dim `point`; one has a name that CF lists of coordinates cannot hold."""
    points = combine({"a": [1.0, 2.0], "b": [3.0, 4.0], "SharedBath(x, y).rate": [5.0, 6.0]}, "zip")
    recipe = Recipe(lambda a, b, **_: {"a": a, "b": b}, toy.measure, {})
    template, _ = template_of(recipe, points)
    store, blocks = Store.at(tmp_path / "s.zarr"), Blocks.of(points.sizes, 1)
    create(store, {f"axis {name}": "" for name in points.axes}, points, blocks, template)
    for task in tasks_of(points, blocks, range(2)):
        Job(recipe, template, store).compute(task)
    found = store.open()
    assert found["product"].values.tolist() == [3.0, 8.0]
    assert found["SharedBath(x, y).rate"].values.tolist() == [5.0, 6.0]
    assert set(found.coords) == {*points.axes, "power", "scalar"}
    plain = xr.open_zarr(tmp_path / "s.zarr", chunks=None, decode_times=False)
    assert set(plain.coords) == {"a", "b", "power", "scalar"}


def test_points_that_failed_are_told(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr", bad=4.0).create()
    fill(case)
    found = case.store.open()
    assert found.attrs["failed_points"] == 5
    assert json.loads(found.attrs["failures"])[0] == {
        "parameters": {"a": 4.0, "b": 0.5},
        "reason": "RuntimeError: 4.0 is bad",
    }
    assert np.isnan(found["product"].sel(a=4.0)).all()
    assert not found["is_large"].sel(a=4.0).any()
    status = case.store.status()
    assert (status.done, status.measured, status.failed, status.is_complete) == (case.blocks.count, 30, 5, True)
    assert status.failures[0] == Failure({"a": 4.0, "b": 0.5}, "RuntimeError: 4.0 is bad")
    assert status.seconds > 0


def test_an_unfinished_store_knows_what_is_done(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    for task in tasks_of(case.points, case.blocks, [1, 3]):
        case.job.compute(task)
    assert case.store.ledger.done() == {1, 3}
    status = case.store.status()
    assert (status.done, status.blocks, status.is_complete) == (2, case.blocks.count, False)
    assert status.measured < status.points == 30


def test_attributes_become_json(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr")
    odd = {"array": np.arange(2), "scalar": np.float64(2), "path": Path("x"), "list": [1], "none": None}
    case.template.attributes.update(odd)
    found = case.create().store.open().attrs
    assert {name: found[name] for name in odd} == {
        "array": [0, 1],
        "scalar": 2.0,
        "path": "x",
        "list": [1],
        "none": None,
    }


# Made whole or not at all


def test_a_store_that_cannot_be_made_leaves_nothing(study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Ledger, "begin", begin)
    with pytest.raises(ParameterError, match=r"be a folder that can be made \(no space left on device\)"):
        study(tmp_path / "s.zarr").create()
    assert not (tmp_path / "s.zarr").exists()
    assert [name for name in names(tmp_path) if name != "modules"] == []


def test_an_empty_folder_may_become_a_store(study, tmp_path: Path) -> None:
    (tmp_path / "s.zarr").mkdir()
    assert Store.at(tmp_path / "s.zarr").is_new
    study(tmp_path / "s.zarr").create()
    assert not Store.at(tmp_path / "s.zarr").is_new


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_leads_to_the_store(study, tmp_path: Path, is_there: bool) -> None:
    """To an empty folder on a larger disk, say, or to where one shall be; the link stays."""
    (tmp_path / "disk" / "real.zarr").mkdir(parents=True)
    if not is_there:
        (tmp_path / "disk" / "real.zarr").rmdir()
    link = tmp_path / "s.zarr"
    link.symlink_to(Path("disk", "real.zarr"), target_is_directory=True)
    fill(study(link).create())
    assert link.is_symlink()
    assert names(tmp_path / "disk") == ["real.zarr"]
    xr.testing.assert_equal(Store.at(tmp_path / "disk" / "real.zarr").open(), study().expected())


@pytest.mark.parametrize("path", ["", "s3://bucket/s.zarr", "a\0b", b"bytes"])
def test_paths_are_checked(refuses, path: Any) -> None:
    refuses("store", lambda: Store.at(path))


def test_zarr_may_be_missing(refuses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for `--status` is told about that."""
    monkeypatch.setattr(stores, "find_spec", lambda name: None if name == "zarr" else name)
    error = refuses("store", lambda: Store.at("s.zarr"), "Run `", '-m pip install "zarr>=')
    assert "left out" not in error.message
    refuses("--status", lambda: stores.require_zarr("--status"), "must have Zarr installed")


def test_a_file_is_no_store(refuses, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    refuses("store", lambda: Store.at(tmp_path / "file").is_new, "not a directory")


def test_a_folder_that_is_not_there_is_not_made(study, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no such file or directory"):
        study(tmp_path / "missing" / "s.zarr").create()


@pytest.mark.parametrize("name", ["a/b", r"a\[b]", "a\\", "ledger", "zarr.json", "é" * 128])
def test_names_that_cannot_name_an_array_are_refused(study, tmp_path: Path, refuses, name: str) -> None:
    """Slashes of both kinds lead to other folders, and names of folders end at 255 bytes."""
    case = study(tmp_path / "s.zarr")
    points = Points({**case.points.axes, name: case.points.axes["a"]})
    refuses("axes", lambda: create(case.store, {}, points, case.blocks, case.template), "It becomes a folder")
    form = replace(case.template, variables={**case.template.variables, name: case.template.variables["product"]})
    refuses("measure", lambda: create(case.store, {}, case.points, case.blocks, form), "It becomes a folder")
    assert not case.store.path.exists()


def test_names_of_odd_characters_name_arrays(study, tmp_path: Path) -> None:
    odd = ["a b", "x" * 255, "é" * 127, "...", "*", "a:b", "TwoPhotonDrive(a[0]).amplitude"]
    case = study(tmp_path / "s.zarr")
    points = Points({**case.points.axes, **dict.fromkeys(odd, case.points.axes["a"])})
    create(case.store, {f"axis {name}": "" for name in points.axes}, points, case.blocks, case.template)
    assert set(odd) <= set(case.store.open().coords)


@pytest.mark.parametrize("sampling", ["grid", "zip"])
def test_complex_axes_are_kept_by_their_parts(toy, tmp_path: Path, sampling: Any) -> None:
    """Over the axis's dim, as in memory; 0 and -0 apart."""
    points = combine({"a": [1 + 2j, complex(-0.0, -3)], "b": [3.0, 4.0]}, sampling, attributes={"a": {"units": "s"}})
    recipe = Recipe(lambda a, b: {"a": a.real, "b": b}, toy.measure, {})
    template, _ = template_of(recipe, points)
    store, blocks = Store.at(tmp_path / "s.zarr"), Blocks.of(points.sizes, 1)
    create(store, {f"axis {name}": "" for name in points.axes}, points, blocks, template)
    for task in tasks_of(points, blocks, range(blocks.count)):
        Job(recipe, template, store).compute(task)
    found = store.open()
    dim = "a" if sampling == "grid" else "point"
    assert set(found.coords) == {"a_real", "a_imaginary", "b", "power", "scalar"}
    assert found["a_real"].dims == found["a_imaginary"].dims == (dim,)
    assert [str(value) for value in found["a_real"].values] == ["1.0", "-0.0"]
    assert found["a_imaginary"].values.tolist() == [2, -3]
    assert found["a_imaginary"].attrs == {"units": "s", "long_name": "imaginary part of a"}
    assert not [name for name, values in found.variables.items() if values.dtype.kind == "c"]
    assert found["product"].sum().item() == (7 if sampling == "grid" else 3)
    here = template.dataset({name: values.values for name, values in found.data_vars.items()}, points)
    xr.testing.assert_identical(found.load().assign_attrs(here.attrs), here.assign_attrs(found.attrs))


def foreign(folder: Path) -> None:
    zarr.create_group(str(folder))


def no_json(folder: Path) -> None:
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / "study.json").write_text("{")


def newer(folder: Path) -> None:
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / "study.json").write_text('{"format": 3, "more": {}}')


def older(folder: Path) -> None:
    """As it was before there were sums."""
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / "study.json").write_text('{"format": 1, "study": {}, "sizes": {}, "chunks": {}}')


def empty(folder: Path) -> None:
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / "study.json").write_text("[]")


def unreadable(folder: Path) -> None:
    (folder / "ledger" / "study.json").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (foreign, "it has no ledger"),
        (no_json, "its ledger is damaged"),
        (newer, "its format is 3, known is 2"),
        (older, "its format is 1, known is 2"),
        (empty, "its ledger is damaged"),
        (unreadable, "its ledger cannot be read: is a directory"),
    ],
)
def test_what_is_not_ours_is_refused(refuses, tmp_path: Path, make: Callable[[Path], None], reason: str) -> None:
    make(tmp_path / "s.zarr")
    store = Store.at(tmp_path / "s.zarr")
    assert not store.is_new
    refuses("store", store.ledger.read, reason)


# Full disks and lost workers


def test_a_full_disk_is_refused_at_once(study, refuses, tmp_path: Path) -> None:
    case = study(tmp_path / "not" / "there" / "s.zarr")
    case.store.refuse_full_disk(case.template, 1000)
    refuses("store", lambda: case.store.refuse_full_disk(case.template, 10**15), "MiB", "make room")


@pytest.mark.parametrize("where", ["chunk", "ledger"])
def test_a_disk_that_runs_full_costs_one_block(
    study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    case = study(tmp_path / "s.zarr").create()
    first, second = tasks_of(case.points, case.blocks, [0, 1])
    case.job.compute(first)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(*{"chunk": (zarr.Array, "__setitem__"), "ledger": (Path, "write_text")}[where], full)
        with pytest.raises(LeydenError) as caught:
            case.job.compute(second)
    assert "no space left on device. 1 finished blocks are kept. Make room, and resume." in str(caught.value)
    assert "\n" not in str(caught.value)
    assert case.store.ledger.done() == {0}
    case.job.compute(second)
    assert case.store.ledger.done() == {0, 1}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(errno.EROFS, "Read-only file system"),
            "read-only file system. 0 finished blocks are kept. Make that disk",
        ),
        (OSError(errno.EIO, "Input/output error"), "kept. See to that disk, and resume."),
        (OSError(errno.EMFILE, "Too many open files"), "kept. Allow more open files, and resume."),
        (
            PermissionError(errno.EACCES, "Permission denied"),
            "permission denied. 0 finished blocks are kept. Mend that",
        ),
        (
            MemoryError(),
            "MemoryError. 0 finished blocks are kept. Free memory, or give a smaller `block`, and resume.",
        ),
        (KeyError("product"), "KeyError: 'product'. 0 finished blocks are kept. Mend that, and resume."),
    ],
)
def test_the_remedy_fits_the_reason(
    study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    case = study(tmp_path / "s.zarr").create()

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(zarr.Array, "__setitem__", fail)
    with pytest.raises(LeydenError) as caught:
        case.job.compute(next(tasks_of(case.points, case.blocks, [0])))
    assert words in str(caught.value)


def test_chunks_are_on_the_disk_before_the_ledger_says_so(
    study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the folders that lead to them, up to the store: in that order."""
    case, seen = study(tmp_path / "s.zarr").create(), list[str]()
    flush = os.fsync

    def watched(handle: int) -> None:
        seen.append(os.readlink(f"/proc/self/fd/{handle}").removeprefix(f"{tmp_path}/s.zarr/"))
        flush(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to know what is flushed")
    monkeypatch.setattr(os, "fsync", watched)
    case.job.compute(next(tasks_of(case.points, case.blocks, [0])))
    assert seen[-1].startswith("ledger/.leyden-")
    for name in case.template.variables:
        chunk = Path(name, "c", *["0"] * len(case.template.variables[name].dims))
        # Where all is empty there is no chunk.
        there = [path for path in (chunk, *chunk.parents[:-1]) if (case.store.path / path).exists()]
        places = [seen.index(path.as_posix()) for path in there]
        assert places == sorted(places)
        assert len(there) == (1 if name == "is_large" else len(chunk.parts))


def test_a_store_that_another_sweep_began_is_told_of(study, refuses, tmp_path: Path) -> None:
    """Both found nothing there; the second one to be ready leaves the first one's as it is."""
    first, second = study(tmp_path / "s.zarr"), study(tmp_path / "s.zarr")
    with first.store.begun({"device": "toy"}, first.points, first.blocks, first.template):
        refuses("store", second.create, "another has begun there", "Wait for that one, or name another folder.")
        refuses("store", lambda: second.store.ledger.held().__enter__(), "another is at it")
    assert names(tmp_path) == ["s.zarr"]
    fill(first)
    xr.testing.assert_equal(first.store.open(), first.expected())


@pytest.mark.parametrize("name", ["s.nc", "s.NC4", "s.h5"])
def test_names_of_files_are_refused(refuses, tmp_path: Path, name: str) -> None:
    refuses("store", Store.at(tmp_path / name).refuse_unmakeable, "which is a folder", "FILE.zarr")


def test_a_place_is_tried_before_anything_is_computed(refuses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuses("store", Store.at(tmp_path / "no" / "s.zarr").refuse_unmakeable, "no such file or directory")
    refuses("store", lambda: Store.at(tmp_path / ("s" * 256)).is_new, "file name too long")
    Store.at(tmp_path / ("s" * 255)).refuse_unmakeable()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    refuses("store", Store.at(".").refuse_unmakeable, "another folder than the current one", "such as study.zarr")
    Store.at("s.zarr").refuse_unmakeable()
    assert names(tmp_path / "here") == []


def test_a_store_that_cannot_be_locked_is_told(study, refuses, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    (tmp_path / "s.zarr" / "ledger" / "lock").unlink()
    (tmp_path / "s.zarr" / "ledger" / "lock").mkdir()
    refuses(
        "store", lambda: case.store.ledger.held().__enter__(), "be a folder that can be written to (is a directory)"
    )


def test_another_reason_is_told(study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = study(tmp_path / "s.zarr").create()

    def refused(*_: object) -> None:
        raise ParameterError.of("store", "be writable", "x")

    monkeypatch.setattr(Ledger, "record", refused)
    with pytest.raises(LeydenError, match=r"0 finished blocks are kept\. Mend that, and resume\."):
        case.job.compute(next(tasks_of(case.points, case.blocks, [0])))


def test_a_worker_that_does_not_see_the_store_says_so(study, refuses, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr")
    task = next(tasks_of(case.points, case.blocks, [0]))
    refuses("store", lambda: case.job.compute(task), "file system that every worker sees")


def test_half_written_files_are_removed(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    fill(case)
    before = {path for path in (tmp_path / "s.zarr").rglob("*") if path.is_file()}
    chunk = next((tmp_path / "s.zarr" / "powers" / "c").rglob("0"))
    folder = chunk if chunk.is_dir() else chunk.parent
    (folder / "0.0123456789abcdef.partial").write_text("half")
    (tmp_path / "s.zarr" / "ledger" / ".leyden-012345.part.json").write_text("half")
    case.store.tidy()
    assert {path for path in (tmp_path / "s.zarr").rglob("*") if path.is_file()} == before


def test_the_time_of_a_block_is_kept(study, tmp_path: Path) -> None:
    case = study(tmp_path / "s.zarr").create()
    values = case.template.empty({dim: part.stop - part.start for dim, part in case.blocks.place(0).items()})
    case.store.write(0, case.blocks.place(0), Outcome(values), time.perf_counter() - 100)
    assert 100 < case.store.status().seconds < 200
