"""`ly.optimize`, against optima on paper: of coherently driven devices, of the paper's pair, of thermal boxes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import leyden as ly
from leyden import closed_form as cf

C = ly.catalog
RATES = {"charger_damping": 0.1, "battery_damping": 0.1}
GRADIENTS = ["differences", "none", pytest.param("jax", marks=pytest.mark.no_cover)]


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_a_coherently_driven_pair(gradient: str) -> None:
    """The amplitude goes as Gamma/[(kappa_a + Gamma/2)(kappa_b + Gamma/2)]: largest at 2 sqrt(kappa_a kappa_b)."""
    fixed = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.4}
    best = ly.optimize(
        "one_photon_battery", {"shared_rate": (0.01, 3.0)}, "ergotropy", fixed=fixed, gradient=gradient, starts=2
    )
    # The merit is flat there: values alone tell the place to the root of their rounding.
    assert best.parameters["shared_rate"] == pytest.approx(0.4, rel=1e-6 if gradient == "none" else 1e-8)
    assert best.merit == pytest.approx(16 / 81, rel=1e-13)
    assert best.is_converged
    assert best.is_attained
    assert best.dataset.attrs["gradient"] == gradient
    assert float(ly.steady_state(best.network).ergotropy) == pytest.approx(best.merit, rel=1e-13)


@pytest.mark.parametrize(
    ("build", "name", "fixed", "expected"),
    [
        (C.cascade, "shared_rate", {"modes": 5, "damping": 0.3}, C.optimal_cascade_rate(5, 0.3)),
        (C.reciprocal_chain, "coupling", {"modes": 4, "damping": 1.0}, C.optimal_chain_coupling(4, 1.0)),
    ],
)
def test_optima_of_the_catalog(build, name: str, fixed, expected: float) -> None:
    """Its formulas, derived on paper: the last mode stores most."""
    best = ly.optimize(
        build,
        {name: ly.Range(0.01, 20.0, spacing="log")},
        lambda data: data.stored_energy.isel(mode=-1),
        fixed={"drive": 0.1, "photons": 1, **fixed},
        starts=3,
    )
    assert best.parameters[name] == pytest.approx(expected, rel=1e-7)
    assert float(best.dataset.stationarity) < 1e-6
    assert best.dataset.start_merit.size == 3


def stored(drive: float, charger: float = 0.6, battery: float = 0.6) -> float:
    device = cf.DirectedDevice(
        drive=drive, total_charger_damping=charger, total_battery_damping=battery, transport_rate=0.5
    )
    return float(cf.steady_stored_energy(device))


@pytest.mark.parametrize("margin", [None, 1e-2, 1e-5])
def test_what_grows_towards_the_threshold_has_no_maximum(margin: float | None) -> None:
    """Lambda_a/2 - 2 eps is the margin: held by it alone, with the energy of the closed form and d ln E/d ln margin."""
    bounds = {"drive": (0.01, 0.3), "charger_damping": (0.05, 0.5)}
    fixed = {"battery_damping": 0.1}
    if margin is None:
        with pytest.warns(UserWarning, match="no maximum"):
            best = ly.optimize(C.two_photon_battery, bounds, "stored_energy", fixed=fixed, starts=2)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            best = ly.optimize(C.two_photon_battery, bounds, "stored_energy", fixed=fixed, starts=2, margin=margin)
    assert not best.is_attained
    assert best.is_converged
    assert "margin^-1" in best.why
    found = best.dataset
    kept = -float(found.constraint_bound[0])
    drive, damping = best.parameters.values()
    assert (damping + 0.5) / 2 - 2 * drive == pytest.approx(kept, rel=1e-5)
    assert best.merit == pytest.approx(stored(drive, damping + 0.5), rel=1e-7)
    # The drive is the one of the largest damping: the more is driven, the more is stored at one distance.
    assert damping == pytest.approx(0.5, rel=1e-6)
    closer = stored((1.0 - 2 * 1.01 * kept) / 4, 1.0) / stored((1.0 - 2 * 0.99 * kept) / 4, 1.0)
    assert found.attrs["exponent"] == pytest.approx(-np.log(closer) / np.log(1.01 / 0.99), rel=1e-3)


def test_a_constraint_holds_and_its_multiplier_is_a_derivative() -> None:
    """One energy is allowed: Eq. (14) solved for the drive, and dW/dE along the drive."""
    limit = 0.9375  # at a drive of 0.1
    best = ly.optimize(
        C.two_photon_battery,
        {"drive": (0.01, 0.149)},
        "ergotropy",
        constraints={"stored_energy": (None, limit)},
        fixed=RATES,
        starts=2,
    )
    assert best.parameters["drive"] == pytest.approx(0.1, rel=1e-7)
    assert "stored_energy of at most 0.9375" in best.why
    work, energy = (
        [float(ly.steady_state(C.two_photon_battery(drive=e, **RATES))[name]) for e in (0.0999, 0.1001)]
        for name in ("ergotropy", "stored_energy")
    )
    expected = (work[1] - work[0]) / (energy[1] - energy[0])
    assert float(best.dataset.multiplier[-1]) == pytest.approx(expected, rel=1e-5)


def test_sensitivities_are_derivatives_of_the_closed_form() -> None:
    """At the upper bound of the drive; what does not vary changes the best merit as the formula says."""
    best = ly.optimize(C.two_photon_battery, {"drive": (0.01, 0.1)}, "stored_energy", fixed=RATES, starts=1)
    found = best.dataset

    def slope(function):
        step = 1e-4
        near, far = (function(k * step) - function(-k * step) for k in (1, 2))
        return (8 * near - far) / (12 * step)

    assert float(found.sensitivity.sel(parameter="drive")) == pytest.approx(36.09375, rel=1e-8)
    for name, expected in (
        ("charger_damping", slope(lambda shift: stored(0.1, 0.6 + shift))),
        ("battery_damping", slope(lambda shift: stored(0.1, 0.6, 0.6 + shift))),
    ):
        assert float(found.fixed_sensitivity.sel(fixed=name)) == pytest.approx(expected, rel=1e-7)
    assert found.at_bound.values.tolist() == [1]
    assert "upper bound of drive" in best.why
    assert "modes" not in found.fixed.values


def test_curvature_of_a_parabola() -> None:
    """With the energy itself as the parameter, E = n: -(n - 1)^2 bends by -2, also along a logarithmic range."""

    def box(occupation):
        return ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, occupation)], "a", "a")

    for bounds in ((0.1, 3.0), ly.Range(0.1, 3.0, spacing="log")):
        best = ly.optimize(box, {"occupation": bounds}, lambda data: -((data.stored_energy - 1) ** 2), starts=1)
        assert best.parameters["occupation"] == pytest.approx(1.0, abs=1e-7)
        assert best.dataset.curvature.item() == pytest.approx(-2.0, rel=1e-6)


def boxes(**occupations):
    """Boxes that do not know of each other: each keeps the quanta of its bath."""
    names = list(occupations)
    baths = [ly.LocalBath(name, 1.0, value) for name, value in occupations.items()]
    return ly.Network([ly.Mode(name) for name in names], baths, charger=names[0], battery=names)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 6), total=st.floats(0.2, 0.9))
def test_projections_in_many_dimensions(seed: int, size: int, total: float) -> None:
    """The nearest point of a box below a plane: min(max(c - t w, low), high), with t by halving."""
    rng = np.random.default_rng(seed)
    centre, weights = rng.uniform(0, 1.5, size), rng.uniform(0.5, 2.0, size)
    names = [f"m{place}" for place in range(size)]
    most = total * float(weights @ np.clip(centre, 0.1, 1.0)) + (1 - total) * 0.1 * float(weights.sum())

    def merit(data):
        return -((data.stored_energy - xr.DataArray(centre, dims="mode")) ** 2).sum("mode")

    def plane(data):
        return (data.stored_energy * xr.DataArray(weights, dims="mode")).sum("mode")

    best = ly.optimize(boxes, dict.fromkeys(names, (0.1, 1.0)), merit, constraints={plane: (None, most)}, starts=2)
    low, high = 0.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        point = np.clip(centre - middle * weights, 0.1, 1.0)
        low, high = (middle, high) if weights @ point > most else (low, middle)
    np.testing.assert_allclose(list(best.parameters.values()), point, atol=2e-6)
    assert best.is_converged
    # d(-|x - c|^2)/d(most) is twice the t of the plane.
    assert float(best.dataset.multiplier[-1]) == pytest.approx(2 * high, rel=1e-4, abs=1e-5)


@settings(max_examples=3)
@given(seed=st.integers(0, 10**6))
def test_nothing_found_by_chance_is_better(seed: int) -> None:
    """Four parameters of the two-photon pair, two constraints: 20,000 random devices, those that are allowed."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(0.01, 0.1, 4)
    high = low + rng.uniform(0.1, 0.6, 4)
    # The least drive and the most damping: Lambda_a/2 - 2 eps is clear of the margin.
    assume((high[1] + high[3] / 2) / 2 - 2 * low[0] > 0.05)
    names = ("drive", "charger_damping", "battery_damping", "shared_rate")
    bounds, margin = dict(zip(names, zip(low, high, strict=True), strict=True)), 0.02
    limits = {"stored_energy": (None, 2.0), "charger_energy": (0.05, None)}
    best = ly.optimize(C.two_photon_battery, bounds, "ergotropy", constraints=limits, margin=margin, starts=4)
    devices = {name: xr.DataArray(rng.uniform(*ends, 20_000), dims="k") for name, ends in bounds.items()}
    network = C.two_photon_battery(**devices)
    data, spectrum = ly.steady_state(network), ly.stability(network)
    allowed = (data.stored_energy <= 2.0) & (data.charger_energy >= 0.05) & (spectrum.spectral_abscissa <= -margin)
    assert int(allowed.sum()) > 100
    assert best.merit >= float(data.ergotropy.where(allowed).max())
    there = ly.steady_state(best.network)
    assert float(there.stored_energy) <= 2.0 * (1 + 1e-8)
    assert float(there.charger_energy) >= 0.05 * (1 - 1e-8)
    assert float(ly.stability(best.network).spectral_abscissa) <= -margin * (1 - 1e-8)
    assert best.is_converged


