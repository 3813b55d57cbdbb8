"""Over which parameters: axes, blocks, stores and workers. Knows no physics: what is measured is a function.

The thread: `combine` makes Points of axes; `template_of` tries a Recipe (build a device, measure it) at one of them;
`Blocks` cuts the sweep into rectangular parts; a `crew` computes a Job block by block, here, in a pool or on a Dask
cluster; each block goes into a `Store`, whose ledger says which are done.
"""

from leyden.runner.axes import SAMPLINGS as SAMPLINGS
from leyden.runner.axes import Axis as Axis
from leyden.runner.axes import Points as Points
from leyden.runner.axes import Range as Range
from leyden.runner.axes import Sampling as Sampling
from leyden.runner.axes import combine as combine
from leyden.runner.description import described as described
from leyden.runner.description import differences as differences
from leyden.runner.division import Blocks as Blocks
from leyden.runner.evaluate import Failure as Failure
from leyden.runner.evaluate import failure_attributes as failure_attributes
from leyden.runner.executor import Crew as Crew
from leyden.runner.executor import Progress as Progress
from leyden.runner.executor import crew as crew
from leyden.runner.executor import paced as paced
from leyden.runner.job import Job as Job
from leyden.runner.job import Report as Report
from leyden.runner.job import tasks_of as tasks_of
from leyden.runner.recipe import Recipe as Recipe
from leyden.runner.recipe import Template as Template
from leyden.runner.recipe import template_of as template_of
from leyden.runner.status import Status as Status
from leyden.runner.store import Store as Store
from leyden.runner.store import require_zarr as require_zarr

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
