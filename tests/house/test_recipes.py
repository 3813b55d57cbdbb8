"""The recipes of CONTRIBUTING.md are kept: what is added as they say is found wherever a user looks for it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden import fock, paper
from leyden.cli import app
from leyden.cli.device import Device, Setting, device_of
from leyden.dense import method as dense
from leyden.dense import propagate
from leyden.model import elements
from leyden.model.catalog import CatalogDevice
from leyden.model.elements.record import Element, by_mode, parameter
from leyden.model.files import parse_device, write_device
from leyden.model.operators import HamiltonianTerm, Jump, annihilate, create
from leyden.paper import claims
from leyden.paper.claims.register import CLAIMS
from leyden.paper.report import Illustration, render_report
from leyden.plots import axis_label, draw_schematic
from leyden.quantities import ENERGY, FREQUENCY_ENERGY, NUMBER, QUANTITIES
from leyden.results import Merit
from leyden.simulate import choice
from leyden.task import Answer, Method


def leyden(*words: str) -> str:
    ran = CliRunner().invoke(app, list(words), env={"COLUMNS": "200", "NO_COLOR": "1"}, catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


# Element: a record, and a row of KINDS.


@dataclass(frozen=True)
class PositionSpring(Element):
    """A spring between two positions, H = k (a + a^dag)(b + b^dag)."""

    first: str
    second: str
    stiffness: Any = parameter("real")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Exchange of quanta, and their making in pairs."""
        pairs = ((annihilate(self.first), create(self.second)), (create(self.first), create(self.second)))
        return tuple(HamiltonianTerm(self.stiffness, pair) for pair in pairs)


@dataclass(frozen=True)
class SharedGain(Element):
    """Quanta that come in through a superposition of modes."""

    weights: Any = by_mode("complex")
    rate: Any = parameter("nonnegative", default=0.0)

    def jumps(self) -> tuple[Jump, ...]:
        """The way in alone."""
        return (Jump(self.rate, tuple(self.weights.values()), tuple(map(create, self.weights))),)


