"""Pools: the places of storage that back ends report, as the scheduler sees them."""
