"""What is handed in about a device of one's own: pictures, verdicts and numbers, on a page and in files."""

from leyden.report.writing import write_report as write_report

__all__ = ["write_report"]
