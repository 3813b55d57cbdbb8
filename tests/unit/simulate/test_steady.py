"""Steady states of devices that may settle into one state or another: `initial` says which."""

from __future__ import annotations

import numpy as np
import pytest
import qutip

import leyden as ly
from leyden import fock

PARITY = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.5), ly.TwoPhotonLoss("a", 1.0)], "a", "a")


def bent(drive: float, strength: float) -> ly.Network:
    """A detuned mode with two stable branches, of few quanta and of many."""
    elements = [ly.OnePhotonDrive("a", drive), ly.Kerr("a", strength), ly.LocalBath("a", 1.0)]
    return ly.Network([ly.Mode("a", detuning=-3.0)], elements, "a", "a")


def branches_of(device: ly.Network) -> list[tuple[ly.states.GaussianState, float, bool]]:
    """A coherent state on each branch, its energy, and whether it is stable."""
    found = ly.branches(device)
    starts = [ly.states.coherent([complex(*one)]) for one in found.amplitude.values[:, 0]]
    return list(zip(starts, found.stored_energy.values.tolist(), found.is_stable.values.tolist(), strict=True))


def test_two_photon_loss_keeps_the_parity_of_the_start() -> None:
    """Cat states of |alpha|^2 = 1: tanh 1 quanta where they are even, coth 1 where odd, and any mixture of them."""
    assert float(ly.steady_state(PARITY).stored_energy) == pytest.approx(np.tanh(1.0), rel=1e-7)
    odd = ly.steady_state(PARITY, initial=qutip.basis(3, 1))
    assert float(odd.stored_energy) == pytest.approx(1 / np.tanh(1.0), rel=1e-7)
    assert odd.attrs["conserved"] == "odd quanta of a, as of a start in `initial`"
    assert odd.attrs["method_reason"].endswith("not one_way: it starts from the vacuum, not from a given state")
    # Of a coherent state of one quantum (1 + e^{-2})/2 are even.
    share = (1 + np.exp(-2.0)) / 2
    mixed = ly.steady_state(PARITY, initial=ly.states.coherent([1.0]))
    # What is between the sectors keeps energies as they are.
    wanted = share * np.tanh(1.0) + (1 - share) / np.tanh(1.0)
    assert float(mixed.stored_energy) == pytest.approx(wanted, rel=1e-6)
    assert float(mixed.stored_energy) == float(
        fock.steady_state(PARITY, initial=ly.states.coherent([1.0])).stored_energy
    )


def test_a_batch_starts_from_one_state() -> None:
    drives = np.array([0.25, 0.5])
    batch = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", drives), ly.TwoPhotonLoss("a", 1.0)], "a", "a")
    odd = ly.steady_state(batch, initial=qutip.basis(3, 1))
    np.testing.assert_allclose(odd.stored_energy, 2 * drives / np.tanh(2 * drives), rtol=1e-7)


def test_mean_field_settles_on_the_branch_of_the_start() -> None:
    device = bent(2.0, 0.2)
    (few, low, _), (_, _, is_stable), (many, high, _) = branches_of(device)
    assert not is_stable
    for start, energy in ((few, low), (many, high)):
        found = ly.steady_state(device, method="mean_field", initial=start)
        assert float(found.stored_energy) == pytest.approx(energy, rel=1e-9)
        assert found.attrs["branch"] == "the one on which `initial` settles; `leyden.branches` gives all"
    # What starts next to the unstable one leaves it, and the vacuum is what is taken where nothing is said.
    # On it to the last bit amplitudes would stay.
    beside = complex(*ly.branches(device).amplitude.values[1, 0]) * (1 + 1e-6)
    left = float(ly.steady_state(device, method="mean_field", initial=ly.states.coherent([beside])).stored_energy)
    assert min(abs(left - low), abs(left - high)) < 1e-9
    given = ly.steady_state(device, method="mean_field", initial=ly.states.vacuum(1))
    assert float(given.stored_energy) == float(ly.steady_state(device, method="mean_field").stored_energy)


def test_mean_field_leaves_an_unstable_vacuum() -> None:
    """Above its threshold |alpha|^2 = (2 eps - kappa/2)/kappa_2, whatever the small push."""
    elements = [ly.TwoPhotonDrive("a", 1.0), ly.TwoPhotonLoss("a", 0.1), ly.LocalBath("a", 1.0)]
    device = ly.Network([ly.Mode("a")], elements, "a", "a")
    found = ly.steady_state(device, method="mean_field", initial=ly.states.vacuum(1))
    assert float(found.stored_energy) == pytest.approx((2 * 1.0 - 0.5) / 0.1, rel=1e-9)


def test_trajectories_stay_around_the_branch_of_the_start() -> None:
    device = bent(20.0, 0.002)  # of so many quanta that none of the trajectories changes sides
    method = ly.TruncatedWigner(trajectories=200)
    for start, energy, is_stable in branches_of(device):
        if is_stable:
            found = ly.steady_state(device, method=method, initial=start)
            # Fluctuations add and take a few quanta, of 46 and of 1546: a hundredth.
            assert float(found.stored_energy) == pytest.approx(energy, rel=0.01)


@pytest.mark.parametrize("method", [None, "dense", "low_rank", "one_way"])
@pytest.mark.parametrize("initial", [ly.states.coherent([0.1, 0.0]), 3])
def test_where_moments_decide_there_is_nothing_to_choose(method: str | None, initial: object) -> None:
    device = ly.catalog.reference_device("two_photon_battery")
    with pytest.raises(ly.ParameterError, match=r"`initial` must be None where moments close.* Leave it out"):
        ly.steady_state(device, method=method, initial=initial)


@pytest.mark.parametrize(
    ("method", "initial", "complaint"),
    [
        (None, ly.states.vacuum(2), "have 1 modes, as the network, but is 2"),
        (None, 3, "be a GaussianState, a QuTiP ket or a QuTiP density matrix, but is 3"),
        ("one_way", ly.states.vacuum(1), 'it starts from the vacuum, not from a given state.*, or use method="fock"'),
        ("mean_field", ly.states.thermal([1.0]), "it starts from coherent states alone"),
        ("truncated_wigner", 3, "it starts from Gaussian states alone"),
    ],
)
def test_starts_that_do_not_fit_are_refused(method: str | None, initial: object, complaint: str) -> None:
    with pytest.raises(ly.ParameterError, match=complaint):
        ly.steady_state(PARITY, method=method, initial=initial)
