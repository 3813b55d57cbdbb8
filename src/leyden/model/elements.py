"""What a device is made of: modes, couplings, drives and baths, each a frozen record.

An element is one record: its parameters, each with the rule it must obey, and its Hamiltonian terms and jumps in the
words of `operators`. A new element touches no other file.
"""

from __future__ import annotations

import cmath
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

from leyden.arrays import is_labelled, namespace_of
from leyden.errors import ParameterError
from leyden.model.operators import HamiltonianTerm, Jump, annihilate, create
from leyden.model.rules import checked_number
from leyden.records import FrozenDict, Record
from leyden.text import NAME_RULE, is_name

__all__ = ["CoherentCoupling", "Element", "LocalBath", "Mode", "OnePhotonDrive", "SharedBath", "TwoPhotonDrive"]


def _parameter(rule: str, *, default: float | None = None, remedy: str = "") -> Any:
    metadata = {"rule": rule, "remedy": remedy}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def _name(argument: str, value: Any) -> None:
    if not is_name(value):
        raise ParameterError.of(argument, f"be the name of a mode, {NAME_RULE}", value)


def _phasor(phase: Any) -> Any:
    """e^{-i phase}, of numbers and of arrays of any library, labelled or not."""
    if isinstance(phase, (int, float)):
        return cmath.exp(-1j * phase) if phase else 1.0
    if isinstance(phase, np.ndarray) or is_labelled(phase):
        return np.exp(-1j * phase)
    xp = namespace_of(phase)
    return xp.exp(-1j * xp.astype(phase, xp.complex128))


@dataclass(frozen=True)
class Element(Record):
    """A part of a device; the root of all records here.

    Subclasses declare their parameters as fields with a rule, the names of their modes as fields of type str, and
    override `modes`, and `hamiltonian` or `jumps`.
    """

    def __post_init__(self) -> None:
        for entry in fields(self):
            if entry.type in ("str", str):
                _name(entry.name, getattr(self, entry.name))
            if "rule" in entry.metadata:
                value = getattr(self, entry.name)
                checked = checked_number(entry.name, value, entry.metadata["rule"], entry.metadata["remedy"])
                object.__setattr__(self, entry.name, checked)

    @property
    def modes(self) -> tuple[str, ...]:
        """Names of the modes that the element touches."""
        return ()

    @property
    def label(self) -> str:
        """Short name in tables and messages, for example `TwoPhotonDrive(charger)`."""
        return f"{type(self).__name__}({', '.join(self.modes)})"

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Terms of the Hamiltonian that the element adds, each with its adjoint."""
        return ()

    @property
    def is_drive(self) -> bool:
        """Whether the Hamiltonian creates or destroys quanta, so that the element does work on the device."""
        return any(2 * sum(o.is_creation for o in term.operators) != len(term.operators) for term in self.hamiltonian())

    def jumps(self) -> tuple[Jump, ...]:
        """Dissipators that the element adds."""
        return ()

    def parameters(self) -> dict[str, Any]:
        """Numeric parameters by name, the weights of a shared bath as `weights[mode]`."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self) if "rule" in entry.metadata}

    def with_parameters(self, parameters: Mapping[str, Any]) -> Self:
        """The same element with other parameter values.

        Parameters
        ----------
        parameters : mapping of str to number or array
            New values, under the names that `parameters` gives; the others stay.

        Returns
        -------
        Element
        """
        return replace(self, **parameters)


