"""`sweep`: right numbers with the right labels, in memory or in a store, in one sitting or in several."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.errors import LeydenError, ParameterError
from leyden.runner import Store
from leyden.study import Blocks, Progress, Range, plan, sweep

AXES = {"drive": Range(0.01, 0.2, 6), "charger_damping": Range(0.05, 1, 5, "log")}

USERS = '''
import numpy as np
import leyden as ly


def build(drive, damping, *, limit=10.0):
    """Both modes with the same damping; refuses what is above the limit."""
    if np.any(np.asarray(damping) > limit):
        raise RuntimeError("too lossy")
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)


def measure(network):
    return ly.stability(network)
'''


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A user's module."""
    folder = tmp_path_factory.mktemp("users")
    (folder / "leyden_user.py").write_text(USERS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("leyden_user")
    del sys.modules["leyden_user"]


def same_bits(first: xr.Dataset, second: xr.Dataset) -> bool:
    names = list(first.variables)
    return names == list(second.variables) and all(
        first[name].values.tobytes() == second[name].values.tobytes() for name in names
    )


def test_a_sweep_is_the_paper_s_algebra(users: ModuleType) -> None:
    """Equal damping, so that Eq. (14) holds: a witness that shares no code with the engine."""
    found = sweep(users.build, {"drive": Range(0.01, 0.1, 7), "damping": [0.1, 0.2]})
    assert list(found.dims) == ["drive", "damping"]
    for damping in (0.1, 0.2):
        device = closed_form.DirectedDevice(
            drive=found.drive.values,
            total_charger_damping=damping + 0.5,
            total_battery_damping=damping + 0.5,
            transport_rate=0.5,
        )
        np.testing.assert_allclose(
            found.ergotropy.sel(damping=damping), closed_form.steady_ergotropy(device), rtol=1e-11
        )


def test_coordinates_and_variables_are_labelled() -> None:
    found = sweep("two_photon_battery", AXES)
    about = {"long_name": "drive", "units": "rate unit", "symbol": r"\epsilon", "description": "drive amplitude"}
    assert found.drive.attrs == about
    assert found.stored_energy.attrs["units"] == "hbar omega_0"
    assert found.attrs["device"] == "two_photon_battery"
    assert not found.is_stable.sel(drive=0.2, charger_damping=0.05)
    assert np.isnan(found.ergotropy.sel(drive=0.2, charger_damping=0.05))


def test_charging_curves_and_several_batteries() -> None:
    times = np.linspace(0, 20, 5)
    found = sweep("cascade", {"drive": [0.02, 0.05]}, measure="charge", times=times, fixed={"modes": 3})
    assert found.stored_energy.dims == ("drive", "mode", "time")
    assert found.mode.values.tolist() == ["m1", "m2"]
    one = ly.charge(ly.catalog.cascade(3, drive=0.05, damping=0.1), times)
    xr.testing.assert_allclose(found.sel(drive=0.05, drop=True), one, rtol=1e-12)


@pytest.mark.parametrize("axes", [{"coupling": [0.1j], "coupling_real": [1.0]}, {"rate": [1j], "rate_imaginary": [1]}])
def test_the_names_of_a_complex_axis_are_its_own(refuses, axes: dict[str, Any]) -> None:
    refuses("axes", lambda: sweep(lambda **_: None, axes), list(axes)[1], "Give that parameter another name")


def test_a_measure_of_ones_own() -> None:
    """Results with dims of their own."""
    found = sweep("two_photon_battery", {"drive": [0.05, 0.1]}, measure=ly.stability)
    assert found.eigenvalues.dims == ("drive", "eigenvalue", "part")
    np.testing.assert_allclose(found.spectral_abscissa, [-0.2, -0.1], rtol=1e-12)


def test_a_network_by_address() -> None:
    network = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    found = sweep(network, {"TwoPhotonDrive(charger).amplitude": [0.0, 0.1]})
    np.testing.assert_allclose(found.stored_energy, [0, 0.9375], rtol=1e-12)


def test_zipped_axes_and_samples() -> None:
    zipped = sweep("two_photon_battery", {"drive": [0.05, 0.1], "charger_damping": [0.2, 0.1]}, sampling="zip")
    np.testing.assert_allclose(zipped.stored_energy[1], 0.9375, rtol=1e-12)
    assert zipped.drive.dims == ("point",)
    sampled = sweep("two_photon_battery", {"drive": (0.01, 0.1)}, sampling="latin_hypercube", points=5, seed=1)
    one = ly.catalog.two_photon_battery(drive=float(sampled.drive[2]), charger_damping=0.1, battery_damping=0.1)
    np.testing.assert_allclose(sampled.ergotropy[2], ly.steady_state(one).ergotropy, rtol=1e-12)


def test_complex_axes(tmp_path: Path) -> None:
    """By their parts, so that every file can hold them; only -0.25j, that of the paper, lets nothing come back."""
    axes = {"coupling": [0.1 + 0.2j, -0.25j], "drive": [0.05, 0.1]}
    fixed = {"charger_damping": 0.1, "battery_damping": 0.1}
    here = sweep("two_photon_battery", axes, fixed=fixed)
    there = sweep("two_photon_battery", axes, fixed=fixed, store=tmp_path / "s.zarr")
    xr.testing.assert_allclose(here, there, rtol=1e-12)
    for found in (here, there):
        assert set(found.coords) == {"coupling_real", "coupling_imaginary", "drive"}
        assert found.coupling_real.dims == found.coupling_imaginary.dims == ("coupling",)
        assert (found.coupling_real + 1j * found.coupling_imaginary).values.tolist() == axes["coupling"]
        assert found.coupling_real.attrs["long_name"] == "real part of coupling"
        assert found.coupling_real.attrs["description"].startswith("real part of coherent coupling J a b^dag")
        indexed = found.set_xindex(["coupling_real", "coupling_imaginary"])
        chosen = indexed.sel(coupling_real=0, coupling_imaginary=-0.25, drive=0.1)
        np.testing.assert_allclose(chosen.stored_energy, 0.9375, rtol=1e-12)


# Stores


def test_a_store_holds_what_memory_does(users: ModuleType, tmp_path: Path) -> None:
    axes = {"drive": Range(0.01, 0.1, 6), "damping": Range(0.1, 2, 5)}
    told: list[Progress] = []
    stored = sweep(users.build, axes, fixed={"limit": 1.0}, store=tmp_path / "s.zarr", progress=told.append)
    here = sweep(users.build, axes, fixed={"limit": 1.0})
    xr.testing.assert_allclose(stored, here, rtol=1e-12)
    assert list(stored.data_vars) == list(here.data_vars)
    assert stored.attrs == here.attrs | {"failures": stored.attrs["failures"]}
    assert stored.attrs["failed_points"] == 18
    assert {entry["reason"] for entry in json.loads(stored.attrs["failures"])} == {"RuntimeError: too lossy"}
    assert stored.drive.attrs == here.drive.attrs
    assert (told[-1].done, told[-1].measured, told[-1].failed) == (told[-1].blocks, 30, 18)


def test_a_finished_store_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s.zarr").rglob("*")}
    monkeypatch.setattr("leyden.study.plan.template_of", lambda *_: pytest.fail("nothing is to be computed"))
    for resume in (False, True):
        again = sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", resume=resume)
        assert same_bits(first, again)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "s.zarr").rglob("*")} == before


