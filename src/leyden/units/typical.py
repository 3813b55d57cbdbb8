"""Where such batteries are built: typical frequencies, linewidths and temperatures, to start a device from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from leyden.units.lab import Lab

__all__ = ["Platform", "platforms"]


@dataclass(frozen=True)
class Platform:
    """Typical values of a platform, rounded: a place to start from, no device that was measured.

    Parameters
    ----------
    name : str
        Key in `leyden.units.platforms`.
    charger : str
        What the charger is.
    battery : str
        What the battery is.
    charger_frequency : str
        Of the charger, as "5 GHz".
    battery_frequency : str
        Of the battery.
    charger_damping : str
        Linewidth kappa/2pi of the charger.
    battery_damping : str
        Linewidth kappa/2pi of the battery.
    coupling : str
        Rate between the two, over 2pi; a natural rate unit.
    temperature : str
        Of the baths.
    sources : tuple of str
        Where such values are found.
    """

    name: str
    charger: str
    battery: str
    charger_frequency: str
    battery_frequency: str
    charger_damping: str
    battery_damping: str
    coupling: str
    temperature: str
    sources: tuple[str, ...]

    @property
    def lab(self) -> Lab:
        """Scale with the coupling as rate unit and the battery's frequency as frequency unit."""
        return Lab(self.coupling, frequency_unit=self.battery_frequency)


_ALL = (
    Platform(
        name="superconducting",
        charger="microwave resonator",
        battery="microwave resonator",
        charger_frequency="5 GHz",
        battery_frequency="5 GHz",
        charger_damping="100 kHz",
        battery_damping="100 kHz",
        coupling="1 MHz",
        temperature="20 mK",
        sources=(
            "Goppl et al., J. Appl. Phys. 104, 113904 (2008), arXiv:0807.4094: resonators of 2 to 9 GHz at 20 mK, "
            "loaded quality factors from a few hundred to several hundred thousand",
            "Ahmadi et al., Phys. Rev. Lett. 132, 210402 (2024), arXiv:2401.05090: nonreciprocal batteries in circuits",
        ),
    ),
    Platform(
        name="optoelectromechanical",
        charger="microwave cavity",
        battery="drum of an electromechanical circuit",
        charger_frequency="5 GHz",
        battery_frequency="10 MHz",
        charger_damping="1 MHz",
        battery_damping="30 Hz",
        coupling="100 kHz",
        temperature="20 mK",
        sources=(
            "Bernier et al., Nat. Commun. 8, 604 (2017), arXiv:1612.08223: nonreciprocal electromechanical circuit",
            "Teufel et al., Nature 471, 204 (2011), arXiv:1011.3067: drum in a circuit, strongly coupled by a drive",
        ),
    ),
    Platform(
        name="magnonic",
        charger="microwave cavity",
        battery="Kittel mode of an yttrium iron garnet sphere",
        charger_frequency="10 GHz",
        battery_frequency="10 GHz",
        charger_damping="3 MHz",
        battery_damping="1 MHz",
        coupling="10 MHz",
        temperature="20 mK",
        sources=(
            "Tabuchi et al., Phys. Rev. Lett. 113, 083603 (2014), arXiv:1405.1913: magnons and photons, quantum limit",
            "Wang et al., Phys. Rev. Lett. 123, 127202 (2019), arXiv:1908.07907: one-way coupling in cavity magnonics",
        ),
    ),
)

platforms: Mapping[str, Platform] = MappingProxyType({platform.name: platform for platform in _ALL})
