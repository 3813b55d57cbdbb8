"""Linear algebra that the array standard lacks, without physics."""

from leyden.backend import ladder as ladder
from leyden.backend.blocks import Block as Block
from leyden.backend.blocks import cut as cut
from leyden.backend.blocks import in_blocks as in_blocks
from leyden.backend.blocks import is_whole as is_whole
from leyden.backend.eigenvalues import eigenvalues as eigenvalues
from leyden.backend.elimination import triangle as triangle
from leyden.backend.graph import pattern_of as pattern_of
from leyden.backend.graph import reached as reached
from leyden.backend.linear import solve_linear as solve_linear
from leyden.backend.loops import halved as halved
from leyden.backend.loops import halvings_of as halvings_of
from leyden.backend.loops import repeated as repeated
from leyden.backend.lyapunov import solve_lyapunov as solve_lyapunov
from leyden.backend.lyapunov import solve_lyapunov_with_spectrum as solve_lyapunov_with_spectrum
from leyden.backend.spectra import Spectra as Spectra
from leyden.backend.spectra import bounded_spectra as bounded_spectra
from leyden.backend.spectra import is_directed as is_directed
from leyden.backend.spectra import spectral_disc as spectral_disc
from leyden.backend.stationary import MOST_MODES as MOST_MODES
from leyden.backend.stationary import solve_components as solve_components
from leyden.backend.threads import load_scipy_linalg as load_scipy_linalg
from leyden.backend.threads import on_one_thread as on_one_thread
from leyden.backend.traced import on_host as on_host
from leyden.backend.traced import where_needed as where_needed

__all__ = [
    "MOST_MODES",
    "Block",
    "Spectra",
    "bounded_spectra",
    "cut",
    "eigenvalues",
    "halved",
    "halvings_of",
    "in_blocks",
    "is_directed",
    "is_whole",
    "ladder",
    "load_scipy_linalg",
    "on_host",
    "on_one_thread",
    "pattern_of",
    "reached",
    "repeated",
    "solve_components",
    "solve_linear",
    "solve_lyapunov",
    "solve_lyapunov_with_spectrum",
    "spectral_disc",
    "triangle",
    "where_needed",
]