class StopError(Exception):
    """Ends a sweep in the middle."""


def stop_after(blocks: int) -> Any:
    def progress(now: Progress) -> None:
        if now.done == blocks:
            raise StopError

    return progress


def test_an_unfinished_store_is_finished(tmp_path: Path) -> None:
    """Bit for bit the same, without computing anything twice, in another way than it was begun."""
    whole = sweep("two_photon_battery", AXES, store=tmp_path / "whole.zarr").load()
    with pytest.raises(StopError):
        sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", progress=stop_after(4))
    done = {path: path.stat().st_mtime_ns for path in (tmp_path / "s.zarr" / "ledger").glob("block-*")}
    assert len(done) == 4
    with pytest.raises(ParameterError, match=r"`resume` must be set .*\(4 of 30 blocks are done in 's.zarr'\)"):
        sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr")
    told: list[Progress] = []
    found = sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", resume=True, progress=told.append)
    assert same_bits(found, whole)
    assert [now.done for now in told] == list(range(5, 31))
    assert told[0].measured == 5
    assert {path: path.stat().st_mtime_ns for path in done} == done


def test_two_processes_finish_what_one_began(users: ModuleType, tmp_path: Path) -> None:
    axes = {"drive": Range(0.01, 0.1, 6), "damping": Range(0.1, 2, 5)}
    whole = sweep(users.build, axes, store=tmp_path / "whole.zarr").load()
    with pytest.raises(StopError):
        sweep(users.build, axes, store=tmp_path / "s.zarr", progress=stop_after(4))
    assert same_bits(sweep(users.build, axes, store=tmp_path / "s.zarr", resume=True, workers=2), whole)


