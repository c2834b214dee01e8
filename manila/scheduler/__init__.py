"""Choosing a pool for a share: what the back ends report, what a request wants, and the best match."""