def test_peaks_of_power_over_two_parameters() -> None:
    """Against a dense grid of all devices and times in one call, finer and finer about its best point."""
    times = np.linspace(0.0, 40.0, 401)
    fixed = {"drive": 0.1, "charger_damping": 0.1}
    bounds = {"shared_rate": (0.05, 2.0), "battery_damping": (0.2, 1.0)}
    best = ly.optimize(C.one_photon_battery, bounds, "charging_power", times=times, fixed=fixed, starts=3)
    low, high = np.array([0.05, 0.2]), np.array([2.0, 1.0])
    for _ in range(4):
        axes = [np.linspace(low[k], high[k], 21) for k in (0, 1)]
        grid = [xr.DataArray(axis, dims=name) for axis, name in zip(axes, ("x", "y"), strict=True)]
        power = ly.charge(
            C.one_photon_battery(shared_rate=grid[0], battery_damping=grid[1], **fixed), times
        ).charging_power
        peaks = ly.merit.peak(times, power.transpose("x", "y", "time").values).value
        x, y = np.unravel_index(np.argmax(peaks), peaks.shape)
        middle, step = np.array([axes[0][x], axes[1][y]]), (high - low) / 10
        low, high = np.maximum(middle - step, [0.05, 0.2]), np.minimum(middle + step, [2.0, 1.0])
    # Between samples a peak of the grid is a polynomial of degree four: (0.1 rate)^5.
    assert best.merit == pytest.approx(peaks.max(), rel=1e-6)
    assert best.parameters["shared_rate"] == pytest.approx(middle[0], abs=2e-3)
    assert best.parameters["battery_damping"] == pytest.approx(middle[1], abs=1e-12)
    assert best.dataset.attrs["at"] == "peak"


