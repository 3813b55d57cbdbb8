"""Growing cutoffs, on made-up devices whose populations and energies are known at every cutoff."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock
from leyden.errors import LeydenError, TruncationError
from leyden.fock.cutoff import solve_with_cutoff
from leyden.truncation.cutoff import Solution, checked_limits, converge, grown

Solve = Callable[[tuple[int, ...]], Solution]


def geometric(*ratios: float, calls: list[tuple[int, ...]] | None = None) -> Solve:
    """A device whose modes have populations q^n (1 - q), and whose energies lack what is cut off."""

    def solve(cutoff: tuple[int, ...]) -> Solution:
        if calls is not None:
            calls.append(cutoff)
        populations = tuple(abs(1 - q) * q ** np.arange(levels) for q, levels in zip(ratios, cutoff, strict=True))
        energy = sum(float(population @ np.arange(len(population))) for population in populations)
        return Solution(cutoff, {"stored_energy": np.array([[energy]])}, populations)

    return solve


def energy(*ratios: float) -> float:
    return sum(q / (1 - q) for q in ratios)


@pytest.mark.parametrize("ratios", [(0.1,), (0.9,), (0.3, 0.5), (0.01, 0.6), (0.2, 0.1, 0.2)])
@pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-10])
def test_what_is_asked_for_is_what_comes(ratios: tuple[float, ...], tolerance: float) -> None:
    names = "abc"[: len(ratios)]
    found = converge(geometric(*ratios), names, (2,) * len(ratios), tolerance=tolerance, largest=20000)
    value = float(found.merits["stored_energy"][0, 0])
    assert abs(value - energy(*ratios)) < tolerance * max(1.0, value)
    assert found.change <= tolerance
    assert max(found.tails) <= tolerance / 30


def test_each_mode_grows_as_it_needs() -> None:
    found = converge(geometric(0.01, 0.6), "ab", (2, 2), tolerance=1e-7, largest=5000)
    assert found.cutoff[0] <= 10
    assert 30 < found.cutoff[1] < 60


def test_the_last_growth_tries_every_mode() -> None:
    calls: list[tuple[int, ...]] = []
    found = converge(geometric(0.01, 0.6, calls=calls), "ab", (2, 2), tolerance=1e-7, largest=5000)
    assert found.cutoff == calls[-1]
    assert all(last > before for last, before in zip(calls[-1], calls[-2], strict=True))
    # Until then, a mode with empty levels is left alone.
    assert calls[-3][0] == calls[-2][0]


def test_a_mode_that_was_never_tried_has_not_converged() -> None:
    """While b grows nothing changes, because the energies wait for a: that must not pass for convergence."""

    def solve(cutoff: tuple[int, ...]) -> Solution:
        populations = np.eye(cutoff[0])[0], geometric(0.3)(cutoff[1:]).populations[0]
        return Solution(cutoff, {"ergotropy": np.array([4.0 ** -cutoff[0]])}, populations)

    found = converge(solve, "ab", (2, 2), tolerance=1e-6, largest=5000)
    assert float(found.merits["ergotropy"][0]) < 1e-6


def test_empty_levels_are_not_enough() -> None:
    """Energies that go on changing although the populations look empty: the cutoff must go on growing."""

    def solve(cutoff: tuple[int, ...]) -> Solution:
        populations = np.zeros(cutoff[0])
        populations[0] = 1.0
        return Solution(cutoff, {"ergotropy": np.array([2.0 ** -cutoff[0]])}, (populations,))

    found = converge(solve, "a", (2,), tolerance=1e-6, largest=100)
    assert found.cutoff[0] > 18
    assert found.change <= 1e-6
    with pytest.raises(TruncationError, match="still change by") as caught:
        converge(solve, "a", (2,), tolerance=1e-6, largest=15)
    # Levels that are empty enough are no reason.
    assert "is allowed" not in caught.value.message


def test_energies_above_one_quantum_count_relatively() -> None:
    def solve(cutoff: tuple[int, ...]) -> Solution:
        return Solution(cutoff, {"charger_energy": np.array([1e6 + 1.0 / cutoff[0]])}, (np.eye(cutoff[0])[0],))

    assert converge(solve, "a", (2,), tolerance=1e-6, largest=100).change < 1e-6


def test_power_has_no_say() -> None:
    """Its unit is another one; it follows from the same states."""

    def solve(cutoff: tuple[int, ...]) -> Solution:
        merits = {"charger_energy": np.zeros(1), "charging_power": np.array([[float(cutoff[0])]])}
        return Solution(cutoff, merits, (np.eye(cutoff[0])[0],))

    assert converge(solve, "a", (2,), tolerance=1e-6, largest=100).change == 0


def test_a_runaway_ends_early() -> None:
    calls: list[tuple[int, ...]] = []
    with pytest.raises(TruncationError, match="no steady state") as caught:
        converge(geometric(0.99, 0.2, calls=calls), "ab", (2, 2), tolerance=1e-7, largest=800)
    assert math.prod(calls[-1]) < 200
    assert caught.value.cutoff == calls[-1]
    assert caught.value.population == pytest.approx(0.01 * 0.99 ** (calls[-1][0] - 2) * 1.99)
    assert "'a'" in str(caught.value)


def test_populations_that_rise_are_a_runaway() -> None:
    with pytest.raises(TruncationError):
        converge(geometric(1.1), "a", (2,), tolerance=1e-7, largest=800)


def test_coherent_light_is_no_runaway() -> None:
    """Poisson populations look heavy while the cutoff is below their mean, and fit in the end."""

    def solve(cutoff: tuple[int, ...]) -> Solution:
        populations = np.array([math.exp(-5.0) * 5.0**n / math.factorial(n) for n in range(cutoff[0])])
        return Solution(cutoff, {"stored_energy": np.array([[populations @ np.arange(cutoff[0])]])}, (populations,))

    found = converge(solve, "a", (2,), tolerance=1e-7, largest=200)
    assert float(found.merits["stored_energy"][0, 0]) == pytest.approx(5.0, rel=1e-7)


def test_the_bound_is_kept() -> None:
    calls: list[tuple[int, ...]] = []
    with pytest.raises(TruncationError, match="raise `tolerance`, or use moments"):
        converge(geometric(0.5, 0.5, calls=calls), "ab", (2, 2), tolerance=1e-7, largest=200)
    assert max(math.prod(call) for call in calls) <= 200


def test_more_modes_than_fit_are_refused_at_once() -> None:
    calls: list[tuple[int, ...]] = []
    with pytest.raises(TruncationError, match="no room to grow") as caught:
        converge(geometric(*[0.1] * 9, calls=calls), "abcdefghi", (2,) * 9, tolerance=1e-7, largest=800)
    assert calls == []
    assert math.isnan(caught.value.population)


def test_the_first_cutoff_makes_room_for_the_initial_state_and_for_growth() -> None:
    calls: list[tuple[int, ...]] = []
    converge(geometric(1e-9, 1e-9, calls=calls), "ab", (20, 2), tolerance=1e-3, largest=200)
    assert calls[0] == (20, 4)
    calls.clear()
    converge(geometric(1e-9, 1e-9, calls=calls), "ab", (20, 2), tolerance=1e-3, largest=120)
    assert calls[0] == (20, 3)


def test_a_solver_that_fails_later_says_what_was_known() -> None:
    def solve(cutoff: tuple[int, ...]) -> Solution:
        if cutoff[0] > 8:
            raise LeydenError("It did not settle.")
        return geometric(0.5)(cutoff)

    with pytest.raises(TruncationError, match=r"cutoff \(6,\).*Larger ones fail\. It did not settle\.") as caught:
        converge(solve, "a", (2,), tolerance=1e-7, largest=100)
    assert caught.value.population == pytest.approx(0.5**5 + 0.5**6)


def test_a_solver_that_fails_at_once_speaks_for_itself() -> None:
    def solve(cutoff: tuple[int, ...]) -> Solution:
        raise ly.UnstableError("No steady state.", spectral_abscissa=0.0)

    with pytest.raises(ly.UnstableError):
        converge(solve, "a", (2,), tolerance=1e-7, largest=100)


def test_growth_follows_the_populations() -> None:
    q = 0.5
    population = (1 - q) * q ** np.arange(20)
    # q^(n-2) (1 - q^2) falls below 1e-7 at n = 25.
    assert grown(population, 1e-7) == 25
    # Never by more than half, by at least two, and by an eighth where enough are there already.
    assert grown(population, 1e-30) == 30
    assert grown(population, 4e-6) == 22
    assert grown((1 - q) * q ** np.arange(64), 1e-7) == 72
    assert grown(np.array([0.0, 0.1, 0.2, 0.7]), 1e-7) == 6
    assert grown(np.array([1.0, 0.0]), 1e-7) == 4


def device() -> ly.Network:
    return ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)


def at(cutoff: Any, tolerance: float = 1e-3, largest: int = 100) -> Solution:
    return solve_with_cutoff(device(), geometric(0.1, 0.3), cutoff, (2, 2), tolerance=tolerance, largest=largest)


def test_a_given_cutoff_is_taken_as_it_is() -> None:
    assert at((5, 8)).cutoff == (5, 8)
    assert at(8).cutoff == (8, 8)
    assert math.isnan(at(8).change)
    assert at(None, largest=1000).change <= 1e-3


def test_a_given_cutoff_must_hold_the_state() -> None:
    with pytest.raises(TruncationError, match=r"the highest of 'battery' hold 0\.025, and 0\.001 is") as caught:
        at((5, 5))
    assert caught.value.cutoff == (5, 5)
    assert "change" not in str(caught.value)


def test_a_given_cutoff_must_fit_the_bound(refuses: Any) -> None:
    refuses("cutoff", lambda: at((10, 11)), "at most 100", "largest_dimension")
    assert at((10, 10)).cutoff == (10, 10)


@pytest.mark.parametrize("tolerance", [0.0, -1e-7, math.nan, math.inf, "tight", None])
def test_a_tolerance_is_positive(refuses: Any, tolerance: Any) -> None:
    refuses("tolerance", lambda: checked_limits(tolerance, 100))


@pytest.mark.parametrize("largest", [1, 2.5, None, "many"])
def test_a_bound_is_a_number_of_dimensions(refuses: Any, largest: Any) -> None:
    refuses("largest_dimension", lambda: checked_limits(1e-7, largest))
    checked_limits(1e-7, 2)


def test_thousands_of_modes_are_refused_in_a_line() -> None:
    names = [f"m{place}" for place in range(5000)]
    with pytest.raises(TruncationError, match="5000 modes of two levels at least") as caught:
        converge(geometric(*[0.1] * 5000), names, (2,) * 5000, tolerance=1e-7, largest=800)
    assert len(str(caught.value)) < 400


def test_cells_without_moments_are_not_sent_to_them() -> None:
    cells = [ly.Mode(f"m{place}", levels=2) for place in range(12)]
    losses = ly.Family(ly.LocalBath, range(12), rate=0.1)
    device = ly.Network(cells, [losses], charger="m0", battery="m1")
    with pytest.raises(TruncationError, match=r"`largest_dimension` \(now \d+\)\.$"):
        fock.steady_state(device)
    with pytest.raises(
        ly.NonGaussianError, match=r"12 modes have more than 800 dimensions\. Drop what is not quadratic"
    ):
        ly.steady_state(device)
