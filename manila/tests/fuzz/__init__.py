"""Requests that nobody should send, and what must hold for the answer to each of them.

Used by ``tools/fuzz``, which adds what schemathesis thinks of, and by ``manila/tests/api/test_fuzz.py``.
"""
