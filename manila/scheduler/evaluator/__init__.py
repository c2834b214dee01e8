"""The small expression language of ``filter_function`` and ``goodness_function``."""
