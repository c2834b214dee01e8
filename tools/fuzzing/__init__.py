"""Tens of thousands of requests to the API, from schemathesis and from ``manila/tests/fuzz``."""
