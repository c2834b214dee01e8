"""Shares and the instances that a share consists of."""
