"""State and rules of simulated clusters, free of any transport."""
