"""
A Wigner movie
==============

The battery's Wigner function while a two-photon drive charges it: the vacuum's disc becomes an ellipse.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

import leyden as ly

device = ly.catalog.two_photon_battery(drive=0.13, charger_damping=0.1, battery_damping=0.1)
times = np.linspace(0, 30, 31)
states = ly.evolve(device, times)
x = np.linspace(-8, 8, 161)
films = ly.states.wigner(states, x, x, mode=1)

figure, axes = plt.subplots(figsize=(4.8, 4), gridspec_kw={"right": 0.78})


def show(frame):
    axes.clear()
    # One scale for all frames, up to the largest value that any state has.
    ly.plots.wigner(films[frame], limit=1 / np.pi, ax=axes)
    axes.set(title=rf"$\Gamma t = {times[frame]:.0f}$", xlim=(-5, 5), ylim=(-5, 5))


show(-1)
movie = FuncAnimation(figure, show, frames=len(times), interval=100)

# %%
# To keep it: ``movie.save("battery.gif")`` (or ``.mp4`` where ffmpeg is installed).
#
# Checked: each frame's integral is one, and at the origin it is the purity over :math:`\pi`.

run = ly.charge(device, times)
assert np.allclose(films.sum(["x", "p"]) * 0.1**2, 1.0, atol=1e-3)
assert np.allclose(np.pi * films.sel(x=0, p=0), run.purity, atol=1e-12)
print(f"purity at the end {float(run.purity[-1]):.6f}")
