"""Every quantity once: its identifier, symbol, unit and meaning.

Dataset attributes, axis labels, tables and help texts read this table, so that no symbol or unit is typed twice.
Rates and frequencies share one unit, the device's `rate unit` (the paper's is Gamma = 1); energies are in
hbar omega_0 where mode frequencies are left at 1, and otherwise in hbar times the unit of those frequencies: the
table says the first, and `attributes_of` what is true of a device.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUANTITIES", "Quantity", "attributes_of"]

RATE = "rate unit"
TIME = "1/rate unit"
FREQUENCY = "frequency unit"
ENERGY = "hbar omega_0"
FREQUENCY_ENERGY = f"hbar * {FREQUENCY}"
POWER = f"{ENERGY} * {RATE}"
FREQUENCY_POWER = f"{FREQUENCY_ENERGY} * {RATE}"
NUMBER = "1"
ANGLE = "rad"


@dataclass(frozen=True)
class Quantity:
    """One quantity of the field.

    Parameters
    ----------
    name : str
        Identifier, as in Datasets and signatures.
    symbol : str
        The paper's symbol, in LaTeX without dollar signs.
    unit : str
        Unit in words.
    meaning : str
        One line; becomes `long_name`.
    """

    name: str
    symbol: str
    unit: str
    meaning: str

    def attributes(self) -> dict[str, str]:
        """Attributes of a Dataset variable: `long_name`, `units`, `symbol`."""
        return {"long_name": self.meaning, "units": self.unit, "symbol": self.symbol}


QUANTITIES: dict[str, Quantity] = {
    entry.name: entry
    for entry in (
        Quantity("time", "t", TIME, "time since the drive was switched on"),
        # What a device is worth.
        Quantity("stored_energy", "E_B", ENERGY, "energy stored in the battery"),
        Quantity("passive_energy", r"E_B^{\mathrm{pas}}", ENERGY, "energy of the battery that no unitary can extract"),
        Quantity("ergotropy", "W", ENERGY, "largest work that a unitary can extract from the battery"),
        Quantity("charging_power", "P", POWER, "rate of change of the stored energy"),
        Quantity("charger_energy", "E_A", ENERGY, "energy of the charger"),
        Quantity("utilization_ratio", "R", NUMBER, "ergotropy over stored energy, W/E_B"),
        Quantity("conversion_ratio", "W/E_A", NUMBER, "ergotropy over charger energy, W/E_A"),
        Quantity("transfer_ratio", "E_B/E_A", NUMBER, "stored energy over charger energy, E_B/E_A"),
        Quantity("drive_work", r"W_{\mathrm{in}}", ENERGY, "work that the drives have put in so far"),
        Quantity("charging_efficiency", r"W/W_{\mathrm{in}}", NUMBER, "ergotropy over the work that the drives put in"),
        # Where a device goes.
        Quantity("is_stable", r"\mathrm{stable}", NUMBER, "whether a steady state exists"),
        Quantity(
            "spectral_abscissa", r"\max\mathrm{Re}\,\lambda", RATE, "largest real part of the drift's eigenvalues"
        ),
        Quantity("eigenvalues", r"\lambda", RATE, "eigenvalues of the drift matrix"),
        Quantity("critical_drive", r"\epsilon_c", RATE, "two-photon drive amplitude at which stability is lost"),
        # What a device is made of.
        Quantity("drive", r"\epsilon", RATE, "drive amplitude"),
        Quantity("charger_damping", r"\kappa_a", RATE, "local damping rate of the charger"),
        Quantity("battery_damping", r"\kappa_b", RATE, "local damping rate of the battery"),
        Quantity("damping", r"\kappa", RATE, "local damping rate of every mode"),
        Quantity("shared_rate", r"\Gamma", RATE, "rate of the shared bath"),
        Quantity("charger_weight", "p_a", NUMBER, "weight of the charger in the shared jump"),
        Quantity("battery_weight", "p_b", NUMBER, "weight of the battery in the shared jump"),
        Quantity("coupling", "J", RATE, "coherent coupling J a b^dag + J* a^dag b"),
        Quantity("detuning", r"\Delta", RATE, "mode frequency minus drive frequency"),
        Quantity("phase", r"\theta", ANGLE, "phase of the drive"),
        Quantity("flux", r"\Phi", ANGLE, "Aharonov-Bohm phase around a ring"),
        Quantity("frequency", r"\omega_0", FREQUENCY, "energy of one quantum, over hbar"),
        Quantity("occupation", "n", NUMBER, "mean thermal occupation of the baths"),
        Quantity("damping_ratio", r"\eta", NUMBER, "kappa_a / kappa_b"),
        Quantity("weight_ratio", r"\xi", NUMBER, "p_a / p_b"),
        # What condition a state is in.
        Quantity("purity", r"\mathrm{Tr}\rho^2", NUMBER, "purity of the state"),
        Quantity("entropy", "S", "nat", "von Neumann entropy of the state"),
    )
}


_MORE = (
    "The sum of what unitaries of each battery by itself extract; one unitary of all of them together may extract "
    "more, see leyden.merit.global_gaussian_ergotropy"
)


def attributes_of(name: str, energy: str = ENERGY) -> dict[str, str]:
    """Attributes of a Dataset variable by its name, totals over several batteries included.

    Parameters
    ----------
    name : str
        A key of `QUANTITIES`, or one with `total_` before it.
    energy : str
        What the device measures energies in, `Network.energy_unit`.

    Returns
    -------
    dict
        `long_name`, `units`, `symbol`; of `total_ergotropy` also a `description`, as it is easily taken for another.
    """
    quantity = QUANTITIES[name.removeprefix("total_")]
    attributes = quantity.attributes()
    if energy != ENERGY:
        attributes["units"] = quantity.unit.replace(ENERGY, energy)
    if not name.startswith("total_"):
        return attributes
    kind = "of the sums over the batteries" if quantity.unit == NUMBER else "sum over the batteries, each by itself"
    attributes |= {"long_name": f"{kind}: {quantity.meaning}", "symbol": rf"[{quantity.symbol}]_{{\mathrm{{tot}}}}"}
    return attributes | ({"description": _MORE} if name == "total_ergotropy" else {})
