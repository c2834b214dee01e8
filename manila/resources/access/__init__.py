"""Access rules: which clients may use a share, and how far each back end has put that into force."""
