"""
Where energy comes from and goes to
===================================

The flows of every element while a battery charges, and the first law as a check.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
times = np.linspace(0.0, 40.0, 201)
flows = ly.energetics(device, times)
figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
axes.plot(times, flows.drive_power, "k", label="power of the drive")
for bath in flows.bath.values:
    axes.plot(times, flows.heat.sel(bath=bath), label=f"heat of {bath}")
axes.set(xlabel=r"$\Gamma t$", ylabel=r"$\hbar\omega_0\Gamma$")
_ = axes.legend(fontsize="small")

# %%
# Checked: what comes in is what is gained, and in the steady state nothing is gained.

assert float(abs(flows.first_law_residual).max()) < 1e-12
steady = ly.energetics(device)
balance = float(steady.drive_power + steady.heat.sum("bath"))
assert abs(balance) < 1e-12
print(f"entropy production in the steady state {float(steady.wigner_entropy_production):.4f}, balance {balance:.0e}")
