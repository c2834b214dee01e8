"""Share instances as administrators see them: what of a share lies on one back end."""
