"""Which claims of the paper survive a real nonlinearity? Verdicts, computed on devices whose charger is anharmonic."""

from leyden.paper.beyond.survey import audit_beyond as audit_beyond

__all__ = ["audit_beyond"]
