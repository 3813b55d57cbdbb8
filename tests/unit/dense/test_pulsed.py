"""Devices that change in time, against their differential equations, exact formulas and themselves cut in pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import leyden as ly
from leyden import pulse, states

TIMES = np.linspace(0.0, 10.0, 41)
EDGES = [1.0, 2.0, 4.0, 5.0, 6.0]


def everything_changes() -> ly.Network:
    """Two modes: a chirp, a wave packet, a square kick, a rate and a coupling that move, a squeezed shared bath."""
    elements = [
        ly.TwoPhotonDrive("a", pulse.gaussian(0.3, 4.0, 1.0) * pulse.cosine(1.0, 2.0)),
        ly.OnePhotonDrive("b", pulse.square(0.3, 2.0, 5.0), 0.4),
        ly.LocalBath("a", 0.2 + pulse.gaussian(0.3, 6.0, 0.5), 0.3),
        ly.LocalBath("b", 0.1),
        ly.SharedBath({"a": 0.7, "b": 0.7j}, 1.0, squeezing=0.2),
        ly.CoherentCoupling("a", "b", pulse.ramp(0.1j, 0.3, 2.0, 4.0)),
        ly.ParametricCoupling("a", "b", 0.05),
    ]
    modes = [ly.Mode("a", 1.5, pulse.ramp(-0.5, 0.5, 1.0, 6.0)), ly.Mode("b", detuning=0.2)]
    return ly.Network(modes, elements, charger="a", battery="b")


def three_modes() -> ly.Network:
    elements = [
        ly.TwoPhotonDrive("a", pulse.gaussian(0.2, 4.0, 1.0)),
        ly.OnePhotonDrive("a", pulse.square(0.3, 2.0, 5.0)),
        ly.CoherentCoupling("a", "b", 0.3),
        ly.CoherentCoupling("b", "c", 0.2j),
        *[ly.LocalBath(name, 0.3, 0.1) for name in "abc"],
    ]
    modes = [ly.Mode("a"), ly.Mode("b", detuning=0.2), ly.Mode("c", 0.5)]
    return ly.Network(modes, elements, charger="a", battery="c")


def frozen(network: ly.Network, time: float) -> ly.Network:
    """The device as it is at one time, of numbers; the sign of an amplitude is a phase of pi."""
    numbers: dict[str, Any] = {}
    for address, value in network.pulses.items():
        number = value([time])[0]
        if address.endswith(".amplitude") and number < 0:
            phase = address.replace(".amplitude", ".phase")
            numbers[phase], number = network.parameters[phase] + np.pi, -number
        numbers[address] = number.item()
    return network.replace(**numbers)


def by_hand(network: ly.Network, amplitude_equations: Any) -> tuple[Any, Any, Any]:
    """Moments <a_i>, <a_i^dag a_j> and <a_i a_j> at all times, by the literal reference and Runge and Kutta."""
    size = len(network.modes)

    def rates(time: float, moments: Any) -> Any:
        mean, number, pair = np.split(moments, [size, size + size**2])
        reference = amplitude_equations(frozen(network, time))
        parts = reference.rates(mean, number.reshape(size, size), pair.reshape(size, size))
        return np.concatenate([part.ravel() for part in parts])

    found, vector = [], np.zeros(size + 2 * size**2, dtype=complex)
    for start, stop in zip([0.0, *EDGES], [*EDGES, TIMES[-1]], strict=True):
        last = np.nextafter(stop, 0)
        here = TIMES[(start <= TIMES) & ((stop > TIMES) | (stop == TIMES[-1]))]
        options: dict[str, Any] = {"method": "DOP853", "rtol": 1e-10, "atol": 1e-13}
        asked = np.unique([*np.minimum(here, last), last])
        run = solve_ivp(rates, (start, last), vector, t_eval=asked, **options)
        found.append(run.y[:, : len(here)])
        vector = run.y[:, -1]
    whole = np.concatenate(found, axis=1).T
    mean, number, pair = np.split(whole, [size, size + size**2], axis=1)
    return mean, number.reshape(-1, size, size), pair.reshape(-1, size, size)


@pytest.mark.parametrize("device", [everything_changes, three_modes], ids=lambda make: make.__name__)
def test_moments_are_those_of_the_differential_equations(device: Any, amplitude_equations: Any) -> None:
    """All of them, to the tolerance; energies, power and work as they follow from them."""
    network = device()
    run = ly.charge(network, TIMES, keep_state=True)
    assert 0 < run.attrs["error"] <= run.attrs["tolerance"] == 1e-10
    mean, number, pair = by_hand(network, amplitude_equations)
    reference = amplitude_equations(frozen(network, 0.0))
    for place in range(len(TIMES)):
        state = run["mean"][place].values, run["covariance"][place].values - 0.5 * np.eye(2 * len(network.modes))
        for found, expected in zip(reference.ladder_moments(*state), (mean, number, pair), strict=True):
            np.testing.assert_allclose(found, expected[place], rtol=0, atol=3e-10)
    battery = len(network.modes) - 1
    energy = network.frequencies[battery] * number[:, battery, battery].real
    np.testing.assert_allclose(run.stored_energy, energy, rtol=0, atol=3e-10)


@pytest.mark.parametrize("device", [everything_changes, three_modes], ids=lambda make: make.__name__)
def test_power_and_work_are_the_integrals_that_they_are(device: Any) -> None:
    """Power is dE/dt, and the work of the drives the integral of their flows, by Gauss and Legendre between edges."""
    network = device()
    nodes, weights = np.polynomial.legendre.leggauss(24)
    work, energy = 0.0, 0.0
    for start, stop in zip([0.0, *EDGES], [*EDGES, TIMES[-1]], strict=True):
        times = start + (nodes + 1) / 2 * (stop - start)
        run = ly.charge(network, [*times, stop], keep_state=True)
        energy += (stop - start) / 2 * float(weights @ run.charging_power[:-1].values)
        for place, time in enumerate(times):
            at = frozen(network, time)
            state = states.from_dataset(run, time=time)
            flows = ly.merit.energy_flows(ly.moment_equations(at), state, network.frequencies)
            entries = zip(ly.moment_equations(at).contributions, flows, strict=True)
            power = sum(float(np.sum(flow)) for entry, flow in entries if entry.element.is_drive)
            work += (stop - start) / 2 * weights[place] * power
    assert energy == pytest.approx(float(run.stored_energy[-1]), abs=2e-9)
    assert work == pytest.approx(float(run.drive_work[-1]), abs=2e-9)


def test_a_lone_mode_is_displaced_by_the_area_of_its_pulse() -> None:
    """Without damping alpha = -i times the area, a number that no step has to find."""
    kick = pulse.gaussian(0.2, 5.0, 0.4)
    network = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", kick)], charger="a", battery="a")
    area = 0.2 * 0.4 * np.sqrt(2 * np.pi)
    run = ly.charge(network, [0.0, 10.0])
    assert float(run.stored_energy[-1]) == pytest.approx(area**2, rel=1e-10)
    assert float(run.drive_work[-1]) == pytest.approx(area**2, rel=1e-9)
    assert float(run.ergotropy[-1]) == pytest.approx(area**2, rel=1e-10)


WHOLE = st.integers(1, 6).map(float)
SHAPES = st.one_of(
    st.builds(lambda start, length: pulse.square(1.0, start, start + length), WHOLE, WHOLE),
    st.builds(lambda centre, width: pulse.gaussian(1.0, centre, width / 8), WHOLE, WHOLE),
    st.builds(lambda start, length: pulse.ramp(0.2, 1.0, start, start + length), WHOLE, WHOLE),
    # Periods that divide the times, as one chooses them: at many moments such a carrier is what it was.
    st.builds(lambda turns, phase: pulse.cosine(1.0, turns * np.pi / 3, phase), WHOLE, st.sampled_from([0.0, 0.5])),
    st.builds(lambda values: pulse.piecewise([0.0, 2.0, 3.0, 13.0], values), st.lists(WHOLE, min_size=3, max_size=3)),
    st.builds(lambda values: pulse.sampled([0.0, 1.0, 7.0, 13.0], values), st.lists(WHOLE, min_size=4, max_size=4)),
)


@given(st.lists(st.tuples(st.integers(-3, 3), SHAPES, SHAPES), min_size=1, max_size=2))
def test_any_pulse_displaces_a_lone_mode_by_its_area(terms: Any) -> None:
    """|alpha|^2 = |area|^2 at every time, the area by Gauss and Legendre in pieces of 1/32."""
    kick = sum((0.1 * factor * one * other for factor, one, other in terms), start=0.0 * terms[0][1])
    network = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", kick)], charger="a", battery="a")
    times = np.arange(1.0, 13.0)
    run = ly.charge(network, times)
    nodes, weights = np.polynomial.legendre.leggauss(10)
    # Widths and edges are multiples of 1/8, so that no piece has an edge inside.
    middles = (np.arange(12 * 32) + 0.5) / 32
    pieces = kick((middles[:, None] + nodes / 64).ravel()).reshape(-1, 10) @ weights / 64
    area = np.cumsum(pieces)[31::32]
    np.testing.assert_allclose(run.stored_energy, area**2, rtol=0, atol=1e-9 * max(1.0, np.max(area**2)))


@pytest.mark.parametrize("turns", [1, 2, 6, 12, 24])
def test_a_carrier_is_followed_wherever_its_periods_end(turns: int) -> None:
    """|alpha| = eps sin(w t)/w, also where the last time and its even parts are whole periods."""
    rate = turns * 2 * np.pi / 6.0
    drive = ly.OnePhotonDrive("a", pulse.cosine(0.1, rate))
    times = np.array([0.0, 0.3, 1.25, 6.0])
    run = ly.charge(ly.Network([ly.Mode("a")], [drive], charger="a", battery="a"), times)
    np.testing.assert_allclose(run.stored_energy, (0.1 * np.sin(rate * times) / rate) ** 2, rtol=1e-8, atol=1e-14)


def test_members_of_a_batch_far_apart_are_all_followed() -> None:
    """Two kicks that are short beside the time between them, neither where one would look."""
    centre = xr.DataArray([9.0, 1000.0], dims="centre")
    drive = ly.OnePhotonDrive("a", pulse.gaussian(0.1, centre, 1.0))
    run = ly.charge(ly.Network([ly.Mode("a")], [drive], charger="a", battery="a"), [0.0, 100.0, 2000.0])
    area = (0.1 * np.sqrt(2 * np.pi)) ** 2
    np.testing.assert_allclose(run.stored_energy, [[0, area, area], [0, 0, area]], rtol=1e-8, atol=1e-12)


def test_constant_pieces_are_exact() -> None:
    """A square pulse is two devices one after the other, whatever the tolerance."""
    rates = {"charger_damping": 0.1, "battery_damping": 0.1}
    switched = ly.catalog.two_photon_battery(drive=pulse.square(0.3, 0.0, 3.0), **rates)
    run = ly.charge(switched, TIMES, tolerance=1e-2)
    on, off = (ly.catalog.two_photon_battery(drive=drive, **rates) for drive in (0.3, 0.0))
    early = ly.evolve(on, [3.0])[-1]
    late = ly.charge(off, TIMES[TIMES >= 3] - 3.0, initial=early)
    np.testing.assert_allclose(run.ergotropy[TIMES >= 3], late.ergotropy, rtol=1e-12)
    np.testing.assert_allclose(run.stored_energy[TIMES < 3], ly.charge(on, TIMES[TIMES < 3]).stored_energy, rtol=1e-12)
    assert run.attrs["error"] == 0.0
    # Power jumps with the drive's end, and belongs to what comes after.
    np.testing.assert_allclose(run.charging_power[TIMES >= 3], late.charging_power, rtol=1e-10, atol=1e-14)


def test_pieces_and_their_curve_are_the_same_pulse() -> None:
    """Many constant pieces come near the curve as the square of their length."""
    kick = pulse.gaussian(0.1, 5.0, 1.0)
    rates = {"charger_damping": 0.1, "battery_damping": 0.1}
    exact = ly.charge(ly.catalog.two_photon_battery(drive=kick, **rates), [10.0]).stored_energy[0]
    gaps = []
    for count in (50, 100):
        edges = np.linspace(0, 10, count + 1)
        middle = kick((edges[1:] + edges[:-1]) / 2)
        cut = ly.catalog.two_photon_battery(drive=pulse.piecewise(edges, middle), **rates)
        gaps.append(float(abs(ly.charge(cut, [10.0]).stored_energy[0] - exact)))
    assert gaps[0] / gaps[1] == pytest.approx(4.0, rel=0.05)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-12])
def test_what_is_asked_for_is_what_comes(tolerance: float) -> None:
    network = everything_changes()
    exact = ly.charge(network, TIMES, tolerance=1e-13)
    run = ly.charge(network, TIMES, tolerance=tolerance)
    assert run.attrs["error"] <= tolerance
    # Other moments than the battery's energy are larger by up to some tens.
    assert float(abs(run.stored_energy - exact.stored_energy).max()) <= 10 * tolerance
    assert run.attrs["steps"] <= exact.attrs["steps"]


def test_a_batch_of_pulses_is_the_loop_over_them() -> None:
    height = xr.DataArray([0.02, 0.1, 0.14], dims="height", coords={"height": [0.02, 0.1, 0.14]})
    centre = xr.DataArray([3.0, 5.0], dims="centre", coords={"centre": [3.0, 5.0]})

    def device(height: Any, centre: Any) -> ly.Network:
        return ly.catalog.two_photon_battery(
            drive=pulse.gaussian(height, centre, 1.0), charger_damping=0.1 + 0 * centre, battery_damping=0.1
        )

    runs = ly.charge(device(height, centre), TIMES)
    assert runs.ergotropy.dims == ("height", "centre", "time")
    for one in (0.02, 0.14):
        for other in (3.0, 5.0):
            alone = ly.charge(device(one, other), TIMES)
            for name in ("ergotropy", "stored_energy", "charging_power", "drive_work"):
                np.testing.assert_allclose(runs[name].sel(height=one, centre=other), alone[name], rtol=0, atol=1e-10)


def test_weak_pulses_keep_their_digits() -> None:
    """An energy of second order in a drive of 1e-6, to the tolerance of itself."""
    rates = {"charger_damping": 0.1, "battery_damping": 0.1}
    weak, strong = (
        ly.charge(ly.catalog.two_photon_battery(drive=pulse.gaussian(height, 5.0, 1.0), **rates), TIMES)
        for height in (1e-6, 1e-5)
    )
    np.testing.assert_allclose(100 * weak.stored_energy[20:], strong.stored_energy[20:], rtol=1e-8)


def test_far_above_threshold_errors_that_grow_are_met() -> None:
    """A mode squeezed by twelve e-foldings without damping: <n> = sinh^2 of twice the area."""
    network = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", pulse.gaussian(2.0, 12.0, 1.2))], "a", "a")
    area = 2.0 * 1.2 * np.sqrt(2 * np.pi)
    run = ly.charge(network, [0.0, 2.0, 24.0])
    assert float(run.stored_energy[-1]) == pytest.approx(np.sinh(2 * area) ** 2, rel=1e-8)


def test_times_beyond_a_pulse_are_refused(refuses: Any) -> None:
    samples = pulse.sampled([0.0, 1.0, 2.0], [0.0, 0.1, 0.0])
    network = ly.catalog.two_photon_battery(drive=samples, charger_damping=0.1, battery_damping=0.1)
    refuses("times", lambda: ly.charge(network, [0.0, 3.0]), "from 0 to 2", "is 3.0", "up to the last")
    for tolerance in (0.0, 1e-14, 1.0, [1e-3, 1e-4]):
        refuses("tolerance", lambda tolerance=tolerance: ly.charge(network, [1.0], tolerance=tolerance))


def test_a_rate_that_turns_negative_is_refused(refuses: Any) -> None:
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", pulse.ramp(0.1, -0.1, 0, 1))], "a", "a")
    refuses("network", lambda: ly.charge(network, [0.0, 1.0]), "LocalBath(a).rate = -0.1", "do not turn negative")


def test_a_kick_that_is_short_beside_its_time_is_known_as_well_as_the_time() -> None:
    """A width of 1e-6 at 5: what times there are rounded by, 1e-15, is 1e-9 of it."""
    drive = ly.OnePhotonDrive("a", pulse.gaussian(1e5, 5.0, 1e-6))
    run = ly.charge(ly.Network([ly.Mode("a")], [drive], charger="a", battery="a"), [0.0, 10.0])
    assert float(run.stored_energy[-1]) == pytest.approx((0.1 * np.sqrt(2 * np.pi)) ** 2, rel=1e-7)


def test_moments_that_leave_the_number_range(refuses: Any) -> None:
    """A single device is refused; of a batch that member is missing, and the others are as alone."""
    heights = xr.DataArray([0.1, 1e3], dims="height")

    def device(height: Any) -> ly.Network:
        drive = ly.TwoPhotonDrive("a", pulse.gaussian(height, 5.0, 0.5))
        return ly.Network([ly.Mode("a")], [drive, ly.LocalBath("a", 0.1)], charger="a", battery="a")

    refuses("times", lambda: ly.charge(device(1e3), [0.0, 5.0, 10.0]), "end before the pulses drive the energies")
    both, alone = ly.charge(device(heights), TIMES), ly.charge(device(0.1), TIMES)
    np.testing.assert_allclose(both.stored_energy[0], alone.stored_energy, rtol=0, atol=1e-10)
    assert both.attrs["error"] <= 1e-10
    assert np.isnan(both.stored_energy[1, -1])


def test_time_zero_alone() -> None:
    run = ly.charge(everything_changes(), [0.0])
    assert float(run.stored_energy[0]) == 0.0
    assert float(run.drive_work[0]) == 0.0


@pytest.mark.parametrize("is_turned", [False, True])
def test_frequencies_alone_may_be_a_batch(is_turned: bool) -> None:
    """They are in no moment, and in the work."""
    frequency = xr.DataArray([1.0, 2.0], dims="frequency")
    more = [ly.Dephasing("a", 0.1)] if is_turned else []
    parts = [ly.TwoPhotonDrive("a", 0.1 if is_turned else pulse.gaussian(0.1, 1.0, 0.5)), ly.LocalBath("a", 0.3), *more]
    found = ly.charge(ly.Network([ly.Mode("a", frequency)], parts, "a", "a"), [0.0, 1.0, 3.0])
    for name in ("stored_energy", "drive_work", "charging_power"):
        np.testing.assert_allclose(found[name][1], 2 * found[name][0], rtol=1e-13)
