"""Benchmarks: each figure beside a floor that is measured in the same run on the same machine."""
