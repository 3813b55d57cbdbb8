"""Device files: a network as a TOML text that people write and read.

A file holds one device:

    format = 1                      # version of this format; may be left out
    name = "my_battery"             # may be left out: the file's name without its suffix
    charger = "a"
    battery = "b"                   # or several: ["b", "c"]

    [[modes]]
    name = "a"
    frequency = 1.0
    detuning = 0.0

    [[elements]]
    kind = "coherent_coupling"      # or "one_photon_drive", "two_photon_drive", "local_bath", "shared_bath"
    first = "a"
    second = "b"
    strength = { re = 0.0, im = -0.25 }

    [[elements]]
    kind = "shared_bath"
    weights = { a = 1.0, b = { re = 0.0, im = 1.0 } }
    rate = 1.0

Keys are the fields of the records in `leyden.model.elements`, with their defaults. A complex number is always the table
`{ re = ..., im = ... }`; a plain number is real. Any other key is refused. Names are printable strings of at most 255
characters, keys have at most 32 dotted parts, and a file has at most 64 MiB. It is read up to its first fault, which is
told with its key and its line.
"""

from leyden.model.files.reading import parse_device as parse_device
from leyden.model.files.reading import read_device as read_device
from leyden.model.files.writing import device_tables as device_tables
from leyden.model.files.writing import device_text as device_text
from leyden.model.files.writing import write_device as write_device

__all__ = ["device_tables", "device_text", "parse_device", "read_device", "write_device"]
