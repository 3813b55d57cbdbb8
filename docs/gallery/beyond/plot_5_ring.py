"""
A ring with flux
================

A flux through a ring of modes turns transport around it into a matter of direction: the two arms interfere.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

# A labelled flux makes a batch: one ring for each value, and no loop.
fluxes = np.linspace(-np.pi, np.pi, 101)
flux = xr.DataArray(fluxes, dims="flux", coords={"flux": fluxes})
count, ring = 3, {"drive": 0.1, "damping": 0.2, "coupling": 0.5, "photons": 1}
steady = ly.steady_state(ly.catalog.ring(count, flux=flux, **ring))

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.plot(fluxes / np.pi, steady.charger_energy, color="0.6", linestyle="--", label="charger m0")
for name in ("m1", "m2"):
    axes.plot(fluxes / np.pi, steady.stored_energy.sel(mode=name), label=f"battery {name}")
axes.set(xlabel=r"flux ($\pi$)", ylabel=r"energy ($\hbar\omega_0$)", xticks=[-1, -0.5, 0, 0.5, 1])
_ = axes.legend(loc="upper left", bbox_to_anchor=(1, 1))

# %%
# Checked: the amplitudes of a linear ring solve three equations, done here with NumPy alone; and turning the flux
# around exchanges the two batteries.

generator = -0.5 * ring["damping"] * np.eye(count, dtype=complex)
for i in range(count):
    j = (i + 1) % count
    strength = ring["coupling"] * np.exp(1j * (np.pi / 2) / count)
    generator[j, i] -= 1j * strength
    generator[i, j] -= 1j * np.conj(strength)
amplitudes = np.linalg.solve(generator, [0.1j, 0, 0])
found = float(steady.stored_energy.sel(mode="m1").sel(flux=np.pi / 2, method="nearest"))
assert abs(found - abs(amplitudes[1]) ** 2) < 1e-12
assert np.allclose(steady.stored_energy.sel(mode="m1"), steady.stored_energy.sel(mode="m2")[::-1], rtol=1e-10)
print(f"m1 at a quarter of a flux quantum: {found:.6f}")
