"""Device files: a network as a TOML text that people write and read; `read_device` says what one holds."""

from leyden.model.files.keeping import device_record
from leyden.model.files.reading import parse_device, read_device
from leyden.model.files.writing import device_tables, device_text, write_device

__all__ = ["device_record", "device_tables", "device_text", "parse_device", "read_device", "write_device"]
