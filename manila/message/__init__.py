"""User messages under the names by which drivers know them."""
