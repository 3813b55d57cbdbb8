"""Elements: each record says what it is in Hamiltonian terms and jumps, and refuses what it cannot be."""

from __future__ import annotations

import cmath
from dataclasses import FrozenInstanceError, dataclass

import array_api_strict
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, Ladder, annihilate, create

ELEMENTS = [
    ly.Mode("a", frequency=2.0, detuning=0.3),
    ly.CoherentCoupling("a", "b", 0.1 - 0.2j),
    ly.OnePhotonDrive("a", 0.4, phase=0.5),
    ly.TwoPhotonDrive("a", 0.4, phase=0.5),
    ly.LocalBath("a", 0.7, occupation=0.2),
    ly.SharedBath({"a": 0.6, "b": 0.8j}, 0.7, occupation=0.2),
    ly.LocalBath("a", 0.7, occupation=0.2, squeezing=0.3, squeezing_phase=0.5),
    ly.Gain("a", 0.7, occupation=0.2),
    ly.Dephasing("a", 0.7),
    ly.ParametricCoupling("a", "b", 0.1 - 0.2j),
    ly.PositionCoupling("a", "b", -0.1),
]
# What works on the device from outside.
DRIVES = (ly.OnePhotonDrive, ly.TwoPhotonDrive, ly.ParametricCoupling)


def label(element: Element) -> str:
    return type(element).__name__


def test_operators_know_their_mode() -> None:
    assert annihilate("a") == Ladder("a", is_creation=False)
    assert create("a") == Ladder("a", is_creation=True)


def test_mode_is_half_its_number_operator_and_the_adjoint() -> None:
    assert ELEMENTS[0].hamiltonian() == (HamiltonianTerm(0.15, (create("a"), annihilate("a"))),)


def test_coupling_is_j_a_b_dagger() -> None:
    """physics.md, section 2: J a b^dag, not J a^dag b; the opposite order would turn the transport round."""
    assert ELEMENTS[1].hamiltonian() == (HamiltonianTerm(0.1 - 0.2j, (annihilate("a"), create("b"))),)


def test_drives_carry_the_phase_on_the_creation_side() -> None:
    phasor = 0.4 * cmath.exp(-0.5j)
    assert ELEMENTS[2].hamiltonian() == (HamiltonianTerm(phasor, (create("a"),)),)
    assert ELEMENTS[3].hamiltonian() == (HamiltonianTerm(phasor, (create("a"), create("a"))),)


def test_local_bath_is_loss_and_gain() -> None:
    (word,) = ELEMENTS[4].jumps()
    assert (word.rate, word.occupation) == (0.7, 0.2)
    loss, gain = word.directions()
    assert (loss.rate, loss.weights, loss.operators) == (pytest.approx(0.7 * 1.2), (1.0,), (annihilate("a"),))
    assert (gain.rate, gain.weights, gain.operators) == (pytest.approx(0.7 * 0.2), (1.0,), (create("a"),))


def test_shared_bath_conjugates_its_weights_for_the_gain() -> None:
    (word,) = ELEMENTS[5].jumps()
    loss, gain = word.directions()
    assert loss.weights == (0.6, 0.8j)
    assert gain.weights == (0.6, -0.8j)
    assert loss.operators == (annihilate("a"), annihilate("b"))
    assert gain.operators == (create("a"), create("b"))


def test_a_cold_bath_has_no_gain() -> None:
    def directions(occupation) -> int:
        (word,) = ly.LocalBath("a", 1.0, occupation).jumps()
        return len(word.directions())

    assert directions(0.0) == 1
    assert directions(np.zeros(2)) == 2


