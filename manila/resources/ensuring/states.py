"""The job that checks all shares of a back end."""
from manila.jobs.kind import Kind

ENSURE = Kind('service.ensure_shares', coalesce=True, exclusive='ensure')
