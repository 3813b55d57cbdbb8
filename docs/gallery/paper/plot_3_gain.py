"""
Two photons or one (figures 4 and 5)
====================================

At equal drive, a one-photon drive displaces the charger and a two-photon drive squeezes it. Squeezing grows without
bound towards the threshold, and so wins there; far below, displacement wins.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

values = np.linspace(0.01, 0.149, 120)
drive = xr.DataArray(values, dims="drive", coords={"drive": values})
rates = {"charger_damping": 0.1, "battery_damping": 0.1}
two = ly.steady_state(ly.catalog.two_photon_battery(drive=drive, **rates))
one = ly.steady_state(ly.catalog.one_photon_battery(drive=drive, **rates))

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.semilogy(values, two.stored_energy / one.stored_energy, label="$E_2/E_1$")
axes.semilogy(values, two.ergotropy / one.ergotropy, "--", label="$W_2/W_1$")
axes.axhline(1.0, color="grey", linewidth=0.7)
axes.set(xlabel=r"drive $\epsilon$ ($\Gamma$)", ylabel="two photons over one")
_ = axes.legend()

# %%
# Checked: the one-photon battery holds :math:`16 g^2\epsilon^2/\Lambda^4` with :math:`g = \Gamma/2` and
# :math:`\Lambda = \kappa + g`, all of it ergotropy.

by_hand = 16 * 0.5**2 * values**2 / 0.6**4
assert np.allclose(one.stored_energy, by_hand, rtol=1e-12)
assert np.allclose(one.ergotropy, by_hand, rtol=1e-10)
print(f"largest difference {float(abs(one.stored_energy - by_hand).max()):.1e}")