@pytest.mark.parametrize("squeezing", [0.8, np.array([0.8, 0.0]), array_api_strict.asarray([0.8, 0.0])], ids=str)
def test_a_squeezed_bath_is_a_jump_of_both_operators(squeezing) -> None:
    """physics.md, section 7: c = o cosh r + e^{i phi} o^dag sinh r; of quanta n cosh 2r + sinh^2 r."""
    bath = ly.SharedBath({"a": 0.6, "b": 0.8j}, 0.7, 0.2, squeezing, np.pi)
    (word,) = bath.jumps()
    loss, gain = word.directions()
    first = [np.asarray(weight).reshape(-1)[0] for weight in loss.weights]
    cosh, sinh = np.cosh(0.8), np.sinh(0.8)
    np.testing.assert_allclose(first, [0.6 * cosh, 0.8j * cosh, -0.6 * sinh, 0.8j * sinh], rtol=1e-15)
    assert loss.operators == (annihilate("a"), annihilate("b"), create("a"), create("b"))
    np.testing.assert_allclose(np.asarray(gain.weights[1]), np.conj(np.asarray(loss.weights[1])))
    assert gain.operators == (create("a"), create("b"), annihilate("a"), annihilate("b"))
    assert (loss.rate, gain.rate) == (0.7 * 1.2, 0.7 * 0.2)
    np.testing.assert_allclose(np.asarray(word.quanta).reshape(-1)[0], 0.2 * np.cosh(1.6) + sinh**2, rtol=1e-15)
    assert bath.jumps()[0].is_squeezed
    assert not ly.LocalBath("a", 1.0).jumps()[0].is_squeezed


@pytest.mark.parametrize(
    "weight",
    [np.array([1j, 2.0]), xr.DataArray([1j, 2.0], dims="x"), array_api_strict.asarray([1j, 2.0])],
    ids=lambda weight: type(weight).__module__,
)
def test_weights_of_any_library_are_conjugated(weight) -> None:
    (word,) = ly.SharedBath({"a": weight, "b": array_api_strict.asarray([3.0, 4.0])}, 1.0, occupation=1.0).jumps()
    _, gain = word.directions()
    np.testing.assert_array_equal(np.asarray(gain.weights[0]), [-1j, 2.0])
    np.testing.assert_array_equal(np.asarray(gain.weights[1]), [3.0, 4.0])


@pytest.mark.parametrize(
    "phase",
    [np.array([0.0, 1.0]), xr.DataArray([0.0, 1.0], dims="x"), array_api_strict.asarray([0.0, 1.0])],
    ids=lambda phase: type(phase).__module__,
)
def test_phases_of_any_library_become_phasors(phase) -> None:
    (term,) = ly.OnePhotonDrive("a", 2.0, phase).hamiltonian()
    np.testing.assert_allclose(np.asarray(term.coefficient), [2.0, 2.0 * cmath.exp(-1j)], rtol=1e-15)


@pytest.mark.parametrize(("element", "drives"), [(one, isinstance(one, DRIVES)) for one in ELEMENTS], ids=str)
def test_only_drives_do_work(element: Element, drives: bool) -> None:
    """What conserves the number of quanta does no work on resonance."""
    assert element.is_drive is drives


@pytest.mark.parametrize("element", ELEMENTS, ids=label)
def test_records_are_frozen_and_compare(element: Element) -> None:
    field = next(iter(element.parameters())).partition("[")[0]
    with pytest.raises(FrozenInstanceError):
        setattr(element, field, 1.0)
    assert element == element.with_parameters({})


@pytest.mark.parametrize("element", ELEMENTS, ids=label)
def test_parameters_round_trip(element: Element) -> None:
    doubled = element.with_parameters({name: 2 * value for name, value in element.parameters().items()})
    assert doubled.parameters() == {name: 2 * value for name, value in element.parameters().items()}
    assert doubled.modes == element.modes
    for name in element.parameters():
        one = element.with_parameters({name: 0.125})
        assert one.parameters() == element.parameters() | {name: 0.125}


