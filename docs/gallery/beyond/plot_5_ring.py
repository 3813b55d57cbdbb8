"""
A ring with flux
================

A flux through a ring of modes turns transport around it into a matter of direction: the two arms interfere.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly

damping, hopping, count = 0.2, 0.5, 3
baths = [ly.LocalBath(f"m{i}", damping) for i in range(count)]
drive = ly.OnePhotonDrive("m0", 0.1)


def ring(flux, battery):
    links = [
        ly.CoherentCoupling(f"m{i}", f"m{(i + 1) % count}", hopping * np.exp(1j * flux / count)) for i in range(count)
    ]
    return ly.Network(ly.Modes(count), [drive, *baths, *links], charger="m0", battery=battery)


fluxes = np.linspace(-np.pi, np.pi, 101)
stored = {name: [float(ly.steady_state(ring(f, name)).stored_energy) for f in fluxes] for name in ("m1", "m2")}
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
for name, values in stored.items():
    axes.plot(fluxes / np.pi, values, label=f"battery {name}")
axes.set(xlabel=r"flux ($\pi$)", ylabel=r"stored energy ($\hbar\omega_0$)")
_ = axes.legend()

# %%
# Checked: the amplitudes of a linear ring solve three equations, done here with NumPy alone; and turning the flux
# around exchanges the two batteries.

generator = -0.5 * damping * np.eye(count, dtype=complex)
for i in range(count):
    j = (i + 1) % count
    strength = hopping * np.exp(1j * (np.pi / 2) / count)
    generator[j, i] -= 1j * strength
    generator[i, j] -= 1j * np.conj(strength)
amplitudes = np.linalg.solve(generator, [0.1j, 0, 0])
found = float(ly.steady_state(ring(np.pi / 2, "m1")).stored_energy)
assert abs(found - abs(amplitudes[1]) ** 2) < 1e-12
assert np.allclose(stored["m1"], stored["m2"][::-1], rtol=1e-10)
print(f"m1 at a quarter of a flux quantum: {found:.6f}")
