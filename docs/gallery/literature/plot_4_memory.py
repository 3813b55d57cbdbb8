"""
Baths with a memory
===================

A bath of finite linewidth is one more mode, which the device gets by ``with_explicit_reservoir``. The Markovian answer
comes back as the linewidth grows.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

pair = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
markovian = float(ly.steady_state(pair).stored_energy)
linewidths = np.geomspace(1.0, 1e4, 25)
stored = []
for linewidth in linewidths:
    device = pair.with_explicit_reservoir("SharedBath(charger, battery)", linewidth)
    stored.append(float(ly.steady_state(device).stored_energy))
error = abs(np.array(stored) / markovian - 1)

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.loglog(linewidths, error, "o-", markersize=3)
_ = axes.set(xlabel=r"linewidth of the bath ($\Gamma$)", ylabel="relative distance from the Markovian energy")

# %%
# Checked: the distance falls as one over the linewidth.

slope = np.polyfit(np.log(linewidths[-8:]), np.log(error[-8:]), 1)[0]
assert abs(slope + 1) < 0.02
print(f"slope {slope:.4f}")
