"""Which method takes a device, what it is told in the result, and what is refused before it begins."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden import memory

C = ly.catalog
SMALL = C.cascade(4, drive=0.05, damping=0.1)
LARGE = C.cascade(400, drive=0.05, damping=0.1)
EVERYWHERE = C.cascade(400, drive=0.02, damping=0.1, driven=range(400))
WARM = C.cascade(160, drive=0.05, damping=0.1, occupation=0.2)


def test_size_decides() -> None:
    assert ly.steady_state(SMALL).attrs["method"] == "dense"
    assert ly.steady_state(LARGE).attrs["method"] == "low_rank"
    assert ly.charge(SMALL, [0.0, 1.0]).attrs["method"] == "dense"
    assert ly.charge(LARGE, [0.0, 1.0]).attrs["method"] == "low_rank"
    about = ly.steady_state(SMALL, method="sparse").attrs
    assert (about["method"], about["source_rank"]) == ("low_rank", 2)
    assert about["steps"] > 0
    assert 0 <= about["relative_residual"] < 1e-10


def test_curves_are_sparse_earlier_than_steady_states() -> None:
    """In time matrices take longer, but for those that pulses move."""
    taken = {size: ly.charge(C.cascade(size, drive=0.05, damping=0.1), [0.0, 9.0]) for size in (64, 65)}
    assert [run.attrs["method"] for run in taken.values()] == ["dense", "low_rank"]
    assert ly.steady_state(C.cascade(149, drive=0.05, damping=0.1)).attrs["method"] == "dense"
    # Of the first modes of a directed chain one more behind them changes nothing.
    near = [run.stored_energy.sel(mode=["m1", "m9"]) for run in taken.values()]
    np.testing.assert_allclose(*near, rtol=1e-12, atol=1e-30)
    kicked = C.cascade(65, drive=ly.pulse.gaussian(0.05, centre=1.0, width=1.0), damping=0.1)
    assert ly.charge(kicked, [0.0, 1.0]).attrs["method"] == "dense"


def test_what_the_sparse_method_cannot_take_is_dense() -> None:
    """Two drives on each of 400 modes disturb 800 directions; from the vacuum warm baths disturb all of them."""
    assert ly.steady_state(C.cascade(201, drive=0.02, damping=0.1, driven=range(201))).attrs["method"] == "dense"
    assert ly.steady_state(WARM).attrs["method"] == "low_rank"
    assert ly.charge(WARM, [0.0, 1.0]).attrs["method"] == "dense"


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: ly.steady_state(EVERYWHERE, method="sparse"), "disturb too many modes"),
        (lambda: ly.charge(WARM, [1.0], method="sparse"), "no equilibrium of warm baths"),
        (lambda: ly.charge(SMALL, [1.0], initial=ly.states.vacuum(4), method="sparse"), "starts from the vacuum"),
        (
            lambda: ly.steady_state(SMALL, method="quick"),
            '"low_rank", "dense", "one_way", "fock", "truncated_wigner", "mean_field", or None',
        ),
        (
            lambda: ly.charge(SMALL, [1.0], method=1),
            '"low_rank", "dense", "one_way", "fock", "truncated_wigner", "mean_field", or None',
        ),
    ],
)
def test_the_wrong_method_is_refused_with_its_reason(refuses: Any, call: Any, word: str) -> None:
    refuses("method", call, word)


def test_dense_matrices_beyond_memory_are_refused_at_once(refuses: Any) -> None:
    huge = C.cascade(60_000, drive=0.05, damping=0.1)
    refuses("method", lambda: ly.steady_state(huge, method="dense"), "GiB", "60000 modes", "Leave out")
    refuses("method", lambda: ly.charge(huge, np.linspace(0, 1, 11), method="dense"), "GiB", "at 11 times")
    everywhere = C.cascade(60_000, drive=0.05, damping=0.1, driven=range(300))
    refuses("network", lambda: ly.steady_state(everywhere), "GiB", "disturb too many modes")


def test_curves_beyond_memory_are_refused_at_once(refuses: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 1e9)
    huge = C.cascade(60_000, drive=0.05, damping=0.1)
    refuses("times", lambda: ly.charge(huge, np.linspace(0, 1, 1001)), "GiB", "59999 batteries")


@pytest.mark.parametrize("modes", [3, 160])
def test_batches_of_networks_are_their_members(modes: int) -> None:
    """Small ones as one dense batch, large ones one by one; unstable ones are NaN in both."""
    drive = xr.DataArray([0.05, 0.1, 0.3], dims="drive", coords={"drive": [0.05, 0.1, 0.3]})
    damping = xr.DataArray([0.1, 0.3], dims="damping")
    batch = C.cascade(modes, drive=drive, damping=damping)
    found = ly.steady_state(batch)
    run = ly.charge(batch, [0.0, 1.0, 3.0])
    assert found.attrs["method"] == run.attrs["method"] == ("dense" if modes == 3 else "low_rank")
    assert found.stored_energy.dims == ("drive", "damping", "mode")
    assert run.stored_energy.dims == ("drive", "damping", "mode", "time")
    assert found.is_stable.values.tolist() == [[True, True], [True, True], [False, False]]
    assert np.isnan(found.total_ergotropy[2]).all()
    assert np.isnan(found.conversion_ratio[2]).all()
    one = C.cascade(modes, drive=0.1, damping=0.3)
    for whole, single in ((found, ly.steady_state(one)), (run, ly.charge(one, [0.0, 1.0, 3.0]))):
        for name, value in single.data_vars.items():
            np.testing.assert_allclose(whole[name][1, 1], value, rtol=1e-9, atol=1e-15, err_msg=str(name))


def test_a_batch_without_a_stable_member_is_all_missing() -> None:
    found = ly.steady_state(C.cascade(160, drive=np.array([0.3, 0.4]), damping=0.1))
    assert not found.is_stable.any()
    assert np.isnan(found.stored_energy).all()
    assert found.stored_energy.shape == (2, 159)


def test_one_mode_is_a_network() -> None:
    """E = 8 eps^2/(kappa^2 - 16 eps^2), by either method."""
    lone = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0)], "a", "a")
    for method in ("sparse", "dense"):
        assert float(ly.steady_state(lone, method=method).stored_energy) == pytest.approx(0.08 / 0.84, rel=1e-12)


@pytest.mark.parametrize(
    ("device", "threshold"),
    [
        (C.cascade(500, drive=0.16, damping=0.1), 0.15),
        (C.random_directed_graph(500, drive=5.0, damping=0.1, acyclic=True, links=499), ...),
        (C.lattice(20, 20, drive=0.3, damping=0.1, coupling=0.25), None),
        (C.reciprocal_chain(400, drive=0.1, damping=0.0, coupling=0.25), 0.0),
    ],
)
def test_unstable_networks_say_so(device: ly.Network, threshold: Any) -> None:
    with pytest.raises(ly.UnstableError, match="spectral abscissa") as caught:
        ly.steady_state(device, method="sparse")
    error = caught.value
    assert error.spectral_abscissa >= 0
    exact = float(np.linalg.eigvals(ly.moment_equations(device).drift).real.max())
    assert error.spectral_abscissa == pytest.approx(exact, rel=0.2, abs=1e-6)
    if threshold is None:
        assert error.threshold is None
    elif threshold is not ...:
        assert error.threshold == pytest.approx(threshold, rel=1e-12)


def test_spectra_of_large_networks_are_those_of_their_components() -> None:
    for device in (C.cascade(60, drive=0.1, damping=0.1), C.random_directed_graph(60, drive=0.1, damping=0.1)):
        found = ly.stability(device)
        exact = np.linalg.eigvals(ly.moment_equations(device).drift)
        assert found.eigenvalues.shape == (120, 2)
        assert bool(found.is_stable)
        # Equal eigenvalues in a row are ill-conditioned as a whole matrix, and exact mode by mode.
        assert float(found.spectral_abscissa) == pytest.approx(exact.real.max(), abs=0.02)
    assert float(ly.stability(C.cascade(5000, drive=0.1, damping=0.1)).spectral_abscissa) == pytest.approx(-0.1)


def test_thresholds_of_large_networks() -> None:
    """A directed chain's is its first mode's, a quarter of kappa + Gamma/2, however long it is."""
    assert ly.critical_drive(C.cascade(3000, drive=0.05, damping=0.1)) == pytest.approx(0.15, rel=1e-12)
    chain = C.reciprocal_chain(26, drive=0.05, damping=0.1, coupling=0.25)
    threshold = ly.critical_drive(chain)
    for factor, stable in ((0.9999, True), (1.0001, False)):
        device = C.reciprocal_chain(26, drive=threshold * factor, damping=0.1, coupling=0.25)
        assert bool(ly.stability(device).is_stable) is stable
    with pytest.raises(ly.ParameterError, match="act on each other"):
        ly.critical_drive(C.lattice(30, 30, drive=0.05, damping=0.1, coupling=0.25))
    driven = ly.Family(ly.TwoPhotonDrive, [0, 2], amplitude=0.05)
    network = ly.Network(ly.Modes(3), [driven, ly.Family(ly.LocalBath, range(3), rate=0.4)], "m0", "m1")
    assert ly.critical_drive(network, "m2") == pytest.approx(0.1, rel=1e-12)


def test_no_anharmonic_devices_have_no_results() -> None:
    """As no Gaussian ones have."""
    pair = C.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    none = xr.DataArray(np.empty((0, 3)), dims=("kerr", "more"))
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", none)], "charger", "battery")
    found = ly.steady_state(device)
    assert dict(found.stored_energy.sizes) == {"kerr": 0, "more": 3}
    assert found.attrs["method"] == "one_way"
    run = ly.charge(device, [0.0, 1.0])
    assert dict(run.stored_energy.sizes) == {"kerr": 0, "more": 3, "time": 2}


@pytest.mark.parametrize("wrong", ["yes", 1, 0.0, [True]])
def test_whether_a_whole_state_is_wanted_is_a_truth_value(wrong: Any, refuses: Any) -> None:
    device = C.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    refuses("whole_state", lambda: ly.steady_state(device, whole_state=wrong))


@pytest.mark.parametrize(
    ("modes", "levels", "advice"),
    [
        (2, None, 'or use method="fock"'),
        (12, None, 'Use method="truncated_wigner"'),
        (12, 2, "No method takes it"),
    ],
)
@pytest.mark.parametrize("method", ["dense", "low_rank", "one_way"])
def test_advice_fits_the_device(modes: int, levels: int | None, advice: str, method: str) -> None:
    """No method is named that would refuse the device as well."""
    names = [f"m{place}" for place in range(modes)]
    elements = [ly.LocalBath(name, 1.0) for name in names] + [ly.OnePhotonDrive("m0", 0.2)]
    elements += [ly.CoherentCoupling(first, second, 0.3) for first, second in pairwise(names)]
    device = ly.Network(
        [ly.Mode(name, levels=levels) for name in names], [*elements, ly.Kerr("m0", -0.1)], names[0], names[-1]
    )
    with pytest.raises(ly.LeydenError) as caught:
        ly.steady_state(device, method=method)
    assert advice in str(caught.value)
    assert modes == 2 or "fock" not in str(caught.value)


PAIR = C.two_photon_battery(drive=0.05, charger_damping=0.5, battery_damping=0.5)
CHAIN = C.cascade(24, drive=0.05, damping=0.5)


def beyond(device: ly.Network, *elements: ly.Element) -> ly.Network:
    return replace(device, elements=(*device.elements, *elements))


REFUSALS = {
    # Nothing but the wish for states stands in the way.
    "states of a Kerr device": (beyond(PAIR, ly.Kerr("charger", 0.1)), True, "without `keep_state`"),
    "states of a dephased chain": (beyond(CHAIN, ly.Dephasing("m3", 0.1)), True, "without `keep_state`"),
    # Second moments take too much room, trajectories do not.
    "a dephased chain": (beyond(CHAIN, ly.Dephasing("m3", 0.1)), False, 'Use method="truncated_wigner".'),
    "a Kerr chain": (beyond(CHAIN, ly.Kerr("m23", 0.1)), False, 'Use method="truncated_wigner".'),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("method", [None, "dense", "low_rank", "one_way", "fock"])
def test_the_remedy_is_one(name: str, method: str | None) -> None:
    """Whatever is asked, what is told to be done instead works, and nothing of the message is lost."""
    device, keep, remedy = REFUSALS[name]
    with pytest.raises(ly.LeydenError) as caught:
        ly.charge(device, [0.0, 0.1], method=method, keep_state=keep)
    assert remedy in str(caught.value)
    # Of lists and memory some are cut by intention; of a sentence nothing is.
    assert " ... " not in str(caught.value).replace(", ... ", "")


def test_all_of_a_long_refusal_is_told() -> None:
    with pytest.raises(ly.NonGaussianError) as caught:
        ly.steady_state(beyond(CHAIN, ly.Kerr("m23", 0.1)))
    assert str(caught.value) == (
        "Argument `network` must suit a method, but none takes 'cascade': not dense: moments do not close under "
        "Kerr(m23); not one_way: m0, m1, ... 23 in all act on m23, which is not linear under Kerr(m23); not fock: 24 "
        'modes have more than 800 dimensions. Use method="truncated_wigner".'
    )


def test_a_package_that_is_missing_is_what_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leyden.fock.method.find_spec", lambda _: None)
    device = C.few_level_battery(drive=0.3, charger_damping=0.8, coupling=0.5)
    with pytest.raises(ly.NonGaussianError, match=r"Run `.* -m pip install \"qutip>=[\d.]+\"`\.$"):
        ly.steady_state(device)
