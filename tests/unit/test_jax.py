"""The same kernels under JAX: values, jit, vmap and derivatives through the public functions, in double precision."""

from __future__ import annotations

import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import closed_form as cf

jax.config.update("jax_enable_x64", True)
# Compiling is nearly all of the time here, and most of that is spent on making small devices faster.
jax.config.update("jax_disable_most_optimizations", True)

NAMES = ("drive", "charger_damping", "battery_damping", "detuning", "phase", "shared_rate", "occupation")
POINT = np.array([0.1, 0.1, 0.2, 0.05, 0.3, 1.1, 0.2])
TIMES = np.linspace(0.0, 20.0, 5)


def build(point):
    return ly.catalog.two_photon_battery(**dict(zip(NAMES, point, strict=True)))


def one_photon(point):
    return ly.catalog.one_photon_battery(**dict(zip(NAMES, point, strict=True)))


def steady_ergotropy(point):
    return ly.steady_state(build(point)).ergotropy.data


def late_power(point):
    return ly.charge(build(point), TIMES).charging_power.data[-1]


def displaced_work(point):
    return ly.charge(one_photon(point), TIMES).drive_work.data[-1]


MEASURES = (steady_ergotropy, late_power, displaced_work)


@pytest.mark.parametrize("measure", MEASURES)
def test_traced_values_are_those_of_numpy(measure):
    expected = float(measure(POINT))
    assert float(jax.jit(measure)(jnp.asarray(POINT))) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_derivatives_are_finite_differences(measure):
    # Differences of fourth order are off by h^4 f''''/30 and by 1e-16 f/h: both about 1e-11 of the value at h = 2e-5.
    found = np.asarray(jax.jit(jax.grad(measure))(jnp.asarray(POINT)))
    step = 2e-5
    for place in range(len(POINT)):
        shift = np.eye(len(POINT))[place] * step
        near, far = (float(measure(POINT + k * shift)) - float(measure(POINT - k * shift)) for k in (1, 2))
        assert found[place] == pytest.approx((8 * near - far) / (12 * step), rel=1e-9, abs=1e-9), NAMES[place]


def test_derivative_of_the_steady_energy_is_that_of_equation_14():
    def stored(drive):
        device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
        return ly.steady_state(device).stored_energy.data

    total, transport, drive = 0.6, 0.5, 0.1
    # d ln E_B / d eps of 24 g^2 eps^2 / [(L^2 - 16 eps^2)(L^2 - 4 eps^2)].
    logarithmic = 2 / drive + 32 * drive / (total**2 - 16 * drive**2) + 8 * drive / (total**2 - 4 * drive**2)
    device = cf.DirectedDevice(
        drive=drive, total_charger_damping=total, total_battery_damping=total, transport_rate=transport
    )
    expected = float(cf.steady_stored_energy(device)) * logarithmic
    assert float(jax.jit(jax.grad(stored))(drive)) == pytest.approx(expected, rel=1e-12)


def test_vmap_is_the_loop():
    points = jnp.stack([jnp.asarray(POINT) * scale for scale in (0.5, 0.8, 1.0)])
    together = np.asarray(jax.jit(jax.vmap(steady_ergotropy))(points))
    assert together == pytest.approx([float(steady_ergotropy(np.asarray(point))) for point in points], rel=1e-12)


