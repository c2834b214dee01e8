"""All exceptions of the project.

They are grouped by subject in the modules of this package; everybody takes them from here.
"""
# ruff: noqa: F403
from oslo_concurrency.processutils import ProcessExecutionError  # noqa: F401

from manila.exception.backend import *
from manila.exception.base import *
from manila.exception.data import *
from manila.exception.groups import *
from manila.exception.networks import *
from manila.exception.quotas import *
from manila.exception.request import *
from manila.exception.service import *
from manila.exception.shares import *
from manila.exception.snapshots import *
from manila.exception.types import *
