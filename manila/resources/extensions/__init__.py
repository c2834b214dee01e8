"""The listing of API extensions, which clients of old ask for."""
