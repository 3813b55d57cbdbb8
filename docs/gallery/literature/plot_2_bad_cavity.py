"""
A bad cavity as the shared bath (Lin et al.)
============================================

A broad lossy cavity between charger and battery acts as a shared bath. A coherent drive on resonance cannot tell how
broad it is, a two-photon drive sees its memory, and away from resonance isolation is lost.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

rates = {"drive": 0.1, "charger_damping": 0.2, "battery_damping": 0.2}
frequencies = np.geomspace(0.05, 50, 120)
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
for linewidth, colour in zip((4.0, 40.0, 400.0), ly.plots.sequence(3), strict=True):
    cavity = {"cavity_damping": linewidth, "cavity_coupling": np.sqrt(linewidth) / 2}
    found = ly.response(ly.catalog.bad_cavity_battery(**rates, **cavity), frequencies)
    axes.loglog(frequencies, found.isolation, color=colour, label=rf"$\kappa_c = {linewidth:g}\,\Gamma$")
    # Checked: the isolation is 1 + (linewidth / frequency)^2.
    assert np.allclose(found.isolation, 1 + (linewidth / frequencies) ** 2, rtol=1e-6)
axes.set(xlabel=r"frequency ($\Gamma$)", ylabel="isolation")
_ = axes.legend()

# %%
# Checked: on resonance and with one photon :math:`E_B/E_A = 4\Gamma^2/(\kappa_b + \Gamma)^2`,
# however narrow the cavity.

narrow = {"cavity_damping": 4.0, "cavity_coupling": 1.0}
ratio = float(ly.steady_state(ly.catalog.bad_cavity_battery(**rates, **narrow, photons=1)).transfer_ratio)
assert abs(ratio - 4 / 1.2**2) < 1e-10
print(f"E_B/E_A = {ratio:.6f}")
