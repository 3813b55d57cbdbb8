"""One verdict on stability: of a single device, a batch, a large network, a traced device and the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli.program import app
from leyden.model.catalog.pairs import nonreciprocal_strength

WEIGHT = 2**-0.5
EXACT = nonreciprocal_strength(1.0, WEIGHT, WEIGHT)
# Typed by hand, as a product of decimals, and with a phase whose cosine is 6e-17 in place of zero.
TYPED = (EXACT, -0.25j, -0.5j * 0.1 * 5, -1j * (0.1 + 0.15))


def chain(modes: int, drive: Any, strength: Any = EXACT, weights: Sequence[Any] = (WEIGHT, WEIGHT)) -> ly.Network:
    """One way, every mode driven, every link a shared bath: blocks of -0.55 +- 2 eps, whatever the links are."""
    links = [[i, i + 1] for i in range(modes - 1)]
    rates = [0.6] + [0.1] * (modes - 2) + [0.6]
    return ly.Network(
        ly.Modes(modes),
        [
            ly.Family(ly.LocalBath, range(modes), rate=rates),
            ly.Family(ly.SharedBath, links, weights=tuple(weights), rate=1.0),
            ly.Family(ly.CoherentCoupling, links, strength=strength),
            *(ly.TwoPhotonDrive(f"m{i}", drive) for i in range(modes)),
        ],
        "m0",
        f"m{modes - 1}",
    )


def partly(modes: int, back: float) -> ly.Network:
    """A Hatano-Nelson chain: forwards (1 + j)/4, backwards (1 - j)/4."""
    links = [[i, i + 1] for i in range(modes - 1)]
    rates = [0.6] + [0.1] * (modes - 2) + [0.6]
    return ly.Network(
        ly.Modes(modes),
        [
            ly.Family(ly.LocalBath, range(modes), rate=rates),
            ly.Family(ly.SharedBath, links, weights=(WEIGHT, WEIGHT), rate=1.0),
            ly.Family(ly.CoherentCoupling, links, strength=-0.25j * (1 - back)),
        ],
        "m0",
        f"m{modes - 1}",
    )


def verdicts(network: ly.Network) -> set[bool]:
    """Of `stability`, with and without eigenvalues, of `charge` and of `steady_state`."""
    found = {bool(ly.stability(network, eigenvalues=wanted).is_stable) for wanted in (None, False)}
    found.add(bool(ly.charge(network, [0.0, 1.0]).is_stable))
    try:
        found.add(bool(ly.steady_state(network).is_stable))
    except ly.UnstableError:
        found.add(False)
    return found


@pytest.mark.parametrize("modes", [2, 3, 8, 14, 20, 60])
@pytest.mark.parametrize("strength", TYPED)
def test_one_way_chains_decay_as_their_modes_do(modes: int, strength: complex) -> None:
    for drive, stable in ((0.26, True), (0.29, False)):
        device = chain(modes, drive, strength)
        found = ly.stability(device)
        assert verdicts(device) == {stable}
        assert (
            abs(float(found.spectral_abscissa) - (2 * drive - 0.55)) <= found.attrs["spectral_abscissa_error"] < 1e-14
        )
    assert ly.critical_drive(chain(modes, 0.1, strength), "m0") == pytest.approx(0.275, rel=1e-13)


def test_a_phase_whose_cosine_is_not_quite_zero() -> None:
    """Weights 1 and i: the coupling that cancels the way back is real, and typed as 0.25."""
    turned = chain(14, 0.26, 0.25, (WEIGHT, WEIGHT * np.exp(0.5j * np.pi)))
    assert verdicts(turned) == {True}
    assert float(ly.stability(turned).spectral_abscissa) == pytest.approx(-0.03, rel=1e-12)


def test_a_weak_way_back_on_purpose_counts() -> None:
    """5e-13 backwards beside 0.5 forwards, two modes: their product's root is 5e-7."""
    back = 1e-12
    device = chain(2, 0.26, -0.25j + 0.5j * back)
    found = ly.stability(device)
    assert float(found.spectral_abscissa) == pytest.approx(-0.03 + np.sqrt(0.5 * back / 2), abs=1e-10)
    assert verdicts(device) == {True}


@pytest.mark.parametrize("modes", [2, 7, 40, 120])
@pytest.mark.parametrize("back", [0.1, 1e-6, 0.999])
def test_partly_nonreciprocal_chains_have_all_digits(modes: int, back: float) -> None:
    """Tridiagonal Toeplitz; what comes back, a difference of 1/4 and 1/4, is known to 1e-16 of these."""
    found = ly.stability(partly(modes, back))
    forth, return_ = 0.25 + 0.25 * (1 - back), 0.25 - 0.25 * (1 - back)
    exact = -0.55 + 2 * np.sqrt(forth * return_) * np.cos(np.pi / (modes + 1))
    assert abs(float(found.spectral_abscissa) - exact) <= found.attrs["spectral_abscissa_error"] + 1e-15
    assert found.attrs["spectral_abscissa_error"] < 1e-11
    assert verdicts(partly(modes, back)) == {True}


