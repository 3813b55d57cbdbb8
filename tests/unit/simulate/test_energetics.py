"""`ly.energetics`: lines of the balance, labels, batches, pulses, families, closed forms, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr
from scipy.integrate import simpson

import leyden as ly

jax.config.update("jax_enable_x64", True)

C = ly.catalog
RATES = {"charger_damping": 0.1, "battery_damping": 0.2}
DRIVE = xr.DataArray([0.01, 0.1, 0.4], dims="drive", coords={"drive": [0.01, 0.1, 0.4]})
TIMES = [0.0, 1.0, 4.0]
POWERS = ("drive_power", "coupling_power", "first_law_residual")
ENTROPIES = ("entropy", "entropy_production", "wigner_entropy_production")


def lone(*elements: Any, **mode: Any) -> ly.Network:
    return ly.Network([ly.Mode("a", **mode)], elements, charger="a", battery="a")


def pair(*elements: Any, **second: Any) -> ly.Network:
    return ly.Network([ly.Mode("a"), ly.Mode("b", **second)], elements, charger="a", battery="b")


def test_variables_have_their_dims_and_units() -> None:
    device = C.two_photon_battery(drive=0.1, **RATES)
    curve, rest = ly.energetics(device, TIMES), ly.energetics(device)
    assert set(curve.data_vars) == {"flow", "heat", "bath_power", *POWERS, *ENTROPIES}
    assert set(rest.data_vars) == set(curve.data_vars) | {"is_stable"}
    assert curve.flow.dims == ("element", "mode", "time")
    assert rest.flow.dims == ("element", "mode")
    assert curve.heat.dims == curve.bath_power.dims == ("bath", "time")
    assert all(curve[name].dims == ("time",) for name in (*POWERS, *ENTROPIES))
    assert curve.element.values.tolist() == [part.label for part in device.elements]
    assert curve.bath.values.tolist() == [part.label for part in device.elements if part.jumps()]
    assert curve.mode.values.tolist() == ["charger", "battery"]
    assert curve.heat.units == "hbar omega_0 * rate unit"
    assert curve.entropy.description == "von Neumann entropy of the state of all modes, in nats"
    other = ly.energetics(C.two_photon_battery(drive=0.1, frequency=2.0, **RATES))
    assert other.flow.units == "hbar * frequency unit * rate unit"
    np.testing.assert_allclose(other.flow, 2 * rest.flow, rtol=1e-14)
    assert {"device", "version", "conventions", "device_file"} <= set(curve.attrs)


@pytest.mark.parametrize("occupation", [1e-300, 0.3, 1e12])
def test_a_mode_that_warms_up(occupation: float) -> None:
    """N(t) = n (1 - e^{-t}): the heat is n - N, and all is known of its entropy."""
    found = ly.energetics(lone(ly.LocalBath("a", 1.0, occupation), frequency=2.0), [0.5, 2.0])
    number = -occupation * np.expm1(-found.time.values)
    missing = occupation * np.exp(-found.time.values)
    np.testing.assert_allclose(found.heat[0], 2 * missing, rtol=1e-12)
    np.testing.assert_allclose(found.entropy, np.log1p(number) + number * np.log1p(1 / number), rtol=1e-12)
    # (n - N) [ln(1 + 1/N) - ln(1 + 1/n)], the logarithms together.
    production = missing * np.log1p(missing / number / (occupation + 1))
    np.testing.assert_allclose(found.entropy_production, production, rtol=1e-11)
    wigner = (missing / (number + 0.5)) * (missing / (occupation + 0.5))
    np.testing.assert_allclose(found.wigner_entropy_production, wigner, rtol=1e-11)
    rest = ly.energetics(lone(ly.LocalBath("a", 1.0, occupation)))
    assert float(rest.entropy_production) == pytest.approx(0.0, abs=1e-28)
    assert float(rest.wigner_entropy_production) == pytest.approx(0.0, abs=1e-28)


def test_a_driven_cold_mode_produces_wigner_entropy_alone() -> None:
    """At rest <a> = -2i eps/kappa: the drive puts in 4 eps^2/kappa, all of it lost, over n + 1/2 = 1/2."""
    found = ly.energetics(lone(ly.OnePhotonDrive("a", 0.3), ly.LocalBath("a", 2.0)))
    assert float(found.drive_power) == pytest.approx(0.18, rel=1e-14)
    assert found.heat.values == pytest.approx([-0.18], rel=1e-14)
    assert float(found.entropy) == 0.0
    assert float(found.entropy_production) == np.inf
    assert float(found.wigner_entropy_production) == pytest.approx(0.36, rel=1e-14)


def test_the_vacuum_in_the_cold_produces_nothing() -> None:
    device = pair(ly.CoherentCoupling("a", "b", 0.3), ly.LocalBath("a", 1.0), ly.SharedBath({"a": 1, "b": 1j}, 0.4))
    for found in (ly.energetics(device, TIMES, initial=ly.states.vacuum(2)), ly.energetics(device, [0.0])):
        assert all((found[name] == 0.0).all() for name in (*POWERS, *ENTROPIES, "flow"))


def test_cold_baths_take_infinite_entropy_and_pure_modes_gain_it() -> None:
    cold = ly.energetics(lone(ly.LocalBath("a", 1.0)), TIMES, initial=ly.states.thermal(0.5))
    warm = ly.energetics(lone(ly.LocalBath("a", 1.0, 0.5)), TIMES)
    assert (cold.entropy_production == np.inf).all()
    assert np.isinf(warm.entropy_production.values).tolist() == [True, False, False]
    assert np.isfinite(cold.wigner_entropy_production).all()
    assert np.isfinite(warm.wigner_entropy_production).all()


def test_heat_goes_from_hot_to_cold() -> None:
    """kappa J^2/(J^2 + kappa^2/4) (n_a - n_b)/2 quanta per time for equal damping, and their entropy."""
    coupling, hot, cold = 0.4, 1.5, 0.2
    parts = [ly.CoherentCoupling("a", "b", coupling), ly.LocalBath("a", 1.0, hot), ly.LocalBath("b", 1.0, cold)]
    found = ly.energetics(pair(*parts))
    moved = coupling**2 / (coupling**2 + 0.25) * (hot - cold) / 2
    np.testing.assert_allclose(found.heat, [moved, -moved], rtol=1e-13)
    np.testing.assert_allclose(found.flow.sel(element="CoherentCoupling(a, b)"), [-moved, moved], rtol=1e-13)
    assert float(found.coupling_power) == pytest.approx(0.0, abs=1e-16)
    lost = moved * (np.log1p(1 / cold) - np.log1p(1 / hot))
    assert float(found.entropy_production) == pytest.approx(lost, rel=1e-12)
    # At rest the Wigner entropy stays as well: what is produced flows out.
    flux = moved * (1 / (cold + 0.5) - 1 / (hot + 0.5))
    assert float(found.wigner_entropy_production) == pytest.approx(flux, rel=1e-12)


def test_couplings_of_unlike_frequencies_need_work() -> None:
    """A quantum that goes from a to b gains omega_b - omega_a."""
    parts = [ly.CoherentCoupling("a", "b", 0.4), ly.LocalBath("a", 1.0, 1.5), ly.LocalBath("b", 1.0, 0.2)]
    found = ly.energetics(pair(*parts, frequency=3.0))
    moved = 0.16 / 0.41 * 1.3 / 2
    assert float(found.coupling_power) == pytest.approx(2 * moved, rel=1e-13)
    np.testing.assert_allclose(found.heat, [moved, -3 * moved], rtol=1e-13)
    assert float(found.entropy_production) == pytest.approx(
        float(ly.energetics(pair(*parts)).entropy_production), rel=1e-13
    )


def test_parametric_couplings_are_drives_and_positions_are_not() -> None:
    """As in `drive_work`."""
    damping = [ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0, 0.2)]
    pumped = ly.energetics(pair(ly.ParametricCoupling("a", "b", 0.2), *damping), TIMES)
    assert (pumped.coupling_power == 0).all()
    assert (pumped.drive_power[1:] > 0).all()
    coupled = ly.energetics(pair(ly.PositionCoupling("a", "b", 0.2), *damping), TIMES)
    assert (coupled.drive_power == 0).all()
    assert (coupled.coupling_power[1:] != 0).all()


def test_powers_add_up_to_the_work_and_heat_of_a_protocol() -> None:
    """Their integrals by Simpson's rule, off by h^4/180 of the fourth derivative, some 1e-9 here."""
    bath = {"LocalBath(battery).squeezing": 0.5, "LocalBath(battery).occupation": 0.2}
    device = C.two_photon_battery(drive=0.1, occupation=0.3, **RATES).replace(**bath)
    parts = [*device.elements, ly.PositionCoupling("charger", "battery", 0.1), ly.Gain("battery", 0.05)]
    modes = [ly.Mode("charger", frequency=1.3, detuning=0.2), ly.Mode("battery", detuning=-0.1)]
    device = ly.Network(modes, parts, "charger", "battery")
    found = ly.energetics(device, np.linspace(0.0, 5.0, 501))
    run = ly.protocol([ly.Stage("all", device, 5.0)])
    for name, work in (("drive_power", "drive_work"), ("coupling_power", "coupling_work")):
        assert float(simpson(found[name], dx=0.01)) == pytest.approx(float(run[work][-1]), rel=1e-8), name
    given = xr.DataArray(simpson(found.heat + found.bath_power, dx=0.01), dims="bath")
    np.testing.assert_allclose(given, run.bath_energy.isel(time=-1), rtol=1e-8)
    working = ["LocalBath(battery)", "Gain(battery)"]
    assert (found.heat.sel(bath=working) == 0).all()
    assert found.bath.values[(found.bath_power != 0).any("time")].tolist() == working
    assert found.bath_power.attrs["reason"].startswith("what LocalBath(battery), Gain(battery) exchanges")