def test_labels_name_the_modes() -> None:
    assert [element.label for element in ELEMENTS] == [
        "Mode(a)",
        "CoherentCoupling(a, b)",
        "OnePhotonDrive(a)",
        "TwoPhotonDrive(a)",
        "LocalBath(a)",
        "SharedBath(a, b)",
        "LocalBath(a)",
        "Gain(a)",
        "Dephasing(a)",
        "ParametricCoupling(a, b)",
        "PositionCoupling(a, b)",
    ]


def test_the_root_is_an_element_that_does_nothing() -> None:
    assert (Element().modes, Element().hamiltonian(), Element().jumps(), Element().parameters()) == ((), (), (), {})


@pytest.mark.parametrize("name", ["", "  ", None, 3, ["a"], b"a"], ids=repr)
@pytest.mark.parametrize(
    ("argument", "build"),
    [
        ("name", ly.Mode),
        ("first", lambda name: ly.CoherentCoupling(name, "b", 1.0)),
        ("second", lambda name: ly.CoherentCoupling("a", name, 1.0)),
        ("mode", lambda name: ly.OnePhotonDrive(name, 1.0)),
        ("mode", lambda name: ly.TwoPhotonDrive(name, 1.0)),
        ("mode", lambda name: ly.LocalBath(name, 1.0)),
        ("mode", lambda name: ly.Gain(name, 1.0)),
        ("first", lambda name: ly.ParametricCoupling(name, "b", 1.0)),
        ("second", lambda name: ly.PositionCoupling("a", name, 1.0)),
    ],
)
def test_names_are_strings(refuses, argument: str, build, name) -> None:
    refuses(argument, lambda: build(name))


BAD = {
    "negative": -0.5,
    "nan": np.nan,
    "infinite": np.inf,
    "text": "0.5",
    "nothing": None,
    "truth": True,
    "complex": 0.5j,
    "ragged": [[1.0], [1.0, 2.0]],
    "array with one NaN": np.array([0.1, np.nan]),
    "labelled negative": xr.DataArray([0.1, -0.1], dims="x"),
    "foreign negative": array_api_strict.asarray([0.1, -0.1]),
}
SIGNED = {"negative", "labelled negative", "foreign negative"}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize(
    ("argument", "build", "allowed"),
    [
        ("frequency", lambda value: ly.Mode("a", frequency=value), set()),
        ("detuning", lambda value: ly.Mode("a", detuning=value), SIGNED),
        ("strength", lambda value: ly.CoherentCoupling("a", "b", value), SIGNED | {"complex"}),
        ("amplitude", lambda value: ly.OnePhotonDrive("a", value), set()),
        ("phase", lambda value: ly.OnePhotonDrive("a", 1.0, value), SIGNED),
        ("amplitude", lambda value: ly.TwoPhotonDrive("a", value), set()),
        ("phase", lambda value: ly.TwoPhotonDrive("a", 1.0, value), SIGNED),
        ("rate", lambda value: ly.LocalBath("a", value), set()),
        ("occupation", lambda value: ly.LocalBath("a", 1.0, value), set()),
        ("rate", lambda value: ly.SharedBath({"a": 1.0}, value), set()),
        ("occupation", lambda value: ly.SharedBath({"a": 1.0}, 1.0, value), set()),
        ("weights[a]", lambda value: ly.SharedBath({"a": value}, 1.0), SIGNED | {"complex"}),
        ("squeezing", lambda value: ly.LocalBath("a", 1.0, squeezing=value), SIGNED),
        ("squeezing_phase", lambda value: ly.SharedBath({"a": 1.0}, 1.0, squeezing_phase=value), SIGNED),
        ("rate", lambda value: ly.Gain("a", value), set()),
        ("rate", lambda value: ly.Dephasing("a", value), set()),
        ("occupation", lambda value: ly.Gain("a", 1.0, value), set()),
        ("strength", lambda value: ly.ParametricCoupling("a", "b", value), SIGNED | {"complex"}),
        ("strength", lambda value: ly.PositionCoupling("a", "b", value), SIGNED),
    ],
)
def test_numbers_obey_their_rules(refuses, argument: str, build, allowed: set[str], kind: str) -> None:
    if kind in allowed:
        assert argument in build(BAD[kind]).parameters()
    else:
        refuses(argument, lambda: build(BAD[kind]))


