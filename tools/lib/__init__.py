"""What the scripts beside this folder share; only the standard library is used here."""
