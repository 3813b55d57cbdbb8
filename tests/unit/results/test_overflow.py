"""Curves that leave the number range: when, to two digits, and whose fault it is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.dense.propagate import propagate_with_rates
from leyden.model.catalog.pairs import nonreciprocal_strength
from leyden.results import overflow, values_of
from leyden.states.ladder import at_rest


def pair(**parameters) -> ly.Network:
    return ly.catalog.two_photon_battery(charger_damping=0.1, battery_damping=0.1, **parameters)


def test_the_time_is_told_to_two_digits(refuses) -> None:
    """E grows as e^{2 (2 eps - Lambda/2) t} with Lambda = 0.6: ln(1.8e308)/(2 (10 - 0.3)) = 36.6, and 3549 at 0.2."""
    for times in (np.linspace(0, 100, 11), [0.0, 1.0, 30.0, 1e3], [1e3], [1e300]):
        error = refuses(
            "times", lambda times=times: ly.charge(pair(drive=5.0), times), "end by 36, before the unstable"
        )
        assert error.value == times[-1]
    for end in (4e3, 1e6, 1e200):
        refuses("times", lambda end=end: ly.charge(pair(drive=0.2), [0, end]), "end by 3500,")
    chain = ly.catalog.cascade(3, drive=5.0, damping=0.1)
    refuses(
        "times", lambda: ly.charge(chain, np.linspace(0, 100, 11)), "end by 36, before the unstable device 'cascade'"
    )
    large = ly.catalog.cascade(160, drive=5.0, damping=0.1)
    refuses("times", lambda: ly.charge(large, [0.0, 100.0]), "end by 36,")
    slow = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 1e-9)], "a", "a")
    expected = 709.78 / 4e-9
    error = refuses("times", lambda: ly.charge(slow, [0, 1e12]), "end by ")
    assert float(str(error).split("end by ")[1].split(",")[0]) == pytest.approx(expected, rel=0.05)


def coherent(*amplitudes: complex) -> ly.GaussianState:
    """Put together by hand: `ly.states.coherent` makes none this near to the end of the number range."""
    mean = 2**0.5 * np.array([[amplitude.real, amplitude.imag] for amplitude in amplitudes]).ravel()
    return ly.GaussianState(mean=mean, excess=np.zeros((len(mean), len(mean))))


def test_a_start_out_of_range_is_the_starts_fault(refuses) -> None:
    """4e306 quanta, each of which is worth 100."""
    device, hottest = pair(drive=0.1, frequency=100.0), coherent(2e153, 1.0)
    error = refuses("initial", lambda: ly.charge(device, [0.0, 0.1], initial=hottest), "the number range")
    assert error.value == pytest.approx(2**0.5 * 2e153)


def test_a_stable_device_is_not_called_unstable(refuses) -> None:
    """Strongly detuned and driven just below (Lambda^2/4 + Delta^2)^(1/2)/2, a mode turns on a long ellipse."""
    elements = [ly.LocalBath("a", 2.0), ly.TwoPhotonDrive("a", 14.0)]
    device = ly.Network([ly.Mode("a", detuning=30.0)], elements, "a", "a")
    assert ly.stability(device).is_stable
    # |alpha|^2 = 9e306 to begin with, and 29 times as much a quarter of a turn later, on one of the two diagonals.
    messages: list[str] = []
    for angle in (-0.25, 0.25):
        start = coherent(3e153 * np.exp(1j * np.pi * angle))
        try:
            ly.charge(device, np.linspace(0, 1, 41), initial=start)
        except ly.ParameterError as error:
            messages.append(str(error))
    assert messages
    assert all("before the energies of 'network' outgrow the number range" in message for message in messages)


def amplifier(modes: int, drive: float | np.ndarray = 0.26) -> ly.Network:
    """A one-way chain of which every mode is driven: block triangular, each block with eigenvalues -0.55 +- 2 eps."""
    weight = 2**-0.5
    links = [[place, place + 1] for place in range(modes - 1)]
    rates = [0.6] + [0.1] * (modes - 2) + [0.6]
    elements = [
        *(ly.LocalBath(f"m{place}", rate) for place, rate in enumerate(rates)),
        ly.Family(ly.SharedBath, links, weights=(weight, weight), rate=1.0),
        ly.Family(ly.CoherentCoupling, links, strength=nonreciprocal_strength(1.0, weight, weight)),
        *(ly.TwoPhotonDrive(f"m{place}", drive) for place in range(modes)),
    ]
    return ly.Network(ly.Modes(modes), elements, "m0", f"m{modes - 1}")


def last_energy(modes: int, drive: float) -> float:
    """Along x - p and x + p modes decay at l = 0.55 -+ 2 eps: 2 l S_ij = Q_ij - (S_(i-1)j + S_i(j-1))/2, exactly."""
    energy = 0.0
    for stretch in (2 * drive, -2 * drive):
        row = np.zeros(modes + 1)
        for place in range(modes):
            above, row = row, np.zeros(modes + 1)
            for other in range(modes):
                source = stretch if other == place else 0.0
                row[other + 1] = (source - (above[other + 1] + row[other]) / 2) / (2 * (0.55 - stretch))
        energy += row[modes] / 2
    return float(energy)


def test_an_iteration_that_has_not_ended_is_no_answer_however_large_the_energies() -> None:
    """2e241 quanta after 100 modes: rounding of such a solution would excuse any residual."""
    chain = amplifier(100)
    expected = last_energy(100, 0.26)
    found = ly.steady_state(chain)
    assert float(found.stored_energy) == pytest.approx(expected, rel=1e-9)
    with pytest.raises(ly.ConvergenceError, match="must let the sparse method converge"):
        ly.steady_state(chain, method="sparse")
    short = ly.steady_state(amplifier(40), method="sparse")
    assert float(short.stored_energy) == pytest.approx(last_energy(40, 0.26), rel=1e-9)


def test_energies_beyond_the_number_range_are_an_error_or_infinite(refuses, monkeypatch: pytest.MonkeyPatch) -> None:
    refuses("network", lambda: ly.steady_state(amplifier(160)), "within the number range")
    monkeypatch.setattr(overflow, "_FEW_RUNS", 0)
    refuses("times", lambda: ly.charge(amplifier(160), [0.0, 1e5]), "end by 0, before the energies of")
    batch = ly.steady_state(amplifier(140, np.array([0.0, 0.2, 0.26, 0.3])))
    assert batch.is_stable.values.tolist() == [True, True, True, False]
    energies = batch.stored_energy.values
    assert energies[0] == 0
    assert energies[1] == pytest.approx(last_energy(140, 0.2), rel=1e-9)
    assert np.isposinf(energies[2])
    assert np.isnan(energies[3])


@pytest.mark.parametrize("drive", [1.7e308, 1e200, np.array([0.1, 1e200])])
@pytest.mark.parametrize(
    "measure", [ly.steady_state, ly.stability, ly.critical_drive, lambda device: ly.charge(device, [0.0, 1.0, 2.0])]
)
def test_rates_whose_products_leave_the_number_range_are_refused(drive: Any, measure: Any) -> None:
    """Their squares stand in every determinant: nothing true can be said."""
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=drive, battery_damping=0.1)
    with pytest.raises(ly.ParameterError, match=r"rates of at most 1e\+140, with their weights and quanta"):
        measure(device)


def test_rates_of_any_unit_give_the_same_energy() -> None:
    """The stored energy of the reference device, 0.9375, depends on ratios of rates alone."""
    for unit in (1e-120, 1e-30, 1e30, 1e120):
        device = ly.catalog.two_photon_battery(
            drive=0.1 * unit, charger_damping=0.1 * unit, battery_damping=0.1 * unit, shared_rate=unit
        )
        assert float(ly.steady_state(device).stored_energy) == pytest.approx(0.9375, rel=1e-13)


def test_a_bath_beside_a_nearly_undetuned_mode_decays() -> None:
    """The abscissa is half the rate, -1.2e146 times 1e-10, whatever the detuning, 250 decades below."""
    device = ly.Network([ly.Mode("a", detuning=-2.3e-104)], [ly.LocalBath("a", 2.4e136, 4e13)], "a", "a")
    assert float(ly.stability(device).spectral_abscissa) == pytest.approx(-1.2e136, rel=1e-14)
    assert bool(ly.charge(device, [0.0, 1e-136]).is_stable)


def test_rounding_leaves_no_energy_below_nothing() -> None:
    """Far detuned, a drive eps makes (2 eps/Delta)^2 sin^2(Delta t) quanta: 4e-20 at most, and never less than none."""
    lone = [ly.LocalBath("a", 5.9e-8), ly.TwoPhotonDrive("a", 33.3, 3.12)]
    far = ly.Network([ly.Mode("a", detuning=-331873231177.6403)], lone, "a", "a")
    three = ly.Network(
        [ly.Mode("a"), ly.Mode("b"), ly.Mode("c", detuning=-2.4e11)],
        [ly.LocalBath("a", 0.8), ly.LocalBath("b", 3e8), ly.TwoPhotonDrive("c", 5.5e-8, 6.4)],
        "a",
        "c",
    )
    for device, times in ((far, np.linspace(0, 163.80231371, 7)), (three, np.linspace(0, 11.504, 7))):
        found = ly.charge(device, times)
        assert np.all(found.stored_energy >= 0)
        assert np.all(found.ergotropy >= 0)
        assert np.all(found.ergotropy <= found.stored_energy)


@pytest.mark.filterwarnings("error")
def test_states_that_are_none_are_met_without_a_warning(refuses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last time with numbers is looked for, quanta may be minus those of a bath, and divide by zero."""

    def propagated(*arguments: Any) -> Any:
        state, rates = propagate_with_rates(*arguments)
        own = np.broadcast_to([-1e30, 0.1, 0.0], (*state.shape, 2, 3))
        return ly.GaussianState.holding(mean=state.mean, excess=state.excess, own=own), rates

    monkeypatch.setattr("leyden.dense.method.propagate_with_rates", propagated)
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    refuses("times", lambda: ly.charge(device, [0.0, 1.0]), "end by 0, before")


