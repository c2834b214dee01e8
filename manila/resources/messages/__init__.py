"""User messages: what went wrong with a resource, told to the one who asked for it."""
