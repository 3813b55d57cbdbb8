"""Moments of all modes at once as a method: small devices exactly, and batches of any array library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from leyden.algebra import on_one_thread
from leyden.arrays import Array, Part, cut, held, is_concrete, namespace_of
from leyden.dense.batched import batched, batched_twice
from leyden.dense.digits import relative_error
from leyden.dense.lost import lost_quanta
from leyden.dense.noise import without_noise
from leyden.dense.propagate import propagate, propagate_with_rates
from leyden.dense.steady import steady_state, without_unstable
from leyden.dense.steps import equidistant_step
from leyden.dense.work import drive_work
from leyden.drift import is_decaying, stability_of
from leyden.drift.phases import refuse_noise
from leyden.drift.unstable import refuse_unstable
from leyden.equations.affordable import without_room
from leyden.equations.batches import is_quick
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.equations.second_moments import LARGEST_TURNED, moments_abscissa
from leyden.memory import members_at_once
from leyden.model.families import Family
from leyden.results import bounded_energies, is_per_battery, refuse_lost, values_of, with_ratios, without_state_rows
from leyden.states.ladder import at_rest, moments_of, stood_in
from leyden.task import Answer, Method, Task
from leyden.text import listed

__all__ = ["METHOD"]


def _suits(_task: Task) -> bool:
    return True


def _refuses(task: Task) -> str:
    if task.beyond:
        return task.beyond
    if (task.equations.is_turned or task.equations.pulses) and namespace_of(*task.equations.arrays) is not np:
        return "pulses and dephasing are computed by NumPy alone"
    if task.equations.is_turned and task.modes > LARGEST_TURNED:
        return f"second moments of more than {LARGEST_TURNED} modes with dephasing take too much room"
    labels = task.labels if task.initial is None else task.labels.behind(task.start.shape)
    is_even = task.times is None or equidistant_step(task.times) is not None
    return without_room(task.modes, labels, task.count, is_even=is_even)


def _steady(task: Task) -> Answer:
    network, equations = task.network, task.equations

    def work(part: Part) -> dict[str, Array]:
        frequencies = [cut(value, part) for value in network.frequencies]
        state, stable = steady_state(equations.at(part))
        if namespace_of(state.mean) is not np:
            state = stood_in(state, stable)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            # At a fixed point nothing changes; where there is none, NaN stays NaN.
            values = values_of(network, state, at_rest(state), frequencies, axes=0)
            return {**(without_state_rows(values) if equations.is_turned else values), "is_stable": stable}

    values = batched(work, task)
    stable = values["is_stable"]
    is_one = not task.labels.dims
    if is_one and is_concrete(stable) and not bool(stable):
        _refuse(task)
    about: dict[str, Any] = {"method": "dense", **_not_gaussian(equations)}
    # A frequency that JAX traces is in no share: it scales the energies alone.
    if is_one and not any(share.arrays for share in equations.shares) and is_concrete(values["stored_energy"]):
        error = relative_error(equations, np.asarray(values["stored_energy"]), np.asarray(values["ergotropy"]))
        about |= {"relative_error": error} if error else {}
    if namespace_of(stable) is np:
        return with_ratios(bounded_energies(network, values, is_batch=not is_one), 0), about
    return _without_unstable(with_ratios(values, 0), equations, several=network.lists_batteries), about


def _refuse(task: Task) -> None:
    """Say of a device that has no steady state why."""
    concrete = task.network.map_parameters(held)
    equations = equations_of(concrete)
    one = equations.of_numbers()
    if one.is_turned:
        refuse_unstable(concrete, equations, float(moments_abscissa(one)), 0.0)
    found = stability_of(one.drift, one.drift_rounding)
    refuse_unstable(concrete, equations, float(found.abscissa), float(found.error))


def _without_unstable(values: Mapping[str, Array], equations: MomentEquations, *, several: bool) -> dict[str, Array]:
    """NaN for unstable devices of another array library, in merits that another state stood in for."""
    stable = values["is_stable"]
    return {
        name: value
        if name == "is_stable"
        else without_unstable(value, stable, equations, axes=int(several and is_per_battery(name)))
        for name, value in values.items()
    }


def _charge(task: Task) -> Answer:
    network, equations, start, times = task.network, task.equations, task.start, np.asarray(task.times)
    if equations.pulses or equations.is_turned:
        return _charge_pulsed(task)
    if task.is_single:
        refuse_noise(network.name, equations, times)

    def work(part: Part) -> dict[str, Array]:
        frequencies = [cut(value, part) for value in network.frequencies]
        of_part, first = equations.at(part), start.at(part)
        # What has left the number range is no state, and may divide by zero; its energies are looked at later.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if task.asked == "states":
                moments = moments_of(propagate(of_part, first, times))
                return without_noise(moments, of_part, times, several=False)
            state, rates = propagate_with_rates(of_part, first, times)
            lost = lost_quanta(of_part, first, state, times)
            values = values_of(network, state, rates, frequencies, axes=1, lost=lost)
            values["drive_work"] = drive_work(of_part, frequencies, first, state, times)
            values = with_ratios(values, 1) | (moments_of(state) if task.asked == "both" else {})
            values = without_noise(values, of_part, times, several=network.lists_batteries)
        return {**values, "is_stable": is_decaying(of_part.held())}

    return batched(work, task, start), {"method": "dense"}


def _not_gaussian(equations: MomentEquations) -> dict[str, str]:
    """Why there is no ergotropy, of a device whose state the moments do not tell."""
    if not equations.is_turned:
        return {}
    pairs = zip(equations.shares, equations.elements, strict=True)
    turning = [part for share, part in pairs if share.basis.turning is not None]
    modes = equations.mode_names
    labels = (part.label_among(modes) if isinstance(part, Family) else part.label for part in turning)
    names = listed(list(dict.fromkeys(labels)), 4)
    return {
        "not_gaussian": f"{names} leaves energies and moments exact and the state not Gaussian: what asks for the "
        "whole state, as ergotropy does, is NaN"
    }


def _charge_pulsed(task: Task) -> Answer:
    from leyden.dense.pulsed import Run, members_together, run_pulsed  # their steps are asked for by few devices

    network, equations, start, times = task.network, task.equations, task.start, np.asarray(task.times)
    about: dict[str, Any] = {"method": "dense", **_not_gaussian(equations)}
    about |= {"tolerance": task.tolerance, "error": 0.0, "steps": 0} if equations.pulses else {}

    def run(part: Part) -> Run:
        frequencies = [cut(value, part) for value in network.frequencies]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = run_pulsed(equations.at(part), frequencies, start.at(part), times, task.tolerance)
        if equations.pulses:
            about.update(error=max(about["error"], found.error), steps=max(about["steps"], found.steps))
        return found

    def values_in(run: Run, part: Part, members: slice, shape: tuple[int, ...]) -> dict[str, Array]:
        frequencies = [cut(value, part) for value in network.frequencies]
        own = run.of(members, shape)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            state, rates = own.moments()
            if task.asked == "states":
                return moments_of(state)
            values = values_of(network, state, rates, frequencies, axes=1) | {"drive_work": own.work}
            values = without_state_rows(values) if equations.is_turned else values
            values = with_ratios(values, 1) | (moments_of(state) if task.asked == "both" else {})
        # What it would do if all stayed as it is at the end.
        return {**values, "is_stable": is_decaying(equations.at(part).at_time(float(times[-1])))}

    together = members_together(equations, float(times[-1]), members_at_once(task.modes, task.count))
    work = batched_twice if is_quick(task.modes, task.labels.shape, task.count) else on_one_thread(batched_twice)
    values = work(run, values_in, task, start, together)
    if task.is_single and equations.pulses and task.asked != "states":
        refuse_lost(network, values, times)
    return values, about


METHOD = Method("dense", _suits, _refuses, _steady, _charge, takes_batches=True, keeps_states=True)
