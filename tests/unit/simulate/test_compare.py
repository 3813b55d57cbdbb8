"""`ly.compare`: two devices at equal drive, power or charger energy, each at its optimum where asked.

The witnesses: the closed forms of both directed devices, a coherently driven pair solved on paper, and the balance of
energy, by which the power put in is what the baths take.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.errors import ParameterError, UnstableError

C = ly.catalog
RATES = {"charger_damping": 0.1, "battery_damping": 0.1}
TWO, ONE = C.two_photon_battery(drive=0.1, **RATES), C.one_photon_battery(drive=0.1, **RATES)
COUPLING = "CoherentCoupling(charger, battery).strength"
LOSS = "LocalBath(battery).rate"


def test_a_coherent_drive_stores_more_of_the_same_power() -> None:
    found = ly.compare(TWO, ONE, equal="input_power")
    assert found["device"].values.tolist() == ["two_photon_battery", "one_photon_battery"]
    np.testing.assert_allclose(found.drive_power, 0.24, rtol=1e-13)
    np.testing.assert_allclose(found.drive, [0.1, np.sqrt(0.036)], rtol=1e-13)
    np.testing.assert_allclose(found.stored_energy, [0.9375, 10 / 9], rtol=1e-13)
    np.testing.assert_allclose(found.ergotropy, [0.569472222667, 10 / 9], rtol=1e-11)
    assert float(found.stored_energy_ratio) == pytest.approx(10 / 9 / 0.9375, rel=1e-13)
    assert float(found.ergotropy_ratio) == pytest.approx(10 / 9 / 0.569472222667, rel=1e-11)
    assert found.attrs["equal"] == "input_power"
    assert found.attrs["held"] == pytest.approx(0.24, rel=1e-13)
    assert found.attrs["held_error"] < 1e-14


@pytest.mark.parametrize("equal", ["drive", "input_power", "charger_energy"])
@pytest.mark.parametrize(
    ("drive", "charger", "battery", "rate"),
    [
        (0.1, 0.1, 0.1, 1.0),
        (0.02, 0.5, 0.01, 0.7),
        (0.3, 1.0, 2.0, 1.5),
        (1e-6, 0.1, 0.4, 1.0),
        (0.1499999, 0.1, 0.1, 1.0),
    ],
)
def test_directed_pairs_are_the_closed_forms(
    equal: str, drive: float, charger: float, battery: float, rate: float
) -> None:
    """Of a directed pair P = Lambda_a E_A, and the coherent charger holds 4 eps^2/Lambda_a^2."""
    given = {"charger_damping": charger, "battery_damping": battery, "shared_rate": rate}
    found = ly.compare(
        C.two_photon_battery(drive=drive, **given), C.one_photon_battery(drive=1.0, **given), equal=equal
    )
    totals = {"total_charger_damping": charger + rate / 2, "total_battery_damping": battery + rate / 2}
    two = closed_form.DirectedDevice(drive=drive, transport_rate=rate / 2, **totals)
    inside = float(closed_form.steady_charger_energy(two))
    amplitude = drive if equal == "drive" else np.sqrt(inside) * totals["total_charger_damping"] / 2
    one = closed_form.DirectedDevice(drive=amplitude, transport_rate=rate / 2, **totals)
    coherent = float(closed_form.steady_one_photon_energy(one))
    # Next to its threshold the two-photon device is known to 1e-16 |A|/r.
    tolerance = 1e-12 + 1e-15 / (totals["total_charger_damping"] / 4 - drive)
    np.testing.assert_allclose(found.stored_energy, [closed_form.steady_stored_energy(two), coherent], rtol=tolerance)
    np.testing.assert_allclose(found.ergotropy, [closed_form.steady_ergotropy(two), coherent], rtol=tolerance)
    np.testing.assert_allclose(found.drive, [drive, amplitude], rtol=tolerance)
    np.testing.assert_allclose(
        found.drive_power, totals["total_charger_damping"] * found.charger_energy, rtol=tolerance
    )
    if equal != "drive":
        # At the same expense less is stored, at any rates: E_2/E_1 of docs/compare.md.
        left, right = totals.values()
        gain = right * (2 * left + right) / ((left + right) ** 2 - 16 * drive**2)
        assert 1 / float(found.stored_energy_ratio) == pytest.approx(gain, rel=tolerance)


@pytest.mark.parametrize("equal", ["input_power", "charger_energy"])
def test_back_and_forth(equal: str) -> None:
    """The two-photon device scaled to the coherent one: a root next to its threshold as well as far from it."""
    for drive in (1e-4, 0.05, 0.14, 0.1499):
        there = ly.compare(TWO.replace(**{"TwoPhotonDrive(charger).amplitude": drive}), ONE, equal=equal)
        amplitude = float(there.drive[1])
        back = ly.compare(ONE.replace(**{"OnePhotonDrive(charger).amplitude": amplitude}), TWO, equal=equal)
        assert float(back.drive[1]) == pytest.approx(drive, rel=1e-12)
        assert back.attrs["held_error"] < 1e-11


def reciprocal(photons: int, drive: float = 0.1, coupling: float = 0.2) -> ly.Network:
    return C.reciprocal_battery(
        drive=drive, photons=photons, charger_damping=0.5, battery_damping=0.1, coupling=coupling
    )


@pytest.mark.parametrize("equal", ["input_power", "charger_energy"])
def test_a_reciprocal_pair(equal: str) -> None:
    found = ly.compare(reciprocal(2), reciprocal(1, drive=0.7), equal=equal)
    # All that comes in leaves by the two baths; E_B = (2 J/kappa_b)^2 E_A of the coherent one.
    np.testing.assert_allclose(found.drive_power, 0.5 * found.charger_energy + 0.1 * found.stored_energy, rtol=1e-12)
    held = found["drive_power" if equal == "input_power" else "charger_energy"]
    assert float(held[1]) == pytest.approx(float(held[0]), rel=1e-13)
    assert float(found.stored_energy[1] / found.charger_energy[1]) == pytest.approx(16.0, rel=1e-12)


def test_the_best_couplings_of_a_coherent_drive(tmp_path: Any) -> None:
    """On paper, with L = Lambda/2 and h = Gamma mu/2: L - h at equal drive, and (L^2 - h^2)/h at equal power."""
    other = C.one_photon_battery(drive=0.3, **RATES)
    found = ly.compare(ONE, other, equal="drive", optimum=COUPLING)
    np.testing.assert_allclose(found.optimum.sel(parameter=COUPLING), 0.05, rtol=1e-7)
    np.testing.assert_allclose(found.drive, 0.1, rtol=1e-15)
    np.testing.assert_allclose(found.ergotropy, (0.1 / (2 * 0.05)) ** 2, rtol=1e-12)
    power = float(ly.compare(ONE, ONE, equal="input_power").drive_power[0])
    found = ly.compare(ONE, other, equal="input_power", optimum=[COUPLING])
    np.testing.assert_allclose(found.optimum.sel(parameter=COUPLING), 0.11, rtol=1e-6)
    np.testing.assert_allclose(found.drive_power, power, rtol=1e-13)
    np.testing.assert_allclose(found.ergotropy, power * 0.36**2 / (0.6 * (0.09 - 0.25**2 + 0.11**2)), rtol=1e-12)
    # The direction of the coupling stays.
    (tmp_path / "device.toml").write_text(found.attrs["device_file"], encoding="utf-8")
    assert ly.read_device(tmp_path / "device.toml").parameters[COUPLING] == pytest.approx(-0.11j, rel=1e-6)


def test_each_side_has_its_own_optimum() -> None:
    """Of the two-photon device: no coupling next to it is better at the same power."""
    best = ly.compare(TWO, ONE, equal="input_power", optimum=COUPLING)
    size = float(best.optimum.sel(parameter=COUPLING)[0])
    assert float(best.optimum.sel(parameter=COUPLING)[1]) == pytest.approx(0.11, rel=1e-6)
    for factor in (0.99, 1.01):
        source = ONE.replace(**{"OnePhotonDrive(charger).amplitude": np.sqrt(0.036)})
        beside = ly.compare(source, TWO.replace(**{COUPLING: -1j * size * factor}), equal="input_power")
        assert float(beside.drive_power[1]) == pytest.approx(0.24, rel=1e-12)
        assert float(beside.ergotropy[1]) < float(best.ergotropy[0])
    np.testing.assert_allclose(best.drive_power, 0.24, rtol=1e-12)


def test_an_optimum_may_be_zero_or_indifferent() -> None:
    phase = "TwoPhotonDrive(charger).phase"
    found = ly.compare(TWO.replace(**{phase: 0.3}), ONE, equal="input_power", optimum=(LOSS, phase))
    np.testing.assert_allclose(found.optimum.sel(parameter=LOSS), 0.0, atol=1e-9)
    assert found.optimum.attrs["units"] == "that of the parameter"
    assert float(found.optimum.sel(parameter=phase)[0]) == 0.3
    assert np.isnan(found.optimum.sel(parameter=phase)[1])
    ideal = closed_form.DirectedDevice(
        drive=0.1, total_charger_damping=0.6, total_battery_damping=0.5, transport_rate=0.5
    )
    assert float(found.ergotropy[0]) == pytest.approx(float(closed_form.steady_ergotropy(ideal)), rel=1e-9)
    assert float(found.ergotropy[1]) == pytest.approx(0.24 * 4 * 0.25 / (0.6 * 0.25), rel=1e-9)


def test_resonance_is_found() -> None:
    away = C.one_photon_battery(drive=0.1, detuning=0.0, **RATES).replace(**{"Mode(battery).detuning": -0.2})
    found = ly.compare(away, ONE, equal="drive", optimum="Mode(battery).detuning", quantity="stored_energy")
    np.testing.assert_allclose(found.optimum.sel(parameter="Mode(battery).detuning"), 0.0, atol=1e-7)
    np.testing.assert_allclose(found.stored_energy, 0.04 / 0.1296, rtol=1e-12)


def test_a_batch_is_its_members() -> None:
    drive = xr.DataArray([0.05, 0.1, 0.2], dims="drive_of_two", coords={"drive_of_two": [0.05, 0.1, 0.2]})
    damping = xr.DataArray([0.1, 0.3], dims="damping")
    first = C.two_photon_battery(drive=drive, **RATES)
    second = C.one_photon_battery(drive=0.1, charger_damping=damping, battery_damping=0.1)
    found = ly.compare(first, second, equal="input_power")
    assert found.stored_energy.dims == ("drive_of_two", "damping", "device")
    assert found.stored_energy_ratio.dims == ("drive_of_two", "damping")
    xr.testing.assert_equal(found.coords["drive_of_two"], drive.coords["drive_of_two"])
    assert "held" not in found.attrs
    assert found.attrs["held_error"] < 1e-13
    one = ly.compare(
        C.two_photon_battery(drive=0.1, **RATES),
        C.one_photon_battery(drive=0.1, charger_damping=0.3, battery_damping=0.1),
        equal="input_power",
    )
    for name in one.data_vars:
        np.testing.assert_allclose(found[name][1, 1], one[name], rtol=1e-12, atol=1e-15, err_msg=str(name))
    # Above its threshold the first has no power to hold.
    assert np.isnan(found.stored_energy[2]).all()
    assert found.is_stable[2].values.tolist() == [[False, True], [False, True]]
    assert found.is_stable[:2].all()


def test_pairs_of_a_batch_that_cannot_be_made_equal_are_missing() -> None:
    """A battery that gives nothing back: its charger is reached by the reverse coupling alone."""
    turned = xr.DataArray([-0.25j, 0.25j], dims="coupling")
    parts = [ly.OnePhotonDrive("battery", 0.1), *(part for part in TWO.elements if not part.is_drive)]
    second = ly.Network(TWO.modes, parts, charger="charger", battery="battery").replace(**{COUPLING: turned})
    found = ly.compare(TWO, second, equal="charger_energy")
    assert np.isnan(found.stored_energy).values.tolist() == [[True, True], [False, False]]
    np.testing.assert_allclose(found.charger_energy[1], 0.4, rtol=1e-12)
    assert found.is_stable.all()
    assert np.isnan(found.ergotropy_ratio[0])


def test_plain_arrays_are_a_batch() -> None:
    found = ly.compare(C.two_photon_battery(drive=[0.05, 0.1], **RATES), ONE, equal="input_power", optimum=COUPLING)
    assert found.optimum.dims == ("batch", "device", "parameter")
    np.testing.assert_allclose(found.drive_power[1], 0.24, rtol=1e-12)
    np.testing.assert_allclose(found.optimum[:, 1, 0], 0.11, rtol=1e-6)
    assert found.optimum.attrs["units"] == "rate unit"


def test_several_batteries_count_as_one() -> None:
    chain = C.cascade(3, drive=0.1, damping=0.1)
    found = ly.compare(ONE, chain, equal="charger_energy")
    assert found.stored_energy.dims == ("device",)
    assert float(found.charger_energy[1]) == pytest.approx(float(found.charger_energy[0]), rel=1e-13)
    again = chain.replace(**{"TwoPhotonDrive(m0).amplitude": float(found.drive[1])})
    assert float(found.stored_energy[1]) == pytest.approx(float(ly.steady_state(again).total_stored_energy), rel=1e-12)
    assert np.isnan(found.purity[1])


def test_the_files_hold_the_devices_that_were_compared(tmp_path: Any) -> None:
    found = ly.compare(TWO, ONE, equal="input_power")
    for place, name in enumerate(("device_file", "second_device_file")):
        (tmp_path / "device.toml").write_text(found.attrs[name], encoding="utf-8")
        stored = ly.steady_state(ly.read_device(tmp_path / "device.toml")).stored_energy
        assert float(stored) == float(found.stored_energy[place])
    found.to_netcdf(tmp_path / "found.nc")


def test_names_and_attributes() -> None:
    found = ly.compare(TWO, TWO, equal="charger_energy")
    assert found["device"].values.tolist() == ["two_photon_battery (first)", "two_photon_battery (second)"]
    np.testing.assert_allclose(found.stored_energy_ratio, 1.0, rtol=1e-13)
    assert found.drive_power.attrs["units"] == "hbar omega_0 * rate unit"
    assert {"long_name", "units", "symbol", "description"} <= set(found.ergotropy_ratio.attrs)
    other = ly.compare(TWO, C.one_photon_battery(drive=0.1, frequency=2.0, **RATES), equal="drive")
    assert other.stored_energy.attrs["units"] == "hbar * frequency unit"


def test_results_go_to_lab_units() -> None:
    scaled = ly.Network(TWO.modes, TWO.elements, "charger", "battery", rate_unit="1 MHz", frequency_unit="5 GHz")
    for pair in ((scaled, ONE), (ONE, scaled)):
        found = ly.compare(*pair, equal="input_power")
        assert (found.attrs["rate_unit"], found.attrs["frequency_unit"]) == ("1 MHz", "5 GHz")
        # hbar 2 pi 5 GHz times 2 pi MHz.
        power = ly.units.Lab.of(found).convert(found).drive_power
        quantum = 1.054571817e-34 * 2 * np.pi * 5e9 * 2 * np.pi * 1e6
        np.testing.assert_allclose(power, found.drive_power * quantum, rtol=1e-8)


def test_what_is_not_driven_takes_no_power() -> None:
    still = C.one_photon_battery(drive=0.0, **RATES)
    found = ly.compare(still, TWO, equal="input_power")
    assert found.drive.values.tolist() == [0.0, 0.0]
    assert np.isnan(found.stored_energy_ratio)
    free = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, 0.2)], charger="a", battery="a")
    found = ly.compare(free, TWO, equal="charger_energy")
    assert np.isnan(found.drive[0])
    np.testing.assert_allclose(found.charger_energy, 0.2, rtol=1e-13)


def test_pairs_that_cannot_be_compared() -> None:
    backwards = ly.Network(TWO.modes, TWO.elements, charger="battery", battery="charger", name="backwards")
    dark = backwards.replace(**{"LocalBath(charger).rate": 0.2})
    mirrored = ly.Network(
        TWO.modes,
        [ly.OnePhotonDrive("battery", 0.1), *(part for part in TWO.elements if not part.is_drive)],
        charger="charger",
        battery="battery",
    )
    with pytest.raises(
        ParameterError, match=r"Argument `second` must reach a charger energy of 0.4 at a drive.*0 to 0"
    ):
        ly.compare(TWO, mirrored, equal="charger_energy")
    assert float(ly.compare(TWO, dark, equal="charger_energy").charger_energy[1]) == pytest.approx(0.4, rel=1e-12)
    # A squeezed bath against the drive: more drive is less energy at first.
    parts = [ly.LocalBath("a", 1.0, squeezing=0.5, squeezing_phase=-np.pi / 2), ly.TwoPhotonDrive("a", 0.1)]
    squeezed = ly.Network([ly.Mode("a")], parts, charger="a", battery="a", name="squeezed")
    curve = ly.steady_state(squeezed.replace(**{"TwoPhotonDrive(a).amplitude": np.linspace(0, 0.2, 21)})).charger_energy
    assert curve[0] > curve.min() > 0
    target = float(curve.min() + curve[0]) / 2
    source = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, target)], charger="a", battery="a")
    with pytest.raises(ParameterError, match=r"Argument `second` must hold a charger energy of .* at one drive.* at 2"):
        ly.compare(source, squeezed, equal="charger_energy")
    below = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, float(curve.min()) / 2)], charger="a", battery="a")
    with pytest.raises(ParameterError, match=r"must reach a charger energy.*Its threshold is 0.25"):
        ly.compare(below, squeezed, equal="charger_energy")


def test_devices_that_do_not_settle() -> None:
    unstable = C.two_photon_battery(drive=0.2, **RATES)
    for equal in ("drive", "input_power", "charger_energy"):
        with pytest.raises(UnstableError):
            ly.compare(unstable, ONE, equal=equal)
    with pytest.raises(UnstableError):
        ly.compare(C.one_photon_battery(drive=0.2, **RATES), TWO, equal="drive")
    growing = ly.Network([*ONE.modes], [*ONE.elements, ly.Gain("charger", 5.0)], charger="charger", battery="battery")
    with pytest.raises(ParameterError, match="Argument `second` must have a steady state at some drive"):
        ly.compare(TWO, growing, equal="input_power")


def driven_twice() -> ly.Network:
    return ly.Network(ONE.modes, [*ONE.elements, ly.OnePhotonDrive("battery", 0.1)], "charger", "battery")


@pytest.mark.parametrize("drive", [1e-150, 1e-9, 1e4, 1e150])
def test_drives_of_any_size(drive: float) -> None:
    """Near its threshold a device is as near as its drive has digits."""
    source = ONE.replace(**{"OnePhotonDrive(charger).amplitude": drive})
    found = ly.compare(source, ONE, equal="input_power")
    np.testing.assert_allclose(found.drive, drive, rtol=1e-14)
    if drive < 1e10:
        found = ly.compare(source, TWO, equal="charger_energy")
        np.testing.assert_allclose(found.charger_energy, 4 * drive**2 / 0.36, rtol=1e-13 if drive < 1 else 1e-6)
    with pytest.raises(ParameterError, match=r"must have steady energies within the number range"):
        ly.compare(source.replace(**{"OnePhotonDrive(charger).amplitude": 1e160}), ONE, equal="input_power")


def test_large_devices_are_refused_before_they_are_computed() -> None:
    with pytest.raises(ParameterError, match=r"leave the matrices of its modes at 80 drives to what fits into memory"):
        ly.compare(ONE, C.cascade(200_000, drive=0.1, damping=0.1), equal="charger_energy")


def test_drives_that_cannot_be_scaled() -> None:
    with pytest.raises(ParameterError, match=r"Argument `second` must have one drive.*with 2 drives"):
        ly.compare(TWO, driven_twice(), equal="input_power")
    still = ly.Network(ONE.modes, [part for part in ONE.elements if not part.is_drive], "charger", "battery")
    with pytest.raises(ParameterError, match=r"Argument `second` must have one drive.*with 0 drives"):
        ly.compare(TWO, still, equal="charger_energy")
    with pytest.raises(ParameterError, match="Argument `first` must have one drive"):
        ly.compare(still, TWO, equal="drive")
    # As the first one it stands, with the power of both.
    found = ly.compare(driven_twice(), TWO, equal="input_power")
    np.testing.assert_allclose(found.drive_power[1], found.drive_power[0], rtol=1e-12)
    assert np.isnan(found.drive[0])
    with pytest.raises(ParameterError, match="Argument `first` must have one drive"):
        ly.compare(driven_twice(), TWO, equal="input_power", optimum=COUPLING)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"equal": "power"}, "Argument `equal` must be one of drive, input_power, charger_energy.*'input_power'"),
        ({"equal": None}, "Argument `equal` must be one of"),
        ({"optimum": "CoherentCoupling(charger, batery).strength"}, "Argument `optimum` must be among.*Did you mean"),
        ({"optimum": 3}, "Argument `optimum` must be the address of a parameter"),
        ({"optimum": []}, "Argument `optimum` must be the address of a parameter"),
        ({"optimum": "TwoPhotonDrive(charger).amplitude"}, "name no drive that is scaled"),
        ({"optimum": COUPLING, "equal": "drive"}, "without end towards 0.18.*, where the device ceases to settle"),
        ({"optimum": COUPLING, "equal": "charger_energy"}, "the last one that is tried, it still grows"),
        ({"optimum": LOSS, "quantity": "ergotrpy"}, "Argument `quantity` must be among.*'ergotropy'"),
    ],
)
def test_other_words_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        ly.compare(TWO, ONE, **changes)


def test_other_arguments_are_refused() -> None:
    with pytest.raises(ParameterError, match="Argument `second` must be a Network"):
        ly.compare(TWO, "one_photon_battery")  # type: ignore[arg-type]
    fast = ly.Network(TWO.modes, TWO.elements, "charger", "battery", rate_unit="1 MHz")
    slow = ly.Network(ONE.modes, ONE.elements, "charger", "battery", rate_unit="1 kHz")
    with pytest.raises(ParameterError, match="Argument `second` must have the rate unit of the first, 1 MHz"):
        ly.compare(fast, slow)
    with pytest.raises(ParameterError, match="be constant in time"):
        ly.compare(C.one_photon_battery(drive=ly.pulse.ramp(0.0, 0.1, 0.0, 1.0), **RATES), TWO)