@pytest.mark.parametrize("squeezing", [0.5, 0.7, 2.0, 5.0])
@pytest.mark.parametrize("occupation", [0.0, 0.4])
def test_a_squeezed_bath_at_rest_with_its_mode_produces_nothing(occupation: float, squeezing: float) -> None:
    """Not even a cold one, beside which rounding would be infinite."""
    for phase in (0.0, 0.3):
        found = ly.energetics(lone(ly.LocalBath("a", 1.0, occupation, squeezing=squeezing, squeezing_phase=phase)))
        # The smaller variance, e^{-2r}/2, is known to a rounding of the larger one, and errors count squared.
        rounding = (5e-16 * np.exp(4 * squeezing)) ** 2
        assert [float(found[name]) for name in ENTROPIES[1:]] == pytest.approx([0.0, 0.0], abs=rounding)
        assert float(found.bath_power.squeeze()) == pytest.approx(0.0, abs=1e-15 * np.exp(2 * squeezing))


def test_squeezing_of_zero_is_heat() -> None:
    found = ly.energetics(lone(ly.LocalBath("a", 1.0, 0.3, squeezing=xr.DataArray([0.0, 0.5], dims="r"))), [0.5])
    still = ly.energetics(lone(ly.LocalBath("a", 1.0, 0.3)), [0.5])
    np.testing.assert_allclose(found.isel(r=0).heat, still.heat, rtol=1e-14)
    assert (found.isel(r=0).bath_power == 0).all()
    assert (found.isel(r=1).heat == 0).all()
    assert (found.isel(r=1).bath_power > still.heat).all()


