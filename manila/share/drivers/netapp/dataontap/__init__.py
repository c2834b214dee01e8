"""ONTAP: the client that talks to a cluster, and the driver built on it."""
