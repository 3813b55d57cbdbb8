"""
Energy, ergotropy and power (figure 2)
======================================

A two-photon drive squeezes the charger, and the shared bath with the nonreciprocal coupling hands the charge on
one way. Weaker damping stores more; of the energy, only the ergotropy can be
extracted.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

times = np.linspace(0, 60, 301)
drive = 0.1
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for damping, colour in zip((0.1, 0.15, 0.25), ly.plots.sequence(3), strict=True):
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=damping, battery_damping=damping)
    run = ly.charge(device, times)
    left.plot(times, run.stored_energy, color=colour, label=rf"$\kappa = {damping:g}\,\Gamma$")
    left.plot(times, run.ergotropy, color=colour, linestyle="--")
    right.plot(times, run.charging_power, color=colour)
left.set(xlabel=r"$\Gamma t$", ylabel=r"$E_B$, and $W$ dashed ($\hbar\omega_0$)", title="(a) energy and ergotropy")
right.set(xlabel=r"$\Gamma t$", ylabel=r"$P$ ($\hbar\omega_0\Gamma$)", title="(b) charging power")
_ = left.legend()

# %%
# Checked: the steady energy of Eq. (14) by hand, 0.06 / (0.2 x 0.32) at :math:`\kappa = 0.1\,\Gamma`.

device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
stored = float(ly.steady_state(device).stored_energy)
assert abs(stored - 0.06 / (0.2 * 0.32)) < 1e-12
print(f"stored {stored:.6f}, by hand {0.06 / (0.2 * 0.32):.6f}")