def test_the_width_of_a_pulse() -> None:
    """Detuned by D, without loss, <n> = 2 pi h^2 w^2 e^{-D^2 w^2}: largest at w = 1/D. Devices come one by one."""

    def kicked(width):
        drive = ly.OnePhotonDrive("a", ly.pulse.gaussian(0.3, 6.0, width))
        return ly.Network([ly.Mode("a", detuning=1.25)], [drive], "a", "a")

    best = ly.optimize(kicked, {"width": (0.2, 1.2)}, "stored_energy", at=12.0, starts=1, budget=120)
    assert best.parameters["width"] == pytest.approx(0.8, rel=1e-5)
    assert best.merit == pytest.approx(2 * np.pi * 0.3**2 * 0.8**2 * np.exp(-1), rel=1e-8)
    assert best.dataset.attrs["evaluations"] <= 120


def test_beyond_the_gaussian_values_alone_lead() -> None:
    """One anharmonic mode, on a fine grid of detunings of the same device."""

    def anharmonic(detuning):
        parts = [ly.OnePhotonDrive("a", 0.4), ly.Kerr("a", 0.5), ly.LocalBath("a", 0.6)]
        return ly.Network([ly.Mode("a", detuning=detuning, levels=8)], parts, "a", "a")

    best = ly.optimize(anharmonic, {"detuning": (-2.0, 1.0)}, "stored_energy", starts=1, budget=60)
    grid = np.linspace(best.parameters["detuning"] - 0.01, best.parameters["detuning"] + 0.01, 5)
    energies = [float(ly.steady_state(anharmonic(one)).stored_energy) for one in grid]
    assert int(np.argmax(energies)) == 2
    wide = [float(ly.steady_state(anharmonic(one)).stored_energy) for one in np.linspace(-2, 1, 13)]
    assert best.merit >= max(wide)
    assert best.dataset.attrs["gradient"] == "none"
    assert np.isnan(float(best.dataset.stationarity))


