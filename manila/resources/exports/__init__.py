"""Export locations: the paths under which clients reach a share."""
