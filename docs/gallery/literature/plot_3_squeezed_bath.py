"""
A squeezed bath charges with work (Centrone et al.)
===================================================

A mode takes on the state of its bath. A warm bath brings energy and no work; a squeezed one brings both.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

values = np.linspace(0.0, 1.5, 60)
squeezing = xr.DataArray(values, dims="squeezing", coords={"squeezing": values})
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
for occupation, colour in zip((0.0, 0.5, 2.0), ly.plots.sequence(3), strict=True):
    device = ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=squeezing, occupation=occupation)
    steady = ly.steady_state(device)
    axes.plot(values, steady.stored_energy, color=colour, label=f"$n = {occupation:g}$")
    axes.plot(values, steady.ergotropy, color=colour, linestyle="--")
    # Checked: n cosh 2r + sinh^2 r quanta, of which (2 n + 1) sinh^2 r are ergotropy.
    assert np.allclose(steady.stored_energy, occupation * np.cosh(2 * values) + np.sinh(values) ** 2, atol=1e-12)
    assert np.allclose(steady.ergotropy, (2 * occupation + 1) * np.sinh(values) ** 2, atol=1e-12)
axes.set(xlabel="squeezing $r$", ylabel=r"energy, ergotropy dashed ($\hbar\omega_0$)")
_ = axes.legend()
