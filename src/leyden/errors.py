"""The errors of leyden: one family, each member carrying the numbers that explain it.

Every message has the form "Argument `x` must ..., but ...", followed by the cause and the remedy. It is one printable
line of at most 300 characters, whatever the values are that it quotes; the error carries them whole.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from leyden.text import bounded, shortened

__all__ = [
    "ConvergenceError",
    "LeydenError",
    "NonGaussianError",
    "ParameterError",
    "TruncationError",
    "UnphysicalStateError",
    "UnstableError",
]


class LeydenError(Exception):
    """Root of all errors that leyden raises on purpose.

    Parameters
    ----------
    message : str
        One line for a person: the argument, what was found, what to do. What is longer than 300 characters loses its
        middle parts.
    **details
        The offending numbers; each becomes an attribute of the error.

    Examples
    --------
    >>> import leyden as ly
    >>> try:
    ...     ly.Mode("")
    ... except ly.LeydenError as error:
    ...     print(type(error).__name__)
    ParameterError
    """

    def __init__(self, message: str, **details: Any) -> None:
        message = bounded(message)
        super().__init__(message)
        self.message = message
        self.details = details
        self.__dict__.update(details)

    def __reduce__(self) -> tuple[Any, ...]:
        # Worker processes send errors back by pickling; the default would drop the keyword details.
        return partial(type(self), self.message, **self.details), ()


class ParameterError(LeydenError, ValueError):
    """An argument has a value that leyden cannot use.

    Parameters
    ----------
    message : str
        The whole sentence, see the module docstring.
    name : str
        The argument's name.
    value : object
        What was found.
    allowed : str
        What would have been accepted.

    Examples
    --------
    >>> import leyden as ly
    >>> try:
    ...     ly.LocalBath("a", -1.0)
    ... except ly.ParameterError as error:
    ...     print(error)
    Argument `rate` must be finite and not negative, but is -1.0.
    """

    name: str
    value: object
    allowed: str

    def __init__(self, message: str, *, name: str = "", value: object = None, allowed: str = "") -> None:
        super().__init__(message, name=name, value=value, allowed=allowed)

    @classmethod
    def of(cls, name: str, allowed: str, value: object, remedy: str = "") -> ParameterError:
        """Write the standard sentence for one argument.

        Parameters
        ----------
        name : str
            The argument's name.
        allowed : str
            What it must be, to follow "must", for example "be finite".
        value : object
            What was found; shortened in the message, kept whole on the error.
        remedy : str
            What to do about it, as a sentence of its own.
        """
        tail = f" {remedy}" if remedy else ""
        sentence = f"Argument `{name}` must {allowed}, but is {shortened(value)}.{tail}"
        return cls(sentence, name=name, value=value, allowed=allowed)

    def about(self, name: str) -> ParameterError:
        """The same sentence about an argument by another name.

        Parameters
        ----------
        name : str
            What those who see the message call it.

        Returns
        -------
        ParameterError
        """
        message = self.message.replace(f"`{self.name}`", f"`{name}`", 1)
        return ParameterError(message, name=name, value=self.value, allowed=self.allowed)


class UnstableError(LeydenError):
    """A steady state was asked of a device that has none.

    Parameters
    ----------
    message : str
        The whole sentence.
    spectral_abscissa : float
        Largest real part of the drift's eigenvalues, in the device's rate unit; not negative here.
    threshold : float or None
        Critical two-photon drive amplitude, same unit, where it is known.
    remedy : str
        What to change.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    >>> try:
    ...     ly.steady_state(device)
    ... except ly.UnstableError as error:
    ...     print(type(error).__name__)
    UnstableError
    """

    spectral_abscissa: float
    threshold: float | None
    remedy: str

    def __init__(
        self, message: str, *, spectral_abscissa: float, threshold: float | None = None, remedy: str = ""
    ) -> None:
        super().__init__(message, spectral_abscissa=spectral_abscissa, threshold=threshold, remedy=remedy)


class UnphysicalStateError(LeydenError, ValueError):
    """A covariance violates the uncertainty relation.

    Parameters
    ----------
    message : str
        The whole sentence.
    smallest_symplectic_eigenvalue : float
        Must be at least 1/2 (the vacuum) for a state of nature.

    Examples
    --------
    >>> import leyden as ly
    >>> try:
    ...     ly.states.from_moments([0.0, 0.0], [[0.1, 0.0], [0.0, 0.1]])
    ... except ly.UnphysicalStateError as error:
    ...     print(type(error).__name__)
    UnphysicalStateError
    """

    smallest_symplectic_eigenvalue: float

    def __init__(self, message: str, *, smallest_symplectic_eigenvalue: float) -> None:
        super().__init__(message, smallest_symplectic_eigenvalue=smallest_symplectic_eigenvalue)


class TruncationError(LeydenError):
    """The Fock cutoff could not be grown until the answer stopped changing.

    Parameters
    ----------
    message : str
        The whole sentence.
    population : float
        Largest population found in the highest kept levels.
    cutoff : tuple of int
        Levels kept for each mode at the last try.

    Examples
    --------
    >>> import leyden as ly
    >>> issubclass(ly.TruncationError, ly.LeydenError)
    True
    """

    population: float
    cutoff: tuple[int, ...]

    def __init__(self, message: str, *, population: float, cutoff: tuple[int, ...]) -> None:
        super().__init__(message, population=population, cutoff=cutoff)


class ConvergenceError(LeydenError):
    """An iteration ended before its answer was good enough.

    Parameters
    ----------
    message : str
        The whole sentence.
    residual : float
        Relative residual that was reached.
    tolerance : float
        The one that was wanted.

    Examples
    --------
    >>> import leyden as ly
    >>> issubclass(ly.ConvergenceError, ly.LeydenError)
    True
    """

    residual: float
    tolerance: float

    def __init__(self, message: str, *, residual: float, tolerance: float) -> None:
        super().__init__(message, residual=residual, tolerance=tolerance)


class NonGaussianError(LeydenError):
    """An element breaks the moment description: first and second moments do not close.

    Parameters
    ----------
    message : str
        The whole sentence.
    element : object
        The element that is not quadratic (Hamiltonian) or not linear (jump).
    solver : str
        The solver that takes it.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.Kerr("a", 1.0), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> try:
    ...     ly.steady_state(device, method="dense")
    ... except ly.NonGaussianError as error:
    ...     print(type(error).__name__)
    NonGaussianError
    """

    element: object
    solver: str

    def __init__(self, message: str, *, element: object, solver: str) -> None:
        super().__init__(message, element=element, solver=solver)
