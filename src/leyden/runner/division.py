"""How a sweep falls into blocks: rectangular parts, each computed at once and written whole and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from leyden.arrays.parts import bricks, counts_of, part_at

__all__ = ["Blocks", "Place", "along", "points_at"]

Place = Mapping[str, slice]
"""Where a rectangular part of a sweep stands: its slice of each dim."""


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
        lengths = bricks(tuple(sizes.values()), largest)
        return cls(dict(sizes), dict(zip(sizes, lengths, strict=True)))

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of blocks along each dim."""
        return counts_of(*self._lengths)

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
        return dict(zip(self.sizes, part_at(number, *self._lengths), strict=True))

    @property
    def _lengths(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return tuple(self.sizes.values()), tuple(self.chunks[dim] for dim in self.sizes)


def points_at(place: Place) -> int:
    """Number of points at a place that names all dims."""
    return prod(part.stop - part.start for part in place.values())


def along(place: Place, dims: Sequence[str]) -> tuple[slice, ...]:
    """The same place in an array of these dims; those that it does not name are whole."""
    return tuple(place.get(dim, slice(None)) for dim in dims)
