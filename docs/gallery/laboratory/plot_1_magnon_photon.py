"""
A magnon-photon device in GHz and mK
====================================

A cavity of 10 GHz and the magnons of a sphere, coupled at some MHz and cooled to 50 mK; a microwave drive on the cavity
charges the magnons. Answers are in joules and microseconds.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

lab = ly.units.Lab("1 MHz", frequency_unit="10 GHz")
device = ly.Network(
    modes=[lab.build(ly.Mode, "cavity", frequency="10 GHz"), lab.build(ly.Mode, "magnon", frequency="10 GHz")],
    elements=[
        lab.build(ly.OnePhotonDrive, "cavity", amplitude="5 MHz"),
        lab.build(ly.CoherentCoupling, "cavity", "magnon", strength="3 MHz"),
        lab.build(ly.LocalBath, "cavity", rate="2 MHz", occupation="50 mK"),
        lab.build(ly.LocalBath, "magnon", rate="1 MHz", occupation="50 mK"),
    ],
    charger="cavity",
    battery="magnon",
)
run = lab.convert(ly.charge(device, lab.time(np.linspace(0, 1, 401), "us")), time="us", power="aW")
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
axes.plot(run["time"], run["stored_energy"], label="stored energy")
axes.plot(run["time"], run["ergotropy"], "--", label="ergotropy")
axes.set(xlabel=f"time ({run['time'].units})", ylabel=f"energy of the magnons ({run.stored_energy.units})")
_ = axes.legend()

# %%
# Checked: the thermal occupation is Planck's, and the steady ergotropy that of two linear amplitudes,
# :math:`|J\epsilon/(J^2 + \kappa_a\kappa_b/4)|^2` quanta.

planck, boltzmann = 6.62607015e-34, 1.380649e-23
warm = 1 / np.expm1(planck * 10e9 / (boltzmann * 0.05))
assert abs(device.elements[-1].occupation / warm - 1) < 1e-12
quanta = (3 * 5 / (3**2 + 2 * 1 / 4)) ** 2
steady = lab.convert(ly.steady_state(device))
assert abs(float(steady.ergotropy) / (quanta * planck * 10e9) - 1) < 1e-9
print(f"{warm:.3e} thermal quanta; ergotropy {float(steady.ergotropy):.4e} {steady.ergotropy.units}")