def test_derivatives_at_the_vacuum_are_difference_quotients():
    """Nothing there is smaller than it may be, so that half a derivative is the wrong one."""
    names = ("stored_energy", "ergotropy", "passive_energy", "charger_energy")

    def merits(point):
        occupation, drive = point
        rates = {"charger_damping": 0.1, "battery_damping": 0.1}
        data = ly.steady_state(ly.catalog.two_photon_battery(drive=drive, occupation=occupation, **rates))
        return jnp.stack([jnp.asarray(data[name].data) for name in names])

    first, second = jax.jit(lambda point: (jax.jacfwd(merits)(point), jax.jacfwd(jax.jacrev(merits))(point)))(
        jnp.zeros(2)
    )
    # Merits grow with the occupation itself and with the square of the drive: the differences are of fourth order.
    np.testing.assert_allclose(first[:, 0], np.asarray(merits((1e-6, 0.0))) / 1e-6, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(first[:, 1], 0.0, atol=1e-15)
    near, far = (np.asarray(merits((0.0, step))) / step**2 for step in (1e-3, 2e-3))
    np.testing.assert_allclose(second[:, 1, 1], 2 * (4 * near - far) / 3, rtol=1e-7)


def test_slope_of_the_entropy_is_that_of_a_logarithm():
    """dS/dn = ln(1 + 1/n), infinite at the vacuum, where a tie of maximum and zero made 1/4 of it."""
    slope = jax.jit(jax.grad(lambda n: ly.states.entropy(ly.states.thermal(n))))
    for n in (1e-12, 0.3, 1e9):
        assert float(slope(n)) == pytest.approx(np.log1p(1 / n), rel=1e-12)
    assert not np.isfinite(float(slope(0.0)))
    pair = jax.jit(jax.grad(lambda n: ly.states.entropy(ly.states.thermal(jnp.stack([n, n])))))
    assert float(pair(0.3)) == pytest.approx(2 * np.log1p(1 / 0.3), rel=1e-12)
    assert not np.isfinite(float(pair(0.0)))


def test_derivatives_where_squeezing_never_ends():
    """Undamped, E = W = sinh^2(2 eps t): one slope for both, and none for a passive energy that is lost."""

    def merits(drive):
        run = ly.charge(ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", drive)], "a", "a"), [1.0, 20.0, 40.0])
        return jnp.stack([run[name].data for name in ("stored_energy", "ergotropy", "passive_energy")])

    values, slopes = jax.jit(lambda drive: (merits(drive), jax.jacrev(merits)(drive)))(0.1)
    times = np.array([1.0, 20.0, 40.0])
    expected = 2 * times * np.sinh(0.4 * times)
    np.testing.assert_allclose(slopes[:2], [expected, expected], rtol=1e-9)
    np.testing.assert_array_equal(np.isnan(values[2]), np.isnan(slopes[2]))
    assert np.isnan(values[2]).tolist() == [False, False, True]


def test_an_unstable_device_is_nan_under_jit_and_says_so():
    def both(drive):
        data = ly.steady_state(ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1))
        return data.stored_energy.data, data.is_stable.data

    energy, stable = jax.jit(both)(0.2)
    assert np.isnan(float(energy))
    assert not bool(stable)


def test_arrays_stay_with_jax():
    data = ly.steady_state(build(jnp.asarray(POINT)))
    assert all(isinstance(variable.data, jax.Array) for variable in data.data_vars.values())


def families(point):
    """A chain of four from families, one number for all or one for each, and modes of unlike frequency."""
    return ly.Network(
        ly.Modes(4, frequency=point[:4], detuning=point[4]),
        [
            ly.Family(ly.TwoPhotonDrive, [0, 2], amplitude=point[5:7], phase=point[7]),
            ly.Family(ly.LocalBath, [0, 1, 2, 3], rate=point[8:12]),
            ly.Family(ly.SharedBath, [[0, 1], [1, 2]], weights=(point[12], 0.6), rate=0.5),
            ly.Family(ly.CoherentCoupling, [[0, 1], [1, 2], [2, 3]], strength=point[13] + 1j * point[14]),
        ],
        charger="m0",
        battery=("m1", "m2", "m3"),
    )


CHAIN = np.array([1.0, 1.1, 0.9, 1.2, 0.1, 0.03, 0.05, 0.4, 0.3, 0.5, 0.4, 0.6, 0.8, 0.2, -0.1])


def test_families_differentiate_as_single_elements_do():
    """Against differences of the same network of NumPy arrays, whose families stay whole."""

    def work(point):
        return ly.steady_state(families(point)).total_ergotropy.data

    found = np.asarray(jax.jit(jax.grad(work))(jnp.asarray(CHAIN)))
    step = 2e-4
    for place in range(len(CHAIN)):
        shift = np.eye(len(CHAIN))[place] * step
        near, far = (float(work(CHAIN + k * shift)) - float(work(CHAIN - k * shift)) for k in (1, 2))
        assert found[place] == pytest.approx((8 * near - far) / (12 * step), rel=1e-8, abs=1e-10), place
    assert len(families(CHAIN).parts) == 4
    assert float(jax.jit(work)(CHAIN)) == pytest.approx(float(work(CHAIN)), rel=1e-12)


def test_families_of_traced_arrays_are_checked_like_others(refuses):
    rates = jnp.asarray([0.1, 0.2])
    refuses("rate", lambda: ly.Family(ly.LocalBath, [0, 1, 2], rate=rates), "shape (3,)")
    beyond = ly.Family(ly.LocalBath, [0, 4], rate=rates)
    refuses("elements", lambda: ly.Network(ly.Modes(4), [beyond], "m0", "m1"), "below 4")


def battery(drive, damping=0.1):
    return ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=0.1)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "measure",
    [
        lambda drive: ly.steady_state(battery(drive)).ergotropy.data,
        lambda drive: ly.charge(battery(drive), TIMES).charging_power.data[2],
    ],
)
def test_second_derivatives(measure):
    """The stability verdict beside them has no derivative, and does not stand in the way."""
    found = float(jax.jit(jax.grad(jax.grad(measure)))(0.1))
    step = 1e-4
    slope = jax.jit(jax.grad(measure))
    near, far = (float(slope(0.1 + k * step)) - float(slope(0.1 - k * step)) for k in (1, 2))
    assert found == pytest.approx((8 * near - far) / (12 * step), rel=1e-8)


