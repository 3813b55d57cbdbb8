"""
Through the threshold with a Kerr charger
=========================================

The Gaussian answer ends where the drive reaches the charger's damping. A real charger is anharmonic, and nothing
happens there: the weaker the Kerr term, the longer the Gaussian curve holds.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly


def device(drive, *elements):
    pair = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
    return ly.Network(pair.modes, [*pair.elements, *elements], charger="charger", battery="battery")


def axis(values):
    return xr.DataArray(values, dims="drive", coords={"drive": values})


below, across = axis(np.linspace(0.02, 0.149, 60)), axis(np.linspace(0.02, 0.22, 21))
figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
axes.semilogy(below, ly.steady_state(device(below)).stored_energy, "k--", label="Gaussian")
for kerr, colour in zip((1.0, 0.3), ly.plots.sequence(2), strict=True):
    run = ly.steady_state(device(across, ly.Kerr("charger", kerr)))
    axes.semilogy(across, run.stored_energy, color=colour, label=rf"$K = {kerr:g}\,\Gamma$")
axes.axvline(0.15, color="grey", linewidth=0.7)
axes.set(xlabel=r"drive $\epsilon$ ($\Gamma$)", ylabel=r"$E_B$ ($\hbar\omega_0$)", ylim=(1e-3, 100))
_ = axes.legend()

# %%
# Checked: the charger alone is known in closed form (Bartolo et al., Phys. Rev. A 94, 033841, 2016).

from leyden import closed_form

found = ly.steady_state(device(0.2, ly.Kerr("charger", 1.0)))
lone = closed_form.AnharmonicMode(damping=0.6, kerr=1.0, two_photon_drive=0.2)
assert abs(float(found.charger_energy) - float(closed_form.anharmonic_energy(lone))) < 1e-9
print(f"charger {float(found.charger_energy):.9f}, closed form {float(closed_form.anharmonic_energy(lone)):.9f}")