def test_resuming_what_was_never_begun_begins_it(tmp_path: Path) -> None:
    found = sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", resume=True)
    assert found.attrs["failed_points"] == 0


def test_what_was_killed_is_tidied(tmp_path: Path) -> None:
    with pytest.raises(StopError):
        sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", progress=stop_after(1))
    litter = tmp_path / "s.zarr" / "ergotropy" / "c" / "0" / "1.0123456789abcdef.partial"
    litter.write_text("half")
    sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr", resume=True)
    assert not litter.exists()


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "axis": ({"axes": AXES | {"drive": Range(0.01, 0.21, 6)}}, "axis drive was 6 values from 0.01 to 0.2 ("),
    "more axes": ({"axes": AXES | {"phase": [0.0]}}, "axis phase was absent, is 1 values from 0.0 to 0.0"),
    "order": ({"axes": dict(reversed(AXES.items()))}, "order of axes was drive, charger_damping, is charger_damping"),
    "device": ({"build": "one_photon_battery"}, "device was two_photon_battery, is one_photon_battery"),
    "fixed": ({"fixed": {"phase": 1}}, "fixed phase was absent, is 1.0"),
    "measure": ({"measure": "charge", "times": [0.0, 1.0]}, "measure was steady_state, is charge"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_another_study_is_refused(tmp_path: Path, case: str) -> None:
    change, words = CHANGES[case]
    study: dict[str, Any] = {"build": "two_photon_battery", "axes": AXES}
    with pytest.raises(StopError):
        sweep(**study, store=tmp_path / "s.zarr", progress=stop_after(1))
    with pytest.raises(ParameterError) as caught:
        sweep(**study | change, store=tmp_path / "s.zarr", resume=True)
    assert words in str(caught.value)
    assert len(Store.at(tmp_path / "s.zarr").ledger.done()) == 1


def test_many_changes_are_counted(tmp_path: Path) -> None:
    sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr")
    with pytest.raises(ParameterError, match=r"\(and \d more\)\. Name another folder"):
        sweep("cascade", {"damping": [0.1]}, fixed={"modes": 3}, store=tmp_path / "s.zarr")


def test_another_release_is_another_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr")
    monkeypatch.setattr("leyden.study.plan.__version__", "99.0")
    with pytest.raises(ParameterError, match=r"leyden was .*, is 99\.0"):
        sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr")


def test_what_cannot_be_sent_leaves_no_store(refuses, tmp_path: Path) -> None:
    """Else the store would stand in the way of the function that is mended."""

    def build(drive: Any) -> ly.Network:
        return ly.catalog.cascade(2, drive=drive, damping=0.1)

    with pytest.raises(ParameterError, match="Define it at the top of a module"):
        sweep(build, {"drive": [0.1]}, store=tmp_path / "s.zarr", workers=2)
    assert not (tmp_path / "s.zarr").exists()


def test_two_sweeps_of_one_store_do_not_meet(refuses, tmp_path: Path) -> None:
    """The second one is refused while the first one is at work, and opens the result afterwards."""
    study: dict[str, Any] = {"build": "two_photon_battery", "axes": AXES, "store": tmp_path / "s.zarr"}

    def progress(now: Progress) -> None:
        if now.done == 3:
            refuses("store", lambda: sweep(**study, resume=True), "another is at it")

    pytest.importorskip("fcntl")
    assert same_bits(sweep(**study, progress=progress), sweep(**study))


def test_a_damaged_record_costs_one_block(tmp_path: Path) -> None:
    """What a power cut may do to a file: its block is computed again, and no other."""
    study: dict[str, Any] = {"build": "two_photon_battery", "axes": AXES, "store": tmp_path / "s.zarr"}
    with pytest.raises(StopError):
        sweep(**study, progress=stop_after(4))
    (tmp_path / "s.zarr" / "ledger" / "block-2.json").write_text("")
    told: list[Progress] = []
    found = sweep(**study, resume=True, progress=told.append)
    assert same_bits(found, sweep(**study | {"store": tmp_path / "whole.zarr"}))
    assert (told[0].done, len(told)) == (4, 27)


def test_blocks_stay_what_they_were(refuses, tmp_path: Path) -> None:
    study: dict[str, Any] = {"build": "two_photon_battery", "axes": AXES, "store": tmp_path / "s.zarr"}
    with pytest.raises(StopError):
        sweep(**study, block=7, progress=stop_after(1))
    refuses("block", lambda: sweep(**study, block=3, resume=True), "be left out")
    assert Store.at(tmp_path / "s.zarr").ledger.read().blocks == Blocks.of({"drive": 6, "charger_damping": 5}, 7)
    sweep(**study, block=7, resume=True)
    sweep(**study)


def test_tiny_blocks_are_advised_against(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, where the store is begun, in a line of the caller's; not where nobody asked for them, or they are few."""
    study: dict[str, Any] = {"build": "two_photon_battery", "axes": {"drive": Range(0.01, 0.1, 100)}}
    monkeypatch.setattr(plan, "_MANY_BLOCKS", 50)
    with (
        pytest.raises(StopError),
        pytest.warns(
            UserWarning, match=r"makes 100 blocks of at most 1 points\. .* 0\.083 min .* there are 25"
        ) as told,
    ):
        sweep(**study, block=1, store=tmp_path / "s.zarr", progress=stop_after(1))
    assert (len(told), told[0].filename) == (1, __file__)
    for number, block in enumerate((None, 3)):
        with pytest.raises(StopError):
            sweep(**study, block=block, store=tmp_path / f"{number}.zarr", progress=stop_after(1))


def test_a_disk_that_is_too_small_is_refused_at_once(refuses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    refuses("store", lambda: sweep("two_photon_battery", AXES, store=tmp_path / "s.zarr"), "free on its disk")
    assert not (tmp_path / "s.zarr").exists()


@pytest.mark.skipif(not os.path.ismount("/dev/shm") or os.geteuid() != 0, reason="needs root to mount a small disk")
def test_a_disk_that_runs_full(tmp_path: Path) -> None:
    """A real one, of 1.2 MB: what fits is kept, and after more room was made the rest is computed."""
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this system does not let us mount one")
    study: dict[str, Any] = {
        "build": "two_photon_battery",
        "axes": {"drive": Range(0.01, 0.1, 100), "charger_damping": Range(0.05, 1, 100)},
    }
    try:
        with pytest.raises(LeydenError, match=r"no space left on device\. \d+ finished blocks are kept\. Make room"):
            sweep(**study, store=disk / "s.zarr", block=500)
        done = Store.at(disk / "s.zarr").ledger.done()
        assert 0 < len(done) < 20
        subprocess.run(["mount", "-o", "remount,size=10m", disk], check=True)
        found = sweep(**study, store=disk / "s.zarr", resume=True).load()
    finally:
        subprocess.run(["umount", disk], check=True)
    assert same_bits(found, sweep(**study, store=tmp_path / "whole.zarr", block=500))


# Refusals


def test_a_device_that_never_works_is_refused(users: ModuleType, tmp_path: Path) -> None:
    axes = {"drive": Range(0.01, 0.1, 1000), "damping": Range(0.5, 2, 1000)}
    with pytest.raises(ParameterError, match="failed at each of the 64 points tried: RuntimeError: too lossy"):
        sweep(users.build, axes, fixed={"limit": 0.1}, store=tmp_path / "s.zarr")
    assert not (tmp_path / "s.zarr").exists()


def test_too_much_for_memory_is_refused(refuses) -> None:
    axes = {"drive": Range(0.01, 0.1, 100_000), "charger_damping": Range(0.01, 0.1, 1000)}
    refuses("store", lambda: sweep("two_photon_battery", axes), "results above 4 GiB", "9.8 GiB")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("store", {"resume": True}),
        ("block", {"block": 0}),
        ("block", {"block": 1.5}),
        ("block", {"block": True}),
        ("workers", {"workers": 0}),
        ("measure", {"measure": "x"}),
        ("times", {"times": [1.0]}),
        ("sampling", {"sampling": "x"}),
        ("fixed", {"fixed": {"drive": 0.1}}),
    ],
)
def test_arguments_are_checked(refuses, name: str, more: dict[str, Any]) -> None:
    refuses(name, lambda: sweep("two_photon_battery", AXES, **more))


def test_axes_that_the_result_needs_for_itself_are_refused() -> None:
    with pytest.raises(ParameterError, match="Rename the dim"):
        sweep(lambda time: ly.catalog.cascade(3, drive=time, damping=0.1), {"time": [0.1]}, measure="charge", times=[1])


def test_blocks_fit_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of 105 bytes a point, seven at most in 735 bytes."""
    monkeypatch.setattr("leyden.study.plan._BLOCK_BYTES", 735)
    told: list[Progress] = []
    found = sweep("two_photon_battery", {"drive": Range(0, 0.1, 70)}, progress=told.append)
    assert sum(values.dtype.itemsize for values in found.data_vars.values()) == 105
    assert told[-1].blocks == 10


def test_blocks_of_large_devices_are_done_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few bytes they come to: a block should not take an hour."""
    told: list[Progress] = []
    monkeypatch.setattr("leyden.study.plan._BLOCK_WORK", 3 * 20**3)
    axes = {"drive": Range(0.01, 0.02, 9)}
    sweep("cascade", axes, fixed={"modes": 10}, measure=ly.stability, progress=told.append)
    assert told[-1].blocks == 3


def test_batches_fit_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device of many modes or times is measured in smaller batches; blocks stay what they are."""
    monkeypatch.setattr("leyden.study.plan._BATCH_BYTES", 10 * working(2, 0))
    told: list[Progress] = []
    sizes: list[int] = []

    def measure(network: ly.Network) -> xr.Dataset:
        found = ly.stability(network)
        sizes.append(found.is_stable.size)
        return found

    sweep("two_photon_battery", {"drive": Range(0, 0.1, 100)}, measure=measure, progress=told.append)
    assert sizes == [1] + 10 * [10]
    assert told[-1].blocks == 1


def working(modes: int, times: int) -> int:
    from leyden.study.measures import working_bytes

    return working_bytes(ly.catalog.cascade(modes, drive=0.1, damping=0.1), times)


def test_points_whose_levels_do_not_suffice_are_failures() -> None:
    """Without a Kerr term there is no steady state above threshold, and no number of levels tells that."""

    def build(drive: Any, kerr: Any) -> ly.Network:
        pair = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
        return ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", kerr)], "charger", "battery")

    found = sweep(build, {"drive": [0.2, 0.1], "kerr": [0.0, 1.0]})
    assert np.isnan(found.stored_energy).values.tolist() == [[True, False], [False, False]]
    assert found.attrs["failed_points"] == 1
    (failure,) = json.loads(found.attrs["failures"])
    assert failure["parameters"] == {"drive": 0.2, "kerr": 0.0}
    assert failure["reason"].startswith("Argument `network` must fit into its Fock levels, but")
    assert "unsolved" not in found.attrs
