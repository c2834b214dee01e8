"""Snapshot instances as administrators see them."""
