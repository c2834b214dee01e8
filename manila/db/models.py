"""All tables of the project: importing this module completes ``metadata``."""
from manila import resources
from manila.db import base
from manila.jobs import model  # noqa: F401
from manila.share import private_store  # noqa: F401

resources.modules('model')
metadata = base.metadata
