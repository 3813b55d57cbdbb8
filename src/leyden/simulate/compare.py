"""Two devices side by side, at the same expense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.arrays import Array
from leyden.errors import LeydenError, ParameterError
from leyden.memory import shortage
from leyden.model.files import device_record
from leyden.model.labels import UNLABELLED, Labels, take_off_all
from leyden.model.network import Network
from leyden.quantities import ENERGY, OWN
from leyden.simulate.beside import masked, own_values, values_of_both
from leyden.simulate.choice import answered
from leyden.simulate.equal import EQUAL, Knob, drive_address, own_drive
from leyden.simulate.optimum import best, range_of
from leyden.simulate.spectral import labelled, refuse_traced, single_devices, unit_of
from leyden.task import Task
from leyden.text import listed, nearest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["compare"]

# Devices whose matrices are held at once, of amplitudes below a threshold.
_AT_ONCE, _MATRICES = 80, 8


def compare(
    first: Network, second: Network, *, equal: str = "drive", optimum: Any = None, quantity: str = "ergotropy"
) -> xr.Dataset:
    """Two devices in their steady states at equal drive, equal input power or equal charger energy.

    The first stands as it is; the amplitude of the second's drive is scaled until both have the same of what is held.

    Parameters
    ----------
    first : Network
        Its parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    second : Network
        With one drive; of its amplitude only the parameter counts, not the value, unless equal is "drive" and the first
        has another.
    equal : str
        What is held: "drive", the amplitude; "input_power", what the drives put in per time, `drive_power`; or
        "charger_energy".
    optimum : str, sequence of str or None
        Addresses of parameters, as `network.parameters` lists them, along which each side is put at its own optimum:
        where `quantity` is largest while the same as before is held, the first being scaled as well then. A side that
        has no such parameter keeps the others. Sizes are looked for, with sign or phase as they are, of angles and
        detunings both signs, from 1/1000 to 1000 times the present one.
    quantity : str
        The variable that is largest at an optimum.

    Returns
    -------
    xarray.Dataset
        Over dims (..., device), with the names of both: the variables of `steady_state`, totals for a sequence of
        batteries; `drive`, the amplitude, NaN of a device that has several or none; `drive_power`; with `optimum`, over
        (..., device, parameter), the value of each, the size of a complex one, NaN on a side that has it not. Over
        (...): `stored_energy_ratio` and `ergotropy_ratio`, second over first. Attributes: `equal`, `held`, its value
        for two single devices, `held_error`, the largest difference relative to it, `device_file` of the first and
        `second_device_file`, as they are compared. In a batch, pairs that cannot be made equal are NaN, and `is_stable`
        says of each of the two whether it is, as it stands.

    Raises
    ------
    ParameterError
        If a device that is to be scaled has no drive or several, if it does not reach below its threshold what is held,
        or holds it at several drives, if a parameter has no optimum, if units differ, if JAX traces parameters, or if
        there is no memory for matrices of all modes.
    UnstableError
        If the first of two single devices has no steady state, or the second at an equal drive.
    NonGaussianError
        If a Hamiltonian is not quadratic.

    Notes
    -----
    The drive is found by Brent's method between two of 80 amplitudes up to 1 - 1e-12 of the first threshold, and what
    is held agrees to rounding: 1e-15, times the slope of what is held near a threshold. An optimum is found on a grid,
    8 sizes a decade, and then to 1e-8 of the parameter, 1e-15 of the quantity; narrower peaks are missed. Several
    parameters are searched one by one, then together: a local optimum, close to the best of each.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16), at equal drive.

    Examples
    --------
    At damping 0.1 a two-photon drive of 0.1 puts in Lambda E_A = 0.6 0.4. For that power a coherent drive of
    sqrt(0.036) stores more, 16 g^2 eps^2/Lambda^4 = 0.144/0.1296, and all of it can be extracted:

    >>> import leyden as ly
    >>> rates = dict(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> pair = ly.catalog.two_photon_battery(**rates), ly.catalog.one_photon_battery(**rates)
    >>> found = ly.compare(*pair, equal="input_power")
    >>> found.stored_energy.round(4).values.tolist(), found.ergotropy.round(4).values.tolist()
    ([0.9375, 1.1111], [0.5695, 1.1111])
    """
    if equal not in EQUAL:
        raise ParameterError.of("equal", f"be one of {listed(EQUAL)}", equal, nearest(equal, EQUAL))
    given = {"first": first, "second": second}
    for argument, network in given.items():
        if not hasattr(network, "map_parameters"):
            raise ParameterError.of(argument, "be a Network", network)
    _check_units(first, second)
    addresses = _checked_addresses(optimum, first, second)
    plain, labels = take_off_all([first, second])
    for network in plain:
        refuse_traced(network)
        _refuse_large(network)
    if equal == "drive" or addresses:
        drive_address(first, "first")
    drive_address(second, "second")
    changes, is_equal = _changes(plain, labels, equal, addresses, quantity)
    sides = [_with_changes(network, change, labels) for network, change in zip(plain, changes, strict=True)]
    values, about = values_of_both(sides, labels, addresses)
    if labels.dims:
        values = {name: (tail, masked(value, is_equal)) for name, (tail, value) in values.items()}
    held = values[{"drive": "drive", "input_power": "drive_power"}.get(equal, equal)][1]
    about |= _about(equal, held, quantity if addresses else "")
    coordinates: dict[str, Any] = {"device": ("device", _names(first, second))}
    if addresses:
        coordinates["parameter"] = ("parameter", list(addresses))
    base = sides[int(sides[0].energy_unit == ENERGY)]
    found = labelled(base, labels, values, coordinates, **about)
    files = {"device_file": device_record(sides[0]), "second_device_file": device_record(sides[1])}
    if addresses:
        found["optimum"].attrs["units"] = _unit(plain, addresses)
    scale = {**second.scale, **first.scale}
    return found.assign_attrs({"device": " and ".join(_names(first, second)), **scale, **files})


def _refuse_large(network: Network) -> None:
    """Refuse matrices of so many modes that there is no memory for a scan of amplitudes."""
    modes = len(network.mode_names)
    if short := shortage(8 * _MATRICES * _AT_ONCE * (2 * modes) ** 2):
        allowed = f"leave the matrices of its modes at {_AT_ONCE} drives to what fits into memory"
        raise ParameterError.of("network", allowed, f"{network.name}: {short[0]}, and {short[1]} are free")


def _names(first: Network, second: Network) -> list[str]:
    if first.name != second.name:
        return [first.name, second.name]
    return [f"{first.name} (first)", f"{second.name} (second)"]


def _unit(networks: Sequence[Network], addresses: Sequence[str]) -> str:
    """The unit of parameters, where they have one in common."""
    units = {unit_of(one, name) for one in networks for name in addresses if name in one.parameters}
    return units.pop() if len(units) == 1 else OWN


def _check_units(first: Network, second: Network) -> None:
    """Refuse devices whose numbers mean different things."""
    for unit in ("rate_unit", "frequency_unit"):
        pair = [getattr(network, unit) for network in (first, second)]
        if all(pair) and pair[0] != pair[1]:
            raise ParameterError.of("second", f"have the {unit.replace('_', ' ')} of the first, {pair[0]}", pair[1])


def _checked_addresses(optimum: Any, first: Network, second: Network) -> tuple[str, ...]:
    """Parameters that are looked along, each of one device at least."""
    if optimum is None:
        return ()
    names = (optimum,) if isinstance(optimum, str) else optimum
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names) or not names:
        raise ParameterError.of("optimum", "be the address of a parameter, several, or None", optimum)
    for name in names:
        if name not in first.parameters and name not in second.parameters:
            known = list(dict.fromkeys([*first.parameters, *second.parameters]))
            raise ParameterError.of("optimum", f"be among {listed(known, 8)}", name, nearest(name, known))
        if any(name in network.parameters and name == own_drive(network) for network in (first, second)):
            raise ParameterError.of("optimum", "name no drive that is scaled", name)
    return tuple(dict.fromkeys(names))


Change = Mapping[str, Any]


def _changes(
    plain: Sequence[Network], labels: Labels, equal: str, addresses: Sequence[str], quantity: str
) -> tuple[tuple[list[Change], list[Change]], Array]:
    """New parameters of both sides, device by device, and which pairs have been made equal."""
    pairs = zip(single_devices(plain[0], labels), single_devices(plain[1], labels), strict=True)
    found: tuple[list[Change], list[Change]] = ([], [])
    is_equal: list[bool] = []
    for first, second in pairs:
        try:
            changes = _changes_of(first, second, equal, addresses, quantity)
            is_equal.append(True)
        except LeydenError:
            if not labels.dims:
                raise
            changes = _unchanged(first, second, addresses)  # of which nothing is handed out
            is_equal.append(False)
        for side, change in zip(found, changes, strict=True):
            side.append(change)
    return found, np.asarray(is_equal, dtype=np.bool_).reshape(labels.shape)


def _unchanged(first: Network, second: Network, addresses: Sequence[str]) -> tuple[Change, Change]:
    """The parameters that two devices have in place of new ones."""
    left, right = (
        {name: network.parameters[name] for name in (*addresses, own_drive(network)) if name in network.parameters}
        for network in (first, second)
    )
    return left if addresses else {}, right


def _changes_of(
    first: Network, second: Network, equal: str, addresses: Sequence[str], quantity: str
) -> tuple[Change, Change]:
    """New parameters of two single devices."""
    target = _held(first, equal)
    if not addresses:
        return {}, {own_drive(second): Knob(second, "second", equal).matched(target)}
    left, right = (
        _optimal(Knob(network, argument, equal), addresses, quantity, target)
        for network, argument in ((first, "first"), (second, "second"))
    )
    return left, right


def _held(first: Network, equal: str) -> float:
    """What the first device has of what is held."""
    if equal == "drive":
        return Knob(first, "first", equal).amplitude
    held = Knob(first, "first", equal).held(first)
    if not np.isfinite(held):
        answered(Task(first, UNLABELLED))  # says why there is no steady state
        raise ParameterError.of("first", f"have {EQUAL[equal]} within the number range", held)
    return float(held)


def _optimal(knob: Knob, addresses: Sequence[str], quantity: str, target: float) -> Change:
    """Parameters of one side at its optimum, and the drive there."""
    ranges = [range_of(knob.network, address) for address in addresses if address in knob.network.parameters]

    def at(numbers: Sequence[float]) -> tuple[Knob, Change]:
        change = {one.address: one.value(number) for one, number in zip(ranges, numbers, strict=True)}
        return replace(knob, network=knob.network.replace(**change)), change

    def worth(numbers: Sequence[float]) -> float:
        try:
            moved, _ = at(numbers)
            values, _ = answered(Task(moved.at(moved.matched(target)), UNLABELLED, is_member=True))
        except LeydenError:
            return np.nan
        own = own_values(moved.network, UNLABELLED, values)
        if quantity not in own:
            raise ParameterError.of("quantity", f"be among {listed(own)}", quantity, nearest(quantity, own))
        return float(own[quantity])

    if not ranges:
        return {knob.address: knob.matched(target)}
    found = best(ranges, worth)
    moved, change = at([found[one.address] for one in ranges])
    return {**change, moved.address: moved.matched(target)}


def _with_changes(network: Network, changes: Sequence[Change], labels: Labels) -> Network:
    """A device, or a batch, with the new parameters of its members."""
    names = changes[0] if changes else {}
    if not labels.dims:
        return network.replace(**names)
    return network.replace(
        **{name: np.asarray([change[name] for change in changes]).reshape(labels.shape) for name in names}
    )


def _about(equal: str, held: Array, quantity: str) -> dict[str, Any]:
    """Attributes that say what is held, at what value and to what error."""
    first, second = held[..., 0], held[..., 1]
    size = np.maximum(np.abs(first), np.abs(second))
    with np.errstate(invalid="ignore"):
        errors = np.abs(second - first) / np.where(size > 0, size, 1.0)
    about: dict[str, Any] = {"equal": equal, "held_error": float(np.max(errors, initial=0.0, where=~np.isnan(errors)))}
    if not np.ndim(first):
        about["held"] = float(first)
    return about | ({"optimum_of": quantity} if quantity else {})
