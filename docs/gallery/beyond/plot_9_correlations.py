r"""
Correlations of charger and battery
===================================

Two modes that share a squeezed past are correlated; whether they are entangled depends on the temperature.
Drawn are the log-negativity :math:`E_\mathcal{N}`, which tells entanglement, and the mutual information :math:`I`.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly


def device(occupation):
    return ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.ParametricCoupling("a", "b", 0.3), ly.LocalBath("a", 1.0, occupation), ly.LocalBath("b", 1.0, occupation)],
        charger="a",
        battery="b",
    )


times = np.linspace(0.0, 12.0, 121)
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
for occupation, colour in zip((0.0, 0.1, 0.5), ly.plots.sequence(3), strict=True):
    found = ly.correlations(device(occupation), times)
    axes.plot(times, found.log_negativity, color=colour, label=f"$n = {occupation:g}$")
    axes.plot(times, found.mutual_information, color=colour, linestyle="--")
axes.set(xlabel=r"$\kappa t$", ylabel=r"$E_\mathcal{N}$, and $I$ dashed (nats)")
_ = axes.legend(loc="upper left", bbox_to_anchor=(1, 1))

# %%
# Checked: below threshold the smaller variance is :math:`(2n + 1)\kappa/(\kappa + 2 g)` of the vacuum's, and the
# log-negativity minus its logarithm.

found = float(ly.correlations(device(0.1)).log_negativity)
assert abs(found - np.log(1.6 / 1.2)) < 1e-10
print(f"log-negativity {found:.6f}, by hand {np.log(1.6 / 1.2):.6f}")
