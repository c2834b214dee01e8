"""Filters say which pools can take a request; entry points of namespace ``manila.scheduler.filters``."""