@pytest.fixture
def spring(monkeypatch: pytest.MonkeyPatch) -> ly.Network:
    for kind in (PositionSpring, SharedGain):
        monkeypatch.setitem(elements.KINDS, elements.kind_of(kind), kind)
    parts = [
        PositionSpring("a", "b", 0.1),
        SharedGain({"b": 1.0}, 0.02),
        ly.LocalBath("a", 1.0),
        ly.LocalBath("b", 0.5),
        ly.OnePhotonDrive("a", 0.3),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b", name="spring")


def test_an_element_is_found_by_charge_and_steady_state(spring: ly.Network) -> None:
    """Early, the spring puts (k t)^2 quanta into b, and the gain its rate times t; then b is damped, less its gain."""
    bare = spring.replace(**{"OnePhotonDrive(a).amplitude": 0.0})
    time = 1e-3
    early = ly.charge(bare.replace(**{"SharedGain(b).rate": 0.0}), [0.0, time])
    assert float(early.stored_energy[-1]) == pytest.approx((0.1 * time) ** 2, rel=2e-3)
    alone = bare.replace(**{"PositionSpring(a, b).stiffness": 0.0})
    assert float(ly.charge(alone, [0.0, time]).stored_energy[-1]) == pytest.approx(0.02 * time, rel=1e-3)
    assert float(ly.steady_state(alone).stored_energy) == pytest.approx(0.02 / (0.5 - 0.02), rel=1e-12)


def test_an_element_is_found_by_sweeps_and_families(spring: ly.Network) -> None:
    address = "PositionSpring(a, b).stiffness"
    swept = ly.sweep(spring, {address: [0.0, 0.1]})
    single = [ly.steady_state(spring.replace(**{address: value})).ergotropy for value in (0.0, 0.1)]
    np.testing.assert_allclose(swept.ergotropy, single, rtol=1e-12)
    places = [[0, 1], [1, 2]]
    chain = [
        ly.Family(PositionSpring, places, stiffness=[0.1, 0.2]),
        ly.Family(SharedGain, places, weights=([1.0, 1j], [0.5, 0.5]), rate=0.01),
    ]
    network = ly.Network(ly.Modes(3), [*chain, ly.Family(ly.LocalBath, range(3), rate=1.0)], "m0", "m2")
    assert network.elements[1] == PositionSpring("m1", "m2", 0.2)
    assert network.elements[3] == SharedGain({"m1": 1j, "m2": 0.5}, 0.01)
    assert network.parameters["SharedGain(m1, m2).weights[m1]"] == 1j
    single_parts = ly.Network(tuple(network.modes), tuple(network.elements), "m0", "m2")
    for method in ("dense", "sparse"):
        energies = [ly.steady_state(one, method=method).stored_energy for one in (network, single_parts)]
        np.testing.assert_allclose(*energies, rtol=1e-10)


def test_an_element_is_found_by_files_and_the_command_line(
    spring: ly.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_device(spring, "spring.toml")
    text = Path("spring.toml").read_text(encoding="utf-8")
    assert ly.read_device("spring.toml") == spring
    assert 'kind = "position_spring"\nfirst = "a"\nsecond = "b"\nstiffness = 0.1\n' in text
    assert "# A spring between two positions" in text
    told = json.loads(leyden("steady", "spring.toml", "--json"))
    assert float(ly.steady_state(spring).ergotropy) in _numbers(told)
    assert _numbers(json.loads(leyden("charge", "spring.toml", "--json")))


def _numbers(found: Any) -> list[float]:
    if isinstance(found, dict):
        return [number for value in found.values() for number in _numbers(value)]
    if isinstance(found, list):
        return [number for value in found for number in _numbers(value)]
    return [found] if isinstance(found, float) else []


def test_an_element_is_drawn_with_its_name(spring: ly.Network) -> None:
    drawn = {text.get_text() for text in draw_schematic(spring).axes[0].texts}
    assert {"Position\nSpring", "Shared\nGain"} <= drawn


def test_an_element_comes_often_without_being_known(spring: ly.Network) -> None:
    """In a batch of a large network, like elements of any kind are put together."""
    names = [f"m{place}" for place in range(12)]
    stiffness = np.array([0.01, 0.02])
    parts: list[Any] = [ly.LocalBath(name, 1.0) for name in names]
    parts += [PositionSpring(one, other, stiffness) for one, other in pairwise(names)]
    batch = ly.Network([ly.Mode(name) for name in names], parts, "m0", "m11")
    found = ly.steady_state(batch, method="sparse").stored_energy
    np.testing.assert_allclose(found, ly.steady_state(batch, method="dense").stored_energy, rtol=1e-8)


def test_an_element_moves_the_moments_as_its_words_say(random_network: Any, amplitude_equations: Any) -> None:
    """Beside elements of every other kind, against equations that are written in ladder operators."""
    rest = random_network(5)
    own = [PositionSpring("m0", "m1", 0.1), SharedGain({"m1": 0.3, "m2": 0.2 - 0.4j}, 0.3)]
    network = ly.Network(rest.modes, [*rest.elements, *own], "m0", "m2")
    start, times = ly.states.vacuum(3), np.array([0.3, 1.0])
    found, reference = propagate(ly.moment_equations(network), start, times), amplitude_equations(network)
    for index, expected in enumerate(reference.solve(start, times)):
        moments = reference.ladder_moments(found.mean[index], found.excess[index])
        for one, other in zip(moments, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=2e-11 * max(1.0, np.max(np.abs(other))))


# Merit: a function, and a row of the table of results.


def coherent_energy(state: ly.GaussianState, mode: int, frequency: Any = 1.0) -> Any:
    """Energy omega |<b>|^2 of one mode's mean field."""
    return frequency * (state.mean[..., 2 * mode] ** 2 + state.mean[..., 2 * mode + 1] ** 2) / 2


COHERENCE = (
    Merit("coherent_energy", r"E_B^c", ENERGY, "energy of the mean field", of=coherent_energy, is_additive=True),
    Merit("coherence", r"E_B^c/E_B", NUMBER, "share of the mean field", ratio=("coherent_energy", "stored_energy")),
)


@pytest.fixture
def coherence(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in COHERENCE:
        monkeypatch.setitem(QUANTITIES, row.name, row)


def pair(*, drive: Any = 0.1, occupation: float = 0.0) -> ly.Network:
    """A driven mode beside a warm one: all that is coherent of the battery comes from the drive."""
    parts = [
        ly.OnePhotonDrive("a", drive),
        ly.CoherentCoupling("a", "b", 0.2),
        ly.LocalBath("a", 1.0),
        ly.LocalBath("b", 0.5, occupation),
    ]
    return ly.Network([ly.Mode("a"), ly.Mode("b")], parts, "a", "b", name="pair")


# |<b>| = drive J / (J^2 + kappa_a kappa_b/4)
AMPLITUDE = 0.1 * 0.2 / (0.2**2 + 0.5 / 4)


@pytest.mark.usefixtures("coherence")
@pytest.mark.parametrize("method", ["dense", "sparse", "fock"])
def test_a_merit_is_found_by_every_method(method: str) -> None:
    room: Any = fock if method == "fock" else ly
    options: Any = {} if method == "fock" else {"method": method}
    settled = room.steady_state(pair(occupation=0.02 if method == "fock" else 0.0), **options)
    assert float(settled.coherent_energy) == pytest.approx(AMPLITUDE**2, rel=1e-6)
    assert float(settled.coherence) == pytest.approx(AMPLITUDE**2 / float(settled.stored_energy), rel=1e-6)
    assert settled.coherent_energy.attrs == COHERENCE[0].attributes()
    run = room.charge(pair(), [0.0, 1.0, 60.0], **options)
    assert run.coherent_energy.dims == ("time",)
    assert float(run.coherent_energy[-1]) == pytest.approx(AMPLITUDE**2, rel=1e-5)
    assert np.isnan(run.coherence[0])
    both = room.charge(replace(pair(), battery=["b", "a"]), [0.0, 1.0, 60.0], **options)
    assert both.coherent_energy.dims == ("mode", "time")
    np.testing.assert_allclose(both.total_coherent_energy, both.coherent_energy.sum("mode"), rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(
        both.total_coherence[1:], (both.total_coherent_energy / both.total_stored_energy)[1:], rtol=1e-12
    )


@pytest.mark.usefixtures("coherence")
def test_a_merit_is_found_in_batches_and_sweeps() -> None:
    found = ly.sweep(pair(), {"OnePhotonDrive(a).amplitude": [0.1, 0.2]})
    np.testing.assert_allclose(found.coherent_energy, AMPLITUDE**2 * np.array([1, 4]), rtol=1e-12)
    assert found.coherent_energy.attrs["symbol"] == "E_B^c"
    run = ly.sweep(pair(), {"OnePhotonDrive(a).amplitude": [0.1, 0.2]}, measure="charge", times=[0.0, 60.0])
    assert run.coherent_energy.sizes == {"OnePhotonDrive(a).amplitude": 2, "time": 2}
    grid = ly.catalog.two_photon_battery(drive=np.array([0.1, 0.9]), charger_damping=0.1, battery_damping=0.1)
    assert np.isnan(ly.steady_state(grid).coherent_energy.values).tolist() == [False, True]
    alone = ly.Network([ly.Mode("a", 6.0)], [ly.LocalBath("a", 1.0)], "a", "a")
    assert ly.steady_state(alone).coherent_energy.attrs["units"] == FREQUENCY_ENERGY


@pytest.mark.usefixtures("coherence")
def test_a_merit_is_found_by_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_device(pair(), "pair.toml")
    told = json.loads(leyden("steady", "pair.toml", "--json"))
    assert told["coherent_energy"] == pytest.approx(AMPLITUDE**2, rel=1e-12)
    assert told["units"]["coherent_energy"] == ENERGY
    assert "coherent_energy" in json.loads(leyden("charge", "pair.toml", "--json"))["peak"]
    for command in ("steady", "charge"):
        assert "coherent energy" in leyden(command, "pair.toml")
    assert axis_label(ly.steady_state(pair()).coherent_energy.attrs) == r"$E_B^c$ ($\hbar\omega_0$)"


# Method: a folder, and a row of METHODS.


def relabelled(answer: Answer | None) -> Answer:
    assert answer is not None
    return answer[0], {"method": "twice", "source": "the dense method"}


TWICE = Method(
    "twice",
    suits=lambda task: task.modes == 3,
    refuses=lambda task: "it is even" if task.modes % 2 == 0 else "",
    steady=lambda task: relabelled(dense.METHOD.steady(task)),
    charge=lambda task: relabelled(dense.METHOD.charge(task)),
)


def test_a_method_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, by itself where it suits and comes first, for batches one by one, in sweeps; what it refuses it says."""
    monkeypatch.setattr(choice, "METHODS", {"twice": TWICE, **choice.METHODS})
    odd = partial(ly.catalog.cascade, damping=0.1)
    for modes, method in ((3, None), (3, "twice"), (5, "twice")):
        network = odd(modes, drive=0.05)
        for found in (ly.steady_state(network, method=method), ly.charge(network, [0.0, 1.0], method=method)):
            assert (found.attrs["method"], found.attrs["source"]) == ("twice", "the dense method")
    assert ly.steady_state(odd(5, drive=0.05)).attrs["method"] == "dense"
    several = np.array([0.02, 0.05])
    found = ly.steady_state(odd(5, drive=several), method="twice")
    np.testing.assert_allclose(found.ergotropy, ly.steady_state(odd(5, drive=several)).ergotropy, rtol=1e-12)
    swept = ly.sweep("cascade", {"drive": several}, fixed={"modes": 3, "damping": 0.1}, method="twice")
    assert swept.attrs["method"] == "twice"
    with pytest.raises(ly.ParameterError, match=r"`method` must be another one or None here, because it is even"):
        ly.steady_state(odd(4, drive=0.05), method="twice")
    names = '"twice", "low_rank", "dense", "one_way", "fock", "truncated_wigner", "mean_field", or None'
    with pytest.raises(ly.ParameterError, match=f"must be {names}"):
        ly.steady_state(odd(4, drive=0.05), method="thrice")


# Catalog device: a function, and a row of DEVICES.


def damped_cavity(*, drive: Any, damping: Any, modes: int = 1) -> ly.Network:
    """A cavity that is driven and damped: 4 drive^2 / damping^2 quanta."""
    names = [f"m{place}" for place in range(modes)]
    parts = [ly.OnePhotonDrive("m0", drive), *(ly.LocalBath(name, damping) for name in names)]
    return ly.Network([ly.Mode(name) for name in names], parts, "m0", "m0", name="damped_cavity")


def test_a_catalog_device_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    entry = CatalogDevice(damped_cavity, {"drive": 0.1, "damping": 0.5}, "a cavity")
    monkeypatch.setitem(ly.catalog.DEVICES, "damped_cavity", entry)
    device = ly.catalog.reference_device("damped_cavity")
    assert float(ly.steady_state(device).ergotropy) == pytest.approx(4 * 0.1**2 / 0.5**2, rel=1e-12)
    assert "damped_cavity" in leyden("devices")
    assert parse_device(leyden("devices", "damped_cavity")) == device
    assert float(ly.steady_state(device).ergotropy) in _numbers(json.loads(leyden("steady", "damped_cavity", "--json")))
    swept = ly.sweep("damped_cavity", {"drive": [0.1, 0.2]}, fixed={"damping": 0.5})
    np.testing.assert_allclose(swept.ergotropy, [0.16, 0.64], rtol=1e-12)
    study = 'device = "damped_cavity"\n[fixed]\ndamping = 0.5\n[axes.drive]\nvalues = [0.1, 0.2]\n'
    Path("study.toml").write_text(study, encoding="utf-8")
    assert "ergotropy" in leyden("sweep", "study.toml")


# Claim: a function below its row, in a file of its own.

CLAIM = '''\
"""The claim that a device without drive stores nothing."""

from __future__ import annotations

import leyden as ly
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import Bench
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.grids import axis
from leyden.paper.evidence.judging import Check


@claim("C31", "nowhere", "A device without drive stores nothing.")
def _nothing_without_drive(bench: Bench) -> Case:
    """C31: steady E_B at drive 0."""
    device = bench.two_photon(drive=0.0, charger_damping=axis("damping", (0.1, 1.0)), battery_damping=0.1)
    stored = ly.steady_state(device).stored_energy
    return Case((Check(stored == 0),), "E_B is zero.", "E_B is {largest:.3g} at most.", "", {"largest": stored.max()})
'''


def test_a_claim_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "undriven.py").write_text(CLAIM, encoding="utf-8")
    monkeypatch.setattr(claims, "__path__", [*claims.__path__, str(tmp_path)])
    try:
        findings = paper.audit(claims=["C31"])
    finally:
        CLAIMS.pop("C31", None)
        sys.modules.pop("leyden.paper.claims.undriven", None)
    assert findings["C31"].verdict == "holds"
    assert findings["C31"].numbers["largest"] == 0.0
    page = render_report([Illustration(1, "The device", "", "", "", None, ())], findings)
    assert "A device without drive stores nothing." in page
    assert "C31" in page


# Command: a function, and its row in the program.


def depth(device: Device, *, settings: Setting = None) -> None:
    """Tell how many modes a device has."""
    print(len(device_of(device, settings).modes))


def test_a_command_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "registered_commands", [*app.registered_commands])
    app.command(epilog="Example: leyden depth cascade")(depth)
    assert "Tell how many modes a device has." in leyden("--help")
    assert "Example: leyden depth cascade" in leyden("depth", "--help")
    assert leyden("depth", "cascade", "--set", "modes=7") == "7\n"
    failed = CliRunner().invoke(app, ["depth", "nonsense"])
    assert failed.exit_code == 2
    assert failed.stderr.startswith("Error: Argument `DEVICE` must be")
    assert len(failed.stderr.splitlines()) == 1
