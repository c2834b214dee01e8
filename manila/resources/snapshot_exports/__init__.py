"""Export locations of snapshots: the paths under which clients reach what was."""