def test_a_kink_is_said_to_be_one() -> None:
    """-|E - 0.9375|: the drive is 0.1, and no derivative vanishes there."""
    best = ly.optimize(
        C.two_photon_battery,
        {"drive": (0.01, 0.14)},
        lambda data: -abs(data.stored_energy - 0.9375),
        fixed=RATES,
        starts=1,
    )
    assert best.parameters["drive"] == pytest.approx(0.1, rel=1e-6)
    assert best.is_converged
    assert "kink" in best.why


def test_all_optima_are_told() -> None:
    """cos(4 n) + n/10 between 0 and 3: two maxima inside, at sin(4 n) = 1/40, and the further one is the best."""
    best = ly.optimize(
        boxes, {"a": (0.0, 3.3)}, lambda data: np.cos(4 * data.total_stored_energy) + data.total_stored_energy / 10
    )
    inside = [(turn * np.pi + (np.arcsin(1 / 40) if turn % 2 == 0 else 0)) / 4 for turn in (0, 2, 4)]
    assert best.parameters["a"] == pytest.approx(inside[2], abs=1e-8)
    ends = best.dataset.start_optimum.values[:, 0]
    for place in inside:
        assert np.min(np.abs(ends - place)) < 1e-6


def test_the_spectrum_alone_may_be_asked() -> None:
    """A reciprocal pair settles fastest, at (kappa_a + kappa_b)/4, from J = |kappa_a - kappa_b|/4 on."""
    fixed = {"drive": 0.0, "charger_damping": 1.0, "battery_damping": 0.1}
    best = ly.optimize(
        C.reciprocal_battery, {"coupling": (0.01, 0.5)}, "spectral_abscissa", minimize=True, fixed=fixed, starts=2
    )
    assert best.merit == pytest.approx(-0.275, rel=1e-9)
    assert best.parameters["coupling"] >= 0.225 - 1e-6


def test_another_measure_may_be_taken() -> None:
    """What `leyden.correlations` tells at the best drive is the merit."""
    best = ly.optimize(
        C.two_photon_battery, {"drive": (0.02, 0.12)}, "log_negativity", measure=ly.correlations, fixed=RATES, starts=1
    )
    assert best.merit == pytest.approx(float(ly.correlations(best.network).log_negativity), rel=1e-12)
    assert best.dataset.merit.attrs["long_name"] == "log negativity"


def test_a_device_whose_parameters_are_addresses() -> None:
    """The same optimum as of the function that makes it; several parameters may move as one."""
    device = C.one_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    both = ["LocalBath(charger).rate", "LocalBath(battery).rate"]
    best = ly.optimize(device, {"loss": (0.02, 1.0)}, "stored_energy", parameters={"loss": both}, starts=1)
    assert best.parameters == {"loss": 0.02}
    assert [best.network.parameters[name] for name in both] == [0.02, 0.02]


def test_where_bounds_reach_far_beyond_the_threshold() -> None:
    """One stable corner that a scan does not meet: the abscissa leads there."""
    with pytest.warns(UserWarning, match="no maximum"):
        best = ly.optimize(C.two_photon_battery, {"drive": (0.149, 50.0)}, "stored_energy", fixed=RATES, starts=1)
    assert 0.149 < best.parameters["drive"] < 0.15


