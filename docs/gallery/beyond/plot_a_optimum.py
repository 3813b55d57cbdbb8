"""
The optimum of power over two parameters
========================================

Which shared rate and which weight give a one-photon battery the largest peak of power?
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import leyden as ly

fixed = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}
bounds = {"shared_rate": (0.05, 2.0), "charger_weight": (0.2, 1.0)}
best = ly.optimize(ly.catalog.one_photon_battery, bounds, "charging_power", fixed=fixed)
print({name: round(value, 5) for name, value in best.parameters.items()}, round(best.merit, 8))


def axis(name, values):
    return xr.DataArray(values, dims=name, coords={name: values})


rate, weight = axis("shared_rate", np.linspace(0.05, 2.0, 40)), axis("charger_weight", np.linspace(0.2, 1.0, 30))
run = ly.charge(
    ly.catalog.one_photon_battery(shared_rate=rate, charger_weight=weight, **fixed), np.linspace(0, 40, 161)
)
peak = run.charging_power.max("time").transpose("charger_weight", "shared_rate")
figure, axes = plt.subplots(figsize=(6, 3.8), layout="constrained")
figure.colorbar(axes.contourf(rate, weight, peak, 20), label=r"peak power ($\hbar\omega_0\Gamma$)")
axes.plot(best.parameters["shared_rate"], best.parameters["charger_weight"], "o", color="tab:red")
_ = axes.set(xlabel=r"shared rate $\Gamma$", ylabel="weight of the charger")

# %%
# Checked: with equal dampings the peak goes as :math:`g^2/s^3`, largest at :math:`\Gamma = 4\kappa` and equal weights.

assert abs(best.parameters["shared_rate"] - 0.4) < 1e-4
assert abs(best.parameters["charger_weight"] - 2**-0.5) < 1e-4