def test_batches_are_their_devices_and_unstable_ones_are_missing() -> None:
    def of(drive: Any) -> ly.Network:
        return C.two_photon_battery(drive=drive, occupation=0.2, detuning=0.1, frequency=1.5, **RATES)

    steady, curves = ly.energetics(of(DRIVE)), ly.energetics(of(DRIVE), TIMES)
    assert steady.is_stable.values.tolist() == [True, True, False]
    for place, drive in enumerate(DRIVE.values):
        single = ly.energetics(of(drive), TIMES)
        for name in single.data_vars:
            np.testing.assert_allclose(curves[name].isel(drive=place), single[name], rtol=1e-9, atol=1e-13)
            if place < 2:
                one = ly.energetics(of(drive))[name]
                np.testing.assert_allclose(steady[name].isel(drive=place), one, rtol=1e-10, atol=1e-14)
            else:
                assert np.isnan(steady[name].isel(drive=place)).all()
    with pytest.raises(ly.UnstableError):
        ly.energetics(of(0.4))
    late = ly.energetics(of(0.1), [400.0]).isel(time=0)
    for name in ("flow", "heat", *ENTROPIES):
        np.testing.assert_allclose(late[name], ly.energetics(of(0.1))[name], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("times", [None, [1.0, 2.0, 5.0]])
def test_amplitudes_of_a_coherent_drive_may_be_a_batch(times: Any) -> None:
    """Of the steady state they move the mean alone: on |eps/(kappa/2)|^2 quanta a drive does 4 eps^2/kappa of work."""
    drive = np.array([0.1, 0.2, 0.4])
    parts = [ly.LocalBath("a", 0.5), ly.LocalBath("b", 0.25)]
    found = ly.energetics(pair(ly.OnePhotonDrive("a", xr.DataArray(drive, dims="drive")), *parts), times)
    for place, one in enumerate(drive):
        alone = ly.energetics(pair(ly.OnePhotonDrive("a", one), *parts), times)
        for name in found.data_vars:
            np.testing.assert_allclose(found[name][place], alone[name], rtol=1e-13, atol=1e-16, err_msg=name)
    if times is None:
        np.testing.assert_allclose(found.drive_power, 8 * drive**2, rtol=1e-13)


def test_frequencies_alone_may_be_a_batch() -> None:
    grid = C.two_photon_battery(drive=0.1, frequency=xr.DataArray([1.0, 2.0], dims="frequency"), **RATES)
    for times in (None, TIMES):
        found = ly.energetics(grid, times)
        np.testing.assert_allclose(found.flow[1], 2 * found.flow[0], rtol=1e-13)
        np.testing.assert_array_equal(found.wigner_entropy_production[1], found.wigner_entropy_production[0])


def test_a_large_batch_falls_into_parts() -> None:
    drive = np.linspace(0.0, 0.14, 30_000)
    found = ly.energetics(C.two_photon_battery(drive=xr.DataArray(drive, dims="drive"), occupation=0.1, **RATES))
    few = ly.energetics(
        C.two_photon_battery(drive=xr.DataArray(drive[[0, 20_000]], dims="drive"), occupation=0.1, **RATES)
    )
    for name in few.data_vars:
        np.testing.assert_allclose(found[name].isel(drive=[0, 20_000]), few[name], rtol=1e-10, atol=1e-14)


def test_initial_states_may_be_a_batch() -> None:
    device = C.two_photon_battery(drive=0.1, occupation=0.2, **RATES)
    warm = ly.states.thermal(np.array([[0.1, 0.2], [0.3, 0.4]]))
    found = ly.energetics(device, TIMES, initial=warm)
    assert found.flow.dims == ("initial", "element", "mode", "time")
    for place in range(2):
        single = ly.energetics(device, TIMES, initial=warm[place])
        for name in single.data_vars:
            np.testing.assert_allclose(found[name].isel(initial=place), single[name], rtol=1e-12, atol=1e-14)


def test_pulses_switch_flows_and_productions_on_and_off() -> None:
    parts = [
        ly.OnePhotonDrive("a", ly.pulse.square(0.5, 0.0, 1.0)),
        ly.CoherentCoupling("a", "b", ly.pulse.square(0.3, 0.5, 2.0)),
        ly.LocalBath("a", ly.pulse.square(1.0, 0.0, 2.0), 0.2),
    ]
    found = ly.energetics(pair(*parts), [0.5, 1.5, 2.5, 3.0])
    assert (found.drive_power != 0).values.tolist() == [True, False, False, False]
    assert (found.heat[0] != 0).values.tolist() == [True, True, False, False]
    assert (found.entropy_production != 0).values.tolist() == [True, True, False, False]
    assert (found.wigner_entropy_production != 0).values.tolist() == [True, True, False, False]
    moved = np.abs(found.flow.sel(element="CoherentCoupling(a, b)")).sum("mode")
    assert (moved != 0).values.tolist() == [False, True, False, False]
    assert {"tolerance", "error", "steps"} <= set(found.attrs)
    # At the end of a pulse the last time belongs to what was.
    end = ly.energetics(pair(*parts), [0.5, 1.0])
    assert float(end.drive_power[-1]) > 0
    assert float(np.abs(end.first_law_residual).max()) < 1e-15


def test_a_batch_of_pulses_is_its_devices() -> None:
    heights = [0.1, 0.2]

    def of(height: Any) -> ly.Network:
        loss = 0.1 + ly.pulse.square(0.3, 1.0, 2.0)
        return lone(ly.TwoPhotonDrive("a", ly.pulse.gaussian(height, 1.0, 0.5)), ly.LocalBath("a", loss, 0.2))

    grid = ly.energetics(of(xr.DataArray(heights, dims="height")), TIMES)
    for place, height in enumerate(heights):
        single = ly.energetics(of(height), TIMES)
        for name in single.data_vars:
            np.testing.assert_allclose(grid[name].isel(height=place), single[name], rtol=1e-9, atol=1e-12)


def test_families_are_one_element_each() -> None:
    """Their flows are the sums over their members."""
    count = 6
    ring = [[mode, (mode + 1) % count] for mode in range(count)]
    parts = [
        ly.Family(ly.LocalBath, range(count), rate=0.3, occupation=np.linspace(0.1, 1, count)),
        ly.Family(ly.LocalBath, range(count), rate=0.1, occupation=0.2, squeezing=0.4),
        ly.Family(ly.CoherentCoupling, ring, strength=np.linspace(0.1, 0.3, count)),
        ly.Family(ly.SharedBath, ring, weights=(0.5, 0.5j), rate=0.2, occupation=0.3),
        ly.Family(ly.OnePhotonDrive, [0, 2], amplitude=0.2, phase=[0.1, 0.2]),
        ly.TwoPhotonDrive("m0", 0.02),
    ]
    modes = ly.Modes(count, frequency=np.linspace(1.0, 2.0, count))
    device = ly.Network(modes, parts, "m0", "m1")
    single = ly.Network(tuple(device.modes), tuple(device.elements), "m0", "m1")
    kinds = ["LocalBath family", "LocalBath family 2", "CoherentCoupling family", "SharedBath family"]
    for times in (None, TIMES):
        found, each = ly.energetics(device, times), ly.energetics(single, times)
        assert found.element.values.tolist() == [*kinds, "OnePhotonDrive family", "TwoPhotonDrive(m0)"]
        for place in range(4):
            members = each.flow.isel(element=slice(place * count, (place + 1) * count))
            np.testing.assert_allclose(members.sum("element"), found.flow.isel(element=place), atol=1e-14)
        for name in (*POWERS, *ENTROPIES):
            np.testing.assert_allclose(found[name], each[name], rtol=1e-11, atol=1e-14, err_msg=name)
        assert found.bath_power.astype(bool).isel(bath=1).all()
        assert not found.bath_power.astype(bool).isel(bath=[0, 2]).any()
        np.testing.assert_allclose(found.heat.sum("bath"), each.heat.sum("bath"), atol=1e-14)


def test_equal_labels_are_told_apart() -> None:
    found = ly.energetics(lone(ly.LocalBath("a", 1.0, 0.2), ly.LocalBath("a", 0.5, 0.7)))
    assert found.bath.values.tolist() == ["LocalBath(a)", "LocalBath(a) 2"]
    assert float(found.heat.sum()) == pytest.approx(0.0, abs=1e-16)


def test_under_dephasing_energies_are_known_and_entropies_are_not() -> None:
    parts = [ly.OnePhotonDrive("a", 0.3), ly.LocalBath("a", 1.0, 0.2), ly.Dephasing("a", 0.5)]
    for times in (None, TIMES):
        found = ly.energetics(lone(*parts), times)
        assert (found.flow.sel(element="Dephasing(a)") == 0).all()
        assert found.bath.values.tolist() == ["LocalBath(a)"]
        assert all(np.isnan(found[name]).all() for name in ENTROPIES)
        assert "not Gaussian" in found.attrs["not_gaussian"]
        assert float(np.abs(found.first_law_residual).max()) < 1e-16
    # <a> = -i eps/(kappa/2 + gamma/2).
    rest = ly.energetics(lone(*parts))
    assert float(rest.drive_power) == pytest.approx(2 * 0.09 / 0.75, rel=1e-14)


@dataclass(frozen=True)
class Watch(ly.Element):
    """A jump that mixes loss and gain, x of a mode."""

    mode: str
    rate: Any = ly.words.parameter("nonnegative")

    def jumps(self) -> tuple[Any, ...]:
        """The way there alone."""
        both = (ly.words.create(self.mode), ly.words.annihilate(self.mode))
        return (ly.words.Jump(self.rate, (1.0, 1.0), both),)


def test_jumps_that_mix_loss_and_gain_have_no_entropy_production() -> None:
    found = ly.energetics(lone(Watch("a", 0.3), ly.LocalBath("a", 1.0, 0.2)))
    assert np.isnan(found.entropy_production)
    assert np.isnan(found.wigner_entropy_production)
    assert found.entropy_production.attrs["reason"].startswith("Watch(a) has a jump that mixes")
    # L[a + a^dag] brings in one quantum per unit of its rate.
    assert found.bath_power.values == pytest.approx([0.3, 0.0], rel=1e-14)
    assert float(found.entropy) > 0


def test_devices_without_baths_or_elements() -> None:
    driven = ly.energetics(lone(ly.OnePhotonDrive("a", 0.3)), [0.0, 1.0])
    assert driven.heat.shape == (0, 2)
    assert driven.drive_power.values == pytest.approx([0.0, 0.18], rel=1e-14)
    assert all((driven[name] == 0).all() for name in ENTROPIES)
    bare = ly.energetics(lone(), [0.0, 1.0])
    assert bare.flow.shape == (0, 1, 2)
    assert (bare.first_law_residual == 0).all()


@pytest.mark.parametrize("times", [None, [0.0, 1.0, 2.0], [0.0, 1.0, 2.7]])
@pytest.mark.parametrize("drive", [1e-12, 1e-6, 0.1])
def test_weakly_driven_pairs_keep_the_first_law(drive: float, times: Any) -> None:
    """Flows are of second order in the drive, beside moments of first."""
    found = ly.energetics(C.two_photon_battery(drive=drive, detuning=0.3, phase=0.4, **RATES), times)
    assert float(np.abs(found.first_law_residual).max()) <= 1e-13 * float(np.abs(found.flow).max())


def test_endless_squeezing_is_missing_and_its_energy_is_not() -> None:
    found = ly.energetics(lone(ly.LocalBath("a", 1.0, 0.3, squeezing=100.0)), [0.0, 1.0])
    assert np.isfinite(found.flow).all()
    assert np.isnan(found.entropy[1])
    assert np.isnan(found.entropy_production[1])
    # Its smaller variance is none of the digits of what it is the difference of.
    rest = ly.energetics(lone(ly.LocalBath("a", 1.0, squeezing=100.0)))
    assert all(np.isnan(rest[name]) for name in ENTROPIES)


def test_arrays_of_jax_give_numpy_ones() -> None:
    found = ly.energetics(C.two_photon_battery(drive=jnp.array([0.01, 0.1]), **RATES))
    expected = ly.energetics(C.two_photon_battery(drive=np.array([0.01, 0.1]), **RATES))
    xr.testing.assert_allclose(found, expected)
    with pytest.raises(ly.ParameterError, match="concrete numbers"):
        jax.jit(lambda drive: ly.energetics(C.two_photon_battery(drive=drive, **RATES)).drive_power.data)(0.1)


@pytest.mark.parametrize("dim", ["bath", "element", "mode", "time", "heat"])
def test_dims_of_its_own_are_taken(dim: str) -> None:
    grid = C.two_photon_battery(drive=xr.DataArray([0.01, 0.1], dims=dim), **RATES)
    with pytest.raises(ly.ParameterError, match="Rename the dim"):
        ly.energetics(grid, TIMES)


def test_modes_may_be_called_so() -> None:
    modes = [ly.Mode(name) for name in ("bath", "element", "mode")]
    parts = [ly.CoherentCoupling("bath", "element", 0.2), ly.LocalBath("mode", 1.0), ly.LocalBath("bath", 1.0, 0.1)]
    found = ly.energetics(ly.Network(modes, parts, "bath", "element"), TIMES)
    assert found.flow.sel(mode="element", element="CoherentCoupling(bath, element)").shape == (3,)


def test_what_cannot_be_answered_is_refused() -> None:
    device = C.two_photon_battery(drive=0.1, **RATES)
    with pytest.raises(ly.ParameterError, match="be left out of a steady state"):
        ly.energetics(device, initial=ly.states.vacuum(2))
    with pytest.raises(ly.ParameterError, match="`initial` must have 2 modes"):
        ly.energetics(device, TIMES, initial=ly.states.vacuum(3))
    with pytest.raises(ly.ParameterError, match="constant in time"):
        ly.energetics(C.two_photon_battery(drive=ly.pulse.square(0.1, 0, 1), **RATES))
    with pytest.raises(ly.ParameterError, match="leave the number range"):
        ly.energetics(C.two_photon_battery(drive=0.4, **RATES), [0.0, 1e5])
    for times in (None, [0.0, 1.0]):
        with pytest.raises(ly.ParameterError, match="number range"):
            ly.energetics(lone(ly.OnePhotonDrive("a", 1e200), ly.LocalBath("a", 0.1)), times)
    with pytest.raises(ly.ParameterError, match=r"fits into memory.*100000 modes"):
        ly.energetics(C.cascade(100_000, drive=0.05, damping=0.1))
    with pytest.raises(ly.ParameterError, match="increase"):
        ly.energetics(device, [1.0, 0.5])
