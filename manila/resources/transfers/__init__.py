"""Share transfers: a project hands a share over to another one that knows a key."""
