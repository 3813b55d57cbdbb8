"""Every quantity once: its identifier, symbol, unit and meaning.

Dataset attributes, axis labels, tables and help texts read this table, so that no symbol or unit is typed twice.
Rates and frequencies share one unit, the device's `rate unit` (the paper's is Gamma = 1); energies are in
hbar omega_0 where mode frequencies are left at 1, and otherwise in hbar times the unit of those frequencies: the
table says the first, and `attributes_of` what is true of a device.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["OF_PULSES", "QUANTITIES", "Quantity", "attributes_of"]

RATE = "rate unit"
TIME = "1/rate unit"
FREQUENCY = "frequency unit"
ENERGY = "hbar omega_0"
FREQUENCY_ENERGY = f"hbar * {FREQUENCY}"
POWER = f"{ENERGY} * {RATE}"
FREQUENCY_POWER = f"{FREQUENCY_ENERGY} * {RATE}"
NUMBER = "1"
ANGLE = "rad"
DECIBEL = "dB"


def squared(unit: str) -> str:
    """Unit of what is proportional to the square of something in a unit."""
    return f"({unit})^2" if " " in unit else f"{unit}^2"


SQUARED_ENERGY = squared(ENERGY)
OWN = "that of the parameter"
OF_MERIT = "those of the merit and of the parameter"

OF_PULSES = {
    **dict.fromkeys(("height", "first", "last", "values"), OWN),
    **dict.fromkeys(("start", "stop", "centre", "width", "times"), TIME),
    "frequency": RATE,
    "phase": ANGLE,
}
"""Unit of each argument of the functions that make pulses."""


@dataclass(frozen=True)
class Quantity:
    """One quantity of the field."""

    name: str  # as in Datasets and signatures
    symbol: str  # the paper's, in LaTeX without dollar signs
    unit: str  # in words
    meaning: str  # one line; becomes `description`

    def attributes(self) -> dict[str, str]:
        """Attributes of a Dataset variable: `long_name`, short enough for an axis, `units`, `symbol`, `description`."""
        words = self.name.replace("_", " ")
        return {"long_name": words, "units": self.unit, "symbol": self.symbol, "description": self.meaning}


# What devices are worth stands in `leyden.results.table`, beside the functions that compute it, and enters from there.
QUANTITIES: dict[str, Quantity] = {
    entry.name: entry
    for entry in (
        Quantity("time", "t", TIME, "time since the drive was switched on"),
        # Where a device goes.
        Quantity(
            "spectral_abscissa", r"\max\mathrm{Re}\,\lambda", RATE, "largest real part of the drift's eigenvalues"
        ),
        Quantity("eigenvalues", r"\lambda", RATE, "eigenvalues of the drift matrix"),
        Quantity("critical_drive", r"\epsilon_c", RATE, "two-photon drive amplitude at which stability is lost"),
        Quantity("critical", r"p_c", OWN, "size of a parameter at which stability is lost, or first gained"),
        Quantity("critical_exponent", r"\nu", NUMBER, "of a quantity that grows as distance^(-nu) from its threshold"),
        Quantity("critical_exponent_error", r"\delta\nu", NUMBER, "estimated error of the critical exponent"),
        Quantity("exceptional_value", r"p_{\mathrm{EP}}", OWN, "value of a parameter at an exceptional point"),
        Quantity("exceptional_eigenvalue", r"\lambda_{\mathrm{EP}}", RATE, "eigenvalue of the drift that is defective"),
        Quantity(
            "exceptional_order", "k", NUMBER, "eigenvectors that are one at an exceptional point; 0 where is none"
        ),
        Quantity("is_exceptional", r"\mathrm{EP}", NUMBER, "whether the drift is defective at every value"),
        # Where its classical amplitudes go.
        Quantity("amplitude", r"\alpha", NUMBER, "classical amplitude of a mode, its square in quanta"),
        Quantity("growth_rate", r"\max\mathrm{Re}\,\lambda_J", RATE, "largest real part of the Jacobian's eigenvalues"),
        Quantity("stable_branches", r"N_\mathrm{st}", NUMBER, "number of stable classical branches"),
        Quantity("branch_line", r"\ell", NUMBER, "continuous line that a classical branch lies on, -1 for none"),
        # How it answers at a frequency.
        Quantity(
            "transfer", r"\vert\chi\vert", TIME, "amplitude of a mode for a unit force on another, at a frequency"
        ),
        Quantity("transfer_real", r"\mathrm{Re}\,\chi", TIME, "real part of the transfer"),
        Quantity("transfer_imaginary", r"\mathrm{Im}\,\chi", TIME, "imaginary part of the transfer"),
        Quantity(
            "conjugate_transfer",
            r"\vert\bar\chi\vert",
            TIME,
            "the same for a force on the adjoint amplitude: the idler",
        ),
        Quantity("conjugate_transfer_real", r"\mathrm{Re}\,\bar\chi", TIME, "real part of the idler's transfer"),
        Quantity(
            "conjugate_transfer_imaginary", r"\mathrm{Im}\,\bar\chi", TIME, "imaginary part of the idler's transfer"
        ),
        Quantity("forward_transfer", r"\vert\chi_{ba}\vert", TIME, "transfer from the charger to the battery"),
        Quantity("backward_transfer", r"\vert\chi_{ab}\vert", TIME, "transfer from the battery to the charger"),
        Quantity(
            "isolation",
            r"\mathcal{I}",
            NUMBER,
            "forward over backward transfer, squared",
        ),
        Quantity("isolation_db", r"10\log_{10}\mathcal{I}", DECIBEL, "the isolation in decibels"),
        Quantity(
            "directionality", "D", NUMBER, "difference over sum of the squared transfers: 1 one-way, 0 reciprocal"
        ),
        # Noise in it and out of it.
        Quantity("squeezed_variance", "S_-", NUMBER, "output noise of the quietest quadrature of a port, vacuum 1"),
        Quantity("amplified_variance", "S_+", NUMBER, "output noise of the loudest quadrature of a port, vacuum 1"),
        Quantity("squeezing_db", r"-10\log_{10}S_-", DECIBEL, "output noise below the vacuum's in decibels"),
        Quantity("squeezed_angle", r"\theta_-", ANGLE, "angle of the quietest quadrature of a port's output"),
        Quantity("output_flux", r"N(\omega)", NUMBER, "quanta that leave through a port, per time and frequency/2pi"),
        Quantity("noise_spectrum", r"S(\omega)", TIME, "spectral density of the quadratures; over 2pi it adds up to V"),
        # What a device is made of.
        Quantity("drive", r"\epsilon", RATE, "drive amplitude"),
        Quantity("charger_damping", r"\kappa_a", RATE, "local damping rate of the charger"),
        Quantity("battery_damping", r"\kappa_b", RATE, "local damping rate of the battery"),
        Quantity("damping", r"\kappa", RATE, "local damping rate of every mode"),
        Quantity("shared_rate", r"\Gamma", RATE, "rate of the shared bath"),
        Quantity("charger_weight", "p_a", NUMBER, "weight of the charger in the shared jump"),
        Quantity("battery_weight", "p_b", NUMBER, "weight of the battery in the shared jump"),
        Quantity("weight", "w", NUMBER, "weight of a mode in a shared jump"),
        Quantity("coupling", "J", RATE, "coherent coupling J a b^dag + J* a^dag b"),
        Quantity("detuning", r"\Delta", RATE, "mode frequency minus drive frequency"),
        Quantity("phase", r"\theta", ANGLE, "phase of the drive"),
        Quantity("flux", r"\Phi", ANGLE, "Aharonov-Bohm phase around a ring"),
        Quantity("cavity_damping", r"\kappa_c", RATE, "linewidth of the cavity between charger and battery"),
        Quantity("cavity_coupling", "G", RATE, "coherent coupling of charger and battery to that cavity"),
        Quantity("right_rate", r"\gamma_R", RATE, "rate of emission to the right, from the charger to the battery"),
        Quantity("left_rate", r"\gamma_L", RATE, "rate of emission to the left"),
        Quantity("propagation_phase", r"\varphi", ANGLE, "phase gathered on the way from one mode to the other"),
        Quantity("frequency", r"\omega_0", FREQUENCY, "energy of one quantum, over hbar"),
        Quantity("occupation", "n", NUMBER, "mean thermal occupation of the baths"),
        Quantity("squeezing", "r", NUMBER, "squeezing of a bath"),
        Quantity("squeezing_phase", r"\phi", ANGLE, "phase of a bath's squeezing"),
        Quantity("dephasing", r"\gamma", RATE, "rate of pure dephasing"),
        Quantity("gain", r"\kappa_\mathrm{g}", RATE, "rate of incoherent gain"),
        Quantity("parametric_coupling", r"\chi", RATE, "parametric coupling chi a^dag b^dag + chi* a b"),
        Quantity("position_coupling", r"\lambda_x", RATE, "coupling of positions lambda (a + a^dag)(b + b^dag)"),
        Quantity("kerr", "K", RATE, "Kerr strength (K/2) a^dag^2 a^2"),
        Quantity("cross_kerr", r"\chi_\mathrm{c}", RATE, "cross-Kerr strength chi a^dag a b^dag b"),
        Quantity("two_photon_loss", r"\kappa_2", RATE, "rate at which pairs of quanta are lost, of L[a^2]"),
        Quantity("radiation_pressure", r"g_0", RATE, "coupling of one photon to the mechanics, g a^dag a (b + b^dag)"),
        Quantity("three_wave_mixing", r"g_3", RATE, "coupling of a pump to pairs, g c^dag a^2 + g* c a^dag^2"),
        Quantity("damping_ratio", r"\eta", NUMBER, "kappa_a / kappa_b"),
        Quantity("weight_ratio", r"\xi", NUMBER, "p_a / p_b"),
        # What condition a state is in.
        Quantity("wigner", "W(x, p)", NUMBER, "Wigner function of a mode, of integral 1"),
        Quantity("mean", r"\langle r\rangle", NUMBER, "mean of the quadratures"),
        Quantity("covariance", "V", NUMBER, "covariance of the quadratures, 1/2 in the vacuum"),
        Quantity(
            "own_moments",
            r"\langle a^\dagger a\rangle, \langle a^2\rangle",
            NUMBER,
            "quanta and squeezing of each mode about its mean",
        ),
        # What two devices are worth side by side.
        Quantity("stored_energy_ratio", r"E_{B,2}/E_{B,1}", NUMBER, "stored energy, second device over the first"),
        Quantity("ergotropy_ratio", r"W_2/W_1", NUMBER, "ergotropy, second device over the first"),
        Quantity("optimum", "p^*", OWN, "value, or size where complex, of a parameter at which a device is best"),
        # How well an optimum is known, and what it depends on.
        Quantity("sensitivity", r"\partial M/\partial p", OF_MERIT, "change of a merit with a parameter"),
        Quantity(
            "relative_sensitivity",
            r"(p/M)\,\partial M/\partial p",
            NUMBER,
            "change of a merit, relative to it, with the logarithm of a parameter",
        ),
        Quantity("curvature", r"\partial^2 M/\partial p^2", OF_MERIT, "second derivative of a merit by a parameter"),
        Quantity(
            "multiplier", r"\lambda_{\mathrm{c}}", OF_MERIT, "change of the best merit with the bound of a constraint"
        ),
        Quantity(
            "stationarity",
            r"\Vert\nabla\mathcal{L}\Vert_\infty",
            NUMBER,
            "change of a merit, relative to it, over the range of a parameter, that no constraint balances",
        ),
        # What a protocol of stages does.
        Quantity("bath_energy", r"E_\mathrm{in}", ENERGY, "energy that each bath has put in so far"),
        Quantity(
            "coupling_work",
            r"W_\mathrm{c}",
            ENERGY,
            "energy that couplings of modes of unlike frequencies and of positions have put in so far",
        ),
        Quantity("duration", "T", TIME, "duration of the stage"),
        Quantity("energy_half_life", r"T_{1/2}[E_B]", TIME, "time until half of the stored energy is lost"),
        Quantity("ergotropy_half_life", r"T_{1/2}[W]", TIME, "time until half of the ergotropy is lost"),
        Quantity("work_in", r"W_+", ENERGY, "work put in, over the stages that put work in"),
        Quantity("work_out", r"W_-", ENERGY, "work taken out, over the stages that take work out"),
        Quantity("cycle_yield", r"\eta_\mathrm{cyc}", NUMBER, "work taken out and ergotropy gained over work put in"),
        # Where energy comes from, and what entropy that makes.
        Quantity("flow", r"\dot E_{ej}", POWER, "energy per time that each element adds to each mode"),
        Quantity("drive_power", r"P_{\mathrm{in}}", POWER, "energy per time that the drives put in"),
        Quantity(
            "coupling_power",
            r"P_\mathrm{c}",
            POWER,
            "energy per time that couplings of modes of unlike frequencies and of positions put in",
        ),
        Quantity("heat", r"\dot Q", POWER, "energy per time that each thermal bath puts in"),
        Quantity("bath_power", r"P_\mathrm{b}", POWER, "energy per time that each bath puts in that does work"),
        Quantity(
            "first_law_residual",
            r"\delta\dot E",
            POWER,
            "rate of change of the energy of all modes, less what is put in",
        ),
        Quantity("entropy_production", r"\Pi", RATE, "entropy that all modes and baths gain per time, in nats"),
        Quantity(
            "wigner_entropy_production",
            r"\Pi_\mathrm{W}",
            RATE,
            "the same of the Wigner entropy, finite at zero temperature",
        ),
        # What two groups of modes have together.
        Quantity("log_negativity", r"E_\mathcal{N}", NUMBER, "logarithmic negativity of two groups of modes, in nats"),
        Quantity("mutual_information", "I", NUMBER, "mutual information of two groups of modes, in nats"),
        Quantity("steering", r"\mathcal{G}", NUMBER, "Gaussian steering of one group by the other, in nats"),
        Quantity(
            "global_ergotropy",
            r"W_\mathrm{G}^\mathrm{glob}",
            ENERGY,
            "work that one Gaussian unitary of both groups together extracts",
        ),
        Quantity("local_ergotropy", r"\sum_j W_j", ENERGY, "work that unitaries of each mode by itself extract"),
        # What is known of a mode that is watched.
        Quantity("conditional_covariance", r"V_\mathrm{c}", NUMBER, "covariance of the quadratures, given the record"),
        Quantity(
            "conditional_variance",
            r"\mathrm{Var}_\mathrm{c}\,x_\theta",
            NUMBER,
            "variance of the measured quadrature, given the record, vacuum 1/2",
        ),
        Quantity(
            "daemonic_ergotropy",
            r"W_\mathrm{d}",
            ENERGY,
            "ergotropy of the battery given the record, mean over records",
        ),
    )
}


ERROR = "_error"
"""Behind the name of a variable: its standard error, of methods that estimate."""
_MORE = "; one unitary of all of them together may extract more, see leyden.merit.global_gaussian_ergotropy"


def attributes_of(name: str, energy: str = ENERGY) -> dict[str, str]:
    """Attributes of a Dataset variable, or of a total of several, with the unit that the device's energies have."""
    if name not in QUANTITIES and name.endswith(ERROR):
        return _of_error(attributes_of(name.removesuffix(ERROR), energy))
    quantity = QUANTITIES[name.removeprefix("total_")]
    attributes = quantity.attributes()
    if energy != ENERGY:
        attributes["units"] = quantity.unit.replace(ENERGY, energy)
    if not name.startswith("total_"):
        return attributes
    kind = "of the sums over the batteries" if quantity.unit == NUMBER else "sum over the batteries, each by itself"
    return attributes | {
        "long_name": name.replace("_", " "),
        "symbol": rf"[{quantity.symbol}]_{{\mathrm{{tot}}}}",
        "description": f"{kind}: {quantity.meaning}" + (_MORE if name == "total_ergotropy" else ""),
    }


def _of_error(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes of the standard error of an estimate, from those of the estimate."""
    return attributes | {
        "long_name": f"{attributes['long_name']} error",
        "symbol": rf"\delta {attributes['symbol']}",
        "description": f"standard error of the estimate: {attributes['description']}",
    }
