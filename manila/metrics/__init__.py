"""Metrics for Prometheus: what each process counts, and how it is read.

The rest of the service knows nothing of this package: it offers lists of observers, to which this one adds its own.
"""
