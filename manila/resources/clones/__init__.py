"""Shares made from snapshots."""
