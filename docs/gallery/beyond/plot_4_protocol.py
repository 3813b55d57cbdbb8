"""
Charge, hold, discharge
=======================

Stages in a row: a driven charger, a hold in which the drive is off, and a load that empties the battery.
"""

import matplotlib.pyplot as plt

import leyden as ly

pair = ly.catalog.two_photon_battery(drive=0.13, charger_damping=0.1, battery_damping=0.02)
losses = [part for part in pair.elements if isinstance(part, ly.LocalBath)]
load = [ly.CoherentCoupling("battery", "load", 0.3), ly.LocalBath("load", 1.0)]
modes = [*pair.modes, ly.Mode("load")]


def stage(name, parts, duration):
    return ly.Stage(name, ly.Network(modes, parts, charger="charger", battery="battery"), duration)


run = ly.protocol(
    [stage("charge", pair.elements, 20.0), stage("hold", losses, 25.0), stage("discharge", [*losses, *load], 15.0)]
)
figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
axes.plot(run["time"], run["stored_energy"], label="stored energy")
axes.plot(run["time"], run["ergotropy"], label="ergotropy")
ly.plots.stages(run, ax=axes)
axes.set(xlabel=r"$\Gamma t$", ylabel=r"battery ($\hbar\omega_0$)")
_ = axes.legend()

# %%
# Checked: in the hold nothing but its own loss acts on the battery, whose energy falls as :math:`e^{-\kappa t}`.

import numpy as np

found = ly.cycle(run)
print(found[["duration", "drive_work", "stored_energy", "ergotropy"]].round(4).to_dataframe())
held = found.stored_energy.sel(stage="hold") / found.stored_energy.sel(stage="charge")
assert abs(float(held) - np.exp(-0.02 * 25.0)) < 1e-10