@pytest.mark.parametrize("modes", [2, 6, 14])
def test_a_batch_is_its_loop(modes: int) -> None:
    """Members of different structure side by side: one way exactly, typed, back-action on purpose, no drive."""
    drives = np.array([0.26, 0.29, 0.0, 0.26, 0.27])
    strengths = np.array([EXACT, -0.25j, -0.25j, -0.25j + 1e-9j, 0.1])
    links = [(f"m{i}", f"m{i + 1}") for i in range(modes - 1)]

    def build(drive: Any, strength: Any) -> ly.Network:
        parts: list[Any] = [ly.LocalBath(f"m{i}", 0.6 if i in (0, modes - 1) else 0.1) for i in range(modes)]
        parts += [ly.SharedBath({a: WEIGHT, b: WEIGHT}, 1.0) for a, b in links]
        parts += [ly.CoherentCoupling(a, b, strength) for a, b in links]
        parts += [ly.TwoPhotonDrive(f"m{i}", drive) for i in range(modes)]
        return ly.Network([ly.Mode(f"m{i}") for i in range(modes)], parts, "m0", f"m{modes - 1}")

    together = build(drives, strengths)
    spectra, steady, run = ly.stability(together), ly.steady_state(together), ly.charge(together, [0.0, 1.0])
    for place, (drive, strength) in enumerate(zip(drives, strengths, strict=True)):
        alone = build(float(drive), complex(strength))
        (stable,) = verdicts(alone)
        assert {bool(one.is_stable[place]) for one in (spectra, steady, run)} == {stable}
        expected = float(ly.stability(alone).spectral_abscissa)
        assert float(spectra.spectral_abscissa[place]) == pytest.approx(expected, rel=1e-9)
        if stable:
            energy = float(ly.steady_state(alone).stored_energy)
            assert float(steady.stored_energy[place]) == pytest.approx(energy, rel=1e-6)


def test_the_command_line_says_the_same(tmp_path: Path) -> None:
    for drive, stable, status in ((0.26, True, 0), (0.29, False, 3)):
        ly.write_device(chain(14, drive), tmp_path / "chain.toml")
        found = CliRunner().invoke(app, ["steady", str(tmp_path / "chain.toml"), "--json"])
        assert found.exit_code == status, found.output
        if stable:
            told = json.loads(found.stdout)
            assert told["stability"]["is_stable"] is True
            assert told["stability"]["spectral_abscissa"] == pytest.approx(-0.03, rel=1e-12)
            assert told["threshold"]["m0"]["critical_drive"] == pytest.approx(0.275, rel=1e-12)


def test_traced_devices_too() -> None:
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        found = jax.jit(jax.vmap(lambda drive: ly.steady_state(chain_of_elements(4, drive)).is_stable.data))(
            np.array([0.26, 0.2749, 0.2751, 0.29])
        )
        assert found.tolist() == [True, True, False, False]


def chain_of_elements(modes: int, drive: Any) -> ly.Network:
    parts: list[Any] = [ly.LocalBath(f"m{i}", 0.6 if i in (0, modes - 1) else 0.1) for i in range(modes)]
    for i in range(modes - 1):
        parts += [ly.SharedBath({f"m{i}": WEIGHT, f"m{i + 1}": WEIGHT}, 1.0)]
        parts += [ly.CoherentCoupling(f"m{i}", f"m{i + 1}", EXACT)]
    parts += [ly.TwoPhotonDrive(f"m{i}", drive) for i in range(modes)]
    return ly.Network([ly.Mode(f"m{i}") for i in range(modes)], parts, "m0", f"m{modes - 1}")


@pytest.mark.parametrize("rate", [5e-15, 1e-30])
def test_modes_that_nothing_connects_are_judged_by_themselves(rate: float) -> None:
    """A slow mode beside a fast one is stable, and takes its bath's occupation; an undamped one is not."""

    def pair(slow: Any) -> ly.Network:
        parts = [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0), ly.LocalBath("b", slow, 0.5)]
        return ly.Network([ly.Mode("a"), ly.Mode("b", detuning=0.0)], parts, "a", "b")

    np.testing.assert_allclose(ly.steady_state(pair(np.array([1e-14, rate]))).stored_energy, 0.5, rtol=1e-12)
    assert verdicts(pair(rate)) == {True}
    assert verdicts(pair(0.0)) == {False}


def test_what_is_not_clear_of_rounding_is_said_to_be_so() -> None:
    """At 1 - 1e-16 of threshold the sign of the abscissa is rounding's."""
    close = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.25 * (1 - 2e-16)), ly.LocalBath("a", 1.0)], "a", "a")
    with pytest.raises(ly.UnstableError, match="not negative beyond rounding"):
        ly.steady_state(close)
    near = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.25 * (1 - 1e-14)), ly.LocalBath("a", 1.0)], "a", "a")
    assert bool(ly.steady_state(near).is_stable)


def test_rates_of_many_decades_have_one_verdict() -> None:
    """A dark mode that decays at 28 beside rates of 1e19: whether it does is less than any bound can tell."""
    modes = [ly.Mode("a"), ly.Mode("b")]
    elements = [
        ly.LocalBath("b", 30248719753.2829),
        ly.CoherentCoupling("a", "b", 5103.061159387003 - 5594.493723226607j),
        ly.SharedBath({"a": 2123254.97, "b": 28956997626.6 + 40119973715.2j}, 0.0113807),
    ]
    device = ly.Network(modes, elements, charger="a", battery="b")
    verdict = ly.stability(device)
    assert bool(ly.charge(device, [0.0]).is_stable) is bool(verdict.is_stable)
    if bool(verdict.is_stable):
        assert bool(ly.steady_state(device).is_stable)
    else:
        assert float(verdict.spectral_abscissa) < verdict.attrs["spectral_abscissa_error"]
        with pytest.raises(ly.UnstableError):
            ly.steady_state(device)
