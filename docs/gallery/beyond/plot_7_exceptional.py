"""
Exceptional points
==================

Two coupled modes of unlike damping: where the coupling equals a quarter of the difference, two eigenvalues and their
eigenvectors become one.
"""

import matplotlib.pyplot as plt
import numpy as np

import leyden as ly


def pair(coupling):
    return ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [
            ly.OnePhotonDrive("a", 0.1),
            ly.CoherentCoupling("a", "b", coupling),
            ly.LocalBath("a", 1.0),
            ly.LocalBath("b", 0.2),
        ],
        charger="a",
        battery="b",
    )


couplings = np.linspace(0.01, 0.5, 200)
eigenvalues = np.array([np.linalg.eigvals(ly.moment_equations(pair(value)).drift) for value in couplings])
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
left.plot(couplings, np.sort(eigenvalues.real, axis=1), "C0", linewidth=1)
right.plot(couplings, np.sort(eigenvalues.imag, axis=1), "C1", linewidth=1)
for axes in (left, right):
    axes.axvline(0.2, color="grey", linewidth=0.7)
left.set(xlabel="coupling $J$", ylabel="rates (real parts)")
_ = right.set(xlabel="coupling $J$", ylabel="frequencies (imaginary parts)")

# %%
# Checked: :math:`J = |\kappa_a - \kappa_b|/4 = 0.2`.

found = ly.exceptional_points(pair(0.1), "CoherentCoupling(a, b).strength", (0.05, 0.5))
value = float(found.exceptional_value[0])
assert abs(value - 0.2) < 1e-9
print(f"at J = {value:.9f}, of order {int(found.exceptional_order[0])}")