def test_a_negative_drive_is_told_about_phases(refuses) -> None:
    for drive in (ly.OnePhotonDrive, ly.TwoPhotonDrive):
        refuses("amplitude", lambda drive=drive: drive("a", -1.0), "Give its sign as a phase of pi.")
    refuses("frequency", lambda: ly.Mode("a", frequency=0.0), "be finite and positive")


def test_a_complex_drive_is_told_about_phases(refuses) -> None:
    for drive in (ly.OnePhotonDrive, ly.TwoPhotonDrive):
        refuses("amplitude", lambda drive=drive: drive("a", 0.1 + 0.1j), "give its size, and its angle as `phase`.")


def test_squeezing_has_an_end(refuses) -> None:
    """Its quanta, e^{2r}/4, are numbers as long as r is at most 250."""
    assert np.isfinite(ly.LocalBath("a", 1.0, squeezing=-250.0).jumps()[0].quanta)
    refuses("squeezing", lambda: ly.LocalBath("a", 1.0, squeezing=np.array([0.0, -251.0])), "at most 250", "-251.0")


def test_a_mode_does_not_couple_to_itself(refuses) -> None:
    refuses("second", lambda: ly.CoherentCoupling("a", "a", 1.0), "another mode than `first` ('a')")


@pytest.mark.parametrize("weights", [None, {}, [("a", 1.0)], "a", 1.0], ids=repr)
def test_weights_are_a_mapping(refuses, weights) -> None:
    refuses("weights", lambda: ly.SharedBath(weights, 1.0))


def test_a_bath_without_weights_does_nothing() -> None:
    """A grid of weights may hold zero; so may the loop over it."""
    one, other = (ly.Mode("a"), ly.Mode("b"))
    drive, bath = ly.TwoPhotonDrive("a", 0.02), ly.LocalBath("a", 0.2)
    grid, none, alone = (
        ly.Network([one, other], [drive, bath, ly.LocalBath("b", 0.1), *shared], "a", "a")
        for shared in (
            [ly.SharedBath({"a": np.array([0.0, 0.5]), "b": np.array([0.0, 0.5])}, 1.0)],
            [ly.SharedBath({"a": 0.0, "b": 0j}, 1.0)],
            [],
        )
    )
    energies = [ly.steady_state(device).stored_energy.values for device in (grid, none, alone)]
    # A driven mode, 4 eps = 0.08 below its damping kappa = 0.2: n = 8 eps^2 / (kappa^2 - 16 eps^2).
    assert energies[1] == pytest.approx(8 * 0.02**2 / (0.2**2 - 16 * 0.02**2), rel=1e-13)
    assert energies[0][0] == pytest.approx(energies[1], rel=1e-13)
    assert energies[2] == pytest.approx(energies[1], rel=1e-13)


def test_weights_have_names(refuses) -> None:
    refuses("weights", lambda: ly.SharedBath({1: 1.0}, 1.0), "name of a mode")
    assert ly.SharedBath({"a": 0.0, "b": 1.0}, 1.0).modes == ("a", "b")


def test_a_new_element_is_one_record(refuses) -> None:
    """Its mode's name and its number are checked without a line of its own."""

    @dataclass(frozen=True)
    class Loss(Element):
        mode: str
        rate: float = ly.LocalBath.__dataclass_fields__["rate"]  # type: ignore[assignment]

        @property
        def modes(self) -> tuple[str, ...]:
            return (self.mode,)

    assert Loss("a", 2.0).parameters() == {"rate": 2.0}
    refuses("mode", lambda: Loss(3, 2.0))  # type: ignore[arg-type]
    refuses("rate", lambda: Loss("a", -2.0))
