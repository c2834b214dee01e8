"""Limits: the quotas of the caller's project and what is in use of them."""
