"""The drivers that come with the project."""
