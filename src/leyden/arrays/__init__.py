"""Which array library? The only room that knows."""

from leyden.arrays.labelled import exact_alignment as exact_alignment
from leyden.arrays.labelled import is_labelled as is_labelled
from leyden.arrays.labelled import labelled as labelled
from leyden.arrays.labelled import labelled_column as labelled_column
from leyden.arrays.labelled import plain_dims as plain_dims
from leyden.arrays.labelled import relabelled as relabelled
from leyden.arrays.namespace import Array as Array
from leyden.arrays.namespace import complex_of as complex_of
from leyden.arrays.namespace import conjugate as conjugate
from leyden.arrays.namespace import held as held
from leyden.arrays.namespace import imaginary_part as imaginary_part
from leyden.arrays.namespace import in_double as in_double
from leyden.arrays.namespace import is_concrete as is_concrete
from leyden.arrays.namespace import is_numpy as is_numpy
from leyden.arrays.namespace import keeps_double as keeps_double
from leyden.arrays.namespace import missing_where as missing_where
from leyden.arrays.namespace import namespace_of as namespace_of
from leyden.arrays.namespace import not_negative as not_negative
from leyden.arrays.namespace import owned as owned
from leyden.arrays.namespace import real_part as real_part
from leyden.arrays.namespace import to_numpy as to_numpy
from leyden.arrays.parts import Part as Part
from leyden.arrays.parts import cut as cut
from leyden.arrays.parts import is_whole as is_whole
from leyden.arrays.parts import let_memory_be_reused as let_memory_be_reused
from leyden.arrays.parts import part_by_part as part_by_part
