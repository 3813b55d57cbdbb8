"""Over which parameters: axes, blocks, stores and workers. Knows no physics: what is measured is a function.

The thread: `combine` makes Points of axes; `template_of` tries a Recipe (build a device, measure it) at one of them;
`Blocks` cuts the sweep into rectangular parts; a `crew` computes a Job block by block, here, in a pool or on a Dask
cluster; each block goes into a `Store`, whose ledger says which are done.
"""

from leyden.sweep.axes import SAMPLINGS as SAMPLINGS
from leyden.sweep.axes import Axis as Axis
from leyden.sweep.axes import Points as Points
from leyden.sweep.axes import Range as Range
from leyden.sweep.axes import Sampling as Sampling
from leyden.sweep.axes import combine as combine
from leyden.sweep.blocks import Blocks as Blocks
from leyden.sweep.description import described as described
from leyden.sweep.description import differences as differences
from leyden.sweep.evaluate import Failure as Failure
from leyden.sweep.evaluate import failure_attributes as failure_attributes
from leyden.sweep.job import Job as Job
from leyden.sweep.job import Report as Report
from leyden.sweep.job import tasks_of as tasks_of
from leyden.sweep.recipe import Recipe as Recipe
from leyden.sweep.recipe import Template as Template
from leyden.sweep.recipe import template_of as template_of
from leyden.sweep.run import Crew as Crew
from leyden.sweep.run import Progress as Progress
from leyden.sweep.run import crew as crew
from leyden.sweep.run import paced as paced
from leyden.sweep.status import Status as Status
from leyden.sweep.store import Store as Store
from leyden.sweep.store import require_zarr as require_zarr

__all__ = [
    "SAMPLINGS",
    "Axis",
    "Blocks",
    "Crew",
    "Failure",
    "Job",
    "Points",
    "Progress",
    "Range",
    "Recipe",
    "Report",
    "Sampling",
    "Status",
    "Store",
    "Template",
    "combine",
    "crew",
    "described",
    "differences",
    "failure_attributes",
    "paced",
    "require_zarr",
    "tasks_of",
    "template_of",
]
