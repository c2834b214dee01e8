"""Share replicas: the instances of a share that replicates, of which one is active."""
