"""Quotas: limits per project, user and share type, and what is used of them."""
