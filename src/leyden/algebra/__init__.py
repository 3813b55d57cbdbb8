"""Linear algebra that the array standard lacks, without physics."""

from leyden.algebra import ladder as ladder
from leyden.algebra.definiteness import definiteness as definiteness
from leyden.algebra.eigenvalues import eigenvalues as eigenvalues
from leyden.algebra.elimination import triangle as triangle
from leyden.algebra.graph import pattern_of as pattern_of
from leyden.algebra.graph import reached as reached
from leyden.algebra.linear import solve_linear as solve_linear
from leyden.algebra.loops import halved as halved
from leyden.algebra.loops import halvings_of as halvings_of
from leyden.algebra.loops import repeated as repeated
from leyden.algebra.lyapunov import solve_lyapunov as solve_lyapunov
from leyden.algebra.lyapunov import solve_lyapunov_with_spectrum as solve_lyapunov_with_spectrum
from leyden.algebra.spectra import Spectra as Spectra
from leyden.algebra.spectra import bounded_spectra as bounded_spectra
from leyden.algebra.spectra import is_directed as is_directed
from leyden.algebra.spectra import spectral_disc as spectral_disc
from leyden.algebra.stationary import MOST_MODES as MOST_MODES
from leyden.algebra.stationary import solve_components as solve_components
from leyden.algebra.threads import load_scipy_linalg as load_scipy_linalg
from leyden.algebra.threads import on_one_thread as on_one_thread
from leyden.algebra.traced import on_host as on_host
from leyden.algebra.traced import where_needed as where_needed
