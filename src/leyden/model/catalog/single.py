"""Batteries of one mode, which is its own charger."""

from __future__ import annotations

from leyden.model.catalog.arguments import checked
from leyden.model.elements import LocalBath, Mode, TwoPhotonDrive
from leyden.model.network import Network
from leyden.model.value import Parameter

__all__ = ["squeezed_bath_battery"]


def squeezed_bath_battery(
    *,
    damping: Parameter,
    squeezing: Parameter,
    squeezing_phase: Parameter = 0.0,
    occupation: Parameter = 0.0,
    drive: Parameter = 0.0,
    phase: Parameter = 0.0,
    detuning: Parameter = 0.0,
    frequency: Parameter = 1.0,
) -> Network:
    """One mode that a squeezed bath charges, with or without a two-photon drive.

    Parameters
    ----------
    damping : float or array
        kappa, rate of the bath.
    squeezing : float or array
        r of the bath, of size at most 250.
    squeezing_phase : float or array
        phi of the bath's squeezing, in radians.
    occupation : float or array
        Thermal occupation N of the bath before it is squeezed.
    drive : float or array
        eps, amplitude of a two-photon drive, in the rate unit.
    phase : float or array
        theta of the drive, in radians.
    detuning : float or array
        Delta of the mode.
    frequency : float or array
        omega_0 of the mode, the unit of energies.

    Returns
    -------
    Network
        Mode "battery", which is the charger as well.

    Raises
    ------
    ParameterError
        If a number is not finite, has the wrong sign or is too large.

    Notes
    -----
    Without a drive, on resonance, the mode takes on the state of its bath: E_B = N cosh 2r + sinh^2 r, of which
    (2N + 1) sinh^2 r is ergotropy. A bath charges a mode with work, and for nothing: what keeps it squeezed pays. With
    a drive the two squeeze along, across or against each other, as the phases say; the threshold is that of the drive.

    References
    ----------
    Centrone et al., arXiv:2106.07899.

    Examples
    --------
    0.5 cosh 2 + sinh^2 1 and 2 sinh^2 1:

    >>> import leyden as ly
    >>> steady = ly.steady_state(ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=1.0, occupation=0.5))
    >>> print(round(float(steady.stored_energy), 9), round(float(steady.ergotropy), 9))
    3.262195691 2.762195691
    """
    values = checked(**locals())
    bath = {name: values[name] for name in ("occupation", "squeezing", "squeezing_phase")}
    return Network(
        [Mode("battery", values["frequency"], values["detuning"])],
        [TwoPhotonDrive("battery", values["drive"], values["phase"]), LocalBath("battery", values["damping"], **bath)],
        charger="battery",
        battery="battery",
        name="squeezed_bath_battery",
    )