def test_in_time_a_device_may_be_unstable() -> None:
    """Twice the threshold, at t = 5: the most drive is the best one."""
    best = ly.optimize(C.two_photon_battery, {"drive": (0.05, 0.3)}, "stored_energy", at=5.0, fixed=RATES, starts=1)
    expected = ly.charge(C.two_photon_battery(drive=0.3, **RATES), [5.0]).stored_energy.values[-1]
    assert best.parameters["drive"] == pytest.approx(0.3)
    assert best.merit == pytest.approx(expected, rel=1e-12)


def test_power_that_grows_without_end_has_no_peak() -> None:
    """Beyond the threshold the last time is the best one; a margin keeps to devices whose power has a peak."""
    bounds, fixed, times = {"drive": (0.05, 0.3)}, dict(RATES), np.linspace(0, 30, 61)
    with pytest.warns(UserWarning, match="no peak"):
        best = ly.optimize(C.two_photon_battery, bounds, "charging_power", fixed=fixed, times=times, starts=1)
    assert not best.is_attained
    assert float(best.dataset.peak_time) == 30.0
    kept = ly.optimize(C.two_photon_battery, bounds, "charging_power", fixed=fixed, times=times, starts=1, margin=0.1)
    assert kept.parameters["drive"] == pytest.approx(0.1, rel=1e-6)
    assert 0 < float(kept.dataset.peak_time) < 30


def test_peak_power_on_paper() -> None:
    """With x = s t, s = (kappa + Gamma/2)/2, P = 2 (g eps)^2/s^3 x e^-x (1 - (1 + x) e^-x): best at Gamma = 4 kappa."""
    bounds = {"shared_rate": (0.05, 5.0), "charger_weight": (0.1, 1.0)}
    best = ly.optimize(C.one_photon_battery, bounds, "charging_power", fixed={"drive": 0.1, **RATES}, starts=2)
    assert best.parameters["shared_rate"] == pytest.approx(0.4, abs=1e-6)
    assert best.parameters["charger_weight"] == pytest.approx(2**-0.5, abs=1e-6)
    x = np.linspace(1.0, 3.0, 200001)
    shape = x * np.exp(-x) * (1 - (1 + x) * np.exp(-x))
    assert best.merit == pytest.approx(2 * 0.02**2 / 0.15**3 * shape.max(), rel=1e-9)
    assert float(best.dataset.peak_time) == pytest.approx(x[np.argmax(shape)] / 0.15, rel=1e-4)


def test_same_seed_same_bits() -> None:
    first, second = (
        ly.optimize(
            C.one_photon_battery, {"shared_rate": (0.01, 3)}, "ergotropy", fixed={"drive": 0.1, **RATES}, starts=2
        )
        for _ in range(2)
    )
    assert first.dataset.identical(second.dataset)


def test_a_spent_budget_is_told() -> None:
    best = ly.optimize(
        C.one_photon_battery, {"shared_rate": (0.01, 3)}, "ergotropy", fixed={"drive": 0.1, **RATES}, budget=40
    )
    assert not best.is_converged
    assert "budget" in best.why
    assert best.dataset.attrs["evaluations"] <= 40
    assert best.merit > 0.9


def test_points_that_cannot_be_built_are_left_out() -> None:
    """Below zero there is no damping: what raises is no place to go to, and the best one is next to it."""
    best = ly.optimize(
        C.two_photon_battery,
        {"charger_damping": (-0.5, 1.0)},
        "stored_energy",
        fixed={"drive": 0.05, "battery_damping": 0.1},
        starts=1,
    )
    assert 0 <= best.parameters["charger_damping"] < 1e-6
    assert best.is_converged


def test_results_are_kept_and_read(tmp_path) -> None:
    best = ly.optimize(
        C.one_photon_battery, {"shared_rate": (0.01, 3)}, "ergotropy", fixed={"drive": 0.1, **RATES}, starts=1
    )
    best.dataset.to_netcdf(tmp_path / "best.nc")
    with xr.open_dataset(tmp_path / "best.nc") as kept:
        assert kept.optimum.values.tolist() == list(best.parameters.values())
        (tmp_path / "device.toml").write_text(kept.attrs["device_file"], encoding="utf-8")
    assert ly.read_device(tmp_path / "device.toml") == best.network
