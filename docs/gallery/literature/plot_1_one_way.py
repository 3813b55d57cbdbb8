"""
One way or both ways (Ahmadi et al.)
====================================

The same coherent coupling stores up to four times more where a shared bath makes it act one way.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

values = np.geomspace(1e-3, 10.0, 80)
damping = xr.DataArray(values, dims="damping", coords={"damping": values})
rates = {"drive": 0.1, "charger_damping": damping, "battery_damping": damping}
one_way = ly.steady_state(ly.catalog.one_photon_battery(**rates))
both_ways = ly.steady_state(ly.catalog.reciprocal_battery(coupling=0.25, photons=1, **rates))
gain = one_way.stored_energy / both_ways.stored_energy

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.semilogx(values, gain)
axes.axhline(4.0, color="grey", linestyle="--", linewidth=0.8)
_ = axes.set(xlabel=r"damping $\kappa$ ($\Gamma$)", ylabel="energy one way over both ways")

# %%
# Checked: the gain is :math:`4[(\kappa^2 + g^2)/(\kappa + g)^2]^2` with :math:`g = \Gamma/2`.

by_hand = 4 * ((values**2 + 0.25) / (values + 0.5) ** 2) ** 2
assert np.allclose(gain, by_hand, rtol=1e-10)
print(f"at weak damping {float(gain[0]):.6f}")
