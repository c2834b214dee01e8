"""Share types: what users may choose from, with the extra specs that select back ends."""
