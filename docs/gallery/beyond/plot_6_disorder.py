"""
A thermal array with disorder
=============================

Cells in a row, each in a warm bath, the first one driven, with detunings drawn at random: a thousand samples are one
call.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

cells = 6
random = np.random.default_rng(0)
samples = xr.DataArray(random.normal(size=(1000, cells)), dims=("sample", "cell"))
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
for width, colour in zip((0.05, 0.1, 0.3), ly.plots.sequence(3), strict=True):
    chain = ly.catalog.cascade(cells, drive=0.1, damping=0.1, detuning=width * samples, photons=1, occupation=0.2)
    last = ly.steady_state(chain).ergotropy.isel(mode=-1)
    axes.hist(last, bins=40, histtype="step", color=colour, label=rf"detunings $\pm {width:g}\,\Gamma$")
axes.set(xlabel=r"ergotropy of the last cell ($\hbar\omega_0$)", ylabel="samples of 1000")
_ = axes.legend()

# %%
# Checked: warmth brings energy and takes no ergotropy. A displaced thermal state's ergotropy is the displacement's,
# which does not depend on the temperature of baths that all are alike.

cold = ly.catalog.cascade(cells, drive=0.1, damping=0.1, detuning=0.1 * samples, photons=1)
warm = ly.catalog.cascade(cells, drive=0.1, damping=0.1, detuning=0.1 * samples, photons=1, occupation=0.2)
pair = [ly.steady_state(device) for device in (cold, warm)]
assert np.allclose(pair[0].ergotropy, pair[1].ergotropy, rtol=1e-8)
assert np.allclose(pair[1].stored_energy - pair[0].stored_energy, 0.2, atol=1e-9)
print(f"mean ergotropy of the last cell {float(pair[1].ergotropy.isel(mode=-1).mean()):.4f}")
