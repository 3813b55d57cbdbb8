"""The quantities that results hold: of each one row, which every method and every face reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from leyden import merit
from leyden.merit import density
from leyden.merit.ergotropy import order_of
from leyden.quantities import ENERGY, ERROR, NUMBER, POWER, QUANTITIES, SQUARED_ENERGY, Quantity
from leyden.states.gaussian import GaussianState

__all__ = ["Merit", "is_of_device", "is_over_time", "is_per_battery", "merits", "rows_of"]


@dataclass(frozen=True)
class Merit(Quantity):
    """A quantity of results, and where its values come from: a function, a ratio, or else the method itself."""

    of: Callable[..., Any] | None = None  # of a mode's moments: (state, mode, frequency)
    asks: Literal["state", "rates"] = "state"  # with "rates" it is (state, rates, mode, frequency)
    part: int | None = None  # which one, where `of` returns several that share work
    # Of a mode's density matrix, (rho, frequency); by default its moments tell all.
    of_matrix: Callable[[Any, float], float] | None = None
    ratio: tuple[str, str] | None = None  # names of two rows
    where: Literal["battery", "charger", "device"] = "battery"  # device: one value, whatever the number of batteries
    is_additive: bool = False  # whether several batteries together have the sum of theirs
    is_over_time: bool = True
    # Whether it asks for more than energies: then the moments tell it of Gaussian states alone.
    asks_state: bool = False

    @property
    def is_energy(self) -> bool:
        """Whether its unit holds that of energies."""
        return ENERGY in self.unit

    @property
    def powers_of_energy(self) -> int:
        """Power of the energy of a quantum that it is proportional to."""
        return 2 if SQUARED_ENERGY in self.unit else int(self.is_energy)


def _number_variance(state: GaussianState, mode: int, _frequency: Any) -> Any:
    """That of the energy in units of a quantum."""
    return merit.energy_variance(state, mode)


_ROWS = (
    Merit(
        "charger_energy",
        "E_A",
        ENERGY,
        "energy of the charger",
        of=merit.energy,
        of_matrix=density.energy,
        where="charger",
    ),
    Merit(
        "stored_energy",
        "E_B",
        ENERGY,
        "energy stored in the battery",
        of=merit.energy,
        of_matrix=density.energy,
        is_additive=True,
    ),
    Merit(
        "passive_energy",
        r"E_B^{\mathrm{pas}}",
        ENERGY,
        "energy of the battery that no unitary can extract",
        of=order_of,
        part=1,
        of_matrix=density.passive_energy,
        is_additive=True,
        asks_state=True,
    ),
    Merit(
        "ergotropy",
        "W",
        ENERGY,
        "largest work that a unitary can extract from the battery",
        of=order_of,
        part=0,
        of_matrix=density.ergotropy,
        is_additive=True,
        asks_state=True,
    ),
    Merit(
        "charging_power",
        "P",
        POWER,
        "rate of change of the stored energy",
        of=merit.power,
        asks="rates",
        is_additive=True,
    ),
    Merit(
        "gaussian_ergotropy",
        r"W_{\mathrm{G}}",
        ENERGY,
        "largest work that a Gaussian unitary can extract from the battery",
        of=order_of,
        part=4,
        is_additive=True,
    ),
    Merit(
        "energy_variance",
        r"\mathrm{Var}\,H_B",
        SQUARED_ENERGY,
        "variance of the energy of the battery",
        of=merit.energy_variance,
        of_matrix=density.energy_variance,
        asks_state=True,
    ),
    Merit(
        "number_variance",
        r"\mathrm{Var}\,n_B",
        NUMBER,
        "variance of the number of quanta in the battery",
        of=_number_variance,
        of_matrix=lambda rho, _frequency: density.energy_variance(rho),
        asks_state=True,
    ),
    Merit(
        "purity",
        r"\mathrm{Tr}\rho_B^2",
        NUMBER,
        "purity of the reduced state of the battery",
        of=order_of,
        part=2,
        of_matrix=lambda rho, _frequency: density.purity(rho),
        asks_state=True,
    ),
    Merit(
        "entropy",
        "S_B",
        NUMBER,
        "von Neumann entropy of the reduced state of the battery, in nats",
        of=order_of,
        part=3,
        of_matrix=lambda rho, _frequency: density.entropy(rho),
        asks_state=True,
    ),
    # Methods that follow the drives tell it.
    Merit("drive_work", r"W_{\mathrm{in}}", ENERGY, "work that the drives have put in so far", where="device"),
    Merit("is_stable", r"\mathrm{stable}", NUMBER, "whether a steady state exists", where="device", is_over_time=False),
    Merit(
        "utilization_ratio",
        "R",
        NUMBER,
        "ergotropy over stored energy, W/E_B",
        ratio=("ergotropy", "stored_energy"),
    ),
    Merit(
        "conversion_ratio",
        "W/E_A",
        NUMBER,
        "ergotropy over charger energy, W/E_A",
        ratio=("ergotropy", "charger_energy"),
    ),
    Merit(
        "transfer_ratio",
        "E_B/E_A",
        NUMBER,
        "stored energy over charger energy, E_B/E_A",
        ratio=("stored_energy", "charger_energy"),
    ),
    Merit(
        "charging_efficiency",
        r"W/W_{\mathrm{in}}",
        NUMBER,
        "ergotropy over the work that the drives put in",
        ratio=("ergotropy", "drive_work"),
    ),
)
# One registry for all quantities; these rows stand in it from here, since the ground knows none of their functions.
QUANTITIES.update({row.name: row for row in _ROWS})


def merits() -> list[Merit]:
    """The rows, in the order of results."""
    return [row for row in QUANTITIES.values() if isinstance(row, Merit)]


def rows_of(where: str) -> list[Merit]:
    """Rows of batteries, or of the charger, that are functions of a mode's state."""
    return [row for row in merits() if row.of is not None and row.where == where]


def is_per_battery(name: str) -> bool:
    """Whether a variable has an axis for several batteries."""
    row = QUANTITIES.get(name.removesuffix(ERROR))  # a total stands in no row
    return isinstance(row, Merit) and row.where == "battery"


def is_of_device(name: str) -> bool:
    """Whether a variable is one value for the device, whatever its batteries, that methods tell by themselves."""
    row = QUANTITIES.get(name)
    return isinstance(row, Merit) and row.where == "device" and row.ratio is None


def is_over_time(name: str) -> bool:
    """Whether a variable of a run has an axis for its times."""
    row = QUANTITIES.get(name.removesuffix(ERROR))
    return not isinstance(row, Merit) or row.is_over_time
