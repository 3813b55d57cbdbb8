"""
Unequal damping and unequal coupling (figure 6)
===============================================

A million devices are one call: here a map over the ratio of the dampings and that of the couplings to the shared bath.
White: no steady state.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly


def axis(name, values):
    return xr.DataArray(values, dims=name, coords={name: values})


eta, xi = axis("eta", np.linspace(0.2, 5.0, 140)), axis("xi", np.linspace(0.3, 3.0, 120))
battery_weight = 1 / np.sqrt(1 + xi**2)
device = ly.catalog.two_photon_battery(
    drive=0.1,
    charger_damping=0.1 * eta,
    battery_damping=0.1,
    charger_weight=xi * battery_weight,
    battery_weight=battery_weight,
)
steady = ly.steady_state(device)
figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
logarithm = np.log10(steady.ergotropy.transpose("xi", "eta"))
image = axes.pcolormesh(eta, xi, logarithm, cmap="viridis", rasterized=True)
figure.colorbar(image, label=r"$\log_{10} W$ ($\hbar\omega_0$)")
axes.contour(eta, xi, ly.critical_drive(device).transpose("xi", "eta") - 0.1, [0.0], colors="black")
_ = axes.set(xlabel=r"$\eta = \kappa_a/\kappa_b$", ylabel=r"$\xi = p_a/p_b$")

# %%
# Checked: the threshold (black) is where :math:`4\epsilon = \kappa_a + \Gamma p_a^2`, the charger's own damping.

threshold = (0.1 * eta + (xi * battery_weight) ** 2) / 4
assert np.allclose(ly.critical_drive(device), threshold, rtol=1e-10)
print(f"stable: {int(steady.is_stable.sum())} of {steady.is_stable.size} devices")
