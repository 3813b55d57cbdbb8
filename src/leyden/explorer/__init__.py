"""The explorer: a page in the browser on which a device answers while its parameters are moved."""

from __future__ import annotations

__all__: list[str] = []
