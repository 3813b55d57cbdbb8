"""Does the paper hold? Thirty claims of arXiv:2511.12118, each with a computed verdict and its evidence."""

from leyden.paper.claims.audit import audit as audit
from leyden.paper.evidence.finding import Finding as Finding

__all__ = ["Finding", "audit"]