def test_a_mode_that_rounding_has_covered_is_no_mode() -> None:
    """A mode that is fed 1e-12 of what its hot neighbour holds, after 1e24 lifetimes: its quanta came out at -7e31."""
    elements = [
        ly.LocalBath("a", 1.04e28),
        ly.LocalBath("b", 1.6077022025495334e38),
        ly.CoherentCoupling("a", "b", -42791.99832753507 - 28414.632250480696j),
        ly.SharedBath({"a": 1.64e37, "b": 7.761e26 + 4.528e26j}, 4.7712e-07, 1.44348e38),
        ly.TwoPhotonDrive("a", 8.26e-18, 6.104),
    ]
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    # Whether its rounding is negative is for the machine to say: then it is refused, else it is no less than nothing.
    with suppress(ly.ParameterError):
        assert (ly.charge(device, np.linspace(0.0, 6.24e-14, 7)).stored_energy >= 0).all()
    # What is negative is missing, with all that is said of that mode, and nothing else is.
    state = ly.GaussianState.holding(
        mean=np.zeros((2, 4)), excess=np.stack([np.eye(4), np.diag([1.0, 1.0, -3.0, -3.0])])
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        values = values_of(device, state, at_rest(state), device.frequencies, axes=1)
    assert np.isnan(values["stored_energy"]).tolist() == [False, True]
    assert np.isnan(values["ergotropy"]).tolist() == [False, True]
    assert np.isfinite(values["charger_energy"]).all()
