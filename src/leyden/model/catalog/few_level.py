"""Batteries of few levels: a pair of two-level systems or of one and an oscillator, and cells around a cavity."""

from __future__ import annotations

from leyden.model.catalog.arguments import checked
from leyden.model.elements import CoherentCoupling, LocalBath, Mode, OnePhotonDrive
from leyden.model.network import Network
from leyden.model.value import Parameter
from leyden.numeric import whole_number

__all__ = ["few_level_battery", "tavis_cummings_battery"]

_MOST_CELLS = 30


def few_level_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    coupling: Parameter,
    battery_damping: Parameter = 0.0,
    charger_levels: int | None = 2,
    battery_levels: int | None = 2,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
) -> Network:
    """A driven, damped charger that exchanges quanta with a battery, each of a few levels or an oscillator.

    Parameters
    ----------
    drive : float or array
        F, amplitude of the coherent drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa, local damping rate of the charger.
    coupling : complex or array
        J, coherent exchange of quanta; g = |J|.
    battery_damping : float or array
        Local damping rate of the battery.
    charger_levels : int or None
        Levels of the charger, 2 for a two-level system; None for an oscillator.
    battery_levels : int or None
        Levels of the battery, likewise.
    detuning : float or array
        Delta of both.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of both, the unit of energies.
    occupation : float or array
        N, mean thermal occupation of both baths.

    Returns
    -------
    Network
        Modes "charger" and "battery".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign, or levels are no whole number from 2.

    Notes
    -----
    With an undamped battery and zero temperature, on resonance: a battery that is an oscillator ends in the coherent
    state of amplitude -F/J, whatever the charger is, and the charger in its ground state. Two two-level systems end
    mixed,

        E_B = F^2 (8 F^2 + kappa^2)/D,    D = 16 F^4 + 2 F^2 kappa^2 + g^2 kappa^2,

    with the coherence F g kappa^2/D (derived): the stronger the drive, the closer to 1/2, and to no ergotropy. A warm
    bath alone brings the battery to its own temperature, N/(2 N + 1) of a two-level one and N of an oscillator.

    References
    ----------
    Farina et al., Phys. Rev. B 99, 035421 (2019), arXiv:1810.10890, for the devices.

    Examples
    --------
    F = 0.3, J = 0.5: 0.36 quanta in an oscillator; 0.09 * 1.36/0.4048 in a two-level battery at kappa = 0.8.

    >>> import leyden as ly
    >>> for levels in (None, 2):
    ...     pair = ly.catalog.few_level_battery(drive=0.3, charger_damping=0.8, coupling=0.5, battery_levels=levels)
    ...     print(round(float(ly.steady_state(pair).stored_energy), 6))
    0.36
    0.302372
    """
    parameters = {name: value for name, value in locals().items() if not name.endswith("_levels")}
    values = checked(**parameters)
    modes = [
        Mode(name, values["frequency"], values["detuning"], levels)
        for name, levels in (("charger", charger_levels), ("battery", battery_levels))
    ]
    return Network(
        modes,
        [
            OnePhotonDrive("charger", values["drive"], values["phase"]),
            LocalBath("charger", values["charger_damping"], values["occupation"]),
            LocalBath("battery", values["battery_damping"], values["occupation"]),
            CoherentCoupling("charger", "battery", values["coupling"]),
        ],
        charger="charger",
        battery="battery",
        name="few_level_battery",
    )


def tavis_cummings_battery(
    cells: int,
    *,
    coupling: Parameter,
    drive: Parameter = 0.0,
    charger_damping: Parameter = 0.0,
    battery_damping: Parameter = 0.0,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
) -> Network:
    """Two-level cells "m1", "m2", ... that one cavity "m0" charges together.

    Parameters
    ----------
    cells : int
        Their number, 1 to 30; methods take fewer.
    coupling : complex or array
        J of the cavity with every cell, in the rate unit.
    drive : float or array
        F, amplitude of a coherent drive on the cavity.
    charger_damping : float or array
        Damping rate of the cavity.
    battery_damping : float or array
        Damping rate of every cell.
    detuning : float or array
        Delta of cavity and cells.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of cavity and cells, the unit of energies.
    occupation : float or array
        Mean thermal occupation of all baths.

    Returns
    -------
    Network
        Charger m0, an oscillator; batteries all cells.

    Raises
    ------
    ParameterError
        If there is no cell or too many, or a number is not finite or has the wrong sign.

    Notes
    -----
    Without baths and drive one quantum of the cavity goes over into all cells, E_B = sin^2(J sqrt(N) t), sqrt(N) times
    as fast as into one: that is the collective advantage. N quanta go into N cells altogether for N = 1 only; two reach
    16/9 of 2. Cells that nothing damps keep what is dark for the cavity, so that the steady state depends on the start.

    References
    ----------
    Ferraro et al., Phys. Rev. Lett. 120, 117702 (2018), of the Dicke model; Andolina et al., Phys. Rev. Lett. 122,
    047702 (2019), of this one.

    Examples
    --------
    sin^2(sqrt(2) pi/4) of one quantum, and two cells:

    >>> import leyden as ly
    >>> from leyden import fock
    >>> import qutip
    >>> start = qutip.tensor(qutip.basis(2, 1), qutip.basis(2, 0), qutip.basis(2, 0))
    >>> cells = ly.catalog.tavis_cummings_battery(2, coupling=1.0)
    >>> run = fock.charge(cells, [0.7853981633974483], initial=start)
    >>> print(round(float(run.stored_energy.sum()), 6))
    0.80285
    """
    count = whole_number("cells", cells, 1, _MOST_CELLS)
    values = checked(**{name: value for name, value in locals().items() if name not in ("cells", "count")})
    names = [f"m{place}" for place in range(1, count + 1)]
    return Network(
        [
            Mode("m0", values["frequency"], values["detuning"]),
            *(Mode(name, values["frequency"], values["detuning"], 2) for name in names),
        ],
        [
            OnePhotonDrive("m0", values["drive"], values["phase"]),
            LocalBath("m0", values["charger_damping"], values["occupation"]),
            *(LocalBath(name, values["battery_damping"], values["occupation"]) for name in names),
            *(CoherentCoupling("m0", name, values["coupling"]) for name in names),
        ],
        charger="m0",
        battery=names,
        name="tavis_cummings_battery",
    )
