"""A device: modes, the elements between them, and who is the charger and who the battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.addresses import Addresses
from leyden.model.changing import Pulse
from leyden.model.display import html_of, summary_of
from leyden.model.elements import Element, Mode
from leyden.model.families import Family, Members
from leyden.model.given import check_device, common_shape, listed_members, names_of, records_of
from leyden.model.modes import Modes
from leyden.quantities import ENERGY, FREQUENCY_ENERGY
from leyden.records import Remembering
from leyden.text import listed, nearest

__all__ = ["Network"]

# Records of each list that enter a hash.
_HASHED = 64


def _sample(records: Sequence[Any]) -> tuple[Any, ...]:
    """Records that enter the hash: enough to tell the devices of a loop apart, few enough for a million modes."""
    step = max(1, len(records) // _HASHED)
    return (len(records), *(records[place] for place in range(0, len(records), step)))


@dataclass(frozen=True)
class Network(Remembering):
    """A device of bosonic modes; checked when it is built.

    Parameters
    ----------
    modes : sequence of Mode, or Modes
        At least one, with unlike names; their order is the order of the quadratures.
    elements : sequence of Element and Family
        Couplings, drives and baths; may be empty. Families are listed member by member, see `parts`.
    charger : str
        Name of the mode whose energy is `charger_energy`.
    battery : str or sequence of str
        Name of the mode that stores, or names of several; a sequence, be it of one, gives results a dim `mode`.
    name : str
        What tables and files call the device; printable, at most 255 characters.
    rate_unit : str
        The rate that has the number 1 in the laboratory, as "1 MHz"; no number depends on it. Results carry it, and
        `leyden.units.Lab.of` reads it.
    frequency_unit : str
        The frequency of a mode whose `frequency` is 1, as "5 GHz".

    Raises
    ------
    ParameterError
        If a mode is unknown or repeated, if the name is not printable, or if array parameters do not broadcast against
        each other.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.OnePhotonDrive("a", 0.5), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> float(ly.steady_state(device).ergotropy.round(12))  # (2 eps / kappa)^2
    1.0
    """

    modes: Sequence[Mode]
    elements: Sequence[Any]
    charger: str
    battery: str | Sequence[str]
    name: str = "network"
    rate_unit: str = ""
    frequency_unit: str = ""
    plain_shape: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """Common shape of all parameters that are plain arrays; () for a single device."""

    def __post_init__(self) -> None:
        modes = records_of("modes", Mode, self.modes)
        object.__setattr__(self, "modes", modes[:] if isinstance(modes, Modes) and not modes.family.is_plain else modes)
        elements = records_of("elements", Element, self.elements)
        if isinstance(elements, Members):
            elements = elements.parts
        if any(isinstance(part, Family) and not part.is_plain for part in elements):
            elements = tuple(one for part in elements for one in listed_members(part, self.mode_names))
        if any(isinstance(part, Family) for part in elements):
            elements = Members(elements, self.mode_names)
        object.__setattr__(self, "elements", elements)
        if not isinstance(self.battery, str):
            object.__setattr__(self, "battery", names_of("battery", self.battery))
        check_device(self)
        object.__setattr__(self, "plain_shape", common_shape(self.arrays))

    def __hash__(self) -> int:
        # Equal networks may list their parts in unlike ways, as families or one by one: only what both show counts.
        samples = map(_sample, (self.modes, self.elements))
        return hash((self.mode_names, self.charger, self.battery, self.name, *samples))

    def __repr__(self) -> str:
        return f"<Network {summary_of(self)}>"

    def _repr_html_(self) -> str:
        return html_of(self)

    @cached_property
    def arrays(self) -> tuple[tuple[Element, str, Any], ...]:
        """Parameters that are arrays, labelled or not: element, name and value; a single device has none."""
        return tuple((element, *pair) for element in self.singles for pair in element.arrays())

    @cached_property
    def pulses(self) -> dict[str, Pulse]:
        """Parameters that change in time, by address."""
        return {f"{one.label}.{name}": value for one in self.singles for name, value in one.pulses().items()}

    @property
    def mode_names(self) -> tuple[str, ...]:
        """Names of the modes, in order."""
        return self._mode_names

    @cached_property
    def _mode_names(self) -> tuple[str, ...]:
        return self.modes.names if isinstance(self.modes, Modes) else tuple(mode.name for mode in self.modes)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each mode by its name."""
        return {name: place for place, name in enumerate(self.mode_names)}

    @property
    def parts(self) -> tuple[Element | Family, ...]:
        """The elements as they were given, each family as one."""
        return self.elements.parts if isinstance(self.elements, Members) else tuple(self.elements)

    @property
    def singles(self) -> tuple[Element, ...]:
        """Modes and elements that are no members of a family: only these can hold a batch of parameters."""
        modes = () if isinstance(self.modes, Modes) else tuple(self.modes)
        return (*modes, *(part for part in self.parts if not isinstance(part, Family)))

    @cached_property
    def frequencies(self) -> list[Any]:
        """Energy of one quantum of each mode, in order."""
        if isinstance(self.modes, Modes):
            value = self.modes.family.pattern.parameters()["frequency"]
            return value.tolist() if isinstance(value, np.ndarray) else [value] * len(self.modes)
        return [mode.frequency for mode in self.modes]

    @cached_property
    def energy_unit(self) -> str:
        """Unit of energies in words: hbar omega_0 while every frequency is 1, else hbar times the frequencies' unit.

        A frequency that is an array counts as another one: it may be 1 here and 2 at the next point of a sweep.
        """
        values = self.frequencies
        if isinstance(self.modes, Modes):
            given = self.modes.family.pattern.parameters()["frequency"]
            values = [1.0] if isinstance(given, np.ndarray) and np.all(given == 1.0) else [given]
        is_left = all(isinstance(value, float) and value == 1.0 for value in values)
        return ENERGY if is_left else FREQUENCY_ENERGY

    @property
    def scale(self) -> dict[str, str]:
        """Rate unit and frequency unit of the laboratory, where they are known, by their names."""
        units = {"rate_unit": self.rate_unit, "frequency_unit": self.frequency_unit}
        return {name: unit for name, unit in units.items() if unit}

    @property
    def batteries(self) -> tuple[str, ...]:
        """Names of the modes that store, one or several."""
        return (self.battery,) if isinstance(self.battery, str) else tuple(self.battery)

    @property
    def lists_batteries(self) -> bool:
        """Whether results have an axis for the batteries: they were given as a sequence, be it of one."""
        return not isinstance(self.battery, str)

    def position(self, mode: str) -> int:
        """Position of a mode in the order of the quadratures.

        Parameters
        ----------
        mode : str
            Its name.

        Returns
        -------
        int
            From 0.

        Raises
        ------
        ParameterError
            If the network has no such mode.
        """
        try:
            return self.positions[mode]
        except (KeyError, TypeError):
            names = self.mode_names
            raise ParameterError.of("mode", f"be one of {listed(names)}", mode, nearest(mode, names)) from None

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Values of all parameters by address, for example `TwoPhotonDrive(charger).amplitude`."""
        return Addresses(self.modes, self.parts, self.positions)

    def replace(self, /, **parameters: Any) -> Network:
        """The same device with some parameters replaced.

        Parameters
        ----------
        **parameters : number, array or DataArray
            By address, as `parameters` lists them.

        Returns
        -------
        Network
            Members of families whose parameters are named stand as elements of their own between what is left of them.

        Raises
        ------
        ParameterError
            If an address means no parameter, or several, or a number breaks the rule of its element.

        Examples
        --------
        >>> import leyden as ly
        >>> device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
        >>> device.replace(**{"TwoPhotonDrive(charger).amplitude": 0.1}).parameters["TwoPhotonDrive(charger).amplitude"]
        0.1
        """
        modes, elements = Addresses(self.modes, self.parts, self.positions).replaced(parameters)
        return replace(self, modes=modes, elements=elements)

    def map_parameters(self, change: Callable[[Any], Any]) -> Network:
        """The same device with every numeric parameter passed through a function, those of families excepted.

        Parameters
        ----------
        change : callable
            Takes a parameter's value, or each number of a pulse, and returns the new one.

        Returns
        -------
        Network
        """

        def changed(record: Any) -> Any:
            return record if isinstance(record, Family) else record.mapped(change)

        modes = self.modes if isinstance(self.modes, Modes) else tuple(map(changed, self.modes))
        return replace(self, modes=modes, elements=tuple(map(changed, self.parts)))

    def with_explicit_reservoir(
        self, bath: Any, linewidth: Any, *, name: str = "reservoir", frequency: Any = None, detuning: Any = None
    ) -> Network:
        """The same device with a damped mode c of its own in place of a bath: one with a memory of 2/kappa_c.

        Parameters
        ----------
        bath : str or Element
            The bath, or its label, for example "SharedBath(charger, battery)"; also of a member of a family.
        linewidth : float, array or DataArray
            kappa_c, damping rate of the reservoir mode, in the rate unit, positive.
        name : str
            Of the reservoir mode; no other mode may have it.
        frequency : float, array or None
            Energy of its quantum; without it that of the bath's modes.
        detuning : float, array, pulse or None
            Its detuning in the frame of the drive, in the rate unit; without it that of the bath's modes, with which it
            is on resonance then.

        Returns
        -------
        Network
            For Gamma L[o], a mode c behind the others, H = (sqrt(Gamma kappa_c)/2)(o c^dag + o^dag c), and kappa_c L[c]
            of the same occupation and squeezing, whose phase is pi more: c follows o as -i sqrt(Gamma/kappa_c) o.

        Raises
        ------
        ParameterError
            If no bath, or several, are meant, if its rate is a pulse, its jump not linear or not its only word, if its
            modes have unlike detunings or frequencies and none is given, if the name is taken, or a number breaks its
            rule.

        Notes
        -----
        The bath comes back as kappa_c grows: excitations differ by first orders of 1/kappa_c. But under a coherent
        drive on resonance with the reservoir the steady state is the same at every linewidth.

        References
        ----------
        Metelmann and Clerk, Phys. Rev. X 5, 021025 (2015).

        Examples
        --------
        >>> import leyden as ly
        >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
        >>> explicit = device.with_explicit_reservoir("SharedBath(charger, battery)", 1e4)
        >>> [round(float(ly.steady_state(one).stored_energy), 6) for one in (device, explicit)]
        [0.9375, 0.937485]
        """
        from leyden.model.reservoir import explicit_reservoir

        return explicit_reservoir(self, bath, linewidth, name, {"frequency": frequency, "detuning": detuning})

    def to_latex(self) -> str:
        """The master equation of this very device in LaTeX, from the words of its elements.

        Returns
        -------
        str
            An `aligned` block without dollar signs, in commands that KaTeX knows: numbers by six digits, pulses and
            arrays by symbols that are told below, families of more than six members as sums.

        Examples
        --------
        >>> import leyden as ly
        >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.5)], charger="a", battery="a")
        >>> print(device.to_latex().splitlines()[2])
        \\mathcal{D} &= 0.5\\,\\mathcal{L}\\left[\\hat{a}\\right] \\\\
        """
        from leyden.model.latex import latex_of

        return latex_of(self)
