"""Access rules of snapshots that can be mounted: which clients may read them."""
