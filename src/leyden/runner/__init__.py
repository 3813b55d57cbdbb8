"""Over which points, where, kept how? It knows no physics: what is measured is a function.

The thread: `combine` makes Points of axes; `template_of` tries a Recipe (build a device, measure it) at one of them;
`Blocks` cuts the sweep into rectangular parts; an `Executor` computes a Job block by block, here, in a pool or on a
Dask cluster; each block goes into a `Store`, whose ledger says which are done.
"""

from leyden.runner.axes import Axis as Axis
from leyden.runner.axes import Points as Points
from leyden.runner.division import Blocks as Blocks
from leyden.runner.evaluate import Failure as Failure
from leyden.runner.evaluate import failure_attributes as failure_attributes
from leyden.runner.executor import Executor as Executor
from leyden.runner.executor import executor_of as executor_of
from leyden.runner.job import Job as Job
from leyden.runner.job import Report as Report
from leyden.runner.job import tasks_of as tasks_of
from leyden.runner.progress import Progress as Progress
from leyden.runner.progress import with_progress as with_progress
from leyden.runner.ranges import Range as Range
from leyden.runner.recipe import Recipe as Recipe
from leyden.runner.recipe import Template as Template
from leyden.runner.recipe import template_of as template_of
from leyden.runner.sampling import SAMPLINGS as SAMPLINGS
from leyden.runner.sampling import Sampling as Sampling
from leyden.runner.sampling import combine as combine
from leyden.runner.status import Status as Status
from leyden.runner.store import Store as Store
from leyden.runner.store import require_zarr as require_zarr