def test_labelled_parameters_carry_tracers():
    drives = np.linspace(0.02, 0.14, 4)

    def work(scale):
        drive = xr.DataArray(jnp.asarray(drives), dims="drive") * scale
        return ly.steady_state(battery(drive)).ergotropy.sum("drive").data

    slope = jax.jit(jax.grad(lambda x: ly.steady_state(battery(x)).ergotropy.data))
    single = [float(slope(drive)) for drive in drives]
    assert float(jax.jit(jax.grad(work))(1.0)) == pytest.approx(sum(drives * single), rel=1e-12)


def test_traced_single_precision_is_widened_before_it_is_used():
    found = jax.jit(lambda drive: ly.steady_state(battery(drive)).ergotropy.data)(np.float32(0.1))
    assert float(found) == pytest.approx(float(ly.steady_state(battery(float(np.float32(0.1)))).ergotropy), rel=1e-12)


def test_single_precision_is_refused(refuses):
    def work(drive):
        return ly.steady_state(battery(drive)).ergotropy.data

    with jax.enable_x64(False):
        for measure in (work, jax.jit(work), jax.grad(work)):
            refuses("drive", lambda measure=measure: measure(jnp.asarray(0.1)), "jax_enable_x64")


def test_what_cannot_be_traced_says_so(refuses):
    refuses("times", lambda: jax.jit(lambda time: ly.charge(battery(0.1), time[None]).ergotropy.data)(1.0), "concrete")
    refuses("network", lambda: jax.jit(lambda drive: ly.stability(battery(drive)).is_stable.data)(0.1), "concrete")
    refuses("network", lambda: jax.grad(lambda rate: ly.critical_drive(battery(0.1, rate)))(0.1), "concrete")


@pytest.mark.parametrize("point", [(0.05, 0.3, 0.4), (0.02, 0.1, 20.0), (0.3, 0.1, 0.1)])
def test_larger_networks_are_those_of_numpy(point):
    """Sixteen modes: too many unknowns for one dense solve of them all; the last is unstable."""

    def energies(point):
        lattice = ly.catalog.lattice(4, 4, drive=point[0], damping=point[1], coupling=point[2])
        return ly.steady_state(lattice).stored_energy.data

    found = np.asarray(jax.jit(energies)(jnp.asarray(point)))
    try:
        expected = energies(point)
    except ly.UnstableError:
        expected = np.full(15, np.nan)
    # Fast waves: the condition of the equation is some 20/0.1 times larger.
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-12 * np.nanmax(np.abs(expected), initial=0), nan_ok=True)


def stored(drive):
    return ly.steady_state(battery(drive)).stored_energy.data


