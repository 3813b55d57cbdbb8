"""
Utilization and conversion (figure 3)
=====================================

The utilization ratio compares the battery's ergotropy with the charger's energy, the conversion ratio its energy with
the charger's. Both rise above one: a battery can hold more than the charger that feeds it.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

times = np.linspace(0.5, 60, 240)
figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained", sharex=True)
for drive, colour in zip((0.06, 0.1, 0.13), ly.plots.sequence(3), strict=True):
    run = ly.charge(ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1), times)
    for axes, name in zip(panels, ("utilization_ratio", "conversion_ratio"), strict=True):
        axes.plot(times, run[name], color=colour, label=rf"$\epsilon = {drive:g}\,\Gamma$")
        axes.set(xlabel=r"$\Gamma t$", ylabel=run[name].attrs["long_name"])
for axes in panels:
    axes.axhline(1.0, color="grey", linewidth=0.7)
_ = panels[0].legend()

# %%
# Checked: each ratio against a witness in closed form, which shares no code with the curves.

from leyden import closed_form

device = closed_form.DirectedDevice(
    drive=0.13, total_charger_damping=0.6, total_battery_damping=0.6, transport_rate=0.5
)
witness = closed_form.utilization_ratio(device, times)
assert np.allclose(run.utilization_ratio, witness, rtol=1e-9)
print(f"at the end {float(run.utilization_ratio[-1]):.9f}, closed form {witness[-1]:.9f}")
