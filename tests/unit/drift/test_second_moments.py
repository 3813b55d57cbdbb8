"""Pure dephasing: second moments, where they settle, and what is not said of a state that is not Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import pulse


def lone(*elements: Any, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def pair(rate: Any = 0.3, drive: Any = 0.03, other: float = 0.2) -> ly.Network:
    """A driven, displaced and coupled pair, both modes dephased."""
    elements = [
        ly.TwoPhotonDrive("a", drive),
        ly.OnePhotonDrive("b", 0.05, 0.3),
        ly.CoherentCoupling("a", "b", 0.2 - 0.1j),
        ly.LocalBath("a", 0.5, 0.02),
        ly.LocalBath("b", 0.4),
        ly.Dephasing("a", rate),
        ly.Dephasing("b", other),
    ]
    return ly.Network([ly.Mode("a", detuning=0.1), ly.Mode("b", 1.5)], elements, charger="a", battery="b")


def test_a_driven_mode_that_dephases() -> None:
    """M11: n = 4 F^2/(k (k + gamma)), of which 4 F^2/(k + gamma)^2 is displacement."""
    drive, loss, rate = 0.3, 1.0, 0.8
    device = lone(ly.OnePhotonDrive("a", drive), ly.LocalBath("a", loss), ly.Dephasing("a", rate))
    steady = ly.steady_state(device)
    assert float(steady.stored_energy) == pytest.approx(4 * drive**2 / (loss * (loss + rate)), rel=1e-12)
    late = ly.charge(device, [60.0], keep_state=True)
    assert float(late.stored_energy[0]) == pytest.approx(float(steady.stored_energy), rel=1e-12)
    mean = late["mean"][0].values
    assert float(mean @ mean) / 2 == pytest.approx(4 * drive**2 / (loss + rate) ** 2, rel=1e-12)
    for found in (steady, late):
        for name in ("ergotropy", "passive_energy", "utilization_ratio", "conversion_ratio"):
            assert np.isnan(found[name]).all(), name
        assert "Dephasing(a) leaves energies and moments exact" in found.attrs["not_gaussian"]
    assert np.isfinite(steady.transfer_ratio)


def test_moments_decay_as_they_should() -> None:
    """<a> at gamma/2, <a^2> at 2 gamma, <a^dag a> not at all (physics.md, section 7)."""
    start = ly.states.product(ly.states.squeezed(0.7, 0.0))
    rate, time = 0.8, 1.3
    run = ly.evolve(lone(ly.Dephasing("a", rate)), [time], initial=start)
    moved = ly.evolve(lone(ly.Dephasing("a", rate)), [time], initial=ly.states.coherent(0.6))
    before, after = start.excess, run.excess[0]
    assert np.trace(after) == pytest.approx(np.trace(before), rel=1e-13)
    assert after[0, 0] - after[1, 1] == pytest.approx(
        (before[0, 0] - before[1, 1]) * np.exp(-2 * rate * time), rel=1e-12
    )
    np.testing.assert_allclose(moved.mean[0, 0], np.sqrt(2) * 0.6 * np.exp(-rate * time / 2), rtol=1e-13)
    # What the mean loses the fluctuations gain.
    assert float(ly.merit.energy(moved, 0)[0]) == pytest.approx(0.36, rel=1e-13)


def test_energies_are_those_of_fock_space() -> None:
    """The density matrix of two modes says the same of energy, power and charger."""
    pytest.importorskip("qutip")
    times = np.linspace(0.0, 8.0, 9)
    moments, whole = ly.charge(pair(), times), ly.charge(pair(), times, method="fock")
    for name in ("stored_energy", "charger_energy", "charging_power"):
        np.testing.assert_allclose(moments[name], whole[name], rtol=0, atol=2e-7, err_msg=name)
    assert np.isfinite(whole.ergotropy).all()
    steady = ly.steady_state(pair()), ly.steady_state(pair(), method="fock")
    assert float(steady[0].stored_energy) == pytest.approx(float(steady[1].stored_energy), abs=1e-7)


@pytest.mark.parametrize(("loss", "rate"), [(1.0, 0.8), (0.3, 5.0), (2.0, 0.0)])
def test_the_threshold_is_that_of_second_moments(loss: float, rate: float) -> None:
    """16 eps^2 = Lambda (Lambda + 2 gamma): it grows with the dephasing, and first moments would put it elsewhere."""
    device = lone(ly.TwoPhotonDrive("a", 0.01), ly.LocalBath("a", loss), ly.Dephasing("a", rate))
    expected = np.sqrt(loss * (loss + 2 * rate)) / 4
    assert float(ly.critical_drive(device)) == pytest.approx(expected, rel=1e-10)
    assert float(ly.critical(device, "TwoPhotonDrive(a).amplitude")) == pytest.approx(expected, rel=1e-10)
    for share, stable in ((1 - 1e-6, True), (1 + 1e-6, False)):
        one = device.replace(**{"TwoPhotonDrive(a).amplitude": share * expected})
        assert bool(ly.stability(one).is_stable) is stable
        if stable:
            assert float(ly.steady_state(one).stored_energy) > 1e4
        else:
            with pytest.raises(ly.UnstableError, match="of the second moments of"):
                ly.steady_state(one)
    if rate:
        above = device.replace(**{"TwoPhotonDrive(a).amplitude": 2 * expected})
        # The dephasing at which it becomes stable again.
        wanted = (16 * (2 * expected) ** 2 / loss - loss) / 2
        assert float(ly.critical(above, "Dephasing(a).rate")) == pytest.approx(wanted, rel=1e-9)


def test_a_batch_is_the_loop_over_its_members() -> None:
    rates = xr.DataArray([0.0, 0.3, 2.0], dims="rate", coords={"rate": [0.0, 0.3, 2.0]})
    drives = xr.DataArray([0.03, 0.5], dims="drive", coords={"drive": [0.03, 0.5]})
    times = np.linspace(0.0, 6.0, 7)
    steady, run = ly.steady_state(pair(rates, drives)), ly.charge(pair(rates, drives), times)
    stable = ly.stability(pair(rates, drives)).is_stable
    assert set(stable.values.ravel().tolist()) == {True, False}
    for rate in rates.values:
        for drive in drives.values:
            one, at = pair(float(rate), float(drive)), {"rate": rate, "drive": drive}
            np.testing.assert_allclose(run.stored_energy.sel(at), ly.charge(one, times).stored_energy, rtol=1e-11)
            assert bool(ly.stability(one).is_stable) == bool(steady.is_stable.sel(at))
            if bool(steady.is_stable.sel(at)):
                expected = float(ly.steady_state(one).stored_energy)
                assert float(steady.stored_energy.sel(at)) == pytest.approx(expected, rel=1e-11)
            else:
                assert np.isnan(steady.stored_energy.sel(at))


def test_work_of_the_drives_closes_the_balance() -> None:
    """Energy gained is the work of the drives less what the baths took: dephasing takes nothing."""
    device = pair()
    run = ly.charge(device, np.linspace(0.0, 4.0, 2001))
    lost = 0.5 * (run.charger_energy - 0.02) + 0.4 * run.stored_energy
    # Both modes have drives and couplings at unlike frequencies: with equal ones nothing else does work.
    even = device.replace(**{"Mode(b).frequency": 1.0})
    run = ly.charge(even, np.linspace(0.0, 4.0, 2001))
    lost = (0.5 * (run.charger_energy - 0.02) + 0.4 * run.stored_energy).integrate("time")
    gained = float(run.charger_energy[-1] + run.stored_energy[-1])
    assert float(run.drive_work[-1]) == pytest.approx(gained + float(lost), abs=1e-7)


def test_it_may_be_a_pulse_and_change_with_others() -> None:
    """Dephasing that is switched on at 2 is the plain device first, and the dephased one from its moments on."""
    switched = pair(rate=pulse.square(0.3, 2.0, 100.0), other=0.0)
    run = ly.charge(switched, [1.0, 2.0, 5.0])
    early = ly.evolve(pair(rate=0.0, other=0.0), [2.0])[-1]
    late = ly.charge(pair(rate=0.3, other=0.0), [3.0], initial=early)
    assert float(run.stored_energy[-1]) == pytest.approx(float(late.stored_energy[0]), rel=1e-10)


def test_what_cannot_be_had_is_refused(refuses: Any) -> None:
    many = ly.Network(
        ly.Modes(21),
        [ly.Family(ly.LocalBath, range(21), rate=1.0), ly.Family(ly.Dephasing, range(21), rate=0.1)],
        "m0",
        "m1",
    )
    refuses("network", lambda: ly.steady_state(many), "20 modes with dephasing")
    refuses("method", lambda: ly.steady_state(pair(), method="low_rank"), "of no low rank")


def test_arrays_of_other_libraries_are_refused(refuses: Any) -> None:
    """In one line, and not by what the library says of its tracers."""
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    refuses("network", lambda: ly.steady_state(pair(rate=jax.numpy.asarray(0.3))), "computed by NumPy alone")
    refuses("network", lambda: jax.jit(lambda rate: ly.steady_state(pair(rate=rate)).stored_energy.data)(0.3), "NumPy")
    kick = pulse.square(jax.numpy.asarray(0.3), 0.0, 1.0)
    refuses("network", lambda: ly.charge(pair(rate=0.0, drive=kick, other=0.0), [1.0]), "computed by NumPy alone")


def test_families_dephase_member_by_member() -> None:
    chain = [
        ly.Family(ly.LocalBath, range(3), rate=1.0),
        ly.Family(ly.CoherentCoupling, [[0, 1], [1, 2]], strength=0.3),
        ly.Family(ly.Dephasing, range(3), rate=[0.1, 0.2, 0.4]),
        ly.OnePhotonDrive("m0", 0.2),
    ]
    together = ly.Network(ly.Modes(3), chain, "m0", "m2")
    alone = ly.Network(tuple(together.modes), tuple(together.elements), "m0", "m2")
    found = [float(ly.steady_state(one).stored_energy) for one in (together, alone)]
    assert found[0] == pytest.approx(found[1], rel=1e-13)


@dataclass(frozen=True)
class _TwoDrives(ly.Element):
    """Two two-photon drives of one amplitude, the second at an angle to the first."""

    mode: str
    amplitude: Any = ly.words.parameter("real")
    angle: Any = ly.words.parameter("real", quantity="phase")

    def hamiltonian(self) -> tuple[ly.words.HamiltonianTerm, ...]:
        """2 eps cos(angle/2) in all, up to a phase."""
        both = self.amplitude * (1.0 + ly.words.phasor(self.angle))
        return (ly.words.HamiltonianTerm(both, (ly.words.create(self.mode), ly.words.create(self.mode))),)


def test_an_angle_at_which_moments_begin_to_settle() -> None:
    """16 eps^2 = Lambda (Lambda + 2 gamma) with eps = 2 eps_0 cos(angle/2): no polynomial in the angle."""
    loss, rate, amplitude = 0.5, 0.3, 0.2
    device = lone(_TwoDrives("a", amplitude, 0.1), ly.LocalBath("a", loss), ly.Dephasing("a", rate))
    wanted = 2 * np.arccos(np.sqrt(loss * (loss + 2 * rate)) / 4 / (2 * amplitude))
    assert ly.critical(device, "_TwoDrives(a).angle") == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_baths_and_links_alone_settle_at_every_value(seed: int) -> None:
    """What only loses cannot grow, whatever one of its numbers is: at huge ones rounding has no say."""
    random = np.random.default_rng(seed)
    device = ly.Network(
        [ly.Mode("a", 1.0, 0.1), ly.Mode("b", 1.5), ly.Mode("c")],
        [
            *(ly.LocalBath(mode, random.uniform(0.2, 1.0), 0.1, 0.1, 0.3) for mode in "abc"),
            ly.SharedBath({"a": random.uniform(0.1, 1.0), "b": random.uniform(0.1, 1.0) * 1j}, 0.3),
            ly.SharedBath({"b": random.uniform(0.1, 1.0), "c": random.uniform(0.1, 1.0)}, 0.1),
            ly.CoherentCoupling("a", "b", random.normal() + 1j * random.normal()),
            ly.Dephasing("b", random.uniform(0.1, 1.0)),
        ],
        charger="a",
        battery="c",
    )
    found = {address: ly.critical(device, address) for address in device.parameters}
    assert found == dict.fromkeys(found, np.inf)