@pytest.mark.no_cover
def test_where_there_is_no_value_there_is_no_derivative():
    """Zero would be a stationary point for an optimiser: beyond the threshold, and for a ratio to nothing."""
    values, slopes = jax.jit(jax.vmap(jax.value_and_grad(stored)))(jnp.array([0.1, 0.2]))
    assert np.isnan(values).tolist() == np.isnan(slopes).tolist() == [False, True]
    assert np.isnan(float(jax.jit(jax.jacfwd(stored))(0.2)))
    # Who leaves such members out of a sum has the derivative of the others.
    members = np.array([0.8, 1.0, 2.0])
    for name in ("stored_energy", "ergotropy", "utilization_ratio"):

        def total(scale, name=name):
            return jnp.nansum(jnp.asarray(ly.steady_state(battery(0.1 * scale * members))[name].data))

        found = float(jax.jit(jax.grad(total))(1.0))
        step = 1e-4
        near, far = (float(total(1 + k * step) - total(1 - k * step)) for k in (1, 2))
        assert found == pytest.approx((8 * near - far) / (12 * step), rel=1e-8), name
    assert np.isnan(float(jax.grad(ly.merit.ratio)(jnp.asarray(2.0), jnp.asarray(0.0))))


def test_derivatives_without_compiling_refuse_what_values_refuse():
    with pytest.raises(ly.UnstableError, match=r"critical amplitude 0\.15") as caught:
        jax.grad(stored)(0.2)
    assert caught.value.spectral_abscissa == pytest.approx(0.1)


STIFF = {"charger_damping": 1e4, "battery_damping": 1e-2}
SLOW = {"charger_damping": 0.1, "battery_damping": 0.1}


@pytest.mark.parametrize(
    ("drive", "rates", "times"),
    [(2e3, STIFF, [0.0, 30.0]), (0.1, SLOW, [0.0, 1e6]), (0.1, SLOW, [0.0, 1e-6, 3.0, 1e15])],
    ids=["stiff", "long", "uneven"],
)
def test_stiff_devices_and_long_times(drive, rates, times):
    """A loop counts its own turns: to |A| t = 2e18. What has settled has the steady state's derivative."""

    def late(drive):
        run = ly.charge(ly.catalog.two_photon_battery(drive=drive, **rates), np.array(times))
        return run.stored_energy.data[-1], run.drive_work.data[-1]

    (energy, work), (slope, _) = jax.jit(lambda drive: (late(drive), jax.jacfwd(late)(drive)))(drive)
    assert (float(energy), float(work)) == pytest.approx(tuple(map(float, late(drive))), rel=1e-10)
    if rates is SLOW:
        assert float(slope) == pytest.approx(36.09375, rel=1e-10)


def test_arrays_on_several_devices():
    """JAX alone can put them together: two processors here, asked for before JAX begins, graphics cards elsewhere."""
    script = """
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
jax.config.update("jax_enable_x64", True)
import leyden as ly
spread = NamedSharding(Mesh(np.array(jax.devices()), ("i",)), PartitionSpec("i"))
drive = jax.device_put(jax.numpy.linspace(0.01, 0.1, 4), spread)
device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
print(len(drive.devices()), *ly.steady_state(device).stored_energy.values.tolist())
"""
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ | flags
    )
    count, *found = map(float, done.stdout.split())
    assert count == 2
    assert found == pytest.approx([float(stored(drive)) for drive in np.linspace(0.01, 0.1, 4)], rel=1e-12)


def cycle_yield(damping):
    """A mode without loss gives all work back: what it keeps falls with the loss in the hold."""

    def lone(drive, loss):
        parts = [ly.OnePhotonDrive("a", drive), ly.LocalBath("a", loss)]
        return ly.Network([ly.Mode("a")], parts, charger="a", battery="a")

    run = ly.protocol([ly.Stage("charge", lone(0.5, 0.0), 1.0), ly.Stage("hold", lone(0.0, damping), 2.0)], points=4)
    return ly.cycle(run).cycle_yield.data


def test_a_cycle_is_derived() -> None:
    """The yield is e^{-2 kappa}, since all of the drive's work was ergotropy."""
    assert float(jax.grad(cycle_yield)(0.3)) == pytest.approx(-2 * np.exp(-0.6), rel=1e-10)


def test_pulses_are_not_traced(refuses) -> None:
    def late(height):
        return ly.charge(build([ly.pulse.gaussian(height, 1.0, 0.5), *POINT[1:]]), TIMES).stored_energy.data[-1]

    refuses("height", lambda: jax.grad(late)(0.1), "concrete number", "differences of runs")
    refuses("network", lambda: late(jnp.asarray(0.1)), "by NumPy alone", "numbers or arrays of NumPy")
