"""Does the paper hold? Its figures, its claims, a report; written with the public front door only, as a user would."""

from __future__ import annotations

from leyden.paper.beyond import audit_beyond as audit_beyond
from leyden.paper.claims import Finding as Finding
from leyden.paper.claims import audit as audit
from leyden.paper.reproduce import reproduce as reproduce

__all__ = ["Finding", "audit", "audit_beyond", "reproduce"]