@dataclass(frozen=True)
class Mode(Element):
    """A bosonic mode, H = detuning * a^dag a in the frame of the drive.

    Parameters
    ----------
    name : str
        Unique in its network; printable, at most 255 characters.
    frequency : float or array
        Energy of one quantum, omega_0, positive; energies are reported in its unit.
    detuning : float or array
        Delta = omega_0 - omega_d, in the rate unit.

    Raises
    ------
    ParameterError
        If the name is empty, longer than 255 characters or not printable, or a number is not finite or has the wrong
        sign.
    """

    name: str
    frequency: Any = _parameter("positive", default=1.0)
    detuning: Any = _parameter("real", default=0.0)

    @property
    def modes(self) -> tuple[str, ...]:
        """The mode itself."""
        return (self.name,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Delta a^dag a, written as half of itself plus its adjoint."""
        return (HamiltonianTerm(self.detuning / 2, (create(self.name), annihilate(self.name))),)


@dataclass(frozen=True)
class CoherentCoupling(Element):
    """Coherent exchange of quanta, H = J a b^dag + J* a^dag b.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : complex or array
        J, in the rate unit.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not finite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (1).
    """

    first: str
    second: str
    strength: Any = _parameter("complex")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.first == self.second:
            raise ParameterError.of(
                "second", f"name another mode than `first` ({self.first!r})", self.second, "Use a detuning instead."
            )

    @property
    def modes(self) -> tuple[str, ...]:
        """The two modes, in the order of the operators."""
        return (self.first, self.second)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """J a b^dag, with its adjoint."""
        return (HamiltonianTerm(self.strength, (annihilate(self.first), create(self.second))),)


@dataclass(frozen=True)
class OnePhotonDrive(Element):
    """Coherent drive, H = eps (e^{-i phase} a^dag + h.c.).

    Parameters
    ----------
    mode : str
        The mode that it drives.
    amplitude : float or array
        eps, in the rate unit, not negative.
    phase : float or array
        theta, in radians.

    Raises
    ------
    ParameterError
        If a number is not finite or the amplitude is negative.
    """

    mode: str
    amplitude: Any = _parameter("nonnegative", remedy="Give its sign as a phase of pi.")
    phase: Any = _parameter("real", default=0.0)

    @property
    def modes(self) -> tuple[str, ...]:
        """The driven mode."""
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """eps e^{-i phase} a^dag, with its adjoint."""
        return (HamiltonianTerm(self.amplitude * _phasor(self.phase), (create(self.mode),)),)


@dataclass(frozen=True)
class TwoPhotonDrive(Element):
    """Parametric drive, H = eps (e^{-i phase} a^dag^2 + h.c.), without a factor 1/2.

    Parameters
    ----------
    mode : str
        The mode that it drives.
    amplitude : float or array
        eps, in the rate unit, not negative.
    phase : float or array
        theta, in radians.

    Raises
    ------
    ParameterError
        If a number is not finite or the amplitude is negative.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (1).
    """

    mode: str
    amplitude: Any = _parameter("nonnegative", remedy="Give its sign as a phase of pi.")
    phase: Any = _parameter("real", default=0.0)

    @property
    def modes(self) -> tuple[str, ...]:
        """The driven mode."""
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """eps e^{-i phase} a^dag^2, with its adjoint."""
        return (HamiltonianTerm(self.amplitude * _phasor(self.phase), (create(self.mode), create(self.mode))),)


@dataclass(frozen=True)
class LocalBath(Element):
    """Damping of one mode, rate (1 + n) L[a] + rate n L[a^dag].

    Parameters
    ----------
    mode : str
        The mode that it damps.
    rate : float or array
        kappa, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.

    Raises
    ------
    ParameterError
        If a number is negative or not finite.
    """

    mode: str
    rate: Any = _parameter("nonnegative")
    occupation: Any = _parameter("nonnegative", default=0.0)

    @property
    def modes(self) -> tuple[str, ...]:
        """The damped mode."""
        return (self.mode,)

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm."""
        return (Jump(self.rate, (1.0,), (annihilate(self.mode),), self.occupation),)


@dataclass(frozen=True)
class SharedBath(Element):
    """Damping of a superposition of modes, rate (1 + n) L[o] + rate n L[o^dag] with o = sum_j w_j a_j.

    Parameters
    ----------
    weights : mapping of str to complex or array
        w_j by mode name, at least one. Where all are zero the bath does nothing.
    rate : float or array
        Gamma, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.

    Raises
    ------
    ParameterError
        If there is no weight, or if a number is negative or not finite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (2).
    """

    weights: Mapping[str, Any]
    rate: Any = _parameter("nonnegative")
    occupation: Any = _parameter("nonnegative", default=0.0)

    def __post_init__(self) -> None:
        if not isinstance(self.weights, Mapping) or not self.weights:
            raise ParameterError.of(
                "weights", "be a mapping of mode names to complex weights, at least one", self.weights
            )
        checked: dict[str, Any] = {}
        for mode, weight in self.weights.items():
            _name("weights", mode)
            checked[mode] = checked_number(f"weights[{mode}]", weight, "complex")
        object.__setattr__(self, "weights", FrozenDict(checked))
        super().__post_init__()

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that carry a weight."""
        return tuple(self.weights)

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm."""
        operators = tuple(map(annihilate, self.weights))
        return (Jump(self.rate, tuple(self.weights.values()), operators, self.occupation),)

    def parameters(self) -> dict[str, Any]:
        """Rate and occupation, and each weight as `weights[mode]`."""
        return super().parameters() | {f"weights[{mode}]": weight for mode, weight in self.weights.items()}

    def with_parameters(self, parameters: Mapping[str, Any]) -> SharedBath:
        """The same bath with other parameter values.

        Parameters
        ----------
        parameters : mapping of str to number or array
            New values, under the names that `parameters` gives; the others stay.

        Returns
        -------
        Element
        """
        weights = {mode: parameters.get(f"weights[{mode}]", weight) for mode, weight in self.weights.items()}
        plain = {name: value for name, value in parameters.items() if not name.startswith("weights[")}
        return replace(self, weights=weights, **plain)
