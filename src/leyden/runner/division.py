"""How a sweep falls into blocks: rectangular parts, each computed at once and written whole and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, prod

__all__ = ["Blocks", "Place", "along", "points_at"]

Place = Mapping[str, slice]
"""Where a rectangular part of a sweep stands: its slice of each dim."""

# The cube root of 1000 is 10, though not in floating point.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Blocks:
    """A regular division of a sweep.

    Parameters
    ----------
    sizes : mapping of str to int
        Dims of the sweep, in order.
    chunks : mapping of str to int
        Size of a block along each dim; blocks at the far edges may be smaller.
    """

    sizes: Mapping[str, int]
    chunks: Mapping[str, int]

    @classmethod
    def of(cls, sizes: Mapping[str, int], largest: int) -> Blocks:
        """Blocks of at most so many points, about equally long in all dims.

        Parameters
        ----------
        sizes : mapping of str to int
            Dims of the sweep, in order.
        largest : int
            Points in a block, at least 1.

        Returns
        -------
        Blocks

        Notes
        -----
        A task carries its block's part of each axis, which is short where the block is no long strip.
        """
        chunks: dict[str, int] = {}
        room = max(1, largest)
        # Short dims first: what they do not need is room for the long ones.
        dims = sorted(sizes, key=lambda dim: sizes[dim])
        for place, dim in enumerate(dims):
            share = max(1, floor(room ** (1 / (len(dims) - place)) * (1 + _ROUNDING)))
            # As many parts as it takes, all about equally long.
            chunks[dim] = ceil(sizes[dim] / ceil(sizes[dim] / share))
            room //= chunks[dim]
        return cls(dict(sizes), {dim: chunks[dim] for dim in sizes})

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of blocks along each dim."""
        return tuple(ceil(size / self.chunks[dim]) for dim, size in self.sizes.items())

    @property
    def count(self) -> int:
        """Number of blocks."""
        return prod(self.shape)

    @property
    def points(self) -> int:
        """Number of points in all of them."""
        return prod(self.sizes.values())

    def points_in(self, number: int) -> int:
        """Number of points in one of them.

        Parameters
        ----------
        number : int
            Which.

        Returns
        -------
        int
        """
        return points_at(self.place(number))

    def place(self, number: int) -> dict[str, slice]:
        """One block's part of each dim.

        Parameters
        ----------
        number : int
            From 0, in the order in which the last dim runs fastest.

        Returns
        -------
        dict of str to slice
        """
        position: dict[str, int] = {}
        for dim, length in reversed(list(zip(self.sizes, self.shape, strict=True))):
            number, position[dim] = divmod(number, length)
        return {
            dim: slice(position[dim] * chunk, min(self.sizes[dim], (position[dim] + 1) * chunk))
            for dim, chunk in self.chunks.items()
        }


def points_at(place: Place) -> int:
    """Number of points at a place that names all dims."""
    return prod(part.stop - part.start for part in place.values())


def along(place: Place, dims: Sequence[str]) -> tuple[slice, ...]:
    """The same place in an array of these dims; those that it does not name are whole."""
    return tuple(place.get(dim, slice(None)) for dim in dims)
