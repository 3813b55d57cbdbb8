"""Sums over files and records: the known values of CRC32C, and every change of a file seen."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import zarr

from leyden.runner import integrity
from leyden.runner.integrity import flush, is_intact, mark_of, mark_of_chunk, sealed, unsealed


def test_known_sums(tmp_path: Path) -> None:
    """The check value of CRC32C, and 32 zeros and ones of RFC 3720, appendix B.4."""
    file = tmp_path / "file"
    for data, total in ((b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43)):
        file.write_bytes(data)
        assert mark_of(file) == (len(data), total)
    assert mark_of(tmp_path / "missing") is None
    assert mark_of(tmp_path) is None


def test_either_package_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases of Zarr bring one or the other."""
    monkeypatch.setitem(sys.modules, "google_crc32c", None)
    monkeypatch.setitem(sys.modules, "crc32c", SimpleNamespace(crc32c=lambda data: 7))  # type: ignore[arg-type]
    assert integrity._sum_of(b"123456789") == 7


def test_what_is_sealed_is_unsealed() -> None:
    record = {"a": [1, 2.5, None], "b": {"c": "größe \ud800"}, "d": 1e-300}
    assert unsealed(sealed(record)) == record
    with pytest.raises(ValueError, match="not what was written"):
        unsealed(sealed(record).replace("2.5", "2.6"))


@pytest.fixture
def chunk(tmp_path: Path) -> Path:
    """A chunk as Zarr writes it, with its sum behind."""
    array = zarr.create_array(
        str(tmp_path), name="x", data=np.arange(8.0), compressors=zarr.codecs.Crc32cCodec(), zarr_format=3
    )
    assert array[3] == 3.0
    return tmp_path / "x" / "c" / "0"


def test_a_chunk_is_known_by_the_sum_that_zarr_wrote(chunk: Path) -> None:
    """It is that of the numbers before it."""
    bare = chunk.with_name("bare")
    bare.write_bytes(np.arange(8.0).tobytes())
    known = mark_of(bare)
    assert known is not None
    assert mark_of_chunk(chunk) == (68, known[1])
    assert mark_of_chunk(chunk.with_name("missing")) is None


def test_every_flipped_bit_is_seen(chunk: Path) -> None:
    mark, data = mark_of_chunk(chunk), chunk.read_bytes()
    assert is_intact(chunk, mark, thorough=True)
    for place in range(len(data)):
        chunk.write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
        assert not is_intact(chunk, mark, thorough=True)
        # At a glance only the end is looked at.
        assert is_intact(chunk, mark, thorough=False) == (place < 64)


@pytest.mark.parametrize("thorough", [True, False])
def test_other_lengths_and_kinds_are_seen(chunk: Path, thorough: bool) -> None:
    mark, data = mark_of_chunk(chunk), chunk.read_bytes()
    assert not is_intact(chunk, None, thorough=thorough)
    for other in (b"", data[:-1], data + b"\0", data[4:]):
        chunk.write_bytes(other)
        assert not is_intact(chunk, mark, thorough=thorough)
    chunk.unlink()
    assert not is_intact(chunk, mark, thorough=thorough)
    assert is_intact(chunk, None, thorough=thorough)
    chunk.mkdir()
    assert not is_intact(chunk, mark, thorough=thorough)


def test_a_folder_that_cannot_be_flushed_is_left_alone(tmp_path: Path) -> None:
    flush(tmp_path)
    flush(tmp_path / "missing")
