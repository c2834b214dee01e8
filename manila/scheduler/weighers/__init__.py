"""Weighers say which pool is best for a request; entry points of namespace ``manila.scheduler.weighers``."""
