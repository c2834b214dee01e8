"""Reverting a share to its newest snapshot."""
