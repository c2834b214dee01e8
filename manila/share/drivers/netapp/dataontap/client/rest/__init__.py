"""The client over REST (ONTAP 9.12.1 and later)."""
