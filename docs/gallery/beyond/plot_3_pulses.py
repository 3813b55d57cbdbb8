"""
A pulsed drive
==============

A drive may be a pulse. A short one-photon pulse kicks the charger; charge then swings to the battery and back.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

area, width = 0.7, 0.02
kick = ly.pulse.gaussian(area / (np.sqrt(2 * np.pi) * width), centre=6 * width, width=width)
pair = {"coupling": 1.0, "charger_damping": 0.1, "battery_damping": 0.1}
device = ly.catalog.reciprocal_battery(drive=kick, photons=1, **pair)
times = np.linspace(0.0, 10.0, 501)
run = ly.charge(device, times)

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.plot(times, run.charger_energy, label="charger")
axes.plot(times, run.stored_energy, label="battery")
axes.set(xlabel=r"$J t$", ylabel=r"energy ($\hbar\omega_0$)")
_ = axes.legend()

# %%
# Checked: after a pulse of area :math:`A` that is short, the battery has
# :math:`A^2 e^{-\kappa t}\sin^2 Jt` quanta.

later = times - 6 * width
by_hand = area**2 * np.exp(-0.1 * later) * np.sin(later) ** 2
after = times > 1.0
difference = abs(run.stored_energy.values - by_hand)[after].max()
assert difference < 2e-3 * area**2
print(f"largest difference {difference:.1e}, of the order of (width J)^2 = {width**2:.0e}")
